"""The first column of a sheet, standing still at the leading edge while the others scroll below it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QHeaderView, QTableView


class FrozenColumn(QTableView):
    """A second view of the same model and selection, only as wide as the first column.

    It never takes the focus, edits nothing and scrolls only as its sheet does.
    """

    def __init__(self, sheet: QTableView) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self.setModel(sheet.model())
        self.setSelectionModel(sheet.selectionModel())
        self.setFocusProxy(sheet)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setAutoScroll(False)  # it would follow the cursor into columns that it must not show
        self.setSelectionMode(sheet.selectionMode())
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, heads = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(sheet.verticalHeader().defaultSectionSize())
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads.setHighlightSections(False)
        heads.setSelectionModel(QItemSelectionModel(sheet.model(), self))  # as its sheet's: an empty one to ask
        sheet.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)

    def place(self) -> None:
        """Stand over the sheet's first column, between its row numbers and what scrolls."""
        sheet, heads = self._sheet, self._sheet.horizontalHeader()
        width = sheet.columnWidth(0)
        self.setColumnWidth(0, width)
        self.horizontalHeader().setFixedHeight(heads.height())
        body = sheet.viewport().geometry()
        width = min(width, body.width())
        left = body.right() + 1 - width if self.isRightToLeft() else body.left()
        self.setGeometry(QRect(left, heads.geometry().top(), width, heads.height() + body.height()))
        self.verticalScrollBar().setValue(sheet.verticalScrollBar().value())

    def wheelEvent(self, event: QWheelEvent) -> None:
        QApplication.sendEvent(self._sheet.viewport(), event)
