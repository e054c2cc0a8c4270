"""Find and replace over the sheet: says first what it would change, then does it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gb_desktop.runs.model import FixOffer
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.page import add_shortcuts
from gb_desktop.ui.widgets import Card, Chooser, IconButton, SecondaryButton, Text, isolated, named
from gb_desktop.workbook.model import Column


class ReplaceBar(Card):
    """`looked_for` and `wanted` carry (column index or None, find, replacement)."""

    looked_for = Signal(object)
    wanted = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=tokens.SMALL)
        self.setObjectName("replace_bar")
        words, where = QHBoxLayout(), QHBoxLayout()
        for row in (words, where):
            row.setSpacing(tokens.SMALL)
        self.needle = named(QLineEdit(self), "find", tr("Find"))
        self.needle.setPlaceholderText(tr("Find"))
        self.replacement = named(QLineEdit(self), "replacement", tr("Replace with"))
        self.replacement.setPlaceholderText(tr("Replace with"))
        self.column = Chooser("replace_column", tr("In which column"), self)
        self.column.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.column.setMinimumContentsLength(16)
        self.look = SecondaryButton(tr("Find all"), "find_all", "search", self)
        self.close_button = IconButton("cross", tr("Close find and replace"), "replace_close", parent=self)
        for widget in (self.needle, self.replacement):
            widget.setMinimumWidth(70)
            words.addWidget(widget, 1)
        words.addWidget(self.close_button)
        where.addWidget(self.column)
        where.addWidget(self.look)
        where.addStretch(1)
        self.layout_.addLayout(words)
        self.layout_.addLayout(where)
        self._offer = QVBoxLayout()
        self._offer.setSpacing(tokens.TINY)
        self.said = Text("", "body", self)
        self.do = SecondaryButton("", "replace_all", "edit", self)
        self._offer.addWidget(self.said)
        self._offer.addWidget(self.do)
        self.layout_.addLayout(self._offer)
        self._connect()
        self._forget_offer()
        self.hide()

    def _connect(self) -> None:
        self.look.clicked.connect(self._look)
        self.needle.returnPressed.connect(self._look)
        self.replacement.returnPressed.connect(self._look)
        self.needle.textChanged.connect(self._forget_offer)
        self.replacement.textChanged.connect(self._forget_offer)
        self.column.activated.connect(self._forget_offer)
        self.do.clicked.connect(self._replace)
        self.close_button.clicked.connect(self.close_bar)
        add_shortcuts(self, (QKeySequence("Escape"), self.close_bar))

    def show_columns(self, columns: Sequence[Column]) -> None:
        chosen = self.column.currentData()
        self.column.clear()
        self.column.addItem(tr("All columns"), None)
        for column in columns:
            self.column.addItem(column.header, column.index)
        self.column.setCurrentIndex(max(0, self.column.findData(chosen)))

    def open(self) -> None:
        self.show()
        self.needle.setFocus()
        self.needle.selectAll()

    @Slot()
    def close_bar(self) -> None:
        self.hide()
        self.closed.emit()

    def open_for(self, column: int | None, text: str) -> None:
        """Open with a column and a text filled in."""
        self.open()
        self.column.setCurrentIndex(max(0, self.column.findData(column)))
        self.needle.setText(text)
        self.replacement.setFocus()

    def show_offer(self, offer: FixOffer) -> None:
        """What would be changed, before anything is."""
        pairs = [(isolated(before), isolated(after)) for before, after in offer.samples[:3]]
        samples = [tr("“{before}” becomes “{after}”", before=before, after=after) for before, after in pairs]
        self.said.setText("\n".join(samples if offer.count else [tr("Nothing was found.")]))
        self.said.show()
        self.do.setText(offer.sentence)
        self.do.setVisible(offer.count > 0)

    @Slot()
    def _forget_offer(self) -> None:
        self.said.hide()
        self.do.hide()
        self.look.setEnabled(bool(self.needle.text()))

    def _asked(self) -> tuple[int | None, str, str]:
        return self.column.currentData(), self.needle.text(), self.replacement.text()

    @Slot()
    def _look(self) -> None:
        if self.needle.text():
            self.looked_for.emit(self._asked())

    @Slot()
    def _replace(self) -> None:
        self.needle.setFocus()  # else it would jump to the button that closes this
        self._forget_offer()
        self.wanted.emit(self._asked())
