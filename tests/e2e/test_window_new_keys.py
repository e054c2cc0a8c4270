"""Other keys pasted into an account that has sent something: the window asks whose they are, and each answer holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget

from gb_desktop.accounts.model import Keys
from gb_desktop.accounts.vault import Vault
from gb_desktop.desk import Desk
from gb_desktop.practice import KeyPair, PracticeServer
from gb_desktop.ui.flow import Step
from tests.e2e import window_kit
from tests.e2e.cli_sheets import cashback_rows, write_sheet
from tests.e2e.window_kit import App, Person
from tests.practice.fixtures import EVERYBODY, ledger, practice_settings

pytestmark = [pytest.mark.window, pytest.mark.timeout(90)]
app = window_kit.app
OLD = KeyPair("gb_test_window_2b6f90", "window-hush-test-9e", account="test")
NEW = KeyPair("gb_test_window_f17c3a", "window-hush-test-44", account="test")
SENT_BEFORE = "This data was sent before: tick that it is to be sent again."


@pytest.fixture
def gameball() -> Iterator[PracticeServer]:
    with PracticeServer(practice_settings(keys=(OLD, NEW), seed=EVERYBODY)) as running:
        yield running


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return write_sheet(tmp_path / "march.xlsx", cashback_rows(12))


def shop(app: App, gameball: PracticeServer) -> Person:
    """A window with the account Shop."""
    person = app.open()
    person.add_account("Shop", gameball.url, OLD.api_key, OLD.secret_key)
    return person


def to_review(person: Person, account: str, sheet: Path) -> None:
    person.click("rail_new")
    person.choose_account(account)
    person.until(lambda: person.text("environment") == "TEST", "TEST in the band")
    person.to_review("cashback", sheet)


def send(person: Person, sheet: Path) -> None:
    to_review(person, "Shop", sheet)
    person.next(Step.SEND)
    person.sent()
    assert person.counters()["succeeded"] == 12


def open_shop(person: Person) -> None:
    person.click("rail_accounts")
    person.until(lambda: person.find(QListWidget, "accounts_list").count() == 2, "the accounts")
    person.click_cell("accounts_list", 1, 0)
    person.until(lambda: person.text("account_name") == "Shop", "the account's form")


def paste_new_keys(person: Person) -> None:
    open_shop(person)
    person.type("account_api_key", NEW.api_key)
    person.type("account_secret_key", NEW.secret_key)
    person.click("account_save")
    person.until(lambda: person.sees("whose_keys_yes") or "Saved." in person.words(), "an answer to Save")


def keys_of(app: App, name: str) -> Keys:
    return Desk(app.folder, app.vault).accounts.keys(name)


def recognised(person: Person, account: str, sheet: Path) -> bool:
    """Whether the review of the sheet says that it was sent before."""
    person.click("rail_new")
    if not person.sees("type_cashback"):
        person.click("rail_new")  # away from the batch that was sent
    person.choose_account(account)
    person.begin("cashback")
    person.open_workbook(sheet)
    for step in (Step.COLUMNS, Step.CHECK, Step.REVIEW):
        person.next(step)
    person.until(lambda: person.may_go_on() or person.text("wizard_why") == SENT_BEFORE, "the review")
    return not person.may_go_on()


def test_that_keys_of_the_same_account_recognise_what_the_old_ones_sent(
    app: App, gameball: PracticeServer, sheet: Path
) -> None:
    person = shop(app, gameball)
    send(person, sheet)
    paste_new_keys(person)
    said = person.words(QApplication.activeModalWidget())
    assert "Are the new keys of the same Gameball account?" in said
    assert "no sheet and no ID is sent twice" in said
    person.click("whose_keys_yes")
    person.reads("Saved.")
    assert keys_of(app, "Shop") == Keys(NEW.api_key, NEW.secret_key)
    assert recognised(person, "Shop", sheet)
    assert len([entry for entry in ledger(gameball.url) if entry["endpoint"] == "cashback"]) == 12
    app.close(person)


def test_that_keys_of_another_account_go_into_one_of_their_own(app: App, gameball: PracticeServer, sheet: Path) -> None:
    person = shop(app, gameball)
    send(person, sheet)
    paste_new_keys(person)
    person.click("whose_keys_no")
    person.reads("Nothing was changed in “Shop”.")
    assert person.main.focusWidget() is person.find(QLineEdit, "account_name")
    assert person.find(QLineEdit, "account_api_key").text() == NEW.api_key
    person.type("account_name", "Another shop")
    person.click("account_save")
    person.reads("Saved.")
    assert keys_of(app, "Shop") == Keys(OLD.api_key, OLD.secret_key)
    assert keys_of(app, "Another shop") == Keys(NEW.api_key, NEW.secret_key)
    assert not recognised(person, "Another shop", sheet)
    app.close(person)


def test_that_a_question_that_is_closed_changes_nothing(app: App, gameball: PracticeServer, sheet: Path) -> None:
    person = shop(app, gameball)
    send(person, sheet)
    paste_new_keys(person)
    asked = QApplication.activeModalWidget()
    assert asked is not None
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    person.until(lambda: not person.sees("whose_keys_yes"), "the question's end")
    assert keys_of(app, "Shop") == Keys(OLD.api_key, OLD.secret_key)
    assert person.find(QLineEdit, "account_api_key").text() == NEW.api_key, "what was typed can still be saved"
    person.click("account_save")
    person.click("whose_keys_yes")
    person.reads("Saved.")
    app.close(person)


def test_that_a_page_is_left_only_after_the_answer_whose_keys_they_are(
    app: App, gameball: PracticeServer, sheet: Path
) -> None:
    person = shop(app, gameball)
    send(person, sheet)
    open_shop(person)
    person.type("account_api_key", NEW.api_key)
    person.type("account_secret_key", NEW.secret_key)
    for answer in ("", "whose_keys_yes"):
        person.click("rail_runs")
        person.click("leaving_yes")
        person.until(lambda: person.sees("whose_keys_yes"), "the question")
        if answer:
            person.click(answer)
        else:
            asked = QApplication.activeModalWidget()
            assert asked is not None
            QTest.keyClick(asked, Qt.Key.Key_Escape)
            person.until(lambda: not person.sees("whose_keys_yes"), "the question's end")
            assert person.sees("account_api_key"), "nothing is stored, so the page stays"
    person.until(lambda: person.sees("runs_table"), "the runs")
    assert keys_of(app, "Shop") == Keys(NEW.api_key, NEW.secret_key)
    app.close(person)


def test_that_an_account_removed_and_added_again_is_asked_about(
    app: App, gameball: PracticeServer, sheet: Path
) -> None:
    person = shop(app, gameball)
    send(person, sheet)
    open_shop(person)
    person.click("account_remove")
    person.click("removing_yes")
    person.until(lambda: not person.sees("account_name"), "the end of the account")
    _add_again(person, gameball)
    person.click("whose_keys_no")
    person.reads("Saved.")
    assert not recognised(person, "Shop", sheet)
    app.close(person)


def _add_again(person: Person, gameball: PracticeServer) -> None:
    person.click("accounts_add")
    for field, text in (
        ("account_name", "Shop"),
        ("account_api_key", NEW.api_key),
        ("account_secret_key", NEW.secret_key),
        ("account_url", gameball.url),
    ):
        person.type(field, text)
    person.click("account_save")


def test_that_nothing_is_asked_where_only_facts_change_or_nothing_was_sent(
    app: App, gameball: PracticeServer, sheet: Path
) -> None:
    person = shop(app, gameball)
    paste_new_keys(person)
    person.reads("Saved.")
    send(person, sheet)
    open_shop(person)
    person.type("account_url", gameball.url.replace("127.0.0.1", "localhost"))
    person.choose("account_version", "v4.1")
    person.click("account_save")
    person.reads("Saved.")
    assert QApplication.activeModalWidget() is None
    assert recognised(person, "Shop", sheet)
    app.close(person)


def test_that_keys_entered_anew_after_they_were_lost_are_asked_about(
    app: App, gameball: PracticeServer, sheet: Path
) -> None:
    person = app.open(vault=Vault(choose=lambda: None))
    person.add_account("Shop", gameball.url, OLD.api_key, OLD.secret_key)
    send(person, sheet)
    app.close(person)
    person = app.open(vault=Vault(choose=lambda: None))
    paste_new_keys(person)
    person.click("whose_keys_yes")
    person.reads("Saved.")
    assert recognised(person, "Shop", sheet)
    app.close(person)
