"""Labels, buttons and cards: the small parts that every screen is made of."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gb_desktop.ui import icons, tokens
from gb_desktop.ui.theme import colours
from gb_desktop.ui.widgets.bidi import in_order, unbroken

W = TypeVar("W", bound=QWidget)


def named(widget: W, object_name: str, accessible: str = "", tooltip: str = "") -> W:
    """The widget with its object name, its name for screen readers and its tooltip."""
    widget.setObjectName(object_name)
    if accessible:
        widget.setAccessibleName(accessible)
    if tooltip:
        widget.setToolTip(tooltip)
    return widget


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties that the style sheet selects by, and draw the widget anew."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.updateGeometry()


class Text(QLabel):
    """A paragraph in one of the type scale's sizes: `body`, `muted`, `caption`, `subtitle`, `title`, `figure`."""

    def __init__(self, text: str = "", kind: str = "body", parent: QWidget | None = None, wrap: bool = True) -> None:
        super().__init__(parent)
        self._text = ""
        self._alignment = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        self.setProperty("textKind", kind)
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setText(text)
        self.setAlignment(self._alignment)

    def setAlignment(self, alignment: Qt.AlignmentFlag) -> None:
        """Leading is where the window is read from: Qt alone would take it from the text's own first letter."""
        self._alignment = alignment
        super().setAlignment(QStyle.visualAlignment(self.layoutDirection(), alignment))

    def text(self) -> str:
        """What was set; what is painted may hold marks that can't be seen."""
        return self._text

    def setText(self, text: str) -> None:
        self._text = text
        super().setText(in_order(unbroken(text), self.layoutDirection()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.setText(self._text)
            self.setAlignment(self._alignment)
        super().changeEvent(event)


class ElidedLabel(QWidget):
    """One line of text that is shortened where room is short, the whole of it in the tooltip."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
        kind: str = "body",
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._mode = mode
        self._kind = kind
        self.setProperty("textKind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._retip()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 8, self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._retip()
        super().resizeEvent(event)

    def _retip(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self._text) <= self.width()
        self.setToolTip("" if fits else self._text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        scheme = colours(self.palette())
        painter.setPen(scheme.muted if self._kind in ("muted", "caption") else scheme.text)
        text = in_order(self._text, self.layoutDirection())
        shown = self.fontMetrics().elidedText(text, self._mode, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), shown)


class IconLabel(QWidget):
    """An icon in a token's colour that follows the scheme and the screen's scale."""

    def __init__(self, name: str, role: str = "muted", size: int = tokens.ICON, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._role = role
        self._size = size
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_icon(self, name: str, role: str | None = None) -> None:
        self._name = name
        self._role = role or self._role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colour = getattr(colours(self.palette()), self._role)
        QPainter(self).drawPixmap(0, 0, self._drawn(colour))

    def _drawn(self, colour: str) -> QPixmap:
        return icons.pixmap(self._name, colour, self._size, self.devicePixelRatioF())


class Card(QFrame):
    """A raised surface with room inside; add to `layout_`."""

    def __init__(self, parent: QWidget | None = None, spacing: int = tokens.SMALL, margin: int = tokens.LARGE) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(margin, margin, margin, margin)
        self.layout_.setSpacing(spacing)


def mirrored(icon: str, direction: Qt.LayoutDirection) -> str:
    """The icon to use where text is read in that direction: chevrons point the other way."""
    if direction is Qt.LayoutDirection.LeftToRight:
        return icon
    return {"chevron-left": "chevron-right", "chevron-right": "chevron-left"}.get(icon, icon)


def pressed_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press the button when the key is Return or Enter; whether it was one of them.

    A key that is held down presses once: it must not run through the steps and send at their end.
    """
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return False
    if not event.isAutoRepeat():
        button.click()
    return True


class PushButton(QPushButton):
    """A push button that Return and Enter press when it has the focus, as Space does."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)


class _Button(PushButton):
    """A push button of one kind; its icon is redrawn when the scheme changes."""

    kind = "secondary"
    icon_role = "text"

    def __init__(self, text: str, name: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self.setProperty("kind", self.kind)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        named(self, name, text)
        self._redraw()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        option.text = in_order(option.text, option.direction)

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LayoutDirectionChange):
            self._redraw()
        super().changeEvent(event)

    def _redraw(self) -> None:
        if self._icon:
            name = mirrored(self._icon, self.layoutDirection())
            self.setIcon(icons.palette_icon(name, self.palette(), self.icon_role, tokens.ICON_SMALL))
            self.setIconSize(QSize(tokens.ICON_SMALL, tokens.ICON_SMALL))


class PrimaryButton(_Button):
    """The one button of a screen that moves things on."""

    kind = "primary"
    icon_role = "on_accent"

    def lead(self, leads: bool) -> None:
        """Whether it is the screen's one: it steps back while another question comes first."""
        self.icon_role = "on_accent" if leads else "text"
        self.setProperty("kind", "primary" if leads else "secondary")
        self.style().unpolish(self)
        self.style().polish(self)
        self._redraw()


class SecondaryButton(_Button):
    """Any other button."""


class QuietButton(_Button):
    """A button without a frame, for small things beside text."""

    kind = "quiet"
    icon_role = "accent"


class DangerButton(_Button):
    """A button that takes something away for good."""

    kind = "danger"
    icon_role = "danger"


class IconButton(QToolButton):
    """A button of an icon alone; its words are in the tooltip and the accessible name."""

    def __init__(self, icon: str, words: str, name: str, role: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._role = role
        self.setProperty("kind", "icon")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(tokens.ICON_SMALL, tokens.ICON_SMALL))
        named(self, name, words, words)
        self._redraw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def set_icon(self, icon: str, words: str = "") -> None:
        self._icon = icon
        if words:
            self.setAccessibleName(words)
            self.setToolTip(words)
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._redraw()
        super().changeEvent(event)

    def _redraw(self) -> None:
        self.setIcon(icons.palette_icon(self._icon, self.palette(), self._role, tokens.ICON_SMALL))


def labelled(label: str, field: QWidget, hint: str = "") -> QWidget:
    """A field under its label (its buddy), with a hint in small words below."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(tokens.TINY)
    words = Text(label, "strong", wrap=False)
    words.setBuddy(field)
    column.addWidget(words)
    column.addWidget(field)
    if hint:
        column.addWidget(Text(hint, "caption"))
    return holder
