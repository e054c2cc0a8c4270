"""The table view of a sheet: fixed column widths, one line a row, keys that people know from Excel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gb_desktop.text import tr
from gb_desktop.ui.grid.frozen import FrozenColumn
from gb_desktop.ui.grid.model import STATE, Index, SheetModel
from gb_desktop.ui.grid.shown import shown

NARROWEST, WIDEST, STATE_WIDTH = 84, 280, 132
_Hint = QAbstractItemView.ScrollHint
_PADDING = 28
_LOOKED_AT = 60  # rows that decide a column's first width


class SheetView(QTableView):
    """Shows a SheetModel. `current_changed` carries the GridRow under the cursor, or None."""

    current_changed = Signal(object)
    next_problem_wanted = Signal(object)  # True: backwards
    exclude_wanted = Signal()
    column_wanted = Signal(object)  # (Column, the place on the screen below its header)
    _state: FrozenColumn | None = None  # Qt places the parts before the state's column is there

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = model
        self.setModel(model)
        self.setWordWrap(False)
        self.setShowGrid(True)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 12)
        rows.setMinimumWidth(56)
        self.horizontalHeader().setHighlightSections(False)
        # A header asks its selection whether whole columns are selected, a call a row: with all of 50,000 rows
        # selected that held the window for 1.4 seconds. One of its own, always empty, has nothing to ask.
        self.horizontalHeader().setSelectionModel(QItemSelectionModel(model, self))
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().sectionClicked.connect(self._header_clicked)
        self.selectionModel().currentChanged.connect(self._current_moved)
        self.setColumnWidth(STATE, STATE_WIDTH)
        self._state = FrozenColumn(self)
        self._state.setObjectName("sheet_state")
        self._state.setAccessibleName(tr("The state of each row"))

    def updateGeometries(self) -> None:
        super().updateGeometries()
        if self._state is not None:
            self._state.place()

    def scrollTo(self, index: Index, hint: _Hint = _Hint.EnsureVisible) -> None:
        """Bring a cell into sight, and out from under the column that stands still."""
        super().scrollTo(index, hint)
        header = self.horizontalHeader()
        hidden = self.columnWidth(STATE) - (header.sectionPosition(index.column()) - header.offset())
        if index.column() > STATE and hidden > 0:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - hidden)

    def fit_columns(self) -> None:
        """Choose widths once from the header and the first rows: never from a million of them."""
        metrics = self.fontMetrics()
        self.setColumnWidth(STATE, STATE_WIDTH)
        first = [self._sheet.row_at(position) for position in range(min(_LOOKED_AT, self._sheet.rowCount()))]
        for place, column in enumerate(self._sheet.columns()):
            texts = [shown(line.values[place]) for line in first if line and place < len(line.values)]
            longest = max([column.header, *texts], key=len)
            width = max(metrics.horizontalAdvance(longest), metrics.horizontalAdvance(column.header)) + _PADDING
            self.setColumnWidth(place + 1, min(max(width, NARROWEST), WIDEST))

    def select_row(self, position: int, column: int | None = None) -> None:
        """Go to a row (and to a sheet column's cell), in the middle of the view."""
        place = self._place_of(column)
        index = self._sheet.index(position, place)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def select_rows(self, positions: Sequence[int]) -> None:
        """Select whole rows, and go to the first."""
        chosen = QItemSelection()
        last = self._sheet.columnCount() - 1
        for position in positions:
            chosen.select(self._sheet.index(position, STATE), self._sheet.index(position, last))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def chosen_spans(self) -> list[tuple[int, int]]:
        """Positions that the selection touches, as (first, last), in order and without overlaps."""
        spans: list[tuple[int, int]] = []
        for first, last in sorted((part.top(), part.bottom()) for part in self.selectionModel().selection().toList()):
            if spans and first <= spans[-1][1] + 1:
                spans[-1] = (spans[-1][0], max(spans[-1][1], last))
            else:
                spans.append((first, last))
        return spans

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F8:
            self.next_problem_wanted.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Down and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self._header_clicked(self.currentIndex().column())
        elif event.key() == Qt.Key.Key_Delete:
            self.exclude_wanted.emit()
        else:
            super().keyPressEvent(event)

    @Slot(int)
    def _header_clicked(self, section: int) -> None:
        """A header was clicked, or Alt+Down pressed in its column, as for a filter in Excel."""
        if section > STATE:
            header = self.horizontalHeader()
            below = QPoint(header.sectionViewportPosition(section), header.height())
            self.column_wanted.emit((self._sheet.columns()[section - 1], header.mapToGlobal(below)))

    def _place_of(self, column: int | None) -> int:
        for place, candidate in enumerate(self._sheet.columns()):
            if candidate.index == column:
                return place + 1
        return STATE

    @Slot(QModelIndex, QModelIndex)
    def _current_moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.current_changed.emit(self._sheet.row_at(current.row()) if current.isValid() else None)
