"""Random sheets through a real run file: staged, checked by one process or several, and stored, as the parsers say."""

from __future__ import annotations

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.catalog import BATCH_TYPES, BatchType, batch_type
from gb_desktop.checking.check import batch_checker, check
from gb_desktop.checking.checked import Checked, CheckFacts, ReadyRows
from gb_desktop.checking.model import RowResult, RowState
from gb_desktop.runs import schema
from gb_desktop.runs.crew import checked_together
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.staged import Span, Staged
from gb_desktop.runs.store import SEVERITY_NUMBER, STATE_NUMBER, RunStore
from gb_desktop.workbook.cells import decode_row, encode_row
from gb_desktop.workbook.model import Row
from tests.checking.plainly import plain_check, plain_checker
from tests.checking.random_sheets import RandomSheet, sheets

SPAN = 7  # rows of a batch, where several processes check few rows


@contextmanager
def _run_file(sheet: RandomSheet) -> Iterator[tuple[Path, RunStore]]:
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        path = shelf.path(shelf.create())
        with closing(RunStore.open(path)) as store:
            store.stage(Row(row.row, row.values, row.flag) for row in sheet.rows)
            left_out = [(row.row,) for row in sheet.rows if row.excluded]
            store.connection.executemany("INSERT INTO left_out VALUES (?)", left_out)
            yield path, store


def _as_stored(sheet: RandomSheet) -> RandomSheet:
    """The sheet as a run file holds it: numbers that are none are errors there."""
    return replace(
        sheet, rows=tuple(row._replace(values=decode_row(encode_row(list(row.values)))) for row in sheet.rows)
    )


def _stored_alike(sheet: RandomSheet) -> None:
    """What a check leaves in the run file is what the plain parsers say."""
    plainly = plain_check(_as_stored(sheet))
    with _run_file(sheet) as (_, store):
        outcome = check(store, sheet.kind, sheet.columns, sheet.mapping, sheet.context)
        db = store.connection
        items = db.execute("SELECT item, customer, ident, time, amount, content, body FROM items ORDER BY item")
        assert items.fetchall() == [tuple(item) for _, item in sorted(plainly.store.items.items())]
        checked = {row: rest for row, *rest in db.execute("SELECT row, state, item, reason FROM checked")}
        assert checked == {row: _stored(result, plainly.store.states[row]) for row, result in _by_row(plainly.results)}
        problems = db.execute("SELECT row, field, col, code, severity, message FROM problems WHERE row > 0")
        assert Counter(problems) == Counter(
            (one.row, one.field, one.column, one.code, SEVERITY_NUMBER[one.severity], one.message)
            for one in plainly.store.problems
        )
        assert outcome.evidence == plainly.evidence
        blocked = {item for (item,) in db.execute("SELECT item FROM blocked_items")}
        assert blocked == {row for row, result in _by_row(plainly.results) if result.item} - set(plainly.store.items)


def _by_row(results: Sequence[RowResult]) -> Iterator[tuple[int, RowResult]]:
    return ((result.row, result) for result in results)


def _stored(result: RowResult, state: RowState) -> list[object]:
    item = result.item.item if result.item else result.item_number
    return [STATE_NUMBER[state], item if state is RowState.READY else None, result.reason or None]


def _shared_alike(sheet: RandomSheet, processes: int) -> None:
    """What batches of a run file come to, here or in other processes, is what the plain parsers say."""
    plainly = plain_check(_as_stored(sheet))
    plan = plainly.checker.plan
    if plan.joined or plan.made:  # such rows are not for other processes
        return
    facts = CheckFacts(sheet.kind.key, sheet.columns, sheet.mapping, sheet.context, plainly.evidence)
    with _run_file(sheet) as (path, _), closing(schema.open_to_read(path)) as db:
        staged, checker = Staged(db), batch_checker(facts)
        spans = [(first, first + SPAN - 1) for first in range(1, len(sheet.rows) + 1, SPAN)]

        def own(span: Span) -> Checked:
            found: Checked = pickle.loads(pickle.dumps(checker.checked(staged.batch(span))))  # noqa: S301 - its own
            return found

        found = list(checked_together(path, facts, spans, own, processes))
    again = plain_checker(_as_stored(sheet), plainly.evidence)
    expected = [again.check(row) for row in _as_stored(sheet).rows]
    parts = [part.results() if isinstance(part, ReadyRows) else part for one in found for part in one.parts]
    assert [result for part in parts for result in part] == expected
    assert sum((one.changes for one in found), Counter[tuple[str, str]]()) == again.changes
    assert any(one.asking for one in found) == again.asking


@pytest.mark.parametrize("kind", BATCH_TYPES, ids=lambda kind: kind.key)
def test_that_a_check_leaves_in_the_run_file_what_the_parsers_say(kind: BatchType) -> None:
    @settings(max_examples=8)
    @given(sheets([kind]))
    def compare(sheet: RandomSheet) -> None:
        _stored_alike(sheet)
        _shared_alike(sheet, 0)

    compare()


@pytest.mark.parametrize("key", ["cashback", "customers", "order-transactions"])
def test_that_several_processes_find_what_the_parsers_say(key: str) -> None:
    @settings(max_examples=2)
    @given(sheets([batch_type(key)]), st.integers(1, 2))
    def compare(sheet: RandomSheet, processes: int) -> None:
        _shared_alike(sheet, processes)

    compare()


@pytest.mark.full
@pytest.mark.parametrize("kind", BATCH_TYPES, ids=lambda kind: kind.key)
def test_that_hundreds_of_stored_sheets_are_checked_as_the_parsers_say(kind: BatchType) -> None:
    @settings(max_examples=300)
    @given(sheets([kind]), st.integers(0, 1))
    def compare(sheet: RandomSheet, processes: int) -> None:
        _stored_alike(sheet)
        _shared_alike(sheet, processes)

    compare()
