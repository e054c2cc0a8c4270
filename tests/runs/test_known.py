"""IDs that were sent before: named by row and run, left out or sent as a person says, free again when refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gb_desktop.catalog import batch_type
from gb_desktop.checking.model import RowResult, RowState
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.events import Event, RunFinished, RunPaused
from gb_desktop.runs.freeze import freeze
from gb_desktop.runs.known import known_rows, known_sentence
from gb_desktop.runs.ledger import Ledger
from gb_desktop.runs.model import KnownId, Review, RunError, SendSettings
from gb_desktop.runs.repeats import KEYS
from gb_desktop.runs.review import review_of
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.model import Row
from tests.runs.rig import PRACTICE, draft_of, planned_run
from tests.runs.stand import Stand, end_of, figures
from tests.runs.test_line import engine_in_line

CASHBACK = batch_type("cashback")


@contextmanager
def draft(stand: Stand, rows: Sequence[int]) -> Iterator[RunStore]:
    """A checked draft on the stand's shelf, its row n having the ID T-n."""
    run = planned_run(stand.shelf, "cashback", [f"customer-{row}" for row in rows], again=True)
    with closing(RunStore.open(stand.shelf.path(run))) as store:
        store.stage(Row(row, [f"customer-{row}"]) for row in rows)
        store.begin_check(KEYS)
        store.add_results(RowResult(row, RowState.READY, draft_of("cashback", row, f"customer-{row}")) for row in rows)
        store.finish_check()
        yield store


def reviewed(stand: Stand, store: RunStore) -> Review:
    return review_of(store, CASHBACK, PRACTICE, SendSettings(), stand.shelf.ledger)


def sent(stand: Stand) -> list[Event]:
    return list(engine_in_line(stand).run())


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    """A run of cashback for the IDs T-2 to T-5, not sent yet."""
    return Stand(tmp_path, "cashback", "abcd")


def test_that_every_id_of_another_run_is_named_with_its_row_and_run(stand: Stand) -> None:
    sent(stand)
    with draft(stand, [4, 5, 6]) as store:
        review = reviewed(stand, store)
    assert (review.known_ids, review.known) == (2, (KnownId(4, "T-4", stand.run), KnownId(5, "T-5", stand.run)))
    sentence = known_sentence(review.known_ids, review.known)
    assert all(word in sentence for word in ("T-4", "row 4", "T-5", stand.run))


def test_that_every_item_of_such_an_id_is_found(stand: Stand) -> None:
    sent(stand)
    with draft(stand, [4, 5, 6]) as store:
        store.connection.execute("UPDATE items SET ident = 'T-4' WHERE item = 6")
        assert known_rows(store, CASHBACK, PRACTICE, stand.shelf.ledger) == dict.fromkeys([4, 5, 6], stand.run)


def test_that_nothing_is_planned_from_them_without_a_persons_word(stand: Stand) -> None:
    sent(stand)
    with draft(stand, [5, 6]) as store:
        review = reviewed(stand, store)
        with pytest.raises(RunError) as refused:
            freeze(store, CASHBACK, PRACTICE, SendSettings(), review, False, lambda _: None)
        assert refused.value.reason == "known"
        freeze(store, CASHBACK, PRACTICE, SendSettings(), review, True, lambda _: None)
        assert store.connection.execute("SELECT sum(items) FROM chunks").fetchone() == (2,)


def test_that_rows_left_out_for_their_ids_say_which_run_sent_them(stand: Stand) -> None:
    sent(stand)
    with draft(stand, [5, 6]) as store:
        edits = Edits(store)
        known = known_rows(store, CASHBACK, PRACTICE, stand.shelf.ledger)
        assert edits.leave_out_known(known, "1 row was left out.") == [5]
        store.connection.execute("UPDATE checked SET state = 2, reason = 'left out' WHERE row = 5")
        edits.tell_known()
        found = store.connection.execute("SELECT reason FROM checked WHERE row = 5").fetchone()
        assert found == (f"sent before: {stand.run}",)
        assert reviewed(stand, store).left_known == 1
        edits.undo()
        assert edits.known_rows() == []
        assert edits.redo() == [5]
        assert edits.known_rows() == [5]


def test_that_a_refused_rows_id_may_go_again_and_an_applied_ones_is_named(stand: Stand) -> None:
    stand.server.jobs_to_come.append("refused")  # the first row of the first job
    assert figures(end_of(sent(stand)).counts) == {"succeeded": 3, "failed": 1}
    failed = next(item for item, outcome in stand.outcomes.items() if outcome == "failed")
    with draft(stand, [2, 3, 4, 5]) as store:
        assert sorted(known_rows(store, CASHBACK, PRACTICE, stand.shelf.ledger)) == sorted({2, 3, 4, 5} - {failed})


