"""Find and replace finds what a look at every cell finds, however it looks."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.mapping.texts import shown_text
from gb_desktop.runs.replacing import replacements
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.model import Mark, Marked, Row, Value
from tests.runs.rig import shelf_in

CELLS: list[list[Value]] = [
    ["T-12", 12.0, 0.5, dt.datetime.fromisoformat("2026-03-12 10:00"), True],
    ["é12", 12, -0.5, "12:10", None],
    ['"q"', 1e15, 2.50, "a\nb", Marked(Mark.MERGED, "12", "A1")],
    ["back\\slash", -12.25, 1, "2026-03-12", "TRUE"],
    ["t", 112, 0.0, "{", "\ud800 12"],
]


@pytest.mark.parametrize("column", [None, 0, 1, 3])
@pytest.mark.parametrize(
    "find", ["12", "T-", "t", "é", '"', "\\", "\n", "-", ".5", "TRUE", "2026", "{", "t:", "12:", "1e", "None", "\ud800"]
)
def test_that_it_finds_what_a_look_at_every_cell_finds(tmp_path: Path, find: str, column: int | None) -> None:
    shelf = shelf_in(tmp_path)
    with closing(RunStore.open(shelf.path(shelf.create()))) as store:
        store.stage(Row(number, values) for number, values in enumerate(CELLS, 2))
        expected = [
            (row, index, text, text.replace(find, "new"))
            for row, values in enumerate(CELLS, 2)
            for index, value in enumerate(values)
            if column in (None, index) and type(value) in (str, int, float) and find in (text := shown_text(value))
        ]
        assert list(replacements(store, column, find, "new")) == expected
