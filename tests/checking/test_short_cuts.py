"""Checking by short cuts, whole columns at a time, gives what the plain parsers give row by row, for any sheet."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.catalog import BATCH_TYPES, BatchType
from gb_desktop.checking.check import _sentences, check
from gb_desktop.checking.fast import Piece
from gb_desktop.checking.model import Problem
from gb_desktop.mapping.items import build_item, wire_json
from gb_desktop.mapping.reading import Reading
from tests.checking.memory_store import MemoryStore
from tests.checking.plainly import Plainly, plain_check
from tests.checking.random_sheets import RandomSheet, sheets

BATCHES = st.sampled_from([1, 7, 100, 150, 2_000])


def _alike(sheet: RandomSheet, batch: int) -> None:
    """Both checks of a sheet come to the same."""
    store = MemoryStore(sheet.rows, batch)
    outcome = check(store, sheet.kind, sheet.columns, sheet.mapping, sheet.context)
    plainly = plain_check(sheet)
    expected = plainly.store
    assert store.results == expected.results
    assert store.items == expected.items
    assert store.states == expected.states
    assert _counted(store.problems) == _counted(expected.problems)
    assert outcome.evidence == plainly.evidence
    assert sorted(outcome.changes) == sorted(_sentences(plainly.changes))
    _mean_their_cells(sheet, plainly)


def _counted(problems: Iterable[Problem]) -> Counter[Problem]:
    return Counter(one for one in problems if one.row)


def _mean_their_cells(sheet: RandomSheet, plainly: Plainly) -> None:
    """The items of rows that stand for themselves hold just what their cells were read as, and all that is needed."""
    plan = plainly.checker.plan
    if plan.joined or plan.made:
        return
    paths = [one.field.path for one in plan.read]
    for row, result in zip(sheet.rows, plainly.results, strict=True):
        if result.item is not None:
            read = [_fragment(piece) for piece in plainly.checker.pieces(row.values)]
            assert all(fragment or not one.needed for fragment, one in zip(read, plan.read, strict=True))
            values = {path: fragment and _told(fragment) for path, fragment in zip(paths, read, strict=True)}
            assert _told(result.item.body) == build_item(sheet.kind, values)


def _fragment(piece: Piece) -> str | None:
    if isinstance(piece, Reading):
        return None if piece.value is None else wire_json(piece.value)
    return piece


def _told(text: str) -> Any:
    """JSON with its numbers as they are written."""
    return json.loads(text, parse_float=str, parse_int=str)


@pytest.mark.parametrize("kind", BATCH_TYPES, ids=lambda kind: kind.key)
def test_that_a_sheet_read_by_short_cuts_gives_what_its_cells_give_one_by_one(kind: BatchType) -> None:
    @settings(max_examples=60)
    @given(sheets([kind]), BATCHES)
    def compare(sheet: RandomSheet, batch: int) -> None:
        _alike(sheet, batch)

    compare()


@pytest.mark.full
@pytest.mark.parametrize("kind", BATCH_TYPES, ids=lambda kind: kind.key)
def test_that_thousands_of_sheets_read_by_short_cuts_give_what_their_cells_give(kind: BatchType) -> None:
    @settings(max_examples=3_000)
    @given(sheets([kind]), BATCHES)
    def compare(sheet: RandomSheet, batch: int) -> None:
        _alike(sheet, batch)

    compare()
