"""Reads the staged rows of a run file, some thousand with one query, so that SQLite puts them together by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import orjson

from gb_desktop.checking.model import PLAIN, StagedBatch
from gb_desktop.workbook.cells import decode_columns
from gb_desktop.workbook.model import RowFlag

ROWS = 2_000  # of one batch
_FLAGS = {flag.value: flag for flag in RowFlag}

_Read = tuple[str, bytes, str]  # numbers, cells and flags, each with a comma between two rows
_QUERY = """
SELECT CAST(group_concat(row) AS TEXT), CAST(group_concat(cells) AS BLOB), group_concat(flag)
FROM (SELECT row, cells, flag FROM rows WHERE position BETWEEN ? AND ? ORDER BY position)
"""


def batches(db: sqlite3.Connection) -> Iterator[StagedBatch]:
    """All rows in sheet order."""
    left_out = {row for (row,) in db.execute("SELECT row FROM left_out")}
    first, last = db.execute("SELECT min(position), max(position) FROM rows").fetchone()
    for start in range(first, last + 1, ROWS) if first is not None else ():
        for numbers, cells, words in _read(db, start, start + ROWS - 1):
            yield _batch(numbers, cells, words, left_out)


def _read(db: sqlite3.Connection, first: int, last: int) -> list[_Read]:
    try:
        found = [db.execute(_QUERY, (first, last)).fetchone()]
    except sqlite3.DataError:  # longer than a value of SQLite can be: rows full of very long texts
        found = [row for position in range(first, last + 1) for row in db.execute(_QUERY, (position, position))]
    return [one for one in found if one[0] is not None]


def _batch(numbers: str, cells: bytes, words: str, left_out: set[int]) -> StagedBatch:
    rows: list[int] = orjson.loads(f"[{numbers}]")
    odd = {}
    if words.strip(","):
        odd = {place: (_FLAGS[word], False) for place, word in enumerate(words.split(",")) if word}
    if left_out:
        for place, row in enumerate(rows):
            if row in left_out:
                odd[place] = (odd.get(place, PLAIN)[0], True)
    return StagedBatch(rows, decode_columns(cells), odd)
