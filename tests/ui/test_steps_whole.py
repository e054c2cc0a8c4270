"""The step pages in the real window: a messy sheet is read, mapped, mended, reviewed, sent and reported."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TypeVar

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QRadioButton

from gb_desktop.mapping.model import Source
from gb_desktop.runs.model import Outcome
from gb_desktop.ui.flow import Step
from gb_desktop.ui.steps.check_step import CheckPage
from gb_desktop.ui.steps.columns_step import ColumnsPage
from gb_desktop.ui.steps.send_step import SendPage
from gb_desktop.ui.steps.workbook_step import WorkbookPage
from tests.ui.stage import child, words_on
from tests.ui.whole_window import Whole

P = TypeVar("P")
_BATCHES = count(1)  # the practice service remembers the IDs of every test
ROWS = 40
HEADERS = ("Customer", "Receipt", "Transaction date", "Amount", "Branch")


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """A title above the header, two hidden rows, a total, a decimal comma, day-first dates, three bad cells."""
    book, batch = openpyxl.Workbook(), next(_BATCHES)
    sheet = book.active
    sheet.title = "March"
    sheet.append(["March cashback"])
    sheet.append([])
    sheet.append(HEADERS)
    for at in range(ROWS):
        paid = f"{13 + at % 15}/03/2026 10:{at:02d}"
        sheet.append([f"C-{10_001 + ROWS * batch + at}", f"M{batch}-{at:03d}", paid, f"{10 + at},50", "Cairo"])
    sheet["D8"], sheet["A10"], sheet["C12"] = "abc", None, "13/03/2031 09:00"
    sheet.row_dimensions[20].hidden = sheet.row_dimensions[21].hidden = True
    sheet.append(["Total", None, None, "1180,00", None])
    path = tmp_path / "messy.xlsx"
    book.save(path)
    return path


def page(whole: Whole, kind: type[P]) -> P:
    found = whole.main.wizard.page
    assert isinstance(found, kind)
    return found


def checked(whole: Whole, file: Path) -> CheckPage:
    """The check page of a file, its hidden rows left out and its columns matched."""
    whole.choose_type("cashback")
    whole.open_file(file)
    child(page(whole, WorkbookPage), QRadioButton, "hidden_visible").click()
    whole.next_to(Step.COLUMNS)
    columns = page(whole, ColumnsPage)
    if whole.session.mapping is not None and "transactionTime" not in whole.session.mapping.sources:
        columns._source_changed(("transactionTime", Source.column("Transaction date")))
        whole.idle()
    whole.next_to(Step.CHECK)
    return page(whole, CheckPage)


def test_that_a_messy_sheet_is_counted_as_it_is(whole: Whole, messy: Path) -> None:
    check = checked(whole, messy)
    counts = whole.session.summary.counts if whole.session.summary else None
    assert counts is not None
    assert (counts.ready, counts.errors, counts.excluded) == (ROWS - 5, 3, 3)
    assert check.why_not() == "3 rows have errors: fix them, or say that they are left out."


def test_that_an_edit_and_leaving_out_lead_to_a_sent_run(whole: Whole, messy: Path, tmp_path: Path) -> None:
    check = checked(whole, messy)
    QTest.keyClick(check.sheet.view, Qt.Key.Key_F8)
    whole.idle()
    assert check.sheet.current_row() == 8
    QTest.keyClick(check.sheet.view, Qt.Key.Key_F2)
    editor = check.sheet.view.findChild(QLineEdit)
    assert editor is not None
    editor.setText("17,25")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    whole.until(lambda: whole.session.summary and whole.session.summary.counts.errors == 2, "the mended row")
    whole.idle()
    whole.until(lambda: "\u2068Amount\u2069 in row 8 was changed." in words_on(check.groups), "the change, noted")
    QTest.keyClick(child(check, QCheckBox, "leave_out_errors"), Qt.Key.Key_Space)
    whole.next_to(Step.REVIEW)
    assert whole.session.review is not None
    assert whole.session.review.rows == ROWS - 4
    whole.next_to(Step.SEND)
    whole.sent()
    send = page(whole, SendPage)
    whole.until(lambda: "36 rows succeeded" in send.head.headline.text(), "the end")
    report = tmp_path / "results.xlsx"
    send.desk._save_to(str(report))
    whole.idle()
    book = openpyxl.load_workbook(report, read_only=True)
    lines = list(book.worksheets[0].iter_rows(values_only=True))
    at = lines[0].index("Outcome")
    outcomes = [str(line[at]).lower() for line in lines[1:]]
    book.close()
    assert len(outcomes) == ROWS + 1
    assert outcomes.count(Outcome.SUCCEEDED.value) == ROWS - 4


def test_that_undo_brings_the_sheet_back(whole: Whole, messy: Path) -> None:
    check = checked(whole, messy)
    child(check, QPushButton, "group_0_show").click()
    whole.idle()
    child(check, QPushButton, "group_0_leave_out").click()
    whole.until(lambda: whole.session.summary and whole.session.summary.counts.errors == 2, "the rows left out")
    whole.idle()
    assert check.tools.undo.isEnabled()
    check.tools.undo.click()
    whole.until(lambda: whole.session.summary and whole.session.summary.counts.errors == 3, "the rows back")
    whole.idle()
    assert check.sheet.model.rowCount() == ROWS + 1


def test_that_the_same_sheet_again_needs_a_tick(whole: Whole, messy: Path) -> None:
    for again in (False, True):
        check = checked(whole, messy)
        QTest.keyClick(child(check, QCheckBox, "leave_out_errors"), Qt.Key.Key_Space)
        whole.next_to(Step.REVIEW)
        review = whole.main.wizard.page
        assert bool(review.why_not()) is again
        if not again:
            whole.next_to(Step.SEND)
            whole.sent()
            whole.main.wizard.begin()
            whole.idle()
    child(review, QCheckBox, "send_again").click()
    assert review.why_not() == ""
