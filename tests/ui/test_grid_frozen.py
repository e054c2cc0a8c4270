"""The state's column stays in sight, however far the sheet is scrolled to the side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gb_desktop.checking.model import RowState
from gb_desktop.runs.model import GridRow
from gb_desktop.ui.grid.model import STATE, SheetModel
from gb_desktop.ui.grid.view import SheetView
from gb_desktop.ui.theme import Theme
from gb_desktop.workbook.model import Column, RowFlag

WIDE = tuple(Column(at, chr(65 + at), f"Column {at}", f"Column {at}") for at in range(12))
ROWS = 300


def fetch(first: int, count: int) -> list[GridRow]:
    values = tuple("some text" for _ in WIDE)
    return [GridRow(at + 2, values, RowFlag.DATA, RowState.READY) for at in range(first, first + count)]


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft], ids=["ltr", "rtl"])
def view(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication) -> Iterator[SheetView]:
    qapp.setLayoutDirection(request.param)
    theme = Theme(qapp, "light")  # a style sheet's border would move the column by a pixel
    model = SheetModel()
    made = SheetView(model)
    qtbot.addWidget(made)
    made.resize(500, 300)
    model.show(WIDE, fetch, ROWS)
    made.fit_columns()
    with qtbot.waitExposed(made):
        made.show()
    yield made
    theme.deleteLater()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def state_at(view: SheetView, row: int) -> QPoint:
    """The middle of a row's state where it stands while nothing is scrolled to the side, seen from the view."""
    cell = view.visualRect(view.model().index(row, STATE))
    edge = view.viewport().rect()
    across = edge.right() - cell.width() // 2 if view.isRightToLeft() else cell.width() // 2
    return view.viewport().mapTo(view, QPoint(across, cell.center().y()))


def test_that_the_state_stays_in_sight_when_the_sheet_is_scrolled_aside(view: SheetView) -> None:
    row = 3
    before = view.grab().toImage()
    area = view.visualRect(view.model().index(row, STATE))
    spot = view.viewport().mapTo(view, area.topLeft())
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    after = view.grab().toImage()
    size = area.size()
    assert before.copy(spot.x(), spot.y(), size.width(), size.height()) == after.copy(
        spot.x(), spot.y(), size.width(), size.height()
    )


def test_that_the_state_follows_the_rows_and_a_click_on_it_chooses_its_row(view: SheetView) -> None:
    view.horizontalScrollBar().setValue(400)
    view.verticalScrollBar().setValue(view.rowHeight(0) * 40)
    spot = state_at(view, 43)
    clicked = view.childAt(spot)
    QTest.mouseClick(clicked, Qt.MouseButton.LeftButton, pos=clicked.mapFrom(view, spot))
    assert (view.currentIndex().row(), view.currentIndex().column()) == (43, STATE)
    assert view.chosen_spans() == [(43, 43)]


def test_that_the_cursor_never_hides_below_the_state(view: SheetView) -> None:
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    view.setCurrentIndex(view.model().index(0, len(WIDE)))
    width = view.columnWidth(STATE)
    for _ in range(len(WIDE) - 1):
        QTest.keyClick(view, Qt.Key.Key_Right if view.isRightToLeft() else Qt.Key.Key_Left)
        cell = view.visualRect(view.currentIndex())
        edge = view.viewport().width() - cell.right() - 1 if view.isRightToLeft() else cell.left()
        assert edge >= width, view.currentIndex().column()
    assert view.currentIndex().column() == 1


def test_that_the_column_that_stands_still_never_takes_the_keyboard(view: SheetView) -> None:
    view.activateWindow()
    view.setFocus()
    spot = state_at(view, 2)
    clicked = view.childAt(spot)
    QTest.mouseClick(clicked, Qt.MouseButton.LeftButton, pos=clicked.mapFrom(view, spot))
    assert view.hasFocus()
