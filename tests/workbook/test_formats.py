"""Which files are taken and which are refused, each with one sentence."""

from __future__ import annotations

import socket
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from gb_desktop.workbook.model import ReadOptions, WorkbookError
from gb_desktop.workbook.reader import look, read
from tests.workbook.files import (
    HEADER,
    MAIN,
    OFFICE,
    RELATIONS,
    b_number,
    b_text,
    header_row,
    look_at,
    raw_xlsx,
    text_cell,
    values_of,
    xls,
    xlsb,
    xlsx,
)

ROWS = (HEADER, ("C1", 5, "gift"), ("C2", 6.5, "gift"))
READ = [["C1", 5.0, "gift"], ["C2", 6.5, "gift"]]


def refusal(path: Path, **options: object) -> WorkbookError:
    """The one sentence, which the first look and the whole reading must both say."""
    with pytest.raises(WorkbookError) as looked:
        look(path, ReadOptions(**options))  # type: ignore[arg-type]
    with pytest.raises(WorkbookError) as reading:
        list(read(path, ReadOptions(**options)).rows)  # type: ignore[arg-type]
    assert str(looked.value) == str(reading.value)
    assert str(looked.value).endswith((".", ":"))
    assert "\n" not in str(looked.value)
    return looked.value


@pytest.mark.parametrize(
    ("start", "named"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "a picture"),
        (b"%PDF-1.7\n" + b"x" * 100, "a PDF"),
        (b"Rar!\x1a\x07\x00" + bytes(50), "an archive"),
        (b"\x1f\x8b\x08" + bytes(50), "an archive"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "a web page"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "a web page"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "an XML document"),
        (bytes(range(256)) * 8, "another kind"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "Excel 4"),
    ],
)
@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".csv"])
def test_that_a_renamed_file_is_refused_by_its_content(tmp_path: Path, start: bytes, named: str, ending: str) -> None:
    path = tmp_path / f"sheet{ending}"
    path.write_bytes(start)
    error = refusal(path)
    assert error.reason == "format"
    assert path.name in str(error)


def test_that_nobody_is_told_to_open_a_picture_in_excel(tmp_path: Path) -> None:
    path = tmp_path / "wrong.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert str(refusal(path)) == "wrong.xlsx is a picture, not a workbook: choose the workbook itself."


def test_that_an_empty_file_is_named_empty(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    path.touch()
    assert refusal(path).reason == "empty"


def test_that_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.xlsx").reason == "missing"
    assert refusal(tmp_path).reason == "missing"


@pytest.mark.parametrize("kept", [30, 100, 1000, -100, -10])
def test_that_a_workbook_cut_off_is_damaged(tmp_path: Path, kept: int) -> None:
    path = xlsx(tmp_path / "cut.xlsx", ROWS)
    path.write_bytes(path.read_bytes()[:kept])
    assert refusal(path).reason == "damaged"


def test_that_a_word_document_and_a_plain_zip_are_no_workbooks(tmp_path: Path) -> None:
    for inside, words in (("word/document.xml", "Word"), ("photo.jpg", "zip")):
        path = tmp_path / "thing.xlsx"
        with zipfile.ZipFile(path, "w") as package:
            package.writestr(inside, "x")
        error = refusal(path)
        assert error.reason == "format"
        assert words in str(error)


def test_that_the_file_beside_an_open_workbook_names_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "~$march.xlsx"
    name = "Mona"
    wide = name.encode("utf-16-le").ljust(108)
    path.write_bytes(bytes([len(name)]) + name.encode().ljust(54) + bytes([len(name), 0]) + wide)
    assert str(refusal(path)) == "~$march.xlsx only says who has march.xlsx open: choose march.xlsx itself."
    real = xlsx(tmp_path / "~$april.xlsx", ROWS)
    assert values_of(real) == READ


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".csv", ".txt", ""])
def test_that_the_content_decides_and_not_the_ending(tmp_path: Path, ending: str) -> None:
    workbook = xlsx(tmp_path / f"book{ending}", ROWS)
    assert look_at(workbook).format == "xlsx"
    assert values_of(workbook) == READ
    text = tmp_path / f"text{ending}"
    text.write_text("Customer ID,Amount\nC1,5\n")
    assert look_at(text).format == "csv"


def test_that_macros_make_an_xlsm(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "m.xlsm", '<row r="1"><c r="A1"><v>1</v></c></row>', extra={"xl/vbaProject.bin": b"x"})
    assert look_at(path).format == "xlsm"


