"""Fingerprints find every repeat that a look at all items finds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.checking.model import ItemDraft, RowResult, RowState
from gb_desktop.runs.repeats import KEYS, Fingerprints, repeated
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.store import RunStore

IDENTS = (*(f"T-{number}" for number in range(40)), "t-1", "T-é", "t-É", "ΑΣ", "ας", None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    shelf = Shelf(tmp_path)
    with closing(RunStore.open(shelf.path(shelf.create()))) as opened:
        yield opened


def _draft(chance: random.Random, number: int, shared: bool) -> ItemDraft:
    if not shared:
        own = str(number)
        return ItemDraft(number, own, own, own, "1", number.to_bytes(16), "{}")
    content = chance.randrange(60).to_bytes(16)
    customer, time = f"C{chance.randrange(60)}", chance.choice(("t1", "t2", None))
    return ItemDraft(number, customer, chance.choice(IDENTS), time, "1", content, "{}")


def _results(shared: bool) -> list[RowResult]:
    chance = random.Random(7)
    return [RowResult(n, RowState.READY, _draft(chance, n, shared), n) for n in range(2, 122)]


def _added(store: RunStore, results: list[RowResult]) -> Fingerprints:
    store.begin_check(KEYS)
    store.add_results(results)
    store.settle()
    prints = Fingerprints()
    prints.add([one.item for one in results if one.item])
    return prints


@pytest.mark.parametrize("what", KEYS)
def test_that_fingerprints_find_what_a_look_at_all_items_finds(store: RunStore, what: str) -> None:
    prints = _added(store, _results(shared=True))

    expected = list(repeated(store.connection, what))

    assert expected
    assert all(len(items) > 1 and items == sorted(items) for _, items in expected)
    assert list(repeated(store.connection, what, prints)) == expected
    assert list(store.repeated(what)) == expected


@pytest.mark.parametrize("what", ["time", "content", "customer"])
def test_that_repeats_are_counted(store: RunStore, what: str) -> None:
    _added(store, _results(shared=True))
    groups = [items for _, items in store.repeated(what)]
    assert store.count_repeated(what) == (len(groups), sum(map(len, groups)))


@pytest.mark.parametrize("what", KEYS)
def test_that_items_that_differ_are_not_looked_up(store: RunStore, what: str) -> None:
    prints = _added(store, _results(shared=False))

    assert prints.alike(what) == []
    assert list(store.repeated(what)) == []


def test_that_an_item_that_is_refused_meanwhile_no_longer_repeats_anything(store: RunStore) -> None:
    prints = _added(store, _results(shared=True))
    store.connection.execute("DELETE FROM items WHERE item > 2")

    assert list(repeated(store.connection, "customer", prints)) == []


def test_that_every_row_of_a_ready_stretch_belongs_to_its_own_item(store: RunStore) -> None:
    results = _results(shared=False)
    out_of_order = [results[index] for index in (3, 0, 7, 6)]  # its ends are as far apart as it is long
    store.begin_check(KEYS)

    store.add_results(out_of_order)
    store.add_results(results[10:])
    store.add_results([RowResult(results[1].row, RowState.READY, None, results[0].row)])
    store.finish_check()

    kept = store.connection.execute("SELECT row, state, item, reason FROM checked ORDER BY row").fetchall()
    added = sorted([*out_of_order, *results[10:]], key=lambda one: one.row)
    expected = [(one.row, 0, one.row, None) for one in added]
    assert kept == sorted([*expected, (results[1].row, 0, results[0].row, None)])
