"""Every run on this computer: found, opened, continued, retried, saved, deleted."""

from __future__ import annotations

from functools import partial
from pathlib import Path, PurePath

from PySide6.QtCore import QModelIndex, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gb_desktop.runs.model import Progress, RunFacts, RunState
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.dialogs import ask_to_delete, ask_to_delete_draft
from gb_desktop.ui.errors import mishap_of
from gb_desktop.ui.files import RESULTS, ask_where
from gb_desktop.ui.run_actions import Action, allowed, undecided
from gb_desktop.ui.runs_model import FILE, TYPE, WIDTHS, RunsModel
from gb_desktop.ui.session import Session
from gb_desktop.ui.widgets import (
    Banner,
    BusyBar,
    Chooser,
    DangerButton,
    EmptyState,
    PrimaryButton,
    SearchField,
    SecondaryButton,
    Text,
    Tone,
    isolated,
    kept_in_order,
    named,
)
from gb_desktop.ui.words import state_word

NARROW = 960  # pixels below which the batch type gives its room to the file's name
_ROW_HEIGHT = 38
REFRESH_MS = 2000  # while something is being sent
_FILTERS = (
    frozenset[RunState](),
    frozenset({RunState.DRAFT, RunState.READY}),
    frozenset({RunState.SENDING, RunState.PAUSED, RunState.INTERRUPTED}),
    frozenset({RunState.NEEDS_ATTENTION}),
    frozenset({RunState.FINISHED}),
)


