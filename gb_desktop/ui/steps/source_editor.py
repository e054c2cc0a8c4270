"""Where one field's value comes from: a column, one value for all, made by the app, or columns put together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gb_desktop.catalog import Field
from gb_desktop.mapping.model import Source, SourceKind
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.widgets import Chooser, Text, named

_TWO_COLUMNS = (SourceKind.JOINED,)
_ONE_COLUMN = (SourceKind.BEFORE, SourceKind.AFTER, SourceKind.PREFIXED)
_NEVER_EMPTY = (SourceKind.BEFORE, SourceKind.AFTER)  # cutting at nothing means nothing


class SourceEditor(QWidget):
    """`changed` carries the Source, or None for a field that is not sent."""

    changed = Signal(object)

    def __init__(self, field: Field, headers: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._headers = tuple(headers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.TINY)
        self.what = Chooser(f"source_{field.path}", tr("Source of {field}", field=field.title), self)
        self.what.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.what.setMinimumContentsLength(9)
        self._fill()
        column.addWidget(self.what)
        self._more = QWidget(self)
        more = QHBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(tokens.TINY)
        self.first = self._columns(f"first_{field.path}", tr("Column"))
        self.second = self._columns(f"second_{field.path}", tr("Second column"))
        self.text = named(QLineEdit(self._more), f"text_{field.path}")
        self.text.setMinimumWidth(64)
        for widget in (self.first, self.second, self.text):
            more.addWidget(widget, 1)
        column.addWidget(self._more)
        self.note = Text("", "caption", self)
        column.addWidget(self.note)
        self.what.activated.connect(self._chosen)
        self.first.activated.connect(self._announce)
        self.second.activated.connect(self._announce)
        self.text.editingFinished.connect(self._announce)
        self._shown: Source | None = None
        self.show_source(None)

    def _columns(self, name: str, words: str) -> QComboBox:
        box = Chooser(name, words, self._more)
        box.addItems(self._headers)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(3)
        return box

    def _fill(self) -> None:
        self.what.addItem(tr("Choose…") if self._field.required else tr("Not sent"), None)
        for header in self._headers:
            self.what.addItem(header, (SourceKind.COLUMN, header))
        self.what.insertSeparator(self.what.count())
        self.what.addItem(tr("Same value for all rows"), (SourceKind.CONSTANT, ""))
        if self._field.generated:
            self.what.addItem(tr("Made by GB Desktop"), (SourceKind.GENERATED, ""))
        for words, kind in (
            (tr("Two columns joined"), SourceKind.JOINED),
            (tr("The part of a column before…"), SourceKind.BEFORE),
            (tr("The part of a column after…"), SourceKind.AFTER),
            (tr("A text in front of a column"), SourceKind.PREFIXED),
        ):
            self.what.addItem(words, (kind, ""))

    def show_source(self, source: Source | None) -> None:
        """Show a source without announcing it."""
        self._shown = source
        blockers = [QSignalBlocker(widget) for widget in (self.what, self.first, self.second, self.text)]
        self.what.setCurrentIndex(self._place_of(source))
        self._arrange(source.kind if source else None)
        if source is not None:
            self.text.setText(source.text)
            for box, header in zip((self.first, self.second), source.columns, strict=False):
                box.setCurrentIndex(max(0, box.findText(header)))
        del blockers

    def _place_of(self, source: Source | None) -> int:
        if source is None:
            return 0
        header = source.columns[0] if source.kind is SourceKind.COLUMN and source.columns else ""
        for place in range(self.what.count()):
            if self.what.itemData(place) == (source.kind, header):
                return place
        return 0

    def _arrange(self, kind: SourceKind | None) -> None:
        """Show the inputs that a kind of source needs."""
        self.first.setVisible(kind in _TWO_COLUMNS + _ONE_COLUMN)
        self.second.setVisible(kind in _TWO_COLUMNS)
        words = _text_words(kind, self._field.path)
        self.text.setVisible(bool(words))
        self.text.setPlaceholderText(words)
        self.text.setAccessibleName(words)
        self._more.setVisible(bool(words))
        note = ""
        if kind is SourceKind.GENERATED and self._field.path.endswith("Id"):
            note = tr("The same prefix and the same row always make the same ID, so a second try is recognised.")
        elif kind is SourceKind.GENERATED:
            note = tr("The time of the check, one millisecond apart, kept at every retry.")
        self.note.setText(note)
        self.note.setVisible(bool(note))

    @Slot(int)
    def _chosen(self, _index: int) -> None:
        kind = self._kind()
        self._arrange(kind)
        if kind in (None, SourceKind.COLUMN, SourceKind.GENERATED):
            self._announce()
            return
        if kind is not (self._shown.kind if self._shown else None):
            blocker = QSignalBlocker(self.text)
            self.text.setText(" " if kind is SourceKind.JOINED else "")
            del blocker
        self.text.setFocus()
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
        if kind in _TWO_COLUMNS:
            return Source(kind, (self.first.currentText(), self.second.currentText()), self.text.text())
        if kind in _ONE_COLUMN:
            return Source(kind, (self.first.currentText(),), self.text.text())
        kept = self._shown.text if self._shown is not None and self._shown.kind is kind else ""
        return Source(kind, (), self.text.text() if self.text.isVisibleTo(self) else kept)


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
