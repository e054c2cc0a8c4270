"""Makes real files for the tests of this room, down to single bytes where a library would not write them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import xlwt

from gb_desktop.workbook.model import Look, Plain, ReadOptions, Row
from gb_desktop.workbook.reader import Reading, look, read

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADER = ("Customer ID", "Amount", "Reason")


def look_at(path: Path, **options: object) -> Look:
    return look(path, ReadOptions(**options))  # type: ignore[arg-type]


def read_whole(path: Path, **options: object) -> tuple[Reading, list[Row]]:
    reading = read(path, ReadOptions(**options))  # type: ignore[arg-type]
    return reading, list(reading.rows)


def values_of(path: Path, **options: object) -> list[list[object]]:
    return [list(row.values) for row in read_whole(path, **options)[1]]


def xlsx(path: Path, rows: Sequence[Sequence[object]], sheet: str = "Data") -> Path:
    """A workbook as openpyxl writes it."""
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    workbook.save(path)
    return path


def xls(path: Path, rows: Sequence[Sequence[Plain]]) -> Path:
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("Data")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                page.write(number, column, value)
    workbook.save(str(path))
    return path


def raw_xlsx(
    path: Path,
    sheet_data: str = "",
    *,
    sheet: str | bytes = "",
    tail: str = "",
    shared: str = "",
    styles: str = "",
    extra: Mapping[str, bytes | str] | None = None,
) -> Path:
    """A workbook with one sheet `S` whose XML is given: the rows alone, or the whole part."""
    kinds = {"worksheet": "worksheets/sheet1.xml"}
    parts: dict[str, bytes | str] = {}
    if shared:
        kinds["sharedStrings"] = "sharedStrings.xml"
        parts["xl/sharedStrings.xml"] = shared if "sst" in shared[:8] else f'<sst xmlns="{MAIN}">{shared}</sst>'
    if styles:
        kinds["styles"] = "styles.xml"
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    parts |= {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _relations({"officeDocument": "xl/workbook.xml"}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(kinds),
        "xl/worksheets/sheet1.xml": sheet
        or f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData>{tail}</worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**parts, **(extra or {})}.items():
            package.writestr(name, content)
    return path


def _relations(kinds: Mapping[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>' for kind, target in kinds.items()
    )
    return f'<Relationships xmlns="{RELATIONS}">{entries}</Relationships>'


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def header_row(number: int = 1, names: Sequence[str] = HEADER) -> str:
    cells = "".join(text_cell(f"{chr(65 + index)}{number}", name) for index, name in enumerate(names))
    return f'<row r="{number}">{cells}</row>'


def xlsb(
    path: Path,
    cells: Sequence[Sequence[bytes]],
    hidden_rows: Sequence[int] = (),
    after: bytes = b"",
    book: bytes = b"",
    last: bytes = b"",
    properties: bytes = b"",
) -> Path:
    """A minimal xlsb with one sheet `S`; each cell is made by `b_text` and its like, b"" leaves it out.

    `after` are records behind the sheet's cells, `book` those behind the workbook's list of sheets, `properties`
    those before it, `last` further rows.
    """
    body = b""
    for number, row in enumerate(cells):
        flags = 0x1000 if number + 1 in hidden_rows else 0
        body += record(0, struct.pack("<IIHH", number, 0, 300, flags) + bytes(5))
        for column, cell in enumerate(row):
            if cell:
                body += record(cell[0], struct.pack("<II", column, cell[1]) + cell[2:])
    sheet = record(129, b"") + record(148, struct.pack("<4I", 0, len(cells) - 1, 0, 9)) + record(145, b"") + body
    sheet += last + record(146, b"") + after + record(130, b"")
    bundle = struct.pack("<II", 0, 1) + wide("rId1") + wide("S")
    sheets = record(143, b"") + record(156, bundle) + record(144, b"")
    book = record(131, b"") + properties + sheets + book + record(132, b"")
    xfs = b"".join(record(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, 9, 164, 22))
    styles = record(278, b"") + record(615, struct.pack("<I", 1)) + record(44, struct.pack("<H", 164) + wide("00000"))
    styles += record(616, b"") + record(617, struct.pack("<I", 4)) + xfs + record(618, b"") + record(279, b"")
    relations = _relations({"worksheet": "worksheets/sheet1.bin", "styles": "styles.bin"}).replace(
        '"worksheet"', '"rId1"'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Override PartName="/xl/workbook.bin" '
            'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
        package.writestr("_rels/.rels", _relations({"officeDocument": "xl/workbook.bin"}))
        package.writestr("xl/workbook.bin", book)
        package.writestr("xl/_rels/workbook.bin.rels", relations)
        package.writestr("xl/styles.bin", styles)
        package.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def record(kind: int, data: bytes) -> bytes:
    """A record of an xlsb part."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, sizes = len(data), b""
    while True:
        sizes += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + sizes + data


def wide(text: str) -> bytes:
    units = text.encode("utf-16-le")
    return struct.pack("<I", len(units) // 2) + units


def b_text(text: str) -> bytes:
    return bytes([6, 0]) + wide(text)


def b_number(value: float, style: int = 0) -> bytes:
    return bytes([5, style]) + struct.pack("<d", value)


def b_bool(value: bool) -> bytes:
    return bytes([4, 0, int(value)])


def b_error(code: int) -> bytes:
    return bytes([3, 0, code])
