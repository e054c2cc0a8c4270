"""The app in one test process: opened on a data folder as gb_desktop.app opens it, and closed without a trace.

What is left behind when a test ends (a thread, a process, a window) fails it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.exceptions import TimeoutError as PatienceError
from pytestqt.qtbot import QtBot

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.vault import Vault
from gb_desktop.app import Wanted, Window
from gb_desktop.desk import Desk
from gb_desktop.practice import portfile
from gb_desktop.practice.command import state_file
from gb_desktop.ui.errors import Reporter
from tests.e2e.window_person import Person

__all__ = ["App", "Person", "app"]
SMOOTH = {"pace": 0, "queue": 0, "limits": 0}


class App:
    """Opens the app on a data folder, as often as a test likes, one window at a time."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, folder: Path) -> None:
        self.folder = folder
        self.vault = Vault(MemoryBackend())
        self._qtbot, self._qapp = qtbot, qapp
        self._open: tuple[Window, Desk, Person] | None = None

    @property
    def practice_url(self) -> str:
        """Where the practice service of the data folder listens."""
        url = portfile.url(state_file(self.folder))
        assert url is not None
        return url

    def kill_practice(self) -> None:
        """End the practice service of the data folder without a warning, and wait until it is gone."""
        process = self._practice_process()
        os.kill(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        self._qtbot.waitUntil(lambda: _ended(str(process)), timeout=5000)

    def _practice_process(self) -> int:
        file = state_file(self.folder)
        return int(json.loads(file.with_name(file.name + ".port").read_text(encoding="utf-8"))["pid"])

    def open(self, *, practice: bool = True, vault: Vault | None = None, **behaviour: object) -> Person:
        """Start the app: composition as in gb_desktop.app, its practice service at full speed unless told."""
        assert self._open is None
        desk = Desk(self.folder, vault or self.vault, {**SMOOTH, **behaviour})
        window = Window(self._qapp, desk, Reporter())
        window.begin(Wanted(practice=practice))
        person = Person(self._qtbot, window)
        self._open = (window, desk, person)
        self._qtbot.waitExposed(window.main)
        if practice:
            person.until(lambda: person.text("environment") == "PRACTICE", "the practice account")
        return person

    def end(self) -> None:
        """Close whatever is open, whatever state a failed test left it in, and the practice service."""
        if self._open is None:
            return
        window, desk, person = self._open
        self._open = None
        try:
            self._shut(window, person)
        finally:
            window.end()
            desk.close()

    def _shut(self, window: Window, person: Person) -> None:
        if person.gone:
            return
        while isinstance(dialog := QApplication.activeModalWidget(), QDialog):
            dialog.reject()
        for sending in window.session.sendings.active():
            sending.stop()
        person.main.close()
        if person.sees("closing_yes"):
            person.click("closing_yes")
        person.until(window.session.closed, "the end of the window's threads")

    def close(self, person: Person, answer: str = "") -> None:
        """Close the window as a person does and let the process's things go, as a quit app would."""
        person.close(answer)
        self.end()


@pytest.fixture
def app(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[App]:
    """The app on a data folder of its own; in the end nothing of it may be left."""
    before = _Left.now()
    made = App(qtbot, qapp, tmp_path / "data")
    yield made
    made.end()
    with suppress(PatienceError):
        qtbot.waitUntil(lambda: not _Left.now().beyond(before), timeout=5000)
    left = _Left.now().beyond(before)
    assert not left, f"The window left behind: {left}"


class _Left:
    """What a window may leave behind: Python and Qt threads, child processes, top-level windows."""

    def __init__(self, threads: set[str], children: set[str], tops: set[str]) -> None:
        self._all = (threads, children, tops)

    @classmethod
    def now(cls) -> _Left:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        python = {thread.name for thread in threading.enumerate() if not thread.name.startswith("Dummy-")}
        threads = python | _native_threads()  # Python never forgets its stand-ins for Qt threads that logged
        tops = {f"{top.metaObject().className()} {top.objectName()}" for top in QApplication.topLevelWidgets()}
        return cls(threads, _children(), tops)

    def beyond(self, before: _Left) -> list[str]:
        return [one for mine, theirs in zip(self._all, before._all, strict=True) for one in sorted(mine - theirs)]


def _native_threads() -> set[str]:
    """Names of threads that Qt knows and Python does not: Qt gives them their QThread's object name."""
    if sys.platform != "linux":
        return set()
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # it ended meanwhile
            name = (task / "comm").read_text().strip()
            if name in ("draft", "desk") or name.startswith("send "):
                found.add(name)
    return found


def _children() -> set[str]:
    """Process IDs of our children that still run."""
    if sys.platform != "linux":
        return set()
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # it ended meanwhile
            found.update((task / "children").read_text().split())
    return {child for child in found if not _ended(child)}


def _ended(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
