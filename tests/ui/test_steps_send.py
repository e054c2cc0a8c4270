"""Step 6: counters that add up, pausing and stopping, and deciding about what is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDialog, QPushButton, QTableView, QTableWidget

from gb_desktop.runs.events import (
    ChunkAccepted,
    Counts,
    Finishing,
    InLine,
    JobFinished,
    RunFinished,
    RunPaused,
    RunStarted,
)
from gb_desktop.runs.model import RunState
from gb_desktop.ui.engine_thread import News
from gb_desktop.ui.steps.send_controls import SendControls
from gb_desktop.ui.steps.send_step import SendPage
from gb_desktop.ui.steps.send_words import shares_of
from tests.ui import standin, standin_desk
from tests.ui.stage import Stage, child, stage, words_on

__all__ = ["stage"]


def shown(stage: Stage, reader: standin.StandInReader) -> SendPage:
    reader.run = "r9"
    stage.desk.readers["r9"] = reader
    return stage.show(SendPage(stage.session, "r9"))


def paused(reason: str = "user", **facts: object) -> standin.StandInReader:
    reader = standin_desk.finished_reader()
    reader.state = RunState.PAUSED
    reader.totals = Counts(400, succeeded=200, not_sent=180, excluded=20)
    reader.kept = {"reason": reason, **facts}
    return reader


def test_that_the_counters_add_up_to_the_rows(stage: Stage) -> None:
    page = shown(stage, standin_desk.finished_reader())
    progress = page.progress
    figures = (progress.succeeded, progress.failed, progress.waiting, progress.unknown)
    assert [figure.value.text() for figure in figures] == ["355", "12", "5", "8"]
    assert progress.sum.text() == (
        "380 rows to send · 20 left out before sending · 5 of the succeeded ones had been applied already"
    )


def test_that_outcomes_that_do_not_add_up_are_never_shown() -> None:
    with pytest.raises(AssertionError):
        shares_of(Counts(10, succeeded=5))


def test_that_an_old_run_shows_its_requests_reasons_and_log(stage: Stage) -> None:
    page = shown(stage, standin_desk.finished_reader())
    assert child(page, QTableView, "chunk_table").model().rowCount() == 3
    reasons = child(page, QTableWidget, "reason_table")
    assert reasons.item(0, 2).text() == "Customer not found"
    assert child(page, QTableWidget, "log_table").item(0, 1).text() == "Sending began."


def test_that_results_are_saved_where_the_user_says(stage: Stage, tmp_path: Path) -> None:
    page = shown(stage, standin_desk.finished_reader())
    child(page, QPushButton, "save_results").click()
    dialog = child(page, QDialog, "file_dialog")
    dialog.fileSelected.emit(str(tmp_path / "r.xlsx"))  # type: ignore[attr-defined]
    dialog.reject()
    stage.idle()
    assert stage.asked("write_report") == [("r9", tmp_path / "r.xlsx")]
    assert "r.xlsx" in words_on(page.banner)


def test_that_failed_rows_become_a_new_draft(stage: Stage) -> None:
    page = shown(stage, standin_desk.finished_reader())
    with stage.qtbot.waitSignal(stage.session.open_draft) as asked:
        child(page, QPushButton, "retry_failed").click()
    assert asked.args == ["r2"]


def test_that_unknown_rows_can_be_looked_up(stage: Stage) -> None:
    page = shown(stage, standin_desk.finished_reader())
    assert "The outcome of 8 rows is unknown" in words_on(page.decisions)
    child(page, QPushButton, "resolve_look_up").click()
    stage.idle()
    assert stage.asked("resolve") == [("r9", "look-up")]


def test_that_marking_as_sent_is_asked_first(stage: Stage) -> None:
    page = shown(stage, standin_desk.finished_reader())
    child(page, QPushButton, "resolve_sent").click()
    assert stage.asked("resolve") == []
    child(page.window(), QPushButton, "marking_yes").click()
    stage.idle()
    assert stage.asked("resolve") == [("r9", "sent")]


def test_that_sending_events_again_warns_that_it_may_happen_twice(stage: Stage) -> None:
    reader = standin_desk.finished_reader()
    reader.type = "events"
    page = shown(stage, reader)
    assert not child(page, QPushButton, "resolve_look_up").isVisible()
    child(page, QPushButton, "resolve_again").click()
    assert "it happens twice" in words_on(page.decisions.question)
    child(page.decisions.question, QPushButton, "sending_again_no").click()
    stage.idle()
    assert stage.asked("resolve") == []


def test_that_a_paused_run_goes_on(stage: Stage) -> None:
    end = Counts(400, succeeded=380, excluded=20)
    reader = paused()
    stage.desk.events = (RunStarted(reader.totals, 1), RunFinished("finished", end, 3.0))
    page = shown(stage, reader)
    assert page.head.headline.text() == "Paused"
    assert not page.head.badge.isVisible()
    child(page, QPushButton, "go_on").click()
    stage.idle()
    stage.qtbot.waitUntil(lambda: not stage.session.sendings.active(), timeout=5000)
    assert stage.asked("sender") == [("r9", False)]
    stage.idle()


def test_that_rows_whose_result_was_not_read_are_told_apart_from_unknown_ones(stage: Stage) -> None:
    reader = paused()
    reader.totals = Counts(400, succeeded=200, not_sent=140, unknown=40, excluded=20, resumable=40)
    page = shown(stage, reader)
    assert "40 rows are in requests whose result was not read yet: Go on sending reads it." in page.outcome.text()
    assert page.progress.waiting.label.text() == "Waiting"
    assert page.progress.waiting.value.text() == "180"
    assert not page.decisions.isVisible()


def test_that_pausing_becomes_paused_when_nothing_is_under_way(stage: Stage) -> None:
    controls = SendControls()
    stage.qtbot.addWidget(controls)
    with stage.qtbot.waitExposed(controls):
        controls.show()
    controls.activateWindow()
    controls.pause.setFocus()
    QTest.keyClick(controls.pause, Qt.Key.Key_Space)
    assert controls.focusWidget() is controls.resume, "not Stop, which the next key would press"
    assert controls.state.text() == "Pausing: waiting for what is under way…"
    controls.show_under_way(20)
    assert controls.state.text() == "Pausing: waiting for what is under way…"
    controls.show_under_way(0)
    assert controls.state.text() == "Paused."
    controls.resume.click()
    assert controls.state.text() == ""


def test_that_news_move_the_counters_and_the_chunk_table(stage: Stage) -> None:
    reader = paused()
    reader.lines = []
    stage.desk.events = (
        RunStarted(reader.totals, 1),
        ChunkAccepted(1, "100001"),
        JobFinished(1, "100001", "completed", reader.totals),
        RunPaused("user", "Sending is paused.", reader.totals),
    )
    page = shown(stage, reader)
    reader.lines = standin_desk.finished_reader().lines[:1]
    child(page, QPushButton, "go_on").click()
    stage.idle()
    stage.qtbot.waitUntil(lambda: page.details.chunks.rowCount() == 1, timeout=5000)
    stage.qtbot.waitUntil(lambda: child(page, QPushButton, "go_on").isVisible(), timeout=5000)
    assert len(page.progress.chart.moments()) >= 1


def test_that_lost_keys_are_said_and_new_ones_need_a_word(stage: Stage) -> None:
    reader = paused(account={"environment": "live", "base_url": standin.PRACTICE.base_url, "fingerprint": "other"})
    stage.desk.failing["sender"] = standin.error("The run r9 was begun with other keys.", "keys")
    page = shown(stage, reader)
    child(page, QPushButton, "go_on").click()
    stage.qtbot.waitUntil(lambda: page.findChild(QPushButton, "rotated_keys") is not None, timeout=5000)
    assert "The run r9 was begun with other keys." in words_on(page.banner)
    child(page, QPushButton, "rotated_keys").click()
    stage.qtbot.waitUntil(lambda: stage.asked("sender")[-1] == ("r9", True), timeout=5000)
    stage.idle()


def test_that_new_keys_can_be_told_where_a_decision_is_refused_for_them(stage: Stage) -> None:
    reader = standin_desk.finished_reader()
    account = {"environment": "live", "base_url": standin.PRACTICE.base_url, "fingerprint": "other"}
    reader.kept = {"account": account}
    stage.desk.failing["resolve"] = standin.error("The run r9 was begun with other keys.", "keys")
    page = shown(stage, reader)
    child(page, QPushButton, "resolve_look_up").click()
    stage.qtbot.waitUntil(lambda: page.findChild(QPushButton, "rotated_keys") is not None, timeout=5000)
    assert "The run r9 was begun with other keys." in words_on(page.banner)
    stage.idle()


def test_that_the_unit_of_adjustments_is_asked_and_remembered(stage: Stage) -> None:
    question = "Was that 5 points or 5 of money?"
    stage.use_account("Acme live", "live")
    page = shown(stage, paused("unit", unit_question=question))
    assert question in words_on(page.decisions)
    assert not child(page, QPushButton, "go_on").isVisible()
    assert "the run stays paused, and no other row is sent" in words_on(page.decisions)
    assert child(page, QPushButton, "unit_money").text() == "Money: send the rest"
    child(page, QPushButton, "unit_points").click()
    stage.idle()
    assert stage.asked("remember_unit") == [("Acme live", "points")]
    assert stage.session.account is not None
    assert stage.session.account.unit == "points", "the next batch of this window knows it too"
    stage.qtbot.waitUntil(lambda: stage.asked("sender") == [("r9", False)], timeout=5000)
    stage.qtbot.waitUntil(lambda: not stage.session.sendings.active(), timeout=5000)
    stage.idle()


def test_that_stopping_says_what_it_does_and_can_stop_jobs_too(stage: Stage) -> None:
    page = shown(stage, paused())
    said: list[bool] = []
    page.controls.stop_wanted.connect(said.append)
    page.controls._stop()
    question = page.controls.question
    assert "watched to their end" in words_on(question)
    assert "may stay unknown" in words_on(question)
    child(question, QCheckBox, "stop_jobs").click()
    child(question, QPushButton, "stopping_yes").click()
    assert said == [True]
    assert "Stopping" in page.controls.state.text()


def test_that_a_pause_says_what_is_still_let_finish(stage: Stage) -> None:
    page = shown(stage, paused())
    controls = page.controls
    page.controls.pause.click()
    controls.show_finishing(Finishing(requests=2, jobs=0))
    assert controls.state.text() == "Pausing: finishing 2 requests…"
    controls.show_finishing(Finishing(requests=1, jobs=3))
    assert controls.state.text() == "Pausing: finishing 1 request, the results of 3 jobs still to be read…"
    controls.show_under_way(0)
    assert controls.state.text() == "Paused."


def test_that_a_run_in_line_behind_another_command_says_so_until_its_turn_comes(stage: Stage) -> None:
    words = "Waiting in line: another window or command is sending a run of the account Acme."
    reader = paused()
    stage.desk.events = (InLine(words),)
    page = shown(stage, reader)
    page.controls.show()
    page._news(News(reader.totals, (InLine(words),)))
    assert words in words_on(page.controls)
    assert not page.controls.pause.isVisibleTo(page.controls)
    page._news(News(reader.totals, (RunStarted(reader.totals, 1),)))
    assert words not in words_on(page.controls)
    assert page.controls.pause.isVisibleTo(page.controls)


def test_that_rows_sent_while_the_run_waited_are_asked_about(stage: Stage) -> None:
    sentence = "The same 380 rows were sent in run r0. Sending it again could pay twice."
    reader = paused("again")
    reader.sentence = sentence
    page = shown(stage, reader)
    assert sentence in words_on(page.decisions)
    assert not child(page, QPushButton, "go_on").isVisible()
    child(page, QPushButton, "send_all_the_same").click()
    child(page.decisions.question, QPushButton, "sending_all_the_same_yes").click()
    stage.qtbot.waitUntil(lambda: stage.asked("sender") == [("r9", False)], timeout=5000)
    assert stage.asked("allow_again") == [("r9",)]
    stage.qtbot.waitUntil(lambda: not stage.session.sendings.active(), timeout=5000)
    stage.idle()


@pytest.mark.parametrize(
    ("unseen", "words"),
    [
        ((5, True), "They were looked up and not seen at Gameball 5 minutes after they were sent."),
        ((1, False), "The last of them were sent 1 minute ago."),
    ],
)
def test_that_a_decision_says_for_how_long_rows_were_not_seen(
    unseen: tuple[int, bool], words: str, stage: Stage
) -> None:
    reader = standin_desk.finished_reader()
    reader.not_seen = unseen
    page = shown(stage, reader)
    assert words in words_on(page.decisions)
    child(page, QPushButton, "resolve_again").click()
    assert words in words_on(page.decisions.question)
    assert child(page.decisions.question, QPushButton, "sending_again_no").text() == "Leave them unknown"
    child(page.decisions.question, QPushButton, "sending_again_no").click()
    assert stage.asked("resolve") == []


@pytest.mark.parametrize("press", ["pause", "stop"])
def test_that_a_run_that_is_pausing_or_in_line_lets_nothing_new_go(stage: Stage, press: str) -> None:
    controls = SendControls()
    stage.qtbot.addWidget(controls)
    assert controls.lets_send
    controls.show_line(2)
    assert not controls.lets_send
    controls.show_running()
    controls._pause() if press == "pause" else controls._stop_answered(False)
    assert not controls.lets_send
