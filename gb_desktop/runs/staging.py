"""Writes a sheet's rows into a run file, some thousand at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

from gb_desktop.runs.writer import insert
from gb_desktop.workbook.cells import encode_row, encode_rows
from gb_desktop.workbook.model import Row, RowFlag

_WORD = {flag: flag.value for flag in RowFlag}
_MOST_PARTS = 50  # of some thousand rows; with more gaps between them one by one is quicker
_LONGEST = 64 << 20  # characters of a statement's rows
_TOGETHER = (  # SQLite takes the array apart, and lets the interpreter go meanwhile
    f"INSERT INTO rows (row, cells, flag) SELECT ? + key, value, '{RowFlag.DATA.value}' FROM json_each(?) ORDER BY key"
)

Write = Callable[[], object]


def writes(db: sqlite3.Connection, rows: Sequence[Row]) -> list[Write]:
    """Encode rows, one at least, now; each of these writes some of them, perhaps in another thread. In order."""
    numbers = [number for number, _, _ in rows]
    if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return [_together(db, rows)]
    gaps = [place for place, (above, below) in enumerate(pairwise(numbers), 1) if below != above + 1]
    if len(gaps) >= _MOST_PARTS:
        return [_one_by_one(db, rows)]
    return [_together(db, rows[start:end]) for start, end in pairwise([0, *gaps, len(rows)])]


def _together(db: sqlite3.Connection, rows: Sequence[Row]) -> Write:
    """Rows without a gap."""
    numbers, values, flags = zip(*rows, strict=True)
    if flags.count(RowFlag.DATA) == len(flags):
        text = encode_rows(values)
        if text is not None and len(text) <= _LONGEST:
            return partial(db.execute, _TOGETHER, (numbers[0], text))
    return _one_by_one(db, rows)


def _one_by_one(db: sqlite3.Connection, rows: Sequence[Row]) -> Write:
    prepared = [(number, encode_row(values), _WORD[flag]) for number, values, flag in rows]
    return partial(insert, db, "rows (row, cells, flag)", 3, prepared)
