"""Reads the staged rows of a run file, some thousand with one query, so that SQLite puts them together by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence

import orjson

from gb_desktop.checking.model import PLAIN, StagedBatch, StagedRow
from gb_desktop.workbook.cells import decode_columns, decode_row
from gb_desktop.workbook.model import RowFlag

ROWS = 2_000  # of one batch
_FLAGS = {flag.value: flag for flag in RowFlag}

Span = tuple[int, int]
_JOINED = "SELECT CAST(group_concat(row) AS TEXT), CAST(group_concat(cells) AS BLOB), group_concat(flag) FROM ({})"
_SPAN = "SELECT row, cells, flag FROM rows WHERE position BETWEEN ? AND ? ORDER BY position"
_NUMBERED = "SELECT row, cells, flag FROM rows WHERE row IN ({}) ORDER BY row"


class Staged:
    """The rows of one state of a run file. A span is the positions of one batch, first and last."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._left_out = {row for (row,) in db.execute("SELECT row FROM left_out")}

    def spans(self) -> list[Span]:
        """Of all batches, in sheet order."""
        first, last = self._db.execute(
            "SELECT (SELECT min(position) FROM rows), (SELECT max(position) FROM rows)"
        ).fetchone()
        return [] if first is None else [(start, start + ROWS - 1) for start in range(first, last + 1, ROWS)]

    def batch(self, span: Span) -> StagedBatch:
        """The rows of a span."""
        return _batch(self._db, _SPAN, span, self._left_out)

    def batches(self) -> Iterator[StagedBatch]:
        """All of them in sheet order."""
        return map(self.batch, self.spans())


def numbered(db: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[StagedBatch]:
    """Rows by their numbers in the sheet, in order, a batch a query; those that aren't there are missing."""
    for start in range(0, len(numbers), ROWS):
        part = numbers[start : start + ROWS]
        marks = ",".join("?" * len(part))
        left_out = {row for (row,) in db.execute(f"SELECT row FROM left_out WHERE row IN ({marks})", part)}
        yield _batch(db, _NUMBERED.format(marks), part, left_out)


def _batch(db: sqlite3.Connection, query: str, which: Sequence[int], left_out: Collection[int]) -> StagedBatch:
    try:
        numbers, cells, words = db.execute(_JOINED.format(query), which).fetchone()
    except sqlite3.DataError:  # longer than a value of SQLite can be: rows full of very long texts
        found = db.execute(query, which)
        return StagedBatch.of(
            [StagedRow(row, decode_row(cells), _FLAGS[flag], row in left_out) for row, cells, flag in found]
        )
    if numbers is None:
        return StagedBatch([], [], {})
    rows: list[int] = orjson.loads(f"[{numbers}]")
    odd = {}
    if words.strip(","):
        odd = {place: (_FLAGS[word], False) for place, word in enumerate(words.split(",")) if word}
    if left_out:
        for place, row in enumerate(rows):
            if row in left_out:
                odd[place] = (odd.get(place, PLAIN)[0], True)
    return StagedBatch(rows, decode_columns(cells), odd)
