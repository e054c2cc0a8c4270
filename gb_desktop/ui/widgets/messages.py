"""What a screen says about its state: banners, badges, empty states, figures, folded details, progress."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.widgets.basics import (
    IconButton,
    IconLabel,
    PrimaryButton,
    QuietButton,
    SecondaryButton,
    Text,
    named,
    restyle,
)


class Tone(StrEnum):
    """How a message is meant; always said in words too."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"
    PLAIN = "plain"


_ICONS = {Tone.INFO: "info", Tone.SUCCESS: "check", Tone.WARNING: "warning", Tone.ERROR: "cross", Tone.PLAIN: "info"}
_ROLES = {
    Tone.INFO: "accent",
    Tone.SUCCESS: "success",
    Tone.WARNING: "warning",
    Tone.ERROR: "danger",
    Tone.PLAIN: "muted",
}


class FoldedDetails(QWidget):
    """Technical details behind a small button, with Copy."""

    def __init__(self, details: str = "", name: str = "details", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(tokens.TINY)
        row = QHBoxLayout()
        row.setSpacing(tokens.SMALL)
        self.toggle = QuietButton(tr("Details"), f"{name}_toggle", "chevron-right", self)
        self.toggle.clicked.connect(self._toggle)
        self.copy = QuietButton(tr("Copy"), f"{name}_copy", "copy", self)
        self.copy.clicked.connect(self._copy)
        row.addWidget(self.toggle)
        row.addWidget(self.copy)
        row.addStretch(1)
        outer.addLayout(row)
        self.box = named(QPlainTextEdit(self), f"{name}_text", tr("Details"))
        self.box.setReadOnly(True)
        self.box.setProperty("mono", True)
        self.box.setMaximumHeight(160)
        self.box.hide()
        outer.addWidget(self.box)
        self.set_details(details)

    def set_details(self, details: str) -> None:
        self.box.setPlainText(details)
        self.setVisible(bool(details))

    @Slot()
    def _toggle(self) -> None:
        shown = not self.box.isVisibleTo(self)
        self.box.setVisible(shown)
        self.toggle.set_icon("chevron-down" if shown else "chevron-right")

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.box.toPlainText())


