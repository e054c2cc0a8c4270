"""Step 3: which column holds what. One line a field, samples as they will be sent, settings with their evidence."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from gb_desktop.checking.model import Severity
from gb_desktop.mapping.model import Mapping, Match, Source
from gb_desktop.runs.model import MappingView, Suggested
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.flow import Step
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.field_line import FieldLine
from gb_desktop.ui.steps.field_lines import FieldLines
from gb_desktop.ui.steps.page import WorkPage, scrolling
from gb_desktop.ui.steps.saved_mappings import SavedMappings
from gb_desktop.ui.steps.settings_panel import SettingsPanel
from gb_desktop.ui.steps.unused_columns import UnusedColumns
from gb_desktop.ui.widgets import BusyBar, Text, Tone

_SIDE_WIDTH = 268
_WIDE_ENOUGH = 860


class ColumnsPage(WorkPage):
    """Shows the session's mapping; every change asks the worker for new samples."""

    step = Step.COLUMNS

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = tr("Which column holds what?")
        self.meaning = tr("Nothing was sent.")
        self._shown_for: tuple[str, tuple[str, ...]] | None = None
        self._asking = self._ask_again = False
        self.column.addWidget(Text(self.title, "title", self))
        self.busy = BusyBar("matching", cancellable=False, parent=self)
        self.column.addWidget(self.busy)
        inner = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._sides.setContentsMargins(0, 0, tokens.SMALL, 0)
        self._sides.setSpacing(tokens.LARGE)
        self._sides.addLayout(self._main_part(), 1)
        self._sides.addWidget(self._side_part())
        self.column.addWidget(scrolling(inner, "columns_scroll", self), 1)

    def _main_part(self) -> QVBoxLayout:
        main = QVBoxLayout()
        main.setSpacing(tokens.MEDIUM)
        self.fields = FieldLines()
        self.fields.made.connect(self._show_line)
        self.fields.source_changed.connect(self._source_changed)
        main.addWidget(self.fields)
        self.unused = UnusedColumns()
        self.unused.wanted.connect(self._free_key_wanted)
        main.addWidget(self.unused)
        main.addStretch(1)
        return main

    def _side_part(self) -> QWidget:
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(tokens.MEDIUM)
        self.settings = SettingsPanel()
        self.settings.changed.connect(self._use)
        side.addWidget(self.settings)
        self.saved = SavedMappings(self.session)
        self.saved.loaded.connect(self._mapping_loaded)
        self.saved.said.connect(self._say)
        self.saved.failed.connect(self.say_error)
        side.addWidget(self.saved)
        side.addStretch(1)
        return self._side

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is short the side panel stands under the fields."""
        wide = self.width() >= _WIDE_ENOUGH
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._sides.direction() is not direction:
            self._sides.setDirection(direction)
        self._side.setMaximumWidth(_SIDE_WIDTH if wide else 16_777_215)
        self._side.setMinimumWidth(_SIDE_WIDTH if wide else 0)
        super().resizeEvent(event)

    # ------------------------------------------------------------------ the wizard

    def enter(self) -> None:
        self.banner.clear()
        session = self.session
        if session.mapping is None:
            self._suggest()
        else:
            self._show_mapping()
            self._ask_view()
        self.saved.enter()

    def _allow(self, *, fields: bool, saved: bool = True) -> None:
        """What is chosen while no mapping stands behind the fields would be lost without a word."""
        for part in (self.fields, self.unused, self.settings):
            part.setEnabled(fields)
        self.saved.setEnabled(saved)

    def _suggest(self) -> None:
        draft = self.session.draft
        if draft is None:
            return
        self._allow(fields=False, saved=False)
        self.busy.begin(tr("Looking at the columns…"))
        self.set_busy(tr("The columns are being looked at."))
        self.ask(draft.suggest, self._suggested, self._suggest_failed)

    def _suggested(self, suggested: Suggested) -> None:
        self.busy.end()
        self.set_busy("")
        self.session.suggested = suggested
        if suggested.notes:
            self.banner.say(Tone.INFO, suggested.notes[0], " ".join(suggested.notes[1:]), closable=True)
        self._use(suggested.mapping)
        self.saved.enter()

    def _suggest_failed(self, error: Exception) -> None:
        self.busy.end()
        self.set_busy("")
        self._allow(fields=False)
        self.say_error(error)
        self.banner.set_action(tr("Try again"), "suggest_again", self.enter)

    # ------------------------------------------------------------------ the mapping

    @Slot(object)
    def _use(self, mapping: Mapping) -> None:
        """Another mapping from now on: what was checked with the last one no longer stands."""
        self.session.mapping = mapping
        self.session.summary = self.session.review = None
        self.invalidated.emit()
        self._show_mapping()
        self._ask_view()

    @Slot(object)
    def _mapping_loaded(self, mapping: Mapping) -> None:
        self._use(mapping)
        self._say(tr("The mapping {name} is used now.", name=mapping.name))

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self.banner.say(Tone.SUCCESS, sentence, closable=True)

    @Slot(object)
    def _source_changed(self, change: tuple[str, Source | None]) -> None:
        path, source = change
        if self.session.mapping is not None:
            self._use(self.session.mapping.with_source(path, source))

    @Slot(object)
    def _free_key_wanted(self, wanted: tuple[str, str]) -> None:
        path, header = wanted
        mapping, kind = self.session.mapping, self.session.type
        if mapping is None or kind is None:
            return
        if path in mapping.sources:
            taken = tr("Another column is sent as {key} already.", key=path)
            self.banner.say(Tone.WARNING, taken, "", tr("Give this column another key."), closable=True)
            return
        self._use(mapping.with_source(path, Source.column(header)))

    # ------------------------------------------------------------------ showing

    def _show_mapping(self) -> None:
        session, mapping, kind = self.session, self.session.mapping, self.session.type
        if mapping is None or kind is None or session.loaded is None:
            return
        headers = tuple(column.header for column in session.loaded.columns)
        free = [path for path in mapping.sources if kind.field(path) not in kind.fields]
        hidden = frozenset(column.header for column in session.loaded.columns if column.hidden)
        key = (kind.key, (*headers, "", *free, "", *hidden))
        if key != self._shown_for:
            self._shown_for = key
            self.fields.build(kind, free, headers, mapping.sources, hidden)
        for line in self.fields.lines.values():
            self._show_line(line)
        self.settings.show_mapping(mapping, kind)
        self._allow(fields=True)

    @Slot(object)
    def _show_line(self, line: FieldLine) -> None:
        """What mapping, suggestion and samples say of one field."""
        mapping, view, path = self.session.mapping, self.session.view, line.field.path
        if mapping is None:
            return
        source = mapping.sources.get(path)
        line.show_source(source, _matches_of(self.session.suggested, path))
        if view is not None:
            line.show_view(view.samples.get(path, ()), _problem_of(view, path), source)

    # ------------------------------------------------------------------ samples

    def _ask_view(self) -> None:
        """Ask for samples of the mapping on screen; while an answer is due, only the last question counts."""
        draft, mapping = self.session.draft, self.session.mapping
        if draft is None or mapping is None:
            return
        if self._asking:
            self._ask_again = True
            return
        self._asking = True
        self.session.busy = tr("The samples are being read.")
        self.ask(lambda: draft.view_mapping(mapping), self._viewed, self._view_failed)
        self.changed.emit()

    def _viewed(self, view: MappingView) -> None:
        self._asking = False
        if self._ask_again:
            self._ask_again = False
            self._ask_view()
            return
        self.session.view = view
        self._show_view(view)
        self.set_busy("")

    def _view_failed(self, error: Exception) -> None:
        self._asking = self._ask_again = False
        self.set_busy("")
        self.say_error(error)

    def _show_view(self, view: MappingView) -> None:
        kind = self.session.type
        if kind is None:
            return
        for line in self.fields.lines.values():
            self._show_line(line)
        self.settings.show_evidence(view.evidence)
        self.unused.show_columns(view.unused, kind.free)


def _problem_of(view: MappingView, path: str) -> str:
    """What is wrong with a field's source, "" when nothing is."""
    errors = (problem for problem in view.problems if problem.severity is Severity.ERROR and problem.field == path)
    return next((problem.message for problem in errors), "")


def _matches_of(suggested: Suggested | None, path: str) -> list[Match]:
    """What the app found for a field, the best first."""
    matches = suggested.matches if suggested is not None else ()
    return sorted((match for match in matches if match.path == path), key=lambda match: -match.score)
