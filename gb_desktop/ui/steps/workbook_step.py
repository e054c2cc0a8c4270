"""Step 2: which workbook, which sheet, where the header is. Shows the first rows at once and loads the rest behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Slot
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from gb_desktop.runs.model import Loaded, RunFacts
from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.files import WORKBOOK, ask_where
from gb_desktop.ui.flow import Step
from gb_desktop.ui.grid.preview import PreviewModel
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.drop_zone import DropZone
from gb_desktop.ui.steps.page import CANCELLED, WorkPage
from gb_desktop.ui.steps.reading_bar import ReadingBar
from gb_desktop.ui.steps.results_question import ALL, FAILED, OPEN, question_about
from gb_desktop.ui.steps.workbook_jobs import WorkbookJobs, wants_password
from gb_desktop.ui.steps.workbook_parts import HiddenQuestion, LoadedNotes, PasswordCard
from gb_desktop.ui.theme import colours
from gb_desktop.ui.widgets import BusyBar, Text, Tone, named
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
        self.column.addWidget(Text(self.title, "title", self))
        self.password = PasswordCard(self)
        self.password.given.connect(self._password_given)
        self.column.addWidget(self.password)
        self._stack = QStackedWidget(self)
        self.drop = DropZone(self)
        self.drop.file_chosen.connect(self.open_file)
        self.drop.browse_wanted.connect(self._browse)
        self.password.asking.connect(self.drop.step_back)
        self.drop.paste_wanted.connect(self._paste)
        self._stack.addWidget(self.drop)
        self._stack.addWidget(self._sheet_part())
        self.column.addWidget(self._stack, 1)
        self.busy = BusyBar("loading", parent=self)
        self.column.addWidget(self.busy)
        self.jobs = WorkbookJobs(session, self.busy, self.set_busy, self)
        self.jobs.begun.connect(self._begun)
        self.jobs.looked.connect(self._show_look)
        self.jobs.look_failed.connect(self._look_failed)
        self.jobs.loaded.connect(self._show_loaded)
        self.jobs.load_failed.connect(self._load_failed)
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
            elif not self.jobs.running:
                self.jobs.load()
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
        self.jobs.forget()
        self.password.hide()
        self.banner.clear()
        self.preview.clear()
        self._stack.setCurrentWidget(self.drop)

    # ------------------------------------------------------------------ opening

    @Slot(str)
    def open_file(self, path: str) -> None:
        """Look at a file with nothing said yet about how to read it."""
        self.session.file = Path(path)
        self.jobs.look(ReadOptions())

    @Slot()
    def _begun(self) -> None:
        """What stood here before no longer holds."""
        self.invalidated.emit()
        self.banner.clear()
        self.password.hide()
        self.notes.hide()
        self.hidden.hide()

    @Slot(object)
    def _look_failed(self, error: Exception) -> None:
        file, reason = self.session.file, getattr(error, "reason", "")
        if wants_password(error, self.session.options):
            self._stack.setCurrentWidget(self.drop)  # another file's rows must not stand below the question
            self.password.ask(str(error))
        elif reason == "encoding" and file is not None:
            self.preview.clear()
            self.reading.show_unreadable(str(file), self.session.options)
            self._stack.setCurrentIndex(1)
            self.hint.setText("")
            self.say_error(error)
        else:
            self._stack.setCurrentWidget(self.drop)
            self.say_error(error)

    @Slot(object)
    def _show_look(self, look: Look) -> None:
        scheme = colours(self.palette())
        self.preview.set_tints(QColor(scheme.accent_soft), QColor(scheme.muted))
        self.preview.show(look)
        self.reading.show_look(look, self.session.options)
        self._show_sheet()
        shown, row = len(look.rows), str(look.header_row)
        many = "The first {rows}. Row {row} is the header: click another row to change it."
        one = tr("1 row. Row {row} is the header: click another row to change it.", row=row)
        self.hint.setText(one if shown == 1 else tr(many, rows=rows_words(shown), row=row))
        self._ask_about_results()

    def _show_sheet(self) -> None:
        """The preview with its header in sight, and the focus on it when it has just come.

        Left to itself the focus would go on to the header row's number, where the next digit typed changes it.
        """
        fresh = self._stack.currentIndex() == 0
        self._stack.setCurrentIndex(1)
        line = self.preview.header_line()
        if line is not None:
            header = self.preview.index(line, 0)
            self.table.selectionModel().setCurrentIndex(header, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.table.scrollTo(header)
        if fresh:
            self.table.setFocus()

    def _ask_about_results(self) -> None:
        """Offer what can be done with a run's results, once it is known whether the run is on this computer."""
        desk, run = self.session.desk, self.session.look.run if self.session.look else None
        if not run or self.session.results_answered:
            return
        self.session.desk_tasks.run(
            lambda: next((facts for facts in desk.runs() if facts.run == run), None),
            lambda facts: self._say_results_of(run, facts),
            owner=self,
        )

    def _say_results_of(self, run: str, facts: RunFacts | None) -> None:
        look = self.session.look
        if look is None or look.run != run or self.session.results_answered:
            return
        what_to_do, choices = question_about(facts)
        self.banner.say(
            Tone.WARNING,
            tr("This is a results workbook of a run made with GB Desktop."),
            tr("Sending it would send rows again that were sent already."),
            what_to_do,
        )
        leave: Callable[[], object] = partial(self.session.open_run.emit, run)
        does = {OPEN: leave, FAILED: self._take_failed, ALL: self._use_all}
        (first, words), *others = choices
        self.banner.set_action(words, first, does[first], leads=True)
        for choice, words in others:
            self.banner.add_action(words, choice, does[choice])

    @Slot()
    def _take_failed(self) -> None:
        self.banner.clear()
        self.jobs.take_failed()

    @Slot()
    def _use_all(self) -> None:
        self.session.results_answered = True
        self.banner.clear()
        self.changed.emit()

    # ------------------------------------------------------------------ loading

    @Slot(object)
    def _show_loaded(self, loaded: Loaded) -> None:
        self.notes.say(loaded)
        self.reading.show_loaded(loaded.rows - loaded.skipped.total_rows)
        self._ask_about_results()
        self.hidden.ask(loaded, self.session.options.rows)

    @Slot(object)
    def _load_failed(self, error: Exception) -> None:
        if getattr(error, "reason", "") == CANCELLED:
            self.banner.say(Tone.INFO, tr("Reading was cancelled."), tr("Nothing was loaded, and nothing was sent."))
        else:
            self.say_error(error)
        self.banner.set_action(tr("Read it again"), "load_again", self._load_again)

    @Slot()
    def _load_again(self) -> None:
        self.banner.clear()
        self.jobs.load()

    # ------------------------------------------------------------------ what the user says

    @Slot(object)
    def _read_anew(self, options: ReadOptions) -> None:
        if self.session.file is not None:
            self.jobs.look(options)

    @Slot(QModelIndex)
    def _header_clicked(self, index: QModelIndex) -> None:
        number = self.preview.number_of(index.row())
        look = self.session.look
        if look is not None and number != look.header_row and self.session.file is not None:
            self.jobs.look(replace(self.session.options, header_row=number))

    @Slot(str)
    def _password_given(self, password: str) -> None:
        self.jobs.look(replace(self.session.options, password=password))

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
        ask_where(self, self.session, WORKBOOK, tr("Choose a workbook"), "", kinds, self.open_file)

    @Slot()
    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self.banner.say(
                Tone.INFO,
                tr("The clipboard holds no cells."),
                "",
                tr("Copy the cells with their header row in Excel, then paste again."),
                closable=True,
            )
            return
        self.jobs.paste(text)
