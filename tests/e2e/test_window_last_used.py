"""Next month's sheet in the window: its columns are mapped as in the last run, which is said and can be refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox

from gb_desktop.ui.flow import Step
from tests.e2e import window_kit
from tests.e2e.cli_sheets import write_sheet
from tests.e2e.window_kit import App, Person

pytestmark = [pytest.mark.window, pytest.mark.timeout(90)]
app = window_kit.app
HEADER = ("Customer ID", "Receipt", "Transaction time", "Amount", "Wallet")


def month(file: Path, number: int) -> Path:
    rows = [(f"C-{at}", f"R{number}-{at}", f"2026-{number:02d}-03 10:{at:02d}", 900 + at, at + 1) for at in range(4)]
    return write_sheet(file, [HEADER, *rows])


def source(person: Person, path: str) -> str:
    return person.find(QComboBox, f"source_{path}").currentText()


def to_columns(person: Person, file: Path) -> None:
    person.begin("cashback")
    person.open_workbook(file)
    person.next(Step.COLUMNS)
    person.until(person.may_go_on, "the columns")


def test_that_the_next_sheet_starts_from_the_mapping_used_last(app: App, tmp_path: Path) -> None:
    person = app.open()
    to_columns(person, month(tmp_path / "feb.xlsx", 2))
    assert source(person, "amount") == "Amount"
    person.choose("source_amount", "Wallet")
    person.until(person.may_go_on, "the new samples")
    person.next(Step.CHECK)
    person.until(person.may_go_on, "the check")
    person.next(Step.REVIEW)
    person.until(person.may_go_on, "the figures")
    person.next(Step.SEND)
    person.sent()
    app.close(person)

    person = app.open()
    to_columns(person, month(tmp_path / "march.xlsx", 3))
    person.reads("The columns are mapped as in run")
    person.reads("because the headers are exactly the same")
    assert source(person, "amount") == "Wallet"
    person.click("match_anew")
    person.until(lambda: source(person, "amount") == "Amount", "the columns matched anew")
    assert "The columns are mapped as in run" not in person.words()
    app.close(person)
