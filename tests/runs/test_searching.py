"""The search above the sheet finds the rows whose cells show a text, and none that only store it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gb_desktop.runs.grids import Shown
from gb_desktop.runs.searching import _words
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.model import Mark, Marked, Row, Value
from tests.runs.rig import shelf_in

MOMENT = dt.datetime.fromisoformat("2026-03-01T09:30")
CELLS: list[list[Value]] = [
    ["C-1", 12.0, MOMENT, None, "القاهرة"],
    ["c-2", 1250.5, dt.date(2026, 3, 2), True, "ÉCOLE"],
    ["T09", 1e15, "x", None, 'say "hi"'],
    ["merge", 57.699999999999996, "tt", "a\nb", Marked(Mark.FORMATTED, 42.0, "00000")],
    ["C-5", 7.0, "back\\slash", None, Marked(Mark.ERROR, None, "#N/A")],
    ["half \ud800", 0.125, dt.time(9, 30), "Älter, alt", Marked(Mark.MERGED, "one", "D20")],
    ["سارة \ud800", 1e-7, dt.timedelta(hours=30), False, Marked(Mark.FORMATTED, 0.125, "0.0%")],
    ["1e5", 1e21, Marked(Mark.UNCACHED, None, ""), 2**70, Marked(Mark.FORMATTED, 20100.0, '"C-"00000')],
]
PARTS = [_words(cell) for row in CELLS for cell in row if cell is not None]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunStore]:
    folder: Path = tmp_path_factory.mktemp("searching")
    shelf = shelf_in(folder)
    with closing(RunStore.open(shelf.path(shelf.create()))) as made:
        made.stage(Row(number, values) for number, values in enumerate(CELLS, 2))
        yield made


def found(store: RunStore, text: str) -> list[int]:
    count = Shown(store).show("all", "", "", text)
    rows = [row for (row,) in store.connection.execute("SELECT row FROM shown ORDER BY position")]
    assert len(rows) == count
    return rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("C-1", [2]), ("c-2", [3, 9]), ("2026-03-01 09:30", [2]), ("2026-03-02", [3]), ("09:30", [2, 7]),
        ("null", []), ("merged", []), ("formatted", []), ("merge", [5]), ("{", []), ("T", [3, 4, 5, 7]), ("t09", [4]),
        ("القاهرة", [2]), ("سارة", [8]), ("école", [3]), ("älter", [7]), ('"hi"', [4]), ("back\\", [6]), (", alt", [7]),
        ("a b", [5]), ("00042", [5]), ("C-20100", [9]), ("12.5%", [8]), ("D20", []), ("#n/a", [6]), ("12.0", []),
        ("57.7", [5]), ("0.0000001", [8]), ("1000000000000000", [4, 9]), ("true", [3]), ("FALSE", [8]), ("1e", [9]),
        ("1 day", [8]), ("\ud800", [7, 8]), (str(2**70), [9]),
    ],
)  # fmt: skip
def test_that_rows_are_found_by_what_their_cells_show(store: RunStore, text: str, rows: list[int]) -> None:
    assert found(store, text) == rows


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PARTS), st.integers(0, 8), st.integers(1, 6), st.booleans())
def test_that_it_finds_what_a_look_at_every_cell_finds(
    store: RunStore, part: str, first: int, length: int, capitals: bool
) -> None:
    text = part[first : first + length] or part
    asked = text.upper() if capitals and text.upper().lower() == text else text
    expected = [
        number for number, row in enumerate(CELLS, 2) if any(text in _words(cell) for cell in row if cell is not None)
    ]
    assert found(store, asked) == expected


def test_that_a_search_goes_among_the_rows_of_the_filter(store: RunStore) -> None:
    assert Shown(store).show("value", "1", "12.0") == 1
    assert Shown(store).show("value", "1", "12.0", "c-") == 1
    assert Shown(store).show("value", "1", "12.0", "école") == 0
