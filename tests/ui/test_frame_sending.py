"""The whole way through the window with the practice service: sending, closing while sending, retrying, resuming."""

from __future__ import annotations

import signal
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from gb_desktop.app import Wanted, _closing_on_signals
from gb_desktop.places import resources_dir
from gb_desktop.runs.model import RunState
from gb_desktop.ui.dialogs import Question
from gb_desktop.ui.flow import Step
from gb_desktop.ui.run_actions import Action
from tests import sheets
from tests.bench.heartbeat import Heartbeat
from tests.ui.whole_window import Whole, made_desk, plain_desk, whole_window

pytestmark = pytest.mark.window
SAMPLE = resources_dir() / "samples" / "cashback.xlsx"
_BATCHES = count(1)
LEFT = Qt.MouseButton.LeftButton
FREEZE = 0.5  # seconds; generous, since the machine that tests may be busy: the bench measures the real figure


@pytest.fixture
def whole(opened_once: Whole, tmp_path: Path) -> Whole:
    """A window on the Workbook step, 120 rows loaded that were never sent, and a practice service without delay."""
    _behave(opened_once, pace=0, queue=0)
    opened_once.clear()
    opened_once.account(0)
    opened_once.choose_type("cashback")
    opened_once.open_file(sheets.clean(tmp_path / "March.xlsx", 120, first=1000 * next(_BATCHES)))
    return opened_once


def _behave(whole: Whole, **behaviour: object) -> None:
    service = whole.desk._practice
    assert service is not None
    service.switch(behaviour)


def _slow(whole: Whole) -> None:
    _behave(whole, pace=20, queue=0.1)


def _question(whole: Whole) -> Question:
    return whole.main.findChildren(Question)[-1]


def test_that_a_sample_is_sent_whole_without_freezing_the_window(whole: Whole) -> None:
    with Heartbeat() as heart:
        whole.next_to(Step.SEND)
        whole.sent()
    run = whole.desk.runs()[0]
    assert run.state is RunState.FINISHED
    assert run.counts.succeeded == run.counts.rows == 120
    assert heart.longest < FREEZE


def test_that_closing_while_sending_asks_and_keeping_on_sends_everything(whole: Whole) -> None:
    _slow(whole)
    whole.next_to(Step.SEND)
    assert whole.main.band.sending.text() == "Sending a run to Practice"
    whole.main.close()
    question = _question(whole)
    assert question.isVisible()
    QTest.mouseClick(question.no_button, LEFT)
    assert whole.main.isVisible()
    _behave(whole, pace=0, queue=0)
    whole.sent()
    assert whole.desk.runs()[0].counts.succeeded == 120


@pytest.mark.parametrize("way", ["a polite kill", "the end of the session"])
def test_that_a_window_that_must_go_finishes_its_requests_without_a_question(
    way: str, qapp: QApplication, tmp_path: Path
) -> None:
    desk = made_desk(tmp_path, pace=20, queue=0.1)
    with whole_window(qapp, desk, Wanted(SAMPLE, practice=True)) as opened:
        opened.until(lambda: opened.main.wizard.flow.current is Step.WORKBOOK, "the workbook step")
        opened.next_to(Step.SEND)
        opened.main.close()
        assert _question(opened).isVisible(), "somebody pressed the window's button and went away"
        if way == "a polite kill":
            with _closing_on_signals(opened.main):
                signal.raise_signal(signal.SIGTERM)
                opened.until(lambda: opened.main._closing.over, "the end of the window")
        else:
            opened.window.session_ends(None)
        assert opened.main._closing.over
        left = desk.runs()[0]
        assert left.state in (RunState.PAUSED, RunState.INTERRUPTED)
        assert left.counts.rows == left.counts.succeeded + left.counts.not_sent + left.counts.resumable


def test_that_a_run_left_by_closing_goes_on_in_the_next_window(qapp: QApplication, tmp_path: Path) -> None:
    desk = made_desk(tmp_path, pace=20, queue=0.1)
    with whole_window(qapp, desk, Wanted(SAMPLE, practice=True)) as opened:
        opened.until(lambda: opened.main.wizard.flow.current is Step.WORKBOOK, "the workbook step")
        opened.next_to(Step.SEND)
        opened.main.close()
        QTest.mouseClick(_question(opened).yes_button, LEFT)
        opened.until(lambda: opened.main._closing.over, "the end of the window")
        left = desk.runs()[0]
        assert left.state in (RunState.PAUSED, RunState.INTERRUPTED)
        assert left.counts.unknown == 0
    with whole_window(qapp, plain_desk(tmp_path, pace=0, queue=0), Wanted()) as opened:
        opened.main.show_place("runs")
        opened.idle()
        opened.main.runs.table.selectRow(0)
        QTest.mouseClick(opened.main.runs.buttons[Action.CONTINUE], LEFT)
        opened.idle()
        page = opened.main._run_page
        assert page is not None
        QTest.mouseClick(_button(page, "Go on sending"), LEFT)
        opened.until(opened.session.sendings.active, "the sending run")
        opened.sent()
        assert opened.desk.runs()[0].counts.succeeded == 120


def _button(page: QWidget, words: str) -> QPushButton:
    return next(button for button in page.findChildren(QPushButton) if button.text() == words and button.isVisible())


def test_that_a_sending_run_is_seen_from_everywhere_and_opened_from_the_band(whole: Whole) -> None:
    _slow(whole)
    whole.next_to(Step.SEND)
    whole.main.show_place("settings")
    QTest.mouseClick(whole.main.band.sending, LEFT)
    assert whole.main.stack.currentWidget() is whole.main.wizard
    whole.main.show_place("runs")
    whole.idle()
    whole.main.runs.table.selectRow(0)
    assert not whole.main.runs.buttons[Action.DELETE].isEnabled()
    assert whole.main.runs.buttons[Action.OPEN].isEnabled()


def test_that_the_results_workbook_is_saved_from_the_list_of_runs(whole: Whole, tmp_path: Path) -> None:
    whole.next_to(Step.SEND)
    whole.sent()
    whole.main.show_place("runs")
    whole.idle()
    out = tmp_path / "results.xlsx"
    whole.main.runs.save_report(whole.desk.runs()[0].run, out)
    whole.idle()
    assert out.stat().st_size > 5000
    assert "Saved as" in whole.main.runs.banner.title.text()


def test_that_new_batch_after_sending_begins_another(whole: Whole) -> None:
    whole.next_to(Step.SEND)
    whole.sent()
    QTest.mouseClick(whole.main.findChild(QPushButton, "rail_new"), LEFT)
    assert whole.main.wizard.flow.current is Step.TYPE
    assert whole.session.run == ""
    whole.idle()


def test_that_new_batch_begins_another_from_other_places_too_once_the_last_one_is_finished(whole: Whole) -> None:
    _slow(whole)
    whole.next_to(Step.SEND)
    new = whole.main.findChild(QPushButton, "rail_new")
    whole.main.show_place("runs")
    QTest.mouseClick(new, LEFT)
    assert whole.main.wizard.flow.sent, "what is being sent stays in sight"
    whole.sent()
    whole.main.show_place("runs")
    QTest.mouseClick(new, LEFT)
    assert whole.main.wizard.flow.current is Step.TYPE
    whole.idle()
