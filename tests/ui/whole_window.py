"""The real window over a real desk in a folder of its own, for tests and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.model import Account, Keys
from gb_desktop.accounts.vault import Vault
from gb_desktop.app import Wanted, Window
from gb_desktop.desk import Desk
from gb_desktop.ui.errors import Reporter
from gb_desktop.ui.main_window import MainWindow
from gb_desktop.ui.session import Session

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

    def until(self, true: Callable[[], object], what: str = "the condition") -> None:
        """Let the window work until something is true; AssertionError after twenty seconds."""
        given_up = monotonic() + PATIENCE
        while not true():
            assert monotonic() < given_up, f"{what} never came"
            QTest.qWait(5)

    def idle(self) -> None:
        """Let the window work until no blocking call is under way."""
        self.until(lambda: not (self.session.tasks.busy or self.session.desk_tasks.busy), "an idle window")


def made_desk(folder: Path, **practice: object) -> Desk:
    """A desk with a test and a live account whose keys are kept in memory."""
    desk = Desk(folder, Vault(MemoryBackend()), practice)
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
