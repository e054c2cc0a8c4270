"""Step 4: problems by cause on the left, the sheet on the right, and a plain count of what would be sent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QSplitter, QWidget

from gb_desktop.runs.model import CheckSummary, FixOffer, GridRow, Loaded
from gb_desktop.text import rows_words, tr
from gb_desktop.ui.flow import Step
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.check_again import CheckAgain
from gb_desktop.ui.steps.check_changes import CheckChanges
from gb_desktop.ui.steps.check_columns import CheckColumns
from gb_desktop.ui.steps.check_files import CheckFiles
from gb_desktop.ui.steps.check_jobs import CheckJobs
from gb_desktop.ui.steps.check_tools import CheckTools
from gb_desktop.ui.steps.check_work import Checked, Found, View, find_problem, show_group
from gb_desktop.ui.steps.page import CANCELLED, WorkPage, add_shortcuts
from gb_desktop.ui.steps.problem_groups import Key, ProblemGroups
from gb_desktop.ui.steps.sheet_side import SheetSide
from gb_desktop.ui.widgets import BusyBar, ScrollPage, Tone, named

LEAST_LEFT = 220  # pixels that the problems keep, however narrow the window is


class CheckPage(WorkPage):
    """Every change goes to the worker and comes back as a new check; this page only shows what it said."""

    step = Step.CHECK

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = tr("Is everything right?")
        self.meaning = tr("Nothing was sent.")
        self.tools = CheckTools(self.title, self)
        self.column.addWidget(self.tools)
        self.busy = BusyBar("checking", parent=self)
        self.column.addWidget(self.busy)
        self.jobs = CheckJobs(session, self.busy, self.set_busy, self)
        self.changes = CheckChanges(session, self.jobs, self)
        self.files = CheckFiles(session, self.jobs, self.banner, self)
        self.sheet = SheetSide(self)
        self.columns = CheckColumns(session, self.sheet.replacing, self)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setChildrenCollapsible(False)
        self.groups = ProblemGroups()
        self.again = CheckAgain(session, self.groups, self)
        left = ScrollPage(self.again, "groups_scroll", self)
        left.setMinimumWidth(LEAST_LEFT)
        self._split.addWidget(left)
        self._split.addWidget(self.sheet)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 3)
        self._split.setSizes([270, 620])
        self.column.addWidget(self._split, 1)
        self.leave_out = named(QCheckBox(self), "leave_out_errors")
        self.leave_out.clicked.connect(self._leave_out_answered)
        self.column.addWidget(self.leave_out)
        self._connect()

    def _connect(self) -> None:
        tools, groups, sheet, changes = self.tools, self.groups, self.sheet, self.changes
        changes.begun.connect(self.invalidated)
        changes.group_left.connect(self._group_left)
        tools.undo_wanted.connect(changes.undo)
        tools.redo_wanted.connect(changes.redo)
        tools.replace_wanted.connect(sheet.replacing.open)
        tools.export_wanted.connect(self.files.export)
        tools.load_wanted.connect(self.files.load)
        self.again.replay_wanted.connect(changes.replay)
        self.again.said.connect(self._say_done)
        groups.shown.connect(self._show_group)
        groups.fix_wanted.connect(changes.fix)
        groups.leave_out_wanted.connect(changes.leave_out_group)
        self.jobs.checked.connect(self._checked)
        self.jobs.made.connect(self._change_made)
        self.jobs.failed.connect(self._failed)
        self.jobs.reloaded.connect(self._reloaded)
        sheet.filter_wanted.connect(self._filter)
        sheet.leave_out_wanted.connect(changes.leave_out_rows)
        sheet.next_problem_wanted.connect(self._next_problem)
        sheet.view.column_wanted.connect(self.columns.open)
        self.columns.view_wanted.connect(self._show_value)
        self.columns.failed.connect(self.say_error)
        sheet.model.edited.connect(changes.edit)
        sheet.replacing.looked_for.connect(self._look_for)
        sheet.replacing.wanted.connect(changes.replace)
        add_shortcuts(
            self,
            (QKeySequence(QKeySequence.StandardKey.Undo), tools.ask_undo),
            (QKeySequence(QKeySequence.StandardKey.Redo), tools.ask_redo),
            (QKeySequence("Ctrl+H"), sheet.replacing.open),
            (QKeySequence("F8"), self._forward),
            (QKeySequence("Shift+F8"), self._backward),
        )
        self.session.account_changed.connect(self._account_changed)
        self.session.draft_changed.connect(self._forget)

    # ------------------------------------------------------------------ the wizard

    def enter(self) -> None:
        self.banner.clear()
        summary = self.session.summary
        self._show_counts(summary)
        if summary is None:
            self.jobs.check(self.changes.view)
        else:
            self.jobs.change(lambda _report: summary, self.changes.view, tr("Opening the rows…"))
        self.sheet.view.setFocus()

    @Slot()
    def _forget(self) -> None:
        self.changes.view = View()
        self.jobs.forget()
        self.again.forget()
        self.sheet.choose_filter("all")
        self.sheet.clear()

    @Slot()
    def _account_changed(self) -> None:
        """Another account may ask for e-mails or mobiles that this one doesn't."""
        facts, merge = self.session.facts, self.jobs.merge
        if self.isVisible() and facts is not None and merge is not None and facts.merge != merge:
            self.jobs.check(self.changes.view)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self.sheet.model.refresh()
        self.again.failed()
        if getattr(error, "reason", "") == CANCELLED:
            self.session.summary = None
            self._show_counts(None)
            self.groups.setEnabled(False)  # what they say and offer is from before
            self.tools.show_history(None, None)
            self.banner.say(Tone.INFO, tr("Checking was cancelled."), self._cancelled_words())
        else:
            self.say_error(error)
        self.banner.set_action(tr("Check again"), "check_again", self._check_again)
        self.changed.emit()

    def _cancelled_words(self) -> str:
        if self.jobs.made_it:
            return tr("The change is made. It can be taken back once its rows are checked.")
        return tr("Nothing was sent.")

    @Slot()
    def _change_made(self) -> None:
        """The new cells can be read while they are checked."""
        self.sheet.model.refresh()

    @Slot()
    def _check_again(self) -> None:
        self.banner.clear()
        self.jobs.check(self.changes.view)

    # ------------------------------------------------------------------ showing

    @Slot(object)
    def _checked(self, found: Checked) -> None:
        session = self.session
        before = session.summary.counts.errors if session.summary else 0
        session.summary = found.summary
        session.mapping = found.mapping or session.mapping
        if found.summary.counts.errors > before:
            session.leave_out_errors = False
        self._show_counts(found.summary)
        self.tools.show_history(found.undo, found.redo)
        self.groups.show_summary(found.summary)
        self.groups.setEnabled(True)
        self._show_rows(found.shown)
        self._say_sheet_problems(found.summary)
        self.again.show_check(found)
        self.changed.emit()

    def _show_counts(self, summary: CheckSummary | None) -> None:
        self.tools.counts.setVisible(summary is not None)
        self.leave_out.setVisible(summary is not None and summary.counts.errors > 0)
        if summary is not None:
            self.tools.show_counts(summary.counts)
            self.leave_out.setText(tr("Leave out the {rows} with errors", rows=rows_words(summary.counts.errors)))
            self.leave_out.setChecked(self.session.leave_out_errors)

    def _show_rows(self, shown: int) -> None:
        loaded, summary, reader = self.session.loaded, self.session.summary, self.session.reader
        if loaded is not None and summary is not None and reader is not None:
            self.sheet.show_rows(loaded.columns, self._page, shown, summary.counts)

    def _page(self, first: int, count: int) -> Sequence[GridRow]:
        reader = self.session.reader
        return reader.grid(first, count) if reader is not None else ()

    def _say_sheet_problems(self, summary: CheckSummary) -> None:
        if summary.sheet_problems:
            sentences = [problem.message for problem in summary.sheet_problems]
            self.banner.say(Tone.ERROR, sentences[0], " ".join(sentences[1:]), tr("Go back to Columns to choose it."))
        elif self.banner.what_to_do.text() == tr("Go back to Columns to choose it."):
            self.banner.clear()

    @Slot(str, str)
    def _say_done(self, sentence: str, more: str) -> None:
        self.banner.say(Tone.SUCCESS, sentence, more, closable=True)

    # ------------------------------------------------------------------ filters and jumps

    def _show(self, view: View) -> None:
        draft = self.session.draft
        if draft is None:
            return
        self.changes.view = view
        self.ask(lambda: draft.show(view.which, view.code, view.field, view.text), self._show_others)

    def _show_others(self, shown: int) -> None:
        self._show_rows(shown)
        self.sheet.show_first()

    @Slot(object)
    def _filter(self, wanted: tuple[str, str]) -> None:
        which, text = wanted
        self.groups.set_current(None)
        self._show(View(which, text=text))

    @Slot(object)
    def _show_group(self, key: Key) -> None:
        draft = self.session.draft
        if draft is None:
            return
        code, field = key
        self.changes.view = view = View("problem", code, field)
        self.groups.set_current(key)
        self.sheet.choose_filter("")
        self.ask(lambda: show_group(draft, view), self._group_shown)

    @Slot(object)
    def _show_value(self, wanted: tuple[View, str]) -> None:
        view, words = wanted
        self.groups.set_current(None)
        self.sheet.say_chosen(words)
        self._show(view)

    def _group_shown(self, found: tuple[View, int, tuple[FixOffer, ...]]) -> None:
        view, shown, fixes = found
        if view == self.changes.view:
            self._show_rows(shown)
            if shown:
                self.sheet.view.select_row(0, _column_of(self.session.summary, view))
            self.groups.show_fixes((view.code, view.field), fixes)

    @Slot()
    def _forward(self) -> None:
        self.sheet.ask_next_problem(False)

    @Slot()
    def _backward(self) -> None:
        self.sheet.ask_next_problem(True)

    @Slot(object)
    def _next_problem(self, wanted: tuple[int, bool]) -> None:
        draft = self.session.draft
        if draft is not None:
            after, backwards = wanted
            self.ask(lambda: find_problem(draft, after, backwards), self._problem_found)

    def _problem_found(self, found: Found | None) -> None:
        if found is None:
            self.banner.say(Tone.SUCCESS, tr("No row has a problem."), closable=True)
            return
        if found.everything:
            self.changes.view = View()
            self.groups.set_current(None)
            self.sheet.choose_filter("all")
            self._show_rows(found.shown)
        line = self.sheet.model.row_at(found.position)
        self.sheet.view.select_row(found.position, min(line.marks) if line is not None and line.marks else None)

    # ------------------------------------------------------------------ answers

    @Slot()
    def _group_left(self) -> None:
        """A group that was dealt with has no rows to show any more."""
        self.groups.set_current(None)
        self.sheet.choose_filter("all")

    @Slot(object)
    def _look_for(self, wanted: tuple[int | None, str, str]) -> None:
        draft = self.session.draft
        if draft is not None:
            self.ask(lambda: draft.replace(*wanted, True), self.sheet.replacing.show_offer)

    @Slot(bool)
    def _leave_out_answered(self, answer: bool) -> None:
        self.session.leave_out_errors = answer
        self.changed.emit()

    @Slot(object)
    def _reloaded(self, loaded: Loaded) -> None:
        self.session.loaded = loaded
        self.session.summary = self.session.review = None
        self.invalidated.emit()
        self.changes.view = View()
        self.sheet.choose_filter("all")
        self.banner.clear_actions()
        self.banner.say(Tone.INFO, tr("The corrected sheet was loaded."), " ".join(loaded.changes), closable=True)
        self.jobs.check(self.changes.view, again=False)


def _column_of(summary: CheckSummary | None, view: View) -> int | None:
    """The sheet column of the problem group that a view shows."""
    groups = summary.groups if summary is not None else ()
    return next((group.column for group in groups if (group.code, group.field) == (view.code, view.field)), None)
