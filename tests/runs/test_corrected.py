"""A sheet goes to Excel and comes back: what changed is taken over and said, and nothing else moves."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gb_desktop.mapping.model import Mapping, Source
from gb_desktop.runs.drafting import Drafting
from gb_desktop.runs.ledger import Ledger, LedgerRun
from gb_desktop.runs.model import AccountFacts, CheckSummary, RunError
from gb_desktop.runs.shelf import Shelf
from gb_desktop.workbook.annotated import PROBLEMS, SHEET_ROW, reads_back, write_annotated
from gb_desktop.workbook.model import Column, Mark, Marked, ReadOptions, Row, RowFlag, Value, WorkbookError
from gb_desktop.workbook.reader import read
from tests import sheets

FACTS = AccountFacts("Practice", "practice", "http://127.0.0.1", "v4.0", "f")
AMOUNT, BRANCH, NUMBER = 4, 5, 7  # columns of the copy, from 1


class Sheet:
    """A messy sheet in a draft: a title above the header, hidden rows, two rows left out, merged amounts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = sheets.messy(folder / "March.xlsx", 100)
        book = openpyxl.load_workbook(self.file)
        book["Cashback"].merge_cells("D20:D22")
        book.save(self.file)
        shelf = Shelf(folder / "data")
        run = shelf.create()
        self.drafting = Drafting(lambda _: None)
        self.drafting.open(shelf.path(run), shelf.copies(run), shelf.folder / "ledger.sqlite", shelf.mappings, False)
        self.call = self.drafting.command
        self.call("set_type")("cashback")
        look = self.call("look")(self.file, ReadOptions())
        self.call("load")(ReadOptions(sheet=look.sheet, header_row=look.header_row))
        self.call("choose_rows")("visible")
        self.mapping: Mapping = self.call("suggest")().mapping
        for field, header in (("customerId", "Customer"), ("transactionId", "Receipt"), ("transactionTime", "Paid on")):
            self.mapping = self.mapping.with_source(field, Source.column(header))
        self.check()
        self.call("exclude")([10, 11], True)

    def check(self) -> CheckSummary:
        found: CheckSummary = self.call("check")(self.mapping, FACTS)
        return found

    def rows(self) -> dict[int, tuple[list[Value], RowFlag, bool]]:
        staged = self.drafting._drafted.store.staged_rows()
        return {row.row: (list(row.values), row.flag, row.excluded) for row in staged}

    def copy(self) -> tuple[Path, openpyxl.Workbook, Worksheet]:
        path = self.folder / "problems.xlsx"
        self.call("write_annotated")(path)
        book = openpyxl.load_workbook(path)
        return path, book, book.worksheets[0]


@pytest.fixture
def sheet(tmp_path: Path) -> Iterator[Sheet]:
    made = Sheet(tmp_path)
    yield made
    made.drafting.close()


def test_that_a_copy_that_nobody_changed_changes_nothing(sheet: Sheet) -> None:
    before, counts = sheet.rows(), sheet.check().counts
    path, _, page = sheet.copy()
    assert [cell.value for cell in page[1]][-2:] == [PROBLEMS, SHEET_ROW]
    loaded = sheet.call("reload")(path)
    assert loaded.changes == ("Nothing is different from before.",)
    assert sheet.rows() == before
    assert sheet.check().counts == counts
    assert sheet.call("history")()[0] == "2 rows were left out."


def test_that_changed_cells_are_taken_over_and_can_be_undone(sheet: Sheet) -> None:
    before = sheet.rows()
    path, book, page = sheet.copy()
    page.cell(5, AMOUNT).value = 99.5
    page.cell(6, BRANCH).value = None
    page.cell(6, AMOUNT).value = "7,25"
    book.save(path)
    loaded = sheet.call("reload")(path)
    assert loaded.changes == ("3 cells are different now; rows concerned: 2.",)
    after = sheet.rows()
    assert (after[7][0][3], after[8][0][3], after[8][0][4]) == (99.5, "7,25", None)
    assert {row for row in before if before[row] != after[row]} == {7, 8}
    assert sheet.call("history")()[0] == "3 cells were changed by the corrected sheet."
    sheet.call("undo")()
    assert sheet.rows() == before


