"""What the scan of a worksheet finds beside its values."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.workbook.cells import column_letter
from gb_desktop.workbook.model import Mark, Marked, WorkbookError
from gb_desktop.workbook.scan import ordinary_cell, scan_sheet
from gb_desktop.workbook.scan_slowly import scan_slowly
from tests.workbook.files import MAIN, header_row, look_at, raw_xlsx, read_whole, text_cell, values_of

STYLES = '<numFmts count="1"><numFmt numFmtId="164" formatCode="00000"/></numFmts><cellXfs>'
STYLES += '<xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs>'


def one_cell(path: Path, cell: str, **parts: str) -> object:
    """The value of cell B2 in a sheet whose column A is filled."""
    raw_xlsx(path, header_row() + f'<row r="2">{text_cell("A2", "C1")}{cell}</row>', **parts)  # type: ignore[arg-type]
    (row,) = read_whole(path)[1]
    return row.values[1]


@pytest.mark.parametrize("code", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"])
def test_that_an_error_cell_is_marked_with_its_text(tmp_path: Path, code: str) -> None:
    assert one_cell(tmp_path / "e.xlsx", f'<c r="B2" t="e"><v>{code}</v></c>') == Marked(Mark.ERROR, None, code)
    computed = f'<c r="B2" s="0" t="e"><f>1/0</f><v>{code}</v></c>'
    assert one_cell(tmp_path / "f.xlsx", computed) == Marked(Mark.ERROR, None, code)


@pytest.mark.parametrize("code", ["#GETTING_DATA", "#SPILL!", "#CALC!", "#ERROR!"])
@pytest.mark.parametrize("formula", ["", "<f>1/0</f>", '<f t="shared" si="0"/>'])
def test_that_an_error_that_the_library_does_not_know_is_one_cells_alone(
    tmp_path: Path, code: str, formula: str
) -> None:
    shared = "<si><t>not used</t></si><si><t>gift</t></si>"
    cells = (
        f'<c r="A2" t="s"><v>1</v></c><c r="B2" s="0" t="e">{formula}<v>{code}</v></c><c r="C2" t="e"><v>#REF!</v></c>'
    )
    path = raw_xlsx(tmp_path / "u.xlsx", header_row() + f'<row r="2">{cells}</row>', shared=shared)
    row = ["gift", Marked(Mark.ERROR, None, code), Marked(Mark.ERROR, None, "#REF!")]
    assert values_of(path) == [row]
    assert [list(seen.values) for seen in look_at(path).rows] == [row]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>A1*2</f></c>',
        '<c r="B2"><f>A1*2</f><v></v></c>',
        '<c r="B2"><f>A1*2</f><v/></c>',
        '<c r="B2" s="1"><f t="shared" si="0"/></c>',
        '<c r="B2" t="str"><f>A1&amp;"x"</f></c>',
    ],
)
def test_that_a_formula_without_a_value_is_marked(tmp_path: Path, cell: str) -> None:
    assert one_cell(tmp_path / "f.xlsx", cell) == Marked(Mark.UNCACHED, None, "")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B2"><f>A1*2</f><v>12.5</v></c>', 12.5),
        ('<c r="B2" t="str"><f>"x"</f><v>x</v></c>', "x"),
        ('<c r="B2" t="str"><f>IF(1,"","")</f><v></v></c>', None),
        ('<c r="B2" t="b"><f>TRUE()</f><v>1</v></c>', True),
        ('<c r="B2"><f t="shared" si="0"/><v>3</v></c>', 3.0),
        ('<c r="B2" s="1"/>', None),
        ('<c r="B2" s="1"></c>', None),
        ('<c r="B2" cm="1"><f t="array" ref="B2">1</f><v>7</v></c>', 7.0),
    ],
)
def test_that_a_formula_gives_its_cached_value(tmp_path: Path, cell: str, value: object) -> None:
    assert one_cell(tmp_path / "f.xlsx", cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B2" s="2"><v>42</v></c>', Marked(Mark.FORMATTED, 42.0, "00000")),
        ('<c r="B2" s="2" t="n"><v>42</v></c>', Marked(Mark.FORMATTED, 42.0, "00000")),
        ('<c r="B2" t="n" s="2"><v>42</v></c>', Marked(Mark.FORMATTED, 42.0, "00000")),
        ('<c r="B2" s="1"><v>0.25</v></c>', Marked(Mark.FORMATTED, 0.25, "0%")),
        ('<c r="B2" s="1"><f>1/4</f><v>0.25</v></c>', Marked(Mark.FORMATTED, 0.25, "0%")),
        ('<c r="B2" s="2" t="inlineStr"><is><t>42</t></is></c>', "42"),
        ('<c r="B2" s="2" t="b"><v>1</v></c>', True),
        ('<c r="B2" s="0"><v>42</v></c>', 42.0),
    ],
)
def test_that_a_format_with_a_meaning_is_kept_beside_the_number(tmp_path: Path, cell: str, value: object) -> None:
    assert one_cell(tmp_path / "f.xlsx", cell, styles=STYLES) == value


def sheet_xml(prefix: str = "x:", quote: str = '"', declaration: str = "") -> str:
    """The same sheet in other people's XML."""
    p, q = prefix, quote
    space = f"xmlns:{p[:-1]}" if p else "xmlns"
    return (
        f"{declaration}<{p}worksheet {space}={q}{MAIN}{q}><{p}cols><{p}col min={q}3{q} max={q}3{q} hidden={q}1{q}/>"
        f"</{p}cols><{p}sheetData><{p}row r={q}1{q}><{p}c r={q}A1{q} t={q}str{q}><{p}v>Customer ID</{p}v></{p}c>"
        f"<{p}c r={q}B1{q} t={q}str{q}><{p}v>Amount</{p}v></{p}c><{p}c r={q}C1{q} t={q}str{q}><{p}v>Note</{p}v></{p}c>"
        f"</{p}row><{p}row r={q}2{q} hidden={q}1{q}><{p}c r={q}A2{q}><{p}v>1</{p}v></{p}c>"
        f"<{p}c r={q}B2{q} t={q}e{q}><{p}v>#N/A</{p}v></{p}c><{p}c r={q}C2{q}><{p}f>1</{p}f></{p}c></{p}row>"
        f"<{p}row r={q}3{q}><{p}c r={q}A3{q}><{p}v>2</{p}v></{p}c></{p}row></{p}sheetData>"
        f"<{p}mergeCells><{p}mergeCell ref={q}A2:A3{q}/></{p}mergeCells></{p}worksheet>"
    )


