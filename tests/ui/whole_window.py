"""The real window over a real desk in a folder of its own, for tests and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import cast

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.model import Account, Keys
from gb_desktop.accounts.vault import Vault
from gb_desktop.app import Wanted, Window
from gb_desktop.desk import AppSettings, Desk
from gb_desktop.ui.errors import Reporter
from gb_desktop.ui.flow import STEPS, Step
from gb_desktop.ui.main_window import MainWindow
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.type_step import TypePage
from gb_desktop.ui.steps.workbook_step import WorkbookPage

PATIENCE = 20.0  # seconds
LIVE = Account("My shop", "live")
TEST = Account("My shop, test", "test")


@dataclass
class Whole:
    """An open window and what is behind it."""

    window: Window

    @property
    def main(self) -> MainWindow:
        return self.window.main

    @property
    def session(self) -> Session:
        return self.window.session

    @property
    def desk(self) -> Desk:
        return self.window.desk

    def until(self, true: Callable[[], object], what: str = "the condition", patience: float = PATIENCE) -> None:
        """Let the window work until something is true; AssertionError after `patience` seconds."""
        given_up = monotonic() + patience
        while not true():
            assert monotonic() < given_up, f"{what} never came"
            QTest.qWait(5)

    def idle(self) -> None:
        """Let the window work until no blocking call is under way."""
        self.until(lambda: not (self.session.tasks.busy or self.session.desk_tasks.busy), "an idle window")

    def clear(self) -> None:
        """As a window that was just opened: no account chosen, no run, no account added, default settings."""
        assert QApplication.activeModalWidget() is None, "a question was left open"
        for sending in self.session.sendings.active():
            sending.let_go()
        self.sent()
        self.main.wizard.begin()
        for page in (self.main.accounts, self.main.settings):
            if page.altered:
                page.forget()
        self.session.forget_account()
        self.idle()
        for run in self.desk.runs():
            self.desk.delete_run(run.run)
        for account in self.desk.accounts.accounts():
            if account.environment != "practice" and account.name not in (LIVE.name, TEST.name):
                self.desk.accounts.remove(account.name)
        self.desk.save_settings(AppSettings())
        self.session.read_settings()
        self.main.banner.clear()
        self.main.show_place("new")
        self.main.activateWindow()  # another window may have been opened since, and keys go to the active one
        self.until(self.main.isActiveWindow, "the active window")
        self.idle()

    # ------------------------------------------------------------------ walking through the wizard

    def account(self, line: int) -> None:
        """Choose the account at a line of the chooser: 0 practice, 1 live, 2 test."""
        self.main.band.chooser.activated.emit(line)
        self.idle()

    def choose_type(self, batch_type: str) -> None:
        """On step 1: choose a card and go on."""
        page = cast(TypePage, self.main.wizard.page)
        next(card for card in page._cards if card.key == batch_type).click()
        self.next_to(Step.WORKBOOK)

    def open_file(self, file: Path) -> None:
        """On step 2: choose a workbook and wait until it is loaded."""
        cast(WorkbookPage, self.main.wizard.page).open_file(str(file))
        self.idle()

    def next_to(self, step: Step) -> None:
        """Press Next until `step` is there."""
        wizard = self.main.wizard
        while STEPS.index(wizard.flow.current) < STEPS.index(step):
            before = wizard.flow.current
            self.until(wizard.next_button.isEnabled, f"Next on {before}")
            wizard.next()
            self.until(lambda before=before: wizard.flow.current is not before, f"the step after {before}")
            self.idle()

    def sent(self, patience: float = PATIENCE) -> None:
        """Wait until nothing is being sent any more."""
        self.until(lambda: not self.session.sendings.active(), "the end of sending", patience)
        self.idle()


def plain_desk(folder: Path, **practice: object) -> Desk:
    """A desk as it stands in its folder, its keyring empty; `practice` is how the practice service behaves."""
    return Desk(folder, Vault(MemoryBackend()), practice)


def made_desk(folder: Path, **practice: object) -> Desk:
    """A desk with a test and a live account whose keys are kept in memory."""
    desk = plain_desk(folder, **practice)
    desk.accounts.add(LIVE, Keys("gb_live_0123456789", "live-secret"))
    desk.accounts.add(TEST, Keys("gb_test_0123456789", "test-secret"))
    return desk


@contextmanager
def whole_window(app: QApplication, desk: Desk, asked: Wanted) -> Iterator[Whole]:
    """The window, open; closed and waited for at the end."""
    window = Window(app, desk, Reporter())
    whole = Whole(window)
    window.begin(asked)
    try:
        whole.idle()
        yield whole
    finally:
        window.main._closing.begin()
        whole.until(lambda: window.main._closing.over, "the end of the window")
        window.end()
        desk.close()
