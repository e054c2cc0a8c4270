"""Where the header is, and what the columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from gb_desktop.workbook.headers import guess_header, name_columns
from gb_desktop.workbook.model import WorkbookError
from tests.workbook.files import look_at, read_whole, xlsx

HEAD = ("Customer ID", "Amount", "Email")
DATA = [("C-1001", 5, "a@example.com"), ("C-1002", 6, "b@example.com"), ("C-1003", 7, "c@example.com")]


@pytest.mark.parametrize(
    ("above", "header"),
    [
        ([], 1),
        ([("Cashback of March 2026",)], 2),
        ([("Cashback of March 2026",), ()], 3),
        ([("Report",), ("Made by", "Mona"), (), ()], 5),
        ([("Customer", None, "Contact")], 2),
        ([(), ()], 3),
    ],
)
def test_that_the_header_is_found_below_titles_banners_and_blank_lines(
    tmp_path: Path, above: Sequence[Sequence[object]], header: int
) -> None:
    path = xlsx(tmp_path / "h.xlsx", [*above, HEAD, *DATA])
    seen = look_at(path)
    assert seen.header_row == header
    assert [column.header for column in seen.columns] == list(HEAD)
    assert [row.number for row in seen.rows] == [header + 1, header + 2, header + 3]
    assert dict(seen.above)[header] == HEAD
    assert read_whole(path)[0].header_row == header


@pytest.mark.parametrize(
    "rows",
    [
        [("ID",), ("A-1",), ("A-2",)],
        [("رقم العميل", "المبلغ"), ("C-1", 5), ("C-2", 6)],
        [("Name", "City"), ("Mona Adel", "Cairo"), ("Omar Said", "Giza"), ("Nour Helmy", "Tanta")],
        [("ID", None, "Amount"), ("A-1", "x", 5), ("A-2", "y", 6)],
        [("ID", "Amount", "Amount"), ("A-1", 5, 6)],
        [("ID", "Amount")],
    ],
)
def test_that_a_first_row_of_names_is_the_header(tmp_path: Path, rows: Sequence[Sequence[object]]) -> None:
    assert look_at(xlsx(tmp_path / "h.xlsx", rows)).header_row == 1


def test_that_one_click_changes_the_header(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "h.xlsx", [("x", "y", "z"), HEAD, *DATA])
    seen = look_at(path, header_row=2)
    assert [column.header for column in seen.columns] == list(HEAD)
    assert len(seen.rows) == 3
    for impossible in (0, -1, 99):
        with pytest.raises(WorkbookError) as refused:
            look_at(path, header_row=impossible)
        assert refused.value.reason == "header"


def test_that_a_header_far_below_the_first_rows_can_be_chosen(tmp_path: Path) -> None:
    rows = [("filler", number) for number in range(30_000)]
    path = xlsx(tmp_path / "far.xlsx", [*rows, HEAD, *DATA])
    seen = look_at(path, header_row=30_001)
    assert [column.header for column in seen.columns] == list(HEAD)
    assert len(seen.rows) == 3


def test_that_every_column_has_a_name_of_its_own() -> None:
    columns = name_columns(["Amount", None, "amount", "Amount (2)", "  ", "Column B", "Customer\n ID", 2026.0])
    assert [column.header for column in columns] == [
        "Amount",
        "Column B (2)",
        "amount (3)",
        "Amount (2)",
        "Column E",
        "Column B",
        "Customer ID",
        "2026",
    ]
    assert columns[1].raw == ""
    assert columns[6].raw == "Customer\n ID"
    assert [column.letter for column in columns] == list("ABCDEFGH")


def test_that_trailing_columns_without_header_and_data_are_not_columns(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    page.append(["ID", "Amount"])
    page.append(["C1", 5])
    page["Z1"].number_format = "0.00"
    workbook.save(tmp_path / "t.xlsx")
    assert len(look_at(tmp_path / "t.xlsx").columns) == 2


def test_that_a_blank_sheet_guesses_the_first_row() -> None:
    assert guess_header([]) == 1
    assert guess_header([(1, [None, ""]), (2, [""])]) == 1


def test_that_numbers_without_any_header_still_show_a_row() -> None:
    assert guess_header([(1, [1.0, 2.0]), (2, [3.0, 4.0])]) == 1
