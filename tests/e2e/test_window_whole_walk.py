"""The whole way through the wizard, by mouse and keys, with sheets of 2,500 rows as they really are."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLineEdit

from gb_desktop.ui.flow import Step
from tests.e2e import window_kit
from tests.e2e.cli_sheets import NBSP
from tests.e2e.window_kit import App, Person
from tests.e2e.window_sheets import Messy, adjustments, cashback
from tests.practice.fixtures import ask, ledger

pytestmark = pytest.mark.window
app = window_kit.app


def _load(person: Person, sheet: Messy, batch_type: str, answer: str) -> None:
    """Card, file, hidden rows: everything until the columns are on the screen."""
    person.begin(batch_type)
    person.open_workbook(sheet.file)
    person.reads(f"Row {sheet.header} is the header")
    rows = sheet.rows - 1  # the row of totals is left out either way
    visible = rows - len(sheet.hidden)
    person.reads(f"{rows:,} rows in")
    person.reads(f"columns are loaded: {visible:,} visible and {len(sheet.hidden)} hidden.")
    assert f"{visible:,} visible rows, {len(sheet.hidden)} hidden rows" in person.words()
    assert person.refused() == "Say whether hidden rows are sent too."
    person.tick(f"hidden_{answer}")
    person.next(Step.COLUMNS)


def _mend_and_leave_out(person: Person, sheet: Messy) -> None:
    """Type over the first unreadable amount in the grid; leave the other errors out."""
    person.until(lambda: person.sees("check_counts"), "the counts of the check")
    assert f"{len(sheet.broken)} with errors" in person.text("check_counts")
    person.click("facet-errors")
    view = person.find(QAbstractItemView, "sheet")
    person.until(lambda: view.model().rowCount() == len(sheet.broken), "only the errors")
    person.click_cell("sheet", 0, sheet.amount_column + 1)
    assert view.model().headerData(0, Qt.Orientation.Vertical) == str(sheet.broken[0])
    QTest.keyClick(view, Qt.Key.Key_F2)
    editor = view.viewport().findChild(QLineEdit)
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(editor, sheet.mended)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    left = len(sheet.broken) - 1
    person.until(lambda: f"{left} with errors" in person.text("check_counts"), "one error less")
    assert f"{left} rows have errors" in person.refused()
    person.tick("leave_out_errors")


def _reviewed(person: Person, sent: Mapping[int, Mapping[str, Any]]) -> int:
    """Read the figures off the labels and hold them against the sheet; the number of requests announced."""
    person.until(lambda: person.sees("figures"), "the figures")
    amounts = [Decimal(item["amount"]) for item in sent.values()]
    assert person.number("figure_rows") == len(sent)
    assert person.number("figure_customers") == len({item["customerId"] for item in sent.values()})
    assert Decimal(person.figure("figure_largest").replace(",", "")) == max(amounts)
    assert Decimal(person.figure("figure_smallest").replace(",", "")) == min(amounts)
    if person.sees("figure_total"):
        assert Decimal(person.figure("figure_total").replace(",", "")) == sum(amounts)
    else:
        up, down = (Decimal(person.figure(f"figure_{name}").replace(",", "")) for name in ("additions", "deductions"))
        assert up == sum(amount for amount in amounts if amount > 0)
        assert abs(down) == -sum(amount for amount in amounts if amount < 0)
    assert person.text("wizard_next") == f"Send {len(sent):,} rows"
    return person.number("figure_requests")


def _jobs(url: str, endpoint: str) -> list[dict[str, Any]]:
    return [job for job in ask(url, "/practice/jobs", keys=None).json["jobs"] if job["endpoint"] == endpoint]


def _applied(url: str, endpoint: str) -> list[dict[str, Any]]:
    """What the practice service carried out: its ledger's entries, numbers exact."""
    return [entry for entry in ledger(url) if entry["endpoint"] == endpoint]


def _results(file: Path) -> dict[int, dict[str, Any]]:
    """The results workbook's rows by the sheet's row number (the original's own rows keep their order)."""
    book = openpyxl.load_workbook(file, read_only=True)
    rows = list(book["Results"].iter_rows(values_only=True))
    book.close()
    head = [str(cell) for cell in rows[0]]
    return dict(enumerate((dict(zip(head, row, strict=False)) for row in rows[1:]), start=1))


