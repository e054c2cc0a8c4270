"""Every format and every trap of a workbook on the command line, with real files."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt

from tests.e2e.cli_kit import Desktop, desktop
from tests.e2e.cli_sheets import cashback_rows, local, write_sheet
from tests.workbook.files import b_error, b_number, b_text, header_row, raw_xlsx, record, xlsb
from tests.workbook.locks import lock_ods_whole, lock_package, lock_xls_by_rc4, lock_xls_by_xor
from tests.workbook.test_formulas import b_formula
from tests.workbook.test_same_meaning import write_ods

__all__ = ["desktop"]
HEAD = ("Customer ID", "Transaction ID", "Transaction Time", "Amount")
ROWS = (("C-1", "T-1", local(2026, 3, 1, 9, 1), 11.0), ("C-2", "T-2", local(2026, 3, 1, 9, 2), 12.5))
PASSWORD = "open sesame"


def as_xls(path: Path) -> Path:
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("Data")
    moment = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    for number, row in enumerate((HEAD, *ROWS)):
        for column, value in enumerate(row):
            page.write(number, column, value, moment if isinstance(value, dt.datetime) else xlwt.easyxf())
    workbook.save(str(path))
    return path


def as_xlsb(path: Path) -> Path:
    cells = [[b_text(name) for name in HEAD]]
    for customer, ident, moment, amount in ROWS:
        serial = (moment - local(1899, 12, 30)) / dt.timedelta(days=1)
        cells.append([b_text(customer), b_text(ident), b_number(serial, 3), b_number(amount)])
    xlsb(path, cells)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("docProps/thumbnail.jpeg", bytes(6_000), zipfile.ZIP_STORED)
    return path


def as_ods(path: Path) -> Path:
    write_ods(path, [HEAD, *((*row[:2], f"{row[2]:%Y-%m-%d %H:%M:%S}", row[3]) for row in ROWS)])
    return path


def as_text(path: Path) -> Path:
    sign = "\t" if path.suffix in (".tsv", ".txt") else ";"
    lines = [sign.join(HEAD), *(sign.join(map(str, row)) for row in ROWS)]
    path.write_text("\n".join(lines), encoding="utf-16" if path.suffix == ".tsv" else "utf-8")
    return path


FORMATS: dict[str, Callable[[Path], Path]] = {
    "xlsx": lambda path: write_sheet(path, [HEAD, *ROWS]),
    "xlsm": lambda path: write_sheet(path, [HEAD, *ROWS]),
    "xls": as_xls,
    "xlsb": as_xlsb,
    "ods": as_ods,
    "csv": as_text,
    "tsv": as_text,
    "txt": as_text,
}


@pytest.mark.parametrize("ending", list(FORMATS))
def test_that_every_format_gives_the_same_rows(desktop: Desktop, ending: str) -> None:
    ran = desktop.check(FORMATS[ending](desktop.folder / f"march.{ending}"), "cashback", "--timezone", "UTC")
    assert ran.code == 0, ran.out
    assert (ran.json["rows"], ran.json["valid"]) == (2, 2)
    assert ran.json["columns"] == list(HEAD)
    assert ran.json["totals"]["total"] == "23.5"


LOCKS: dict[str, Callable[[Path, Path, str], Path]] = {
    "xlsb": lock_package,
    "xls": lock_xls_by_rc4,
    "xls (XOR)": lock_xls_by_xor,
    "ods": lock_ods_whole,
}


@pytest.mark.parametrize("kind", list(LOCKS))
def test_that_a_locked_workbook_opens_with_the_password_on_standard_input(desktop: Desktop, kind: str) -> None:
    ending = kind.partition(" ")[0]
    plain = FORMATS[ending](desktop.folder / f"plain.{ending}")
    locked = LOCKS[kind](plain, desktop.folder / f"locked.{ending}", PASSWORD)
    command = ("check", locked, "--type", "cashback", "--json", "--timezone", "UTC")
    asked = desktop.run(*command)
    assert (asked.code, asked.out) == (2, "")
    assert f"locked.{ending} is locked with a password" in asked.err
    assert desktop.run(*command, "--password-stdin", stdin="no\n").code == 2
    right = desktop.run(*command, "--password-stdin", stdin=f"{PASSWORD}\n")
    assert right.json["valid"] == 2
    kept = [path for path in desktop.data.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert kept == []


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def broken_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files that can't be used, and words of the sentence that says so."""
    folder.mkdir()
    made = {name: folder / name for name in ("photo.xlsx", "nothing.xlsx", "page.xls", "bomb.xlsx", "laughs.xlsx")}
    made["photo.xlsx"].write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    made["nothing.xlsx"].touch()
    made["page.xls"].write_text("<html><table><tr><td>1</td></tr></table></html>")
    rows = header_row() + '<row r="2"><c r="A2"><v>1</v></c></row>'
    raw_xlsx(made["bomb.xlsx"], rows, extra={"xl/media/a.bin": bytes(101 << 20)})
    raw_xlsx(made["laughs.xlsx"], sheet='<!DOCTYPE x [<!ENTITY a "lol">]><worksheet><sheetData/></worksheet>')
    stray = header_row() + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    found = {
        "picture": (made["photo.xlsx"], "is a picture"),
        "0 bytes": (made["nothing.xlsx"], "is empty (0 bytes)"),
        "web page": (made["page.xls"], "is a web page"),
        "zip bomb": (made["bomb.xlsx"], "would unpack to far more"),
        "XML bomb": (made["laughs.xlsx"], "holds a document type"),
        "far cell": (raw_xlsx(folder / "stray.xlsx", stray), "XFD1048576"),
        "folder": (folder, "is a folder"),
        "gone": (folder / "gone.xlsx", "There is no file gone.xlsx"),
    }
    for ending in ("xlsx", "xls", "xlsb", "ods"):
        cut = FORMATS[ending](folder / f"cut.{ending}")
        _cut(cut)
        found[f"cut off {ending}"] = (cut, "is damaged")
    return found


