"""Fields to choose and to type in: drop-downs, short lists, a line to search with, whole numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QSpinBox, QStyle, QStyleOptionComboBox, QWidget

from gb_desktop.ui import icons, tokens
from gb_desktop.ui.widgets.basics import named
from gb_desktop.ui.widgets.bidi import in_order

_LINES_SHOWN, _LINES_MEASURED = 15, 200
_WIDEST_LIST, _BESIDE_LINES = 420, 52  # beside a line: its margins and the scroll bar


class Chooser(QComboBox):
    """A drop-down that the mouse wheel doesn't change by accident while a page is scrolled."""

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMaxVisibleItems(_LINES_SHOWN)
        named(self, name, accessible)

    def showPopup(self) -> None:
        """The list may be wider than its field; of very many lines the first ones say how wide."""
        metrics, count = self.fontMetrics(), min(self.count(), _LINES_MEASURED)
        longest = max((metrics.horizontalAdvance(self.itemText(line)) for line in range(count)), default=0)
        self.view().setMinimumWidth(min(_WIDEST_LIST, longest + _BESIDE_LINES))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Shorten with dots what doesn't fit: Qt itself cuts it within a letter."""
        super().initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        shown = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        option.currentText = in_order(shown, option.direction)


class Choices(QListWidget):
    """A short list to choose one line from."""

    def __init__(self, name: str, accessible: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(width)
        named(self, name, accessible)

    def showEvent(self, event: QShowEvent) -> None:
        self.doItemsLayout()  # lines that were added before the style was known have the wrong height
        super().showEvent(event)


class SearchField(QLineEdit):
    """A line to search with: a glass before the text, a cross to clear it."""

    def __init__(self, name: str, accessible: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glass = self.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.setPlaceholderText(placeholder)
        self.setClearButtonEnabled(True)
        named(self, name, accessible)
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._redraw()
        super().changeEvent(event)

    def _redraw(self) -> None:
        self._glass.setIcon(icons.palette_icon("search", self.palette(), "muted"))


class Number(QSpinBox):
    """A whole number with room before its first digit; the mouse wheel doesn't change it by accident."""

    def __init__(self, name: str, accessible: str, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(least, most)
        self.setGroupSeparatorShown(True)
        self.lineEdit().setTextMargins(tokens.SMALL - 2, 0, 0, 0)  # a spin box ignores the style sheet's padding
        named(self, name, accessible)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
