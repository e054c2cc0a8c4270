"""What is typed into the settings or an account is asked about before it goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from gb_desktop.app import Wanted
from gb_desktop.ui.account_form import AccountForm
from gb_desktop.ui.settings_page import SettingsPage
from tests.ui.stage import words_on
from tests.ui.whole_window import LIVE, TEST, Whole, made_desk, whole_window

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton


def _settings(whole: Whole) -> SettingsPage:
    """The settings, changed and not saved."""
    whole.main.show_place("settings")
    whole.idle()
    whole.main.settings.chunk_size.setValue(250)
    return whole.main.settings


def _account(whole: Whole, name: str) -> AccountForm:
    whole.main.show_place("accounts")
    whole.idle()
    page = whole.main.accounts
    page._show([account.name for account in page._accounts].index(name))
    return page.form


def _click(whole: Whole, name: str) -> None:
    shown = [button for button in whole.main.findChildren(QPushButton, name) if button.isVisible()]
    assert len(shown) == 1, name
    QTest.mouseClick(shown[0], LEFT)
    whole.idle()


def _press(whole: Whole, line: int) -> None:
    """Click a line of the list of accounts."""
    lines = whole.main.accounts.list
    QTest.mouseClick(lines.viewport(), LEFT, pos=lines.visualItemRect(lines.item(line)).center())
    QTest.qWait(1)
    whole.idle()


def _asked() -> QWidget | None:
    return QApplication.activeModalWidget()


def test_that_changed_settings_are_asked_about_before_another_place_is_shown(whole: Whole) -> None:
    page = _settings(whole)
    _click(whole, "rail_runs")
    asked = _asked()
    assert asked is not None
    assert "Settings were changed on this page and are not saved yet." in words_on(asked)
    assert whole.main.stack.currentWidget() is page
    assert whole.main.rail.buttons["settings"].isChecked(), "the rail says where the window is"
    _click(whole, "leaving_stay")
    assert page.chunk_size.value() == 250
    _click(whole, "rail_runs")
    _click(whole, "leaving_yes")
    assert whole.desk.settings().chunk_size == 250
    assert whole.main.stack.currentWidget() is whole.main.runs
    assert whole.main.rail.buttons["runs"].isChecked()


def test_that_settings_that_are_not_to_be_saved_are_as_they_were(whole: Whole) -> None:
    page = _settings(whole)
    QTest.keyClick(whole.main, Qt.Key.Key_F1)
    _click(whole, "leaving_no")
    assert whole.main.stack.currentWidget() is whole.main.help
    assert whole.desk.settings().chunk_size == 1000
    whole.main.show_place("settings")
    whole.idle()
    assert page.chunk_size.value() == 1000


def test_that_settings_as_they_are_stored_are_left_without_a_question(whole: Whole) -> None:
    page = _settings(whole)
    QTest.mouseClick(page.save_button, LEFT)
    _click(whole, "rail_runs")
    assert _asked() is None
    whole.main.show_place("settings")
    whole.idle()
    page.chunk_size.setValue(300)
    page.chunk_size.setValue(250)
    _click(whole, "rail_new")
    assert _asked() is None
    assert whole.main.stack.currentWidget() is whole.main.wizard


def test_that_the_place_on_screen_pressed_again_keeps_what_was_changed(whole: Whole) -> None:
    page = _settings(whole)
    _click(whole, "rail_settings")
    assert _asked() is None
    assert page.chunk_size.value() == 250


def test_that_settings_that_cannot_be_stored_keep_the_page(whole: Whole) -> None:
    page = _settings(whole)
    (whole.desk.folder / "settings.new").mkdir()
    _click(whole, "rail_runs")
    _click(whole, "leaving_yes")
    (whole.desk.folder / "settings.new").rmdir()
    assert whole.main.stack.currentWidget() is page
    assert page.state.text() == "Nothing was saved."
    assert page.chunk_size.value() == 250


def test_that_closing_the_window_asks_about_changed_settings(qapp: QApplication, tmp_path: Path) -> None:
    with whole_window(qapp, made_desk(tmp_path), Wanted()) as opened:
        _settings(opened)
        opened.main.close()
        _click(opened, "leaving_stay")
        assert not opened.main._closing.under_way
        opened.main.close()
        _click(opened, "leaving_yes")
        opened.until(lambda: opened.main._closing.over, "the end of the window")
        assert opened.desk.settings().chunk_size == 250


def test_that_a_window_that_has_to_close_asks_nothing(qapp: QApplication, tmp_path: Path) -> None:
    with whole_window(qapp, made_desk(tmp_path), Wanted()) as opened:
        _settings(opened)
        opened.main.close()
        assert _asked() is not None
        opened.main.leave()
        assert _asked() is None
        opened.until(lambda: opened.main._closing.over, "the end of the window")


def test_that_another_account_is_shown_only_after_the_question(whole: Whole) -> None:
    form, page = _account(whole, TEST.name), whole.main.accounts
    line = page.list.currentRow()
    QTest.keyClicks(form.proxy, "http://proxy.example:8080")
    _press(whole, 0)
    asked = _asked()
    assert asked is not None
    assert f"Save the changes to “{TEST.name}”?" in words_on(asked)
    assert page.list.currentRow() == line
    assert [item.text() for item in page.list.selectedItems()] == [page.list.item(line).text()]
    _click(whole, "leaving_stay")
    assert form.proxy.text() == "http://proxy.example:8080"
    _press(whole, 0)
    _click(whole, "leaving_yes")
    assert whole.desk.accounts.get(TEST.name).proxy == "http://proxy.example:8080"
    assert form.title.text() == "Practice"
    assert page.list.currentRow() == 0
    whole.desk.accounts.update(TEST)


def test_that_keys_that_are_not_to_be_saved_are_gone(whole: Whole) -> None:
    form = _account(whole, LIVE.name)
    QTest.keyClicks(form.api_key, "gb_live_other")
    _click(whole, "rail_help")
    _click(whole, "leaving_no")
    assert whole.main.stack.currentWidget() is whole.main.help
    assert form.api_key.text() == ""


def test_that_an_account_is_added_before_the_list_came_without_a_question(qapp: QApplication, tmp_path: Path) -> None:
    with whole_window(qapp, made_desk(tmp_path), Wanted()) as opened:
        opened.main.show_place("accounts")
        QTest.mouseClick(opened.main.accounts.add_button, LEFT)
        assert _asked() is None
        assert opened.main.accounts.form.title.text() == "New account"
        opened.idle()


def test_that_a_new_account_is_asked_about_and_what_it_lacks_keeps_the_form(whole: Whole) -> None:
    whole.main.show_place("accounts")
    whole.idle()
    page = whole.main.accounts
    _click(whole, "accounts_add")
    _press(whole, 0)
    assert _asked() is None, "nothing was typed"
    _click(whole, "accounts_add")
    QTest.keyClicks(page.form.name, "Third shop")
    QTest.keyClicks(page.form.api_key, "gb_test_third")
    _press(whole, 1)
    asked = _asked()
    assert asked is not None
    assert "Add the new account?" in words_on(asked)
    _click(whole, "leaving_yes")
    assert page.form.busy.text() == "Paste both keys."
    assert page.form.name.text() == "Third shop"
    QTest.keyClicks(page.form.secret_key, "hush")
    _click(whole, "accounts_add")
    _click(whole, "leaving_yes")
    assert whole.desk.accounts.get("Third shop").environment == "test"
    assert page.form.title.text() == "New account"
    assert page.form.name.text() == ""
    assert page.list.currentRow() == -1
    assert page.list.count() == 4


def test_that_the_field_to_be_filled_in_is_in_sight_after_the_question(whole: Whole) -> None:
    """The page of the form may be scrolled, by the account that was shown before, too."""
    form = _account(whole, TEST.name)
    whole.main.resize(whole.main.minimumSize())
    bar = form._area.verticalScrollBar()
    QTest.qWait(50)
    bar.setValue(bar.maximum())
    QTest.keyClicks(form.proxy, "http://proxy.example:8080")
    _click(whole, "accounts_add")
    _click(whole, "leaving_no")
    assert bar.value() == 0, "a new account begins with its name"
    form.environment.setCurrentIndex(1)
    bar.setValue(bar.maximum())
    _press(whole, 1)
    _click(whole, "leaving_yes")
    assert whole.main.focusWidget() is form.api_key
    assert form.api_key.visibleRegion().boundingRect() == form.api_key.rect()
    bar.setValue(bar.maximum())
    _press(whole, 1)
    _click(whole, "leaving_no")
    assert (form.title.text(), bar.value()) == (LIVE.name, 0)


@pytest.mark.parametrize("place", ["settings", "accounts"])
def test_that_a_page_shown_again_does_not_say_that_it_was_saved_just_now(whole: Whole, place: str) -> None:
    if place == "settings":
        _settings(whole)
    else:
        _account(whole, TEST.name).merge_email.click()
    _click(whole, "rail_runs")
    _click(whole, "leaving_yes")
    page: QWidget = getattr(whole.main, place)
    whole.main.show_place(place)
    whole.idle()
    assert "Saved." not in words_on(page)
    whole.desk.accounts.update(TEST)
