"""A run that leaves the line before its turn is what it was: planned and free to be changed, given the proof for it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.runs import schema
from gb_desktop.runs.drafting import _opened_to_change
from gb_desktop.runs.events import RunPaused
from gb_desktop.runs.model import RunError, RunState
from tests.runs.rig import PRACTICE, TYPES
from tests.runs.stand import Stand, end_of, figures
from tests.runs.test_line import another_sender, engine_in_line, left_the_line, sent_elsewhere

TRACES = {
    "an attempt": "INSERT INTO attempts (chunk, digest, started_at) VALUES (1, 'x', 1)",
    "a try": "UPDATE chunks SET tries = 1 WHERE chunk = 2",
    "a time": "UPDATE chunks SET sent_at = 1 WHERE chunk = 2",
    "a job": "UPDATE chunks SET job = '7' WHERE chunk = 2",
    "a repeat": "UPDATE chunks SET repeated = 1 WHERE chunk = 2",
    "a finished chunk": "UPDATE chunks SET state = 'finished' WHERE chunk = 2",
    "an unsure chunk": "UPDATE chunks SET state = 'unsure' WHERE chunk = 2",
    "a job's answer": "INSERT INTO jobs (job, chunk, word, read_at) VALUES ('7', 1, 'done', 1)",
    "an outcome": "INSERT INTO outcomes (item, outcome, message, evidence) VALUES (2, 'unknown', '', '')",
    "the ledger": "INSERT INTO meta VALUES ('first_sent', '\"2026-03-01T10:00:00Z\"')",
}


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return Stand(tmp_path, "cashback", "abcd", wait_line=600.0)


@pytest.mark.parametrize("leave", ["stop", "close"])
@pytest.mark.parametrize("key", TYPES)
def test_that_a_run_that_leaves_the_line_is_ready_and_can_be_changed(key: str, leave: str, tmp_path: Path) -> None:
    stand = Stand(tmp_path, key, "abcd", wait_line=600.0)
    assert figures(left_the_line(stand, leave).counts) == {"not_sent": 4}
    facts = stand.facts
    assert (facts.state, facts.sentence, facts.finished, figures(facts.counts)) == (
        RunState.READY, "", "", {"not_sent": 4},
    )  # fmt: skip
    assert stand.server.requests == []
    assert not stand.shelf.ledger.has_sent(PRACTICE.fingerprint, "practice")
    with closing(_opened_to_change(stand.shelf.path(stand.run))) as store:
        store.unplan()
        assert store.meta.state() is RunState.DRAFT


def test_that_it_can_be_sent_as_it_is_all_the_same(stand: Stand) -> None:
    left_the_line(stand)
    assert figures(end_of(list(engine_in_line(stand).run())).counts) == {"succeeded": 4}
    assert sum(stand.server.requests) == 4


def test_that_a_run_whose_patience_ended_is_ready_too(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "abcd", wait_line=2.0)
    with another_sender(stand):
        last = end_of(list(engine_in_line(stand).run()))
    assert isinstance(last, RunPaused)
    assert (last.reason, stand.facts.state) == ("line", RunState.READY)


@pytest.mark.parametrize("trace", TRACES)
def test_that_any_trace_of_a_request_keeps_the_run_as_it_is(trace: str, stand: Stand) -> None:
    with closing(schema.open_to_write(stand.shelf.path(stand.run))) as db:
        db.execute(TRACES[trace])
    left_the_line(stand)
    assert stand.facts.state is RunState.PAUSED
    with pytest.raises(RunError, match="sent already"):
        _opened_to_change(stand.shelf.path(stand.run))


@pytest.mark.parametrize("fate", ["429", "lost-before", "lost-after", "ok"])
def test_that_a_run_that_tried_once_stays_paused_whatever_came_of_it(fate: str, stand: Stand) -> None:
    stand.server.posts.append(fate)
    first = engine_in_line(stand)
    events = first.run()
    while not sum(stand.server.requests) and stand.facts.state is not RunState.PAUSED:
        next(events)
    first.close()
    left_the_line(stand)
    assert stand.facts.state is RunState.PAUSED
    done = figures(end_of(list(engine_in_line(stand).run())).counts)
    assert done.get("succeeded", 0) + done.get("already_applied", 0) == 4


def test_that_a_run_that_was_told_of_rows_sent_elsewhere_waits_for_its_answer(stand: Stand) -> None:
    sent_elsewhere(stand, "T-2")
    last = end_of(list(engine_in_line(stand).run()))
    assert isinstance(last, RunPaused)
    assert (last.reason, stand.facts.state) == ("again", RunState.PAUSED)


def test_that_a_run_stopped_at_its_turn_stays_paused(stand: Stand) -> None:
    """It stands in the ledger then, and another run may have been told about it."""
    engine = engine_in_line(stand)
    for _ in engine.run():
        engine.control.stop()
    assert (stand.facts.state, stand.server.requests) == (RunState.PAUSED, [])
