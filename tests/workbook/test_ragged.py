"""Rows that end early have as many values as the sheet has columns, in every format: checking counts on it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gb_desktop.workbook.clipboard import paste
from tests.workbook.files import b_number, b_text, header_row, raw_xlsx, read_whole, text_cell, xls, xlsb, xlsx
from tests.workbook.test_same_meaning import Cell, Sheet, write_ods, write_xlsxwriter

HEAD = ("Customer ID", "Amount", "Reason", "Note")
Write = Callable[[Path, Sheet], object]
SOME_SHORT: Sheet = [["C1"], ["C2", 5.5], ["C3", 6.5, "x", "y"], [None, 7.5], ["C5", None, "x"]]
ALL_SHORT: Sheet = [[f"C{number}"] for number in range(1, 1100)]  # more than one block


def _delimited(delimiter: str) -> Write:
    def write(path: Path, sheet: Sheet) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(_texts(sheet))

    return write


def _texts(sheet: Sheet) -> list[list[str]]:
    return [["" if value is None else str(value) for value in row] for row in sheet]


def _raw_xlsx(path: Path, sheet: Sheet) -> None:
    """Rows without a cell for what is empty, as Excel writes them."""
    rows = (
        f'<row r="{number}">{"".join(_raw_cell(column, number, value) for column, value in enumerate(row))}</row>'
        for number, row in enumerate(sheet[1:], 2)
    )
    raw_xlsx(path, header_row(1, HEAD) + "".join(rows))


def _raw_cell(column: int, row: int, value: Cell) -> str:
    reference = f"{'ABCD'[column]}{row}"
    if value is None:
        return ""
    return text_cell(reference, value) if isinstance(value, str) else f'<c r="{reference}"><v>{value}</v></c>'


def _xlsb(path: Path, sheet: Sheet) -> None:
    xlsb(path, [[_b_cell(value) for value in row] for row in sheet])


def _b_cell(value: Cell) -> bytes:
    if value is None:
        return b""
    return b_text(value) if isinstance(value, str) else b_number(float(str(value)))


FORMATS: dict[str, Write] = {
    "csv": _delimited(","),
    "tsv": _delimited("\t"),
    "xlsx": xlsx,
    "streamed.xlsx": write_xlsxwriter,
    "bare.xlsx": _raw_xlsx,
    "xlsb": _xlsb,
    "xls": xls,
    "ods": write_ods,
}


@pytest.mark.parametrize("sheet", [SOME_SHORT, ALL_SHORT], ids=["some short", "all short"])
@pytest.mark.parametrize("ending", FORMATS)
def test_that_a_row_that_ends_early_is_as_wide_as_the_sheet(tmp_path: Path, ending: str, sheet: Sheet) -> None:
    path = tmp_path / f"sheet.{ending}"
    FORMATS[ending](path, [HEAD, *sheet])
    _is_whole(path, sheet)


@pytest.mark.parametrize("sheet", [SOME_SHORT, ALL_SHORT], ids=["some short", "all short"])
def test_that_a_pasted_row_that_ends_early_is_as_wide_as_the_sheet(tmp_path: Path, sheet: Sheet) -> None:
    text = "\r\n".join("\t".join(row) for row in _texts([HEAD, *sheet]))
    _is_whole(paste(text, tmp_path), sheet)


def _is_whole(path: Path, sheet: Sheet) -> None:
    tabs = {"delimiter": "\t"} if path.suffix == ".tsv" else {}  # as the app says of what is pasted
    reading, rows = read_whole(path, header_row=1, **tabs)
    assert [column.header for column in reading.columns] == list(HEAD)
    assert [_shown(row.values) for row in rows] == _texts([[*row, *[None] * (4 - len(row))] for row in sheet])
    assert {len(row.values) for row in rows} == {4}


def _shown(values: Sequence[object]) -> list[str]:
    return ["" if value is None else str(value) for value in values]
