"""Composition root: builds the services, injects them, starts the window."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QLockFile, QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from gb_desktop.desk import AppSettings, Desk
from gb_desktop.places import data_dir
from gb_desktop.text import tr
from gb_desktop.ui.errors import Reporter, close_log, open_log
from gb_desktop.ui.housekeeping import GarbageTimer
from gb_desktop.ui.icons import app_icon
from gb_desktop.ui.main_window import MainWindow
from gb_desktop.ui.pages import made_pages, made_send_page
from gb_desktop.ui.session import Session
from gb_desktop.ui.theme import Theme
from gb_desktop.ui.window_place import place_of, put_back

# How long a thread that computes may keep the interpreter before the window gets its turn. Python's default of 5 ms
# makes every call from Qt into Python queue that long; set once, here, and nowhere else.
SWITCH_SECONDS = 0.001
SESSION_ENDS_MS = 4000  # how long a log-off or shutdown is kept waiting for the requests under way
USAGE = 2  # the exit code for arguments that can't be used


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the arguments ask for."""

    file: Path | None = None
    practice: bool = False


def wanted(argv: list[str]) -> Wanted:
    """`[FILE] [--practice]`, in any order; ValueError with one sentence for anything else."""
    files = [word for word in argv if not word.startswith("-")]
    unknown = [word for word in argv if word.startswith("-") and word != "--practice"]
    if unknown:
        raise ValueError(tr("{option} is no option of GB Desktop: try gb-desktop --help.", option=unknown[0]))
    if len(files) > 1:
        raise ValueError(tr("GB Desktop opens one workbook at a time: {file} is one too many.", file=files[1]))
    return Wanted(Path(files[0]).absolute() if files else None, "--practice" in argv)


def open_window(argv: list[str]) -> int:
    """Open the window and stay until it is closed. `argv` is `[FILE] [--practice]`; gives the exit code."""
    try:
        asked = wanted(argv)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    sys.setswitchinterval(SWITCH_SECONDS)
    app = _application()
    folder = data_dir()
    lock = QLockFile(str(folder / "window.lock"))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        return _say_open_already(app, folder)
    try:
        return _stay(app, folder, asked)
    finally:
        lock.unlock()


def _application() -> QApplication:
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["gb-desktop"])
    app.setApplicationName("GB Desktop")
    app.setDesktopFileName("gb-desktop")
    app.setWindowIcon(app_icon())
    return app


def _say_open_already(app: QApplication, folder: Path) -> int:
    sentence = tr("GB Desktop is open already with the data folder {folder}: use that window.", folder=folder)
    sys.stderr.write(f"{sentence}\n")
    box = QMessageBox(QMessageBox.Icon.Information, tr("GB Desktop"), sentence)
    box.finished.connect(app.quit)
    box.open()
    app.exec()
    return USAGE


def _stay(app: QApplication, folder: Path, asked: Wanted) -> int:
    handler = open_log(folder / "logs")
    reporter = Reporter()
    reporter.install()
    desk = Desk(folder)
    try:
        window = Window(app, desk, reporter)
        window.main.closed.connect(app.quit)
        window.take_place()
        window.begin(asked)
        with _closing_on_signals(window.main):
            code = app.exec()
        all_ended = window.end()
    finally:
        desk.close()
        reporter.uninstall()
        close_log(handler)
    if not all_ended:
        # A call that never came back (a keyring that hangs) can't be killed safely; everything is stored by now.
        os._exit(code)
    return code


@contextmanager
def _closing_on_signals(main: MainWindow) -> Iterator[None]:
    """Ctrl+C closes the window as its own button does, asking while rows are being sent; a polite kill doesn't ask."""

    def close(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            main.close()
        else:
            main.leave()

    kept = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


class Window(QObject):
    """The window with all it needs, put together; also what tests of the whole app open."""

    def __init__(self, app: QApplication, desk: Desk, reporter: Reporter) -> None:
        super().__init__()
        self.desk = desk
        self.theme = Theme(app, desk.settings().theme)
        self.garbage = GarbageTimer(self)
        self.session = Session(desk)
        pages = made_pages(self.session)
        self.main = MainWindow(self.session, pages, made_send_page(self.session))
        self.main.settings_saved.connect(self._settings_saved)
        self.main.closed.connect(self._remember)
        reporter.fault.connect(self.main.show_mishap)
        app.commitDataRequest.connect(self.session_ends, Qt.ConnectionType.DirectConnection)

    def take_place(self) -> None:
        """Where the window was when it was closed; the first time, the usual size as far as the screen has room."""
        place = self.session.habits.window
        if place is None:
            self.main.fit(self.main.screen().availableSize())
        else:
            put_back(self.main, place, [screen.availableGeometry() for screen in QGuiApplication.screens()])

    @Slot()
    def _remember(self) -> None:
        """The window is closed and nobody waits: what it remembers may be stored here."""
        self.session.habits.use_window(place_of(self.main))
        self.session.habits.write()

    def begin(self, asked: Wanted) -> None:
        """Show the window and begin a batch."""
        self.main.show()
        self.main.begin(asked.file, asked.practice)

    @Slot("QSessionManager&")
    def session_ends(self, _manager: object) -> None:
        """Log-off or shutdown: no question, since nobody may answer it; the next start goes on with the runs."""
        self.main.leave_soon(SESSION_ENDS_MS)

    @Slot(object)
    def _settings_saved(self, settings: AppSettings) -> None:
        self.theme.choose(settings.theme)
        self.session.settings_changed.emit()

    def end(self) -> bool:
        """Let go of the window before the application goes; False when a thread still runs."""
        self.garbage.stop()
        if not self.session.closed():
            return False
        self.main.deleteLater()
        self.session.deleteLater()
        return True
