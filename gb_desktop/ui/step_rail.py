"""The rail of the six steps: where the wizard is, what is done, what can be gone to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gb_desktop.text import tr
from gb_desktop.ui import icons, tokens
from gb_desktop.ui.flow import STEPS, Flow, Step, title_of
from gb_desktop.ui.theme import colours
from gb_desktop.ui.tokens import Colours
from gb_desktop.ui.widgets import PushButton, named

_DISC = 22


class StepRail(QFrame):
    """Six buttons, one a step; `chosen` carries the step that was clicked."""

    chosen = Signal(object)  # Step

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "steps")
        self.setFixedWidth(tokens.STEP_RAIL_WIDTH)
        named(self, "step_rail", tr("Steps"))
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.LARGE, tokens.HUGE, tokens.SMALL, tokens.LARGE)
        column.setSpacing(tokens.TINY)
        self._buttons = {step: self._button(step) for step in STEPS}
        for button in self._buttons.values():
            column.addWidget(button)
        column.addStretch(1)
        self._flow: Flow | None = None

    def _button(self, step: Step) -> PushButton:
        button = named(PushButton(title_of(step), self), f"step_{step}", title_of(step))
        button.setProperty("kind", "step")
        button.setIconSize(QSize(_DISC, _DISC))
        button.clicked.connect(self._clicked)
        return button

    @Slot()
    def _clicked(self) -> None:
        sender = self.sender()
        step = next(step for step, button in self._buttons.items() if button is sender)
        self.chosen.emit(step)

    def show_flow(self, flow: Flow) -> None:
        """Draw the steps as the flow has them."""
        self._flow = flow
        for step, button in self._buttons.items():
            current, done = step is flow.current, flow.done(step)
            button.setEnabled(current or flow.can_go(step))
            button.setProperty("current", current)
            button.setIcon(self._disc(STEPS.index(step) + 1, current, done))
            button.setAccessibleDescription(_said(current, done))
            button.style().unpolish(button)
            button.style().polish(button)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._flow is not None:
            self.show_flow(self._flow)
        super().changeEvent(event)

    def _disc(self, number: int, current: bool, done: bool) -> QIcon:
        scheme = colours(self.palette())
        ratio = self.devicePixelRatioF()
        picture = QPixmap(QSize(round(_DISC * ratio), round(_DISC * ratio)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if done and not current:
            _draw_tick(painter, scheme, ratio)
        else:
            _draw_number(painter, scheme, number, current)
        painter.end()
        made = QIcon(picture)
        made.addPixmap(picture, QIcon.Mode.Disabled)
        return made


def _draw_tick(painter: QPainter, scheme: Colours, ratio: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(scheme.success_soft))
    painter.drawEllipse(1, 1, _DISC - 2, _DISC - 2)
    painter.drawPixmap(4, 4, icons.pixmap("check", scheme.success, _DISC - 8, ratio))


def _draw_number(painter: QPainter, scheme: Colours, number: int, current: bool) -> None:
    painter.setPen(QPen(QColor(scheme.accent_fill if current else scheme.border_strong), 1.25))
    painter.setBrush(QColor(scheme.accent_fill) if current else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(1, 1, _DISC - 2, _DISC - 2)
    font = painter.font()
    font.setPixelSize(12)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(scheme.on_accent if current else scheme.muted))
    painter.drawText(0, 0, _DISC, _DISC, int(Qt.AlignmentFlag.AlignCenter), str(number))


def _said(current: bool, done: bool) -> str:
    if current:
        return tr("You are here.")
    return tr("Done.") if done else tr("Still to do.")
