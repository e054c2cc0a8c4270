"""One sender an account: a second one waits in line, is seen waiting, and goes on by itself or says why not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.gameball.classify import classify
from gb_desktop.gameball.model import Answer
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.events import ChunkAccepted, Finishing, InLine, RunFinished, RunPaused, RunStarted
from gb_desktop.runs.ledger import LedgerRun
from gb_desktop.runs.line import Turn
from gb_desktop.runs.locks import LockTogether
from gb_desktop.runs.model import AccountFacts, RunState
from gb_desktop.runs.resolving import allow_again, mark_sent
from tests.runs.model_server import POSTS, ModelClient
from tests.runs.rig import PRACTICE, body_of, planned_run
from tests.runs.stand import Stand, end_of, figures
from tests.runs.test_locks_and_ledger import HOLDER


def engine_in_line(stand: Stand, run: str = "", account: AccountFacts = PRACTICE) -> Engine:
    """An engine that takes the account's lock before its first request, as `open_sender` makes it."""
    if run:
        stand.run = run
    lock = LockTogether(lambda: stand.shelf.account_locks(account.fingerprint))
    engine = stand.engine(turn=Turn(lock).take, account=account)
    freed = engine._on_close

    def give_back() -> None:
        freed()
        lock.release()

    engine._on_close = give_back
    return engine


