"""What was mended in February is mended in March with one click, and taken back with one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox

from gb_desktop.ui.flow import Step
from tests.e2e import window_kit
from tests.e2e.cli_sheets import write_sheet
from tests.e2e.window_kit import App, Person

pytestmark = [pytest.mark.window, pytest.mark.timeout(90)]
app = window_kit.app
HEADER = ("Customer ID", "Receipt", "Transaction time", "Amount")


def month(file: Path, number: int, amounts: Sequence[object], header: Sequence[str] = HEADER) -> Path:
    rows = [
        (f"C-{at}", f"R{number}-{at}", f"2026-{number:02d}-03 10:{at:02d}", amount) for at, amount in enumerate(amounts)
    ]
    return write_sheet(file, [header, *rows])


def to_check(person: Person, file: Path) -> None:
    person.begin("cashback")
    person.open_workbook(file)
    person.next(Step.COLUMNS)
    person.until(person.may_go_on, "the columns")
    person.next(Step.CHECK)


def figures(person: Person) -> str:
    return person.text("check_counts").replace("\u00a0", " ")


def test_that_changes_kept_with_a_mapping_are_offered_on_the_next_sheet(app: App, tmp_path: Path) -> None:
    person = app.open()
    to_check(person, month(tmp_path / "feb.xlsx", 2, [10, "refund", 12.5, "refund"]))
    person.until(lambda: figures(person) == "2 ready · 2 with errors · 0 left out", "February's check")
    person.click("group_0_show")
    person.click("group_0_leave_out")
    person.until(lambda: figures(person) == "2 ready · 0 with errors · 2 left out", "the rows left out")
    person.type("keep_name", "Monthly")
    person.click("keep_button")
    person.reads("Kept with the mapping")

    header = ("Amount", "Customer ID", "RECEIPT", "Transaction time")
    rows = [
        (amount, f"C-{at}", f"R3-{at}", f"2026-03-03 10:{at:02d}") for at, amount in enumerate([5, "n/a", 7, "-", 8])
    ]
    app.close(person)
    person = app.open()
    person.begin("cashback")
    person.open_workbook(write_sheet(tmp_path / "march.xlsx", [header, *rows]))
    person.next(Step.COLUMNS)
    person.reads("was applied, because the headers are the same")
    person.reads("Columns stand in another order than before")
    person.until(person.may_go_on, "the columns")
    person.next(Step.CHECK)
    person.reads("Leave rows out whose Amount spent is no number")
    person.reads("2 the last time")
    assert figures(person) == "3 ready · 2 with errors · 0 left out"

    person.click("replay_make")
    person.reads("were made again: 2 rows left out.")
    person.until(lambda: figures(person) == "3 ready · 0 with errors · 2 left out", "March, mended")
    assert not person.sees("replay_card")
    person.click("undo")
    person.until(lambda: figures(person) == "3 ready · 2 with errors · 0 left out", "March as it was")
    app.close(person)


def test_that_changes_that_are_not_wanted_are_not_offered_again(app: App, tmp_path: Path) -> None:
    person = app.open()
    to_check(person, month(tmp_path / "feb.xlsx", 2, [10, "refund"]))
    person.click("group_0_show")
    person.click("group_0_leave_out")
    person.type("keep_name", "Monthly")
    person.click("keep_button")
    person.reads("Kept with the mapping")
    app.close(person)
    person = app.open()
    to_check(person, month(tmp_path / "march.xlsx", 3, [5, "n/a"]))
    person.click("replay_decline")
    person.until(lambda: not person.sees("replay_card"), "the card gone")
    person.click("step_columns")
    person.until(lambda: person.step is Step.COLUMNS, "the columns")
    assert person.find(QCheckBox, "mapping_with_changes").text() == "With 1 change made in Check"
    person.next(Step.CHECK)
    person.until(lambda: figures(person).startswith("1 ready"), "the check")
    assert not person.sees("replay_card")
    app.close(person)
