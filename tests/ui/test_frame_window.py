"""The whole window over a real desk: places, accounts, settings, help, drafts, closing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from gb_desktop.app import Wanted
from gb_desktop.places import resources_dir
from gb_desktop.runs.model import RunState
from gb_desktop.ui.errors import mishap_of
from gb_desktop.ui.flow import Step
from gb_desktop.ui.theme import colours
from gb_desktop.ui.tokens import DARK, LIGHT
from gb_desktop.workbook.model import ReadOptions
from tests import sheets
from tests.ui.stage import words_on
from tests.ui.whole_window import LIVE, Whole, made_desk, plain_desk, whole_window

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def opened_once(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with whole_window(qapp, made_desk(tmp_path_factory.mktemp("data")), Wanted()) as opened:
        yield opened


@pytest.fixture
def whole(opened_once: Whole) -> Whole:
    opened_once.clear()
    return opened_once


def _click(whole: Whole, name: str) -> None:
    shown = [button for button in whole.main.findChildren(QPushButton, name) if button.isVisible()]
    assert len(shown) == 1, name
    QTest.mouseClick(shown[0], LEFT)


def test_that_no_account_but_the_practice_account_is_ever_chosen_by_itself(whole: Whole) -> None:
    assert whole.session.account is None
    assert whole.main.wizard.why.text() == "Choose an account at the top of the window."
    assert not whole.main.wizard.next_button.isEnabled()


def test_that_a_new_computer_begins_with_practice(qapp: QApplication, tmp_path: Path) -> None:
    with whole_window(qapp, plain_desk(tmp_path), Wanted()) as opened:
        assert opened.main.band.environment.text() == "PRACTICE"
        assert opened.main.band.meaning.text() == "Nothing leaves this computer."


def test_that_the_band_names_the_environment_in_words_and_only_live_is_red(whole: Whole) -> None:
    fills = {}
    for index, word in ((1, "LIVE"), (2, "TEST")):
        whole.main.band.chooser.activated.emit(index)
        whole.idle()
        label = whole.main.band.environment
        assert label.text() == word
        fills[word] = label.grab().toImage().pixelColor(label.width() // 2, 2).name()
    scheme = colours(whole.main.palette())
    assert fills["LIVE"] == scheme.danger_fill
    assert fills["TEST"] != scheme.danger_fill


def test_that_every_place_is_reached_by_click_and_by_key(whole: Whole) -> None:
    for place in ("runs", "accounts", "settings", "help", "new"):
        _click(whole, f"rail_{place}")
        assert whole.main.stack.currentWidget() is whole.main._places[place]
    QTest.keyClick(whole.main, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert whole.main.stack.currentWidget() is whole.main.runs
    whole.idle()


def test_that_f1_opens_the_page_of_the_step_on_screen(whole: Whole) -> None:
    QTest.keyClick(whole.main, Qt.Key.Key_F1)
    assert whole.main.help.list.currentItem().text() == "Batch type"
    assert "Gameball's customer ID" in whole.main.help.text.toPlainText()


def test_that_a_sample_opens_in_the_workbook_step_with_its_type_chosen(qapp: QApplication, tmp_path: Path) -> None:
    sample = resources_dir() / "samples" / "cashback.xlsx"
    with whole_window(qapp, made_desk(tmp_path), Wanted(sample, practice=True)) as opened:
        opened.until(lambda: opened.main.wizard.flow.current is Step.WORKBOOK, "the workbook step")
        opened.until(lambda: opened.session.look is not None, "the first look")
        assert opened.session.batch_type == "cashback"
        assert opened.main.band.environment.text() == "PRACTICE"


def test_that_a_file_of_unknown_type_is_kept_until_a_type_is_chosen(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "march.xlsx"
    with whole_window(qapp, made_desk(tmp_path / "data"), Wanted(file, practice=True)) as opened:
        assert opened.main.wizard.flow.current is Step.TYPE
        assert opened.session.proposed_file == file


@pytest.mark.parametrize(
    ("room", "size"), [((1920, 1080), (1280, 820)), ((1366, 728), (1280, 700)), ((1280, 780), (1280, 740))]
)
def test_that_the_window_fits_a_small_screen(whole: Whole, room: tuple[int, int], size: tuple[int, int]) -> None:
    whole.main.fit(QSize(*room))
    assert whole.main.size() == QSize(*size)


def _type_account(whole: Whole, name: str, api_key: str) -> None:
    form = whole.main.accounts.form
    QTest.keyClicks(form.name, name)
    QTest.keyClicks(form.api_key, api_key)
    QTest.keyClicks(form.secret_key, "a-secret")
    QTest.mouseClick(form.save_button, LEFT)
    whole.idle()


def test_that_an_account_is_added_and_its_keys_are_never_shown_again(whole: Whole) -> None:
    _click(whole, "rail_accounts")
    whole.idle()
    QTest.mouseClick(whole.main.accounts.add_button, LEFT)
    _type_account(whole, "Second shop", "gb_live_secondshop")
    form = whole.main.accounts.form
    assert whole.desk.accounts.get("Second shop").environment == "live"
    assert form.title.text() == "Second shop"
    assert (form.api_key.text(), form.secret_key.text()) == ("", "")
    assert whole.main.band.chooser.findText("Second shop") >= 0


def test_that_the_list_of_accounts_does_not_push_a_new_one_aside_when_it_comes(whole: Whole) -> None:
    accounts = whole.main.accounts
    whole.main.band.add_account.emit()  # the page is entered, and asks for its list
    QTest.keyClicks(accounts.form.name, "Second shop")
    whole.idle()
    assert accounts.list.count() == 3
    assert accounts.form.title.text() == "New account"
    assert accounts.form.name.text() == "Second shop"
    QTest.mouseClick(accounts.form.cancel_button, LEFT)
    assert accounts.form.title.text() == "Practice"


def test_that_the_environment_follows_from_the_api_key(whole: Whole) -> None:
    whole.main.accounts.begin_new()
    form = whole.main.accounts.form
    QTest.keyClicks(form.api_key, "gb_test_abc")
    assert form.environment.currentText() == "Test data"


def test_that_a_wrong_account_is_refused_in_one_sentence(whole: Whole) -> None:
    _click(whole, "rail_accounts")
    whole.idle()
    whole.main.accounts.begin_new()
    _type_account(whole, LIVE.name, "gb_live_again")
    assert "already" in whole.main.accounts.banner.title.text()
    assert len(whole.desk.accounts.accounts()) == 3
    assert whole.main.focusWidget() is whole.main.accounts.form.save_button, "not Cancel, which the next Enter presses"


def test_that_a_connection_is_tested_only_as_it_is_stored(whole: Whole) -> None:
    _click(whole, "rail_accounts")
    whole.idle()
    whole.main.accounts.list.setCurrentRow(1)
    form = whole.main.accounts.form
    tested: list[bool] = []
    form.tested.connect(lambda: tested.append(True))
    QTest.keyClicks(form.url, "m")
    QTest.mouseClick(form.test_button, LEFT)
    assert form.busy.text() == "Save first: the test uses what is stored."
    QTest.keyClick(form.url, Qt.Key.Key_Backspace)
    QTest.mouseClick(form.test_button, LEFT)
    whole.idle()
    assert tested == [True]


def test_that_both_keys_are_asked_for_before_anything_is_stored(whole: Whole) -> None:
    _click(whole, "rail_accounts")
    whole.idle()
    whole.main.accounts.begin_new()
    form = whole.main.accounts.form
    QTest.keyClicks(form.name, "Half")
    QTest.keyClicks(form.api_key, "gb_live_half")
    QTest.mouseClick(form.save_button, LEFT)
    assert form.busy.text() == "Paste both keys."
    assert form.busy.property("tone") == "error"


def test_that_settings_can_be_changed_only_when_they_were_read(whole: Whole) -> None:
    _click(whole, "rail_settings")
    page = whole.main.settings
    assert not page.chunk_size.isEnabled()
    assert not page.save_button.isEnabled()
    assert page.state.text() == "The settings are being read."
    whole.idle()
    assert page.chunk_size.isEnabled()
    assert page.save_button.isEnabled()
    assert page.state.text() == ""


def test_that_settings_are_stored_and_the_theme_follows_at_once(whole: Whole) -> None:
    _click(whole, "rail_settings")
    whole.idle()
    page = whole.main.settings
    page.theme.setCurrentIndex(2)
    page.chunk_size.setValue(250)
    page.per_second.setValue(12)
    page.per_half_minute.setValue(90)
    QTest.mouseClick(page.save_button, LEFT)
    whole.idle()
    assert page.banner.isVisible()
    assert page.save_button.isEnabled()
    assert (whole.desk.settings().theme, whole.desk.settings().chunk_size) == ("dark", 250)
    assert colours(whole.main.palette()) is DARK
    sending = whole.session.send_settings
    assert (sending.chunk_size, sending.per_second, sending.per_half_minute) == (250, 12, 90)
    whole.window.theme.choose("light")
    assert colours(whole.main.palette()) is LIGHT


def test_that_a_fault_is_shown_with_its_meaning_and_can_be_closed(whole: Whole) -> None:
    whole.main.show_mishap(mishap_of(ZeroDivisionError("oh")))
    assert whole.main.banner.isVisible()
    assert "nothing is sent twice" in whole.main.banner.sentence.text()
    QTest.mouseClick(whole.main.banner.close_button, LEFT)
    assert not whole.main.banner.isVisible()


def _draft_with_a_workbook(whole: Whole) -> str:
    sample = resources_dir() / "samples" / "cashback.xlsx"
    draft = whole.desk.new_draft()
    try:
        draft.set_type("cashback")
        draft.look(sample, whole.session.options)
        draft.load(whole.session.options, lambda _progress: None)
        draft.remember_step("columns")
        return draft.run
    finally:
        draft.close()


def test_that_a_draft_goes_on_where_it_was_left(whole: Whole) -> None:
    run = _draft_with_a_workbook(whole)
    whole.main.band.chooser.activated.emit(0)
    _click(whole, "rail_runs")
    whole.idle()
    whole.main.runs.table.selectRow(0)
    _click(whole, "runs_continue")
    whole.until(lambda: whole.main.wizard.flow.current is Step.COLUMNS, "the columns step")
    assert whole.session.run == run
    assert whole.session.batch_type == "cashback"
    assert whole.main.stack.currentWidget() is whole.main.wizard
    whole.idle()


def test_that_a_reopened_draft_remembers_how_its_sheet_is_read(whole: Whole, tmp_path: Path) -> None:
    draft = whole.desk.new_draft()
    try:
        draft.set_type("cashback")
        file = sheets.messy(tmp_path / "March.xlsx", 80)
        draft.look(file, ReadOptions())
        draft.load(ReadOptions(header_row=3, rows="all"), lambda _progress: None)
        draft.remember_step("workbook")
    finally:
        draft.close()
    whole.session.open_draft.emit(draft.run)
    whole.until(lambda: whole.session.run == draft.run, "the draft")
    assert whole.session.options == ReadOptions(header_row=3, rows="all")
    assert whole.session.loaded is not None
    assert whole.session.loaded.header_row == 3


def test_that_deleting_a_draft_asks_first(qapp: QApplication, whole: Whole) -> None:
    _draft_with_a_workbook(whole)
    _click(whole, "rail_runs")
    whole.idle()
    whole.main.runs.table.selectRow(0)
    for answer, left in (("deleting_no", 1), ("deleting_yes", 0)):
        _click(whole, "runs_delete")
        asked = QApplication.activeModalWidget()
        assert asked is not None
        assert "Nothing of it was sent." in words_on(asked)
        assert "remembered" not in words_on(asked)
        _click(whole, answer)
        whole.idle()
        assert len(whole.desk.runs()) == left


def test_that_a_draft_without_a_workbook_leaves_nothing_behind(whole: Whole) -> None:
    whole.session.use_draft(whole.desk.new_draft())
    assert [run.state for run in whole.desk.runs()] == [RunState.DRAFT]
    whole.main.wizard.begin()
    whole.idle()
    assert whole.desk.runs() == []


def test_that_closing_ends_every_thread_and_lets_the_draft_go(qapp: QApplication, tmp_path: Path) -> None:
    desk = made_desk(tmp_path)
    with whole_window(qapp, desk, Wanted()) as opened:
        run = _draft_with_a_workbook(opened)
        opened.session.open_draft.emit(run)
        opened.idle()
        opened.main.close()
        opened.until(lambda: opened.main._closing.over, "the end of the window")
        assert opened.session.closed()
        desk.open_draft(run).close()