@contextmanager
def another_sender(stand: Stand) -> Iterator[subprocess.Popen[str]]:
    """A real process that holds the account's lock until it is told to end."""
    command = [sys.executable, "-c", HOLDER, str(stand.shelf.account_lock(PRACTICE.fingerprint))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "True"
        yield child
        child.kill()


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return Stand(tmp_path, "cashback", "abcd", wait_line=600.0)


def test_that_a_second_sender_waits_and_goes_on_when_the_first_process_ends(stand: Stand) -> None:
    with another_sender(stand) as other:
        events = engine_in_line(stand).run()
        waiting = next(events)
        assert isinstance(waiting, InLine)
        assert "goes on by itself" in waiting.sentence
        assert stand.facts.state is RunState.READY
        assert stand.server.requests == []
        other.kill()
        other.wait()
        assert isinstance(next(events), RunStarted)
        assert figures(end_of(list(events)).counts) == {"succeeded": 4}


@pytest.mark.parametrize("was", ["old", "new"])
def test_that_all_keys_of_an_account_share_one_turn(was: str, stand: Stand) -> None:
    other = replace(PRACTICE, fingerprint="e" * 16)
    pair = (PRACTICE.fingerprint, other.fingerprint)
    stand.settings = replace(stand.settings, wait_line=2.0)
    with another_sender(stand):
        stand.shelf.ledger.follow_keys(*(pair if was == "old" else reversed(pair)))
        last = end_of(list(engine_in_line(stand, account=other).run()))
    assert isinstance(last, RunPaused)
    assert last.reason == "line"
    assert stand.server.requests == []


def test_that_patience_ends_with_a_sentence_and_nothing_sent(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "abcd", wait_line=2.0)
    with another_sender(stand):
        told = list(engine_in_line(stand).run())
    last = end_of(told)
    assert isinstance(last, RunPaused)
    assert (last.reason, figures(last.counts)) == ("line", {"not_sent": 4})
    assert [type(event) for event in told] == [InLine, RunPaused]
    assert stand.server.requests == []
    assert figures(end_of(list(engine_in_line(stand).run())).counts) == {"succeeded": 4}


def left_the_line(stand: Stand, leave: str = "stop") -> RunPaused:
    """The run waits behind another sender and is taken out of the line."""
    with another_sender(stand):
        engine = engine_in_line(stand)
        events = engine.run()
        assert isinstance(next(events), InLine)
        getattr(engine.control, leave)()
        (last,) = events
    assert isinstance(last, RunPaused)
    return last


@pytest.mark.parametrize("leave", ["stop", "close"])
def test_that_a_run_can_leave_the_line(leave: str, stand: Stand) -> None:
    last = left_the_line(stand, leave)
    assert figures(last.counts) == {"not_sent": 4}
    assert stand.server.requests == []


def test_that_a_run_planned_before_another_sent_the_same_rows_asks_at_its_turn(stand: Stand) -> None:
    twin = planned_run(stand.shelf, "cashback", "abcd", settings=stand.settings)
    assert isinstance(end_of(list(engine_in_line(stand).run())), RunFinished)
    sent = list(stand.server.requests)
    last = end_of(list(engine_in_line(stand, twin).run()))
    assert isinstance(last, RunPaused)
    assert (last.reason, figures(last.counts)) == ("again", {"not_sent": 4})
    assert "could pay twice" in last.sentence
    assert stand.server.requests == sent


def test_that_a_run_planned_before_another_sent_some_of_its_ids_names_them_at_its_turn(stand: Stand) -> None:
    overlapping = planned_run(stand.shelf, "cashback", "abcdef", settings=stand.settings)
    assert isinstance(end_of(list(engine_in_line(stand).run())), RunFinished)
    last = end_of(list(engine_in_line(stand, overlapping).run()))
    assert isinstance(last, RunPaused)
    assert (last.reason, figures(last.counts)) == ("again", {"not_sent": 6})
    assert "4 rows have IDs that were sent with this account before" in last.sentence


def test_that_a_resumed_run_does_not_ask_about_itself(stand: Stand) -> None:
    engine = engine_in_line(stand)
    for event in engine.run():
        if isinstance(event, ChunkAccepted):
            engine.control.pause()
    assert figures(end_of(list(engine_in_line(stand).run())).counts) == {"succeeded": 4}


def test_that_a_pause_says_at_once_what_is_let_finish(stand: Stand) -> None:
    engine = stand.engine()
    told: list[Finishing] = []
    for event in engine.run():
        if isinstance(event, ChunkAccepted):
            engine.control.pause()
        if isinstance(event, Finishing):
            told.append(event)
    assert told == [Finishing(requests=0, jobs=1)]


def test_that_a_run_whose_jobs_are_under_way_is_paused_when_it_leaves_the_line(stand: Stand) -> None:
    stand = Stand(stand.shelf.folder.parent / "other", "cashback", "ab", wait_line=600.0)
    first = engine_in_line(stand)
    for event in first.run():
        if isinstance(event, ChunkAccepted):
            break
    first.close()
    with another_sender(stand):
        second = engine_in_line(stand)
        events = second.run()
        assert isinstance(next(events), InLine)
        second.control.stop()
        (last,) = events
    assert isinstance(last, RunPaused), "its job was never asked about"
    assert figures(end_of(list(engine_in_line(stand).run())).counts) == {"succeeded": 2}


def test_that_ids_which_another_run_sent_during_a_pause_are_named_before_the_run_goes_on(stand: Stand) -> None:
    own, twin = stand.run, planned_run(stand.shelf, "cashback", "abcd", settings=stand.settings)
    engine = engine_in_line(stand)
    for event in engine.run():
        if isinstance(event, ChunkAccepted):
            engine.control.pause()
    allow_again(stand.shelf, twin)
    assert isinstance(end_of(list(engine_in_line(stand, twin).run())), RunFinished)
    sent = list(stand.server.requests)
    last = end_of(list(engine_in_line(stand, own).run()))
    assert isinstance(last, RunPaused)
    assert last.reason == "again"
    assert "2 rows have IDs that were sent with this account before" in last.sentence
    assert stand.server.requests == sent


def sent_elsewhere(stand: Stand, *idents: str) -> None:
    """Another run of the same account sent these IDs."""
    stand.shelf.ledger.record(
        LedgerRun("other", PRACTICE.fingerprint, "practice", "cashback", "o", "u", "2026-03-01T10:00:00Z", "finished")
    )
    stand.shelf.ledger.remember_idents(PRACTICE.fingerprint, "cashback", "other", [(ident, 2) for ident in idents])


class LosesOneRow(ModelClient):
    """No request with T-2 ever arrives, and no answer says so."""

    def create_job(self, endpoint: str, body: bytes, **more: Any) -> Answer:
        return classify(POSTS["lost-before"]) if b'"T-2"' in body else super().create_job(endpoint, body, **more)


def with_a_held_row(tmp_path: Path) -> Stand:
    """A run whose first request is lost for good, so that the second row of `a`, T-5, waits for the first."""
    stand = Stand(tmp_path, "cashback", "abca", client=LosesOneRow, wait_line=600.0, chunk_size=1)
    assert figures(end_of(list(engine_in_line(stand).run())).counts) == {"succeeded": 2, "unknown": 1, "not_sent": 1}
    return stand


def test_that_rows_held_back_are_asked_about_too_when_another_run_sent_their_ids(tmp_path: Path) -> None:
    stand = with_a_held_row(tmp_path)
    sent_elsewhere(stand, "T-5")
    mark_sent(stand.shelf, stand.run)
    sent = list(stand.server.requests)
    last = end_of(list(engine_in_line(stand).run()))
    assert isinstance(last, RunPaused)
    assert (last.reason, "T-5" in last.sentence) == ("again", True)
    assert stand.server.requests == sent
    allow_again(stand.shelf, stand.run)
    assert figures(end_of(list(engine_in_line(stand).run())).counts) == {"succeeded": 3, "already_applied": 1}


def test_that_rows_freed_during_a_sending_are_asked_about_at_their_turn(tmp_path: Path) -> None:
    stand = with_a_held_row(tmp_path)
    mark_sent(stand.shelf, stand.run)
    sent = list(stand.server.requests)
    told = []
    for event in engine_in_line(stand).run():
        told.append(event)
        if isinstance(event, RunStarted):
            sent_elsewhere(stand, "T-5")
    last = end_of(told)
    assert isinstance(last, RunPaused)
    assert (last.reason, "T-5" in last.sentence, figures(last.counts)["not_sent"]) == ("again", True, 1)
    assert stand.server.requests == sent
    allow_again(stand.shelf, stand.run)
    assert figures(end_of(list(engine_in_line(stand).run())).counts) == {"succeeded": 3, "already_applied": 1}


def test_that_the_question_keeps_nobody_from_reading_what_was_accepted(stand: Stand) -> None:
    engine = engine_in_line(stand)
    for event in engine.run():
        if isinstance(event, ChunkAccepted):
            break
    engine.close()
    sent_elsewhere(stand, "T-5")
    last = end_of(list(engine_in_line(stand).run()))
    assert isinstance(last, RunPaused)
    assert (last.reason, figures(last.counts)) == ("again", {"succeeded": 2, "not_sent": 2})


def test_that_a_look_up_asks_nothing_about_rows_that_it_does_not_send(tmp_path: Path) -> None:
    stand = with_a_held_row(tmp_path)
    stand.server.applied[json.dumps(body_of("cashback", 2, "a"))] += 1  # it was applied, as it turned out later
    sent_elsewhere(stand, "T-5")
    last = end_of(list(engine_in_line(stand).look_up_only()))
    assert figures(last.counts) == {"succeeded": 2, "already_applied": 1, "not_sent": 1}
