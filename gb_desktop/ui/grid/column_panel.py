"""What a column holds, under its header: values with counts, lengths of texts, the smallest and the largest."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gb_desktop.runs.model import ColumnFacts, ValueCount
from gb_desktop.text import cells_words, isolated, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.alignment import NUMBERS
from gb_desktop.ui.charts import Histogram
from gb_desktop.ui.grid.shown import mirrored, shown
from gb_desktop.ui.widgets import SecondaryButton, Text, named
from gb_desktop.workbook.model import Column

_WIDTH, _LIST_HEIGHT, _CHART_HEIGHT = 340, 220, 84
_LONGEST = 60
_VALUE_ROLE = Qt.ItemDataRole.UserRole


class ColumnPanel(QFrame):
    """A popup for one column. `rows_wanted` and `replace_wanted` carry (Column, ValueCount)."""

    rows_wanted = Signal(object)
    replace_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        named(self, "column_panel", tr("What the column holds"))
        self.setProperty("card", True)
        self.setFixedWidth(_WIDTH)
        self._column: Column | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.MEDIUM, tokens.MEDIUM, tokens.MEDIUM, tokens.MEDIUM)
        column.setSpacing(tokens.SMALL)
        self.title = Text("", "strong", self)
        self.summary = named(Text("", "caption", self), "column_summary")
        self.range = named(Text("", "caption", self), "column_range")
        self.lengths_title = Text(tr("Length of the texts, in characters"), "caption", self)
        self.lengths = Histogram(self, tr("Length of the texts"), tr("How many cells hold texts of each length"))
        self.lengths.setFixedHeight(_CHART_HEIGHT)
        self.values = _value_list(self)
        for widget in (self.title, self.summary, self.range, self.values, self.lengths_title, self.lengths):
            column.addWidget(widget)
        column.addLayout(self._buttons())
        self.values.itemActivated.connect(self._show_rows)
        self.values.itemSelectionChanged.connect(self._chosen)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(tokens.SMALL)
        self.show_button = SecondaryButton(tr("Show its rows"), "column_show_rows", "filter", self)
        self.replace_button = SecondaryButton(tr("Replace it…"), "column_replace", "edit", self)
        self.show_button.clicked.connect(self._show_rows)
        self.replace_button.clicked.connect(self._replace)
        row.addWidget(self.show_button)
        row.addWidget(self.replace_button)
        row.addStretch(1)
        return row

    def open(self, column: Column, place: QPoint) -> None:
        """Open at a place of the screen, still empty: a column of a million cells takes seconds to count."""
        self._column = column
        self.title.setText(column.header)
        self.summary.setText(tr("Counting the values…"))
        self.values.clear()
        for widget in (self.range, self.values, self.lengths, self.lengths_title):
            widget.hide()
        self._chosen()
        self.adjustSize()
        self.move(self._on_screen(place))
        self.show()

    def show_facts(self, facts: ColumnFacts) -> None:
        """Fill it, if it still waits for this column."""
        if self._column is None or self._column.index != facts.column or not self.isVisible():
            return
        cells = cells_words(facts.rows - facts.empty)
        words = tr("{distinct} different values in {cells}", distinct=facts.distinct, cells=cells)
        if facts.distinct == 1:
            words = tr("1 value in {cells}", cells=cells)
        empty = tr("{count} empty", count=facts.empty)
        self.summary.setText(f"{words} · {empty}" if facts.empty else words)
        ends = facts.range()
        self.range.setVisible(ends is not None)
        if ends is not None:
            low, high = (isolated(shown(end)) for end in ends)
            words = tr("Smallest {low} · largest {high}", low=low, high=high)
            if facts.lengths:  # "1,234.50 EGP" is a text, and may well be the largest
                words = tr("Smallest {low} · largest {high}, apart from texts", low=low, high=high)
            self.range.setText(words)
        several = len(facts.lengths) > 1
        self.lengths.setVisible(several)
        self.lengths_title.setVisible(several)
        self.lengths.set_bars([(str(low), str(high), count) for low, high, count in facts.lengths])
        self._fill(facts)
        self.adjustSize()
        self.move(self._on_screen(self.pos()))

    def _fill(self, facts: ColumnFacts) -> None:
        self.values.setVisible(bool(facts.values))
        for one in facts.values:
            words = _value_words(one)
            words = mirrored(words, one.value) if self.isRightToLeft() else words
            item = QTreeWidgetItem([words, tr("{count}", count=one.count)])
            item.setTextAlignment(1, NUMBERS)
            item.setData(0, _VALUE_ROLE, one)
            self.values.addTopLevelItem(item)
        if facts.distinct > len(facts.values):
            rest = facts.distinct - len(facts.values)
            more = tr("1 more value") if rest == 1 else tr("{count} more values", count=rest)
            item = QTreeWidgetItem([more, ""])
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.values.addTopLevelItem(item)
        first = self.values.topLevelItem(0)
        if facts.values and first is not None:
            self.values.setCurrentItem(first)
            self.values.setFocus()

    def _on_screen(self, place: QPoint) -> QPoint:
        """The place, moved so that nothing is cut off."""
        room = self.screen().availableGeometry()
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        return QPoint(x, max(room.top(), min(place.y(), room.bottom() - self.height())))

    def _value(self) -> ValueCount | None:
        items = self.values.selectedItems()
        found = items[0].data(0, _VALUE_ROLE) if items else None
        return found if isinstance(found, ValueCount) else None

    @Slot()
    def _chosen(self) -> None:
        value = self._value()
        self.show_button.setEnabled(value is not None)
        self.replace_button.setEnabled(value is not None)

    @Slot()
    def _show_rows(self) -> None:
        if self._column is not None and (value := self._value()) is not None:
            self.close()
            self.rows_wanted.emit((self._column, value))

    @Slot()
    def _replace(self) -> None:
        if self._column is not None and (value := self._value()) is not None:
            self.close()
            self.replace_wanted.emit((self._column, value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


def _value_list(parent: QWidget) -> QTreeWidget:
    values = named(QTreeWidget(parent), "column_values", tr("Values of the column, the most frequent first"))
    values.setColumnCount(2)
    values.setRootIsDecorated(False)
    values.setUniformRowHeights(True)
    values.setHeaderHidden(True)
    values.setFixedHeight(_LIST_HEIGHT)
    values.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    values.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    values.setTextElideMode(Qt.TextElideMode.ElideRight)
    header = values.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return values


def _value_words(one: ValueCount) -> str:
    """A value as the grid shows it; in quotes where blanks at its ends would not be seen."""
    text = shown(one.value)
    text = f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
    return f"“{text}”" if text != text.strip() else text