def test_that_hidden_rows_stay_hidden_rows_left_out_stay_out_and_merged_amounts_stay_an_error(sheet: Sheet) -> None:
    counts = sheet.check().counts
    path, book, page = sheet.copy()
    assert page.row_dimensions[58].hidden  # row 60 of the sheet
    for row in range(2, page.max_row + 1):
        page.row_dimensions[row].hidden = False  # somebody looks at everything in Excel
    page.cell(5, BRANCH).value = "Giza"
    book.save(path)
    sheet.call("reload")(path)
    found = sheet.check()
    assert (found.counts.hidden, found.counts.excluded) == (12, counts.excluded)
    assert "merged-amount" in {group.code for group in found.groups}
    assert sheet.rows()[10][2]


def test_that_rows_are_known_again_however_the_copy_is_sorted(sheet: Sheet) -> None:
    before = sheet.rows()
    path, book, page = sheet.copy()
    lines = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    for number, values in enumerate(reversed(lines), 2):
        for column, value in enumerate(values, 1):
            page.cell(number, column).value = value
    book.save(path)
    assert sheet.call("reload")(path).changes == ("Nothing is different from before.",)
    assert sheet.rows() == before


def test_that_a_row_that_is_gone_is_left_out_and_a_new_one_is_added_and_both_are_said(sheet: Sheet) -> None:
    path, book, page = sheet.copy()
    page.delete_rows(30)  # row 32 of the sheet
    moment = dt.datetime.fromisoformat("2026-03-05T10:00:00")
    for column, value in enumerate(["C-NEW", "TRX-NEW", moment, 12.5, "Giza"], 1):
        page.cell(page.max_row + (column == 1), column).value = value
    book.save(path)
    loaded = sheet.call("reload")(path)
    assert loaded.changes == ("1 row is new.", "1 row is gone.")
    rows = sheet.rows()
    assert rows[32][2]
    assert (rows[max(rows)][0][0], loaded.rows, len(rows)) == ("C-NEW", 102, 102)
    assert sheet.check().counts.rows == 102


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda page: page.delete_cols(AMOUNT), "no column \u2068Amount\u2069"),
        (lambda page: page.delete_cols(NUMBER), "can't be known again"),
        (lambda page: setattr(page.cell(1, 9), "value", "Campaign"), "a new column \u2068Campaign\u2069"),
    ],
)
def test_that_a_copy_with_other_columns_is_refused_in_words(sheet: Sheet, spoil, says: str) -> None:  # type: ignore[no-untyped-def]
    before = sheet.rows()
    path, book, page = sheet.copy()
    spoil(page)
    book.save(path)
    with pytest.raises(RunError, match=says):
        sheet.call("reload")(path)
    assert sheet.rows() == before


def test_that_the_corrected_original_keeps_the_answer_about_hidden_rows_and_what_was_left_out(sheet: Sheet) -> None:
    sheet.call("choose_rows")("all")
    excluded = sheet.check().counts.excluded
    book = openpyxl.load_workbook(sheet.file)
    book["Cashback"]["E15"] = "Giza"
    book.save(sheet.file)
    loaded = sheet.call("reload")(sheet.file)
    assert loaded.changes == ("1 row is different now.",)
    assert sheet.check().counts.excluded == excluded == 3  # the total, too


def test_that_the_corrected_original_is_one_step_that_undo_takes_back_and_needs_no_whole_check(sheet: Sheet) -> None:
    sheet.call("edit")(15, 3, "77")
    edited, db = sheet.rows(), sheet.drafting._drafted.store.connection
    book = openpyxl.load_workbook(sheet.file)
    book["Cashback"]["E16"] = "Giza"
    book.save(sheet.file)
    db.execute("UPDATE items SET body = 'as it was' WHERE item = 30")  # a whole check would make it anew
    loaded = sheet.call("reload")(sheet.file)
    assert loaded.changes == ("2 rows are different now.",)
    after = sheet.rows()
    assert {row for row in after if after[row] != edited[row]} == {15, 16}  # the edit is not in the file
    assert after[16][0][4] == "Giza"
    found = sheet.call("check")(sheet.mapping, FACTS, False)
    assert db.execute("SELECT body FROM items WHERE item = 30").fetchone() == ("as it was",)
    assert (found.counts, found.groups) == ((again := sheet.check()).counts, again.groups)
    assert sheet.call("history")()[0] == "2 cells were changed by the corrected sheet."
    sheet.call("undo")()
    assert sheet.rows() == edited
    assert sheet.call("redo")().counts == again.counts
    assert sheet.rows() == after