def test_that_an_id_gameball_knows_already_is_not_free(stand: Stand) -> None:
    stand.server.idents["T-2"] = "paid from another computer"
    assert figures(end_of(sent(stand)).counts) == {"succeeded": 3, "failed": 1}
    with draft(stand, [2]) as store:
        assert reviewed(stand, store).known_ids == 1


def test_that_rows_of_a_request_that_never_left_were_not_sent(stand: Stand) -> None:
    stand.server.posts.extend(["ok", *["offline"] * 1000])
    assert figures(end_of(sent(stand)).counts) == {"succeeded": 2, "not_sent": 2}
    with draft(stand, [2, 3, 4, 5]) as store:
        assert reviewed(stand, store).known_ids == 2


def test_that_rows_of_unknown_outcome_are_named_too(stand: Stand) -> None:
    stand.server.posts.extend(["lost-before"] * 20)
    assert figures(end_of(sent(stand)).counts)["unknown"] >= 2
    with draft(stand, [2]) as store:
        assert reviewed(stand, store).known_ids == 1


def test_that_a_freed_id_belongs_to_the_run_that_sends_it_next(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.remember_idents("f", "cashback", "one", [("T-1", 2), ("T-2", 3)])
    ledger.free_idents("f", "cashback", "two", ["T-1"])  # not its own
    assert ledger.known("f", "cashback", ["T-1"], but="") == {"T-1": "one"}
    ledger.free_idents("f", "cashback", "one", ["T-1"])
    assert ledger.known("f", "cashback", ["T-1", "T-2"], but="") == {"T-2": "one"}
    ledger.remember_idents("f", "cashback", "two", [("T-1", 9)])
    assert ledger.known("f", "cashback", ["T-1"], but="") == {"T-1": "two"}


def test_that_all_keys_of_an_account_know_what_any_of_them_sent(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.remember_idents("old", "cashback", "one", [("T-1", 2)])
    ledger.follow_keys("old", "new")
    ledger.follow_keys("new", "newest")
    ledger.remember_idents("newest", "cashback", "two", [("T-1", 2), ("T-2", 3)])
    for fingerprint in ("old", "new", "newest"):
        assert ledger.known(fingerprint, "cashback", ["T-1", "T-2"], but="three") == {"T-1": "one", "T-2": "two"}
        assert ledger.known(fingerprint, "cashback", ["T-1"], but="one") == {"T-1": "two"}
    assert ledger.known("others", "cashback", ["T-1", "T-2"], but="") == {}


def test_that_a_run_refused_under_the_old_keys_frees_its_ids_under_the_new_ones(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.remember_idents("old", "cashback", "one", [("T-1", 2)])
    ledger.follow_keys("old", "new")
    ledger.free_idents("new", "cashback", "one", ["T-1"])
    assert ledger.known("old", "cashback", ["T-1"], but="") == {}


def test_that_a_run_under_the_old_keys_asks_about_ids_that_went_with_the_new_ones(stand: Stand) -> None:
    twin = planned_run(stand.shelf, "cashback", "abcd", settings=stand.settings)
    new = replace(PRACTICE, fingerprint="e" * 16)
    stand.shelf.ledger.follow_keys(PRACTICE.fingerprint, new.fingerprint)
    assert isinstance(end_of(list(engine_in_line(stand, account=new).run())), RunFinished)
    sent = list(stand.server.requests)
    last = end_of(list(engine_in_line(stand, twin).run()))
    assert isinstance(last, RunPaused)
    assert (last.reason, "could pay twice" in last.sentence) == ("again", True)
    assert stand.server.requests == sent


def test_that_an_id_that_two_runs_sent_is_free_when_both_were_refused(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.remember_idents("f", "cashback", "one", [("T-1", 2)])  # killed before it could say that T-1 was refused
    ledger.remember_idents("f", "cashback", "two", [("T-1", 2)])  # with a person's word
    assert ledger.known("f", "cashback", ["T-1"], but="one") == {"T-1": "two"}
    ledger.free_idents("f", "cashback", "one", ["T-1"])
    assert ledger.known("f", "cashback", ["T-1"], but="") == {"T-1": "two"}
    ledger.free_idents("f", "cashback", "two", ["T-1"])
    assert ledger.known("f", "cashback", ["T-1"], but="") == {}


def test_that_ids_in_an_older_ledger_stay_known(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as db:
        db.executescript(
            "CREATE TABLE idents (fingerprint TEXT NOT NULL, type TEXT NOT NULL, ident TEXT NOT NULL, "
            "run TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (fingerprint, type, ident)) STRICT, WITHOUT ROWID;"
            "INSERT INTO idents VALUES ('f', 'cashback', 'T-1', 'one', 2);"
        )
    for _ in range(2):  # opened for the first time, and again
        ledger = Ledger(tmp_path / "ledger.sqlite")
        assert ledger.known("f", "cashback", ["T-1"], but="") == {"T-1": "one"}
    ledger.remember_idents("f", "cashback", "two", [("T-1", 2)])
    assert ledger.known("f", "cashback", ["T-1"], but="one") == {"T-1": "two"}