def test_that_a_strict_open_xml_workbook_is_read(tmp_path: Path) -> None:
    """Excel's "Strict Open XML Spreadsheet" has other names for the same elements."""
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = tmp_path / "strict.xlsx"
    with zipfile.ZipFile(xlsx(tmp_path / "usual.xlsx", ROWS)) as usual, zipfile.ZipFile(strict, "w") as package:
        for name in usual.namelist():
            part = usual.read(name).replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            package.writestr(name, part.replace(office, b"http://purl.oclc.org/ooxml/officeDocument/relationships"))
    assert values_of(strict) == READ
    assert [list(row.values) for row in look_at(strict).rows] == READ


def test_that_a_chart_that_fills_a_sheet_is_no_sheet_of_rows(tmp_path: Path) -> None:
    workbook = xlsxwriter.Workbook(str(tmp_path / "chart.xlsx"))
    picture, page = workbook.add_chartsheet("Chart"), workbook.add_worksheet("Data")
    for number, row in enumerate(ROWS):
        page.write_row(number, 0, row)
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series({"values": "=Data!$B$2:$B$3"})
    picture.set_chart(chart)
    workbook.close()
    assert [facts.name for facts in look_at(tmp_path / "chart.xlsx").sheets] == ["Data"]
    assert values_of(tmp_path / "chart.xlsx") == READ


def test_that_external_links_are_never_followed(tmp_path: Path) -> None:
    """A formula on another workbook gives its cached value, and nobody is asked for that workbook."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        away = f"http://127.0.0.1:{server.getsockname()[1]}/prices.xlsx"
        kind = f"{OFFICE}/externalLinkPath"
        link = f'<Relationship Id="rId1" Type="{kind}" Target="{away}" TargetMode="External"/>'
        links = f'<Relationships xmlns="{RELATIONS}">{link}</Relationships>'
        extra = {
            "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"/>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": links,
            "xl/worksheets/_rels/sheet1.xml.rels": links,
        }
        cell = '<c r="B2"><f>[1]Prices!A1</f><v>12.5</v></c>'
        path = raw_xlsx(
            tmp_path / "e.xlsx", header_row() + f'<row r="2">{text_cell("A2", "C1")}{cell}</row>', extra=extra
        )
        assert look_at(path).rows[0].values[:2] == ["C1", 12.5]
        assert values_of(path)[0][:2] == ["C1", 12.5]
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_that_old_and_binary_workbooks_are_read(tmp_path: Path) -> None:
    old = xls(tmp_path / "old.xls", ROWS)
    binary = xlsb(
        tmp_path / "binary.xlsb",
        [
            [b_text(name) for name in HEADER],
            [b_text("C1"), b_number(5), b_text("gift")],
            [b_text("C2"), b_number(6.5), b_text("gift")],
        ],
    )
    assert look_at(old).format == "xls"
    assert look_at(binary).format == "xlsb"
    assert values_of(old) == values_of(binary) == READ


def test_that_hidden_sheets_are_listed_as_hidden(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for name, state in (("Notes", "visible"), ("Old", "hidden"), ("Deep", "veryHidden")):
        workbook.create_sheet(name).sheet_state = state
    first = workbook["Sheet"]
    first.append(["Customer ID", "Amount"])
    first.append(["C1", 5])
    workbook.save(tmp_path / "s.xlsx")
    seen = look_at(tmp_path / "s.xlsx")
    visibility = {facts.name: facts.visibility for facts in seen.sheets}
    assert visibility == {"Sheet": "visible", "Notes": "visible", "Old": "hidden", "Deep": "very hidden"}
    assert seen.sheet == "Sheet"


def test_that_the_sheet_with_the_table_is_suggested(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    notes = workbook["Sheet"]
    for line in ("Campaign of March", "Ask Mona before sending", "Thank you"):
        notes.append([line])
    data = workbook.create_sheet("Cashback")
    data.append(["Customer ID", "Amount", "Date"])
    for number in range(10):
        data.append([f"C-{number}", number, "2026-01-01"])
    workbook.save(tmp_path / "s.xlsx")
    assert look_at(tmp_path / "s.xlsx").sheet == "Cashback"
    assert len(values_of(tmp_path / "s.xlsx")) == 10


def test_that_an_unknown_sheet_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "s.xlsx", ROWS)
    assert values_of(path, sheet="data") == READ
    error = refusal(path, sheet="March")
    assert error.reason == "sheet"
    assert "Data" in str(error)


def test_that_an_empty_sheet_says_so(tmp_path: Path) -> None:
    assert refusal(xlsx(tmp_path / "s.xlsx", [])).reason == "empty"
    assert refusal(raw_xlsx(tmp_path / "r.xlsx", "")).reason == "empty"
    blank = tmp_path / "b.csv"
    blank.write_text("\n\n\n")
    assert refusal(blank).reason == "empty"