def test_that_a_file_that_can_not_be_used_is_one_sentence(desktop: Desktop) -> None:
    for what, (path, words) in broken_files(desktop.folder / "broken").items():
        ran = desktop.check(path, "cashback")
        assert (ran.code, ran.out) == (2, ""), what
        assert words in ran.sentence, (what, ran.err)
        assert path.name in ran.sentence, what
    assert list(desktop.data.glob("runs/*.files")) == []
    assert desktop.runs() == []


def problems(desktop: Desktop, file: Path, *options: str) -> dict[str, list[str]]:
    """The addresses of every problem's cells, by its code."""
    ran = desktop.check(file, "cashback", "--timezone", "UTC", *options)
    assert ran.code in (0, 1), ran.err
    found: dict[str, list[str]] = {}
    for problem in ran.json["problems"]:
        found.setdefault(problem["code"], []).extend(problem["cells"])
    return {code: sorted(cells) for code, cells in found.items()}


def xlsx_of_traps(path: Path) -> Path:
    """Merged cells, an error, formulas with a value and without, and dates counted from 1904."""
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    page = workbook["Sheet"]
    page.title = "Cash back"
    page.append(HEAD)
    for number in range(1, 8):
        page.append([f"C-{number}", f"T-{number}", local(2026, 3, 1, 9, number), 10 + number])
    page["D2"] = "=1+1"
    page["D3"] = "#REF!"
    page["D3"].data_type = "e"
    for merged in ("D4:D5", "A6:A7"):
        page.merge_cells(merged)
    workbook.save(path)
    return path


def test_that_merged_cells_errors_and_formulas_are_named_by_their_cells(desktop: Desktop) -> None:
    found = problems(desktop, xlsx_of_traps(desktop.folder / "traps.xlsx"))
    assert found["formula-empty"] == ["'Cash back'!D2"]
    assert found["cell-error"] == ["'Cash back'!D3"]
    assert found["merged-amount"] == ["'Cash back'!D5"]
    assert found["merged"] == ["'Cash back'!A7"]
    assert "future" not in found


def test_that_errors_that_excel_saved_as_text_are_named_by_their_cells(desktop: Desktop) -> None:
    """So they stand in a CSV, and so they come from the clipboard: none may be sent as somebody's ID."""
    file = desktop.folder / "looked-up.csv"
    lines = [
        ",".join(HEAD),
        "#N/A,T-1,2026-03-01 09:00:00,5",
        "C-2,#REF!,2026-03-01 09:01:00,5",
        "C-3,T-3,#VALUE!,5",
        "C-4,T-4,2026-03-01 09:03:00,#DIV/0!",
        "C-5,#1005,2026-03-01 09:04:00,5",
    ]
    file.write_text("\n".join(lines))
    cells = [f"'looked-up'!{address}" for address in ("A2", "B3", "C4", "D5")]
    assert problems(desktop, file) == {"cell-error": cells}


