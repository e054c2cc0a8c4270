"""What the long calls of the steps have in common: one task at a time, a busy bar, and Cancel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from gb_desktop.ui.session import Session
from gb_desktop.ui.widgets import BusyBar
from gb_desktop.ui.workers import Task


class StepJobs(QObject):
    """`set_busy` takes the words for what is under way, "" when nothing is."""

    def __init__(self, session: Session, bar: BusyBar, set_busy: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._bar = bar
        self._set_busy = set_busy
        self._task: Task | None = None
        bar.cancelled.connect(self._cancel)

    @property
    def running(self) -> bool:
        return self._task is not None

    def forget(self) -> None:
        """Another draft: what is under way belongs to the old one."""
        if self._task is not None:
            self._task.drop()
        self._end()

    def _end(self) -> None:
        self._task = None
        self._bar.end()
        self._set_busy("")

    @Slot()
    def _cancel(self) -> None:
        if self._task is not None:
            self._bar.cancel.setEnabled(False)
            self._task.cancel()
