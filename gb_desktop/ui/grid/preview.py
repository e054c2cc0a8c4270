"""The first look at a sheet: what stands above the header, the header, and the first rows."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QGuiApplication

from gb_desktop.text import tr
from gb_desktop.ui.alignment import NUMBERS, TEXTS
from gb_desktop.ui.grid.shown import is_number, mirrored, shown
from gb_desktop.workbook.cells import column_letter
from gb_desktop.workbook.model import Look, RowFlag, Value

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class PreviewModel(QAbstractTableModel):
    """Lines of a Look, numbered as in Excel. The header line is bold and says so to a screen reader."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[tuple[int, tuple[Value, ...], RowFlag]] = []
        self._letters: list[str] = []
        self._header_row = 0
        self._mirrored = False
        self._header_tint = QColor()
        self._faint = QColor()

    def show(self, look: Look) -> None:
        self.beginResetModel()
        self._header_row = look.header_row
        self._mirrored = QGuiApplication.isRightToLeft()
        self._lines = _lines(look)
        widest = max((len(values) for _number, values, _flag in self._lines), default=0)
        letters = [
            tr("{letter} (hidden)", letter=column.letter) if column.hidden else column.letter for column in look.columns
        ]
        self._letters = letters + [column_letter(at) for at in range(len(letters), widest)]
        self.endResetModel()

    def clear(self) -> None:
        self.beginResetModel()
        self._lines, self._letters = [], []
        self.endResetModel()

    def set_tints(self, header: QColor, faint: QColor) -> None:
        self._header_tint, self._faint = header, faint

    def number_of(self, line: int) -> int:
        """Excel's number of a line of the preview."""
        return self._lines[line][0]

    def header_line(self) -> int | None:
        """Where the header stands in the preview."""
        for line, (number, _values, _flag) in enumerate(self._lines):
            if number == self._header_row:
                return line
        return None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._letters)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Horizontal:
            return self._letters[section] if section < len(self._letters) else None
        return str(self._lines[section][0]) if section < len(self._lines) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        number, values, flag = self._lines[index.row()]
        value = values[index.column()] if index.column() < len(values) else None
        if role == Qt.ItemDataRole.DisplayRole:
            text = shown(value)
            return mirrored(text, value) if self._mirrored else text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return NUMBERS if is_number(value) else TEXTS
        if number == self._header_row:
            return self._of_header(role)
        if flag is not RowFlag.DATA or number < self._header_row:
            return self._of_other(number, flag, role)
        return None

    def _of_header(self, role: int) -> Any:
        if role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.BackgroundRole:
            return QBrush(self._header_tint)
        return tr("Header row") if role == Qt.ItemDataRole.AccessibleDescriptionRole else None

    def _of_other(self, number: int, flag: RowFlag, role: int) -> Any:
        if role == Qt.ItemDataRole.ForegroundRole:
            return QBrush(self._faint)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            if number < self._header_row:
                return tr("Above the header: not sent. Click to make this the header row.")
            return tr("Hidden in the workbook") if flag is RowFlag.HIDDEN else tr("A total: left out")
        return None


def _lines(look: Look) -> list[tuple[int, tuple[Value, ...], RowFlag]]:
    lines: dict[int, tuple[tuple[Value, ...], RowFlag]] = {
        number: (texts, RowFlag.DATA) for number, texts in look.above
    }
    for row in look.rows:
        lines[row.number] = (tuple(row.values), row.flag)
    if look.header_row not in lines and look.header_row > 0:
        lines[look.header_row] = (tuple(column.raw or column.header for column in look.columns), RowFlag.DATA)
    return [(number, *lines[number]) for number in sorted(lines)]
