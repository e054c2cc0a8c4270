"""The check step's long calls: one at a time, with a busy bar, Cancel, and one way for answers and errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gb_desktop.runs.model import AccountFacts, CheckSummary, Loaded, Progress
from gb_desktop.text import tr
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.check_work import Checked, View, checked
from gb_desktop.ui.steps.step_jobs import StepJobs
from gb_desktop.ui.widgets import BusyBar
from gb_desktop.ui.workers import Report

Work = Callable[[Report], CheckSummary]
_NOBODY = AccountFacts("", "", "", "", "")  # checking needs an account's rules only; none has none


class CheckJobs(StepJobs):
    """While a call is under way nothing else is begun; the worker would do it later, under other circumstances."""

    checked = Signal(object)  # Checked
    made = Signal()  # a change is made, and its rows are checked again
    reloaded = Signal(object)  # Loaded
    exported = Signal(object)  # Path
    failed = Signal(object)  # Exception

    def __init__(self, session: Session, bar: BusyBar, set_busy: Callable[[str], None], parent: QObject) -> None:
        super().__init__(session, bar, set_busy, parent)
        self.made_it = False  # the change that was asked for last, whose rows may be unchecked yet
        self._together = False  # several changes are kept at once, at their end: nothing new can be read before
        self.merge: frozenset[str] | None = None  # the account's rules that the last check used

    def forget(self) -> None:
        self.merge = None
        super().forget()

    def check(self, view: View, *, again: bool = True) -> None:
        """Check every row with the session's mapping. Not `again`: only if something changed since the last check."""
        draft, mapping, desk = self._session.draft, self._session.mapping, self._session.desk
        if draft is None or mapping is None or self.running:
            return
        facts = self._session.facts or _NOBODY
        self.merge = facts.merge
        self.made_it = False
        self._begin(tr("Checking the rows…"))
        self._task = self._session.tasks.run_reporting(
            lambda report: checked(draft, desk, lambda: draft.check(mapping, facts, report, again=again), view),
            self._was_checked,
            self._was_failed,
            self._progress,
            owner=self,
            stop=draft.cancel,
        )

    def change(self, work: Work, view: View, sentence: str) -> None:
        """Do something that ends in a check. The first progress of it says that the change is made."""
        draft, desk = self._session.draft, self._session.desk
        if draft is None or self.running:
            return
        self._begin(sentence)
        self.made_it = self._together = False
        self._task = self._session.tasks.run_reporting(
            lambda report: checked(draft, desk, lambda: work(report), view),
            self._was_checked,
            self._was_failed,
            self._progress_of_change,
            owner=self,
            stop=draft.cancel,
        )

    def export(self, path: Path) -> None:
        """Write the annotated copy."""
        draft = self._session.draft
        if draft is not None and not self.running:
            self._begin(tr("Writing the copy…"))
            self._task = self._session.tasks.run(
                lambda: draft.write_annotated(path), self._was_exported, self._was_failed, owner=self, stop=draft.cancel
            )

    def reload(self, path: Path) -> None:
        """Read a corrected copy."""
        draft = self._session.draft
        if draft is not None and not self.running:
            self._begin(tr("Reading the corrected sheet…"))
            self._task = self._session.tasks.run(
                lambda: draft.reload(path), self._was_reloaded, self._was_failed, owner=self, stop=draft.cancel
            )

    def _begin(self, sentence: str) -> None:
        self._bar.begin(sentence)
        self._set_busy(tr("The rows are being checked."))

    def _progress(self, progress: Progress) -> None:
        words = tr("Checking rows: {done} of {total}", done=progress.done, total=progress.total)
        self._bar.advance(words, progress.done, progress.total)

    def _progress_of_change(self, progress: Progress) -> None:
        if progress.what == "changing":
            self._together = True
            words = tr("Making change {number} of {total}…", number=progress.done + 1, total=progress.total)
            self._bar.advance(words, progress.done, progress.total)
        elif progress.what != "again":
            self._progress(progress)
        else:
            words = tr("Checking the changed rows: {done} of {total}", done=progress.done, total=progress.total)
            self._bar.advance(words, progress.done, progress.total)
        if not (self.made_it or self._together):
            self.made_it = True
            self.made.emit()

    def _was_checked(self, found: Checked) -> None:
        self._end()
        self.checked.emit(found)

    def _was_failed(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)

    def _was_exported(self, path: Path) -> None:
        self._end()
        self.exported.emit(path)

    def _was_reloaded(self, loaded: Loaded) -> None:
        self._end()
        self.reloaded.emit(loaded)
