"""Zips that lie or explode, and a first look whose cost doesn't grow with the file."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow

from gb_desktop.workbook.model import ReadOptions, WorkbookError
from gb_desktop.workbook.package import Package
from gb_desktop.workbook.reader import look, read
from tests.workbook.files import (
    HEADER,
    MAIN,
    b_number,
    b_text,
    header_row,
    look_at,
    raw_xlsx,
    read_whole,
    record,
    text_cell,
    xlsb,
    xlsx,
)
from tests.workbook.test_same_meaning import ods_cell, write_ods

ROWS = header_row() + '<row r="2"><c r="A2"><v>1</v></c></row>'


def refused(path: Path) -> WorkbookError:
    with pytest.raises(WorkbookError) as error:
        list(read(path, ReadOptions()).rows)
    return error.value


def test_that_a_part_with_an_absurd_ratio_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "bomb.xlsx", ROWS, extra={"xl/media/image1.bin": bytes(101 << 20)})
    assert path.stat().st_size < 1_000_000
    assert refused(path).reason == "bomb"


def declared(path: Path, part: str, size: int) -> Path:
    """The same zip with another size declared for a part, in its central directory alone."""
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\x01\x02")
    while content[place + 46 : place + 46 + len(part)] != part.encode():
        place = content.index(b"PK\x01\x02", place + 4)
    content[place + 24 : place + 28] = size.to_bytes(4, "little")
    path.write_bytes(content)
    return path


def test_that_more_than_four_gigabytes_in_all_are_refused(tmp_path: Path) -> None:
    extra = {f"xl/media/{number}.bin": b"x" for number in range(60)}
    path = raw_xlsx(tmp_path / "many.xlsx", ROWS, extra=extra)
    for number in range(60):
        declared(path, f"xl/media/{number}.bin", 99 << 20)
    assert refused(path).reason == "bomb"


@pytest.mark.parametrize(("size", "reason"), [(100, "bomb"), (5_000_000, "damaged")])
def test_that_a_size_that_lies_is_found_while_inflating(tmp_path: Path, size: int, reason: str) -> None:
    filler = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 90_000))
    path = raw_xlsx(tmp_path / "lie.xlsx", header_row() + filler)
    assert refused(declared(path, "xl/worksheets/sheet1.xml", size)).reason == reason


def test_that_shared_texts_that_lie_are_found_too(tmp_path: Path) -> None:
    texts = "".join(f"<si><t>text {n}</t></si>" for n in range(30_000))
    data = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    path = raw_xlsx(tmp_path / "s.xlsx", data, shared=texts)
    assert refused(declared(path, "xl/sharedStrings.xml", 1000)).reason == "bomb"


def test_that_honest_ratios_pass(tmp_path: Path) -> None:
    filler = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 20_000))
    path = raw_xlsx(tmp_path / "h.xlsx", header_row() + filler)
    package = Package(path, path.name)
    with zipfile.ZipFile(path) as opened:
        info = opened.getinfo("xl/worksheets/sheet1.xml")
    assert info.file_size > 8 * info.compress_size
    assert sum(map(len, package.pieces("xl/worksheets/sheet1.xml"))) == info.file_size
    assert len(read_whole(path)[1]) == 19_998


def test_that_a_zip_without_its_parts_is_damaged(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "p.xlsx", ROWS)
    stripped = tmp_path / "stripped.xlsx"
    for missing in ("xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"):
        with zipfile.ZipFile(path) as whole, zipfile.ZipFile(stripped, "w") as less:
            for name in whole.namelist():
                if name != missing:
                    less.writestr(name, whole.read(name))
        assert refused(stripped).reason in ("damaged", "empty")


def with_part(path: Path, part: str, content: bytes) -> Path:
    """The same zip with one part more, or with other content in it."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, kept in {**parts, part: content}.items():
            package.writestr(name, kept)
    return path


