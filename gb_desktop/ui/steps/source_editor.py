"""Where one field's value comes from: a column, one value for all, made by the app, or columns put together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gb_desktop.catalog import Field
from gb_desktop.mapping.model import Source, SourceKind
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.source_choices import SourceChoices
from gb_desktop.ui.widgets import Chooser, Text, named

_TWO_COLUMNS = (SourceKind.JOINED,)
_ONE_COLUMN = (SourceKind.BEFORE, SourceKind.AFTER, SourceKind.PREFIXED)
_NEVER_EMPTY = (SourceKind.BEFORE, SourceKind.AFTER)  # cutting at nothing means nothing


class SourceEditor(QWidget):
    """`changed` carries the Source, or None for a field that is not sent."""

    changed = Signal(object)

    def __init__(self, field: Field, choices: SourceChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._choices = choices
        self._entries = choices.of(field)
        self._shown: Source | None = None
        self._more: _More | None = None  # made when a source first needs it
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.TINY)
        self.what = _narrow(Chooser(f"source_{field.path}", tr("Source of {field}", field=field.title), self), 9)
        self.what.setModel(self._entries)
        self.what.activated.connect(self._chosen)
        self._column.addWidget(self.what)

    def show_source(self, source: Source | None) -> None:
        """Show a source without announcing it."""
        self._shown = source
        header = source.columns[0] if source and source.kind is SourceKind.COLUMN and source.columns else ""
        blocker = QSignalBlocker(self.what)
        self.what.setCurrentIndex(self._entries.place_of((source.kind, header) if source else None))
        del blocker
        self._arrange(source.kind if source else None)
        if source is not None and self._more is not None:
            self._more.show_source(source)

    def _arrange(self, kind: SourceKind | None) -> None:
        """Show the inputs that a kind of source needs."""
        if self._more is None and kind not in (None, SourceKind.COLUMN):
            self._more = _More(self._field.path, self._choices, self)
            self._more.changed.connect(self._announce)
            self._column.addWidget(self._more)
        if self._more is not None:
            self._more.arrange(kind)

    @Slot(int)
    def _chosen(self, _index: int) -> None:
        kind = self._kind()
        self._arrange(kind)
        if kind in (None, SourceKind.COLUMN, SourceKind.GENERATED):
            self._announce()
            return
        if self._more is not None:
            if kind is not (self._shown.kind if self._shown else None):
                columns = self._shown.columns if self._shown else ()
                self._more.begin(" " if kind is SourceKind.JOINED else "", columns)
            self._more.text.setFocus()
        if kind is SourceKind.JOINED:
            self._announce()

    def _kind(self) -> SourceKind | None:
        data = self.what.currentData()
        return data[0] if data else None

    @Slot()
    def _announce(self) -> None:
        source = self._source()
        if source != self._shown and not self._unfinished(source):
            self._shown = source
            self.changed.emit(source)

    def _unfinished(self, source: Source | None) -> bool:
        """True while a text is still to be typed: an empty constant is no answer."""
        return source is not None and not source.text and source.kind in (SourceKind.CONSTANT, *_NEVER_EMPTY)

    def _source(self) -> Source | None:
        kind = self._kind()
        if kind is None:
            return None
        if kind is SourceKind.COLUMN:
            return Source.column(self.what.currentData()[1])
        kept = self._shown.text if self._shown is not None and self._shown.kind is kind else ""
        return self._more.source(kind, kept) if self._more is not None else Source(kind, (), kept)


class _More(QWidget):
    """What a source needs beyond its kind: columns, a text, and a note."""

    changed = Signal()

    def __init__(self, path: str, choices: SourceChoices, parent: QWidget) -> None:
        super().__init__(parent)
        self._path = path
        self._beyond: tuple[str, ...] = ()  # columns beyond the third, as a shared mapping may join them
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.TINY)
        self.first = _narrow(Chooser(f"first_{path}", tr("Column"), self), 3)
        self.second = _narrow(Chooser(f"second_{path}", tr("Second column"), self), 3)
        self.third = _narrow(Chooser(f"third_{path}", tr("Third column"), self), 3)
        self.text = named(QLineEdit(self), f"text_{path}")
        self.text.setMinimumWidth(64)
        self.label = Text("", "caption", self, wrap=False)
        self.label.setBuddy(self.text)
        for box in (self.first, self.second, self.third):
            box.setModel(choices.optional_columns if box is self.third else choices.columns)
            box.setCurrentIndex(0)
            box.activated.connect(self.changed)
            column.addWidget(box)
        written = QHBoxLayout()
        written.setSpacing(tokens.SMALL)
        written.addWidget(self.label)
        written.addWidget(self.text, 1)
        column.addLayout(written)
        self.text.editingFinished.connect(self.changed)
        self.note = Text("", "caption", self)
        column.addWidget(self.note)

    def arrange(self, kind: SourceKind | None) -> None:
        self.first.setVisible(kind in _TWO_COLUMNS + _ONE_COLUMN)
        self.second.setVisible(kind in _TWO_COLUMNS)
        self.third.setVisible(kind in _TWO_COLUMNS)
        words = _text_words(kind, self._path)
        self.text.setVisible(bool(words))
        self.text.setAccessibleName(words)
        self.label.setText(words)
        self.label.setVisible(bool(words))
        self.note.setText(_note_words(kind, self._path))
        self.note.setVisible(bool(self.note.text()))
        self.setVisible(bool(words or self.note.text()))

    def begin(self, text: str, columns: Sequence[str]) -> None:
        """Another kind of source: its columns stay, what was typed for the last one is forgotten."""
        blocker = QSignalBlocker(self.text)
        self.text.setText(text)
        del blocker
        self._beyond = tuple(columns[3:])
        self.third.setCurrentIndex(0)
        for box, header in zip((self.first, self.second, self.third), columns, strict=False):
            box.setCurrentIndex(max(0, box.findText(header)))

    def show_source(self, source: Source) -> None:
        self.begin(source.text, source.columns)

    def source(self, kind: SourceKind, kept: str) -> Source:
        """What the inputs say; `kept` is the text of a kind that has no input for it."""
        if kind in _TWO_COLUMNS:
            third = self.third.currentData()
            more = (third, *self._beyond) if third else self._beyond
            return Source(kind, (self.first.currentText(), self.second.currentText(), *more), self.text.text())
        if kind in _ONE_COLUMN:
            return Source(kind, (self.first.currentText(),), self.text.text())
        return Source(kind, (), self.text.text() if self.text.isVisibleTo(self) else kept)


def _narrow(box: Chooser, letters: int) -> Chooser:
    """As wide as there is room, whatever its entries are."""
    box.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)
    return box


def _note_words(kind: SourceKind | None, path: str) -> str:
    if kind is SourceKind.GENERATED and path.endswith("Id"):
        return tr("The same prefix and the same row always make the same ID, so a second try is recognised.")
    if kind is SourceKind.GENERATED:
        return tr("The time of the check, one millisecond apart, kept at every retry.")
    return ""


def _text_words(kind: SourceKind | None, path: str) -> str:
    """What the text of a kind of source is; "" when it has none."""
    if kind is SourceKind.GENERATED:
        return tr("Prefix") if path.endswith("Id") else ""
    words = {
        SourceKind.CONSTANT: tr("Value for all rows"),
        SourceKind.JOINED: tr("Between them"),
        SourceKind.BEFORE: tr("Before this text"),
        SourceKind.AFTER: tr("After this text"),
        SourceKind.PREFIXED: tr("Text in front"),
    }
    return words.get(kind, "") if kind is not None else ""
