"""A corrected file whose rows are the sheet's own: what is different in it becomes one step that can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from gb_desktop.runs.corrected import changed_words, said
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.model import Loaded
from gb_desktop.runs.rechecking import most_rows, recheck_corrected
from gb_desktop.runs.store import RunStore
from gb_desktop.runs.wire import to_wire
from gb_desktop.workbook.cells import decode_row, encode_row
from gb_desktop.workbook.model import Row, Value
from gb_desktop.workbook.reader import Reading

SPAN = 1_000  # rows compared at a time

Change = tuple[int, int, Value]


def taken_as_step(drafted: Drafted, reading: Reading) -> Loaded | None:
    """Take the cells over that are different; None, and nothing is changed, where the file is another sheet.

    It is one where columns, rows, their numbers or what is hidden are others, or a row changed that was left out.
    """
    loaded = drafted.loaded()
    if (reading.columns, reading.header_row) != (loaded.columns, loaded.header_row):
        return None
    changes = _changes(drafted.store, reading.rows, loaded.rows)
    if changes is None:
        return None
    rows: list[int] = []
    if changes:
        rows = Edits(drafted.store).change_cells(changes, changed_words(len(changes)))
    found = replace(loaded, sheet=reading.sheet, skipped=reading.skipped, changes=said(0, len(rows), 0, 0))
    drafted.store.meta.update(loaded=to_wire(found), sheet=found.sheet)
    recheck_corrected(drafted, rows)
    return found


def _changes(store: RunStore, rows: Iterator[Row], count: int) -> list[Change] | None:
    """The cells that differ; None when the rows are not the staged ones, or far too many differ."""
    found: list[Change] = []
    changed = seen = 0
    while batch := list(islice(rows, SPAN)):
        differing = _differing(store, batch)
        if differing is None:
            return None
        for row, held, values in differing:
            if len(held) != len(values):
                return None
            pairs = enumerate(zip(held, values, strict=True))
            found += [(row, column, new) for column, (old, new) in pairs if (type(old), old) != (type(new), new)]
        seen, changed = seen + len(batch), changed + len(differing)
        if changed > most_rows(count):
            return None
    return found if seen == count else None


def _differing(store: RunStore, batch: Sequence[Row]) -> list[tuple[int, list[Value], Sequence[Value]]] | None:
    """(row, its cells, those of the file) of the rows that differ; None when others were read."""
    numbers = [row.number for row in batch]
    marks = ",".join("?" * len(numbers))
    query = f"SELECT row, cells, flag FROM rows WHERE row IN ({marks}) ORDER BY position"
    staged = store.connection.execute(query, numbers).fetchall()
    if [(row, flag) for row, _, flag in staged] != [(row.number, row.flag.value) for row in batch]:
        return None
    texts = [encode_row(row.values) for row in batch]
    pairs = zip(staged, texts, batch, strict=True)
    found = [(row, decode_row(held), other.values) for (row, held, _), text, other in pairs if held != text]
    among = ",".join("?" * len(found))
    left_out = f"SELECT 1 FROM left_out WHERE row IN ({among}) LIMIT 1"
    if store.connection.execute(left_out, [row for row, _, _ in found]).fetchone():
        return None
    return found
