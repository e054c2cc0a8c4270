"""One line of the columns step: a field, its source, three samples as they will be sent, why, and its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.catalog import Field
from gb_desktop.mapping.model import Match, Source, SourceKind
from gb_desktop.mapping.words import ColumnWords
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.steps.source_choices import SourceChoices
from gb_desktop.ui.steps.source_editor import SourceEditor
from gb_desktop.ui.steps.word_editor import WordEditor
from gb_desktop.ui.widgets import ElidedLabel, QuietButton, StateBadge, Text, Tone, isolated, named, restyle

_NAME_WIDTH, _STATE_WIDTH = 180, 140
_OFFERED = 3


class FieldLine(QFrame):
    """`source_changed` carries (path, Source or None)."""

    source_changed = Signal(object)
    word_changed = Signal(object)  # (path, word, value or None)

    def __init__(self, field: Field, choices: SourceChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._has_offer = False
        named(self, f"field_{field.path}", field.title)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, tokens.SMALL, 0, tokens.SMALL)
        grid.setHorizontalSpacing(tokens.LARGE)
        grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        grid.addLayout(self._name(field), 0, 0, Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.setSpacing(tokens.TINY)
        top = QHBoxLayout()
        top.setSpacing(tokens.SMALL)
        self.source = SourceEditor(field, choices, self)
        self.source.changed.connect(self._changed)
        top.addWidget(self.source, 1)
        top.addWidget(self._state_column(), 0, Qt.AlignmentFlag.AlignTop)
        right.addLayout(top)
        self.samples = ElidedLabel("", self, Qt.TextElideMode.ElideRight)
        right.addWidget(self.samples)
        self.why = Text("", "caption", self)
        right.addWidget(self.why)
        self._offers = QVBoxLayout()
        self._offers.setSpacing(0)
        right.addLayout(self._offers)
        self.words: WordEditor | None = None  # made when there are words to show
        right.addStretch(1)
        grid.addLayout(right, 0, 1)
        self._right = right

    def _state_column(self) -> QWidget:
        """The state in a column of its own width, so that the sources above each other end alike."""
        holder = QWidget(self)
        holder.setFixedWidth(_STATE_WIDTH)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, tokens.TINY, 0, 0)
        self.badge = StateBadge(parent=holder)
        row.addWidget(self.badge)
        row.addStretch(1)
        return holder

    def _name(self, field: Field) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(tokens.TINY)
        title = Text(field.title, "strong", self, wrap=False)
        title.setBuddy(self)
        head.addWidget(title)
        if field.required:
            head.addWidget(Text(tr("required"), "caption", self, wrap=False))
        head.addStretch(1)
        left.addLayout(head)
        left.addWidget(Text(field.meaning, "caption", self))
        left.addStretch(1)
        return left

    def show_source(self, source: Source | None, matches: Sequence[Match]) -> None:
        """What the mapping says. `matches` is what the app found for this field, sure or not, the best first."""
        self.source.show_source(source)
        emptied(self._offers)
        offered = matches[:_OFFERED] if source is None else ()
        for place, match in enumerate(offered):
            button = OfferButton(match, f"offer_{self.field.path}_{place}", self)
            button.taken.connect(self._changed)
            self._offers.addWidget(button)
            self._offers.addWidget(Text(match.told(), "caption", self))
        self._has_offer = bool(offered)
        self.why.setText(_why(source, matches) if source is not None else "")
        self.why.setVisible(bool(self.why.text()))
        self._show_state(source, "")

    def show_view(self, samples: Sequence[str], problem: str, source: Source | None) -> None:
        """What checking a few rows said: samples, and what is wrong with this line of the mapping."""
        shown = [isolated(sample) for sample in samples if sample]
        self.samples.setText("   ".join(shown))
        self.samples.setVisible(bool(shown))
        if problem:
            self.why.setText(problem)
            self.why.show()
        restyle(self.why, tone="error" if problem and source is not None else "")
        self._show_state(source, problem)

    def show_question(self, question: str) -> None:
        """What must be chosen beside the fields before this one's values can be read; "" when nothing must."""
        if question and self.badge.word() == tr("Matched"):
            self.badge.set_state(tr("Question"), Tone.WARNING, "warning")
            self.why.setText(question)
            self.why.show()

    def show_words(self, words: ColumnWords, own: Mapping[str, str]) -> None:
        """The words of the column that feeds a field of few values, and what the user said they mean."""
        if self.words is None:
            if not words.words:
                return
            self.words = WordEditor(self.field, self)
            self.words.changed.connect(self._word_changed)
            self._right.insertWidget(self._right.count() - 1, self.words)
        self.words.show_words(words, own)
        if self.words.undecided and self.badge.word() == tr("Matched"):
            self.badge.set_state(tr("{count} to decide", count=self.words.undecided), Tone.WARNING, "warning")

    @Slot(object)
    def _word_changed(self, change: tuple[str, str | None]) -> None:
        self.word_changed.emit((self.field.path, *change))

    def _show_state(self, source: Source | None, problem: str) -> None:
        if source is None and self.field.required:
            self.badge.set_state(tr("Choose a source"), Tone.ERROR, "warning")
        elif source is None and self._has_offer:
            self.badge.set_state(tr("Suggestion"), Tone.WARNING)
        elif source is None:
            self.badge.set_state(tr("Not sent"), Tone.PLAIN)
        elif problem:
            self.badge.set_state(tr("Problem"), Tone.ERROR, "warning")
        elif source.kind is SourceKind.GENERATED:
            self.badge.set_state(tr("Made"), Tone.SUCCESS, "check")
        else:
            self.badge.set_state(tr("Matched"), Tone.SUCCESS, "check")

    @Slot(object)
    def _changed(self, source: Source | None) -> None:
        self.source_changed.emit((self.field.path, source))


class OfferButton(QuietButton):
    """Takes what the app found but isn't sure of, with one click."""

    taken = Signal(object)  # Source

    def __init__(self, match: Match, name: str, parent: QWidget | None = None) -> None:
        super().__init__(_offer_words(match), name, "check", parent)
        self._source = Source.column(match.header) if match.header else Source.generated()
        self.setToolTip(match.told())
        self.clicked.connect(self._clicked)

    @Slot()
    def _clicked(self) -> None:
        self.taken.emit(self._source)


def _offer_words(match: Match) -> str:
    if match.header:
        return tr("Use the column {column}", column=isolated(match.header))
    return tr("Let GB Desktop make it")


def _why(source: Source, matches: Sequence[Match]) -> str:
    """Why a source stands there, and how sure that is; "" for one that a person chose."""
    return next((match.told() for match in matches if _is_source(match, source)), "")


def _is_source(match: Match, source: Source) -> bool:
    if match.header:
        return source.kind is SourceKind.COLUMN and source.columns == (match.header,)
    return source.kind is SourceKind.GENERATED