def any_format(path: Path) -> Path:
    rows = (HEADER, ("C1", 5.0, "gift"))
    if path.suffix == ".ods":
        write_ods(path, rows)
        return path
    if path.suffix == ".xlsb":
        return xlsb(path, [[b_text(name) for name in HEADER], [b_text("C1"), b_number(5), b_text("gift")]])
    return xlsx(path, rows)


@pytest.mark.parametrize("ending", ["xlsx", "xlsb", "ods"])
def test_that_a_bomb_of_every_zipped_format_is_refused_at_once(tmp_path: Path, ending: str) -> None:
    path = with_part(any_format(tmp_path / f"bomb.{ending}"), "xl/media/a.bin", bytes(101 << 20))
    started = time.process_time()
    assert refused(path).reason == "bomb"
    with pytest.raises(WorkbookError):
        look(path, ReadOptions())
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("ending", "part"),
    [
        ("xlsx", "xl/styles.xml"),
        ("xlsx", "xl/worksheets/sheet1.xml"),
        ("ods", "content.xml"),
        ("ods", "styles.xml"),
        ("ods", "META-INF/manifest.xml"),
    ],
)
def test_that_a_document_type_in_any_part_that_is_read_is_refused(tmp_path: Path, ending: str, part: str) -> None:
    path = any_format(tmp_path / f"laughs.{ending}")
    with zipfile.ZipFile(path) as package:
        content = package.read(part)
    declaration = content[: content.find(b"?>") + 2] if content.startswith(b"<?xml") else b""
    entities = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    assert refused(with_part(path, part, declaration + entities + content[len(declaration) :])).reason == "bomb"


def test_that_a_document_type_among_the_shared_texts_is_refused(tmp_path: Path) -> None:
    data = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    shared = f'<!DOCTYPE x [<!ENTITY a "lol">]><sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>'
    path = raw_xlsx(tmp_path / "s.xlsx", data, shared=f"<sst>{shared}")
    assert refused(with_part(path, "xl/sharedStrings.xml", shared.encode())).reason == "bomb"


