"""Step 4: problems, fixes, edits, filters, and what Next needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QPushButton, QToolButton

from gb_desktop.checking.model import Problem, Severity
from gb_desktop.mapping.changes import Change
from gb_desktop.runs.model import CheckCounts, CheckSummary, ProblemGroup, Progress, RunError
from gb_desktop.runs.replayed import ReplayLine, ReplayOffer
from gb_desktop.ui.steps.check_step import LEAST_LEFT, CheckPage
from gb_desktop.ui.steps.problem_groups import ProblemGroups
from gb_desktop.ui.steps.replay_card import ReplayCard
from gb_desktop.ui.widgets import ScrollPage
from tests.ui import standin
from tests.ui.stage import Stage, child, stage, words_on

__all__ = ["stage"]


@pytest.fixture
def page(stage: Stage) -> CheckPage:
    stage.mapped()
    return stage.show(CheckPage(stage.session))


def counts(page: CheckPage) -> str:
    return page.tools.counts.text().replace("\u00a0", " ")


def test_that_entering_checks_every_row_and_says_the_counts(page: CheckPage, stage: Stage) -> None:
    assert len(stage.asked("check")) == 1
    assert counts(page) == "380 ready · 20 with errors · 0 left out"
    assert page.sheet.model.rowCount() == 400


def test_that_next_needs_the_rows_with_errors_to_be_left_out_plainly(page: CheckPage) -> None:
    assert page.why_not() == "20 rows have errors: fix them, or say that they are left out."
    box = child(page, QCheckBox, "leave_out_errors")
    assert box.text() == "Leave out the 20 rows with errors"
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert page.why_not() == ""


def test_that_more_errors_take_the_consent_back(page: CheckPage, stage: Stage) -> None:
    child(page, QCheckBox, "leave_out_errors").click()
    stage.draft.errors = 31
    page.sheet.model.setData(page.sheet.model.index(0, 1), "x")
    stage.idle()
    assert stage.session.summary is not None
    assert stage.session.summary.counts.errors == 30
    assert not stage.session.leave_out_errors


def test_that_an_edit_in_a_cell_is_checked_at_once_and_can_be_undone(page: CheckPage, stage: Stage) -> None:
    page.sheet.view.select_row(16, 3)
    QTest.keyClick(page.sheet.view, Qt.Key.Key_F2)
    editor = page.sheet.view.findChild(QLineEdit)
    assert editor is not None
    editor.setText("12.5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    stage.idle()
    assert stage.asked("edit") == [(20, 3, "12.5")]
    assert counts(page) == "381 ready · 19 with errors · 0 left out"
    assert page.tools.undo.toolTip() == "Undo: Take back the edit of D20."
    QTest.mouseClick(page.tools.undo, Qt.MouseButton.LeftButton)
    stage.idle()
    assert len(stage.asked("undo")) == 1


def test_that_a_change_makes_the_review_void(page: CheckPage, stage: Stage) -> None:
    stage.session.review = standin.review()
    with stage.qtbot.waitSignal(page.invalidated):
        page.sheet.leave_out_wanted.emit(([(0, 0)], True))
    assert stage.session.review is None
    stage.idle()


def test_that_a_problem_group_shows_its_rows_and_its_fixes(page: CheckPage, stage: Stage) -> None:
    child(page, QPushButton, "group_0_show").click()
    stage.idle()
    assert stage.asked("show")[-1] == ("problem", "not-a-number", "amount", "")
    assert page.sheet.model.rowCount() == 20
    assert "becomes" in words_on(page.groups)
    assert "Settles 9 of 12 rows, 3 stay" in words_on(page.groups)
    child(page, QPushButton, "group_0_fix_0").click()
    stage.idle()
    assert stage.asked("apply_fix") == [("not-a-number", "amount", "trim")]
    assert page.sheet.model.rowCount() == 400
    assert not child(page, QCheckBox, "leave_out_errors").isVisible()
    assert page.why_not() == ""


def test_that_a_whole_group_can_be_left_out(page: CheckPage, stage: Stage) -> None:
    child(page, QPushButton, "group_0_show").click()
    stage.idle()
    child(page, QPushButton, "group_0_leave_out").click()
    stage.idle()
    assert stage.asked("exclude_group") == [("not-a-number", "amount", True)]


def test_that_filters_show_only_their_rows(page: CheckPage, stage: Stage) -> None:
    child(page, QPushButton, "facet-errors").click()
    stage.idle()
    assert stage.asked("show")[-1] == ("errors", "", "", "")
    assert page.sheet.model.rowCount() == 20


def test_that_search_is_asked_once_typing_stops(page: CheckPage, stage: Stage) -> None:
    QTest.keyClicks(child(page, QLineEdit, "search_rows"), "C-10")
    stage.qtbot.waitUntil(lambda: stage.asked("show")[-1] == ("all", "", "", "C-10"))
    stage.idle()
    assert sum(ask[3] != "" for ask in stage.asked("show")) == 1


def test_that_other_rows_are_shown_from_their_first_and_counted(page: CheckPage, stage: Stage) -> None:
    page.sheet.view.selectColumn(2)
    page.sheet.view.setCurrentIndex(page.sheet.model.index(390, 2))
    bar = page.sheet.view.verticalScrollBar()
    assert bar.value() > 0
    child(page, QPushButton, "facet-errors").click()
    stage.idle()
    assert bar.value() == 0
    QTest.keyClicks(child(page, QLineEdit, "search_rows"), "C-10")
    stage.qtbot.waitUntil(lambda: stage.asked("show")[-1] == ("errors", "", "", "C-10"))
    stage.idle()
    assert page.sheet.strip.words.text() == "20 rows found."
    assert page.sheet.strip.button.text() == "Leave out"


def test_that_f8_goes_to_the_next_problem_and_says_what_is_wrong(page: CheckPage, stage: Stage) -> None:
    page.sheet.view.setFocus()
    QTest.keyClick(page.sheet.view, Qt.Key.Key_F8)
    stage.idle()
    assert page.sheet.current_row() == 20
    assert page.sheet.view.currentIndex().column() == 4
    assert "D20 holds no number" in page.sheet.strip.words.text()
    QTest.keyClick(page.sheet.view, Qt.Key.Key_F8)
    stage.idle()
    assert page.sheet.current_row() == 40


def test_that_chosen_rows_are_left_out_and_taken_in_with_delete(page: CheckPage, stage: Stage) -> None:
    page.sheet.view.select_row(0)
    QTest.keyClick(page.sheet.view, Qt.Key.Key_Delete)
    stage.idle()
    assert stage.asked("exclude") == [((4,), True)]
    assert counts(page) == "379 ready · 20 with errors · 1 left out"
    QTest.keyClick(page.sheet.view, Qt.Key.Key_Delete)
    stage.idle()
    assert stage.asked("exclude")[-1] == ((4,), False)


def test_that_replacing_says_first_what_it_would_change(page: CheckPage, stage: Stage) -> None:
    child(page, QToolButton, "replace").click()
    QTest.keyClicks(child(page, QLineEdit, "find"), "Cairo")
    QTest.keyClicks(child(page, QLineEdit, "replacement"), "Giza")
    child(page, QPushButton, "find_all").click()
    stage.idle()
    assert stage.asked("replace") == [(None, "Cairo", "Giza", True)]
    assert "Giza" in words_on(page.sheet.replacing)
    child(page, QPushButton, "replace_all").click()
    stage.idle()
    assert stage.asked("replace")[-1] == (None, "Cairo", "Giza", False)
    assert page.window().focusWidget() is child(page, QLineEdit, "find"), "not the button that closes it"


def test_that_escape_closes_find_and_replace(page: CheckPage, stage: Stage) -> None:
    child(page, QToolButton, "replace").click()
    QTest.keyClick(child(page, QLineEdit, "find"), Qt.Key.Key_Escape)
    assert page.sheet.replacing.isHidden()
    assert page.window().focusWidget() is page.sheet.view


def test_that_a_failed_change_is_said_and_the_cell_shows_the_sheet_again(page: CheckPage, stage: Stage) -> None:
    stage.draft.failing["edit"] = standin.error("The disk is full.", "disk")
    page.sheet.model.setData(page.sheet.model.index(0, 5), "Giza")
    stage.idle()
    assert "The disk is full." in words_on(page.banner)
    assert page.sheet.model.data(page.sheet.model.index(0, 5)) == "Cairo"


def test_that_a_cancelled_check_can_be_done_again(stage: Stage) -> None:
    stage.mapped()
    stage.draft.failing["check"] = standin.error("Cancelled.", "cancelled")
    page = stage.show(CheckPage(stage.session))
    assert "Checking was cancelled." in words_on(page.banner)
    assert page.why_not() == "The rows are not checked yet."
    child(page, QPushButton, "check_again").click()
    stage.idle()
    assert stage.session.summary is not None


def test_that_a_change_whose_check_was_cancelled_is_told_and_the_problems_of_before_rest(
    page: CheckPage, stage: Stage
) -> None:
    shown = Event()
    page.jobs.made.connect(shown.set)

    def work(report: Callable[[Progress], None]) -> CheckSummary:
        report(Progress("again", 0, 12_000))
        assert shown.wait(10)
        raise standin.error("Cancelled.", "cancelled")

    page.jobs.change(work, page.changes.view, "Changing the cells…")
    stage.idle()
    assert "The change is made. It can be taken back once its rows are checked." in words_on(page.banner)
    assert not child(page, QPushButton, "group_0_show").isEnabled(), "it would offer what is done already"
    assert not page.tools.undo.isEnabled(), "it would name a change from before"
    child(page, QPushButton, "check_again").click()
    stage.idle()
    assert child(page, QPushButton, "group_0_show").isEnabled()
    stage.draft.failing["check"] = standin.error("Cancelled.", "cancelled")
    page.jobs.check(page.changes.view)
    stage.idle()
    assert "The change is made" not in words_on(page.banner)


def test_that_the_card_of_a_million_rows_fits_into_the_narrowest_column_of_problems(stage: Stage) -> None:
    group = ProblemGroup("not-a-number", "amount", Severity.ERROR, 1_000_000, "Amount is no number.", (2, 3))
    groups = ProblemGroups()
    groups.show_summary(CheckSummary(CheckCounts(1_000_000, 0), (group,), (), ()))
    groups.show_fixes(("not-a-number", "amount"), ())
    column = ScrollPage(groups, "groups")
    stage.qtbot.addWidget(column)
    column.resize(LEAST_LEFT, 400)
    column.show()
    assert groups.width() == column.viewport().width()


def test_that_a_setting_that_must_be_chosen_blocks_next(page: CheckPage, stage: Stage) -> None:
    sentence = "Choose the decimal sign of Amount in Columns."
    problem = Problem(0, "amount", 3, "decimal-undecided", Severity.ERROR, sentence)
    stage.session.summary = CheckSummary(CheckCounts(4, 4), (), (), (problem,))
    page.enter()
    stage.idle()
    assert page.why_not() == sentence
    assert sentence in words_on(page.banner)


def test_that_the_sheet_goes_to_excel_and_comes_back_corrected(page: CheckPage, stage: Stage, tmp_path: Path) -> None:
    child(page, QPushButton, "export_annotated").click()
    save = child(page, QDialog, "file_dialog")
    save.fileSelected.emit(str(tmp_path / "p.xlsx"))  # type: ignore[attr-defined]
    save.reject()
    stage.idle()
    assert stage.asked("write_annotated") == [(tmp_path / "p.xlsx",)]
    assert "Load corrected" in words_on(page.banner)
    page.files.load_from(str(tmp_path / "p.xlsx"))
    stage.idle()
    stage.idle()
    assert stage.asked("reload") == [(tmp_path / "p.xlsx",)]
    assert len(stage.asked("check")) == 2
    assert "The corrected sheet was loaded." in words_on(page.banner)
    assert "3 cells are different now" in words_on(page.banner)


def click_header(page: CheckPage, section: int) -> None:
    page.resize(1400, 700)
    header = page.sheet.view.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(section) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_that_a_click_on_a_header_says_what_the_column_holds(page: CheckPage, stage: Stage) -> None:
    click_header(page, 5)
    panel = page.columns.panel
    assert "Counting" in panel.summary.text()
    stage.idle()
    assert stage.asked("column_facts") == [(4,)]
    assert panel.title.text() == "Branch"
    assert panel.summary.text() == "2 different values in 400 cells · 5 empty"
    said = panel.range.text().replace("\u2068", "").replace("\u2069", "")
    assert said == "Smallest 1.5 · largest 98000, apart from texts"
    lines = [panel.values.topLevelItem(at) for at in range(panel.values.topLevelItemCount())]
    assert [(line.text(0), line.text(1)) for line in lines] == [("Cairo", "390"), ("“ Giza”", "10")]
    assert panel.lengths.isVisible()
    panel.close()


def test_that_a_value_keeps_its_order_where_the_window_reads_from_right_to_left(page: CheckPage, stage: Stage) -> None:
    panel = page.columns.panel
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    click_header(page, 5)
    stage.idle()
    first = panel.values.topLevelItem(0)
    assert first is not None
    assert first.text(0) == "\u2068Cairo\u2069"
    panel.close()


def test_that_a_value_of_a_column_shows_its_rows_and_all_come_back(page: CheckPage, stage: Stage) -> None:
    page.sheet.view.select_row(0, 4)
    QTest.keyClick(page.sheet.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    stage.idle()
    QTest.keyClick(page.columns.panel.values, Qt.Key.Key_Return)
    stage.idle()
    assert stage.asked("show")[-1] == ("value", "4", '"Cairo"', "")
    assert page.sheet.chosen.isVisible()
    assert "Branch" in page.sheet.chosen_words.text()
    child(page, QPushButton, "show_all_rows").click()
    stage.idle()
    assert stage.asked("show")[-1] == ("all", "", "", "")
    assert not page.sheet.chosen.isVisible()


def test_that_a_value_of_a_column_can_be_replaced(page: CheckPage, stage: Stage) -> None:
    click_header(page, 5)
    stage.idle()
    panel = page.columns.panel
    panel.values.setCurrentItem(panel.values.topLevelItem(1))
    child(panel, QPushButton, "column_replace").click()
    bar = page.sheet.replacing
    assert (bar.column.currentData(), bar.needle.text()) == (4, " Giza")
    assert bar.isVisible()


def test_that_changes_of_last_time_are_tried_again_after_something_else_came_between(stage: Stage) -> None:
    stage.mapped()
    mapping = stage.session.mapping
    assert mapping is not None
    stage.session.mapping = replace(mapping, name="Monthly", changes=(Change.replaced("Amount", "x", "", 3, "amount"),))
    stage.draft.replays = ReplayOffer("Monthly", (ReplayLine("Take “x” out of Amount", 7, 3),))
    stage.draft.failing["replay_offer"] = RunError("Something else was asked for meanwhile.", "gave-way")
    page = stage.show(CheckPage(stage.session))
    card = child(page, ReplayCard, "replay_card")
    assert card.isVisible()
    assert not card.make.isVisible()
    assert stage.asked("replay_offer") == [()]
    page.sheet.leave_out_wanted.emit(([(0, 0)], True))
    stage.idle()
    stage.qtbot.waitUntil(card.make.isVisible)
    assert stage.asked("replay_offer") == [(), ()]
    assert "7 cells" in words_on(card)


def test_that_changes_made_again_are_counted_as_changes_and_read_when_all_are_kept(stage: Stage) -> None:
    page = stage.show(CheckPage(stage.session))
    made: list[str] = []
    page.jobs.made.connect(lambda: made.append("made"))
    for progress, words in (
        (Progress("changing", 0, 2), "Making change 1 of 2…"),
        (Progress("again", 2_000, 12_000), "Checking the changed rows: 2,000 of 12,000"),
        (Progress("changing", 1, 2), "Making change 2 of 2…"),
        (Progress("checking", 5_000, 20_000), "Checking rows: 5,000 of 20,000"),
    ):
        page.jobs._progress_of_change(progress)
        assert page.busy.sentence.text() == words
    assert made == []
