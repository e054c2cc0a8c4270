"""How the file is read: sheet, header row, and for text files encoding and delimiter. Each can be changed at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.words import rows_words
from gb_desktop.ui.widgets import Chooser, ElidedLabel, IconLabel, Number, SecondaryButton, Text
from gb_desktop.workbook.model import Look, ReadOptions, SheetFacts

_SETTLE_MS = 350  # typing a two-digit header row must not read the file twice
_LAST_ROW = 1_048_576
_SHEET_LEAST, _SHEET_MOST = 110, 300  # pixels; names of sheets have up to 31 letters
W = TypeVar("W", bound=QWidget)


class ReadingBar(QWidget):
    """`changed` carries the ReadOptions the user wants now."""

    changed = Signal(object)
    other_file_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = ReadOptions()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.SMALL)
        row.addWidget(IconLabel("sheet", "accent", parent=self))
        self.file = ElidedLabel("", self, kind="body")
        row.addWidget(self.file, 1)
        self.sheet = self._field(row, tr("Sheet"), Chooser("sheet", tr("Sheet"), self))
        self.sheet.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # another file, other sheets
        self.sheet.setMinimumWidth(_SHEET_LEAST)
        self.sheet.setMaximumWidth(_SHEET_MOST)
        self.header = self._field(row, tr("Header row"), Number("header_row", tr("Header row"), 1, _LAST_ROW, self))
        self.header.setGroupSeparatorShown(False)
        self.header.setToolTip(tr("The row with the column names. You can also click it in the preview."))
        self.encoding = self._field(row, tr("Encoding"), Chooser("encoding", tr("Encoding"), self))
        self.delimiter = self._field(row, tr("Delimiter"), Chooser("delimiter", tr("Delimiter"), self))
        self.other = SecondaryButton(tr("Other file…"), "other_file", "folder", self)
        self.other.clicked.connect(self.other_file_wanted)
        row.addWidget(self.other)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._header_settled)
        self._fill()
        self.sheet.activated.connect(self._sheet_chosen)
        self.header.valueChanged.connect(self._settle.start)
        self.encoding.activated.connect(self._text_chosen)
        self.delimiter.activated.connect(self._text_chosen)

    def _field(self, row: QHBoxLayout, words: str, widget: W) -> W:
        label = Text(words, "caption", self, wrap=False)
        label.setBuddy(widget)
        widget.setProperty("label", label)
        row.addWidget(label)
        row.addWidget(widget)
        return widget

    def _fill(self) -> None:
        for words, name in (
            (tr("UTF-8"), "utf-8"),
            (tr("UTF-8 with a mark"), "utf-8-sig"),
            (tr("UTF-16"), "utf-16"),
            (tr("Arabic (Windows-1256)"), "cp1256"),
            (tr("Western (Windows-1252)"), "cp1252"),
            (tr("Arabic (ISO-8859-6)"), "iso-8859-6"),
            (tr("Western (ISO-8859-1)"), "iso-8859-1"),
        ):
            self.encoding.addItem(words, name)
        for words, sign in (
            (tr("Comma"), ","),
            (tr("Semicolon"), ";"),
            (tr("Tab"), "\t"),
            (tr("Vertical bar"), "|"),
        ):
            self.delimiter.addItem(words, sign)

    def show_look(self, look: Look, options: ReadOptions) -> None:
        """Show what was found out, without announcing it as a change."""
        self._options = options
        self.file.setText(Path(look.path).name if look.path else tr("Pasted cells"))
        self.file.setToolTip(look.path)
        blockers = [QSignalBlocker(widget) for widget in (self.sheet, self.header, self.encoding, self.delimiter)]
        self._settle.stop()
        self.sheet.clear()
        for sheet in look.sheets:
            self.sheet.addItem(_sheet_words(sheet), sheet.name)
        self.sheet.setCurrentIndex(max(0, self.sheet.findData(look.sheet)))
        self.header.setValue(max(1, look.header_row))
        self._show_text(look)
        self._show_fields(is_text=bool(look.encoding), sheets=len(look.sheets) > 1)
        del blockers

    def show_unreadable(self, path: str, options: ReadOptions) -> None:
        """A text file that can't be read as it was tried: only encoding and delimiter can be chosen."""
        self._options = options
        self.file.setText(Path(path).name)
        self._show_fields(is_text=True, sheets=False)

    def _show_text(self, look: Look) -> None:
        if look.encoding and self.encoding.findData(look.encoding) < 0:
            self.encoding.addItem(look.encoding, look.encoding)
        self.encoding.setCurrentIndex(max(0, self.encoding.findData(look.encoding)))
        self.delimiter.setCurrentIndex(max(0, self.delimiter.findData(look.delimiter)))

    def _show_fields(self, is_text: bool, sheets: bool) -> None:
        for widget, visible in (
            (self.sheet, sheets),
            (self.encoding, is_text),
            (self.delimiter, is_text),
        ):
            widget.setVisible(visible)
            widget.property("label").setVisible(visible)

    @Slot()
    def _header_settled(self) -> None:
        self.changed.emit(replace(self._options, header_row=self.header.value()))

    @Slot(int)
    def _sheet_chosen(self, _index: int) -> None:
        self.changed.emit(replace(self._options, sheet=self.sheet.currentData(), header_row=None, rows=None))

    @Slot(int)
    def _text_chosen(self, _index: int) -> None:
        encoding, delimiter = self.encoding.currentData(), self.delimiter.currentData()
        self.changed.emit(replace(self._options, encoding=encoding, delimiter=delimiter, header_row=None))


def _sheet_words(sheet: SheetFacts) -> str:
    name = sheet.name
    if sheet.visibility != "visible":
        name = tr("{sheet} (hidden)", sheet=name)
    return name if sheet.rows is None else tr("{sheet} · {rows}", sheet=name, rows=rows_words(sheet.rows))
