"""The sheet on screen: pages, words, edits, and Qt's own rules for models."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester, QTest

from gb_desktop.checking.model import RowState, Severity
from gb_desktop.runs.model import GridRow, Outcome
from gb_desktop.ui.grid.model import NATIVE_ROLE, ROW_ROLE, SheetModel, Tints, state_words
from gb_desktop.ui.grid.pages import KEPT, PAGE, Pages
from gb_desktop.ui.grid.shown import shown
from gb_desktop.ui.grid.view import SheetView
from gb_desktop.workbook.model import Column, Mark, Marked, RowFlag

COLUMNS = (Column(0, "A", "Customer", "Customer"), Column(1, "B", "Amount", "Amount"))
RED, AMBER, BLUE, GREY = QColor("#f00"), QColor("#fa0"), QColor("#00f"), QColor("#888")


def line(number: int, **other: object) -> GridRow:
    facts: dict[str, object] = {"flag": RowFlag.DATA, "state": RowState.READY, **other}
    return GridRow(number, (f"C-{number}", float(number)), **facts)  # type: ignore[arg-type]


class Sheet:
    """A million rows that are made when asked for, counting the asking."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def fetch(self, first: int, count: int) -> list[GridRow]:
        self.asked.append((first, count))
        return [line(position + 2) for position in range(first, first + count)]


@pytest.fixture
def model(qtbot) -> SheetModel:
    made = SheetModel()
    made.set_tints(Tints(RED, AMBER, BLUE, GREY))
    return made


def cell(model: SheetModel, row: int, column: int, role: int = Qt.ItemDataRole.DisplayRole) -> object:
    return model.data(model.index(row, column), role)


def test_that_a_million_rows_are_read_a_page_at_a_time(model: SheetModel) -> None:
    sheet = Sheet()
    model.show(COLUMNS, sheet.fetch, 1_000_000)
    assert cell(model, 999_999, 1) == "C-1000001"
    assert sheet.asked == [(999_800, 200)]
    assert cell(model, 999_990, 2) == "999992"
    assert len(sheet.asked) == 1


def test_that_old_pages_are_forgotten() -> None:
    sheet = Sheet()
    pages = Pages(sheet.fetch, 1_000_000)
    for number in range(KEPT + 1):
        pages.line(number * PAGE)
    pages.line(0)
    assert len(sheet.asked) == KEPT + 2


def test_that_the_model_keeps_qts_rules(model: SheetModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(COLUMNS, Sheet().fetch, 450)
    model.refresh()
    model.refresh(3, 5)
    model.show(COLUMNS, Sheet().fetch, 0)
    model.refresh()
    assert tester.model() is model


def test_that_a_cell_gives_its_native_value_and_its_row(model: SheetModel) -> None:
    model.show(COLUMNS, Sheet().fetch, 10)
    assert cell(model, 0, 2, NATIVE_ROLE) == 2.0
    row = cell(model, 0, 2, ROW_ROLE)
    assert isinstance(row, GridRow)
    assert row.row == 2


def test_that_the_row_header_shows_excels_row_numbers(model: SheetModel) -> None:
    model.show(COLUMNS, Sheet().fetch, 10)
    assert model.headerData(3, Qt.Orientation.Vertical) == "5"


def test_that_a_problem_cell_says_what_is_wrong_and_is_not_only_coloured(model: SheetModel) -> None:
    bad = line(2, state=RowState.ERROR, marks={1: Severity.ERROR}, messages=("B2 is no number.",))
    model.show(COLUMNS, lambda _first, _count: [bad], 1)
    assert cell(model, 0, 0) == "Error"
    assert cell(model, 0, 2, Qt.ItemDataRole.ToolTipRole) == "B2 is no number."
    assert cell(model, 0, 2, Qt.ItemDataRole.BackgroundRole).color() == RED  # type: ignore[attr-defined]
    assert cell(model, 0, 1, Qt.ItemDataRole.BackgroundRole) is None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Ready"),
        ({"messages": ("Look.",)}, "Warning"),
        ({"state": RowState.ERROR}, "Error"),
        ({"state": RowState.EXCLUDED, "flag": RowFlag.HIDDEN}, "Left out (hidden)"),
        ({"state": RowState.EXCLUDED}, "Left out"),
        ({"outcome": Outcome.UNKNOWN}, "Unknown"),
    ],
)
def test_that_a_rows_state_is_said_in_words(facts: dict[str, object], words: str) -> None:
    assert state_words(line(2, **facts)) == words


