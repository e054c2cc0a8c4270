"""Templates: safe columns, drop-downs, examples, and headers that are found again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from gb_desktop.workbook.templates import TemplateColumn, write_template
from tests.workbook.files import look_at, values_of

LONG = tuple(f"choice number {number}" for number in range(40))
COLUMNS = (
    TemplateColumn("Customer ID", "customerId", "As in your shop", True, examples=("00042", "C-2")),
    TemplateColumn("Amount", "amount", "Money", True, "number", examples=("12.5", "3")),
    TemplateColumn("Time", "transactionTime", "When", True, "datetime", examples=("2026-03-01T12:30:00Z", "soon")),
    TemplateColumn("Birthday", "birthday", "Day", False, "date", examples=("1990-05-01", "")),
    TemplateColumn("Channel", "channel", "Where", False, "choice", ("web", "pos"), ("web", "pos")),
    TemplateColumn("Kind", "kind", "What", False, "choice", LONG, (LONG[0], LONG[1])),
    TemplateColumn("Paid", "paid", "Whether", False, "boolean", examples=("TRUE", "false")),
    TemplateColumn("Name", "first.name", "First", False),
    TemplateColumn("Name", "last.name", "Last", False),
)


def test_that_a_template_reads_back_with_its_headers_and_examples(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(COLUMNS, path)
    seen = look_at(path)
    assert (seen.sheet, seen.header_row) == ("Data", 1)
    titles = [column.title for column in COLUMNS[:7]]
    assert [column.header for column in seen.columns] == [*titles, "first.name", "last.name"]
    first, second = values_of(path)
    when = dt.datetime.fromisoformat("2026-03-01T12:30:00")
    assert first == ["00042", 12.5, when, dt.date(1990, 5, 1), "web", LONG[0], True, None, None]
    assert second == ["C-2", 3.0, "soon", None, "pos", LONG[1], False, None, None]


def test_that_excel_can_not_harm_what_is_typed_into_a_template(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(COLUMNS, path)
    page = openpyxl.load_workbook(path)["Data"]
    assert page.freeze_panes == "A2"
    assert page["A2"].number_format == "@"
    assert page["C2"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert page["A1"].fill.fgColor.rgb != page["D1"].fill.fgColor.rgb
    assert "Required." in page["A1"].comment.text
    assert "customerId" in page["A1"].comment.text
    for letter, column in zip("ABC", COLUMNS, strict=False):
        assert page.column_dimensions[letter].width >= len(column.title)


def test_that_closed_lists_have_drop_downs_long_ones_from_a_hidden_sheet(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(COLUMNS, path)
    workbook = openpyxl.load_workbook(path)
    lists = {str(rule.sqref): rule.formula1 for rule in workbook["Data"].data_validations.dataValidation}
    assert lists["E2:E1048576"] == '"web,pos"'
    assert lists["F2:F1048576"] == "Lists!$A$1:$A$40"
    assert lists["G2:G1048576"] == '"TRUE,FALSE"'
    assert workbook["Lists"].sheet_state == "hidden"
    assert [row[0] for row in workbook["Lists"].values] == list(LONG)


def test_that_the_help_sheet_names_every_column(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(COLUMNS, path)
    lines = list(openpyxl.load_workbook(path)["How to fill"].values)
    assert [line[1] for line in lines[3:]] == [column.path for column in COLUMNS]
    assert lines[3][2] == "Required"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0", "http://x.y"])
def test_that_no_text_of_a_template_is_evaluated(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.xlsx"
    column = TemplateColumn(text, "path", text, True, "choice", (text, "b"), examples=(text, ""))
    write_template([column], path, sheet="Data")
    workbook = openpyxl.load_workbook(path)
    for page in workbook.worksheets:
        for row in page.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    assert values_of(path, sheet="Data", header_row=1)[0][0] == text