def test_that_the_original_that_nobody_changed_changes_and_checks_nothing(sheet: Sheet) -> None:
    before, history, db = sheet.check(), sheet.call("history")(), sheet.drafting._drafted.store.connection
    db.execute("UPDATE items SET body = 'as it was'")
    assert sheet.call("reload")(sheet.file).changes == ("Nothing is different from before.",)
    assert sheet.call("check")(sheet.mapping, FACTS, False) == before
    assert db.execute("SELECT DISTINCT body FROM items").fetchall() == [("as it was",)]
    assert sheet.call("history")() == history


@pytest.mark.parametrize("address", ["B3", "A200", "E11"])  # a header, a new row, a cell of a row that is left out
def test_that_a_corrected_original_that_is_another_sheet_is_read_anew(sheet: Sheet, address: str) -> None:
    book = openpyxl.load_workbook(sheet.file)
    book["Cashback"][address] = "new"
    book.save(sheet.file)
    sheet.call("reload")(sheet.file)
    assert sheet.call("history")() == (None, None)
    assert sheet.drafting._drafted.store.meta.get("summary") is None


def test_that_rows_left_out_are_found_again_where_rows_above_them_are_gone(sheet: Sheet) -> None:
    book = openpyxl.load_workbook(sheet.file)
    book["Cashback"].delete_rows(5)
    book["Cashback"]["E10"] = "Giza"  # was row 11 and left out: it is another row now
    book.save(sheet.file)
    loaded = sheet.call("reload")(sheet.file)
    assert loaded.changes[-1] == "1 row that was left out has changed: it is taken in again."
    assert [row for row, (_, _, excluded) in sheet.rows().items() if excluded] == [9]


def test_that_a_copy_that_nobody_changed_needs_no_check(sheet: Sheet) -> None:
    before, db = sheet.check(), sheet.drafting._drafted.store.connection
    path, _, _ = sheet.copy()
    db.execute("UPDATE items SET body = 'as it was'")
    sheet.call("reload")(path)
    assert sheet.call("check")(sheet.mapping, FACTS, False) == before
    assert db.execute("SELECT DISTINCT body FROM items").fetchall() == [("as it was",)]


MOMENT = dt.datetime.fromisoformat("2026-03-01T09:30:12.345")
VALUES: tuple[Value, ...] = (
    None, "", "text", "  spaces ", "=1+1", "1.000", "A\ud800", "x" * 40_000, "two\nlines", 0.0, 12.5, -3.0, 1e15, True,
    False, MOMENT, MOMENT.replace(microsecond=0), dt.date(2026, 3, 1), dt.datetime.fromisoformat("1899-12-31T10:00"),
    dt.time(9, 30), Marked(Mark.ERROR, None, "#N/A"), Marked(Mark.UNCACHED, None, ""),
    Marked(Mark.FORMATTED, 42.0, "00000"), Marked(Mark.MERGED, 300.0, "D2"), Marked(Mark.MERGED, "same", "A1"),
)  # fmt: skip


def test_that_every_kind_of_value_is_recognised_in_the_copy(tmp_path: Path) -> None:
    columns = [Column(0, "A", "Value", "Value"), Column(1, "B", "Other", "Other")]
    path = tmp_path / "copy.xlsx"
    write_annotated(path, "S", columns, [(Row(n, [value, "x"]), ()) for n, value in enumerate(VALUES, 2)])
    back = [row.values[0] for row in read(path, ReadOptions(sheet="S", header_row=1)).rows]
    assert len(back) == len(VALUES)
    wrong = [(held, found) for held, found in zip(VALUES, back, strict=True) if not reads_back(held, found)]
    assert wrong == []


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ("5", 5.0), (True, 1.0), (None, 0.0), (MOMENT, MOMENT + dt.timedelta(seconds=1)), ("a", "b"), (1.0, 1.0001),
        (Marked(Mark.MERGED, 300.0, "D2"), 100.0), (Marked(Mark.ERROR, None, "#N/A"), 5.0), (dt.time(9), dt.time(10)),
    ],
)  # fmt: skip
def test_that_another_value_is_a_change(held: Value, found: Value) -> None:
    assert not reads_back(held, found)