def test_that_an_edit_is_announced_and_shown_until_it_was_checked(model: SheetModel, qtbot) -> None:
    model.set_editable(True)
    model.show(COLUMNS, Sheet().fetch, 10)
    with qtbot.waitSignal(model.edited) as announced:
        assert model.setData(model.index(0, 2), "12.50")
    assert announced.args == [(2, 1, "12.50")]
    assert cell(model, 0, 2) == "12.50"
    model.refresh()
    assert cell(model, 0, 2) == "2"


def test_that_typing_the_same_text_again_is_no_edit(model: SheetModel, qtbot) -> None:
    model.set_editable(True)
    model.show(COLUMNS, Sheet().fetch, 10)
    with qtbot.assertNotEmitted(model.edited):
        assert not model.setData(model.index(0, 2), "2")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (0.1 + 0.2, "0.3"),
        (12345678901.0, "12345678901"),
        (1e21, "1000000000000000000000"),
        (True, "TRUE"),
        (dt.datetime.fromisoformat("2026-03-01T09:30"), "2026-03-01 09:30"),
        (dt.date(2026, 3, 1), "2026-03-01"),
        (Marked(Mark.ERROR, None, "#N/A"), "#N/A"),
        (Marked(Mark.FORMATTED, 42.0, "00000"), "00042"),
        (Marked(Mark.FORMATTED, 20100.0, '"C-"00000'), "C-20100"),  # as an ID it goes out so
        (Marked(Mark.FORMATTED, 1e16, "000"), "10000000000000000"),
        (Marked(Mark.FORMATTED, 0.125, "0.0%"), "12.5%"),
        (Marked(Mark.MERGED, "x", "A1"), "x"),
        ("two\nlines", "two lines"),
    ],
)
def test_that_a_value_reads_as_it_is_held(value: object, text: str) -> None:
    assert shown(value) == text  # type: ignore[arg-type]


def test_that_a_date_keeps_its_order_where_the_window_reads_from_right_to_left(model: SheetModel, qapp) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        model.show(COLUMNS, Sheet().fetch, 1)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert (cell(model, 0, 1), cell(model, 0, 2)) == ("\u2068C-2\u2069", "\u20662\u2069")
    assert cell(model, 0, 1, Qt.ItemDataRole.EditRole) == "C-2"


def test_that_f8_asks_for_the_next_problem_and_shift_f8_for_the_one_before(model: SheetModel, qtbot) -> None:
    view = SheetView(model)
    qtbot.addWidget(view)
    model.show(COLUMNS, Sheet().fetch, 10)
    with qtbot.waitSignal(view.next_problem_wanted) as forward:
        QTest.keyClick(view, Qt.Key.Key_F8)
    with qtbot.waitSignal(view.next_problem_wanted) as backward:
        QTest.keyClick(view, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert (forward.args, backward.args) == ([False], [True])


def test_that_a_selection_is_told_in_spans(model: SheetModel, qtbot) -> None:
    view = SheetView(model)
    qtbot.addWidget(view)
    model.show(COLUMNS, Sheet().fetch, 1000)
    view.select_rows([5, 3, 900])
    assert view.chosen_spans() == [(3, 3), (5, 5), (900, 900)]


def test_that_selecting_a_million_rows_asks_for_few_of_them(model: SheetModel, qtbot) -> None:
    view, sheet = SheetView(model), Sheet()
    qtbot.addWidget(view)
    model.show(COLUMNS, sheet.fetch, 1_000_000)
    view.show()
    view.selectAll()
    view.grab()
    assert view.chosen_spans() == [(0, 999_999)]
    assert len(sheet.asked) <= 4


def test_that_widths_of_a_million_rows_are_chosen_from_a_few_pages(model: SheetModel, qtbot) -> None:
    view, sheet = SheetView(model), Sheet()
    qtbot.addWidget(view)
    model.show(COLUMNS, sheet.fetch, 1_000_000)
    view.fit_columns()
    assert len(sheet.asked) <= 3
