"""The sheet as a Qt table: paged from the run file, formatted only when painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QGuiApplication

from gb_desktop.checking.model import RowState, Severity
from gb_desktop.runs.model import GridRow
from gb_desktop.text import tr
from gb_desktop.ui.alignment import NUMBERS, TEXTS
from gb_desktop.ui.grid.pages import Pages
from gb_desktop.ui.grid.shown import is_number, mirrored, shown
from gb_desktop.ui.words import outcome_word
from gb_desktop.workbook.model import Column, RowFlag

Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[int, int], Sequence[GridRow]]

NATIVE_ROLE = Qt.ItemDataRole.UserRole + 1  # the cell's value as held
ROW_ROLE = Qt.ItemDataRole.UserRole + 2  # the GridRow
STATE = 0  # the first column: what is the matter with the row, in words
_NOWHERE = QModelIndex()
_DISPLAY, _EDIT = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.EditRole)
_TOOLTIP, _DESCRIPTION = int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.AccessibleDescriptionRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_BACKGROUND, _FOREGROUND = int(Qt.ItemDataRole.BackgroundRole), int(Qt.ItemDataRole.ForegroundRole)
_NATIVE, _ROW = int(NATIVE_ROLE), int(ROW_ROLE)
_ANSWERED = frozenset(
    {_DISPLAY, _EDIT, _TOOLTIP, _DESCRIPTION, _ALIGNMENT, _BACKGROUND, _FOREGROUND, _NATIVE, _ROW}
)  # plain numbers: an enumeration's comparisons are many times slower, and a repaint asks thousands of times
_SHOWN = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_EDITABLE = _SHOWN | Qt.ItemFlag.ItemIsEditable


@dataclass(frozen=True, slots=True)
class Tints:
    """Backgrounds of cells that need a look, by the theme."""

    error: QColor
    warning: QColor
    edited: QColor
    faint: QColor  # text of rows that are left out


class SheetModel(QAbstractTableModel):
    """Rows of one sheet in the order of the position table. Edits are announced, never made here."""

    edited = Signal(object)  # (row number, column index, text)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._pages: Pages[GridRow] = Pages(_nothing)
        self._pending: dict[tuple[int, int], str] = {}
        self._tints: Tints | None = None
        self._editable = False
        self._mirrored = False
        self._at = -1  # the row asked for last
        self._line: GridRow | None = None

    def show(self, columns: tuple[Column, ...], fetch: Fetch, count: int) -> None:
        """Another sheet or another choice of rows."""
        self.beginResetModel()
        self._columns = columns
        self._pages = Pages(fetch, count)
        self._at, self._line = -1, None
        self._pending.clear()
        self._mirrored = QGuiApplication.isRightToLeft()
        self.endResetModel()

    def refresh(self, first: int | None = None, last: int | None = None) -> None:
        """Read rows again (positions, inclusive; None: everything known), keeping selection and place."""
        self._pending.clear()
        self._pages.forget()
        self._at, self._line = -1, None
        if self._pages.count and self._columns:
            low = 0 if first is None else first
            high = self._pages.count - 1 if last is None else last
            self.dataChanged.emit(self.index(low, 0), self.index(high, self.columnCount() - 1))

    def set_tints(self, tints: Tints) -> None:
        self._tints = tints

    def set_editable(self, editable: bool) -> None:
        self._editable = editable

    def columns(self) -> tuple[Column, ...]:
        return self._columns

    def row_at(self, position: int) -> GridRow | None:
        return self._pages.line(position)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._pages.count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or not self._columns else len(self._columns) + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _EDITABLE if self._editable and index.column() > STATE else _SHOWN

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return self._row_header(section, role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return TEXTS
        if not 0 <= section <= len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr("State") if section == STATE else self._columns[section - 1].header
        if role == Qt.ItemDataRole.ToolTipRole and section > STATE:
            column = self._columns[section - 1]
            return tr(
                "Column {letter}: {header}. Click to see what it holds.", letter=column.letter, header=column.header
            )
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Asked nine times a cell and repaint, so it looks at the role first and remembers the row."""
        if role not in _ANSWERED:
            return None
        position = index.row()
        if position != self._at:
            self._at, self._line = position, self._pages.line(position)
        line, place = self._line, index.column()
        if line is None:
            return None
        if role == _ROW:
            return line
        return self._state(line, role) if place == STATE else self._cell(line, place - 1, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Announce an edit; the cell shows it at once, and what the check made of it after `refresh`."""
        line = self._pages.line(index.row())
        if role != Qt.ItemDataRole.EditRole or line is None or index.column() == STATE:
            return False
        column = self._columns[index.column() - 1].index
        text = str(value)
        if text == shown(_value(line, index.column() - 1)):
            return False
        self._pending[(line.row, column)] = text
        self.dataChanged.emit(index, index)
        self.edited.emit((line.row, column, text))
        return True

    def _row_header(self, section: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            line = self._pages.line(section)
            return None if line is None else str(line.row)
        return NUMBERS if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _state(self, line: GridRow, role: int) -> Any:
        if role in (_DISPLAY, _NATIVE):
            return state_words(line)
        if role in (_TOOLTIP, _DESCRIPTION):
            return "\n".join(line.messages) or line.outcome_message or state_words(line)
        return self._row_brush(line, role)

    def _cell(self, line: GridRow, place: int, role: int) -> Any:
        value = line.values[place] if place < len(line.values) else None
        if role == _ALIGNMENT:
            return NUMBERS if is_number(value) else TEXTS
        column = self._columns[place].index
        if role in (_DISPLAY, _EDIT):
            text = self._pending.get((line.row, column)) if self._pending else None
            text = shown(value) if text is None else text
            return mirrored(text, value) if self._mirrored and role == _DISPLAY else text
        if role == _BACKGROUND:
            return self._cell_brush(line, column)
        if role == _NATIVE:
            return value
        if role in (_TOOLTIP, _DESCRIPTION):
            return "\n".join(line.messages) if column in line.marks else None
        return self._row_brush(line, role)

    def _cell_brush(self, line: GridRow, column: int) -> QBrush | None:
        if self._tints is None:
            return None
        mark = line.marks.get(column)
        if mark is Severity.ERROR:
            return QBrush(self._tints.error)
        if mark is Severity.WARNING:
            return QBrush(self._tints.warning)
        if column in line.edited or (line.row, column) in self._pending:
            return QBrush(self._tints.edited)
        return None

    def _row_brush(self, line: GridRow, role: int) -> QBrush | None:
        if self._tints is None:
            return None
        if role == _FOREGROUND and line.state is RowState.EXCLUDED:
            return QBrush(self._tints.faint)
        return None


def state_words(line: GridRow) -> str:
    """What is the matter with a row: its outcome once there is one, else what the check says."""
    if line.outcome is not None:
        return outcome_word(line.outcome)
    if line.state is RowState.EXCLUDED:
        hidden = line.flag is RowFlag.HIDDEN
        return tr("Left out (hidden)") if hidden else tr("Left out")
    if line.state is RowState.ERROR:
        return tr("Error")
    return tr("Warning") if line.messages else tr("Ready")


def _value(line: GridRow, place: int) -> Any:
    return line.values[place] if place < len(line.values) else None


def _nothing(first: int, count: int) -> Sequence[GridRow]:  # noqa: ARG001 - the shape of a page source
    return ()
