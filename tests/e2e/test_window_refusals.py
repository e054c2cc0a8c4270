"""What can't be used is said in words where it is, and Next stays shut with the reason beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from gb_desktop.accounts.vault import Vault
from gb_desktop.practice import KeyPair, PracticeServer
from gb_desktop.ui.flow import Step
from tests.e2e import window_kit
from tests.e2e.cli_sheets import cashback_rows, write_sheet
from tests.e2e.window_kit import App, Person
from tests.practice.fixtures import EVERYBODY, ledger, practice_settings

pytestmark = [pytest.mark.window, pytest.mark.timeout(90)]
app = window_kit.app
LIVE = KeyPair("gb_live_window_81d04e", "window-hush-live-3c", account="live")
TEST = KeyPair("gb_test_window_2b6f90", "window-hush-test-9e", account="test")


def _text_called_xlsx(folder: Path) -> Path:
    file = folder / "report.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    return file


def _nothing_in_it(folder: Path) -> Path:
    file = folder / "nothing.xlsx"
    file.write_bytes(b"")
    return file


def _empty_sheet(folder: Path) -> Path:
    return write_sheet(folder / "empty.xlsx", [])


@pytest.mark.parametrize("made", [_text_called_xlsx, _nothing_in_it, _empty_sheet], ids=lambda made: made.__name__)
def test_that_a_file_that_is_no_sheet_gets_a_sentence(app: App, tmp_path: Path, made: Callable[[Path], Path]) -> None:
    file = made(tmp_path)
    person = app.open()
    person.begin("cashback")
    assert person.refused() == "Choose a workbook first."
    person.open_workbook(file)
    person.until(lambda: person.sees("workbook_banner"), "a complaint")
    said = person.words(person.find(QWidget, "workbook_banner"))
    assert "Traceback" not in said
    assert "Something unexpected" not in said
    assert "nothing was sent" in said.lower()
    assert person.refused() == "Choose a workbook first."
    person.open_workbook(write_sheet(tmp_path / "good.xlsx", cashback_rows(5)))
    person.next(Step.COLUMNS)
    app.close(person)


def test_that_a_sheet_of_a_header_alone_is_told_from_an_unread_one(app: App, tmp_path: Path) -> None:
    person = app.open()
    person.begin("cashback")
    person.open_workbook(write_sheet(tmp_path / "head.xlsx", cashback_rows(0)))
    person.until(
        lambda: "no rows below its header" in person.text("wizard_why") or person.sees("workbook_banner"), "a sentence"
    )
    assert not person.may_go_on()
    app.close(person)


def test_that_a_required_field_without_a_column_is_named(app: App, tmp_path: Path) -> None:
    rows: list[Sequence[Any]] = [("Customer ID", "Remarks"), *((f"C-{number}", "hello") for number in range(8))]
    person = app.open()
    person.begin("balance-adjustment")
    person.open_workbook(write_sheet(tmp_path / "half.xlsx", rows))
    person.next(Step.COLUMNS)
    person.until(lambda: "has no source yet" in person.text("wizard_why"), "the missing field")
    assert person.refused() == "Amount has no source yet."
    person.choose("source_amount", "Same value for all rows")
    person.type("text_amount", "15")
    QTest.keyClick(person.find(QLineEdit, "text_amount"), Qt.Key.Key_Return)
    person.next(Step.CHECK)
    app.close(person)


def test_that_a_sheet_without_a_valid_row_goes_no_further(app: App, tmp_path: Path) -> None:
    rows = [cashback_rows(0)[0], *((f"C-{n}", f"T-{n}", "soon", "much") for n in range(6))]
    person = app.open()
    person.begin("cashback")
    person.open_workbook(write_sheet(tmp_path / "wrong.xlsx", rows))
    person.next(Step.COLUMNS)
    person.next(Step.CHECK)
    person.reads("0 ready · 6 with errors")
    assert person.refused() == "No row is ready to be sent. Fix the problems on the left first."
    person.tick("leave_out_errors")
    assert person.refused() == "No row is ready to be sent. Fix the problems on the left first."
    app.close(person)


def test_that_wrong_keys_stop_the_run_before_anything_is_applied(app: App, tmp_path: Path) -> None:
    with PracticeServer(practice_settings(keys=(TEST,), seed=EVERYBODY)) as gameball:
        person = app.open()
        person.add_account("Typo", gameball.url, TEST.api_key, "not-" + TEST.secret_key)
        person.click("account_test")
        person.until(lambda: "rejects" in _answer(person) or "key" in _answer(person).lower(), "what Gameball says")
        person.click("rail_new")
        person.choose_account("Typo")
        person.to_review("cashback", write_sheet(tmp_path / "march.xlsx", cashback_rows(30)))
        person.next(Step.SEND)
        person.until(lambda: person.sees("go_on"), "the run at rest")
        assert person.counters() == {"succeeded": 0, "failed": 0, "waiting": 30, "unknown": 0}
        assert "key" in person.words().lower()
        assert ledger(gameball.url) == []
        _mend_the_keys(person)
        assert len([entry for entry in ledger(gameball.url) if entry["endpoint"] == "cashback"]) == 30
        app.close(person)


def _answer(person: Person) -> str:
    return person.words(person.find(QWidget, "accounts_banner")) if person.sees("accounts_banner") else ""


def _mend_the_keys(person: Person) -> None:
    """Paste the right keys into the account, then go on with the run from the Runs page."""
    person.click("rail_accounts")
    person.until(lambda: person.sees("accounts_list"), "the accounts")
    person.click_cell("accounts_list", 1, 0)
    person.until(lambda: person.text("account_name") == "Typo", "the account's form")
    person.type("account_api_key", TEST.api_key)
    person.type("account_secret_key", TEST.secret_key)
    person.click("account_save")
    person.until(lambda: "Saved." in person.words(), "Saved.")
    person.click("rail_new")
    person.click("go_on")
    person.until(lambda: person.sees("save_results"), "the run's end")
    assert person.counters()["succeeded"] == 30


def test_that_a_missing_keyring_is_said_and_the_keys_work_until_closing(app: App, tmp_path: Path) -> None:
    with PracticeServer(practice_settings(keys=(TEST,), seed=EVERYBODY)) as gameball:
        person = app.open(vault=Vault(choose=lambda: None))
        person.add_account("My shop, test", gameball.url, TEST.api_key, TEST.secret_key)
        said = _answer(person)
        assert "memory" in said, said
        assert "closes" in said or "closed" in said, said
        person.until(lambda: "memory" in person.text("accounts_keyring"), "the line about the keyring")
        person.click("account_test")
        person.until(lambda: "accepts these keys" in _answer(person), "the connection test")
        app.close(person)

    again = app.open(vault=Vault(choose=lambda: None))
    again.choose_account("My shop, test")
    again.until(lambda: "key" in again.words().lower().replace("keyboard", ""), "a sentence about the keys")
    app.close(again)


def test_that_live_data_waits_for_the_typed_figures(app: App, tmp_path: Path) -> None:
    with PracticeServer(practice_settings(keys=(LIVE,), seed=EVERYBODY)) as gameball:
        person = app.open()
        person.add_account("My shop", gameball.url, LIVE.api_key, LIVE.secret_key)
        person.click("rail_new")
        person.choose_account("My shop")
        person.until(lambda: person.text("environment") == "LIVE", "LIVE in the band")
        person.begin("cashback")
        person.open_workbook(write_sheet(tmp_path / "march.xlsx", cashback_rows(12)))
        for step in (Step.COLUMNS, Step.CHECK, Step.REVIEW):
            person.next(step)
        person.until(lambda: person.sees("figures"), "the figures")
        assert person.refused() == "Type the number of rows to confirm."
        person.type("confirm_rows", "12")
        person.type("confirm_total", "197")
        assert person.refused() == "Type the total as it is shown to confirm."
        person.type("confirm_total", person.figure("figure_total"))
        person.next(Step.SEND)
        person.until(lambda: person.sees("save_results"), "the run's end")
        assert len([entry for entry in ledger(gameball.url) if entry["endpoint"] == "cashback"]) == 12
        app.close(person)