@pytest.mark.parametrize(
    "xml",
    [
        sheet_xml(""),
        sheet_xml("x:"),
        sheet_xml("", "'"),
        sheet_xml("ns0:", "'", "<?xml version='1.0' encoding='UTF-8'?>"),
        sheet_xml("").replace("<sheetData>", "<!-- made by hand --><sheetData>"),
        sheet_xml("").replace('<row r="3">', '<!-- <row r="9" hidden="1"> --><row r="3">'),
    ],
)
def test_that_any_xml_of_the_same_sheet_gives_the_same_signs(tmp_path: Path, xml: str) -> None:
    reading, rows = read_whole(raw_xlsx(tmp_path / "p.xlsx", sheet=xml), header_row=1)
    assert [row.flag for row in rows] == ["hidden", ""]
    assert list(rows[0].values) == [1.0, Marked(Mark.ERROR, None, "#N/A"), Marked(Mark.UNCACHED, None, "")]
    assert [column.hidden for column in reading.columns] == [False, False, True]


@pytest.mark.parametrize("value", ["<![CDATA[x]]>", "<!-- five -->5"])
def test_that_a_value_the_library_would_take_for_blank_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(WorkbookError):
        one_cell(tmp_path / "v.xlsx", f'<c r="B2" t="str"><v>{value}</v></c>')


def test_that_cells_without_addresses_are_counted_as_they_come(tmp_path: Path) -> None:
    data = '<row><c t="str"><v>ID</v></c><c t="str"><v>Amount</v></c></row>'
    data += '<row><c><v>1</v></c><c t="e"><v>#REF!</v></c></row><row hidden="1"><c><v>2</v></c><c><v>3</v></c></row>'
    _, rows = read_whole(raw_xlsx(tmp_path / "n.xlsx", data), header_row=1)
    assert [list(row.values) for row in rows] == [[1.0, Marked(Mark.ERROR, None, "#REF!")], [2.0, 3.0]]
    assert [row.flag for row in rows] == ["", "hidden"]


def test_that_rows_out_of_order_are_read_in_order_with_their_own_marks(tmp_path: Path) -> None:
    data = header_row() + '<row r="20"><c r="A20" t="e"><v>#N/A</v></c></row>'
    data += '<row r="3"><c r="A3" t="e"><v>#REF!</v></c></row><row r="19"><c r="A19"><v>19</v></c></row>'
    _, rows = read_whole(raw_xlsx(tmp_path / "o.xlsx", data))
    assert [(row.number, row.values[0]) for row in rows] == [
        (3, Marked(Mark.ERROR, None, "#REF!")),
        (19, 19.0),
        (20, Marked(Mark.ERROR, None, "#N/A")),
    ]


def test_that_a_wrong_dimension_loses_nothing(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 9))
    xml = f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData>{header_row()}{rows}</sheetData></worksheet>'
    assert len(values_of(raw_xlsx(tmp_path / "d.xlsx", sheet=xml))) == 7


@pytest.mark.parametrize("reference", ["XFD1048576", "XFD900000", "A1048577", "AAAA2"])
def test_that_a_stray_far_cell_is_refused_by_name(tmp_path: Path, reference: str) -> None:
    row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    path = raw_xlsx(tmp_path / "far.xlsx", header_row() + f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>')
    with pytest.raises(WorkbookError, match=row) as refused:
        read_whole(path)
    assert refused.value.reason == "too-large"


def test_that_a_wide_cell_far_below_is_measured_exactly(tmp_path: Path) -> None:
    filler = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 40_000))
    wide = '<row r="40000"><c r="CZ40000"><v>1</v></c></row>'
    _, rows = read_whole(raw_xlsx(tmp_path / "w.xlsx", header_row() + filler + wide))
    assert rows[-1].values[103] == 1.0


