"""A long sheet that is read in pieces says the same as one that is read whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.workbook.model import Plain
from gb_desktop.workbook.package import Package
from gb_desktop.workbook.scan import scan_sheet
from gb_desktop.workbook.source import Signs, Table
from gb_desktop.workbook.xlsx import XlsxBook
from gb_desktop.workbook.xlsx_parts import find_parts, style_meanings
from gb_desktop.workbook.xlsx_pieces import SheetPieces
from tests.workbook.files import raw_xlsx, text_cell

STYLES = (
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm"/></numFmts>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="9"/></cellXfs>'
)
SHARED = "<si><t>one</t></si><si><t>two</t></si>"
CELLS = {
    "number": '<c r="{at}"><v>12.5</v></c>',
    "moment": '<c r="{at}" s="1"><v>46023.5</v></c>',
    "percent": '<c r="{at}" s="2"><v>0.25</v></c>',
    "shared": '<c r="{at}" t="s"><v>1</v></c>',
    "inline": text_cell("{at}", "text of {at}"),
    "true": '<c r="{at}" t="b"><v>1</v></c>',
    "cached": '<c r="{at}"><f>A1+1</f><v>7</v></c>',
    "error": '<c r="{at}" t="e"><v>#N/A</v></c>',
    "younger error": '<c r="{at}" t="e"><v>#SPILL!</v></c>',
    "styled": '<c r="{at}" s="1"/>',
}
Kinds = dict[int, str]  # column from 0 -> kind of cell


def row_xml(number: int, kinds: Kinds) -> str:
    cells = "".join(CELLS[kind].format(at=f"{chr(65 + column)}{number}") for column, kind in sorted(kinds.items()))
    return f'<row r="{number}">{cells}</row>'


def in_pieces(path: Path, piece: int, slices: int) -> tuple[Table, Table | None]:
    """The sheet read whole, and read in pieces of about that many bytes of XML."""
    package = Package(path, path.name)
    parts = find_parts(package)

    def small() -> Iterator[bytes]:
        for one in package.pieces(parts.sheets["S"]):
            yield from (one[start : start + slices] for start in range(0, len(one), slices))

    with closing(SheetPieces(package, parts, "S", "xlsx", piece)) as pieces:
        signs, _ = scan_sheet(small, style_meanings(package, parts.styles), path.name, "S", pieces)
        found = pieces.table(signs)
    return XlsxBook(path, path.name, "xlsx").table("S"), found


def listed(table: Table) -> list[list[Plain]]:
    return [list(row) for row in table.rows()]


rows = st.lists(
    st.tuples(st.integers(1, 4), st.dictionaries(st.integers(0, 5), st.sampled_from(sorted(CELLS)), max_size=6)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=120, deadline=None)
@given(rows=rows, piece=st.integers(1, 2000), slices=st.integers(40, 3000))
def test_that_pieces_of_any_size_hold_what_the_whole_sheet_holds(
    rows: list[tuple[int, Kinds]], piece: int, slices: int
) -> None:
    number, data = 0, ""
    for gap, kinds in rows:
        number += gap
        data += row_xml(number, kinds)
    with TemporaryDirectory() as folder:
        path = raw_xlsx(Path(folder) / "sheet.xlsx", data, styles=STYLES, shared=SHARED)
        whole, pieces = in_pieces(path, piece, slices)
        assert pieces is not None
        assert (pieces.width, pieces.last_row) == (whole.width, whole.last_row)
        assert listed(pieces) == listed(whole)
        assert listed(pieces) == listed(whole), "rows can be asked for again"


def test_that_rows_out_of_order_are_left_to_the_reader_of_whole_sheets(tmp_path: Path) -> None:
    data = "".join(row_xml(number, {0: "number"}) for number in range(20, 1, -1))
    _, pieces = in_pieces(raw_xlsx(tmp_path / "s.xlsx", data, styles=STYLES), 1, 60)
    assert pieces is None


@pytest.mark.parametrize("odd", ["<!-- a comment -->", "<row r='7'><c r='A7'><v>1</v></c></row>"])
def test_that_odd_xml_is_left_to_the_reader_of_whole_sheets(tmp_path: Path, odd: str) -> None:
    data = row_xml(1, {0: "number"}) + odd + row_xml(9, {0: "number"})
    whole, pieces = in_pieces(raw_xlsx(tmp_path / "s.xlsx", data, styles=STYLES), 1, 60)
    assert pieces is None
    assert whole.last_row == 9


def test_that_a_piece_which_cannot_be_read_is_left_to_the_reader_of_whole_sheets(tmp_path: Path) -> None:
    data = row_xml(1, {0: "number"}) + '<row r="2"><c r="A2" t="s"><v>99</v></c></row>' + row_xml(3, {0: "number"})
    package = Package(raw_xlsx(tmp_path / "s.xlsx", data, shared=SHARED), "s.xlsx")
    parts = find_parts(package)
    with closing(SheetPieces(package, parts, "S", "xlsx", 1)) as pieces:
        pieces.begin(b'<worksheet xmlns="wrong"><sheetData>', b"")
        pieces.take(b"<row r=")
        assert pieces.table(scan_sheet(lambda: package.pieces(parts.sheets["S"]), {}, "s.xlsx", "S")[0]) is None


def test_that_a_broken_piece_among_many_is_left_to_the_reader_of_whole_sheets(tmp_path: Path) -> None:
    package = Package(raw_xlsx(tmp_path / "s.xlsx", row_xml(1, {0: "number"})), "s.xlsx")
    with closing(SheetPieces(package, find_parts(package), "S", "xlsx", 1)) as pieces:
        pieces.begin(b"<worksheet><sheetData>", b"")
        for _ in range(40):  # more than may wait
            pieces.take(b"<row r=")
        assert pieces._rows == [], "the rest of the sheet is not gathered in memory"
        assert pieces.table(Signs()) is None
