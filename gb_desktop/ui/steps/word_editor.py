"""The words of a column that feeds a field of few values: how often each stands there, and what it means."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gb_desktop.catalog import Field
from gb_desktop.mapping.choices import choice_words
from gb_desktop.mapping.names import simple
from gb_desktop.mapping.words import ColumnWords, allowed_words, is_closed, meaning
from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.widgets import Chooser, ElidedLabel, IconLabel, QuietButton, Text, isolated

_FIRST = 10  # lines shown at once
_MOST = 60  # lines at all; a column of more words is no list
_CHOOSER_WIDTH = 140


class WordEditor(QWidget):
    """`changed` carries (word, value, or None for no meaning of the user's own). Open while a word is undecided."""

    changed = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.undecided = 0  # words without a meaning in a field that takes no others
        self._words = ColumnWords()
        self._own: Mapping[str, str] = {}
        self._lines: list[_Line] = []
        self._all = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.TINY)
        self.toggle = QuietButton("", f"words_{field.path}", "chevron-right", self)
        self.toggle.clicked.connect(self._toggle)
        column.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        self.body = QWidget(self)
        below = QVBoxLayout(self.body)
        below.setContentsMargins(tokens.SMALL, 0, 0, tokens.TINY)
        below.setSpacing(tokens.TINY)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(tokens.MEDIUM)
        self._grid.setVerticalSpacing(tokens.TINY)
        self._grid.setColumnStretch(1, 1)
        below.addLayout(self._grid)
        self.more = QuietButton("", f"words_more_{field.path}", "plus", self.body)
        self.more.clicked.connect(self._show_all)
        below.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.rest = Text("", "caption", self.body)
        below.addWidget(self.rest)
        column.addWidget(self.body)
        self.body.hide()
        self.hide()

    def show_words(self, words: ColumnWords, own: Mapping[str, str]) -> None:
        """The column's words, and the meanings that the user gave. Lines keep their order while the words stay."""
        other = words != self._words
        self._words, self._own = words, own
        self.setVisible(bool(words.words))
        unknown = [count for word, count in words.words if meaning(self.field, own, word) is None]
        closed = is_closed(self.field)
        self.undecided = len(unknown) if closed else 0
        if other:
            self._all = False
            self._build()
            self._open(shown=self.undecided > 0)
        for line in self._lines:
            line.show_meaning(own)
        self.toggle.setText(_headline(len(words.words), len(unknown), sum(unknown), closed=closed))

    def _build(self) -> None:
        emptied(self._grid)
        known = [(meaning(self.field, self._own, word) is not None, -count, word) for word, count in self._words.words]
        ordered = [(word, -count) for _, count, word in sorted(known)]
        shown = ordered[: _MOST if self._all else _FIRST]
        self._lines = [_Line(self.field, place, word, count, self.body) for place, (word, count) in enumerate(shown)]
        for line in self._lines:
            line.put_into(self._grid)
            line.chooser.activated.connect(line.announce)
            line.chosen.connect(self.changed)
        self.more.setVisible(len(shown) < min(_MOST, len(ordered)))
        self.more.setText(tr("Show all {count} words", count=min(_MOST, len(ordered))))
        rows = self._words.more + sum(count for _, count in ordered[_MOST:])
        self.rest.setVisible(rows > 0 and not self.more.isVisibleTo(self.body))
        one, many = tr("1 row holds other words; Check shows them."), "{rows} hold other words; Check shows them."
        self.rest.setText(one if rows == 1 else tr(many, rows=rows_words(rows)))

    @Slot()
    def _show_all(self) -> None:
        self._all = True
        self._build()
        for line in self._lines:
            line.show_meaning(self._own)

    @Slot()
    def _toggle(self) -> None:
        self._open(shown=not self.body.isVisibleTo(self))

    def _open(self, *, shown: bool) -> None:
        self.body.setVisible(shown)
        self.toggle.set_icon("chevron-down" if shown else "chevron-right")


class _Line(QWidget):
    """A word, its rows, and what it means. The parts stand in the editor's grid, so that they are aligned."""

    chosen = Signal(object)  # (word, value or None)

    def __init__(self, field: Field, place: int, word: str, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()  # only its parts are shown
        self._field = field
        self._place = place
        self._word = word
        self.icon = IconLabel("warning", "warning", tokens.ICON_SMALL, parent)
        self.name = ElidedLabel(isolated(word), parent, Qt.TextElideMode.ElideRight)
        self.count = Text(rows_words(count), "caption", parent, wrap=False)
        words = tr("What {word} means", word=isolated(word))
        self.chooser = Chooser(f"word_{field.path}_{place}", words, parent)
        self.chooser.setFixedWidth(_CHOOSER_WIDTH)
        self.chooser.addItem(tr("Choose…") if is_closed(field) else tr("As it is"), None)
        for text, value in allowed_words(field):
            self.chooser.addItem(text, value)

    def put_into(self, grid: QGridLayout) -> None:
        grid.addWidget(self.icon, self._place, 0)
        grid.addWidget(self.name, self._place, 1)
        grid.addWidget(self.count, self._place, 2, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.chooser, self._place, 3)

    def show_meaning(self, own: Mapping[str, str]) -> None:
        meant = meaning(self._field, own, self._word)
        blocker = QSignalBlocker(self.chooser)
        self.chooser.setCurrentIndex(max(0, self.chooser.findData(meant)) if meant is not None else 0)
        del blocker
        undecided = meant is None and is_closed(self._field)
        self.icon.set_icon("warning" if undecided else "check", "warning" if undecided else "muted")

    @Slot()
    def announce(self) -> None:
        value = self.chooser.currentData()
        if value is None and not is_closed(self._field) and simple(self._word) in choice_words(self._field, {}):
            value = self._word  # sent as it is, although its usual meaning is known
        self.chosen.emit((self._word, value))


def _headline(words: int, unknown: int, rows: int, *, closed: bool) -> str:
    if closed and unknown:
        if words == 1:
            return tr("1 word means nothing yet, in {rows}", rows=rows_words(rows))
        if unknown == 1:
            return tr("1 of {words} words means nothing yet, in {rows}", words=words, rows=rows_words(rows))
        return tr("{unknown} of {words} words mean nothing yet, in {rows}", unknown=unknown, words=words,
                  rows=rows_words(rows))  # fmt: skip
    if closed:
        return tr("{words} words, all understood", words=words) if words > 1 else tr("1 word, understood")
    return tr("{words} words and what they mean", words=words) if words > 1 else tr("1 word and what it means")
