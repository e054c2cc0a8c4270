"""Columns that no field uses, by name; where the batch type takes free keys, each can become one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gb_desktop.catalog import FreeKeys
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.widgets import Card, Chooser, ElidedLabel, SecondaryButton, Text, isolated, named

MOST = 60  # lines; a sheet can have 16,384 columns


def free_key(header: str) -> str:
    """A key as Gameball's users write them, from a header: `Shoe size (EU)` becomes `shoe_size_eu`."""
    return re.sub(r"\W+", "_", header).strip("_").lower() or "key"


class UnusedColumns(Card):
    """`wanted` carries (path, header): send this column under that free key."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unused_columns")
        self.layout_.addWidget(Text(tr("Columns that are not sent"), "subtitle", self))
        self.sentence = Text("", "muted", self)
        self.layout_.addWidget(self.sentence)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(tokens.SMALL)
        self.layout_.addLayout(self._lines)

    def show_columns(self, headers: Sequence[str], families: Sequence[FreeKeys]) -> None:
        emptied(self._lines)
        self.setVisible(bool(headers))
        if not families:
            self.sentence.setText(", ".join(isolated(header) for header in headers[:MOST]))
        else:
            self.sentence.setText(tr("Each of them can be sent under a name of your own."))
            for place, header in enumerate(headers[:MOST]):
                line = UnusedLine(place, header, families, self)
                line.wanted.connect(self.wanted)
                self._lines.addWidget(line)
        if len(headers) > MOST:
            rest = len(headers) - MOST
            one = tr("1 more column is not shown.")
            words = one if rest == 1 else tr("{count} more columns are not shown.", count=rest)
            self._lines.addWidget(Text(words, "muted", self))


class UnusedLine(QWidget):
    """A column, the family of keys it could belong to, and the key."""

    wanted = Signal(object)

    def __init__(self, place: int, header: str, families: Sequence[FreeKeys], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._header = header
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.SMALL)
        row.addWidget(ElidedLabel(header, self), 1)
        self.family = Chooser(f"family_{place}", tr("Send {column} as", column=header), self)
        for family in families:
            self.family.addItem(family.title, family.prefix)
        row.addWidget(self.family)
        self.key = named(QLineEdit(free_key(header), self), f"key_{place}", tr("Key for {column}", column=header))
        self.key.setToolTip(tr("The name under which Gameball keeps the value"))
        row.addWidget(self.key, 1)
        self.add = SecondaryButton(tr("Send it"), f"send_column_{place}", "plus", self)
        self.add.setAccessibleName(tr("Send the column {column}", column=header))
        self.add.clicked.connect(self._add)
        row.addWidget(self.add)

    @Slot()
    def _add(self) -> None:
        key = self.key.text().strip()
        if key:
            self.wanted.emit((self.family.currentData() + key, self._header))
