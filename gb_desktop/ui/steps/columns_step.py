"""Step 3: which column holds what. One line a field, samples as they will be sent, settings with their evidence."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from gb_desktop.catalog import BatchType, Field
from gb_desktop.checking.model import Severity
from gb_desktop.mapping.model import Mapping, Match, Source
from gb_desktop.runs.model import MappingView, Suggested
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.flow import Step
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.field_line import FieldLine
from gb_desktop.ui.steps.page import WorkPage, emptied, scrolling
from gb_desktop.ui.steps.saved_mappings import SavedMappings
from gb_desktop.ui.steps.settings_panel import SettingsPanel
from gb_desktop.ui.steps.source_choices import SourceChoices
from gb_desktop.ui.steps.unused_columns import UnusedColumns
from gb_desktop.ui.widgets import BusyBar, Card, QuietButton, Text, Tone, separator

_SIDE_WIDTH = 268
_WIDE_ENOUGH = 860
_AT_ONCE = 4  # lines made in one go


class ColumnsPage(WorkPage):
    """Shows the session's mapping; every change asks the worker for new samples."""

    step = Step.COLUMNS

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = tr("Which column holds what?")
        self.meaning = tr("Nothing was sent.")
        self._lines: dict[str, FieldLine] = {}
        self._shown_for: tuple[str, tuple[str, ...]] | None = None
        self._asking = self._ask_again = False
        self._choices = SourceChoices((), self)
        self._to_make: list[tuple[Card, Field]] = []
        self._more_lines = QTimer(self)
        self._more_lines.setSingleShot(True)
        self._more_lines.timeout.connect(self._make_lines)
        self._rare: list[Field] = []
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
        self._fields = Card(spacing=0)
        self._fields.setObjectName("fields")
        main.addWidget(self._fields)
        self.more = QuietButton("", "more_fields", "chevron-right", self)
        self.more.clicked.connect(self._toggle_more)
        main.addWidget(self.more)
        self._extended = Card(spacing=0)
        self._extended.setObjectName("extended_fields")
        self._extended.hide()
        main.addWidget(self._extended)
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

    def _suggest(self) -> None:
        draft = self.session.draft
        if draft is None:
            return
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
        key = (kind.key, (*headers, "", *free))
        if key != self._shown_for:
            self._shown_for = key
            self._build(kind, free, headers)
        for line in self._lines.values():
            self._show_line(line)
        self.settings.show_mapping(mapping, kind)

    def _build(self, kind: BatchType, free: list[str], headers: tuple[str, ...]) -> None:
        """Make the lines: required fields first, named keys last, rare fields when they are asked for."""
        self._lines.clear()
        self._to_make.clear()
        self._choices = SourceChoices(headers, self)
        main = sorted((field for field in kind.fields if not field.extended), key=lambda field: not field.required)
        named_by_user = [field for path in free if (field := kind.field(path)) is not None]
        self._fill(self._fields, [*main, *named_by_user])
        emptied(self._extended.layout_)
        self._rare = [field for field in kind.fields if field.extended]
        self.more.setVisible(bool(self._rare))
        sources = self.session.mapping.sources if self.session.mapping else {}
        self._show_more(any(field.path in sources for field in self._rare))

    def _fill(self, card: Card, fields: Iterable[Field]) -> None:
        emptied(card.layout_)
        self._to_make += [(card, field) for field in fields]
        self._make_lines()

    @Slot()
    def _make_lines(self) -> None:
        """A few lines at a time: thirty at once would hold the window for a quarter of a second."""
        for card, field in self._to_make[:_AT_ONCE]:
            if card.layout_.count():
                card.layout_.addWidget(separator(card))
            line = FieldLine(field, self._choices, card)
            line.source_changed.connect(self._source_changed)
            self._lines[field.path] = line
            card.layout_.addWidget(line)
            self._show_line(line)
        del self._to_make[:_AT_ONCE]
        if self._to_make:
            self._more_lines.start()

    def _show_line(self, line: FieldLine) -> None:
        """What mapping, suggestion and samples say of one field."""
        mapping, view, path = self.session.mapping, self.session.view, line.field.path
        if mapping is None:
            return
        source = mapping.sources.get(path)
        line.show_source(source, _matches_of(self.session.suggested, path))
        if view is not None:
            line.show_view(view.samples.get(path, ()), _problem_of(view, path), source)

    @Slot()
    def _toggle_more(self) -> None:
        self._show_more(not self._extended.isVisibleTo(self))

    def _show_more(self, shown: bool) -> None:
        """Show or hide the rare fields; their lines are made when they are first shown."""
        if shown and self._rare and not self._extended.layout_.count():
            self._fill(self._extended, self._rare)
        self._extended.setVisible(shown)
        self.more.setText(tr("Fewer fields") if shown else tr("More fields"))
        self.more.set_icon("chevron-down" if shown else "chevron-right")

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
        for line in self._lines.values():
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
