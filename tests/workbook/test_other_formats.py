"""What the scans of xls, xlsb and ods find beside the values."""

from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt
from odf.number import Number, NumberStyle
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P

from gb_desktop.workbook.compound import wrapped
from gb_desktop.workbook.model import Mark, Marked, RowFlag, WorkbookError
from gb_desktop.workbook.ole import workbook_stream
from tests.workbook.files import b_error, b_number, b_text, look_at, read_whole, record, wide, xls, xlsb

PADDED = Marked(Mark.FORMATTED, 42, "00000")
SHARE = Marked(Mark.FORMATTED, 0.25, "0%")


def xls_with_signs(path: Path) -> Path:
    workbook = xlwt.Workbook()
    chart_like = workbook.add_sheet("First")
    chart_like.write(0, 0, "x")
    page = workbook.add_sheet("Data")
    page.write_merge(0, 0, 0, 3, "Cashback of March")
    for column, name in enumerate(("Customer ID", "Amount", "Share", "Code", "Error")):
        page.write(1, column, name)
    for row in range(2, 5):
        page.write(row, 0, f"C{row}")
        page.write(row, 2, 0.25, xlwt.easyxf(num_format_str="0%"))
        page.write(row, 3, 42, xlwt.easyxf(num_format_str="00000"))
        page.row(row).set_cell_error(4, 0x2A)
    page.write_merge(2, 3, 1, 1, 300)
    page.write(4, 1, 7)
    page.row(4).hidden = True
    page.col(3).hidden = True
    workbook.save(str(path))
    return path


def test_that_an_xls_has_marks_merges_and_hidden_rows(tmp_path: Path) -> None:
    reading, rows = read_whole(xls_with_signs(tmp_path / "s.xls"), sheet="Data")
    error = Marked(Mark.ERROR, None, "#N/A")
    assert list(rows[0].values) == ["C2", 300, SHARE, PADDED, error]
    assert rows[1].values[1] == Marked(Mark.MERGED, 300, "B3")
    assert [row.flag for row in rows] == [RowFlag.DATA, RowFlag.DATA, RowFlag.HIDDEN]
    assert [column.hidden for column in reading.columns] == [False, False, False, True, False]


def test_that_an_xlsb_has_marks_merges_and_hidden_rows(tmp_path: Path) -> None:
    head = [b_text(name) for name in ("Customer ID", "Amount", "Share", "Code", "Error")]
    row = [b_text("C1"), b_number(300), b_number(0.25, 1), b_number(42, 2), b_error(0x2A)]
    second = [b_text("C2"), b"", b_number(0.25, 1), b_number(42, 2), b_error(0x17)]
    merged = record(177, struct.pack("<I", 1)) + record(176, struct.pack("<4I", 1, 2, 1, 1)) + record(178, b"")
    reading, rows = read_whole(xlsb(tmp_path / "s.xlsb", [head, row, second], hidden_rows=[3], after=merged))
    assert list(rows[0].values) == ["C1", 300.0, SHARE, PADDED, Marked(Mark.ERROR, None, "#N/A")]
    assert rows[1].values[1] == Marked(Mark.MERGED, 300.0, "B2")
    assert rows[1].values[4] == Marked(Mark.ERROR, None, "#REF!")
    assert [found.flag for found in rows] == [RowFlag.DATA, RowFlag.HIDDEN]
    assert reading.format == "xlsb"


def test_that_a_text_of_an_xlsb_that_the_library_would_take_for_blank_is_refused(tmp_path: Path) -> None:
    rich = bytes([62, 0, 0]) + wide("gift")  # BrtCellRString: once Excel saves the file, its texts stand elsewhere
    path = xlsb(tmp_path / "rich.xlsb", [[b_text("ID"), b_text("Reason")], [b_text("C1"), rich]])
    with pytest.raises(WorkbookError, match="open it in Excel and save it") as refused:
        read_whole(path)
    assert refused.value.reason == "damaged"


