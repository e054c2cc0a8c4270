"""Everything the check step lets a person change: each goes to the worker and comes back as a new check."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from gb_desktop.text import tr
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.check_jobs import CheckJobs, Work
from gb_desktop.ui.steps.check_work import View, replaced, rows_at
from gb_desktop.ui.steps.problem_groups import Key


class CheckChanges(QObject):
    """`view` is what the grid shows now; a change that solves a problem group goes back to all rows."""

    begun = Signal()  # what Review made of the rows no longer stands
    group_left = Signal()

    def __init__(self, session: Session, jobs: CheckJobs, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self.view = View()

    def _change(self, work: Work, sentence: str) -> None:
        if not self._jobs.running:
            self._session.review = None
            self.begun.emit()
            self._jobs.change(work, self.view, sentence)

    def _leave_group(self) -> None:
        if self.view.which == "problem":
            self.view = View()
            self.group_left.emit()

    @Slot(object)
    def edit(self, wanted: tuple[int, int, str]) -> None:
        """One cell: (row number, column index, text)."""
        draft = self._session.draft
        if draft is not None:
            self._change(lambda _report: draft.edit(*wanted), tr("Checking the change…"))

    @Slot(object)
    def leave_out_rows(self, wanted: tuple[list[tuple[int, int]], bool]) -> None:
        """Leave the rows at these positions out (True) or take them in again."""
        draft, desk = self._session.draft, self._session.desk
        if draft is not None:
            spans, excluded = wanted
            rows = partial(rows_at, desk, draft.run, spans)
            self._change(lambda report: draft.exclude(rows(), excluded, report), tr("Checking the change…"))

    @Slot(object)
    def leave_out_group(self, key: Key) -> None:
        draft = self._session.draft
        if draft is not None:
            self._leave_group()
            self._change(lambda report: draft.exclude_group(*key, True, report), tr("Leaving the rows out…"))

    @Slot(object)
    def fix(self, wanted: tuple[Key, str]) -> None:
        """One of the offered fixes of a group."""
        draft = self._session.draft
        if draft is not None:
            key, fix = wanted
            self._leave_group()
            self._change(lambda report: draft.apply_fix(*key, fix, report), tr("Changing the cells…"))

    @Slot(object)
    def replace(self, wanted: tuple[int | None, str, str]) -> None:
        """(column index or None, find, replacement)"""
        draft = self._session.draft
        if draft is not None:
            self._change(lambda report: replaced(draft, *wanted, report), tr("Changing the cells…"))

    @Slot()
    def replay(self) -> None:
        """Everything that is saved with the mapping and open on this sheet."""
        draft = self._session.draft
        if draft is not None:
            self._leave_group()
            self._change(draft.replay, tr("Making the changes again…"))

    @Slot()
    def undo(self) -> None:
        draft = self._session.draft
        if draft is not None:
            self._change(draft.undo, tr("Taking the change back…"))

    @Slot()
    def redo(self) -> None:
        draft = self._session.draft
        if draft is not None:
            self._change(draft.redo, tr("Doing the change again…"))
