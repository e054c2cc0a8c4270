"""Edits of a draft: cells changed, rows left out, settings turned, and undo and redo that survive a restart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as ReadOnly
from types import MappingProxyType

from gb_desktop.checking.fix_mapping import Turn, turn_back, turned
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs import grids
from gb_desktop.runs.cell_edits import Cell, CellEdits, Held, Wanted, one_column, parts
from gb_desktop.runs.store import RunStore
from gb_desktop.runs.wire import from_wire, to_wire
from gb_desktop.workbook.model import Value

LEAVE_OUT = "leave-out"
TAKE_IN = "take-in"
CELLS = "cells"
SETTING = "setting"
REPLAY = "replay"  # cells changed and rows left out, together
KNOWN = "known"  # rows left out because their IDs were sent before; `after` holds the run that sent each
LEAVING = frozenset({LEAVE_OUT, REPLAY, KNOWN})
WHOLE_ROW = -1  # in place of a column
CELLS_OF = "SELECT count(*) FROM edits WHERE step = ?"
NOTHING: ReadOnly[int, str] = MappingProxyType({})
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
        self._cells = CellEdits(store.connection)

    def change_cells(self, changes: Iterable[tuple[int, int, Value]], sentence: str) -> list[int]:
        """Set (row, column, value) cells as one step; the rows that really changed."""
        by_row: dict[int, list[tuple[int, Value]]] = {}
        for row, column, value in changes:
            by_row.setdefault(row, []).append((column, value))

        def wanted(held: Sequence[Held]) -> list[Sequence[Cell]]:
            return [by_row[row] for row, _, _ in held]

        return self._change(sorted(by_row), wanted, lambda _: sentence)

    def change_column(
        self,
        rows: Sequence[int],
        column: int,
        texts: Callable[[Sequence[Value]], Iterable[str | None]],
        sentence: Callable[[int], str],
    ) -> list[int]:
        """Set cells of one column as one step; the rows, of those given in order, that really changed.

        texts: from the cells of some rows to their new texts, None where one stays; sentence: of how many changed.
        """

        return self._change(rows, one_column(column, texts), sentence)

    def _change(self, rows: Sequence[int], wanted: Wanted, sentence: Callable[[int], str]) -> list[int]:
        self._store.make_room(len(rows))
        with self._store.transaction():
            self._db.execute("SAVEPOINT change")
            step = self._new_step(CELLS, "")
            if changed := self._cells.change(step, rows, wanted):
                self._db.execute("UPDATE steps SET sentence = ? WHERE step = ?", (sentence(len(changed)), step))
                self._count_changed(step, 1)
            else:  # what was checked, and what can be done again, still stands
                self._db.execute("ROLLBACK TO change")
            self._db.execute("RELEASE change")
        return changed

    def leave_out(self, rows: Iterable[int], excluded: bool, sentence: str) -> list[int]:
        """Leave rows out of sending, or take them in again, as one step; the rows that changed."""
        return self._turn_rows(rows, LEAVE_OUT if excluded else TAKE_IN, sentence)

    def _turn_rows(
        self, rows: Iterable[int], kind: str, sentence: str, said: ReadOnly[int, str] = NOTHING
    ) -> list[int]:
        """One step that marks rows, with what is `said` of them."""
        excluded = kind != TAKE_IN
        wanted = sorted(set(rows))
        there, held = self._among("rows", wanted), self._among("left_out", wanted)
        wanted = [row for row in wanted if row in there and (row in held) != excluded]
        if not wanted:
            return []
        with self._store.transaction():
            step = self._new_step(kind, sentence)
            self._db.executemany(
                "INSERT INTO edits (step, row, col, before, after) VALUES (?, ?, ?, '', ?)",
                ((step, row, WHOLE_ROW, said.get(row, "")) for row in wanted),
            )
            self._mark(wanted, excluded)
        return wanted

    def turn(self, turn: Turn, sentence: str) -> None:
        """Turn a setting of the mapping as one step."""
        mapping = self._mapping()
        before, after = (json.dumps(to_wire(one)) for one in (turn_back(turn, mapping), turn))
        with self._store.transaction():
            step = self._new_step(SETTING, sentence)
            self._db.execute(
                "INSERT INTO edits (step, row, col, before, after) VALUES (?, 0, ?, ?, ?)",
                (step, WHOLE_ROW, before, after),
            )
            self._store.meta.set("mapping", turned(turn, mapping).to_json())

    def leave_out_known(self, known: ReadOnly[int, str], sentence: str) -> list[int]:
        """Leave rows out whose IDs were sent before, as one step; the rows that changed. known: row -> that run."""
        return self._turn_rows(known, KNOWN, sentence, known)

    def known_rows(self) -> list[int]:
        """Rows that are left out because their IDs were sent before."""
        return [row for row, _ in self._db.execute(KNOWN_ROWS)]

    def tell_known(self, rows: Sequence[int] | None = None) -> None:
        """Say of rows left out for their IDs which run sent those; to be called after every check, of the rows checked.

        None: of all.
        """
        among = "" if rows is None else " AND edits.row IN (SELECT value FROM json_each(?))"
        known = self._db.execute(KNOWN_ROWS + among, () if rows is None else (json.dumps(rows),))
        found = [(f"{SENT_BEFORE}{run}", row) for row, run in known]
        self._db.executemany("UPDATE checked SET reason = ? WHERE row = ? AND state = 2", found)

    def undo(self) -> list[int]:
        """Take the last step back; the rows it touched, none when there is no step or it was a setting."""
        found = self._db.execute("SELECT step, kind FROM steps WHERE undone = 0 ORDER BY step DESC LIMIT 1").fetchone()
        return self._move(found, back=True)

    def redo(self) -> list[int]:
        """Do the step undone last again; the rows it touched, none when there is no step or it was a setting."""
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

    # ------------------------------------------------------------------ steps

    def last_step(self) -> int:
        """The number of the newest step that is not undone, 0 while there is none."""
        return int(self._db.execute("SELECT coalesce(max(step), 0) FROM steps WHERE undone = 0").fetchone()[0])

    def cells_since(self, step: int) -> int:
        """How many cells were changed, or rows left out, by the steps after one."""
        query = "SELECT count(*) FROM edits JOIN steps USING (step) WHERE step > ? AND undone = 0"
        return int(self._db.execute(query, (step,)).fetchone()[0])

    def join_since(self, step: int, sentence: str) -> None:
        """Make the steps after one a single step, taken back and done again as a whole."""
        first = self._db.execute("SELECT min(step) FROM steps WHERE step > ? AND undone = 0", (step,)).fetchone()[0]
        if first is None:
            return
        with self._store.transaction():
            self._db.execute("UPDATE edits SET step = ? WHERE step > ?", (first, first))
            self._db.execute("DELETE FROM steps WHERE step > ?", (first,))
            renamed = "UPDATE steps SET kind = ?, sentence = ?, recipe = '' WHERE step = ?"
            self._db.execute(renamed, (REPLAY, sentence, first))

    def _new_step(self, kind: str, sentence: str) -> int:
        # A new step after an undo: what was undone can't be redone any more.
        self._db.execute("DELETE FROM edits WHERE step IN (SELECT step FROM steps WHERE undone = 1)")
        self._db.execute("DELETE FROM steps WHERE undone = 1")
        self._spoil()
        cursor = self._db.execute("INSERT INTO steps (kind, sentence) VALUES (?, ?)", (kind, sentence))
        return int(cursor.lastrowid or 0)

    def _spoil(self) -> None:
        """Until the rows are checked again nothing is planned from old items.

        Where an earlier change was never checked (the check was cancelled, or its process died), only a whole check
        can tell, so the last one's summary is dropped.
        """
        if self._store.meta.get("stale"):
            self._store.meta.set("summary", None)
        self._store.meta.set("stale", True)
        self._store.unplan()

    def _move(self, found: tuple[int, str] | None, back: bool) -> list[int]:
        if found is None:
            return []
        step, kind = found
        rows: list[int] = []
        with self._store.transaction():
            if kind == SETTING:
                self._turn_again(step, back)
            if kind in (CELLS, REPLAY):
                self._store.make_room(self._db.execute(CELLS_OF, (step,)).fetchone()[0])
                rows = self._cells.restore(step, back)
                self._count_changed(step, -1 if back else 1)
            if kind in LEAVING or kind == TAKE_IN:
                query = "SELECT DISTINCT row FROM edits WHERE step = ? AND col < 0"
                marked = [row for (row,) in self._db.execute(query, (step,))]
                self._mark(marked, (kind in LEAVING) != back)
                rows = sorted({*rows, *marked})
            self._db.execute("UPDATE steps SET undone = ? WHERE step = ?", (int(back), step))
            self._spoil()
        return rows

    def _count_changed(self, step: int, by: int) -> None:
        """Keep count of the rows that hold an edit, by those of one step that no other step changed."""
        found = self._db.execute(
            "SELECT count(*) FROM (SELECT DISTINCT row FROM edits WHERE step = :step AND col >= 0) AS own "
            "WHERE NOT EXISTS (SELECT 1 FROM edits JOIN steps USING (step) "
            "WHERE edits.row = own.row AND edits.col >= 0 AND edits.step <> :step AND steps.undone = 0)",
            {"step": step},
        )
        self._store.meta.set("changed", grids.changed_count(self._db) + by * found.fetchone()[0])

    # ------------------------------------------------------------------ rows and settings

    def _among(self, table: str, rows: Sequence[int]) -> set[int]:
        found: set[int] = set()
        for part in parts(rows):
            marks = ",".join("?" * len(part))
            found.update(row for (row,) in self._db.execute(f"SELECT row FROM {table} WHERE row IN ({marks})", part))
        return found

    def _mark(self, rows: Iterable[int], excluded: bool) -> None:
        verb = "INSERT OR IGNORE INTO left_out VALUES (?)" if excluded else "DELETE FROM left_out WHERE row = ?"
        self._db.executemany(verb, ((row,) for row in rows))

    def _mapping(self) -> Mapping:
        return Mapping.from_json(self._store.meta.get("mapping"))

    def _turn_again(self, step: int, back: bool) -> None:
        query = f"SELECT {'before' if back else 'after'} FROM edits WHERE step = ?"
        turn: Turn = from_wire(Turn, json.loads(self._db.execute(query, (step,)).fetchone()[0]))
        self._store.meta.set("mapping", turned(turn, self._mapping()).to_json())
