"""Edits of a draft under random operations: undo all is the original, redo all is the last state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.runs.edits import Edits
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.model import Mark, Marked, Row, Value
from tests.runs.rig import FIRST_ROW, shelf_in

ROWS, COLUMNS = 5, 3
MARCH, APRIL = dt.datetime.fromisoformat("2026-03-01 10:00"), dt.datetime.fromisoformat("2026-04-01")
CELLS = st.tuples(
    st.integers(FIRST_ROW, FIRST_ROW + ROWS),  # one beyond the sheet: nothing may happen there
    st.integers(0, COLUMNS),
    st.one_of(st.none(), st.text(max_size=3), st.integers(-9, 9), st.floats(allow_nan=False), st.booleans()),
)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("cells"), st.lists(CELLS, max_size=4)),
        st.tuples(st.just("out"), st.lists(st.integers(FIRST_ROW, FIRST_ROW + ROWS - 1), max_size=3, unique=True)),
        st.tuples(st.just("in"), st.lists(st.integers(FIRST_ROW, FIRST_ROW + ROWS - 1), max_size=3, unique=True)),
        st.tuples(st.sampled_from(["undo", "redo"]), st.just([])),
    ),
    max_size=12,
)


def state_of(store: RunStore) -> list[tuple[int, str, bool]]:
    return [(row.row, repr(list(row.values)), row.excluded) for row in store.staged_rows()]


def do(edits: Edits, kind: str, values: list[object]) -> None:
    if kind == "cells":
        edits.change_cells(values, "cells")  # type: ignore[arg-type]
    elif kind in ("out", "in"):
        edits.leave_out(values, kind == "out", kind)  # type: ignore[arg-type]
    else:
        edits.undo() if kind == "undo" else edits.redo()


@settings(max_examples=40)
@given(operations=OPERATIONS)
def test_that_undoing_all_is_the_original_and_redoing_all_the_last_state(
    operations: list[tuple[str, list[object]]],
) -> None:
    with TemporaryDirectory() as folder:
        shelf = shelf_in(Path(folder))
        with closing(RunStore.open(shelf.path(shelf.create()))) as store:
            store.stage(Row(FIRST_ROW + place, [f"c{place}", place, None]) for place in range(ROWS))
            original, edits = state_of(store), Edits(store)
            for kind, values in operations:
                do(edits, kind, values)
            while edits.redo():
                pass
            last, depth = state_of(store), len(edits.sentences())
            steps = 0
            while edits.undo():
                steps += 1
            assert (state_of(store), steps, edits.history()[0]) == (original, depth, None)
            while edits.redo():
                pass
            assert (state_of(store), edits.history()[1]) == (last, None)


def test_that_a_new_step_after_an_undo_forgets_what_was_undone(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    with closing(RunStore.open(shelf.path(shelf.create()))) as store:
        store.stage([Row(2, ["a"])])
        edits = Edits(store)
        edits.change_cells([(2, 0, "b")], "to b")
        edits.undo()
        edits.change_cells([(2, 0, "c")], "to c")
        assert edits.history() == ("to c", None)
        assert not edits.change_cells([(2, 0, "c")], "to c again")
        assert edits.history() == ("to c", None)


def test_that_a_change_leaves_the_other_cells_of_its_row_as_they_are_stored(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    others: list[Value] = [
        MARCH, dt.date(2026, 3, 1), dt.time(9, 30), dt.timedelta(hours=30), 0.1, 2**70, "\ud800",
        Marked(Mark.MERGED, dt.date(2026, 3, 2), "A1"), None, True,
    ]  # fmt: skip
    with closing(RunStore.open(shelf.path(shelf.create()))) as store:
        store.stage([Row(2, ["a", *others])])
        edits = Edits(store)
        before = next(iter(store.staged_rows())).values
        edits.change_cells([(2, 0, "b"), (2, 1, APRIL)], "to b")
        after = next(iter(store.staged_rows())).values
        assert repr(after) == repr(["b", APRIL, *before[2:]])
        edits.undo()
        assert repr(next(iter(store.staged_rows())).values) == repr(before)


def work_of_leaving_out(folder: Path, rows: int) -> int:
    """How long the run file works on it, in thousands of its machine's steps."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    shelf = shelf_in(folder)
    with closing(RunStore.open(shelf.path(shelf.create()))) as store:
        store.stage(Row(FIRST_ROW + place, ["P-1"]) for place in range(rows))
        store.connection.set_progress_handler(count, 1_000)
        known = dict.fromkeys(range(FIRST_ROW, FIRST_ROW + rows), "20260301-100000-abcd")
        assert len(Edits(store).leave_out_known(known, "sent before")) == rows
        Edits(store).tell_known()
    return steps


def test_that_leaving_many_known_rows_out_takes_no_more_work_for_each_than_for_few(tmp_path: Path) -> None:
    assert work_of_leaving_out(tmp_path, 4_000) < 8 * work_of_leaving_out(tmp_path, 1_000)


def test_that_a_change_of_a_column_counts_the_cells_that_really_changed(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    with closing(RunStore.open(shelf.path(shelf.create()))) as store:
        store.stage([Row(2, ["x", "a"]), Row(3, ["x", MARCH]), Row(4, ["x"]), Row(5, ["x", "b"]), Row(6, ["x", "a"])])
        edits = Edits(store)
        before = [row.values for row in store.staged_rows()]

        def upper(cells: Sequence[Value]) -> list[str | None]:
            return [cell.upper() if isinstance(cell, str) else None if cell is None else "b" for cell in cells]

        assert edits.change_column([2, 3, 4, 5], 1, upper, "{} cells".format) == [2, 3, 5]
        assert edits.history() == ("3 cells", None)
        assert [row.values[1] for row in store.staged_rows()] == ["A", "b", None, "B", "a"]
        assert edits.change_column([2, 5], 1, upper, "{} cells".format) == []
        assert edits.undo() == [2, 3, 5]
        assert [row.values for row in store.staged_rows()] == before
