"""Loading a corrected sheet: what changed since, said in sentences, and nothing lost on the way."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.model import Loaded, RunError
from gb_desktop.runs.rechecking import recheck_corrected
from gb_desktop.runs.store import RunStore
from gb_desktop.runs.wire import to_wire
from gb_desktop.text import isolated, tr
from gb_desktop.workbook.annotated import PROBLEMS, SHEET_ROW, reads_back
from gb_desktop.workbook.cells import encode_row
from gb_desktop.workbook.model import Column, ReadOptions, Value
from gb_desktop.workbook.reader import look, read

SPAN = 400  # rows compared at a time

Cells = Sequence[Value]


# ------------------------------------------------------------------ our own annotated copy


def take_over(drafted: Drafted, copy: Path) -> Loaded:
    """Take the changes of an annotated copy over, as steps that can be undone.

    Rows are known again by the column with their numbers: hidden ones, those left out and marks of cells stay as they
    are. A row that is gone from the copy is left out; a new one is added at the end.
    """
    loaded = drafted.loaded()
    options = ReadOptions(look(copy, ReadOptions(header_row=1)).sheets[0].name, 1)
    reading = read(copy, options)
    places = _places(loaded.columns, reading.columns)
    found = _Copy(drafted.store, places, _number_place(reading.columns))
    edits = Edits(drafted.store)
    with drafted.store.transaction():
        changes = list(found.changes(row.values for row in reading.rows))
        gone = found.gone()
        rows = edits.change_cells(changes, changed_words(len(changes))) if changes else []
        rows += edits.leave_out(gone, True, _gone_words(len(gone))) if gone else []
        added = _add_rows(drafted.store, found.new)
        different = said(len(changes), len({row for row, _, _ in changes}), len(added), len(gone))
        loaded = replace(loaded, rows=loaded.rows + len(added), changes=different)
        drafted.store.meta.update(loaded=to_wire(loaded))
        if added:  # no step of a person stands for new rows: only this says that the last check didn't see them
            drafted.store.forget_check()
    recheck_corrected(drafted, rows)
    return loaded


def _places(own: Sequence[Column], found: Sequence[Column]) -> list[int]:
    """Where in the copy each column of the sheet stands. RunError when the columns are others."""
    by_header = {column.header: column.index for column in found}
    missing = [column.header for column in own if column.header not in by_header]
    known = {column.header for column in own} | {PROBLEMS, SHEET_ROW}
    more = [column.header for column in found if column.raw and not _ours(column.raw) and column.header not in known]
    if missing or more:
        sentence = (
            tr("This copy has no column {column}: put it back, or load the copy as a new workbook.",
               column=isolated(missing[0]))
            if missing
            else tr("This copy has a new column {column}: load it as a new workbook to use it.",
                    column=isolated(more[0]))
        )  # fmt: skip
        raise RunError(sentence, "options")
    return [by_header[column.header] for column in own]


def _ours(header: str) -> bool:
    return header in (PROBLEMS, SHEET_ROW)


def _number_place(found: Sequence[Column]) -> int:
    places = [column.index for column in found if column.raw == SHEET_ROW]
    if not places:
        sentence = tr("This copy has no column {column} any more, so its rows can't be known again.", column=SHEET_ROW)
        raise RunError(sentence, "options")
    return places[-1]


class _Copy:
    """A copy compared with the staged rows, in the copy's own order."""

    def __init__(self, store: RunStore, places: Sequence[int], number_place: int) -> None:
        self._store = store
        self._places = places
        self._number_place = number_place
        self._seen: set[int] = set()
        self.new: list[list[Value]] = []

    def changes(self, rows: Iterator[Cells]) -> Iterator[tuple[int, int, Value]]:
        """Cells that differ, as (row, column, value); rows that the sheet doesn't have are kept in `new`."""
        held: dict[int, list[Value]] = {}
        for values in rows:
            row = _row_number(values[self._number_place])
            cells = [values[place] for place in self._places]
            if not row or row in self._seen or row in held:
                self.new += [cells] if any(one is not None for one in cells) else []
            else:
                held[row] = cells
            if len(held) >= SPAN:
                yield from self._compared(held)
                held = {}
        yield from self._compared(held)

    def gone(self) -> list[int]:
        """The rows that the copy doesn't hold any more."""
        return [row for (row,) in self._store.connection.execute("SELECT row FROM rows") if row not in self._seen]

    def _compared(self, held: dict[int, list[Value]]) -> Iterator[tuple[int, int, Value]]:
        there = set()
        for staged in self._store.rows_numbered(sorted(held)):
            there.add(staged.row)
            for column, (before, after) in enumerate(zip(staged.values, held[staged.row], strict=False)):
                if not reads_back(before, after):
                    yield staged.row, column, after
        self._seen |= there
        self.new += [cells for row, cells in held.items() if row not in there and any(one is not None for one in cells)]


