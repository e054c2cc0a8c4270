"""The workbook step's long calls: a first look at a file or at pasted cells, then reading it whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal

from gb_desktop.runs.copies import pasted_name
from gb_desktop.runs.draft import Draft
from gb_desktop.runs.model import Loaded, Progress, Say
from gb_desktop.text import tr
from gb_desktop.ui.steps.step_jobs import StepJobs
from gb_desktop.ui.widgets import isolated
from gb_desktop.workbook.model import Look, ReadOptions


class WorkbookJobs(StepJobs):
    """One call at a time; a new look ends whatever is under way, because its answer is not wanted any more."""

    begun = Signal()
    looked = Signal(object)  # Look
    look_failed = Signal(object)  # Exception
    loaded = Signal(object)  # Loaded
    load_failed = Signal(object)  # Exception

    def look(self, options: ReadOptions) -> None:
        """Look at the session's file, then load it."""
        draft, file = self._session.draft, self._session.file
        if draft is not None and file is not None:
            self._begin(options, tr("Opening {file}…", file=isolated(file.name)))
            self._look_with(lambda report: draft.look(file, options, report))

    def paste(self, text: str) -> None:
        """Cells from the clipboard become a sheet, which is then loaded."""
        draft = self._session.draft
        if draft is not None:
            self._session.file = pasted_name()
            self._begin(ReadOptions(), tr("Taking the pasted cells…"))
            self._look_with(lambda _: draft.paste(text))

    def load(self) -> None:
        """Read the whole sheet."""
        draft, options = self._session.draft, self._session.options
        if draft is not None:
            self._load_with(draft, lambda report: draft.load(options, report))

    def take_failed(self) -> None:
        """Of a results workbook: take only the rows that failed."""
        draft, options, session = self._session.draft, self._session.options, self._session
        if draft is None:
            return
        session.loaded = None
        session.results_answered = False
        session.suggested = session.mapping = session.view = session.summary = session.review = None
        self.begun.emit()
        self._load_with(draft, lambda report: draft.load_failed(options, report), self._took_failed)

    def _took_failed(self, loaded: Loaded) -> None:
        self._session.results_answered = True
        self._loaded(loaded)

    def _load_with(
        self,
        draft: Draft,
        work: Callable[[Say], Loaded],
        then: Callable[[Loaded], None] | None = None,
    ) -> None:
        self._bar.begin(tr("Reading the rows…"))
        self._set_busy(tr("The rows are being read."))
        self._task = self._session.tasks.run_reporting(
            work,
            then or self._loaded,
            self._load_failed,
            self._progress,
            owner=self,
            stop=draft.cancel,
        )

    def _look_with(self, work: Callable[[Say], Look]) -> None:
        draft = self._session.draft
        stop = draft.cancel if draft is not None else None
        self._task = self._session.tasks.run_reporting(
            work, self._looked, self._look_failed, self._progress, owner=self, stop=stop
        )

    def _begin(self, options: ReadOptions, sentence: str) -> None:
        if self._task is not None:
            self._task.drop()
            self._task.cancel()
            self._task = None
        session = self._session
        session.options = options
        session.look = session.loaded = None
        session.results_answered = False
        session.suggested = session.mapping = session.view = session.summary = session.review = None
        self.begun.emit()
        self._bar.begin(sentence)
        self._set_busy(tr("The workbook is being opened."))

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
        if progress.what == "copying":
            done, total = (megabytes(size) for size in (progress.done, progress.total))
            self._bar.advance(
                tr("Copying the workbook: {done} of {total} MB", done=done, total=total), progress.done, progress.total
            )
            return
        if progress.what == "opening":
            self._bar.advance(tr("Opening the workbook…"), 0, 0)
            return
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


def megabytes(size: int) -> str:
    """A size in bytes as megabytes with one decimal."""
    return f"{size / 1_000_000:.1f}"


def wants_password(error: Exception, options: ReadOptions) -> bool:
    """Whether a password would open the file: none was tried, or the one that was tried is wrong."""
    reason = getattr(error, "reason", "")
    return reason == "password" or (reason == "protected" and options.password is None)
