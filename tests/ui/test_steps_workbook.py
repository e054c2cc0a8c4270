"""Step 2: opening, looking, loading, and the questions that only a person can answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QRadioButton, QSpinBox

from gb_desktop.runs.events import Counts
from gb_desktop.runs.model import RunFacts, RunState
from gb_desktop.ui.steps.workbook_step import WorkbookPage
from gb_desktop.workbook.model import ReadOptions, Skipped
from tests.ui import standin
from tests.ui.stage import Stage, child, stage, words_on

__all__ = ["stage"]


@pytest.fixture
def page(stage: Stage) -> WorkbookPage:
    stage.session.use_draft(stage.draft)  # type: ignore[arg-type]
    stage.session.batch_type = "cashback"
    return stage.show(WorkbookPage(stage.session))


def opened(page: WorkbookPage, stage: Stage) -> WorkbookPage:
    page.open_file("/data/march.xlsx")
    stage.idle()
    return page


def last_look(stage: Stage) -> ReadOptions:
    options = stage.asked("look")[-1][1]
    assert isinstance(options, ReadOptions)
    return options


def test_that_a_file_is_looked_at_and_loaded_at_once(page: WorkbookPage, stage: Stage) -> None:
    assert page.why_not() == "Choose a workbook first."
    opened(page, stage)
    assert page.preview.rowCount() == 102
    assert "400 rows in 5 columns are loaded." in words_on(page)
    assert page.why_not() == ""


def test_that_a_dropped_file_is_opened(page: WorkbookPage, stage: Stage) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/data/march.xlsx")])
    nothing = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    page.drop.dropEvent(QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, *nothing))
    stage.idle()
    assert stage.asked("look")[0][0] == Path("/data/march.xlsx")


def test_that_the_file_of_the_command_line_is_opened_on_entering(stage: Stage) -> None:
    stage.session.use_draft(stage.draft)  # type: ignore[arg-type]
    stage.session.proposed_file = Path("/data/given.xlsx")
    stage.show(WorkbookPage(stage.session))
    assert stage.asked("look")[0][0] == Path("/data/given.xlsx")
    assert stage.session.proposed_file is None


def test_that_pasted_cells_become_a_sheet(page: WorkbookPage, stage: Stage) -> None:
    QGuiApplication.clipboard().setText("Customer\tAmount\nC-1\t5")
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    child(page, QPushButton, "paste").click()
    stage.idle()
    assert stage.asked("paste")[-1] == ("Customer\tAmount\nC-1\t5",)
    assert page.reading.file.text() == "Pasted cells"
    where = page.table.visualRect(page.preview.index(0, 0)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    stage.idle()
    assert stage.asked("look")[-1][0] == Path("Pasted cells")
    assert last_look(stage).header_row == 1


def test_that_an_empty_clipboard_is_said(page: WorkbookPage, stage: Stage) -> None:
    QGuiApplication.clipboard().setText(" ")
    child(page, QPushButton, "paste").click()
    stage.idle()
    assert "The clipboard holds no cells." in words_on(page)
    assert stage.asked("paste") == []


def test_that_a_click_on_a_row_makes_it_the_header(page: WorkbookPage, stage: Stage) -> None:
    opened(page, stage)
    where = page.table.visualRect(page.preview.index(0, 0)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    stage.idle()
    assert last_look(stage).header_row == 1


def test_that_the_header_row_can_be_typed(page: WorkbookPage, stage: Stage) -> None:
    opened(page, stage)
    box = child(page, QSpinBox, "header_row")
    box.setValue(12)
    stage.qtbot.waitUntil(lambda: len(stage.asked("look")) == 2)
    stage.idle()
    assert last_look(stage).header_row == 12


def test_that_hidden_sheets_are_listed_as_hidden_and_can_be_chosen(page: WorkbookPage, stage: Stage) -> None:
    opened(page, stage)
    box = child(page, QComboBox, "sheet")
    assert box.itemText(1) == "\u2068Old\u2069 (hidden) · about 12 rows"
    box.setCurrentIndex(1)
    box.activated.emit(1)
    stage.idle()
    assert last_look(stage).sheet == "Old"


def test_that_hidden_rows_have_to_be_answered(page: WorkbookPage, stage: Stage) -> None:
    stage.draft.skipped = Skipped(hidden_rows=120)
    opened(page, stage)
    assert page.why_not() == "Say whether hidden rows are sent too."
    assert "280 visible rows, 120 hidden rows." in words_on(page)
    child(page, QRadioButton, "hidden_visible").click()
    assert page.why_not() == ""
    stage.idle()
    assert stage.session.options.rows == "visible"
    assert stage.asked("choose_rows") == [("visible",)]


def test_that_what_was_left_out_is_told(page: WorkbookPage, stage: Stage) -> None:
    stage.draft.skipped = Skipped(blank_rows=3, total_rows=1, notes=("Column F is hidden.",))
    opened(page, stage)
    for sentence in ("Blank rows left out: 3.", "Rows of totals left out: 1.", "Column F is hidden."):
        assert sentence in words_on(page)


def test_that_a_password_is_asked_in_place_and_used(page: WorkbookPage, stage: Stage) -> None:
    stage.draft.failing["look"] = standin.error("march.xlsx is protected by a password.", "password")
    opened(page, stage)
    edit = child(page, QLineEdit, "password")
    assert edit.isVisible()
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(edit, "secret")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    stage.idle()
    assert last_look(stage).password == "secret"
    assert not edit.isVisible()
    assert page.why_not() == ""


def test_that_no_other_files_rows_stand_below_the_question_for_a_password(page: WorkbookPage, stage: Stage) -> None:
    opened(page, stage)
    assert page.table.isVisible()
    stage.draft.failing["look"] = standin.error("april.xlsx is protected by a password.", "protected")
    page.open_file("/data/april.xlsx")
    stage.idle()
    assert child(page, QLineEdit, "password").isVisible()
    assert not page.table.isVisible()
    assert page.focusWidget() is child(page, QLineEdit, "password")
    assert [child(page, QPushButton, name).property("kind") for name in ("browse", "password_open")] == [
        "secondary",
        "primary",
    ]


def test_that_a_damaged_file_is_said_in_place_and_another_can_be_chosen(page: WorkbookPage, stage: Stage) -> None:
    stage.draft.failing["look"] = standin.error("march.xlsx is damaged: save it again in Excel.")
    opened(page, stage)
    assert "march.xlsx is damaged: save it again in Excel." in words_on(page.banner)
    assert "nothing was sent" in words_on(page.banner)
    assert page.drop.isVisible()
    opened(page, stage)
    assert not page.banner.isVisible()


def test_that_an_unreadable_text_file_offers_another_encoding(page: WorkbookPage, stage: Stage) -> None:
    stage.draft.failing["look"] = standin.error("march.csv is not utf-8 text.", "encoding")
    opened(page, stage)
    box = child(page, QComboBox, "encoding")
    assert box.isVisible()
    box.setCurrentIndex(box.findData("cp1256"))
    box.activated.emit(box.currentIndex())
    stage.idle()
    assert last_look(stage).encoding == "cp1256"


def test_that_loading_can_be_cancelled_and_begun_again(page: WorkbookPage, stage: Stage) -> None:
    stage.draft.failing["load"] = standin.error("Cancelled.", "cancelled")
    opened(page, stage)
    assert "Reading was cancelled." in words_on(page.banner)
    assert page.why_not() == "Choose a workbook first."
    child(page, QPushButton, "load_again").click()
    stage.idle()
    assert page.why_not() == ""


def results_of(
    stage: Stage, run: str, *, here: bool, state: RunState = RunState.FINISHED, failed: int = 3, kind: str = "cashback"
) -> None:
    counts = Counts(rows=400, succeeded=400 - failed, failed=failed)
    stage.draft.looks = [standin.look(run=run)]
    named = run if here else "other"
    stage.desk.facts_of_runs = [RunFacts(named, state, kind, "2026-03-02T10:00:00Z", counts=counts)]


def test_that_a_results_workbook_is_recognised_and_its_run_can_be_continued(page: WorkbookPage, stage: Stage) -> None:
    results_of(stage, "r7", here=True)
    opened(page, stage)
    assert "This is a results workbook" in words_on(page.banner)
    assert page.why_not() == "Say what is to become of this results workbook: most of its rows were sent already."
    with stage.qtbot.waitSignal(stage.session.open_run) as asked:
        child(page, QPushButton, "open_results_run").click()
    assert asked.args == ["r7"]


TAKE, LOOK, WHOLE = "take_failed_rows", "open_results_run", "use_all_results"


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ({"here": True}, [TAKE, LOOK, WHOLE]),
        ({"here": True, "state": RunState.NEEDS_ATTENTION}, [TAKE, LOOK, WHOLE]),
        ({"here": True, "failed": 0}, [LOOK, WHOLE]),
        ({"here": True, "state": RunState.PAUSED}, [LOOK, WHOLE]),
        ({"here": True, "state": RunState.SENDING}, [LOOK, WHOLE]),
        ({"here": True, "state": RunState.NEEDS_ATTENTION, "failed": 0, "kind": ""}, [LOOK, WHOLE]),
        ({"here": False}, [TAKE, WHOLE]),
    ],
)
def test_that_what_fits_the_run_leads_and_all_rows_come_last(
    page: WorkbookPage, stage: Stage, run: dict[str, Any], names: list[str]
) -> None:
    results_of(stage, "r7", **run)
    page.setFixedWidth(700)  # as the smallest window has it
    opened(page, stage)
    buttons = [button for button in page.banner.findChildren(QPushButton) if button.objectName() in (TAKE, LOOK, WHOLE)]
    buttons.sort(key=lambda button: button.x())
    assert [button.objectName() for button in buttons] == names
    assert [button.property("kind") for button in buttons] == ["primary", *["secondary"] * (len(names) - 1)]
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
    assert buttons[-1].geometry().right() <= buttons[-1].parentWidget().width()
    going_on = run.get("state") in (RunState.PAUSED, RunState.SENDING)
    assert ("Continue that run" in [button.text() for button in buttons]) is going_on
    assert page.why_not(), "Next leads nowhere before that"


@pytest.mark.parametrize("here", [True, False])
def test_that_the_failed_rows_of_a_results_workbook_can_be_taken(page: WorkbookPage, stage: Stage, here: bool) -> None:
    results_of(stage, "r7", here=here)
    opened(page, stage)
    assert (page.findChild(QPushButton, "open_results_run") is not None) == here
    child(page, QPushButton, "take_failed_rows").click()
    stage.idle()
    assert len(stage.asked("load_failed")) == 1
    assert not page.banner.isVisible()
    assert "12 rows in 5 columns are loaded." in words_on(page)
    assert "Rows that did not fail are not taken from the results workbook: 388." in words_on(page)
    assert page.why_not() == ""


def test_that_a_results_workbook_is_only_sent_whole_when_that_is_said(page: WorkbookPage, stage: Stage) -> None:
    results_of(stage, "r7", here=True)
    opened(page, stage)
    assert page.why_not()
    child(page, QPushButton, "use_all_results").click()
    assert page.why_not() == ""
    assert not page.banner.isVisible()
    results_of(stage, "r7", here=True)
    opened(page, stage)
    assert page.why_not(), "another look asks anew"


def test_that_failed_rows_which_could_not_be_taken_leave_the_question_open(page: WorkbookPage, stage: Stage) -> None:
    results_of(stage, "r7", here=True)
    opened(page, stage)
    stage.draft.failing["load_failed"] = standin.error("Cancelled.", "cancelled")
    child(page, QPushButton, "take_failed_rows").click()
    stage.idle()
    child(page, QPushButton, "load_again").click()
    stage.idle()
    assert page.why_not()
    assert page.findChild(QPushButton, "use_all_results").isVisible()


def test_that_something_moves_at_once_when_a_file_is_opened(page: WorkbookPage, stage: Stage) -> None:
    page.open_file("/data/march.xls")
    assert page.busy.isVisible()
    assert "march.xls" in page.busy.sentence.text()
    stage.idle()
    assert not page.busy.isVisible()


def test_that_recent_files_are_offered_while_they_are_there(stage: Stage, tmp_path: Path) -> None:
    there = tmp_path / "there.xlsx"
    there.touch()
    created = "2026-03-02T10:00:00Z"
    stage.desk.facts_of_runs = [
        RunFacts("a", RunState.FINISHED, "cashback", created, str(there)),
        RunFacts("b", RunState.FINISHED, "cashback", created, str(tmp_path / "gone.xlsx")),
    ]
    stage.session.use_draft(stage.draft)  # type: ignore[arg-type]
    page = stage.show(WorkbookPage(stage.session))
    child(page, QPushButton, "recent_0").click()
    assert page.findChild(QPushButton, "recent_1") is None
    stage.idle()
    assert stage.asked("look")[0][0] == there


def test_that_the_figures_of_a_sheet_with_hidden_rows_and_totals_add_up(page: WorkbookPage, stage: Stage) -> None:
    stage.draft.skipped = Skipped(hidden_rows=14, total_rows=1)
    opened(page, stage)
    words = words_on(page)
    assert "399 rows in 5 columns are loaded: 385 visible and 14 hidden." in words
    assert "385 visible rows, 14 hidden rows." in words
    assert "Rows of totals left out: 1." in words


def test_that_the_preview_has_the_focus_when_a_sheet_opens(page: WorkbookPage, stage: Stage) -> None:
    opened(page, stage)
    assert page.focusWidget() is page.table
    page.table.activated.emit(page.table.currentIndex())
    stage.idle()
    assert len(stage.asked("look")) == 1
