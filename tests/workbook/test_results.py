"""Results workbooks and annotated copies: exact, whole, safe to open, and recognised again."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from odf.meta import UserDefined
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableRow

from gb_desktop.workbook.annotated import CellNote, write_annotated
from gb_desktop.workbook.headers import name_columns
from gb_desktop.workbook.marker import recognise
from gb_desktop.workbook.model import Mark, Marked, Row, RowFlag, Value, WorkbookError
from gb_desktop.workbook.results import OUTCOME_COLUMNS, ResultsWriter, verify_rows
from tests.workbook.files import b_number, b_text, look_at, values_of, xls, xlsb, xlsx
from tests.workbook.test_same_meaning import ods_cell

COLUMNS = name_columns(["Customer ID", "Amount", None, "Amount"])
WHEN = dt.datetime.fromisoformat("2026-03-01T12:30:05")


def written(path: Path, rows: list[list[Value]], **options: Any) -> Path:
    with ResultsWriter(path, COLUMNS, ["Points"], run="run-7", **options) as writer:
        for number, values in enumerate(rows):
            outcome, message = ("failed", "Unknown customer") if number % 2 else ("succeeded", "")
            writer.add(values, outcome, message, "listed", f"job-{number}", [number])
        writer.finish([("Account", "Demo")])
    return path


def test_that_the_users_columns_come_first_and_then_what_became_of_each_row(tmp_path: Path) -> None:
    path = written(tmp_path / "r.xlsx", [["C1", 5.0, None, WHEN], ["C2", 6.5, "x", None]])
    page = openpyxl.load_workbook(path)["Results"]
    rows = list(page.iter_rows(values_only=True))
    assert rows[0] == ("Customer ID", "Amount", "Column C", "Amount", *OUTCOME_COLUMNS, "Points")
    assert rows[1] == ("C1", 5, None, WHEN, "succeeded", None, "listed", "job-0", 0)
    assert rows[2] == ("C2", 6.5, "x", None, "failed", "Unknown customer", "listed", "job-1", 1)
    assert openpyxl.load_workbook(path).sheetnames == ["Results", "Summary"]


def test_that_a_results_workbook_opened_again_is_recognised(tmp_path: Path) -> None:
    path = written(tmp_path / "r.xlsx", [["C1", 5.0, None, None]])
    found = recognise(path)
    assert found is not None
    assert found.run == "run-7"
    assert look_at(path).run == "run-7"
    assert look_at(path).sheet == "Results"
    assert look_at(xlsx(tmp_path / "other.xlsx", [("ID",), ("C1",)])).run is None
    assert recognise(tmp_path / "gone.xlsx") is None
    (tmp_path / "text.xlsx").write_text("x")
    assert recognise(tmp_path / "text.xlsx") is None


def as_xlsb(path: Path, mark: bytes) -> None:
    xlsb(path, [[b_text("ID"), b_text("Amount")], [b_text("C1"), b_number(5)]])
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("docProps/custom.xml", mark)


def as_ods(path: Path, mark: bytes) -> None:
    document = OpenDocumentSpreadsheet()
    document.meta.addElement(UserDefined(name="GB Desktop run", valuetype="string", text="run-7"))
    table = Table(name="Results")
    for values in (("ID", "Amount"), ("C1", 5.0)):
        row = TableRow()
        for value in values:
            row.addElement(ods_cell(value))
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(path))


@pytest.mark.parametrize(("ending", "save"), [("xlsb", as_xlsb), ("ods", as_ods)])
def test_that_results_saved_in_another_format_that_keeps_the_mark_are_recognised(
    tmp_path: Path, ending: str, save: Callable[[Path, bytes], None]
) -> None:
    with zipfile.ZipFile(written(tmp_path / "r.xlsx", [["C1", 5.0, None, None]])) as package:
        mark = package.read("docProps/custom.xml")
    save(tmp_path / f"r.{ending}", mark)
    assert look_at(tmp_path / f"r.{ending}").run == "run-7"


@pytest.mark.parametrize("ending", ["xls", "csv"])
def test_that_results_whose_mark_was_lost_are_recognised_by_their_columns(tmp_path: Path, ending: str) -> None:
    rows = [("Customer ID", "Amount", *OUTCOME_COLUMNS, "Points"), ("C1", "5", "failed", "Unknown", "", "job-1", "1")]
    path = tmp_path / f"r.{ending}"
    if ending == "xls":
        xls(path, rows)
    else:
        path.write_text("\n".join(",".join(row) for row in rows))
    assert look_at(path).run == "-"
    plain = tmp_path / "plain.csv"
    plain.write_text("Customer ID,Outcome,Message,Job\nC1,5,x,y\n")
    assert look_at(plain).run is None


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0", "00123", "1E5", "http://x.y", "TRUE"]


@pytest.mark.parametrize("text", [*DANGEROUS, " x ", "_x000D_", "منى", "🎁", "a\nb", "x" * 32_767])
def test_that_a_text_stays_that_text_and_is_never_evaluated(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "t.xlsx", [[text, 1.0, None, None]])
    cell = openpyxl.load_workbook(path)["Results"]["A2"]
    assert cell.data_type == "s"
    assert cell.number_format == "@"
    assert cell.hyperlink is None
    assert values_of(path)[0][0] == text


@pytest.mark.parametrize(
    ("value", "shown", "number_format"),
    [
        (12.5, 12.5, "General"),
        (Marked(Mark.FORMATTED, 42.0, "00000"), 42, "00000"),
        (Marked(Mark.ERROR, None, "#N/A"), "#N/A", "@"),
        (Marked(Mark.UNCACHED, None, ""), None, "General"),
        (Marked(Mark.MERGED, "C1", "A2"), "C1", "@"),
        (201_000_000_001.0, 201000000001, "0"),
        (Decimal("57.70"), 57.7, "General"),
        (Decimal("12345678901234567"), "12345678901234567", "@"),
        (12345678901234567, "12345678901234567", "@"),
        (dt.date(2026, 3, 1), dt.datetime.fromisoformat("2026-03-01"), "yyyy-mm-dd"),
        (dt.date(1850, 1, 1), "1850-01-01", "@"),
        (dt.time(12, 30), dt.time(12, 30), "hh:mm:ss"),
        (dt.timedelta(hours=30), dt.timedelta(hours=30), "[h]:mm:ss"),
        (True, True, "General"),
        (float("inf"), "inf", "@"),
        ("x\ud800y", "x\ufffdy", "@"),
    ],
)
def test_that_every_kind_of_value_is_written_as_what_it_is(
    tmp_path: Path, value: Value, shown: object, number_format: str
) -> None:
    path = written(tmp_path / "v.xlsx", [[value, 1.0, None, None]])
    cell = openpyxl.load_workbook(path)["Results"]["A2"]
    assert cell.value == shown
    assert cell.number_format == number_format


def test_that_a_text_too_long_is_cut_and_the_summary_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "l.xlsx", [["🎁" * 20_000, 1.0, None, None]])
    workbook = openpyxl.load_workbook(path)
    assert str(workbook["Results"]["A2"].value).endswith("🎁…")
    lines = [row[0] for row in workbook["Summary"].iter_rows(values_only=True)]
    assert any(str(line).startswith("Texts too long") for line in lines)


def test_that_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path: Path) -> None:
    path = written(tmp_path / "s.xlsx", [[f"C{n}", float(n), None, None] for n in range(7)], rows_a_sheet=3)
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == ["Results", "Results (2)", "Results (3)", "Summary"]
    found = [row[0] for name in workbook.sheetnames[:3] for row in list(workbook[name].values)[1:]]
    assert found == [f"C{n}" for n in range(7)]


def test_that_the_summary_counts_outcomes_and_groups_reasons(tmp_path: Path) -> None:
    path = tmp_path / "sum.xlsx"
    with ResultsWriter(path, COLUMNS, run="r") as writer:
        for outcome, message, reason in [
            ("succeeded", "", ""),
            ("failed", "Customer C1 is unknown", "Unknown customer"),
            ("failed", "Customer C2 is unknown", "Unknown customer"),
            ("unknown", "No answer", ""),
        ]:
            writer.add(["C", 1.0, None, None], outcome, message, reason=reason)
        writer.finish([("Account", "Demo")])
    lines = [tuple(cell for cell in row if cell is not None) for row in openpyxl.load_workbook(path)["Summary"].values]
    assert ("Account", "Demo") in lines
    assert ("Rows", 4) in lines
    assert ("failed", 2) in lines
    assert ("failed", "Unknown customer", 2) in lines
    assert ("unknown", "No answer", 1) in lines


def test_that_an_older_file_stays_whole_until_the_new_one_is(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(b"the older one")
    for writer in (ResultsWriter(path, COLUMNS, run="r"), ResultsWriter(path, COLUMNS, run="r")):
        with pytest.raises(RuntimeError), writer:
            writer.add(["C1", 1.0, None, None], "failed")
    with pytest.raises(KeyboardInterrupt), ResultsWriter(path, COLUMNS, run="r"):
        raise KeyboardInterrupt
    assert path.read_bytes() == b"the older one"
    assert [found.name for found in tmp_path.iterdir() if "gb-data" not in found.name] == ["r.xlsx"]
    written(path, [])
    assert look_at(path, header_row=1).run == "run-7"


def test_that_a_place_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError) as refused:
        written(tmp_path / "gone" / "r.xlsx", [])
    assert refused.value.reason == "missing"
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(WorkbookError) as refused:
        written(tmp_path / "folder.xlsx", [])
    assert refused.value.reason == "locked"


def test_that_a_workbook_that_lost_rows_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path / "r.xlsx", [["C1", 1.0, None, None]] * 5)
    verify_rows(path, [6])
    with pytest.raises(WorkbookError, match="6 of 7 rows"):
        verify_rows(path, [7])


def annotated(path: Path, **options: Any) -> Any:
    rows = [
        (Row(2, ["C1", 5.0, None, None]), [CellNote(0, "warning", "Odd"), CellNote(0, "error", "Unknown")]),
        (Row(3, ["=C2", 6.0, None, None]), [CellNote(1, "warning", "Large"), CellNote(None, "warning", "Twice")]),
        (Row(4, ["C3", 7.0, None, None], RowFlag.HIDDEN), []),
    ]
    assert write_annotated(path, "Cash/back: 2026", COLUMNS, rows, **options) == 3
    return openpyxl.load_workbook(path)


def test_that_an_annotated_copy_colours_names_and_notes_its_problems(tmp_path: Path) -> None:
    workbook = annotated(tmp_path / "a.xlsx")
    page = workbook.worksheets[0]
    assert page.title == "Cash_back_ 2026"
    assert [cell.value for cell in page[1]][-2:] == ["Problems", "Sheet row"]
    assert page["A2"].fill.fgColor.rgb == "FFF8D7DA"
    assert page["B3"].fill.fgColor.rgb == "FFFFF2CC"
    assert page["E2"].value == "Odd\nUnknown"
    assert page["E3"].value == "Large\nTwice"
    assert page["A2"].comment.text == "Odd\nUnknown"
    assert page["A3"].value == "=C2"
    assert page["A3"].data_type == "s"
    assert page["E4"].value is None
    assert [page[f"F{row}"].value for row in (2, 3, 4)] == [2, 3, 4]
    assert page.row_dimensions[4].hidden


def test_that_notes_are_bounded_and_the_copy_says_so(tmp_path: Path) -> None:
    workbook = annotated(tmp_path / "a.xlsx", most_notes=1)
    page = workbook.worksheets[0]
    assert page["A2"].comment is not None
    assert page["B3"].comment is None
    about = " ".join(str(row[0]) for row in workbook["About this copy"].values)
    assert "first 1 cells" in about
    assert "first" not in " ".join(str(row[0]) for row in annotated(tmp_path / "b.xlsx")["About this copy"].values)
