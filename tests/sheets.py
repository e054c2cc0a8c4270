"""Workbooks made on the fly: clean, messy, hidden, damaged."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from openpyxl import Workbook

from gb_desktop.workbook.headers import name_columns
from gb_desktop.workbook.results import ResultsWriter

SURE_HEADERS = ("Customer ID", "Transaction ID", "Transaction time", "Amount", "Branch")
HEADERS = ("Customer", "Receipt", "Paid on", "Amount", "Branch")
_MARCH = dt.datetime(2026, 3, 1, 9, 0)  # noqa: DTZ001 - cells know no time zone


def _row(number: int) -> list[object]:
    paid = _MARCH + dt.timedelta(minutes=37 * number % 30_000, seconds=number // 30_000)
    return [f"C-{10_001 + number % 900}", f"TRX-{number:06d}", paid, 20 + (number * 37) % 480 + 0.5, "Cairo"]


def clean(path: Path, rows: int = 400, first: int = 0, strangers: int = 0) -> Path:
    """Cashback rows without a problem under headers that need no help; `first` makes their IDs differ.

    `strangers`: every so many-th customer is one whom the practice service doesn't know.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Cashback")
    sheet.append(SURE_HEADERS)
    for number in range(first, first + rows):
        row = _row(number)
        if strangers and number % strangers == 0:
            row[0] = f"unknown-{number}"
        sheet.append(row)
    book.save(path)
    return path


def messy(path: Path, rows: int = 400) -> Path:
    """Cashback rows as people write them: a title above, text amounts, gaps, doubles, a giant, a total, hidden rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Cashback"
    sheet.append(["March cashback, all branches"])
    sheet.append([])
    sheet.append(HEADERS)
    for number in range(rows):
        sheet.append(_spoiled(number, _row(number)))
    sheet.append(["Total", None, None, f"=SUM(D4:D{rows + 3})"])
    for row in range(60, 72):
        sheet.row_dimensions[row].hidden = True
    book.create_sheet("Notes").append(["Made by Sara"])
    book.save(path)
    return path


def _spoiled(number: int, row: list[object]) -> list[object]:
    if number % 20 == 3:
        row[3] = "12,50 EGP"
    if number % 33 == 5:
        row[0] = None
    if number % 41 == 7:
        row[1] = "TRX-000007"
    if number % 57 == 11:
        row[2] = "soon"
    if number == 120:
        row[3] = 98_000
    return row


def text_file(path: Path, encoding: str = "cp1256") -> Path:
    """A csv file with Arabic names, semicolons and no mark of its encoding."""
    lines = ["Customer;Name;Amount"] + [f"C-{10_001 + at};سارة أحمد;{at},50" for at in range(60)]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def damaged(path: Path) -> Path:
    """An Excel workbook of which only the first half arrived."""
    whole = clean(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def locked(path: Path) -> Path:
    """A spreadsheet that LibreOffice locked with a password."""
    path.write_bytes((Path(__file__).parent / "workbook" / "fixtures" / "locked.ods").read_bytes())
    return path


def results(path: Path) -> Path:
    """The results of a run on another computer, some of its rows failed."""
    columns = name_columns(["Customer ID", "Transaction ID", "Transaction Time", "Amount"])
    with ResultsWriter(path, columns, run="20260302-101500-abcd") as writer:
        for number in range(1, 13):
            values = (f"C-{number}", f"T-{number}", f"2026-03-01 10:{number:02d}", 10.5 * number)
            failed = number % 4 == 0
            writer.add(values, "failed" if failed else "succeeded", "Customer not found" if failed else "", "listed")
        writer.finish()
    return path