def _row_number(value: Value) -> int:
    """The row that a copy names, 0 when it names none."""
    return int(value) if isinstance(value, float | int) and math.isfinite(value) and value == int(value) else 0


def _add_rows(store: RunStore, rows: Sequence[Cells]) -> list[int]:
    """Add rows behind the last one; their numbers."""
    last = int(store.connection.execute("SELECT coalesce(max(row), 0) FROM rows").fetchone()[0])
    numbers = list(range(last + 1, last + 1 + len(rows)))
    store.connection.executemany(
        "INSERT INTO rows (row, cells, flag) VALUES (?, ?, '')",
        ((number, encode_row(cells)) for number, cells in zip(numbers, rows, strict=True)),
    )
    return numbers


# ------------------------------------------------------------------ any other file


@dataclass
class Before:
    """The staged rows before another file takes their place, each by the hash of its cells."""

    cells: dict[int, int] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, store: RunStore) -> Before:
        """The rows as they stand."""
        left_out = {row for (row,) in store.connection.execute("SELECT row FROM left_out")}
        return cls(_hashes(store), left_out)

    def compared(self, store: RunStore) -> tuple[str, ...]:
        """Leave the same rows out again, and say what is different now."""
        now = _hashes(store)
        again = self._left_out_again(now)
        store.connection.executemany("INSERT OR IGNORE INTO left_out VALUES (?)", [(row,) for row in again])
        if now.keys() == self.cells.keys():
            different = said(0, sum(cells != self.cells[row] for row, cells in now.items()), 0, 0)
        else:
            old, new = Counter(self.cells.values()), Counter(now.values())
            different = said(0, 0, (new - old).total(), (old - new).total())
        lost = len(self.left_out) - len(again)
        words = (
            tr("1 row that was left out has changed: it is taken in again.")
            if lost == 1
            else tr("{count} rows that were left out have changed: they are taken in again.", count=lost)
        )
        return (*different, words) if lost else different

    def _left_out_again(self, now: dict[int, int]) -> list[int]:
        """Rows that are the same as before in the same place, or the only ones with their content."""
        found = [row for row in self.left_out if now.get(row) == self.cells.get(row)]
        moved = {self.cells.get(row) for row in self.left_out.difference(found)}
        if moved:
            several = Counter(cells for cells in now.values() if cells in moved)
            found += [row for row, cells in now.items() if several[cells] == 1]
        return found


def _hashes(store: RunStore) -> dict[int, int]:
    return {row: hash(cells) for row, cells in store.connection.execute("SELECT row, cells FROM rows")}


def changed_words(cells: int) -> str:
    """What the list of changes says of a corrected sheet that was taken over."""
    if cells == 1:
        return tr("1 cell was changed by the corrected sheet.")
    return tr("{count} cells were changed by the corrected sheet.", count=cells)


def _gone_words(rows: int) -> str:
    if rows == 1:
        return tr("1 row is no longer in the corrected sheet and was left out.")
    return tr("{count} rows are no longer in the corrected sheet and were left out.", count=rows)


def said(cells: int, rows: int, added: int, gone: int) -> tuple[str, ...]:
    """What is different, in sentences: cells and the rows concerned, or rows alone where cells aren't counted."""
    sentences = []
    if cells == 1:
        sentences.append(tr("1 cell is different now."))
    elif cells:
        sentences.append(tr("{cells} cells are different now; rows concerned: {rows}.", cells=cells, rows=rows))
    elif rows:
        sentences.append(
            tr("1 row is different now.") if rows == 1 else tr("{rows} rows are different now.", rows=rows)
        )
    if added:
        sentences.append(tr("1 row is new.") if added == 1 else tr("{count} rows are new.", count=added))
    if gone:
        sentences.append(tr("1 row is gone.") if gone == 1 else tr("{count} rows are gone.", count=gone))
    return tuple(sentences) or (tr("Nothing is different from before."),)
