"""What the window is working on: the account and the draft with everything known of it. A holder without rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from gb_desktop.catalog import BatchType, batch_type
from gb_desktop.checking.model import Severity
from gb_desktop.habits import Habits
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.model import AccountFacts, CheckSummary, Loaded, MappingView, Review, SendSettings, Suggested
from gb_desktop.ui.errors import Mishap, mishap_of
from gb_desktop.ui.flow import Standing
from gb_desktop.ui.sendings import Sendings
from gb_desktop.ui.workers import Tasks
from gb_desktop.workbook.model import Look, ReadOptions

if TYPE_CHECKING:
    from gb_desktop.accounts.model import Account
    from gb_desktop.desk import Desk
    from gb_desktop.runs.draft import Draft
    from gb_desktop.runs.reader import RunReader

T = TypeVar("T")


class Session(QObject):
    """The one object that pages share.

    `tasks` is the draft's serial queue of blocking calls, `desk_tasks` the one for everything else (runs, accounts).
    """

    account_changed = Signal()
    draft_changed = Signal()  # another draft (or none) is worked on
    busy_changed = Signal()
    settings_changed = Signal()
    failed = Signal(object)  # Mishap, shown by the window
    open_run = Signal(str)  # asks the window to show a run that was (or is being) sent
    open_draft = Signal(str)  # asks the window to go on with a draft
    runs_changed = Signal()  # the list of runs is stale

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.habits = Habits(desk.folder)
        self.tasks = Tasks("draft", self.fail, self)
        self.desk_tasks = Tasks("desk", self.fail, self)
        self.tasks.busy_changed.connect(self.busy_changed)
        self.sendings = Sendings(desk, self)
        self.account: Account | None = None
        self.facts: AccountFacts | None = None  # of `account`; None until they are known
        self.proposed_file: Path | None = None  # given on the command line or dropped, not looked at yet
        self.draft: Draft | None = None
        self._reader: RunReader | None = None
        self._kept_settings = SendSettings()
        self._clear()
        self.settings_changed.connect(self.read_settings)

    def _clear(self) -> None:
        self.batch_type = ""
        self.file: Path | None = None
        self.options = ReadOptions()
        self.look: Look | None = None
        self.loaded: Loaded | None = None
        self.results_answered = False  # of a results workbook: which of its rows are meant
        self.retry_of = ""  # the run whose failed rows the draft holds
        self.suggested: Suggested | None = None
        self.mapping: Mapping | None = None
        self.view: MappingView | None = None
        self.summary: CheckSummary | None = None
        self.review: Review | None = None
        self.send_settings = self._kept_settings
        self.leave_out_errors = False
        self.send_again = False
        self.send_known = False  # rows whose IDs were sent before
        self.busy = ""  # a sentence while Next must wait for something

    # ------------------------------------------------------------------ draft

    @property
    def run(self) -> str:
        """The ID of the draft's run, "" while there is none."""
        return self.draft.run if self.draft is not None else ""

    @property
    def type(self) -> BatchType | None:
        """The chosen batch type."""
        return batch_type(self.batch_type) if self.batch_type else None

    @property
    def reader(self) -> RunReader | None:
        """A read-only connection to the draft's run for the GUI thread: one page of the grid at a time, no more."""
        if self._reader is None and self.draft is not None:
            self._reader = self.desk.reader(self.draft.run)
        return self._reader

    def use_draft(self, draft: Draft | None) -> None:
        """Work on another draft from now on (None: on none); what was known of the last one is forgotten."""
        self._close_reader()
        old, self.draft = self.draft, draft
        if old is not None and old is not draft:
            self.tasks.run(old.close)
        self._clear()
        self.draft_changed.emit()

    def drop_empty_draft(self) -> None:
        """Delete the draft if no workbook was ever chosen for it: there is nothing to come back to."""
        run = self.run
        if not run or self.look is not None or self.file is not None:
            return
        self.use_draft(None)
        self.tasks.run(lambda: self.desk.delete_run(run))

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def read(self, run: str, ask: Callable[[RunReader], T]) -> T:
        """Ask a run's read-only reader something. Blocks: for workers."""
        reader = self.desk.reader(run)
        try:
            return ask(reader)
        finally:
            reader.close()

    @Slot()
    def read_settings(self) -> None:
        """Take over how runs are sent from the stored settings, in the background."""
        self.desk_tasks.run(self.desk.send_settings, self._know_settings, owner=self)

    def _know_settings(self, settings: SendSettings) -> None:
        self._kept_settings = settings
        self.send_settings = replace(settings, first=self.send_settings.first)

    # ------------------------------------------------------------------ account

    def use_account(self, account: Account) -> None:
        """Choose the account; its facts follow from a worker, since they may need the keyring."""
        self.account = account
        self.facts = None
        self.review = None
        self.account_changed.emit()
        self.desk_tasks.run(lambda: (account, self.desk.facts(account)), self._know_account, owner=self)

    def forget_account(self) -> None:
        """The chosen account was removed."""
        self.account = None
        self.facts = None
        self.review = None
        self.account_changed.emit()

    def _know_account(self, found: tuple[Account, AccountFacts]) -> None:
        account, facts = found
        if account == self.account:
            self.facts = facts
            self.account_changed.emit()

    # ------------------------------------------------------------------ for the flow and the window

    def standing(self) -> Standing:
        """What the steps' guards look at."""
        counts = self.summary.counts if self.summary else None
        return Standing(
            batch_type=self.batch_type,
            account=self.account.name if self.account else "",
            account_known=self.facts is not None,
            busy=self.busy,
            loaded=self.loaded is not None,
            rows=self.loaded.rows if self.loaded else 0,
            hidden_rows=self.loaded.skipped.hidden_rows if self.loaded else 0,
            hidden_answered=self.options.rows is not None,
            results_unanswered=self.look is not None and bool(self.look.run) and not self.results_answered,
            mapped=self.mapping is not None,
            missing=self._missing(),
            mapping_error=self._mapping_error(),
            checked=self.summary is not None,
            sheet_error=self._sheet_error(),
            ready=counts.ready if counts else 0,
            errors=counts.errors if counts else 0,
            leave_out_errors=self.leave_out_errors,
            reviewed=self.review is not None,
        )

    def _missing(self) -> tuple[str, ...]:
        if self.type is None or self.mapping is None:
            return ()
        return tuple(field.title for field in self.type.required if field.path not in self.mapping.sources)

    def _mapping_error(self) -> str:
        problems = self.view.problems if self.view else ()
        return next((problem.message for problem in problems if problem.severity is Severity.ERROR), "")

    def _sheet_error(self) -> str:
        problems = self.summary.sheet_problems if self.summary else ()
        return next((problem.message for problem in problems if problem.severity is Severity.ERROR), "")

    @Slot(object)
    def fail(self, error: Exception | Mishap) -> None:
        """Show something that went wrong where no page has its own place for it."""
        self.failed.emit(error if isinstance(error, Mishap) else mishap_of(error))

    def begin_close(self) -> None:
        """First part of closing: everything is asked to stop; returns at once."""
        self._close_reader()
        if self.draft is not None:
            self.draft.cancel()
        self.tasks.begin_close(self.draft.close if self.draft is not None else None)
        self.desk_tasks.begin_close()

    def closed(self) -> bool:
        """True once every thread has ended."""
        return self.tasks.closed() and self.desk_tasks.closed() and self.sendings.closed()
