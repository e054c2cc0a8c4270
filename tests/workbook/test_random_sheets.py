"""Random sheets with gaps, hidden rows, merged cells and number formats, written and read back as they were meant."""

from __future__ import annotations

import csv
import datetime as dt
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.number import Number, NumberStyle
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style
from odf.table import CoveredTableCell, Table, TableCell, TableRow

from gb_desktop.workbook.cells import column_letter
from gb_desktop.workbook.model import Mark, Marked, RowFlag
from tests.workbook.files import b_bool, b_number, b_text, read_whole, record, xlsb
from tests.workbook.test_same_meaning import HEAD, WIDTH, moments, numbers, ods_cell, same, texts

PADDED, SHARE, WHEN = "00000", "0%", "yyyy-mm-dd hh:mm:ss"
FIRST = 2  # Excel's number of the first row below the header


@dataclass(frozen=True)
class Formatted:
    """A number whose format changes what it means."""

    value: float
    format: str


Cell = None | str | float | bool | dt.datetime | Formatted


@dataclass(frozen=True)
class Line:
    cells: tuple[Cell, ...]
    hidden: bool


@dataclass(frozen=True)
class Sheet:
    """Rows (None: a blank one), and ranges merged downwards: (column, first line, last line), lines from 0."""

    lines: tuple[Line | None, ...]
    merges: tuple[tuple[int, int, int], ...]

    def rows(self) -> list[tuple[Cell, ...]]:
        """What is written: the header, and every row, those of merged ranges without what they cover."""
        return [HEAD, *(line.cells if line else (None,) * WIDTH for line in self.lines)]


padded = st.integers(0, 99_999).map(lambda number: Formatted(float(number), PADDED))
shares = st.integers(-1000, 1000).map(lambda number: Formatted(number / 100, SHARE))
values = st.one_of(st.none(), texts, numbers, st.booleans(), moments, padded, shares)


@st.composite
def sheets(draw: Any) -> Sheet:
    count = draw(st.integers(1, 8))
    lines: list[Line | None] = []
    for number in range(count):
        blank = number and number < count - 1 and draw(st.integers(0, 4)) == 0
        cells = (f"C-{number}", *draw(st.lists(values, min_size=WIDTH - 1, max_size=WIDTH - 1)))
        lines.append(None if blank else Line(cells, draw(st.integers(0, 3)) == 0))
    merges = []
    for column in range(1, WIDTH):
        first, last = sorted((draw(st.integers(0, count - 1)), draw(st.integers(0, count - 1))))
        top = lines[first]
        if first < last and draw(st.booleans()) and top is not None and top.cells[column] is not None:
            merges.append((column, first, last))
            for line in range(first + 1, last + 1):
                lines[line] = _without(lines[line], column)
    return Sheet(tuple(lines), tuple(merges))


def _without(line: Line | None, column: int) -> Line | None:
    if line is None:
        return None
    return Line(tuple(None if at == column else value for at, value in enumerate(line.cells)), line.hidden)


def meant(sheet: Sheet) -> list[tuple[int, RowFlag, list[object]]]:
    """What must come back: row numbers, flags and values."""
    found = []
    for number, line in enumerate(sheet.lines):
        if line is None:
            continue
        values = [_read(value) for value in line.cells]
        for column, first, last in sheet.merges:
            top = sheet.lines[first]
            if first < number <= last and top is not None:
                origin = f"{column_letter(column)}{first + FIRST}"
                values[column] = Marked(Mark.MERGED, _shown(top.cells[column]), origin)  # type: ignore[arg-type]
        found.append((number + FIRST, RowFlag.HIDDEN if line.hidden else RowFlag.DATA, values))
    return found


def _read(value: Cell) -> object:
    return Marked(Mark.FORMATTED, value.value, value.format) if isinstance(value, Formatted) else value


def _shown(value: Cell) -> object:
    """What is filled down: a padded number as it looks."""
    if not isinstance(value, Formatted):
        return value
    return f"{int(value.value):05d}" if value.format == PADDED else value.value


def write_xlsx(path: Path, sheet: Sheet) -> None:
    workbook = xlsxwriter.Workbook(str(path))
    page = workbook.add_worksheet("Data")
    styles = {look: workbook.add_format({"num_format": look}) for look in (PADDED, SHARE, WHEN)}
    for column, first, last in sheet.merges:
        page.merge_range(first + 1, column, last + 1, column, "")
    for number, row in enumerate(sheet.rows()):
        line = sheet.lines[number - 1] if number else None
        if line and line.hidden:
            page.set_row(number, None, None, {"hidden": True})
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, column, value)
            elif isinstance(value, bool):
                page.write_boolean(number, column, value)
            elif isinstance(value, dt.datetime):
                page.write_datetime(number, column, value, styles[WHEN])
            elif isinstance(value, Formatted):
                page.write_number(number, column, value.value, styles[value.format])
            elif value is not None:
                page.write_number(number, column, value)
    workbook.close()


def write_xls(path: Path, sheet: Sheet) -> None:
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("Data")
    styles = {look: xlwt.easyxf(num_format_str=look) for look in (PADDED, SHARE, WHEN, "General")}
    tops = {(first + 1, column): last + 1 for column, first, last in sheet.merges}
    for number, row in enumerate(sheet.rows()):
        line = sheet.lines[number - 1] if number else None
        page.row(number).hidden = bool(line and line.hidden)
        for column, value in enumerate(row):
            plain = value.value if isinstance(value, Formatted) else value
            look = value.format if isinstance(value, Formatted) else "General"
            style = styles[WHEN if isinstance(value, dt.datetime) else look]
            if (number, column) in tops:
                page.write_merge(number, tops[(number, column)], column, column, plain, style)
            elif plain is not None:
                page.write(number, column, plain, style)
    workbook.save(str(path))


