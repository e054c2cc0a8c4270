"""From a hundred dirty rows to rows that can be sent, by the offered fixes alone, in a real run file; and all the way
back and forth again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.catalog import BATCH_TYPES
from gb_desktop.checking.model import Severity
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.drafting import Drafting
from gb_desktop.runs.model import AccountFacts, CheckSummary, FixOffer, Loaded, SendSettings
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.wire import to_wire
from gb_desktop.workbook.model import Row, Skipped
from tests.checking.sheets import columns, mapping_of
from tests.checking.test_dirty_sheets import ROWS, SETTINGS, SHEETS, dirty

FACTS = AccountFacts("Practice", "practice", "http://127.0.0.1", "v4.0", "f", unit="points")
NOW_MS = 1_773_576_000_000  # 2026-03-15 12:00 UTC, before which the sheets' good times lie
LEAVE_OUT = "leave-out"


class Draft:
    """A dirty sheet of one batch type in a run file, opened as the worker opens it."""

    def __init__(self, folder: Path, key: str) -> None:
        self.shelf = Shelf(folder)
        self.run = self.shelf.create()
        self.key = key
        kinds = SHEETS[key]
        self.open()
        store = self.drafting._drafted.store
        table, self.expected = dirty(kinds)
        store.stage(Row(number, values) for number, values in enumerate(table, 2))
        loaded = Loaded("Sheet", 1, tuple(columns(*kinds.good)), ROWS, Skipped())
        store.meta.update(type=key, loaded=to_wire(loaded), sheet="Sheet", file="dirty.xlsx")
        self.mapping: Mapping = mapping_of(key, SETTINGS, **{path: path for path in kinds.good})

    def open(self) -> None:
        shelf, run = self.shelf, self.run
        self.drafting = Drafting(lambda _: None)
        self.drafting.open(shelf.path(run), shelf.copies(run), shelf.folder / "ledger.sqlite", shelf.mappings, False)
        self.call = self.drafting.command

    def check(self) -> CheckSummary:
        found: CheckSummary = self.call("check")(self.mapping, FACTS)
        return found

    def restart(self) -> None:
        """As if the app had been closed and opened again."""
        self.drafting.close()
        self.open()

    def sheet(self) -> list[tuple[int, str, bool]]:
        """Every cell, what is left out, and how cells are read."""
        store = self.drafting._drafted.store
        rows = [(row.row, repr(list(row.values)), row.excluded) for row in store.staged_rows()]
        return [*rows, (0, repr(store.meta.get("mapping")), False)]

    def found(self) -> dict[str, list[Any]]:
        """What the check left behind."""
        db = self.drafting._drafted.store.connection
        queries = {
            "checked": "SELECT row, state, item, reason FROM checked ORDER BY row",
            "items": "SELECT item, customer, ident, amount, content FROM items ORDER BY item",
            "problems": "SELECT row, field, col, code, message FROM problems ORDER BY row, code, field, message",
        }
        return {name: db.execute(query).fetchall() for name, query in queries.items()}


@contextmanager
def draft_of(key: str) -> Iterator[Draft]:
    with tempfile.TemporaryDirectory() as folder:
        made = Draft(Path(folder), key)
        try:
            yield made
        finally:
            made.drafting.close()


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gb_desktop.runs.drafted.time.time_ns", lambda: NOW_MS * 1_000_000)


def best(offers: tuple[FixOffer, ...]) -> FixOffer:
    """What a person would try first: the first fix that settles something, leaving out only where there is none."""
    mending = [offer for offer in offers if offer.key != LEAVE_OUT and offer.after < offer.before]
    return (mending or list(offers))[0]


def mend(draft: Draft, summary: CheckSummary) -> tuple[CheckSummary, int]:
    """Mend group after group until no error is left; the last summary, and how many fixes that took."""
    for done in range(200):
        errors = [group for group in summary.groups if group.severity is Severity.ERROR]
        if not errors:
            return summary, done
        code, field = errors[0].code, errors[0].field
        summary = draft.call("apply_fix")(code, field, best(draft.call("fixes")(code, field)).key)
    raise AssertionError("the fixes lead nowhere")


@pytest.mark.parametrize("key", [one.key for one in BATCH_TYPES])
def test_that_the_offered_fixes_make_a_dirty_sheet_sendable(key: str) -> None:
    with draft_of(key) as draft:
        summary = draft.check()
        told = {row: code for row, _, _, code, _ in draft.found()["problems"]}
        assert told == draft.expected
        summary, fixes = mend(draft, summary)
        counts = summary.counts
        assert (counts.errors, counts.ready + counts.excluded) == (0, ROWS)
        assert counts.ready > ROWS // 2
        assert counts == draft.drafting._parts[1]._check().counts
        review = draft.call("prepare")(FACTS, SendSettings(), False)
        assert review.rows == counts.ready
        assert fixes <= len(set(draft.expected.values())) * 2


@pytest.mark.parametrize("key", ["cashback", "redeem", "customers", "events"])
def test_that_every_fix_can_be_undone_and_done_again_even_after_a_restart(key: str) -> None:
    with draft_of(key) as draft:
        summary = draft.check()
        before, problems = draft.sheet(), draft.found()
        mend(draft, summary)
        after, mended = draft.sheet(), draft.found()
        draft.restart()
        while draft.call("history")()[0]:
            draft.call("undo")()
        assert (draft.sheet(), draft.found()) == (before, problems)
        draft.restart()
        while draft.call("history")()[1]:
            draft.call("redo")()
        assert (draft.sheet(), draft.found()) == (after, mended)


operations = st.lists(
    st.one_of(
        st.tuples(st.just("fix"), st.integers(0, 9), st.integers(0, 3)),
        st.tuples(st.just("fix"), st.integers(0, 9), st.integers(0, 3)),
        st.tuples(st.just("edit"), st.integers(2, ROWS + 1), st.integers(0, 5), st.sampled_from(["", "7", "C-1", "x"])),
        st.tuples(st.just("group"), st.integers(0, 9)),
        st.tuples(st.just("out"), st.lists(st.integers(2, ROWS + 1), max_size=3), st.booleans()),
        st.tuples(st.just("replace"), st.sampled_from(["C-", "0", "a"]), st.sampled_from(["", "c-", "00"])),
        st.tuples(st.sampled_from(["undo", "redo", "restart"])),
    ),
    min_size=2,
    max_size=8,
)


def do(draft: Draft, summary: CheckSummary, step: tuple[Any, ...]) -> CheckSummary:
    """One operation of a person on what the check shows."""
    kind, *rest = step
    if kind == "restart":
        draft.restart()
        return summary
    done = summary
    if kind in ("fix", "group") and summary.groups:
        group = summary.groups[rest[0] % len(summary.groups)]
        if kind == "group":
            done = draft.call("exclude_group")(group.code, group.field, True)
        else:
            offers = draft.call("fixes")(group.code, group.field)
            done = draft.call("apply_fix")(group.code, group.field, offers[rest[1] % len(offers)].key)
    elif kind == "edit":
        done = draft.call("edit")(*rest)
    elif kind == "out":
        done = draft.call("exclude")(*rest)
    elif kind == "replace":
        done = draft.call("replace")(None, *rest)
    elif kind in ("undo", "redo"):
        done = draft.call(kind)()
    return done


@pytest.mark.parametrize("key", ["cashback", "customers", "orders"])
@settings(max_examples=12)
@given(steps=operations)
def test_that_undoing_whatever_was_done_is_the_original_and_redoing_it_the_same(
    key: str, steps: list[tuple[Any, ...]]
) -> None:
    with draft_of(key) as draft:
        summary = draft.check()
        original, problems = draft.sheet(), draft.found()
        for step in steps:
            summary = do(draft, summary, step)
        while draft.call("history")()[1]:
            summary = draft.call("redo")()
        last, found = draft.sheet(), draft.found()
        whole = draft.drafting._parts[1]._check()
        assert (summary.counts, summary.groups, draft.found()) == (whole.counts, whole.groups, found)
        while draft.call("history")()[0]:
            draft.call("undo")()
        assert (draft.sheet(), draft.found()) == (original, problems)
        draft.restart()
        while draft.call("history")()[1]:
            draft.call("redo")()
        assert (draft.sheet(), draft.found()) == (last, found)
