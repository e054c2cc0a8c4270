"""What keeps a run from being sent at all: other keys, other environments, locks, broken and unwritable files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gb_desktop.gameball.model import Connection
from gb_desktop.runs import schema
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.events import ChunkAccepted, ChunkSending, RunPaused, RunStarted
from gb_desktop.runs.model import AccountFacts, RunError, RunState, SendSettings
from gb_desktop.runs.sender import open_sender
from gb_desktop.runs.shelf import Shelf
from tests.runs.rig import PRACTICE, planned_run, sending_of, shelf_in
from tests.runs.stand import Stand, figures

TEST = replace(PRACTICE, name="Shop", environment="test", base_url="https://api.example.com")
CONNECTION = Connection("https://api.example.com", "v4.0", "gb_test_key", "secret")
Opener = Callable[..., Engine]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return shelf_in(tmp_path)


def refused(shelf: Shelf, run: str, account: AccountFacts = TEST, **more: bool) -> RunError:
    with pytest.raises(RunError) as caught:
        open_sender(shelf, run, account, CONNECTION, SendSettings(), **more)
    return caught.value


def test_that_other_keys_are_refused_unless_a_person_says_they_were_replaced(shelf: Shelf) -> None:
    run = planned_run(shelf, "events", "ab", account=TEST)
    other = replace(TEST, fingerprint="0" * 16)
    error = refused(shelf, run, other)
    assert (error.reason, "other keys" in str(error)) == ("keys", True)
    shelf.ledger.remember_idents(TEST.fingerprint, "cashback", "earlier", [("T-1", 2)])
    open_sender(shelf, run, other, CONNECTION, SendSettings(), rotated=True).close()
    assert shelf.ledger.known(other.fingerprint, "cashback", ["T-1"], but="") == {"T-1": "earlier"}
    assert refused(shelf, run, TEST).reason == "keys"  # from now on it belongs to the new ones


@pytest.mark.parametrize("changes", [{"environment": "live"}, {"base_url": "https://api.elsewhere.com"}])
def test_that_a_run_never_moves_to_other_data_not_even_with_a_persons_word(
    changes: dict[str, str], shelf: Shelf
) -> None:
    run = planned_run(shelf, "events", "ab", account=TEST)
    error = refused(shelf, run, replace(TEST, **changes), rotated=True)
    assert (error.reason, "belongs to test data" in str(error)) == ("keys", True)


def test_that_a_draft_is_not_sent(shelf: Shelf) -> None:
    assert refused(shelf, shelf.create()).reason == "state"


def test_that_a_run_and_an_account_have_one_sender_at_a_time(shelf: Shelf) -> None:
    first, second = (planned_run(shelf, "events", rows, account=TEST) for rows in ("ab", "cd"))
    engine = open_sender(shelf, first, TEST, CONNECTION, SendSettings())
    try:
        events = engine.run()
        assert isinstance(next(events), RunStarted), "its turn has come"
        assert refused(shelf, first).reason == "locked"
        (last,) = open_sender(shelf, second, TEST, CONNECTION, SendSettings()).run()
        assert isinstance(last, RunPaused)
        assert (last.reason, "Another run of the account Shop" in last.sentence) == ("line", True)
        assert shelf.ledger.last_of(TEST.fingerprint, "events", first) is None, "nothing of it was begun"
    finally:
        engine.close()


def test_that_a_missing_run_is_named(shelf: Shelf) -> None:
    assert refused(shelf, "20260101-000000-abcd").reason == "missing"


def test_that_a_file_that_is_no_database_is_left_as_it_is(shelf: Shelf) -> None:
    run = planned_run(shelf, "events", "ab", account=TEST)
    path = shelf.path(run)
    path.write_bytes(b"not a database, " * 400)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    error = refused(shelf, run)
    assert (error.reason, str(path) in str(error)) == ("damaged", True)
    assert path.read_bytes() == b"not a database, " * 400


@pytest.mark.parametrize("table", ["chunks", "items", "outcomes", "attempts"])
def test_that_damaged_sending_tables_send_nothing(table: str, shelf: Shelf) -> None:
    run = planned_run(shelf, "events", "ab", account=TEST)
    path = shelf.path(run)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * 64)
    assert refused(shelf, run).reason == "damaged"


def test_that_a_newer_files_run_asks_for_an_update(shelf: Shelf) -> None:
    run = planned_run(shelf, "events", "ab", account=TEST)
    with closing(sqlite3.connect(shelf.path(run))) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    assert refused(shelf, run).reason == "newer"


def engine_over(stand: Stand, break_file: Callable[[sqlite3.Connection], object], reserve: list[str]) -> Engine:
    db = schema.open_to_write(stand.shelf.path(stand.run))
    sending = sending_of(stand.shelf, stand.run, stand.client, db, settings=stand.settings)
    sending.free_reserve = lambda: reserve.append("freed")
    engine = Engine(sending, on_close=db.close)
    break_file(db)
    return engine


def test_that_a_file_which_cannot_be_written_sends_nothing_and_says_so(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "abcd")
    events = list(engine_over(stand, lambda db: db.execute("PRAGMA query_only = ON"), []).run())
    last = events[-1]
    assert isinstance(last, RunPaused)
    assert (last.reason, "not be written" in last.sentence) == ("disk", True)
    assert stand.server.requests == []


def fill_the_disk(db: sqlite3.Connection) -> None:
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")


def test_that_a_full_disk_stops_the_run_with_every_row_accounted_for(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", [f"customer-{n}" for n in range(400)], chunk_size=1, open_jobs=4)
    freed: list[str] = []
    last = list(engine_over(stand, fill_the_disk, freed).run())[-1]
    assert isinstance(last, RunPaused)
    assert (last.reason, bool(freed)) == ("disk", True)
    assert stand.facts.state in (RunState.INTERRUPTED, RunState.PAUSED)
    assert not stand.server.wrongs
    counts = stand.facts.counts
    assert counts.succeeded + counts.unknown >= sum(stand.server.applied.values())
    stand.send()
    assert not stand.server.wrongs
    assert sum(stand.server.applied.values()) + stand.facts.counts.unknown >= 400


def test_that_a_job_is_written_down_on_a_full_disk_once_the_reserve_is_freed(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "ab")
    db = schema.open_to_write(stand.shelf.path(stand.run))
    sending = sending_of(stand.shelf, stand.run, stand.client, db, settings=stand.settings)
    sending.free_reserve = lambda: db.execute("PRAGMA query_only = OFF") and None
    told = []
    for event in Engine(sending, on_close=db.close).run():
        told.append(event)
        if isinstance(event, ChunkSending):
            db.execute("PRAGMA query_only = ON")
    assert any(isinstance(event, ChunkAccepted) for event in told)
    last = told[-1]
    assert isinstance(last, RunPaused)
    assert (last.reason, figures(last.counts)) == ("disk", {"succeeded": 2})