class Banner(QFrame):
    """A message in its place: what happened, what it means for the data, what to do; details folded."""

    closed = Signal()

    def __init__(self, tone: Tone = Tone.INFO, name: str = "banner", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name)
        self.setProperty("banner", tone.value)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(tokens.LARGE, tokens.MEDIUM, tokens.MEDIUM, tokens.MEDIUM)
        outer.setSpacing(tokens.MEDIUM)
        self._icon = IconLabel(_ICONS[tone], _ROLES[tone], tokens.ICON, self)
        outer.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        body = QVBoxLayout()
        body.setSpacing(tokens.TINY)
        self.title = Text("", "strong", self)
        self.sentence = Text("", "body", self)
        self.what_to_do = Text("", "body", self)
        self._actions = QWidget(self)  # a layout without items would keep the banner's column narrow
        self.action_row = QHBoxLayout(self._actions)
        self.action_row.setContentsMargins(0, tokens.TINY, 0, 0)
        self.action_row.setSpacing(tokens.SMALL)
        self._actions.hide()
        self.details = FoldedDetails("", f"{name}_details", self)
        for part in (self.title, self.sentence, self.what_to_do):
            body.addWidget(part)
        body.addWidget(self._actions)
        body.addWidget(self.details)
        outer.addLayout(body, 1)
        self.close_button = IconButton("cross", tr("Close this message"), f"{name}_close", parent=self)
        self.close_button.clicked.connect(self._close)
        outer.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(
        self,
        tone: Tone,
        title: str,
        sentence: str = "",
        what_to_do: str = "",
        details: str = "",
        closable: bool = False,
    ) -> None:
        """Show a message; it stays until `clear` or, when `closable`, until the user closes it."""
        restyle(self, banner=tone.value)
        self._icon.set_icon(_ICONS[tone], _ROLES[tone])
        for label, words in ((self.title, title), (self.sentence, sentence), (self.what_to_do, what_to_do)):
            label.setText(words)
            label.setVisible(bool(words))
        self.details.set_details(details)
        self.close_button.setVisible(closable)
        self.setAccessibleName(" ".join(words for words in (title, sentence, what_to_do) if words))
        self.show()

    def clear_actions(self) -> None:
        while (item := self.action_row.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._actions.hide()

    def set_action(self, text: str, name: str, slot: Callable[[], object], *, leads: bool = False) -> None:
        """Put one button under the sentences, instead of any earlier ones. leads: it is the screen's one."""
        self.clear_actions()
        self.action_row.addStretch(1)
        self._actions.show()
        self._put(PrimaryButton(text, name, parent=self) if leads else SecondaryButton(text, name, parent=self), slot)

    def add_action(self, text: str, name: str, slot: Callable[[], object]) -> None:
        """Put a further button after those that are there."""
        self._put(SecondaryButton(text, name, parent=self), slot)

    def _put(self, button: QAbstractButton, slot: Callable[[], object]) -> None:
        button.clicked.connect(slot)
        self.action_row.insertWidget(self.action_row.count() - 1, button)

    def clear(self) -> None:
        self.clear_actions()
        self.hide()

    @Slot()
    def _close(self) -> None:
        self.clear()
        self.closed.emit()


class StateBadge(QFrame):
    """A state as a word in a soft pill, with an icon where one is given."""

    def __init__(self, word: str = "", tone: Tone = Tone.PLAIN, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.SMALL, 2, tokens.SMALL, 2)
        row.setSpacing(tokens.TINY)
        self._icon = IconLabel(icon or "info", _ROLES[tone], 14, self)
        self._word = Text("", "badge", self, wrap=False)
        row.addWidget(self._icon)
        row.addWidget(self._word)
        self.set_state(word, tone, icon)

    def set_state(self, word: str, tone: Tone, icon: str = "") -> None:
        self._word.setText(word)
        self._icon.set_icon(icon or "info", _ROLES[tone])
        self._icon.setVisible(bool(icon))
        self.setAccessibleName(word)
        restyle(self, badge=tone.value)
        restyle(self._word, tone=tone.value)

    def word(self) -> str:
        return self._word.text()


class EmptyState(QWidget):
    """What a list says when nothing is in it, and the one thing to do about it."""

    def __init__(
        self, icon: str, title: str, sentence: str, button: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.HUGE, tokens.HUGE, tokens.HUGE, tokens.HUGE)
        outer.setSpacing(tokens.SMALL)
        outer.addStretch(1)
        outer.addWidget(IconLabel(icon, "muted", 40, self), 0, Qt.AlignmentFlag.AlignHCenter)
        self.title = Text(title, "subtitle", self)
        self.sentence = Text(sentence, "muted", self)
        for label in (self.title, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            outer.addWidget(label)
        if button is not None:
            outer.addSpacing(tokens.SMALL)
            outer.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)

    def say(self, title: str, sentence: str) -> None:
        self.title.setText(title)
        self.sentence.setText(sentence)


class StatFigure(QWidget):
    """A large figure over a small word."""

    def __init__(self, label: str, value: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.value = Text(value, "figure", self, wrap=False)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label = Text(label, "caption", self, wrap=False)
        outer.addWidget(self.value)
        outer.addWidget(self.label)
        named(self, name, f"{label}: {value}")

    def set_value(self, value: str, tone: Tone = Tone.PLAIN) -> None:
        self.value.setText(value)
        if self.value.property("tone") != tone.value:
            restyle(self.value, tone=tone.value)
        self.setAccessibleName(f"{self.label.text()}: {value}")


class Section(QWidget):
    """A heading, a sentence, and what belongs under them; add to `body`."""

    def __init__(self, title: str, sentence: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(tokens.SMALL)
        self.title = Text(title, "subtitle", self)
        outer.addWidget(self.title)
        self.sentence = Text(sentence, "muted", self)
        self.sentence.setVisible(bool(sentence))
        outer.addWidget(self.sentence)
        self.body = QVBoxLayout()
        self.body.setSpacing(tokens.MEDIUM)
        outer.addLayout(self.body)


class BusyBar(QWidget):
    """A sentence, a progress bar (moving to and fro while the total is unknown) and Cancel."""

    cancelled = Signal()

    def __init__(self, name: str = "busy", cancellable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(tokens.SMALL)
        row = QHBoxLayout()
        row.setSpacing(tokens.MEDIUM)
        self.sentence = Text("", "body", self)
        row.addWidget(self.sentence, 1)
        self.cancel = SecondaryButton(tr("Cancel"), f"{name}_cancel", parent=self)
        self.cancel.setVisible(cancellable)
        self.cancel.clicked.connect(self.cancelled)
        row.addWidget(self.cancel)
        outer.addLayout(row)
        self.bar = named(QProgressBar(self), f"{name}_bar", tr("Progress"))
        self.bar.setTextVisible(False)
        outer.addWidget(self.bar)
        self.hide()

    def begin(self, sentence: str) -> None:
        """Show the bar at once, its total unknown."""
        self.bar.setRange(0, 0)
        self.sentence.setText(sentence)
        self.cancel.setEnabled(True)
        self.show()

    def advance(self, sentence: str, done: int, total: int) -> None:
        """How far it is; `total` 0 means unknown. Counts beyond Qt's 32 bits are scaled."""
        self.sentence.setText(sentence)
        if total <= 0:
            self.bar.setRange(0, 0)
            return
        self.bar.setRange(0, 1000)
        self.bar.setValue(min(1000, done * 1000 // total))

    def end(self) -> None:
        self.hide()


def separator(parent: QWidget | None = None) -> QLabel:
    """A hair line between two parts."""
    line = QLabel(parent)
    line.setProperty("line", True)
    line.setFixedHeight(1)
    return line