@pytest.mark.parametrize("ending", ["xls", "xlsb", "ods"])
def test_that_phantom_rows_of_every_format_are_no_rows(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"phantom.{ending}"
    if ending == "xls":
        workbook = xlwt.Workbook()
        page = workbook.add_sheet("Data")
        for row, values in enumerate((HEADER, ("C1", 5, "gift"))):
            for column, value in enumerate(values):
                page.write(row, column, value)
        page.write(65_535, 255, None, xlwt.easyxf("font: bold on"))
        workbook.save(str(path))
    elif ending == "xlsb":
        far = record(0, (1_048_575).to_bytes(4, "little") + bytes(13)) + record(
            1, (16_383).to_bytes(4, "little") + bytes(4)
        )
        cells = [[b_text(name) for name in HEADER], [b_text("C1"), b_number(5), b_text("gift")]]
        xlsb(path, cells, last=far)
    else:
        document = OpenDocumentSpreadsheet()
        table = Table(name="Data")
        for values in (HEADER, ("C1", 5.0, "gift")):
            row = TableRow()
            for value in values:
                row.addElement(ods_cell(value))
            table.addElement(row)
        row = TableRow(numberrowsrepeated=1_048_574)
        row.addElement(TableCell(numbercolumnsrepeated=16_384))
        table.addElement(row)
        document.spreadsheet.addElement(table)
        document.save(str(path))
    started = time.process_time()
    reading, rows = read_whole(path)
    assert time.process_time() - started < 2
    assert [list(row.values) for row in rows] == [["C1", 5.0, "gift"]]
    assert len(reading.columns) == 3


PHANTOM = """
import re, sys, time
from pathlib import Path
from gb_desktop.workbook.model import ReadOptions
from gb_desktop.workbook.reader import look, read
started = time.process_time()
look(Path(sys.argv[1]), ReadOptions())
rows = list(read(Path(sys.argv[1]), ReadOptions()).rows)
seconds = time.process_time() - started
kilobytes = int(re.search("VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(len(rows), seconds, kilobytes // 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measures memory the Linux way")
def test_that_phantom_rows_cost_neither_time_nor_memory(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    page.append(["Customer ID", "Amount"])
    page.append(["C1", 5])
    page.cell(1_048_576, 16_384).number_format = "0.00"
    page.cell(1_048_576, 1).number_format = "0.00"
    workbook.save(tmp_path / "phantom.xlsx")
    assert (tmp_path / "phantom.xlsx").stat().st_size < 7_500
    command = [sys.executable, "-c", PHANTOM, str(tmp_path / "phantom.xlsx")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows, seconds, megabytes = done.stdout.split()
    assert int(rows) == 1
    assert float(seconds) < 2
    assert int(megabytes) < 150


def test_that_the_first_look_shows_what_the_reading_reads(tmp_path: Path) -> None:
    """A sheet large enough to be cut: shared texts far apart, rich texts, marks, hidden rows."""
    path = tmp_path / "large.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    page = workbook.add_worksheet("Data")
    padded, percent = workbook.add_format({"num_format": "00000"}), workbook.add_format({"num_format": "0%"})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    bold = workbook.add_format({"bold": True})
    later = workbook.add_worksheet("Texts")
    for number in range(3_000):
        later.write(number, 0, f"a text that is not used below, number {number}")
    page.write_row(0, 0, ["Customer ID", "Padded", "Share", "Day", "Note", "Error"])
    for row in range(1, 9_000):
        page.write_string(row, 0, f"CUST-{row}")
        page.write_number(row, 1, row, padded)
        page.write_number(row, 2, row / 100, percent)
        page.write_number(row, 3, 46_000 + row % 900, day)
        page.write_rich_string(row, 4, "a ", bold, "bold", f" note & <{row}>")
        page.write_formula(row, 5, "=NA()", None, "#N/A")
    page.set_row(7, None, None, {"hidden": True})
    workbook.close()
    seen = look_at(path)
    reading, rows = read_whole(path)
    assert {facts.name: facts.rows for facts in seen.sheets} == {"Data": 9_000, "Texts": 3_000}
    assert len(seen.rows) == 100
    assert seen.rows == tuple(rows[:100])
    assert (seen.columns, seen.header_row, seen.sheet) == (reading.columns, reading.header_row, reading.sheet)


def test_that_a_first_look_is_quick_with_a_hundred_megabytes_of_shared_texts(tmp_path: Path) -> None:
    texts = ["<si><t>Customer ID</t></si><si><t>Note</t></si>"]
    texts += [f"<si><t>{'text ' * 20}{n}</t></si>" for n in range(400_000)]
    shared = "".join(texts)
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="s"><v>{n + 300_000}</v></c></row>'
        for n in range(2, 60_000)
    )
    head = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    path = raw_xlsx(tmp_path / "texts.xlsx", head + rows, shared=shared)
    started = time.process_time()
    seen = look(path, ReadOptions())
    assert time.process_time() - started < 1
    assert [column.header for column in seen.columns] == ["Customer ID", "Note"]
    assert seen.rows[0].values[1] == "text " * 20 + "300000"


def test_that_shared_texts_in_other_peoples_xml_are_found(tmp_path: Path) -> None:
    texts = "".join(f"<x:si><x:t>text {n}</x:t></x:si><x:si/>" for n in range(9_000))
    shared = f'<x:sst xmlns:x="{MAIN}">{texts}</x:sst>'
    rows = "".join(
        f'<row r="{n}">{text_cell(f"A{n}", "C" * 60)}<c r="B{n}" t="s"><v>{2 * n}</v></c></row>'
        for n in range(2, 20_000)
    )
    path = raw_xlsx(tmp_path / "x.xlsx", header_row() + rows.replace("<v>", "<v>", 1), shared=shared)
    seen = look(path, ReadOptions(header_row=1))
    assert [row.values[1] for row in seen.rows[:3]] == ["text 2", "text 3", "text 4"]
