"""Step 3: which column holds what. One line a field, samples as they will be sent, settings with their evidence."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gb_desktop.checking.model import Severity
from gb_desktop.mapping.applying import Applied
from gb_desktop.mapping.model import Mapping, Match, Source, SourceKind
from gb_desktop.runs.columns_step import with_offers
from gb_desktop.runs.model import MappingView, Suggested
from gb_desktop.runs.repeated import repeated_words
from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.flow import Step
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.beside import Beside
from gb_desktop.ui.steps.evidence_line import ASKING, answer_to, question_of
from gb_desktop.ui.steps.field_line import FieldLine
from gb_desktop.ui.steps.field_lines import FieldLines
from gb_desktop.ui.steps.page import WorkPage
from gb_desktop.ui.steps.repeated_names import RepeatedNames
from gb_desktop.ui.steps.saved_mappings import SavedMappings
from gb_desktop.ui.steps.settings_panel import SettingsPanel
from gb_desktop.ui.steps.unused_columns import UnusedColumns
from gb_desktop.ui.steps.word_counts import WordCounts
from gb_desktop.ui.widgets import BusyBar, ScrollPage, Text, Tone, isolated


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
        self._sides = Beside(self._main_part(), self._side_part())
        self.column.addWidget(ScrollPage(self._sides, "columns_scroll", self), 1)

    def _main_part(self) -> QVBoxLayout:
        main = QVBoxLayout()
        main.setSpacing(tokens.MEDIUM)
        self.repeated = RepeatedNames()
        main.addWidget(self.repeated)
        self.fields = FieldLines()
        self.fields.made.connect(self._show_line)
        self.fields.source_changed.connect(self._source_changed)
        self.fields.word_changed.connect(self._word_changed)
        self.words = WordCounts(self.session, self.say_error, self)
        self.words.counted.connect(self._show_lines)
        main.addWidget(self.fields)
        self.unused = UnusedColumns()
        self.unused.wanted.connect(self._free_key_wanted)
        main.addWidget(self.unused)
        main.addStretch(1)
        return main

    def _side_part(self) -> QWidget:
        panel = QWidget()
        side = QVBoxLayout(panel)
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
        return panel

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is short the side panel stands under the fields."""
        self._sides.arrange(self.width())
        super().resizeEvent(event)

    # ------------------------------------------------------------------ the wizard

    def enter(self) -> None:
        self.banner.clear()
        self.words.forget()
        session = self.session
        if session.retry_of and session.loaded is not None:
            self._say_retry(session.loaded.rows, session.retry_of)
        if session.mapping is None:
            self._suggest()
        else:
            self._show_mapping()
            self._ask_view()
            if session.suggested is None:  # a batch that is gone on with: say again why its columns were matched
                self._ask_matches()
        self.saved.enter()

    def _say_retry(self, rows: int, run: str) -> None:
        """Whoever pressed Retry lands here, among columns that look as they did for the whole sheet."""
        failed = tr("Only the {rows} that failed in run {run} are here.", rows=rows_words(rows), run=isolated(run))
        meaning = tr("They keep their IDs and columns. The other rows of that run are not sent again.")
        self.banner.clear_actions()
        self.banner.say(Tone.INFO, failed, meaning, closable=True)

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

    def _ask_matches(self) -> None:
        draft = self.session.draft
        if draft is not None:
            self.ask(draft.suggest, self._know_matches)

    def _suggested(self, suggested: Suggested) -> None:
        self.busy.end()
        self.set_busy("")
        self.session.suggested = suggested
        if suggested.notes:
            self.banner.say(Tone.INFO, suggested.notes[0], " ".join(suggested.notes[1:]), closable=True)
            self.banner.set_action(tr("Match anew instead"), "match_anew", self._match_anew)
        self._use(suggested.mapping)
        self.saved.enter()

    def _know_matches(self, suggested: Suggested) -> None:
        if self.session.suggested is None:
            self.session.suggested = replace(suggested, notes=())
            self._show_lines()

    @Slot()
    def _match_anew(self) -> None:
        """Not by the mapping that was applied, but by names and contents alone."""
        suggested = self.session.suggested
        if suggested is not None and suggested.anew is not None:
            self.banner.clear()
            self._use(suggested.anew)
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
    def _mapping_loaded(self, applied: Applied) -> None:
        suggested, name = self.session.suggested, isolated(applied.mapping.name)
        if suggested is not None:
            self.session.suggested = replace(suggested, matches=with_offers(suggested.matches, applied))
        self._use(applied.mapping)
        tone = Tone.WARNING if applied.lost else Tone.SUCCESS
        used = tr("The mapping {name} is used now.", name=name)
        self.banner.clear_actions()
        self.banner.say(tone, used, " ".join(applied.notes), closable=True)

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self.banner.clear_actions()
        self.banner.say(Tone.SUCCESS, sentence, closable=True)

    @Slot(object)
    def _source_changed(self, change: tuple[str, Source | None]) -> None:
        path, source = change
        if self.session.mapping is not None:
            self._use(self.session.mapping.with_source(path, source))

    @Slot(object)
    def _word_changed(self, change: tuple[str, str, str | None]) -> None:
        if self.session.mapping is not None:
            self._use(self.session.mapping.with_word(*change))

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
        self.repeated.say(repeated_words(session.loaded.columns, mapping, kind))
        self._show_lines()
        self.settings.show_mapping(mapping, kind)
        self.settings.show_extent(session.loaded.rows)
        facts = session.facts
        self.settings.show_unit(facts.unit if facts else "", bool(facts and facts.environment == "live"))
        self._allow(fields=True)

    @Slot()
    def _show_lines(self) -> None:
        for line in self.fields.lines.values():
            self._show_line(line)

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
            line.show_question(_question_of(view, mapping, source))
        line.show_words(self.words.of(path), mapping.values.get(path, {}))

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
        kind, mapping = self.session.type, self.session.mapping
        if kind is None or mapping is None:
            return
        self.words.follow(mapping, kind)
        self._show_lines()
        self.settings.show_evidence(view.evidence)
        self.unused.show_columns(view.unused, kind.free)


def _problem_of(view: MappingView, path: str) -> str:
    """What is wrong with a field's source, "" when nothing is."""
    errors = (problem for problem in view.problems if problem.severity is Severity.ERROR and problem.field == path)
    return next((problem.message for problem in errors), "")


def _question_of(view: MappingView, mapping: Mapping, source: Source | None) -> str:
    """What is open about a column's values: nobody chose how they are read, and they don't say it."""
    if source is None or source.kind is not SourceKind.COLUMN:
        return ""
    facts = (fact for fact in view.evidence if fact.header == source.columns[0] and fact.what in ASKING)
    return next((question_of(fact) for fact in facts if not fact.choice and answer_to(fact, mapping) is None), "")


def _matches_of(suggested: Suggested | None, path: str) -> list[Match]:
    """What the app found for a field, the best first."""
    matches = suggested.matches if suggested is not None else ()
    return sorted((match for match in matches if match.path == path), key=lambda match: -match.score)
