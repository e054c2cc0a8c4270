"""The left rail: New batch, Runs, Accounts, Settings, Help, by icon and word."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.text import tr
from gb_desktop.ui import icons, tokens
from gb_desktop.ui.theme import colours
from gb_desktop.ui.widgets import IconLabel, PushButton, Text, named

NEW, RUNS, ACCOUNTS, SETTINGS, HELP = "new", "runs", "accounts", "settings", "help"
_ICONS = {NEW: "new-batch", RUNS: "runs", ACCOUNTS: "accounts", SETTINGS: "settings", HELP: "help"}


class Rail(QFrame):
    """Five places; `chosen` carries the name of the one that was clicked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "rail")
        self.setFixedWidth(tokens.RAIL_WIDTH)
        named(self, "rail", tr("Places"))
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.MEDIUM, tokens.LARGE, tokens.MEDIUM, tokens.LARGE)
        column.setSpacing(tokens.TINY)
        column.addLayout(self._name())
        column.addSpacing(tokens.LARGE)
        self._group = QButtonGroup(self)
        words = {
            NEW: tr("New batch"),
            RUNS: tr("Runs"),
            ACCOUNTS: tr("Accounts"),
            SETTINGS: tr("Settings"),
            HELP: tr("Help"),
        }
        self.buttons = {place: self._button(place, word) for place, word in words.items()}
        for place, button in self.buttons.items():
            if place == SETTINGS:
                column.addStretch(1)
            column.addWidget(button)
        self._redraw()

    def _name(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(tokens.SMALL, 0, 0, 0)
        line.setSpacing(tokens.SMALL)
        line.addWidget(IconLabel("app", "accent", 24, self))
        line.addWidget(Text(tr("GB Desktop"), "subtitle", self, wrap=False))
        line.addStretch(1)
        return line

    def _button(self, place: str, word: str) -> PushButton:
        button = named(PushButton(word, self), f"rail_{place}", word)
        button.setProperty("kind", "rail")
        button.setCheckable(True)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setIconSize(QSize(tokens.ICON, tokens.ICON))
        self._group.addButton(button)
        button.clicked.connect(self._clicked)
        return button

    @Slot()
    def _clicked(self) -> None:
        sender = self.sender()
        self.chosen.emit(next(place for place, button in self.buttons.items() if button is sender))

    def show_place(self, place: str) -> None:
        """Mark the place that the window shows."""
        self.buttons[place].setChecked(True)
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._redraw()
        super().changeEvent(event)

    def _redraw(self) -> None:
        scheme = colours(self.palette())
        for place, button in getattr(self, "buttons", {}).items():
            colour = scheme.accent if button.isChecked() else scheme.muted
            button.setIcon(icons.icon(_ICONS[place], colour))