def write_xlsb(path: Path, sheet: Sheet) -> None:
    merges = b"".join(record(176, struct.pack("<4I", top + 1, last + 1, at, at)) for at, top, last in sheet.merges)
    cells = [[_b_cell(value) for value in row] for row in sheet.rows()]
    hidden = [number + FIRST for number, line in enumerate(sheet.lines) if line and line.hidden]
    xlsb(path, cells, hidden, record(177, struct.pack("<I", len(sheet.merges))) + merges + record(178, b""))


def _b_cell(value: Cell) -> bytes:
    if value is None:
        return b""
    if isinstance(value, str):
        return b_text(value)
    if isinstance(value, bool):
        return b_bool(value)
    if isinstance(value, Formatted):
        return b_number(value.value, {SHARE: 1, PADDED: 2}[value.format])
    if isinstance(value, dt.datetime):
        return b_number((value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1), 3)  # noqa: DTZ001
    return b_number(value)


def write_ods(path: Path, sheet: Sheet) -> None:
    document = OpenDocumentSpreadsheet()
    zeros = NumberStyle(name="N1")
    zeros.addElement(Number(minintegerdigits=5, decimalplaces=0))
    document.automaticstyles.addElement(zeros)
    document.automaticstyles.addElement(Style(name="ce1", family="table-cell", datastylename="N1"))
    table = Table(name="Data")
    for number, row in enumerate(sheet.rows()):
        line = sheet.lines[number - 1] if number else None
        made = TableRow(visibility="collapse") if line and line.hidden else TableRow()
        for column, value in enumerate(row):
            made.addElement(_ods_cell(value, number, column, sheet))
        table.addElement(made)
    document.spreadsheet.addElement(table)
    document.save(str(path))


def _ods_cell(value: Cell, number: int, column: int, sheet: Sheet) -> TableCell:
    for at, first, last in sheet.merges:
        if at == column and first + 1 < number <= last + 1:
            return CoveredTableCell()
    if isinstance(value, Formatted) and value.format == SHARE:
        cell = TableCell(valuetype="percentage", value=repr(value.value))
    elif isinstance(value, Formatted):
        cell = TableCell(valuetype="float", value=repr(value.value), stylename="ce1")
    else:
        cell = ods_cell(value)
    for at, first, last in sheet.merges:
        if at == column and first + 1 == number:
            cell.setAttribute("numberrowsspanned", last - first + 1)
            cell.setAttribute("numbercolumnsspanned", 1)
    return cell


def alike(expected: Any, found: Any) -> bool:
    if isinstance(expected, Marked):
        return (
            isinstance(found, Marked)
            and (expected.mark, expected.text) == (found.mark, found.text)
            and same(expected.value, found.value)  # type: ignore[arg-type]
        )
    return same(expected, found)


@pytest.mark.parametrize(
    ("ending", "write"), [("xlsx", write_xlsx), ("xlsb", write_xlsb), ("xls", write_xls), ("ods", write_ods)]
)
@settings(max_examples=100)
@given(sheet=sheets())
def test_that_a_random_sheet_is_read_as_it_was_meant(
    tmp_path_factory: pytest.TempPathFactory, ending: str, write: Callable[[Path, Sheet], None], sheet: Sheet
) -> None:
    path = tmp_path_factory.mktemp("random") / f"s.{ending}"
    write(path, sheet)
    reading, rows = read_whole(path, header_row=1)
    expected = meant(sheet)
    assert reading.format == ending
    assert [(row.number, row.flag) for row in rows] == [(number, flag) for number, flag, _ in expected]
    for row, (_, _, wanted) in zip(rows, expected, strict=True):
        for value, found in zip(wanted, row.values, strict=False):  # a sheet may end before its last headed column
            assert alike(value, found), (value, found)
        assert all(value is None for value in wanted[len(row.values) :])
    skipped = reading.skipped
    assert skipped.blank_rows == sum(line is None for line in sheet.lines)
    assert skipped.hidden_rows == sum(flag is RowFlag.HIDDEN for _, flag, _ in expected)
    filled = [value for _, _, values in expected for value in values if isinstance(value, Marked)]
    assert skipped.merged_cells == sum(value.mark is Mark.MERGED for value in filled)


def as_text(value: Cell) -> str:
    plain = value.value if isinstance(value, Formatted) else value
    return "" if plain is None else str(plain)


@settings(max_examples=100)
@given(sheet=sheets(), delimiter=st.sampled_from(",;\t|"), encoding=st.sampled_from(["utf-8-sig", "utf-16"]))
def test_that_a_random_sheet_saved_as_text_is_read_as_it_was_meant(
    tmp_path_factory: pytest.TempPathFactory, sheet: Sheet, delimiter: str, encoding: str
) -> None:
    """Text holds neither formats nor merged or hidden cells; its values and its gaps come back."""
    path = tmp_path_factory.mktemp("random") / "s.csv"
    rows: Sequence[Sequence[str]] = [[as_text(value) for value in row] for row in sheet.rows()]
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    reading, found = read_whole(path, header_row=1)
    assert reading.encoding == encoding
    assert [(row.number, [value or "" for value in row.values]) for row in found] == [
        (number, list(row)) for number, row in enumerate(rows[1:], FIRST) if any(row)
    ]
    assert {row.flag for row in found} <= {RowFlag.DATA}
