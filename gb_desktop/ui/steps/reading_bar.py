"""How the file is read: sheet, header row, and for text files encoding and delimiter. Each can be changed at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.widgets import Chooser, ElidedLabel, IconLabel, Number, SecondaryButton, Text, isolated
from gb_desktop.workbook.model import Look, ReadOptions, SheetFacts

_SETTLE_MS = 350  # typing a two-digit header row must not read the file twice
_LAST_ROW = 1_048_576
_SHEET_LEAST, _SHEET_MOST = 110, 300  # pixels; names of sheets have up to 31 letters
_HEADER_MOST = 96
_NAME_LEAST = 90  # of the file's name, while everything stands in one line
W = TypeVar("W", bound=QWidget)


class ReadingBar(QWidget):
    """`changed` carries the ReadOptions the user wants now."""

    changed = Signal(object)
    other_file_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = ReadOptions()
        self._sheets: tuple[SheetFacts, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(tokens.SMALL)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(IconLabel("sheet", "accent", parent=self), 0, 0)
        self.file = ElidedLabel("", self, kind="body")
        self._grid.addWidget(self.file, 0, 1)
        self._fields = QWidget(self)
        row = QHBoxLayout(self._fields)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.SMALL)
        self._one_line = True
        self._grid.addWidget(self._fields, 0, 2)
        self.sheet = self._field(row, tr("Sheet"), Chooser("sheet", tr("Sheet"), self))
        self.sheet.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # another file, other sheets
        self.sheet.setMinimumWidth(_SHEET_LEAST)
        self.sheet.setMaximumWidth(_SHEET_MOST)
        self.header = self._field(row, tr("Header row"), Number("header_row", tr("Header row"), 1, _LAST_ROW, self))
        self.header.setGroupSeparatorShown(False)
        self.header.setMaximumWidth(_HEADER_MOST)
        self.header.setToolTip(tr("The row with the column names. You can also click it in the preview."))
        self.encoding = self._field(row, tr("Encoding"), Chooser("encoding", tr("Encoding"), self))
        self.delimiter = self._field(row, tr("Delimiter"), Chooser("delimiter", tr("Delimiter"), self))
        self.other = SecondaryButton(tr("Other file…"), "other_file", "folder", self)
        self.other.clicked.connect(self.other_file_wanted)
        self._grid.addWidget(self.other, 0, 3)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
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
        self._sheets = look.sheets
        for sheet in look.sheets:
            self.sheet.addItem(_sheet_words(sheet), sheet.name)
        self.sheet.setCurrentIndex(max(0, self.sheet.findData(look.sheet)))
        self.header.setValue(max(1, look.header_row))
        self._show_text(look)
        self._show_fields(is_text=bool(look.encoding), sheets=len(look.sheets) > 1)
        del blockers

    def show_loaded(self, rows: int) -> None:
        """How many rows of the chosen sheet are loaded: what was said before was only about right."""
        for place, sheet in enumerate(self._sheets):
            if place == self.sheet.currentIndex():
                self.sheet.setItemText(place, _sheet_words(sheet, rows))
        self._arrange()

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
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """One line where the file's name keeps room to be known by, else the fields below it."""
        beside = _NAME_LEAST + self.other.sizeHint().width() + tokens.ICON + 3 * tokens.SMALL
        one_line = self._fields.sizeHint().width() + beside <= self.width()
        if one_line is not self._one_line:
            self._one_line = one_line
            self._grid.removeWidget(self._fields)
            self._grid.addWidget(self._fields, *((0, 2) if one_line else (1, 0, 1, 4)))

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


def _sheet_words(sheet: SheetFacts, loaded: int | None = None) -> str:
    """A sheet and how many rows are loaded of it; before that about how many it has, headings and all."""
    name = isolated(sheet.name)  # an Arabic one would turn "· 5,001 rows" around
    if sheet.visibility != "visible":
        name = tr("{sheet} (hidden)", sheet=name)
    if loaded is not None:
        return tr("{sheet} · {rows}", sheet=name, rows=rows_words(loaded))
    return name if sheet.rows is None else tr("{sheet} · about {rows}", sheet=name, rows=rows_words(sheet.rows))
