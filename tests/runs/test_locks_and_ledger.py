"""Locks between real processes, stop requests, the ledger, content hashes and the wire codec."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gb_desktop.runs import schema
from gb_desktop.runs.contents import Hashes, content_hashes
from gb_desktop.runs.events import Counts
from gb_desktop.runs.ledger import Ledger, LedgerRun
from gb_desktop.runs.locks import FileLock, StopRequest, is_locked
from gb_desktop.runs.model import AccountFacts, ChunkLine, ChunkState, RunError, RunFacts, RunState, SendSettings
from gb_desktop.runs.references import reference
from gb_desktop.runs.wire import from_wire, to_wire
from tests.runs.rig import planned_run, shelf_in

HOLDER = """
import sys
from pathlib import Path
from gb_desktop.runs.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process(path: Path) -> Iterator[tuple[subprocess.Popen[str], bool]]:
    """A process that tries to take the lock and keeps it until the block ends; whether it got it."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        yield child, child.stdout.readline().strip() == "True"
        child.kill()


def test_that_one_process_alone_holds_a_lock_and_its_death_frees_it(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "run.sender"
    with another_process(path) as (child, got):
        assert got
        assert is_locked(path)
        with pytest.raises(RunError, match="Another window or command") as refused, FileLock(path):
            pass
        assert refused.value.reason == "locked"
        child.kill()
        child.wait()
        assert not is_locked(path)
    with FileLock(path), another_process(path) as (_, got):
        assert not got


def test_that_a_stop_request_is_taken_once_with_what_it_asks(tmp_path: Path) -> None:
    request = StopRequest(tmp_path / "locks" / "run.stop")
    assert request.take() is None
    request.leave(also_jobs=True)
    assert request.take() is True
    assert request.take() is None
    request.leave(also_jobs=False)
    assert request.take() is False


def entry(run: str, **changes: object) -> LedgerRun:
    values = {
        "run": run, "fingerprint": "f", "environment": "live", "type": "cashback", "ordered": "o", "unordered": "u",
        "sent_at": "2026-03-01T10:00:00Z", "state": "finished",
    }  # fmt: skip
    return LedgerRun(**{**values, **changes})  # type: ignore[arg-type]


def test_that_the_ledger_finds_the_same_items_under_the_same_key_only(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.record(entry("one"))
    ledger.record(entry("two", fingerprint="other"))
    ledger.record(entry("three", type="redeem"))
    ledger.record(entry("four", ordered="o2", sent_at="2026-03-02T10:00:00Z"))
    assert [found.run for found in ledger.like("f", "cashback", "u")] == ["four", "one"]


def test_that_a_recorded_run_is_brought_up_to_date_not_added_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.record(entry("one", state="sending"))
    ledger.update("one", "needs_attention", 3)
    found = ledger.like("f", "cashback", "u")
    assert [(one.state, one.unknown) for one in found] == [("needs_attention", 3)]


def test_that_an_id_names_the_first_of_the_other_runs_that_sent_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.remember_idents("f", "cashback", "one", [("T-1", 2)])
    ledger.remember_idents("f", "cashback", "two", [("T-1", 9), ("T-2", 3)])
    assert ledger.known("f", "cashback", ["T-1", "T-2", "T-3"], but="three") == {"T-1": "one", "T-2": "two"}
    assert ledger.known("f", "cashback", ["T-1", "T-2"], but="two") == {"T-1": "one"}
    assert ledger.known("f", "cashback", ["T-1"], but="one") == {"T-1": "two"}
    assert ledger.known("f", "redeem", ["T-1"], but="") == {}


def test_that_the_ledger_tells_whether_an_account_has_sent_with_any_of_its_keys(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.record(entry("one", environment="live"))
    ledger.follow_keys("f", "new")
    assert ledger.has_sent("f", "live")
    assert ledger.has_sent("new", "live")
    assert not ledger.has_sent("f", "test")
    assert not ledger.has_sent("", "live")


def test_that_the_keys_an_account_sent_with_last_are_found_by_its_name(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.record(entry("one", account="Café", sent_at="2026-03-01T10:00:00Z"))
    ledger.record(entry("two", account="CAFÉ", fingerprint="newer", sent_at="2026-03-02T10:00:00Z"))
    ledger.record(entry("three", account="Café", fingerprint="tests", environment="test", sent_at="2026-04-01"))
    ledger.record(entry("four", account="Bar", fingerprint="bar", sent_at="2026-04-01"))
    assert ledger.last_keys("café", "live") == "newer"
    assert ledger.last_keys("café", "test") == "tests"
    assert ledger.last_keys("tea room", "live") == ""


def test_that_a_ledger_without_names_of_accounts_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger(path).record(entry("one"))
    with closing(sqlite3.connect(path)) as db:
        db.execute("ALTER TABLE runs DROP COLUMN account")
    for _ in range(2):  # opened for the first time, and again
        ledger = Ledger(path)
        assert [(one.run, one.account) for one in ledger.like("f", "cashback", "u")] == [("one", "")]
    ledger.record(entry("two", account="Shop"))
    assert ledger.last_keys("Shop", "live") == "f"


def test_that_the_ledger_is_for_this_user_alone(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger.sqlite")
    assert (tmp_path / "ledger.sqlite").stat().st_mode & 0o777 == 0o600


def hashes_of(tmp_path: Path, contents: Sequence[bytes]) -> Hashes:
    shelf = shelf_in(tmp_path)
    run = planned_run(shelf, "events", ["c"] * len(contents), again=True)
    with closing(schema.open_to_write(shelf.path(run))) as db:
        for item, content in enumerate(contents, 2):
            db.execute("UPDATE items SET content = ? WHERE item = ?", (content, item))
        return content_hashes(db)


def test_that_only_the_ordered_hash_sees_another_order(tmp_path: Path) -> None:
    one, two, three = (hashlib.md5(name, usedforsecurity=False).digest() for name in (b"1", b"2", b"3"))
    first, second = hashes_of(tmp_path, [one, two, three]), hashes_of(tmp_path, [three, one, two])
    assert first.unordered == second.unordered
    assert first.ordered != second.ordered
    assert first == hashes_of(tmp_path, [one, two, three])


def test_that_two_equal_rows_do_not_cancel_each_other_out(tmp_path: Path) -> None:
    one, two = (hashlib.md5(name, usedforsecurity=False).digest() for name in (b"1", b"2"))
    assert hashes_of(tmp_path, [one, one]).unordered != hashes_of(tmp_path, [two, two]).unordered
    assert hashes_of(tmp_path, [one, one, two]).unordered != hashes_of(tmp_path, [two]).unordered


def test_that_references_are_short_and_differ_by_run_and_row() -> None:
    found = {reference(run, item) for run in ("20260301-101500-abcd", "20260301-101500-abce") for item in range(2, 500)}
    assert len(found) == 2 * 498
    assert max(len(one) for one in found) <= 16
    assert len(reference("20260301-101500-abcd", 1_048_576)) <= 16


@pytest.mark.parametrize(
    "value",
    [
        Counts(rows=3, succeeded=1, failed=2),
        AccountFacts("Shop", "live", "https://x", "v4.1", "f", frozenset({"email", "mobile"}), "money", "b"),
        SendSettings(chunk_size=10, failure_share=0.5),
        RunFacts("run", RunState.NEEDS_ATTENTION, "cashback", "2026-03-01T10:00:00Z", counts=Counts(rows=1)),
        ChunkLine(1, ChunkState.UNSURE, "7", 2, 2, 0, 0, 2, 1, 0.25, "lost"),
    ],
)
def test_that_values_come_back_from_the_wire_as_they_went(value: object) -> None:
    assert from_wire(type(value), to_wire(value)) == value


@given(merge=st.frozensets(st.text(max_size=5), max_size=3), name=st.text(max_size=20), wait=st.floats(0, 1e6))
def test_that_any_text_and_number_survives_the_wire(merge: frozenset[str], name: str, wait: float) -> None:
    facts = AccountFacts(name, "test", name, "v4.0", name, merge)
    assert from_wire(AccountFacts, to_wire(facts)) == facts
    assert from_wire(SendSettings, to_wire(SendSettings(wait_network=wait))).wait_network == wait
