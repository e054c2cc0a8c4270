"""The workbook step's long calls: a first look at a file or at pasted cells, then reading it whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gb_desktop.runs.model import Loaded, Progress
from gb_desktop.text import tr
from gb_desktop.ui.session import Session
from gb_desktop.ui.widgets import BusyBar, isolated
from gb_desktop.ui.workers import Task
from gb_desktop.workbook.model import Look, ReadOptions


class WorkbookJobs(QObject):
    """One call at a time; a new look ends whatever is under way, because its answer is not wanted any more."""

    begun = Signal()
    looked = Signal(object)  # Look
    look_failed = Signal(object)  # Exception
    loaded = Signal(object)  # Loaded
    load_failed = Signal(object)  # Exception

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
        """Another draft: what is under way belongs to the old one, which ends by itself."""
        if self._task is not None:
            self._task.drop()
        self._end()

    def look(self, options: ReadOptions) -> None:
        """Look at the session's file, then load it."""
        draft, file = self._session.draft, self._session.file
        if draft is not None and file is not None:
            self._begin(options, tr("Opening {file}…", file=isolated(file.name)))
            self._look_with(lambda: draft.look(file, options))

    def paste(self, text: str) -> None:
        """Cells from the clipboard become a sheet, which is then loaded."""
        draft = self._session.draft
        if draft is not None:
            self._session.file = None
            self._begin(ReadOptions(), tr("Taking the pasted cells…"))
            self._look_with(lambda: draft.paste(text))

    def load(self) -> None:
        """Read the whole sheet."""
        draft, options = self._session.draft, self._session.options
        if draft is None:
            return
        self._bar.begin(tr("Reading the rows…"))
        self._set_busy(tr("The rows are being read."))
        self._task = self._session.tasks.run_reporting(
            lambda report: draft.load(options, report),
            self._loaded,
            self._load_failed,
            self._progress,
            owner=self,
            stop=draft.cancel,
        )

    def _look_with(self, work: Callable[[], Look]) -> None:
        draft = self._session.draft
        stop = draft.cancel if draft is not None else None
        self._task = self._session.tasks.run(work, self._looked, self._look_failed, owner=self, stop=stop)

    def _begin(self, options: ReadOptions, sentence: str) -> None:
        if self._task is not None:
            self._task.drop()
            self._task.cancel()
            self._task = None
        session = self._session
        session.options = options
        session.look = session.loaded = None
        session.suggested = session.mapping = session.view = session.summary = session.review = None
        self.begun.emit()
        self._bar.begin(sentence)
        self._set_busy(tr("The workbook is being opened."))

    def _end(self) -> None:
        self._task = None
        self._bar.end()
        self._set_busy("")

    def _looked(self, look: Look) -> None:
        session = self._session
        session.look = look
        session.options = replace(
            session.options,
            sheet=look.sheet,
            header_row=look.header_row,
            encoding=look.encoding or None,
            delimiter=look.delimiter or None,
        )
        self.looked.emit(look)
        self.load()

    def _look_failed(self, error: Exception) -> None:
        self._end()
        self.look_failed.emit(error)

    def _progress(self, progress: Progress) -> None:
        if progress.total:
            words = tr("Reading rows: {done} of {total}", done=progress.done, total=progress.total)
        else:
            words = tr("Reading rows: {done}", done=progress.done)
        self._bar.advance(words, progress.done, progress.total)

    def _loaded(self, loaded: Loaded) -> None:
        self._session.loaded = loaded
        self._end()
        self.loaded.emit(loaded)

    def _load_failed(self, error: Exception) -> None:
        self._end()
        self.load_failed.emit(error)

    @Slot()
    def _cancel(self) -> None:
        if self._task is not None:
            self._bar.cancel.setEnabled(False)
            self._task.cancel()


def wants_password(error: Exception, file: Path | None, options: ReadOptions) -> bool:
    """Whether a password would open the file; OpenDocument files can't be unlocked here."""
    reason = getattr(error, "reason", "")
    untried = options.password is None and file is not None and file.suffix.lower() != ".ods"
    return reason == "password" or (reason == "protected" and untried)
