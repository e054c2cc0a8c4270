"""The journal: compare and set, whole transactions, and a tally that equals the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gb_desktop.runs import schema
from gb_desktop.runs.events import Counts
from gb_desktop.runs.journal import Journal, Settled
from gb_desktop.runs.model import ChunkState, Outcome, SendSettings
from gb_desktop.runs.tally import Tally, assert_adds_up
from tests.runs.rig import planned_run, shelf_in


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    shelf = shelf_in(tmp_path)
    run = planned_run(shelf, "cashback", ["a", "b", "a", "c"], settings=SendSettings(chunk_size=2), excluded=1)
    connection = schema.open_to_write(shelf.path(run))
    yield connection
    connection.close()


@pytest.fixture
def journal(db: sqlite3.Connection) -> Journal:
    return Journal(db)


def test_that_a_chunk_which_is_not_planned_cannot_be_started(journal: Journal) -> None:
    chunk = journal.chunk(1)
    journal.start(chunk, 0, b"{}")
    with pytest.raises(AssertionError, match="not planned"):
        journal.start(chunk, 0, b"{}")


def test_that_a_finished_chunk_never_changes_again(journal: Journal, db: sqlite3.Connection) -> None:
    journal.finish(journal.chunk(1), ChunkState.FINISHED, (), 0)
    with pytest.raises(sqlite3.IntegrityError, match="does not change"):
        db.execute("UPDATE chunks SET state = 'planned' WHERE chunk = 1")


def test_that_the_attempt_stands_in_the_file_before_the_first_byte(journal: Journal, db: sqlite3.Connection) -> None:
    body = journal.body(1)
    journal.start(journal.chunk(1), 5, body)
    assert db.in_transaction is False
    assert db.execute("SELECT chunk, started_at, ended_at FROM attempts").fetchall() == [(1, 5, None)]
    assert journal.chunk(1).state is ChunkState.SENDING


def test_that_the_bytes_of_a_chunk_are_the_same_at_every_try(journal: Journal, db: sqlite3.Connection) -> None:
    first = journal.body(1)
    attempt = journal.start(journal.chunk(1), 0, first)
    journal.end_attempt(attempt, 1, True, None, "unsure", "")
    journal.unsure(journal.chunk(1), "lost")
    journal.again(journal.chunk(1))
    journal.start(journal.chunk(1), 2, journal.body(1))
    digests = [digest for (digest,) in db.execute("SELECT digest FROM attempts")]
    assert digests[0] == digests[1]


def test_that_a_failed_transaction_leaves_file_and_tally_as_they_were(journal: Journal, db: sqlite3.Connection) -> None:
    def settle_and_fail() -> None:
        with journal.commit():
            journal.settle([Settled(2, Outcome.SUCCEEDED)])
            journal.accepted(journal.chunk(1), "7", 0)  # it is not being sent

    before = journal.tally.counts()
    with pytest.raises(AssertionError):
        settle_and_fail()
    assert journal.tally.counts() == before == Tally.read(db).counts()


def test_that_rows_held_back_leave_their_chunk_and_get_their_outcome_at_once(journal: Journal) -> None:
    chunk = journal.chunk(1)
    left = journal.hold_back(chunk, [Settled(2, Outcome.NOT_SENT, "waits")], 9)
    assert (left.items, left.state) == (1, ChunkState.PLANNED)
    assert journal.outcome(2) is Outcome.NOT_SENT
    assert journal.hold_back(left, [Settled(3, Outcome.NOT_SENT, "waits")], 9).state is ChunkState.FINISHED


def test_that_held_rows_are_planned_again_once_the_earlier_row_is_known(journal: Journal) -> None:
    assert [(item.item, item.previous) for item in journal.items(3)] == [(4, 2)]
    journal.hold_back(journal.chunk(3), [Settled(4, Outcome.NOT_SENT, "waits")], 9)
    journal.settle([Settled(2, Outcome.UNKNOWN)])
    assert journal.replan_held(10) == 0
    journal.settle([Settled(2, Outcome.ALREADY_APPLIED)])
    assert journal.replan_held(10) == 1
    assert journal.outcome(4) is None


def test_that_a_better_outcome_replaces_the_first_one_in_the_counts(journal: Journal) -> None:
    journal.settle([Settled(2, Outcome.UNKNOWN)])
    journal.settle([Settled(2, Outcome.ALREADY_APPLIED)])
    counts = journal.tally.counts()
    assert (counts.unknown, counts.already_applied, counts.not_sent, counts.excluded) == (0, 1, 3, 1)


def test_that_of_two_outcomes_of_a_row_settled_at_once_the_last_counts(
    journal: Journal, db: sqlite3.Connection
) -> None:
    journal.settle([Settled(2, Outcome.UNKNOWN), Settled(3, Outcome.FAILED), Settled(2, Outcome.SUCCEEDED)])
    assert journal.outcome(2) is Outcome.SUCCEEDED
    assert journal.tally.counts() == Tally.read(db).counts()


def test_that_taking_outcomes_back_takes_them_out_of_the_counts(journal: Journal) -> None:
    journal.settle([Settled(2, Outcome.UNKNOWN), Settled(3, Outcome.NOT_SENT)])
    journal.add_chunk("held", journal.chunk(1), journal.items(1), repeated=False, generation=0)
    assert (journal.outcome(2), journal.outcome(3)) == (None, None)
    assert journal.tally.by_outcome == {Outcome.UNKNOWN: 0, Outcome.NOT_SENT: 0}


def test_that_rows_in_flight_are_unknown_once_nobody_sends(journal: Journal) -> None:
    journal.start(journal.chunk(1), 0, b"{}")
    assert journal.tally.counts().not_sent == 4
    assert journal.tally.counts().in_flight == 2
    resting = journal.tally.counts(at_rest=True)
    assert (resting.unknown, resting.not_sent, resting.in_flight) == (2, 2, 0)


def test_that_a_planned_repeat_is_in_flight_because_its_first_try_may_have_been_applied(journal: Journal) -> None:
    journal.start(journal.chunk(1), 0, b"{}")
    journal.unsure(journal.chunk(1), "lost")
    journal.again(journal.chunk(1))
    assert journal.tally.counts(at_rest=True).unknown == 2


@given(
    parts=st.lists(st.integers(0, 9), min_size=6, max_size=6),
    more=st.integers(-3, 3).filter(bool),
)
def test_that_outcomes_which_do_not_add_up_are_a_fault(parts: list[int], more: int) -> None:
    names = ("succeeded", "failed", "already_applied", "unknown", "not_sent", "excluded")
    values = dict(zip(names, parts, strict=True))
    assert_adds_up(Counts(rows=sum(parts), **values))
    with pytest.raises(AssertionError):
        assert_adds_up(Counts(rows=sum(parts) + more, **values))