def xls_never_calculated(path: Path) -> Path:
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("Data")
    for column, name in enumerate(HEAD):
        page.write(0, column, name)
    for column, value in enumerate(("C-1", "T-1", "2026-03-01 09:00:00", xlwt.Formula("1+1"))):
        page.write(1, column, value)
    workbook.save(str(path))
    return path


def xlsb_never_calculated(path: Path) -> Path:
    row = [b_text("C-1"), b_text("T-1"), b_text("2026-03-01 09:00:00"), b_formula(0.0)]
    return xlsb(path, [[b_text(name) for name in HEAD], row])


def xlsx_by_xlsxwriter(path: Path) -> Path:
    workbook = xlsxwriter.Workbook(str(path))
    page = workbook.add_worksheet("Data")
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, ("C-1", "T-1", "2026-03-01 09:00:00"))
    page.write_formula(1, 3, "=1+1")
    workbook.close()
    return path


@pytest.mark.parametrize("make", [xls_never_calculated, xlsb_never_calculated, xlsx_by_xlsxwriter])
def test_that_a_formula_that_nobody_calculated_is_an_error_of_its_cell(
    desktop: Desktop, make: Callable[[Path], Path]
) -> None:
    found = problems(desktop, make(desktop.folder / f"never.{make.__name__.partition('_')[0]}"))
    assert [cells[0].partition("!")[2] for code, cells in found.items() if code == "formula-empty"] == ["D2"]


def xlsb_with_hidden_rows(path: Path) -> Path:
    rows = [[b_text(f"C-{n}"), b_text(f"T-{n}"), b_text(f"2026-03-01 09:00:0{n}"), b_number(n)] for n in range(1, 5)]
    rows[3][3] = b_error(0x2A)
    merged = record(177, bytes(4)) + record(178, b"")
    return xlsb(path, [[b_text(name) for name in HEAD], *rows], hidden_rows=[3, 4], after=merged)


def test_that_hidden_rows_of_a_binary_workbook_are_counted_and_left_out_or_taken(desktop: Desktop) -> None:
    file = xlsb_with_hidden_rows(desktop.folder / "hidden.xlsb")
    for rows, expected in (("visible", (4, 1, 1, 2)), ("all", (4, 3, 1, 0))):
        ran = desktop.check(file, "cashback", "--rows", rows, "--timezone", "UTC")
        found: dict[str, Any] = ran.json
        assert (found["rows"], found["valid"], found["invalid"], found["excluded"]) == expected
        assert found["hidden"] == 2


def test_that_of_several_sheets_the_one_that_serves_the_type_is_taken(desktop: Desktop) -> None:
    workbook = openpyxl.Workbook()
    first = workbook["Sheet"]
    for row in [("Customer ID", "Email", "First name"), *((f"C-{n}", f"{n}@x.com", "Mona") for n in range(20))]:
        first.append(row)
    for name, state, count in (("Old", "hidden", 2), ("March", "visible", 4)):
        page = workbook.create_sheet(name)
        page.sheet_state = state
        for row in cashback_rows(count):
            page.append(row)
    file = desktop.folder / "several.xlsx"
    workbook.save(file)
    assert desktop.check(file, "cashback").json["rows"] == 4
    assert desktop.check(file, "customers").json["rows"] == 20
    assert desktop.check(file, "cashback", "--sheet", "Old").json["rows"] == 2


def test_that_what_was_left_out_or_is_hidden_is_told(desktop: Desktop) -> None:
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    for row in [(*HEAD, "Branch"), (*ROWS[0], "Maadi"), (), (*ROWS[1], None), (), ("Total", None, None, 23.5)]:
        page.append(row)
    page.merge_cells("E2:E4")
    page.column_dimensions["E"].hidden = True
    page.column_dimensions["B"].hidden = True
    workbook.save(desktop.folder / "told.xlsx")
    ran = desktop.check(desktop.folder / "told.xlsx", "cashback", "--timezone", "UTC")
    assert ran.json["mapping"]["transactionId"] == "Transaction ID"
    for sentence in (
        "Blank rows left out: 2.",
        "Rows of totals left out: 1.",
        "Cells filled down from merged ones: 1.",
        "Hidden columns, matched like the others: Transaction ID, Branch.",
    ):
        assert sentence in ran.err