class RunsPage(QWidget):
    """The list of runs and what may be done with the one that is selected."""

    opened = Signal(str)  # a run's ID

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "runs_page")
        self._session = session
        self.model = RunsModel(self.palette, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.HUGE, tokens.HUGE, tokens.HUGE, tokens.LARGE)
        column.setSpacing(tokens.LARGE)
        column.addWidget(Text(tr("Runs"), "title", self))
        self.banner = Banner(Tone.ERROR, "runs_banner", self)
        column.addWidget(self.banner)
        column.addLayout(self._tools())
        self._stack = QStackedWidget(self)
        self.table = _made_table(self, self.model)
        self.table.selectionModel().selectionChanged.connect(self._refresh)
        self.table.activated.connect(self._activated)
        self.empty = EmptyState("runs", "", "", parent=self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column.addWidget(self._stack, 1)
        self.busy = BusyBar("runs_busy", cancellable=False, parent=self)
        column.addWidget(self.busy)
        column.addLayout(self._action_row())
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.reload)
        session.runs_changed.connect(self._stale)
        session.sendings.changed.connect(self._stale)
        self._refresh()

    def _tools(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(tokens.SMALL)
        hint = tr("Search by file, batch type or account")
        self.search = SearchField("runs_search", tr("Search runs"), hint, self)
        self.search.textChanged.connect(self._filter)
        self.filter = Chooser("runs_filter", tr("Show runs in state"), self)
        for words in (tr("All"), tr("Being prepared"), tr("To continue"), tr("Need attention"), tr("Finished")):
            self.filter.addItem(words)
        self.filter.currentIndexChanged.connect(self._filter)
        self.filter.setMinimumWidth(170)
        line.addWidget(self.search, 1)
        line.addWidget(self.filter)
        return line

    def _action_row(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(tokens.SMALL)
        self.buttons = {
            Action.DELETE: DangerButton(tr("Delete local data…"), "runs_delete", "trash", self),
            Action.SAVE: SecondaryButton(tr("Save results workbook…"), "runs_save", "save", self),
            Action.RETRY: SecondaryButton(tr("Retry failed rows"), "runs_retry", "refresh", self),
            Action.OPEN: SecondaryButton(tr("Open"), "runs_open", parent=self),
            Action.CONTINUE: PrimaryButton(tr("Continue"), "runs_continue", "play", self),
        }
        slots = {
            Action.DELETE: self._delete,
            Action.SAVE: self._save,
            Action.RETRY: self._retry,
            Action.OPEN: self._open,
            Action.CONTINUE: self._continue,
        }
        for action, button in self.buttons.items():
            button.clicked.connect(slots[action])
            line.addWidget(button)
            if action is Action.DELETE:
                line.addStretch(1)
        return line

    # ------------------------------------------------------------------ the list

    def enter(self) -> None:
        """The page is shown."""
        self.reload()
        self._stale()

    @Slot()
    def reload(self) -> None:
        """Read the list again, in the background."""
        self._session.desk_tasks.run(self._session.desk.runs, self._show_runs, self._say, owner=self)

    @Slot()
    def _stale(self) -> None:
        sending = bool(self._session.sendings.active())
        if sending and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()
        if self.isVisible():
            self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.table.setColumnHidden(TYPE, self.width() < NARROW)
        super().resizeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _show_runs(self, runs: list[RunFacts]) -> None:
        chosen = self.chosen()
        self.model.show_runs(runs)
        self._select(chosen.run if chosen else "")
        self._refresh()

    def _select(self, run: str) -> None:
        row = self.model.row_of(run)
        if row >= 0:
            self.table.selectRow(row)

    @Slot()
    def _filter(self) -> None:
        chosen = self.chosen()
        self.model.search(self.search.text(), _FILTERS[self.filter.currentIndex()])
        self._select(chosen.run if chosen else "")
        self._refresh()

    def chosen(self) -> RunFacts | None:
        """The selected run."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.run_at(rows[0].row()) if rows else None

    @Slot()
    def _refresh(self) -> None:
        run = self.chosen()
        sending = self._session.sendings.get(run.run) if run else None
        actions = allowed(run, sending is not None and sending.running)
        for action, button in self.buttons.items():
            button.setEnabled(action in actions)
        self._stack.setCurrentWidget(self.table if self.model.rowCount() else self.empty)
        if self.model.total:
            self.empty.say(tr("No run fits."), tr("Search for something else, or show all states."))
        else:
            self.empty.say(
                tr("Nothing was sent from this computer yet."),
                tr("Every batch you prepare or send is listed here, with the outcome of each of its rows."),
            )

    # ------------------------------------------------------------------ what may be done

    @Slot(QModelIndex)
    def _activated(self, _index: QModelIndex) -> None:
        run = self.chosen()
        if run is not None:
            self._continue() if run.state in (RunState.DRAFT, RunState.READY) else self._open()

    @Slot()
    def _open(self) -> None:
        if run := self.chosen():
            self.opened.emit(run.run)

    @Slot()
    def _continue(self) -> None:
        run = self.chosen()
        if run is None:
            return
        if run.state in (RunState.DRAFT, RunState.READY):
            self._session.open_draft.emit(run.run)
        else:
            self.opened.emit(run.run)

    @Slot()
    def _retry(self) -> None:
        if run := self.chosen():
            desk, key = self._session.desk, run.run
            self._session.desk_tasks.run(lambda: desk.retry_failed(key), self._retried, self._say, owner=self)

    def _retried(self, run: str) -> None:
        self.reload()
        self._session.open_draft.emit(run)

    @Slot()
    def _save(self) -> None:
        run = self.chosen()
        if run is None:
            return
        key, name = run.run, f"{PurePath(run.file).stem or run.run}-results.xlsx"
        title, kinds = tr("Save results workbook"), tr("Excel workbook (*.xlsx)")
        ask_where(self, self._session, RESULTS, title, name, kinds, lambda path: self.save_report(key, Path(path)))

    def save_report(self, run: str, out: Path) -> None:
        """Write a run's results workbook in the background."""
        desk = self._session.desk
        self.busy.begin(tr("Writing the results workbook…"))
        self._session.desk_tasks.run_reporting(
            lambda report: desk.write_report(run, out, report), self._saved, self._say, self._progress, owner=self
        )

    def _progress(self, progress: Progress) -> None:
        self.busy.advance(tr("Writing the results workbook…"), progress.done, progress.total)

    def _saved(self, path: Path) -> None:
        self.busy.end()
        self.banner.say(Tone.SUCCESS, tr("Saved as {path}.", path=isolated(str(path))), closable=True)

    @Slot()
    def _delete(self) -> None:
        if run := self.chosen():
            name = PurePath(run.file).name or tr("This draft")
            what = tr("{name} ({state})", name=isolated(name), state=state_word(run.state))
            key = run.run
            delete = partial(self._delete_now, key)
            if run.state in (RunState.DRAFT, RunState.READY):
                ask_to_delete_draft(self.window(), what, delete)
            else:
                ask_to_delete(self.window(), what, undecided(run), delete)

    def _delete_now(self, run: str) -> None:
        desk, session = self._session.desk, self._session
        tasks = session.desk_tasks
        if session.run == run:
            session.use_draft(None)
            tasks = session.tasks  # after the draft is closed, which is queued there
        tasks.run(lambda: desk.delete_run(run), self._deleted, self._say, owner=self)

    def _deleted(self, _nothing: None) -> None:
        self._session.runs_changed.emit()
        self.reload()

    def _say(self, error: Exception) -> None:
        self.busy.end()
        mishap = mishap_of(error)
        self.banner.say(Tone.ERROR, mishap.title, mishap.meaning, mishap.what_to_do, mishap.details, closable=True)


def _made_table(parent: QWidget, model: RunsModel) -> QTableView:
    table = named(QTableView(parent), "runs_table", tr("Runs"))
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setWordWrap(True)  # in the smallest window an outcome of many parts needs two lines
    table.setTabKeyNavigation(False)
    kept_in_order(table)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(max(_ROW_HEIGHT, 2 * table.fontMetrics().height() + tokens.TINY))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    for section, width in WIDTHS.items():
        table.setColumnWidth(section, width)
    header.setSectionResizeMode(FILE, QHeaderView.ResizeMode.Stretch)
    return table
