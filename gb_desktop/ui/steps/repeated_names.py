"""Columns of one name: which they are, what each is called here, and which of them a field uses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.ui import tokens
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.widgets import Card, IconLabel, Text, named


class RepeatedNames(Card):
    """A sentence or two a name; not there at all where every column has a name of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=tokens.MEDIUM)
        named(self, "repeated_names")
        row = QHBoxLayout()
        row.setSpacing(tokens.SMALL)
        row.addWidget(IconLabel("info", "accent", parent=self), 0, Qt.AlignmentFlag.AlignTop)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(tokens.SMALL)
        row.addLayout(self._lines, 1)
        self.layout_.addLayout(row)
        self._said: tuple[str, ...] = ()
        self.hide()

    def say(self, sentences: tuple[str, ...]) -> None:
        """Show these, a line each."""
        if sentences == self._said:
            return
        self._said = sentences
        emptied(self._lines)
        for sentence in sentences:
            self._lines.addWidget(Text(sentence, "body", self))
        self.setVisible(bool(sentences))
