"""Writes changed cells into the staged rows of a run file, and what they were into its journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from gb_desktop.runs.writer import insert
from gb_desktop.workbook.cells import encode_row, stored, stored_rows, stored_text, value_of
from gb_desktop.workbook.model import Value

SPAN = 1_000  # rows a query

Held = tuple[int, int, list[Any]]  # row, position, cells as stored
Cell = tuple[int, Value]  # column, new value
Wanted = Callable[[Sequence[Held]], Sequence[Sequence[Cell]]]  # the cells that are to change, of each of some rows


def parts(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    """Rows, as many at a time as one query names."""
    for start in range(0, len(rows), SPAN):
        yield rows[start : start + SPAN]


def one_column(column: int, texts: Callable[[Sequence[Value]], Iterable[str | None]]) -> Wanted:
    """New texts of a column's cells. texts: from the cells of some rows to their new texts, None where one stays."""

    def wanted(held: Sequence[Held]) -> list[Sequence[Cell]]:
        values = [value_of(cells[column]) if column < len(cells) else None for _, _, cells in held]
        return [() if text is None else ((column, text),) for text in texts(values)]

    return wanted


class CellEdits:
    """The cells of one run file. Everything here belongs into a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def change(self, step: int, rows: Sequence[int], wanted: Wanted) -> list[int]:
        """Change cells of rows, given in order, as part of a step; the rows that really changed."""
        changed: list[int] = []
        for part in parts(rows):
            held = self._held(part)
            changed += self._set(step, held, wanted(held))
        return changed

    def restore(self, step: int, back: bool) -> list[int]:
        """Give the cells of a step the values they had before it, or after it; the rows."""
        order, value = ("DESC", "before") if back else ("ASC", "after")
        wanted: dict[int, list[tuple[int, Any]]] = {}
        query = f"SELECT row, col, {value} FROM edits WHERE step = ? AND col >= 0 ORDER BY edit {order}"
        found = self._db.execute(query, (step,)).fetchall()
        for (row, column, _), (cell,) in zip(found, stored_rows(text for _, _, text in found), strict=True):
            wanted.setdefault(row, []).append((column, cell))
        for part in parts(sorted(wanted)):
            rows = []
            for row, position, cells in self._held(part):
                for column, cell in wanted[row]:
                    cells[column] = cell
                rows.append((stored_text(cells), position))
            self._write(rows)
        return sorted(wanted)

    def _set(self, step: int, held: Sequence[Held], wanted: Sequence[Sequence[Cell]]) -> list[int]:
        rows: list[tuple[str, int]] = []
        edits: list[tuple[int, int, int, str, str]] = []
        for (row, position, cells), changes in zip(held, wanted, strict=True):
            before = len(edits)
            for column, value in changes:
                if 0 <= column < len(cells) and not _same(value_of(cells[column]), value):
                    edits.append((step, row, column, stored_text([cells[column]]), encode_row([value])))
                    cells[column] = stored(value)
            if len(edits) > before:
                rows.append((stored_text(cells), position))
        self._write(rows)
        insert(self._db, "edits (step, row, col, before, after)", 5, edits)
        return list(dict.fromkeys(edit[1] for edit in edits))

    def _write(self, rows: Sequence[tuple[str, int]]) -> None:
        self._db.executemany("UPDATE rows SET cells = ? WHERE position = ?", rows)

    def _held(self, part: Sequence[int]) -> list[Held]:
        """Those of some rows that are there."""
        marks = ",".join("?" * len(part))
        query = f"SELECT row, position, cells FROM rows WHERE row IN ({marks}) ORDER BY row"
        found = self._db.execute(query, part).fetchall()
        cells = stored_rows(text for _, _, text in found)
        return [(row, position, own) for (row, position, _), own in zip(found, cells, strict=True)]


def _same(one: Value, other: Value) -> bool:
    return one == other and type(one) is type(other)
