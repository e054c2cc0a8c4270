"""Sentences in a mirrored window: their words and numbers keep the order in which they are written."""

from __future__ import annotations

import re

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from gb_desktop.text import isolated

_ISOLATED = re.compile("\u2068[^\u2069]*\u2069")
_WORD = re.compile(r"\w")
_BREAKS_BADLY = re.compile(r"\b([Ee])-(?=mail)")


def in_order(text: str, direction: Qt.LayoutDirection) -> str:
    """The text to paint: without the mark, `0.6 s` would be shown as `s 0.6` where text is read from the right.

    Values that are isolated already, with nothing but signs between them, follow each other as the window is read.
    """
    if direction is Qt.LayoutDirection.LeftToRight or not _WORD.search(_ISOLATED.sub("", text)):
        return text
    return "\n".join(isolated(line) for line in text.split("\n"))


def unbroken(text: str) -> str:
    """The text with `e-mail` kept in one line."""
    return _BREAKS_BADLY.sub("\\1\u2011", text)


class InOrder(QStyledItemDelegate):
    """Paints a table's cells so."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.text = in_order(option.text, option.direction)


def kept_in_order(table: QTableView) -> None:
    """A table whose cells hold sentences and numbers with units."""
    table.setItemDelegate(InOrder(table))
