"""Numbers line up: to the right in either direction, their digits of one width."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QStyle
from pytestqt.qtbot import QtBot

from gb_desktop.runs.events import Counts
from gb_desktop.runs.model import BigRow, RunFacts, RunState
from gb_desktop.text import amount_words
from gb_desktop.ui.review_figures import ReviewFigures
from gb_desktop.ui.runs_model import ROWS, RunsModel
from gb_desktop.ui.theme import Theme
from gb_desktop.ui.widgets import Text, isolated
from tests.ui import standin

AMOUNTS = ("9999.25", "7.00")


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft], ids=["ltr", "rtl"])
def direction(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Qt.LayoutDirection]:
    qapp.setLayoutDirection(request.param)
    yield request.param
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def ends_right(direction: Qt.LayoutDirection, alignment: Qt.AlignmentFlag) -> bool:
    return bool(QStyle.visualAlignment(direction, Qt.AlignmentFlag(alignment)) & Qt.AlignmentFlag.AlignRight)


def test_that_the_largest_rows_of_a_run_end_at_one_edge(direction: Qt.LayoutDirection, qtbot: QtBot) -> None:
    figures = ReviewFigures()
    qtbot.addWidget(figures)
    rows = tuple(BigRow(at, f"C-{at}", amount) for at, amount in enumerate(AMOUNTS))
    figures.show_review(standin.review(biggest=rows, unusual=(), largest="", smallest="", median="", total=""))
    figures.resize(800, 500)
    with qtbot.waitExposed(figures):
        figures.show()
    words = [isolated(amount_words(amount)) for amount in AMOUNTS]
    shown = [label for label in figures.findChildren(QLabel) if label.text() in words]
    assert len(shown) == len(AMOUNTS)
    assert all(ends_right(direction, label.alignment()) for label in shown)
    assert len({label.mapTo(figures, QPoint(label.width(), 0)).x() for label in shown}) == 1


def test_that_counts_in_a_table_end_right(direction: Qt.LayoutDirection, qapp: QApplication) -> None:
    model = RunsModel(qapp.palette)
    model.show_runs([RunFacts("r1", RunState.FINISHED, "cashback", "2026-03-02T10:00:00Z", counts=Counts(rows=9812))])
    role = Qt.ItemDataRole.TextAlignmentRole
    assert ends_right(direction, model.index(0, ROWS).data(role))
    assert ends_right(direction, model.headerData(ROWS, Qt.Orientation.Horizontal, role))


def test_that_digits_have_one_width_under_the_style_sheet_too(qapp: QApplication, qtbot: QtBot) -> None:
    theme = Theme(qapp, "light")
    label = Text("1,111.00", "figure")
    qtbot.addWidget(label)
    label.ensurePolished()
    tag = QFont.Tag("tnum")
    assert label.font().isFeatureSet(tag)
    assert label.font().featureValue(tag) == 1
    theme.deleteLater()