def _holds(results: Mapping[int, Mapping[str, Any]], sheet: Messy, sent: Mapping[int, Mapping[str, Any]]) -> None:
    """Every row of the sheet stands in the results, in order, with the outcome it must have."""
    rows = sorted([*sheet.items, sheet.total_row])
    assert len(results) == sheet.rows == len(rows)
    for place, row in enumerate(rows, start=1):
        assert results[place]["Outcome"] == ("succeeded" if row in sent else "excluded"), row


@pytest.mark.timeout(60)
def test_that_a_messy_cashback_sheet_is_paid_exactly_once_row_by_row(app: App, tmp_path: Path) -> None:
    sheet = cashback(tmp_path / "مارس.xlsx")
    person = app.open()
    _load(person, sheet, "cashback", "visible")
    person.until(person.may_go_on, "the columns")
    person.choose("setting_timezone", "Africa/Cairo")
    person.next(Step.CHECK)
    _mend_and_leave_out(person, sheet)
    person.next(Step.REVIEW)
    sent = sheet.sent(with_hidden=False)
    announced = _reviewed(person, sent)
    person.next(Step.SEND)
    person.sent()
    assert person.counters() == {"succeeded": len(sent), "failed": 0, "waiting": 0, "unknown": 0}
    assert f"{len(sent):,} rows to send · {sheet.rows - len(sent)} left out" in person.text("count_sum")
    assert len(_jobs(app.practice_url, "cashback")) == announced
    applied = _applied(app.practice_url, "cashback")
    assert len(applied) == len(sent)
    by_id = {entry["item"]["transactionId"]: entry for entry in applied}
    assert {name: entry["item"] for name, entry in by_id.items()} == {
        item["transactionId"]: item for item in sent.values()
    }
    results = _results(person.save_results(tmp_path / "results.xlsx"))
    _holds(results, sheet, sent)
    for place, row in enumerate(sorted(sheet.items), start=1):
        line, name = results[place], sheet.items[row]["transactionId"]
        assert str(line["رقم الفاتورة"]).strip(f"{NBSP} ") == name
        if row in sent:
            entry = by_id[name]
            assert line["Job"] == str(entry["job"])
            assert (line["customerId"], Decimal(str(line["amount"]))) == (
                entry["item"]["customerId"],
                entry["item"]["amount"],
            )
    app.close(person)


@pytest.mark.timeout(60)
def test_that_messy_adjustments_move_each_customers_points_once(app: App, tmp_path: Path) -> None:
    sheet = adjustments(tmp_path / "goodwill.xlsx")
    person = app.open()
    _load(person, sheet, "balance-adjustment", "all")
    person.next(Step.CHECK)
    _mend_and_leave_out(person, sheet)
    person.next(Step.REVIEW)
    sent = sheet.sent(with_hidden=True)
    announced = _reviewed(person, sent)
    person.next(Step.SEND)
    person.sent()
    assert person.counters() == {"succeeded": len(sent), "failed": 0, "waiting": 0, "unknown": 0}
    assert len(_jobs(app.practice_url, "balance-adjustment")) == announced
    applied = _applied(app.practice_url, "balance-adjustment")
    moved = {_moved(entry["item"]): str(entry["job"]) for entry in applied}
    assert len(moved) == len(applied)
    assert set(moved) == {(item["customerId"], item["amount"], item["reason"]) for item in sent.values()}
    results = _results(person.save_results(tmp_path / "results.xlsx"))
    _holds(results, sheet, sent)
    for place, row in enumerate(sorted(sheet.items), start=1):
        item = sheet.items[row]
        job = moved.get((item["customerId"], item["amount"], item["reason"])) if row in sent else None
        assert (results[place]["Job"], results[place]["Reason"]) == (job, item["reason"])
    app.close(person)


def _moved(item: Mapping[str, Any]) -> tuple[str, Decimal, str]:
    """An adjustment without the reference that GB Desktop adds to its reason."""
    reason, _, reference = item["reason"].rpartition(" ")
    assert reference.strip("[]()").startswith("gb:"), item
    return item["customerId"], Decimal(item["amount"]), reason