def test_that_new_rows_come_in_the_order_of_the_copy(sheet: Sheet) -> None:
    path, book, page = sheet.copy()
    last = max(sheet.rows())
    for name in ("first", "second", "third"):
        page.append([name])
    page.cell(page.max_row, NUMBER).value = "no number"
    book.save(path)
    assert sheet.call("reload")(path).changes == ("3 rows are new.",)
    rows = sheet.rows()
    assert [rows[last + n][0][0] for n in (1, 2, 3)] == ["first", "second", "third"]


def test_that_a_corrected_file_which_cannot_be_loaded_leaves_the_sheet_and_what_was_left_out(sheet: Sheet) -> None:
    before = sheet.rows()
    empty = openpyxl.load_workbook(sheet.file)
    empty["Cashback"].delete_rows(4, 200)  # nothing is left below the header
    empty.save(sheet.folder / "empty.xlsx")
    with pytest.raises((RunError, WorkbookError)):
        sheet.call("reload")(sheet.folder / "empty.xlsx")
    assert sheet.rows() == before
    assert not sheet.drafting._drafted.store.connection.in_transaction
    assert sheet.check().counts.excluded >= 2


def test_that_a_copy_taken_over_in_part_is_not_taken_over_at_all(sheet: Sheet) -> None:
    path, book, page = sheet.copy()
    page.cell(5, AMOUNT).value = 99.5
    page.append(["somebody new"])
    book.save(path)
    before, loaded, undo = sheet.rows(), sheet.drafting._drafted.loaded(), sheet.call("history")()[0]
    db = sheet.drafting._drafted.store.connection
    db.execute(
        "CREATE TEMP TRIGGER no_room BEFORE INSERT ON meta WHEN NEW.key = 'loaded' "
        "BEGIN SELECT RAISE(ABORT, 'no room'); END"
    )

    with pytest.raises(sqlite3.Error, match="no room"):
        sheet.call("reload")(path)

    assert sheet.rows() == before
    assert sheet.drafting._drafted.loaded() == loaded
    assert sheet.call("history")()[0] == undo
    db.execute("DROP TRIGGER no_room")
    assert sheet.call("reload")(path).rows == loaded.rows + 1  # nothing stands in the way of doing it again


def test_that_new_rows_are_never_there_beside_a_check_that_did_not_see_them(sheet: Sheet) -> None:
    path, book, page = sheet.copy()
    page.append(["somebody new"])
    book.save(path)
    before, meta = sheet.rows(), sheet.drafting._drafted.store.meta
    db = sheet.drafting._drafted.store.connection
    db.execute(
        "CREATE TEMP TRIGGER no_room BEFORE INSERT ON meta WHEN NEW.key = 'summary' "
        "BEGIN SELECT RAISE(ABORT, 'no room'); END"
    )

    with pytest.raises(sqlite3.Error, match="no room"):
        sheet.call("reload")(path)

    assert meta.get("summary") is not None
    assert sheet.rows() == before


def test_that_rows_left_out_for_their_ids_still_say_so_after_a_corrected_copy(sheet: Sheet) -> None:
    store = sheet.drafting._drafted.store
    row, ident = store.connection.execute("SELECT item, ident FROM items ORDER BY item LIMIT 1").fetchone()
    ledger = Ledger(sheet.drafting._drafted.ledger)
    ledger.record(LedgerRun("earlier", FACTS.fingerprint, "practice", "cashback", "", "", "2026-01-01", "finished"))
    ledger.remember_idents(FACTS.fingerprint, "cashback", "earlier", [(ident, row)])
    sheet.call("leave_out_known")(FACTS, True)
    path, book, page = sheet.copy()
    numbers = [cell.value for cell in next(page.iter_cols(NUMBER, NUMBER))]
    page.cell(numbers.index(row) + 1, BRANCH).value = "Giza"
    book.save(path)

    sheet.call("reload")(path)

    reason = store.connection.execute("SELECT reason FROM checked WHERE row = ?", (row,)).fetchone()
    assert reason == ("sent before: earlier",)
