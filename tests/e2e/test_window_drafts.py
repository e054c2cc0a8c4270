"""A batch that was left half-way is found again where it was, with what was chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox

from gb_desktop.ui.flow import Step
from tests.e2e import window_kit
from tests.e2e.cli_sheets import write_sheet
from tests.e2e.window_kit import App
from tests.practice.fixtures import ledger

pytestmark = [pytest.mark.window, pytest.mark.timeout(90)]
app = window_kit.app
ROWS = [("Who", "How much", "Note"), *((f"C-{number}", 10 + number, "sorry") for number in range(40))]


def test_that_a_draft_left_at_its_columns_goes_on_there(app: App, tmp_path: Path) -> None:
    person = app.open()
    person.begin("balance-adjustment")
    person.open_workbook(write_sheet(tmp_path / "odd.xlsx", ROWS, hidden=(7, 8)))
    person.reads("hidden rows")
    person.tick("hidden_all")
    person.next(Step.COLUMNS)
    person.until(lambda: "source" in person.text("wizard_why"), "what is missing")
    person.choose("source_customerId", "Who")
    person.choose("source_amount", "How much")
    person.until(person.may_go_on, "the samples")
    app.close(person)

    again = app.open()
    (offered,) = again.starting("continue_")
    again.press(offered)
    again.until(lambda: again.step is Step.COLUMNS, "the columns")
    assert again.find(QComboBox, "source_customerId").currentText() == "Who"
    assert again.find(QComboBox, "source_amount").currentText() == "How much"
    for step in (Step.CHECK, Step.REVIEW):
        again.next(step)
    again.until(again.may_go_on, "the figures")
    assert again.number("figure_rows") == 40
    again.next(Step.SEND)
    again.until(lambda: again.sees("save_results"), "the end")
    assert len([entry for entry in ledger(app.practice_url) if entry["endpoint"] == "balance-adjustment"]) == 40
    app.close(again)


def test_that_going_back_keeps_what_was_chosen(app: App, tmp_path: Path) -> None:
    person = app.open()
    person.begin("balance-adjustment")
    person.open_workbook(write_sheet(tmp_path / "odd.xlsx", ROWS))
    person.next(Step.COLUMNS)
    person.until(lambda: "source" in person.text("wizard_why"), "what is missing")
    person.choose("source_customerId", "Who")
    person.choose("source_amount", "How much")
    person.next(Step.CHECK)
    person.click("step_workbook")
    person.until(lambda: person.step is Step.WORKBOOK, "the workbook")
    person.next(Step.COLUMNS)
    assert person.find(QComboBox, "source_amount").currentText() == "How much"
    person.next(Step.CHECK)
    app.close(person)


def test_that_retrying_says_that_only_the_failed_rows_are_sent(app: App, tmp_path: Path) -> None:
    rows = [("Customer ID", "Amount"), *((f"C-{10_001 + at}" if at % 10 else f"unknown-{at}", 5) for at in range(30))]
    person = app.open()
    person.begin("balance-adjustment")
    person.open_workbook(write_sheet(tmp_path / "some.xlsx", rows))
    for step in (Step.COLUMNS, Step.CHECK, Step.REVIEW):
        person.next(step)
    person.until(person.may_go_on, "the figures")
    person.next(Step.SEND)
    person.until(lambda: person.sees("retry_failed"), "the failures")
    person.click("retry_failed")
    person.until(lambda: person.step is Step.COLUMNS, "the columns of the failed rows")
    person.reads("Only the 3 rows that failed")
    app.close(person)
