"""A formula gives its cached value; one that nobody ever calculated is told from one that came out as 0 or blank."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from gb_desktop.workbook.compound import wrapped
from gb_desktop.workbook.model import Mark, Marked
from gb_desktop.workbook.ole import workbook_stream
from tests.workbook.files import HEADER, b_number, b_text, look_at, record, values_of, wide, xlsb

NO_VALUE = Marked(Mark.UNCACHED, None, "")


def xls_with_formulas(path: Path, formulas: Sequence[str] = ("1+1", "2+2")) -> Path:
    """As xlwt writes it: it calculates nothing."""
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("Data")
    for column, name in enumerate(HEADER):
        page.write(0, column, name)
    for row, formula in enumerate(formulas, 1):
        page.write(row, 0, f"C{row}")
        page.write(row, 1, xlwt.Formula(formula))
    workbook.save(str(path))
    return path


def with_results(path: Path, results: Sequence[bytes], *, calculated: bool = False, text: str = "") -> Path:
    """The same workbook with other stored results of 8 bytes, and with Excel's note that it calculated them."""
    stream = workbook_stream(path, path.name)
    left = list(results)
    made, place = b"", 0
    moved = 8 if calculated else 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        data = stream[place + 4 : place + 4 + size]
        if kind == 0x85:  # where a sheet begins, which the note moves
            data = struct.pack("<I", struct.unpack_from("<I", data)[0] + moved) + data[4:]
        if kind == 0x06 and left:
            data = data[:6] + left.pop(0).ljust(8, b"\0") + data[14:]
        if kind == 0x0A and calculated:
            made += struct.pack("<HHI", 0x1C1, 4, 0x1E4F)
            calculated = False
        made += struct.pack("<HH", kind, len(data)) + data
        if kind == 0x06 and text:
            made += struct.pack("<HHHB", 0x207, 3 + len(text), len(text), 0) + text.encode()
        place += 4 + size
    path.write_bytes(wrapped(made).getvalue())
    return path


def special(kind: int, value: int = 0) -> bytes:
    """A stored result that is no number: 0 a text that follows, 1 a boolean, 2 an error, 3 an empty text."""
    return bytes([kind, 0, value, 0, 0, 0, 0xFF, 0xFF])


def amounts(path: Path) -> list[object]:
    looked = [row.values[1] for row in look_at(path, header_row=1).rows]
    assert looked == [row[1] for row in values_of(path, header_row=1)]
    return looked


def test_that_a_formula_of_an_xls_that_nobody_calculated_is_marked(tmp_path: Path) -> None:
    assert amounts(xls_with_formulas(tmp_path / "never.xls")) == [NO_VALUE, NO_VALUE]
    zeros = with_results(xls_with_formulas(tmp_path / "zeros.xls"), [bytes(8), bytes(8)])
    assert amounts(zeros) == [NO_VALUE, NO_VALUE]


@pytest.mark.parametrize(
    ("results", "calculated", "values"),
    [
        ([struct.pack("<d", 12.5), bytes(8)], False, [12.5, 0]),
        ([bytes(8), bytes(8)], True, [0, 0]),
        ([special(3)] * 2, True, [None, None]),
        ([special(2, 0x2A), bytes(8)], False, [Marked(Mark.ERROR, None, "#N/A"), 0]),
        ([special(1, 1), struct.pack("<d", 3)], False, [True, 3]),
        ([special(0), struct.pack("<d", 3)], True, [NO_VALUE, 3]),
    ],
)
def test_that_the_stored_result_of_a_calculated_xls_counts(
    tmp_path: Path, results: list[bytes], calculated: bool, values: list[object]
) -> None:
    path = with_results(xls_with_formulas(tmp_path / "c.xls"), results, calculated=calculated)
    assert amounts(path) == values


def test_that_a_text_that_a_formula_of_an_xls_gave_is_its_value(tmp_path: Path) -> None:
    path = xls_with_formulas(tmp_path / "t.xls", ["1+1"])
    assert amounts(with_results(path, [special(0)], text="gift")) == ["gift"]


def b_formula(value: float | str) -> bytes:
    """A formula of an xlsb with its stored result; the formula itself is one number."""
    tail = struct.pack("<HI", 0, 3) + b"\x1e\x01\x00" + struct.pack("<I", 0)
    if isinstance(value, str):
        return bytes([8, 0]) + wide(value) + tail
    return bytes([9, 0]) + struct.pack("<d", value) + tail


def calculation(engine: int, *, on_load: bool) -> bytes:
    return record(157, struct.pack("<IIIdIH", engine, 1, 100, 0.001, 1, 1 if on_load else 0))


@pytest.mark.parametrize(
    ("results", "book", "values"),
    [
        ([0.0, ""], b"", [NO_VALUE, NO_VALUE]),
        ([0.0, ""], calculation(191_029, on_load=True), [NO_VALUE, NO_VALUE]),
        ([0.0, ""], calculation(191_029, on_load=False), [0.0, None]),
        ([0.0, 12.5], b"", [0.0, 12.5]),
        (["gift", ""], b"", ["gift", None]),
    ],
)
def test_that_a_formula_of_an_xlsb_that_nobody_calculated_is_marked(
    tmp_path: Path, results: list[float | str], book: bytes, values: list[object]
) -> None:
    rows = [[b_text(f"C{row}"), b_formula(value), b_number(1)] for row, value in enumerate(results)]
    path = xlsb(tmp_path / "f.xlsb", [[b_text(name) for name in HEADER], *rows], book=book)
    assert amounts(path) == values


def by_xlsxwriter(path: Path) -> None:
    """It stores 0 for every formula, and asks Excel to calculate when it opens the file."""
    workbook = xlsxwriter.Workbook(str(path))
    page = workbook.add_worksheet("Data")
    page.write_row(0, 0, HEADER)
    for row in (1, 2):
        page.write(row, 0, f"C{row}")
        page.write_formula(row, 1, f"=C{row + 1}*2")
        page.write(row, 2, 0)
    page.write_formula(3, 1, "=SUM(C1:C3)", None, 12.5)
    page.write(3, 0, "C3")
    workbook.close()


def by_openpyxl(path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    for row in (HEADER, ("C1", "=C2*2", 0), ("C2", "=C3*2", 0), ("C3", 12.5, 0)):
        page.append(row)
    workbook.save(path)


@pytest.mark.parametrize("write", [by_xlsxwriter, by_openpyxl])
def test_that_a_formula_of_a_program_that_calculates_nothing_is_marked(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    write(tmp_path / "f.xlsx")
    assert amounts(tmp_path / "f.xlsx") == [NO_VALUE, NO_VALUE, 12.5]
    assert [row[2] for row in values_of(tmp_path / "f.xlsx")] in ([0, 0, None], [0, 0, 0])