@pytest.mark.parametrize("row", [1_000_000, 2_000_000])
def test_that_a_far_cell_of_an_xlsb_is_refused(tmp_path: Path, row: int) -> None:
    far = record(0, struct.pack("<IIHH", row, 0, 300, 0) + bytes(5))
    far += record(5, struct.pack("<IId", 16_383, 0, 1.0))
    path = xlsb(tmp_path / "far.xlsb", [[b_text("ID")]])
    broken = tmp_path / "broken.xlsb"
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(broken, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name.endswith("sheet1.bin"):
                content = content.replace(record(146, b""), far + record(146, b""))
            bad.writestr(name, content)
    with pytest.raises(WorkbookError) as refused:
        read_whole(broken)
    assert refused.value.reason == "too-large"


def cell(value: object, **attributes: object) -> TableCell:
    if isinstance(value, float):
        made = TableCell(valuetype=attributes.pop("valuetype", "float"), value=value, **attributes)
        made.addElement(P(text=str(value)))
    else:
        made = TableCell(valuetype="string", **attributes)
        made.addElement(P(text=str(value)))
    return made


def ods(path: Path, rows: list[TableRow]) -> Path:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Data")
    table.addElement(TableColumn(numbercolumnsrepeated=2))
    table.addElement(TableColumn(visibility="collapse"))
    for row in rows:
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def row_of(*cells: TableCell, **attributes: object) -> TableRow:
    row = TableRow(**attributes)
    for each in cells:
        row.addElement(each)
    return row


def test_that_an_ods_has_marks_merges_and_hidden_rows(tmp_path: Path) -> None:
    error = TableCell(formula="of:=1/0", valuetype="string", stringvalue="")
    error.addElement(P(text="#DIV/0!"))
    uncached = TableCell(formula="of:=A1")
    rows = [
        row_of(*(cell(name) for name in ("Customer ID", "Amount", "Share", "Error", "Formula"))),
        row_of(
            cell("C1"), cell(300.0, numberrowsspanned=2, numbercolumnsspanned=1),
            cell(0.25, valuetype="percentage"), error, uncached,
        ),
        row_of(cell("C2"), CoveredTableCell(), cell(0.25, valuetype="percentage"), numberrowsrepeated=1),
        row_of(cell("C3"), cell(7.0), visibility="filter"),
        row_of(TableCell(numbercolumnsrepeated=1000), numberrowsrepeated=1_048_000),
    ]  # fmt: skip
    reading, read = read_whole(ods(tmp_path / "s.ods", rows))
    assert list(read[0].values) == [
        "C1",
        300.0,
        SHARE,
        Marked(Mark.ERROR, None, "#DIV/0!"),
        Marked(Mark.UNCACHED, None, ""),
    ]
    assert read[1].values[1] == Marked(Mark.MERGED, 300.0, "B2")
    assert [row.flag for row in read] == [RowFlag.DATA, RowFlag.DATA, RowFlag.HIDDEN]
    assert [column.hidden for column in reading.columns] == [False, False, True, False, False]
    assert look_at(tmp_path / "s.ods").format == "ods"


def test_that_padded_numbers_of_an_ods_keep_their_format_also_through_the_column(tmp_path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    padded = NumberStyle(name="N1")
    padded.addElement(Number(minintegerdigits=5, decimalplaces=0))
    document.automaticstyles.addElement(padded)
    document.automaticstyles.addElement(Style(name="ce1", family="table-cell", datastylename="N1"))
    table = Table(name="Data")
    table.addElement(TableColumn(defaultcellstylename="ce1"))
    for row in (row_of(cell("ID"), cell("Amount")), row_of(cell(42.0), cell(42.0, stylename="ce1"), cell(42.0))):
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "p.ods"))
    _, rows = read_whole(tmp_path / "p.ods", header_row=1)
    assert list(rows[0].values) == [PADDED, PADDED, 42.0]


def test_that_repeated_cells_of_an_ods_cannot_explode(tmp_path: Path) -> None:
    rows = [
        row_of(cell("ID"), cell("Amount")),
        row_of(cell(1.0, numbercolumnsrepeated=16_000), numberrowsrepeated=1_000_000),
    ]
    with pytest.raises(WorkbookError) as refused:
        read_whole(ods(tmp_path / "bomb.ods", rows))
    assert refused.value.reason == "too-large"


def test_that_repeated_rows_of_an_ods_are_all_there(tmp_path: Path) -> None:
    rows = [row_of(cell("ID"), cell("Amount")), row_of(cell("C1"), cell(5.0), numberrowsrepeated=3)]
    _, read = read_whole(ods(tmp_path / "r.ods", rows))
    assert [(row.number, list(row.values)[:2]) for row in read] == [(n, ["C1", 5.0]) for n in (2, 3, 4)]


def with_records(path: Path, change: Callable[[int, bytearray], None]) -> Path:
    """The xls with its records changed in place: `change` gets each record's number and data."""
    stream = bytearray(workbook_stream(path, path.name))
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        data = stream[place + 4 : place + 4 + size]
        change(kind, data)
        stream[place + 4 : place + 4 + size] = data
        place += 4 + size
    path.write_bytes(wrapped(bytes(stream)).getvalue())
    return path


def test_that_an_xls_whose_records_point_outside_of_the_grid_is_damaged(tmp_path: Path) -> None:
    def far(kind: int, data: bytearray) -> None:
        if kind in (0x203, 0x27E):
            data[:4] = b"\xff\xff\xff\xff"

    with pytest.raises(WorkbookError) as refused:
        read_whole(with_records(xls(tmp_path / "f.xls", [("ID", "Amount"), ("C1", 5)]), far))
    assert refused.value.reason == "damaged"


def test_that_absurd_dimensions_of_an_xls_reserve_no_memory(tmp_path: Path) -> None:
    def absurd(kind: int, data: bytearray) -> None:
        if kind == 0x200:
            struct.pack_into("<IIHH", data, 0, 0, 0xFFFFFFF0, 0, 0xFFFF)

    _, rows = read_whole(with_records(xls(tmp_path / "d.xls", [("ID", "Amount"), ("C1", 5)]), absurd))
    assert [list(row.values) for row in rows] == [["C1", 5]]


def test_that_a_container_of_our_own_gives_back_any_stream() -> None:
    for size in (1, 4096, 5000, 5_000_000):
        stream = random.Random(size).randbytes(size)
        assert workbook_stream(wrapped(stream), "x.xls").rstrip(b"\0") == stream.rstrip(b"\0")