def test_that_cells_which_are_only_formatted_do_not_count(tmp_path: Path) -> None:
    data = header_row() + '<row r="2"><c r="A2"><v>1</v></c></row>'
    data += "".join(f'<row r="{n}"><c r="A{n}" s="1"/><c r="XFD{n}" s="1"/></row>' for n in range(3, 3000))
    data += '<row r="1048576"><c r="XFD1048576" s="1"></c></row>'
    reading, rows = read_whole(raw_xlsx(tmp_path / "p.xlsx", data))
    assert len(rows) == 1
    assert len(reading.columns) == 3


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_that_a_document_type_is_refused(tmp_path: Path, part: str) -> None:
    path = raw_xlsx(tmp_path / "good.xlsx", header_row() + '<row r="2"><c r="A2"><v>1</v></c></row>')
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(bomb, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name == part:
                content = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>' + content
            bad.writestr(name, content)
    with pytest.raises(WorkbookError) as refused:
        read_whole(bomb)
    assert refused.value.reason == "bomb"


cells = st.sampled_from(
    [
        "",
        '<c r="{r}"><v>5</v></c>',
        '<c r="{r}" s="1"><v>5</v></c>',
        '<c r="{r}" s="2"/>',
        '<c r="{r}" s="3"></c>',
        '<c r="{r}" t="e"><v>#N/A</v></c>',
        '<c r="{r}" s="2" t="e"><f>1</f><v>#REF!</v></c>',
        "<c r=\"{r}\"><f>A1='S'!B2</f></c>",
        '<c r="{r}"><f>1</f><v>2</v></c>',
        '<c r="{r}"><f>1</f><v>0</v></c>',
        '<c r="{r}"><f>1</f><v>0.5</v></c>',
        '<c r="{r}" t="str"><f>1</f><v>0</v></c>',
        '<c r="{r}" s="2"><f>1</f><v>0</v></c>',
        '<c r="{r}" s="2"><f t="shared" si="1"/><v>2</v></c>',
        '<c r="{r}" t="str"><f>1</f><v></v></c>',
        '<c r="{r}" t="inlineStr"><is><r><rPr><color rgb="FF"/></rPr><t>a!\'=b</t></r></is></c>',
        '<c r="{r}" s="12" t="s"><v>0</v></c>',
        '<c r="{r}" s="2" t="n"><v>2</v></c>',
    ]
)
LETTERS = ("A", "B", "Z", "AA", "AZ", "BA", "ZZ", "AAA")


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.booleans(), st.lists(cells, max_size=len(LETTERS))), max_size=6),
    st.integers(1, 400),
    st.booleans(),
)
def test_that_the_quick_scan_and_the_slow_one_agree(rows: list[tuple[bool, list[str]]], size: int, zero: bool) -> None:
    body = ""
    for number, (hidden, row) in enumerate(rows, 1):
        inside = "".join(cell.format(r=f"{LETTERS[index]}{number}") for index, cell in enumerate(row))
        attribute = ' hidden="1"' if hidden else ""
        body += f'<row r="{number}"{attribute}>{inside}</row>' if inside else ""
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData><mergeCells><mergeCell ref="A1:A3"/></mergeCells>'
    part = (xml + "</worksheet>").encode()
    pieces = [part[place : place + size] for place in range(0, len(part), size)]
    meanings = {2: "00000", 12: "0%"}
    quick, _ = scan_sheet(lambda: iter(pieces), meanings, "f.xlsx", "S", zero_is_no_value=zero)
    slow, exact = scan_slowly(iter(pieces), meanings, "f.xlsx", zero)
    assert list(quick.marks) == list(slow.marks)
    assert quick.merged == slow.merged
    assert [n for n, flag in enumerate(quick.hidden_rows) if flag] == [n for n, f in enumerate(slow.hidden_rows) if f]
    _, bound = scan_sheet(lambda: iter(pieces), meanings, "f.xlsx", "S")
    assert bound.last_column >= exact.last_column
    assert bound.last_row >= exact.last_row


@pytest.mark.parametrize("columns", [1, 25, 26, 27, 52, 53, 700, 702, 703, 16_383, 16_384])
def test_that_the_pattern_knows_exactly_the_columns_it_was_made_for(columns: int) -> None:
    pattern = ordinary_cell(b"", columns, {})
    for column in {0, columns // 2, columns - 2, columns - 1, columns, columns + 1, 16_384}:
        if column >= 0:
            found = pattern.search(b'<c r="%b7"><v>1</v></c>' % column_letter(column).encode())
            assert (found is None) == (column < columns)
