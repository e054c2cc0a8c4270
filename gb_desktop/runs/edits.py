"""Edits of a draft: cells changed, rows left out, and undo and redo that survive a restart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.cells import decode_row, encode_row
from gb_desktop.workbook.model import Value

LEAVE_OUT = "leave-out"
TAKE_IN = "take-in"
CELLS = "cells"
KNOWN = "known"  # rows left out because their IDs were sent before; `after` holds the run that sent each
LEAVING = frozenset({LEAVE_OUT, KNOWN})
SENT_BEFORE = "sent before: "  # how the reason of such a row begins; the run follows
KNOWN_ROWS = (
    "SELECT edits.row, edits.after FROM edits JOIN steps USING (step) JOIN left_out USING (row) "
    "WHERE steps.kind = 'known' AND steps.undone = 0"
)


class Edits:
    """The journal of what the user changed. A step is one thing the user did, however many cells it touched."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._db = store.connection

    def change_cells(self, changes: Iterable[tuple[int, int, Value]], sentence: str) -> list[int]:
        """Set (row, column, value) cells as one step; the rows that really changed."""
        with self._store.transaction():
            step = self._new_step(CELLS, sentence)
            changed = [row for row, column, value in changes if self._set_cell(step, row, column, value)]
            if not changed:
                self._db.execute("DELETE FROM steps WHERE step = ?", (step,))
        return changed

    def leave_out(self, rows: Iterable[int], excluded: bool, sentence: str) -> list[int]:
        """Leave rows out of sending, or take them in again, as one step; the rows that changed."""
        held = {row for (row,) in self._db.execute("SELECT row FROM left_out")}
        wanted = [row for row in rows if (row in held) != excluded]
        if not wanted:
            return []
        with self._store.transaction():
            step = self._new_step(LEAVE_OUT if excluded else TAKE_IN, sentence)
            self._db.executemany(
                "INSERT INTO edits (step, row, col, before, after) VALUES (?, ?, -1, '', '')",
                ((step, row) for row in wanted),
            )
            self._mark(wanted, excluded)
        return wanted

    def leave_out_known(self, known: Mapping[int, str], sentence: str) -> list[int]:
        """Leave rows out whose IDs were sent before, as one step; the rows that changed. known: row -> that run."""
        with self._store.transaction():
            changed = self.leave_out(known, True, sentence)
            if changed:
                step = self._db.execute("SELECT max(step) FROM steps").fetchone()[0]
                self._db.execute("UPDATE steps SET kind = ? WHERE step = ?", (KNOWN, step))
                runs = ((known[row], step, row) for row in changed)
                self._db.executemany("UPDATE edits SET after = ? WHERE step = ? AND row = ?", runs)
        return changed

    def known_rows(self) -> list[int]:
        """Rows that are left out because their IDs were sent before."""
        return [row for row, _ in self._db.execute(KNOWN_ROWS)]

    def tell_known(self) -> None:
        """Say of rows left out for their IDs which run sent those; to be called after every check."""
        found = [(f"{SENT_BEFORE}{run}", row) for row, run in self._db.execute(KNOWN_ROWS)]
        self._db.executemany("UPDATE checked SET reason = ? WHERE row = ? AND state = 2", found)

    def undo(self) -> list[int]:
        """Take the last step back; the rows it touched, none when there is no step."""
        found = self._db.execute("SELECT step, kind FROM steps WHERE undone = 0 ORDER BY step DESC LIMIT 1").fetchone()
        return self._move(found, back=True)

    def redo(self) -> list[int]:
        """Do the step undone last again; the rows it touched, none when there is no step."""
        found = self._db.execute("SELECT step, kind FROM steps WHERE undone = 1 ORDER BY step LIMIT 1").fetchone()
        return self._move(found, back=False)

    def history(self) -> tuple[str | None, str | None]:
        """What undo and redo would do, a sentence each, or None."""
        undo = self._db.execute("SELECT sentence FROM steps WHERE undone = 0 ORDER BY step DESC LIMIT 1").fetchone()
        redo = self._db.execute("SELECT sentence FROM steps WHERE undone = 1 ORDER BY step LIMIT 1").fetchone()
        return (undo[0] if undo else None, redo[0] if redo else None)

    def sentences(self) -> list[str]:
        """Everything done and not undone, in order."""
        return [s for (s,) in self._db.execute("SELECT sentence FROM steps WHERE undone = 0 ORDER BY step")]

    def _new_step(self, kind: str, sentence: str) -> int:
        gone = [step for (step,) in self._db.execute("SELECT step FROM steps WHERE undone = 1")]
        for step in gone:  # a new step after an undo: what was undone can't be redone any more
            self._db.execute("DELETE FROM edits WHERE step = ?", (step,))
            self._db.execute("DELETE FROM steps WHERE step = ?", (step,))
        self._store.meta.set("stale", True)  # until the rows are checked again: nothing is planned from old items
        cursor = self._db.execute("INSERT INTO steps (kind, sentence) VALUES (?, ?)", (kind, sentence))
        return int(cursor.lastrowid or 0)

    def _set_cell(self, step: int, row: int, column: int, value: Value) -> bool:
        found = self._db.execute("SELECT cells FROM rows WHERE row = ?", (row,)).fetchone()
        if found is None:
            return False
        cells = decode_row(found[0])
        if not 0 <= column < len(cells) or (cells[column] == value and type(cells[column]) is type(value)):
            return False
        before, after = encode_row([cells[column]]), encode_row([value])
        cells[column] = value
        self._db.execute("UPDATE rows SET cells = ? WHERE row = ?", (encode_row(cells), row))
        self._db.execute(
            "INSERT INTO edits (step, row, col, before, after) VALUES (?, ?, ?, ?, ?)",
            (step, row, column, before, after),
        )
        return True

    def _move(self, found: tuple[int, str] | None, back: bool) -> list[int]:
        if found is None:
            return []
        step, kind = found
        with self._store.transaction():
            query = "SELECT DISTINCT row FROM edits WHERE step = ? ORDER BY row"
            rows = [row for (row,) in self._db.execute(query, (step,))]
            if kind == CELLS:
                self._restore(step, back)
            else:
                self._mark(rows, (kind in LEAVING) != back)
            self._db.execute("UPDATE steps SET undone = ? WHERE step = ?", (int(back), step))
            self._store.meta.set("stale", True)
        return rows

    def _restore(self, step: int, back: bool) -> None:
        order = "DESC" if back else "ASC"
        value = "before" if back else "after"
        found = self._db.execute(
            f"SELECT row, col, {value} FROM edits WHERE step = ? ORDER BY edit {order}",
            (step,),
        ).fetchall()
        for row, column, text in found:
            cells = decode_row(self._db.execute("SELECT cells FROM rows WHERE row = ?", (row,)).fetchone()[0])
            cells[column] = decode_row(text)[0]
            self._db.execute("UPDATE rows SET cells = ? WHERE row = ?", (encode_row(cells), row))

    def _mark(self, rows: Iterable[int], excluded: bool) -> None:
        verb = "INSERT OR IGNORE INTO left_out VALUES (?)" if excluded else "DELETE FROM left_out WHERE row = ?"
        self._db.executemany(verb, ((row,) for row in rows))
