"""A main part with a side panel, which stands below it where room is short."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from gb_desktop.ui import tokens

_SIDE_WIDTH = 268
_WIDE_ENOUGH = 860


class Beside(QWidget):
    """Whoever shows it says how wide the page is."""

    def __init__(self, main: QLayout, side: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(tokens.LARGE)
        self._row.addLayout(main, 1)
        self._row.addWidget(side)

    def arrange(self, width: int) -> None:
        """Side by side from a certain width on."""
        wide = width >= _WIDE_ENOUGH
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._row.direction() is not direction:
            self._row.setDirection(direction)
        self._side.setMaximumWidth(_SIDE_WIDTH if wide else 16_777_215)
        self._side.setMinimumWidth(_SIDE_WIDTH if wide else 0)
