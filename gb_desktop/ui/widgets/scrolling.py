"""Pages that are taller than the window: they scroll, with room between the cards and the bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gb_desktop.ui import tokens
from gb_desktop.ui.widgets.basics import named


class ScrollPage(QScrollArea):
    """A scroll area without a frame that grows with its room; never to be scrolled to the side.

    The room beside the bar goes to the other side with it; a layout's margins would stay where they are.
    """

    beside_changed = Signal()

    def __init__(self, inner: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._make_room()
        self.setWidget(inner)

    def _make_room(self) -> None:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.setViewportMargins(tokens.SMALL if mirrored else 0, 0, 0 if mirrored else tokens.SMALL, 0)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._make_room()
        super().changeEvent(event)

    def beside(self) -> int:
        """How many pixels the cards end before the page does: the bar, where there is one, and the room beside it."""
        return self.width() - self.viewport().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.beside_changed.emit()


class CardEdge(QWidget):
    """Stands at the end of a row below a page, so that the row's last button ends where the cards end."""

    def __init__(self, page: ScrollPage, spacing: int, parent: QWidget | None = None) -> None:
        """spacing: what the row puts before this widget, in pixels."""
        super().__init__(parent)
        self._page = page
        self._spacing = spacing
        page.beside_changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.setFixedWidth(max(0, self._page.beside() - self._spacing))
