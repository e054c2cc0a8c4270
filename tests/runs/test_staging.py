"""Rows are written many with one statement: what stands in the run file is what one by one would have written."""

from __future__ import annotations

import math
from contextlib import closing
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.runs import grids, schema, staging
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.cells import encode_row
from gb_desktop.workbook.model import Mark, Marked, Row, RowFlag, Value
from tests.workbook.test_cells import CELLS

Stored = list[tuple[int, int, str, str]]
FLAGS = st.one_of(st.just(RowFlag.DATA), st.sampled_from(RowFlag))


def stored(folder: Path, rows: list[Row]) -> Stored:
    path = folder / "run.gbrun"
    path.unlink(missing_ok=True)
    schema.create(path).close()
    with closing(RunStore.open(path)) as store:
        assert store.stage(rows) == len(rows)
        return store.connection.execute("SELECT position, row, cells, flag FROM rows ORDER BY position").fetchall()


def one_by_one(rows: list[Row]) -> Stored:
    return [(at, row.number, encode_row(row.values), row.flag.value) for at, row in enumerate(rows, 1)]


@st.composite
def sheets(draw: st.DrawFn) -> list[Row]:
    """Rows of any cells, with gaps between their numbers."""
    steps = draw(st.lists(st.sampled_from((1, 1, 1, 1, 2, 50)), max_size=30))
    width = draw(st.integers(1, 4))
    cells = st.lists(CELLS, min_size=width, max_size=width)
    return [Row(number, draw(cells), draw(FLAGS)) for number in accumulate(steps, initial=draw(st.integers(1, 9)))]


@settings(deadline=None)
@given(sheet=sheets())
def test_that_any_rows_are_stored_as_one_by_one(tmp_path_factory: pytest.TempPathFactory, sheet: list[Row]) -> None:
    assert stored(tmp_path_factory.mktemp("any"), sheet) == one_by_one(sheet)


ORDINARY: list[Value] = ["P-1", None, 12.5, '“quoted” \\ " / \x00 \u2028 null ☕', 0.1, 1e300, 7, True, ""]


@pytest.mark.parametrize(
    ("numbers", "odd"),
    [
        (range(2, 25_002), {}),
        ([n for n in range(2, 25_002) if n % 900], {}),  # few gaps
        (range(2, 25_002, 2), {}),
        ([*range(2, 12_000), *range(20_000, 20_003), 30_000], {}),
        (range(2, 25_002), {11_111: RowFlag.HIDDEN, 25_001: RowFlag.TOTAL}),
    ],
    ids=["none missing", "few missing", "every second missing", "a long gap", "flags"],
)
def test_that_a_long_sheet_is_stored_as_one_by_one(tmp_path: Path, numbers: list[int], odd: dict[int, RowFlag]) -> None:
    rows = [Row(number, [*ORDINARY, number], odd.get(number, RowFlag.DATA)) for number in numbers]
    assert stored(tmp_path, rows) == one_by_one(rows)


def test_that_long_texts_are_stored_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_LONGEST", 100_000)
    rows = [Row(number, ["x" * 32_767, Marked(Mark.ERROR, None, "#N/A")]) for number in range(2, 60)]
    assert stored(tmp_path, rows) == one_by_one(rows)


def test_that_a_number_that_is_none_is_found_among_many_rows(tmp_path: Path) -> None:
    rows = [Row(number, [None, math.nan if number == 700 else 1.5]) for number in range(2, 1_000)]
    assert stored(tmp_path, rows) == one_by_one(rows)
    assert "#NUM!" in one_by_one(rows)[698][2]


def test_that_hidden_rows_are_counted_by_an_index_of_theirs(tmp_path: Path) -> None:
    stored(tmp_path, [Row(number, ["a"], RowFlag.HIDDEN if number % 3 else RowFlag.DATA) for number in range(2, 302)])
    with closing(schema.open_to_read(tmp_path / "run.gbrun")) as db:
        assert grids.counts(db).hidden == 200
        plan = db.execute(f"EXPLAIN QUERY PLAN {grids.HIDDEN}").fetchall()
    assert "hidden_rows" in str(plan)
