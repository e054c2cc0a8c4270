"""What a person can have done with a run at rest: go on, decide, save its results, retry its failed rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from gb_desktop.runs.model import Progress, SendSettings
from gb_desktop.text import tr
from gb_desktop.ui.files import RESULTS, ask_where
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.send_work import allow_again, decide_unit, keys_were_changed, sender_of
from gb_desktop.ui.widgets import BusyBar

if TYPE_CHECKING:
    from gb_desktop.accounts.model import Account


class RunDesk(QObject):
    """Calls of the desk for one run; the page shows what they say."""

    begun = Signal()  # a sending began
    deciding = Signal(bool)  # something is being written that no other button may cross
    decided = Signal()  # rows were resolved: read the run again
    saved = Signal(object)  # Path of the results workbook
    keys_changed = Signal()  # the account has other keys than the run was begun with
    failed = Signal(object)  # Exception

    def __init__(self, session: Session, bar: BusyBar, page: QWidget) -> None:
        super().__init__(page)
        self._session = session
        self._bar = bar
        self._page = page
        self.run = ""
        self.file = ""  # the user's file, for naming the results

    def _ask(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._session.desk_tasks.run(work, done, self._was_failed, owner=self)

    def _was_failed(self, error: Exception) -> None:
        self._bar.end()
        self.deciding.emit(False)
        self.failed.emit(error)

    # ------------------------------------------------------------------ sending

    @Slot()
    def go_on(self) -> None:
        desk, run = self._session.desk, self.run
        self._ask(lambda: sender_of(desk, run), self._start)

    @Slot()
    def go_on_with_new_keys(self) -> None:
        desk, run = self._session.desk, self.run
        self._ask(lambda: sender_of(desk, run), self._start_rotated)

    def compare_keys(self) -> None:
        """Find out whether the run was begun with other keys of the same account."""
        desk, run = self._session.desk, self.run
        self._ask(lambda: keys_were_changed(desk, run), self._keys_compared)

    @Slot(str)
    def decide_unit(self, unit: str) -> None:
        """Points or money: remembered with the account, and the run goes on."""
        desk, run = self._session.desk, self.run
        self._ask(lambda: decide_unit(desk, run, "money" if unit == "money" else "points"), self._unit_known)

    @Slot()
    def send_all_the_same(self) -> None:
        """A person said so about rows that another run sent meanwhile: the run goes on."""
        desk, run = self._session.desk, self.run
        self._ask(lambda: allow_again(desk, run), self._start)

    def _keys_compared(self, changed: bool) -> None:
        if changed:
            self.keys_changed.emit()

    def _start(self, found: tuple[Account, SendSettings]) -> None:
        self._session.sendings.start(self.run, *found)
        self.begun.emit()

    def _unit_known(self, found: tuple[Account, SendSettings]) -> None:
        """The next batch of this window must not ask for what was just said."""
        self._start(found)
        account, current = found[0], self._session.account
        if current is not None and current.name == account.name:
            self._session.use_account(account)

    def _start_rotated(self, found: tuple[Account, SendSettings]) -> None:
        self._session.sendings.start(self.run, *found, rotated=True)
        self.begun.emit()

    # ------------------------------------------------------------------ deciding

    @Slot(str)
    def resolve(self, how: str) -> None:
        """Unknown rows: look-up, sent or send-again."""
        desk, run = self._session.desk, self.run
        self._bar.begin(tr("Looking the rows up at Gameball…") if how == "look-up" else tr("Writing it down…"))
        self.deciding.emit(True)
        self._session.desk_tasks.run(
            lambda: (how, desk.resolve(run, how, desk.account_of(run))), self._resolved, self._not_resolved, owner=self
        )

    def _not_resolved(self, error: Exception) -> None:
        self._was_failed(error)
        if getattr(error, "reason", "") == "keys":
            self.compare_keys()

    def _resolved(self, found: tuple[str, object]) -> None:
        self._bar.end()
        self.deciding.emit(False)
        self._session.runs_changed.emit()
        if found[0] == "send-again":
            self.go_on()
        else:
            self.decided.emit()

    @Slot()
    def change(self) -> None:
        """Nothing of the run was sent: back to the steps before sending."""
        self._session.open_draft.emit(self.run)

    @Slot()
    def retry(self) -> None:
        """A new draft of the failed rows."""
        desk, run = self._session.desk, self.run
        self._ask(lambda: desk.retry_failed(run), self._session.open_draft.emit)

    # ------------------------------------------------------------------ results

    @Slot()
    def save(self) -> None:
        """Ask where, then write the results workbook."""
        name = f"{Path(self.file).stem or 'run'}-results.xlsx"
        title, kinds = tr("Save the results workbook"), tr("Excel workbook (*.xlsx)")
        ask_where(self._page, self._session, RESULTS, title, name, kinds, self._save_to)

    def _save_to(self, path: str) -> None:
        desk, run = self._session.desk, self.run
        self._bar.begin(tr("Writing the results workbook…"))
        self._session.desk_tasks.run_reporting(
            lambda report: desk.write_report(run, Path(path), report),
            self._was_saved,
            self._was_failed,
            self._writing,
            owner=self,
        )

    def _writing(self, progress: Progress) -> None:
        words = tr("Writing rows: {done} of {total}", done=progress.done, total=progress.total)
        self._bar.advance(words, progress.done, progress.total)

    def _was_saved(self, path: Path) -> None:
        self._bar.end()
        self.saved.emit(path)
