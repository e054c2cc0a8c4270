"""Writes an annotated copy of a sheet: problems coloured, said in a column of their own and in notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gb_desktop.text import tr
from gb_desktop.workbook.headers import is_blank
from gb_desktop.workbook.marker import mark_copy
from gb_desktop.workbook.model import Column, Mark, Marked, Row, RowFlag, Value
from gb_desktop.workbook.results import ROWS_A_SHEET, verify_rows
from gb_desktop.workbook.safe_write import Cells, cell_text, writing

PROBLEMS = "Problems"
SHEET_ROW = "Sheet row"  # by it the rows are known again, however the copy is sorted
MOST_NOTES = 10_000  # each takes about 2 KB of memory, and Excel opens slowly with more
_COLOURS = {"error": "#F8D7DA", "warning": "#FFF2CC"}
_GREY = "#808080"
_NOTE_SIZE = {"width": 260, "height": 90}


@dataclass(frozen=True, slots=True)
class CellNote:
    """A problem of a cell, or of a row where column is None. severity is "error" or "warning"."""

    column: int | None
    severity: str
    message: str


def write_annotated(
    path: Path,
    sheet: str,
    columns: Sequence[Column],
    rows: Iterable[tuple[Row, Sequence[CellNote]]],
    *,
    most_notes: int = MOST_NOTES,
) -> int:
    """Write the copy, rows in the order given; returns their number. Rows past Excel's grid are not accepted."""
    with writing(path) as (workbook, temporary):
        mark_copy(workbook)
        page = _Page(workbook, sheet, columns, most_notes)
        count = 0
        for row, notes in rows:
            count += 1
            if count > ROWS_A_SHEET:
                raise ValueError("more rows than a sheet holds")
            page.add(count, row, notes)
        page.close(count)
        workbook.close()
        verify_rows(temporary, [count + 1])
    return count


class _Page:
    def __init__(self, workbook: Any, name: str, columns: Sequence[Column], most_notes: int) -> None:
        self._workbook = workbook
        self._cells = Cells(workbook)
        self._sheet = workbook.add_worksheet(_sheet_name(name))
        self._columns = columns
        self._notes_left = most_notes
        self._most_notes = most_notes
        self._without_note = 0
        self._sheet.freeze_panes(1, 0)
        headers = [column.header if is_blank(column.raw) else column.raw for column in columns]
        for index, header in enumerate([*headers, PROBLEMS, SHEET_ROW]):
            self._sheet.set_column(index, index, 60 if index == len(columns) else min(max(len(header) + 2, 12), 40))
            self._cells.write(self._sheet, 0, index, header, bold=True, bg_color="#F2F2F2")

    def add(self, line: int, row: Row, notes: Sequence[CellNote]) -> None:
        """Write a row and its problems."""
        colours = _worst_colours(notes)
        if row.flag is RowFlag.HIDDEN:
            self._sheet.set_row(line, None, None, {"hidden": True})
        grey = {"font_color": _GREY} if row.flag is not RowFlag.DATA else {}
        for index, value in enumerate(row.values):
            colour = {"bg_color": colours[index]} if index in colours else {}
            self._cells.write(self._sheet, line, index, value, **grey, **colour)
        messages = [note.message for note in notes]
        if messages:
            worst = "error" if any(note.severity == "error" for note in notes) else "warning"
            text = "\n".join(dict.fromkeys(messages))
            self._cells.write(self._sheet, line, len(self._columns), text, bg_color=_COLOURS[worst])
        self._cells.write(self._sheet, line, len(self._columns) + 1, row.number, font_color=_GREY)
        self._add_notes(line, notes)

    def _add_notes(self, line: int, notes: Sequence[CellNote]) -> None:
        by_column: dict[int, list[str]] = {}
        for note in notes:
            if note.column is not None:
                by_column.setdefault(note.column, []).append(note.message)
        for column, messages in by_column.items():
            if not self._notes_left:
                self._without_note += 1
                continue
            self._notes_left -= 1
            self._sheet.write_comment(line, column, self._cells.text("\n".join(messages)), _NOTE_SIZE)

    def close(self, rows: int) -> None:
        """Add the filter and, where notes were left out, the sheet that says so."""
        self._sheet.autofilter(0, 0, max(rows, 1), len(self._columns) + 1)
        lines = [tr("This is a copy made by GB Desktop. Red cells have errors, yellow cells have warnings.")]
        lines.append(tr("The column Problems says what is wrong with each row."))
        lines.append(
            tr("Leave the column Sheet row as it is: by it the app knows the rows again when you load the copy.")
        )
        if self._without_note == 1:
            one = "Only the first {shown} cells carry a note; 1 more is coloured and named in the column."
            lines.append(tr(one, shown=self._most_notes))
        elif self._without_note:
            many = "Only the first {shown} cells carry a note; {left} more are coloured and named in the column."
            lines.append(tr(many, shown=self._most_notes, left=self._without_note))
        about = self._workbook.add_worksheet("About this copy")
        about.set_column(0, 0, 100)
        for line, text in enumerate(lines):
            self._cells.write(about, line, 0, text)


def _worst_colours(notes: Sequence[CellNote]) -> dict[int, str]:
    colours: dict[int, str] = {}
    for note in notes:
        if note.column is not None and (note.severity == "error" or note.column not in colours):
            colours[note.column] = _COLOURS[note.severity]
    return colours


def _sheet_name(name: str) -> str:
    """A name that Excel takes: at most 31 characters, none of []:*?/\\, no apostrophe at an end."""
    clean = "".join("_" if letter in "[]:*?/\\" or ord(letter) < 32 else letter for letter in name)[:31].strip("'")
    return clean if clean.strip() and clean.casefold() not in ("history", "about this copy") else "Sheet1"


def reads_back(held: Value, found: Value) -> bool:
    """Whether a cell of a copy is what was written there: the sheet's own value, marks and all, then stays."""
    if isinstance(held, Marked):
        held = {Mark.ERROR: held.text, Mark.UNCACHED: None}.get(held.mark, held.value)
    found = found.value if isinstance(found, Marked) and found.mark is not Mark.ERROR else found
    if isinstance(found, Marked):
        found = found.text
    if isinstance(held, str) and isinstance(found, str):
        return cell_text(held) == found
    if isinstance(held, dt.date) and isinstance(found, dt.date):
        return abs(_moment(held) - _moment(found)) < dt.timedelta(milliseconds=1)
    if isinstance(held, dt.date | dt.time | dt.timedelta) or isinstance(found, dt.date | dt.time | dt.timedelta):
        return _as_text(held) == _as_text(found)
    return (held or None) == (found or None) if "" in (held, found) else _alike(held, found)


def _alike(held: Value, found: Value) -> bool:
    """Equal, and of one kind: TRUE is no 1."""
    return held == found and isinstance(held, bool) == isinstance(found, bool)


def _moment(value: dt.date) -> dt.datetime:
    whole = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    return whole.replace(tzinfo=None)


def _as_text(value: Value) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
