"""The window: the rail, the band, the pages, the errors, and closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from gb_desktop.accounts.model import Account
from gb_desktop.catalog import BATCH_TYPES
from gb_desktop.runs.events import RunFinished
from gb_desktop.text import tr
from gb_desktop.ui import rail, tokens
from gb_desktop.ui.accounts_page import AccountsPage
from gb_desktop.ui.band import Band
from gb_desktop.ui.closing import Closing
from gb_desktop.ui.dialogs import Question
from gb_desktop.ui.errors import Mishap, guarded
from gb_desktop.ui.flow import Step
from gb_desktop.ui.help_page import START, HelpPage
from gb_desktop.ui.leaving import Leaving
from gb_desktop.ui.rail import Rail
from gb_desktop.ui.reading_order import ReadingOrder
from gb_desktop.ui.run_page import RunPage
from gb_desktop.ui.runs_page import RunsPage
from gb_desktop.ui.session import Session
from gb_desktop.ui.settings_page import SettingsPage
from gb_desktop.ui.step_page import StepPage
from gb_desktop.ui.widgets import Banner, Tone
from gb_desktop.ui.wizard import Wizard

PRACTICE = "practice"


class MainWindow(QMainWindow):
    """Five places and a run that was opened; everything else happens in the pages."""

    settings_saved = Signal(object)  # AppSettings
    closed = Signal()  # every thread has ended, or patience has

    def __init__(self, session: Session, pages: Mapping[Step, StepPage], send_page: Callable[[str], QWidget]) -> None:
        super().__init__()
        self._session = session
        self._send_page = send_page
        self._start: tuple[Path | None, bool] | None = None  # what was asked for on the command line
        self._run_page: RunPage | None = None
        self._closing = Closing(session, self)
        self._closing.ended.connect(self._ended)
        self._leaving = Leaving(self)
        self.setObjectName("main_window")
        self.setWindowTitle(tr("GB Desktop"))
        self.setMinimumSize(*tokens.MINIMUM_WINDOW)
        self.resize(*tokens.DEFAULT_WINDOW)
        self.wizard = Wizard(session, pages, self)
        self.runs = RunsPage(session, self)
        self.accounts = AccountsPage(session, self)
        self.settings = SettingsPage(session, self)
        self.help = HelpPage(session, self)
        self._places: dict[str, QWidget] = {
            rail.NEW: self.wizard,
            rail.RUNS: self.runs,
            rail.ACCOUNTS: self.accounts,
            rail.SETTINGS: self.settings,
            rail.HELP: self.help,
        }
        self._lay_out()
        self._order = ReadingOrder(self)
        self._connect()

    def fit(self, room: QSize) -> None:
        """The usual size, or what a smaller screen has room for: the buttons at the bottom must be on it."""
        inside = room - QSize(0, tokens.TITLE_BAR)
        self.resize(QSize(*tokens.DEFAULT_WINDOW).boundedTo(inside).expandedTo(self.minimumSize()))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab and Shift+Tab, wherever the focus is, and a control with the focus that is hidden or switched off."""
        return self._order.move(forward)

    def _lay_out(self) -> None:
        central = QWidget(self)
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.rail = Rail(central)
        row.addWidget(self.rail)
        column = QVBoxLayout()
        column.setSpacing(0)
        self.band = Band(self._session, central)
        column.addWidget(self.band)
        notice = QVBoxLayout()
        notice.setContentsMargins(tokens.HUGE, tokens.MEDIUM, tokens.HUGE, 0)
        self.banner = Banner(Tone.ERROR, "window_banner", central)
        notice.addWidget(self.banner)
        column.addLayout(notice)
        self.stack = QStackedWidget(central)
        for page in self._places.values():
            self.stack.addWidget(page)
        column.addWidget(self.stack, 1)
        row.addLayout(column, 1)
        self.setCentralWidget(central)

    def _connect(self) -> None:
        session = self._session
        self.rail.chosen.connect(self.show_place)
        self.band.add_account.connect(self._add_account)
        self.band.show_sending.connect(self._show_sending)
        self.accounts.accounts_changed.connect(self._accounts_known)
        self.settings.saved.connect(self.settings_saved)
        self.help.left.connect(self._leave_help)
        self.runs.opened.connect(self.show_run)
        self.wizard.moved.connect(self._moved)
        session.failed.connect(self.show_mishap)
        session.open_run.connect(self.show_run)
        session.open_draft.connect(self._show_wizard)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), self)
        shortcut.activated.connect(self.show_help)
        for number, place in enumerate(self._places, start=1):
            jump = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            jump.setObjectName(place)
            jump.activated.connect(self._jump)

    # ------------------------------------------------------------------ starting

    def begin(self, file: Path | None = None, practice: bool = False) -> None:
        """Read the accounts, then begin a batch, with the file that was asked for."""
        self._start = (file, practice)
        self.rail.show_place(rail.NEW)
        self.wizard.begin(file)
        self._session.read_settings()
        book = self._session.desk.accounts
        self._session.desk_tasks.run(book.accounts, self._accounts_known, owner=self)
        self._session.desk_tasks.run(self._session.desk.delete_old)

    @Slot(object)
    def _accounts_known(self, accounts: tuple[Account, ...]) -> None:
        self.band.show_accounts(accounts)
        current = self._session.account
        names = {account.name for account in accounts}
        if current is not None and current.name not in names:
            self._session.forget_account()
        if self._start is not None:
            (file, practice), self._start = self._start, None
            self._choose_first(accounts, practice)
            if file is not None:
                self.wizard.begin(file, sample_type(file))

    def _choose_first(self, accounts: tuple[Account, ...], practice: bool) -> None:
        """Only the practice account is ever chosen by itself."""
        if practice or len(accounts) == 1:
            self._session.use_account(next(account for account in accounts if account.environment == PRACTICE))

    # ------------------------------------------------------------------ moving about

    @Slot(str)
    def show_place(self, place: str) -> None:
        """Show one of the five places. New batch, pressed on a batch or after one is finished, begins another."""
        self._leave(partial(self._show_place, place), self._places[place])

    def _leave(self, go: Callable[[], None], for_page: QWidget | None = None) -> None:
        """Go elsewhere, unless what was typed on the page that is shown is to be saved first, or not to be lost."""
        shown = self.stack.currentWidget()
        if shown is for_page:
            go()
            return
        place = next((place for place, page in self._places.items() if page is shown), rail.RUNS)
        self.rail.show_place(place)  # a button of the rail that was pressed is not yet where the window is
        self._leaving.go_on(shown, go)

    def _show_place(self, place: str) -> None:
        if place == rail.NEW and (self.stack.currentWidget() is self.wizard or self._is_over()):
            self._maybe_new()
        page = self._places[place]
        self.rail.show_place(place)
        self.stack.setCurrentWidget(page)
        self._forget_run_page()
        if isinstance(page, RunsPage | AccountsPage | SettingsPage):
            page.enter()
        if place == rail.HELP:
            self.help.back.setVisible(self.wizard.flow.current is not Step.TYPE)

    def _is_over(self) -> bool:
        """Whether the wizard's batch is finished and asks nothing more of a person: its run stands under Runs."""
        sending = self._session.sendings.get(self._session.run) if self.wizard.flow.sent else None
        last = sending.outcome.event if sending is not None and sending.outcome is not None else None
        return isinstance(last, RunFinished) and not last.counts.unknown

    def _maybe_new(self) -> None:
        if self.wizard.flow.current is not Step.TYPE:
            self.wizard.begin()

    @Slot()
    def _jump(self) -> None:
        self.show_place(self.sender().objectName())

    @Slot()
    def show_help(self) -> None:
        """The page of what is on the screen."""
        shown: QWidget | None = self.stack.currentWidget()
        topic = self.wizard.flow.current.value if shown is self.wizard else self._topic_of(shown)
        self._leave(partial(self._show_topic, topic), self.help)

    def _show_topic(self, topic: str) -> None:
        self._show_place(rail.HELP)
        self.help.show_topic(topic)

    def _topic_of(self, shown: QWidget | None) -> str:
        if shown in (self.runs, self._run_page):
            return "runs"
        return "accounts" if shown is self.accounts else START

    @Slot()
    def _leave_help(self) -> None:
        self._show_wizard()

    @Slot()
    def _show_wizard(self) -> None:
        self._leave(self._show_batch)

    def _show_batch(self) -> None:
        self.rail.show_place(rail.NEW)
        self.stack.setCurrentWidget(self.wizard)
        self._forget_run_page()

    @Slot(str)
    def show_run(self, run: str) -> None:
        """A run that was sent, is being sent or was interrupted."""
        self._leave(partial(self._show_run, run))

    def _show_run(self, run: str) -> None:
        self._forget_run_page()
        page = RunPage(self._session, run, self._send_page, self)
        page.left.connect(self._show_runs)
        self._run_page = page
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.rail.show_place(rail.RUNS)

    @Slot()
    def _show_runs(self) -> None:
        self.show_place(rail.RUNS)

    def _forget_run_page(self) -> None:
        if self._run_page is not None:
            page, self._run_page = self._run_page, None
            self.stack.removeWidget(page)
            page.deleteLater()

    @Slot(str)
    def _show_sending(self, run: str) -> None:
        if run and run == self._session.run and self.wizard.flow.sent:
            self._show_wizard()
        elif run:
            self.show_run(run)
        else:
            self._show_runs()

    @Slot()
    def _add_account(self) -> None:
        self._leave(self._show_new_account, self.accounts)

    def _show_new_account(self) -> None:
        self._show_place(rail.ACCOUNTS)
        self.accounts.begin_new()

    @Slot(object)
    def _moved(self, _step: Step) -> None:
        if self.banner.property("banner") != Tone.ERROR.value:
            self.banner.clear()

    @Slot(object)
    def show_mishap(self, mishap: Mishap) -> None:
        """An error that no page has a place for."""
        self.banner.say(Tone.ERROR, mishap.title, mishap.meaning, mishap.what_to_do, mishap.details, closable=True)

    # ------------------------------------------------------------------ closing

    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while rows are being sent; then wait for the threads without freezing."""
        if self._closing.over:
            event.accept()
            return
        event.ignore()
        if not self._closing.under_way:
            self._leave(partial(self._closing.ask, self))

    @Slot()
    def leave(self) -> None:
        """Close as the window's own button does, without a question: requests under way are finished first."""
        for question in self.findChildren(Question):
            question.reject()
        self._closing.leave(self)

    def leave_soon(self, patience_ms: int) -> None:
        """The same for a session that ends: returns when all is stored, or when the patience is over."""
        loop = QEventLoop()
        self._closing.ended.connect(loop.quit)
        QTimer.singleShot(patience_ms, loop.quit)
        self.leave()
        if not self._closing.over:
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    @Slot()
    def _ended(self) -> None:
        self.close()
        self.closed.emit()


def sample_type(file: Path) -> str:
    """The batch type that a sample workbook is named after; "" for any other file."""
    keys = {known.key for known in BATCH_TYPES}
    return file.stem if file.stem in keys and file.parent.name == "samples" else ""
