"""Step 2: which workbook, which sheet, where the header is. Shows the first rows at once and loads the rest behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from gb_desktop.runs.model import Loaded, Progress
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.flow import Step
from gb_desktop.ui.grid.preview import PreviewModel
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.drop_zone import DropZone
from gb_desktop.ui.steps.page import CANCELLED, WorkPage, ask_where
from gb_desktop.ui.steps.reading_bar import ReadingBar
from gb_desktop.ui.steps.words import rows_words
from gb_desktop.ui.steps.workbook_parts import HiddenQuestion, LoadedNotes, PasswordCard
from gb_desktop.ui.theme import colours
from gb_desktop.ui.widgets import BusyBar, Text, Tone, isolated, named
from gb_desktop.ui.workers import Task
from gb_desktop.workbook.model import Look, ReadOptions

KINDS = ("*.xlsx", "*.xlsm", "*.xlsb", "*.xls", "*.ods", "*.csv", "*.tsv", "*.txt")
_RECENT = 5
_COLUMN_WIDTH = 130


class WorkbookPage(WorkPage):
    """Looks at a file (the first 100 rows), then loads it whole, and asks what only a person can know."""

    step = Step.WORKBOOK

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = tr("Which workbook?")
        self.meaning = tr("Nothing was loaded, and nothing was sent.")
        self._task: Task | None = None
        self.column.addWidget(Text(self.title, "title", self))
        self.password = PasswordCard(self)
        self.password.given.connect(self._password_given)
        self.column.addWidget(self.password)
        self._stack = QStackedWidget(self)
        self.drop = DropZone(self)
        self.drop.file_chosen.connect(self.open_file)
        self.drop.browse_wanted.connect(self._browse)
        self.drop.paste_wanted.connect(self._paste)
        self._stack.addWidget(self.drop)
        self._stack.addWidget(self._sheet_part())
        self.column.addWidget(self._stack, 1)
        self.busy = BusyBar("loading", parent=self)
        self.busy.cancelled.connect(self._cancel)
        self.column.addWidget(self.busy)
        QShortcut(QKeySequence.StandardKey.Paste, self).activated.connect(self._paste)
        session.draft_changed.connect(self._forget)

    def _sheet_part(self) -> QWidget:
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.MEDIUM)
        self.reading = ReadingBar(part)
        self.reading.changed.connect(self._read_anew)
        self.reading.other_file_wanted.connect(self._browse)
        column.addWidget(self.reading)
        self.preview = PreviewModel(self)
        self.table = named(QTableView(part), "preview", tr("The first rows of the sheet"))
        self.table.setModel(self.preview)
        self.table.setWordWrap(False)
        self.table.setCornerButtonEnabled(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().setDefaultSectionSize(_COLUMN_WIDTH)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.clicked.connect(self._header_clicked)
        self.table.activated.connect(self._header_clicked)
        column.addWidget(self.table, 1)
        self.hint = Text("", "muted", part)
        column.addWidget(self.hint)
        self.notes = LoadedNotes(part)
        column.addWidget(self.notes)
        self.hidden = HiddenQuestion(part)
        self.hidden.answered.connect(self._hidden_answered)
        column.addWidget(self.hidden)
        return part

    # ------------------------------------------------------------------ the wizard

    def enter(self) -> None:
        session = self.session
        if session.proposed_file is not None:
            proposed, session.proposed_file = session.proposed_file, None
            self.open_file(str(proposed))
        elif session.look is not None:
            self._show_look(session.look)
            if session.loaded is not None:
                self._show_loaded(session.loaded)
            elif self._task is None:
                self._load()
        else:
            self._stack.setCurrentWidget(self.drop)
            session.desk_tasks.run(self._recent_files, self.drop.show_recent, owner=self)
            self.drop.browse.setFocus()

    def _recent_files(self) -> list[str]:
        """Files of earlier runs that are still there, newest first. Blocks: for a worker."""
        paths = dict.fromkeys(run.file for run in self.session.desk.runs() if run.file)
        return [path for path in paths if Path(path).is_file()][:_RECENT]

    @Slot()
    def _forget(self) -> None:
        """Another draft: whatever is under way belongs to the old one."""
        self._drop_task()
        self.busy.end()
        self.password.hide()
        self.banner.clear()
        self.preview.clear()
        self._stack.setCurrentWidget(self.drop)

    # ------------------------------------------------------------------ opening

    @Slot(str)
    def open_file(self, path: str) -> None:
        """Look at a file with nothing said yet about how to read it."""
        self.session.file = Path(path)
        self._look(ReadOptions())

    def _look(self, options: ReadOptions) -> None:
        session, file = self.session, self.session.file
        if session.draft is None or file is None:
            return
        draft = session.draft
        self._begin(options, tr("Opening {file}…", file=isolated(file.name)))
        self._task = self.session.tasks.run(
            lambda: draft.look(file, options), self._looked, self._look_failed, owner=self, stop=draft.cancel
        )

    def _begin(self, options: ReadOptions, sentence: str) -> None:
        """What stood here before no longer holds."""
        self._stop_task()
        session = self.session
        session.options = options
        session.look = session.loaded = None
        session.suggested = session.mapping = session.view = session.summary = session.review = None
        self.invalidated.emit()
        self.banner.clear()
        self.password.hide()
        self.notes.hide()
        self.hidden.hide()
        self.busy.begin(sentence)
        self.set_busy(tr("The workbook is being opened."))

    def _looked(self, look: Look) -> None:
        self._task = None
        session = self.session
        session.look = look
        session.options = replace(
            session.options,
            sheet=look.sheet,
            header_row=look.header_row,
            encoding=look.encoding or None,
            delimiter=look.delimiter or None,
        )
        self._show_look(look)
        self._load()

    def _look_failed(self, error: Exception) -> None:
        self._task = None
        self.busy.end()
        self.set_busy("")
        reason = getattr(error, "reason", "")
        if reason == "password":
            self.password.ask(str(error))
        elif reason == "encoding" and self.session.file is not None:
            self.preview.clear()
            self.reading.show_unreadable(str(self.session.file), self.session.options)
            self._stack.setCurrentIndex(1)
            self.hint.setText("")
            self.say_error(error)
        else:
            self._stack.setCurrentWidget(self.drop)
            self.say_error(error)

    def _show_look(self, look: Look) -> None:
        scheme = colours(self.palette())
        self.preview.set_tints(QColor(scheme.accent_soft), QColor(scheme.muted))
        self.preview.show(look)
        self.reading.show_look(look, self.session.options)
        self._stack.setCurrentIndex(1)
        line = self.preview.header_line()
        if line is not None:
            self.table.scrollTo(self.preview.index(line, 0))
        shown = rows_words(len(look.rows))
        self.hint.setText(
            tr(
                "The first {rows}. Row {row} is the header: click another row to change it.",
                rows=shown,
                row=str(look.header_row),
            )
        )
        if look.run:
            self._say_results(look.run)

    def _say_results(self, run: str) -> None:
        self.banner.say(
            Tone.WARNING,
            tr("This is a results workbook of a run made with GB Desktop."),
            tr("Sending it would send rows again that were sent already."),
            tr("To send failed rows again, open the run and choose Retry failed rows."),
        )
        self.banner.set_action(tr("Open that run"), "open_results_run", lambda: self.session.open_run.emit(run))

    # ------------------------------------------------------------------ loading

    def _load(self) -> None:
        draft, options = self.session.draft, self.session.options
        if draft is None:
            return
        self.busy.begin(tr("Reading the rows…"))
        self.set_busy(tr("The rows are being read."))
        self._task = self.ask_reporting(
            lambda report: draft.load(options, report), self._loaded, self._progress, self._load_failed
        )

    def _progress(self, progress: Progress) -> None:
        if progress.total:
            words = tr("Reading rows: {done} of {total}", done=progress.done, total=progress.total)
        else:
            words = tr("Reading rows: {done}", done=progress.done)
        self.busy.advance(words, progress.done, progress.total)

    def _loaded(self, loaded: Loaded) -> None:
        self._task = None
        self.session.loaded = loaded
        self._show_loaded(loaded)
        self.busy.end()
        self.set_busy("")

    def _show_loaded(self, loaded: Loaded) -> None:
        self.notes.say(loaded)
        self.hidden.ask(loaded, self.session.options.rows)

    def _load_failed(self, error: Exception) -> None:
        self._task = None
        self.busy.end()
        self.set_busy("")
        if getattr(error, "reason", "") == CANCELLED:
            self.banner.say(Tone.INFO, tr("Reading was cancelled."), tr("Nothing was loaded, and nothing was sent."))
        else:
            self.say_error(error)
        self.banner.set_action(tr("Read it again"), "load_again", self._load_again)

    def _load_again(self) -> None:
        self.banner.clear()
        self._load()

    # ------------------------------------------------------------------ what the user says

    @Slot(object)
    def _read_anew(self, options: ReadOptions) -> None:
        if self.session.file is not None:
            self._look(options)

    @Slot(QModelIndex)
    def _header_clicked(self, index: QModelIndex) -> None:
        number = self.preview.number_of(index.row())
        look = self.session.look
        if look is not None and number != look.header_row and self.session.file is not None:
            self._look(replace(self.session.options, header_row=number))

    @Slot(str)
    def _password_given(self, password: str) -> None:
        self._look(replace(self.session.options, password=password))

    @Slot(str)
    def _hidden_answered(self, rows: str) -> None:
        session, draft = self.session, self.session.draft
        if draft is None:
            return
        session.options = replace(session.options, rows=rows)
        session.summary = session.review = None
        self.ask(lambda: draft.choose_rows(rows))
        self.invalidated.emit()
        self.changed.emit()

    @Slot()
    def _browse(self) -> None:
        kinds = tr("Workbooks ({patterns})", patterns=" ".join(KINDS))
        ask_where(self, tr("Choose a workbook"), "", kinds, self.open_file, saving=False)

    @Slot()
    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        draft = self.session.draft
        if draft is None:
            return
        if not text.strip():
            self.banner.say(
                Tone.INFO,
                tr("The clipboard holds no cells."),
                "",
                tr("Copy the cells with their header row in Excel, then paste again."),
                closable=True,
            )
            return
        self.session.file = None
        self._begin(ReadOptions(), tr("Taking the pasted cells…"))
        self._task = self.session.tasks.run(
            lambda: draft.paste(text), self._looked, self._look_failed, owner=self, stop=draft.cancel
        )

    @Slot()
    def _cancel(self) -> None:
        if self._task is not None:
            self.busy.cancel.setEnabled(False)
            self._task.cancel()

    def _stop_task(self) -> None:
        """End what is under way; its answer is not wanted any more."""
        if self._task is not None:
            self._task.drop()
            self._task.cancel()
            self._task = None

    def _drop_task(self) -> None:
        if self._task is not None:
            self._task.drop()
            self._task = None
