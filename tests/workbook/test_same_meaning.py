"""Whatever is written into a sheet is read back with the same meaning, through every format."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from gb_desktop.workbook.model import Plain
from tests.workbook.files import read_whole

Cell = str | float | bool | dt.datetime | dt.date | None
Sheet = Sequence[Sequence[Cell]]
WIDTH = 4
HEAD = ("Customer ID", "Amount", "When", "Note")

letters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Cf", "Co", "Cn"))
texts = st.text(letters, min_size=1, max_size=12).map(lambda text: f"t{text}").filter(lambda text: "_x" not in text)
numbers = st.one_of(
    st.integers(-(10**15), 10**15).map(float),
    st.floats(-1e15, 1e15, allow_nan=False).map(lambda number: float(f"{number:.15g}") + 0.0),
)
moments = st.datetimes(dt.datetime(1900, 3, 2), dt.datetime(2099, 12, 31)).map(lambda d: d.replace(microsecond=0))  # noqa: DTZ001
days = st.dates(dt.date(1900, 3, 2), dt.date(2099, 12, 31))
cells = st.one_of(st.none(), texts, numbers, st.booleans(), moments, days)
rows = st.lists(st.lists(cells, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=8)


def write_openpyxl(path: Path, sheet: Sheet) -> None:
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    for row in sheet:
        page.append(row)
    workbook.save(path)


def write_xlsxwriter(path: Path, sheet: Sheet) -> None:
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = workbook.add_worksheet("Data")
    day, moment = (workbook.add_format({"num_format": text}) for text in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
    for number, row in enumerate(sheet):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, column, value)
            elif isinstance(value, dt.date):
                page.write_datetime(number, column, value, moment if isinstance(value, dt.datetime) else day)
            elif value is not None:
                page.write(number, column, value)
    workbook.close()


def write_xls(path: Path, sheet: Sheet) -> None:
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("Data")
    day, moment = (xlwt.easyxf(num_format_str=text) for text in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
    for number, row in enumerate(sheet):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                page.write(number, column, value, moment if isinstance(value, dt.datetime) else day)
            elif value is not None:
                page.write(number, column, value)
    workbook.save(str(path))


def ods_cell(value: Cell) -> TableCell:
    if value is None:
        return TableCell()
    if isinstance(value, bool):
        return TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    if isinstance(value, float):
        return TableCell(valuetype="float", value=repr(value))
    if isinstance(value, dt.date):
        return TableCell(valuetype="date", datevalue=value.isoformat())
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=value))
    return cell


def write_ods(path: Path, sheet: Sheet) -> None:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Data")
    for values in sheet:
        row = TableRow()
        for value in values:
            row.addElement(ods_cell(value))
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(path))


def same(expected: Cell, found: object) -> bool:
    """Equal, but that a date at midnight and a date-time at midnight are one thing to a spreadsheet."""
    if isinstance(expected, dt.date) and isinstance(found, dt.date):
        return as_moment(expected) == as_moment(found)
    if isinstance(expected, float) and isinstance(found, int | float) and not isinstance(found, bool):
        return f"{expected:.15g}" == f"{found:.15g}"
    return type(expected) is type(found) and expected == found


def as_moment(value: dt.date) -> dt.datetime:
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    return (moment + dt.timedelta(milliseconds=500)).replace(microsecond=0)


@pytest.mark.parametrize(
    ("ending", "write"),
    [("xlsx", write_openpyxl), ("xlsx", write_xlsxwriter), ("xls", write_xls), ("ods", write_ods)],
)
@settings(max_examples=60)
@given(sheet=rows)
def test_that_a_sheet_is_read_as_it_was_meant(
    tmp_path_factory: pytest.TempPathFactory, ending: str, write: Callable[[Path, Sheet], None], sheet: Sheet
) -> None:
    path = tmp_path_factory.mktemp("same") / f"s.{ending}"
    write(path, [HEAD, *sheet])
    reading, found = read_whole(path, header_row=1)
    expected = {number: row for number, row in enumerate(sheet, 2) if any(value is not None for value in row)}
    assert [row.number for row in found] == list(expected)
    assert reading.skipped.blank_rows <= len(sheet) - len(expected)
    for row in found:
        for wanted, value in zip(expected[row.number], row.values, strict=True):
            assert same(wanted, value), (wanted, value)


csv_texts = st.text(st.sampled_from('ab,;"|\t\n é=١'), min_size=1, max_size=8).map(lambda text: f"t{text}x")


@settings(max_examples=100)
@given(
    sheet=st.lists(st.lists(st.one_of(st.just(""), csv_texts), min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_that_a_text_file_is_read_as_it_was_meant(
    tmp_path_factory: pytest.TempPathFactory, sheet: list[list[str]], delimiter: str, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("same") / "s.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEAD, *sheet])
    reading, found = read_whole(path, header_row=1, delimiter=delimiter)
    expected: list[list[Plain]] = [[value or None for value in row] for row in sheet if any(row)]
    assert [list(row.values) for row in found] == expected
    assert reading.skipped.blank_rows == len(sheet) - len(expected)
