"""Blank, hidden and total rows, and cells that were merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlwt

from gb_desktop.workbook.model import Mark, Marked, ReadOptions, RowFlag
from gb_desktop.workbook.reader import read
from gb_desktop.workbook.rows import BLOCK
from tests.workbook.files import HEADER, b_number, b_text, look_at, read_whole, record, values_of, wide, xls, xlsb, xlsx


def test_that_blank_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "b.xlsx", [HEADER, ("C1", 1), (), ("  ", "\u200b", "\u00a0"), ("C2", 0), (), ("C3", 3)])
    reading, rows = read_whole(path)
    assert [row.number for row in rows] == [2, 5, 7]
    assert reading.skipped.blank_rows == 3
    assert rows[1].values[1] == 0.0


def test_that_every_row_has_a_value_for_every_column(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "r.xlsx", [HEADER, ("C1",), ("C2", 2, "x", "extra"), ("C3", 3)])
    reading, rows = read_whole(path)
    assert [column.header for column in reading.columns] == [*HEADER, "Column D"]
    assert {len(row.values) for row in rows} == {4}


def test_that_a_table_that_starts_in_column_c_keeps_its_columns(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    for row, (left, right) in enumerate([("Customer ID", "Amount"), ("C1", 5), ("C2", 6)], 3):
        page.cell(row, 3, left)
        page.cell(row, 4, right)
    workbook.save(tmp_path / "c.xlsx")
    reading, rows = read_whole(tmp_path / "c.xlsx")
    assert [(column.letter, column.header) for column in reading.columns][2:] == [("C", "Customer ID"), ("D", "Amount")]
    assert [(row.number, row.values[2]) for row in rows] == [(4, "C1"), (5, "C2")]


def test_that_hidden_rows_are_flagged_and_counted_whatever_hid_them(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    for row in [HEADER, *((f"C{number}", number) for number in range(3 * BLOCK))]:
        page.append(row)
    page.auto_filter.ref = "A1:C1000"
    for row in (2, BLOCK, BLOCK + 1, BLOCK + 2, 2 * BLOCK + 5):
        page.row_dimensions[row].hidden = True
    page.column_dimensions["B"].hidden = True
    workbook.save(tmp_path / "h.xlsx")
    reading, rows = read_whole(tmp_path / "h.xlsx")
    hidden = [row.number for row in rows if row.flag is RowFlag.HIDDEN]
    assert hidden == [2, BLOCK, BLOCK + 1, BLOCK + 2, 2 * BLOCK + 5]
    assert reading.skipped.hidden_rows == 5
    assert len(rows) == 3 * BLOCK
    assert [column.hidden for column in reading.columns] == [False, True, False]
    assert [row.flag for row in look_at(tmp_path / "h.xlsx").rows][:2] == [RowFlag.HIDDEN, RowFlag.DATA]


ROWS = [HEADER, ("C1", 10, "gift"), ("C2", 20.5, "gift"), ("C3", 30, "gift")]


@pytest.mark.parametrize(
    "total",
    [
        ("Total", 60.5),
        ("TOTAL:", 60.5),
        ("Grand total", 60.5, None),
        ("Total (EGP)", 60.5),
        (None, 60.5),
        ("المجموع", 60.5),
        ("الإجمالي", 60.5),
        (None, "Total", 60.5),
        ("Sum", 999),
        ("Total", "=SUM(B2:B4)"),  # not computed yet
        ("Total", "#N/A"),  # the sum over a column that holds one
    ],
)
def test_that_a_trailing_total_is_flagged(tmp_path: Path, total: Sequence[object]) -> None:
    for rows in ([*ROWS, total], [*ROWS, (), total], [*ROWS, total, ("Prepared by Mona",)]):
        reading, found = read_whole(xlsx(tmp_path / "t.xlsx", rows))
        totals = [row for row in found if row.flag is RowFlag.TOTAL]
        flagged = len(totals) == 1 or (total[0] is None and rows[-1] != total)
        assert flagged, rows
        assert reading.skipped.total_rows == len(totals)


@pytest.mark.parametrize(
    "last",
    [
        ("C4", 60.5, "gift"),  # merely equals the sum above: a matter for a warning
        (None, 40),  # an ID was forgotten: an error, not a total
        ("Total Wine", 5, "gift"),
        ("C9", "Total", 5),
        ("Total",),
        ("Totals Ltd branch", 60.5),
    ],
)
def test_that_a_data_row_is_not_taken_for_a_total(tmp_path: Path, last: Sequence[object]) -> None:
    _, read = read_whole(xlsx(tmp_path / "t.xlsx", [*ROWS, last]))
    assert [row.flag for row in read] == [RowFlag.DATA] * 4


def test_that_a_bare_total_of_the_visible_rows_is_recognised(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    for row in [*ROWS, (None, 40)]:
        page.append(row)
    page.row_dimensions[3].hidden = True
    workbook.save(tmp_path / "v.xlsx")
    _, rows = read_whole(tmp_path / "v.xlsx")
    assert rows[-1].flag is RowFlag.TOTAL


def test_that_subtotal_and_total_lines_are_both_flagged_and_totals_in_a_csv_too(tmp_path: Path) -> None:
    _, rows = read_whole(xlsx(tmp_path / "t.xlsx", [*ROWS, ("Subtotal", 60.5), ("VAT", 8), ("Total", 68.5)]))
    assert [row.flag for row in rows[3:]] == [RowFlag.TOTAL, RowFlag.DATA, RowFlag.TOTAL]
    (tmp_path / "t.csv").write_text('Customer ID,Amount\nC1,"1,000.50"\nC2,20\nC3,30\n,"1,050.50"\n')
    _, rows = read_whole(tmp_path / "t.csv")
    assert [row.flag for row in rows] == [RowFlag.DATA] * 3 + [RowFlag.TOTAL]


def test_that_a_total_in_the_middle_of_the_data_is_left_to_the_person(tmp_path: Path) -> None:
    rows = [HEADER, ("Total", 5), *((f"C{number}", number) for number in range(50))]
    _, read = read_whole(xlsx(tmp_path / "m.xlsx", rows))
    assert {row.flag for row in read} == {RowFlag.DATA}


def merged(path: Path, ranges: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    for row in rows:
        page.append(row)
    for reference in ranges:
        page.merge_cells(reference)
    workbook.save(path)
    return path


def test_that_merged_cells_are_filled_down_and_say_where_from(tmp_path: Path) -> None:
    rows = [HEADER, ("C1", 300, "gift"), (None, None, "gift"), (None, None, "gift"), ("C2", 5, "x")]
    reading, read = read_whole(merged(tmp_path / "m.xlsx", ["A2:A4", "B2:B4"], rows))
    assert list(read[0].values) == ["C1", 300.0, "gift"]
    assert list(read[2].values) == [Marked(Mark.MERGED, "C1", "A2"), Marked(Mark.MERGED, 300.0, "B2"), "gift"]
    assert list(read[3].values) == ["C2", 5.0, "x"]
    assert reading.skipped.merged_cells == 4


def test_that_merged_titles_and_headers_are_not_filled_into_the_data(tmp_path: Path) -> None:
    rows = [("Cashback of March",), ("Customer ID", "Amount", "Reason"), (None, None, None), ("C1", 5, "gift")]
    path = merged(tmp_path / "t.xlsx", ["A1:C1", "A2:A3", "B2:B3", "C2:C3"], rows)
    reading, read = read_whole(path)
    assert reading.header_row == 2
    assert [list(row.values) for row in read] == [["C1", 5.0, "gift"]]


def test_that_a_merge_across_columns_fills_no_neighbour(tmp_path: Path) -> None:
    path = merged(tmp_path / "a.xlsx", ["A2:B2"], [HEADER, ("C1", None, "gift"), ("C2", 5, "x")])
    assert values_of(path)[0] == ["C1", None, "gift"]


def test_that_a_merge_over_rows_without_anything_else_makes_no_rows(tmp_path: Path) -> None:
    path = merged(tmp_path / "n.xlsx", ["A2:A9"], [HEADER, ("C1", 5, "gift")])
    assert len(values_of(path)) == 1


def test_that_a_merged_padded_number_is_filled_down_as_it_is_shown(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    for row in [HEADER, (42, 1, "a"), (None, 2, "b")]:
        page.append(row)
    page["A2"].number_format = "00000"
    page.merge_cells("A2:A3")
    workbook.save(tmp_path / "p.xlsx")
    assert values_of(tmp_path / "p.xlsx")[1][0] == Marked(Mark.MERGED, "00042", "A2")


def test_that_the_1904_date_system_is_honoured(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    page = workbook["Sheet"]
    page.append(["When", "Day"])
    moment = dt.datetime.fromisoformat("2026-03-01T12:30")
    page.append([moment, dt.date(2026, 3, 1)])
    workbook.save(tmp_path / "mac.xlsx")
    assert values_of(tmp_path / "mac.xlsx") == [[moment, dt.date(2026, 3, 1)]]


def test_that_the_1904_date_system_of_binary_workbooks_is_honoured(tmp_path: Path) -> None:
    head, serial = ("ID", "When"), 46_080.5 - 1_462
    old = xlwt.Workbook()
    old.dates_1904 = True
    page = old.add_sheet("Data")
    for column, (name, value) in enumerate(zip(head, ("C1", serial), strict=True)):
        page.write(0, column, name)
        page.write(1, column, value, xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm" if column else "General"))
    old.save(str(tmp_path / "mac.xls"))
    counted = record(153, (1).to_bytes(4, "little") + bytes(4) + wide(""))  # BrtWbProp: f1904
    rows = [[b_text(name) for name in head], [b_text("C1"), b_number(serial, 3)]]
    xlsb(tmp_path / "mac.xlsb", rows, properties=counted)
    for ending in ("xls", "xlsb"):
        assert values_of(tmp_path / f"mac.{ending}") == [["C1", dt.datetime.fromisoformat("2026-02-27T12:00")]]


def test_that_long_texts_and_all_scripts_come_through_unharmed(tmp_path: Path) -> None:
    texts = [
        "x" * 32_767,
        "🎁" * 100,
        "منى عادل",
        "a\nb\tc",
        "=1+1",
        " spaces ",
        "_x0041_",
        "e\u0301",
        "\u202bRTL\u202c",
    ]
    path = tmp_path / "l.xlsx"
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    page.append(["Text"])
    for row, text in enumerate(texts, 2):
        cell = page.cell(row, 1, text)
        cell.data_type = "s"
    workbook.save(path)
    found = [row[0] for row in values_of(path)]
    assert found[:6] == texts[:6]
    assert found[7:] == texts[7:]


def test_that_progress_names_the_row_reached(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("ID,Amount\n" + "C,1\n" * 9_000)
    seen: list[int] = []
    assert sum(1 for _ in read(path, ReadOptions(), seen.append).rows) == 9_000
    assert seen == sorted(seen)
    assert len(seen) == 2


def test_that_old_workbooks_count_rows_the_same_way(tmp_path: Path) -> None:
    path = xls(tmp_path / "o.xls", [HEADER, ("C1", 1.5, "x"), (None, None, None), ("Total", 1.5, None)])
    reading, rows = read_whole(path)
    assert [(row.number, row.flag) for row in rows] == [(2, ""), (4, "total")]
    assert reading.skipped.blank_rows == 1
