"""What a column holds, and the view of one value's rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.runs.column_facts import MOST_LENGTHS, MOST_VALUES, column_facts
from gb_desktop.runs.grids import Shown
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.model import Mark, Marked, Row, Value
from tests.runs.rig import shelf_in

DAY = dt.date(2026, 3, 1)
MOMENT = dt.datetime.fromisoformat("2026-02-01T10:00")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    shelf = shelf_in(tmp_path)
    with closing(RunStore.open(shelf.path(shelf.create()))) as made:
        yield made


def stage(store: RunStore, *cells: Value) -> None:
    store.stage(Row(number, ["x", cell]) for number, cell in enumerate(cells, 2))


def test_that_values_are_counted_exactly_type_and_blanks_and_all(store: RunStore) -> None:
    stage(store, "Cairo", "Cairo ", "Cairo", 5.0, "5", True, None, "", Marked(Mark.ERROR, None, "#N/A"), "سارة")
    facts = column_facts(store.connection, 1)
    assert (facts.rows, facts.empty, facts.distinct) == (10, 2, 7)
    assert (facts.values[0].value, facts.values[0].count) == ("Cairo", 2)
    found = {(type(one.value), str(one.value)): one.count for one in facts.values}
    assert found[str, "Cairo "] == found[float, "5.0"] == found[str, "5"] == found[bool, "True"] == 1
    assert facts.range() == (5.0, 5.0)
    assert facts.lengths[0] == (1, 1, 1)


def test_that_numbers_come_before_dates_and_texts_have_neither(store: RunStore) -> None:
    stage(store, MOMENT, DAY, "later")
    assert column_facts(store.connection, 1).range() == (MOMENT, dt.datetime.combine(DAY, dt.time()))
    stage(store, -3.5, 12, DAY)
    assert column_facts(store.connection, 1).range() == (-3.5, 12.0)
    stage(store, "a", "bb")
    facts = column_facts(store.connection, 1)
    assert (facts.range(), facts.lengths) == (None, ((1, 1, 1), (2, 2, 1)))


def test_that_long_columns_are_told_in_few_lines(store: RunStore) -> None:
    stage(store, *("x" * n for n in range(1, 1001)))
    facts = column_facts(store.connection, 1)
    assert (facts.distinct, len(facts.values)) == (1000, MOST_VALUES)
    assert len(facts.lengths) <= MOST_LENGTHS
    assert (facts.lengths[0][0], facts.lengths[-1][1]) == (1, 1000)
    assert sum(count for _, _, count in facts.lengths) == 1000


def test_that_the_rows_of_exactly_one_value_are_shown(store: RunStore) -> None:
    stage(store, "Cairo", "Cairo ", 5.0, "5", MOMENT, "Cairo", None)
    shown = Shown(store)
    counts = {}
    for one in column_facts(store.connection, 1).values:
        counts[one.cell] = shown.show("value", "1", one.cell)
    assert counts == {'"Cairo"': 2, '"Cairo "': 1, "5.0": 1, '"5"': 1, '{"t":"2026-02-01T10:00:00"}': 1}
    assert shown.show("all") == 7


def test_that_f8_stays_among_the_rows_that_are_shown(store: RunStore) -> None:
    stage(store, "a", "b", "a", "b", "c")
    store.connection.executemany(
        "INSERT INTO problems (row, field, col, code, severity, message) VALUES (?, 'f', 1, ?, 1, 'm')",
        [(2, "one"), (3, "two"), (4, "one"), (5, "two")],
    )
    shown = Shown(store)
    assert shown.next_problem(2, False) == 3
    shown.show("problem", "one", "f")
    assert [shown.next_problem(2, False), shown.next_problem(4, False), shown.next_problem(2, True)] == [4, 2, 4]
    shown.show("value", "1", '"c"')  # none of them has a problem: then any row's
    assert shown.next_problem(2, False) == 3
