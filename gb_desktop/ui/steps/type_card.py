"""One card of the first step: a batch type with what it does, what it needs, and its Excel template."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gb_desktop.catalog import BatchType, Effect
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.widgets import IconLabel, QuietButton, StateBadge, Text, Tone

NARROWEST = 196
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


def effect_words(effect: Effect) -> str:
    """What a batch does to points, as the cards say it."""
    return {
        Effect.READS: tr("Only reads"),
        Effect.UPDATES: tr("Updates customers"),
        Effect.ADDS: tr("Adds points"),
        Effect.SPENDS: tr("Spends points"),
        Effect.MOVES: tr("Moves points"),
        Effect.REWARDS: tr("May award rewards"),
    }[effect]


_TONES = {
    Effect.READS: Tone.PLAIN,
    Effect.UPDATES: Tone.INFO,
    Effect.ADDS: Tone.SUCCESS,
    Effect.SPENDS: Tone.WARNING,
    Effect.MOVES: Tone.WARNING,
    Effect.REWARDS: Tone.SUCCESS,
}


class TypeCard(QPushButton):
    """Checkable with mouse and keyboard; Enter or a double click also goes on."""

    template_wanted = Signal(str)  # the batch type's key
    opened = Signal()
    arrow = Signal(object)  # the key; the page knows how the cards lie

    def __init__(self, batch_type: BatchType, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = batch_type.key
        self.setCheckable(True)
        self.setProperty("kind", "card")
        self.setObjectName(f"type_{batch_type.key}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        effect = effect_words(batch_type.effect)
        self.setAccessibleName(f"{batch_type.title}: {effect}")
        self.setAccessibleDescription(f"{batch_type.sentence} {batch_type.needs}")
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(tokens.LARGE, tokens.LARGE, tokens.LARGE, tokens.SMALL)
        self._body.setSpacing(tokens.SMALL)
        self._build(batch_type, effect)

    def _build(self, batch_type: BatchType, effect: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(tokens.SMALL)
        head.addWidget(IconLabel(batch_type.key, "accent", 24, self))
        head.addStretch(1)
        head.addWidget(_through(StateBadge(effect, _TONES[batch_type.effect], parent=self)))
        self._body.addLayout(head)
        self._body.addWidget(_through(Text(batch_type.title, "subtitle", self)))
        self._body.addWidget(_through(Text(batch_type.sentence, "body", self)))
        self._body.addWidget(_through(Text(tr("Needs: {needs}.", needs=batch_type.needs), "caption", self)))
        self._body.addStretch(1)
        template = QuietButton(tr("Excel template"), f"template_{batch_type.key}", "download", self)
        template.setToolTip(tr("Save an empty workbook with the right columns"))
        template.setAccessibleName(tr("Save the Excel template for {type}", type=batch_type.title))
        template.clicked.connect(self._template)
        self._body.addWidget(template, 0, Qt.AlignmentFlag.AlignLeft)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._body.heightForWidth(width)

    def sizeHint(self) -> QSize:
        return QSize(NARROWEST + 44, self.heightForWidth(NARROWEST + 44))

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, self._body.minimumHeightForWidth(NARROWEST))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            self.opened.emit()
        elif event.key() in _ARROWS:
            self.arrow.emit(event.key())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.opened.emit()

    @Slot()
    def _template(self) -> None:
        self.template_wanted.emit(self.key)


def _through(widget: QWidget) -> QWidget:
    """The widget, letting clicks through to the card under it."""
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return widget
