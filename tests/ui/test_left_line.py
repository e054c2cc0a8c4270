"""A run taken out of the line before its turn goes back to the steps before sending, and is sent once in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from gb_desktop.runs.locks import FileLock
from gb_desktop.runs.model import RunState
from gb_desktop.ui.flow import Step
from gb_desktop.ui.steps.send_step import SendPage
from tests import sheets
from tests.ui.whole_window import Whole

pytestmark = pytest.mark.window
ROWS = 40
_FIRST = count(1000, 100)


@contextmanager
def another_sender(whole: Whole) -> Iterator[None]:
    """Somebody else sends a run of the chosen account."""
    assert whole.session.facts is not None
    with FileLock(whole.desk.shelf.account_lock(whole.session.facts.fingerprint)):
        yield


def in_line(whole: Whole, file: Path) -> SendPage:
    whole.choose_type("cashback")
    whole.open_file(sheets.clean(file, ROWS, first=next(_FIRST)))
    whole.next_to(Step.SEND)
    page = whole.main.wizard.page
    assert isinstance(page, SendPage)
    whole.until(lambda: page.controls.state.text() == "Waiting in line.", "the line")
    return page


def stopped(whole: Whole, page: SendPage) -> None:
    page.controls.stop_wanted.emit(False)
    whole.sent()
    whole.until(lambda: page.results.isVisible(), "the run at rest")


def button(page: SendPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


def test_that_a_run_that_left_the_line_can_be_changed_and_is_sent_once(whole: Whole, tmp_path: Path) -> None:
    with another_sender(whole):
        page = in_line(whole, tmp_path / "March.xlsx")
        stopped(whole, page)
    assert page.head.headline.text() == "Everything is planned; nothing was sent yet."
    (run,) = whole.desk.runs()
    assert run.state is RunState.READY
    button(page, "change_ready").click()
    whole.until(lambda: whole.main.wizard.flow.current is Step.REVIEW, "the review")
    whole.idle()
    assert whole.session.run == run.run
    draft = whole.session.draft
    assert draft is not None
    draft.exclude([2, 3], True)
    assert whole.desk.runs()[0].state is RunState.DRAFT
    whole.main.wizard.rail.chosen.emit(Step.CHECK)
    whole.next_to(Step.SEND)
    whole.sent()
    (run,) = whole.desk.runs()
    assert (run.state, run.counts.succeeded, run.counts.excluded) == (RunState.FINISHED, ROWS - 2, 2)


def test_that_it_can_be_sent_as_it_stands(whole: Whole, tmp_path: Path) -> None:
    with another_sender(whole):
        page = in_line(whole, tmp_path / "March.xlsx")
        stopped(whole, page)
    button(page, "go_on").click()
    whole.until(lambda: whole.desk.runs()[0].state is RunState.FINISHED, "the end")
    whole.sent()
    assert whole.desk.runs()[0].counts.succeeded == ROWS
    assert not button(page, "change_ready").isVisible()


def test_that_the_list_of_runs_leads_back_too(whole: Whole, tmp_path: Path) -> None:
    with another_sender(whole):
        page = in_line(whole, tmp_path / "March.xlsx")
        stopped(whole, page)
    whole.main.show_place("runs")
    whole.idle()
    whole.main.runs.table.selectRow(0)
    whole.main.runs._continue()
    whole.until(lambda: whole.main.wizard.flow.current is Step.REVIEW, "the review")
    whole.idle()
    assert whole.main.stack.currentWidget() is whole.main.wizard
