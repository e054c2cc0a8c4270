"""The lines of the columns step, one a field: required first, rare ones folded away until they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gb_desktop.catalog import BatchType, Field
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.field_line import FieldLine
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.steps.source_choices import SourceChoices
from gb_desktop.ui.widgets import Card, QuietButton, separator

_AT_ONCE = 3  # lines made in one turn of the event loop


class FieldLines(QWidget):
    """`made` carries each new line, so that the page can fill it; `source_changed` carries (path, Source or None)."""

    made = Signal(object)  # FieldLine
    source_changed = Signal(object)
    word_changed = Signal(object)  # (path, word, value or None)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: dict[str, FieldLine] = {}
        self._choices = SourceChoices((), self)
        self._to_make: list[tuple[Card, Field]] = []
        self._rare: list[Field] = []
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._make_some)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.MEDIUM)
        self._fields = Card(self, spacing=0)
        self._fields.setObjectName("fields")
        column.addWidget(self._fields)
        self.more = QuietButton("", "more_fields", "chevron-right", self)
        self.more.clicked.connect(self._toggle)
        column.addWidget(self.more)
        self._extended = Card(self, spacing=0)
        self._extended.setObjectName("extended_fields")
        self._extended.hide()
        column.addWidget(self._extended)

    def build(
        self,
        kind: BatchType,
        free: Iterable[str],
        headers: tuple[str, ...],
        mapped: Collection[str],
        hidden: Collection[str] = frozenset(),
    ) -> None:
        """Make the lines anew: the type's fields, then keys named by the user (`free`).

        Rare fields are shown at once when one of them is among the `mapped` paths. `hidden` are the headers of columns
        that the sheet hides.
        """
        self.lines.clear()
        self._to_make.clear()
        self._choices = SourceChoices(headers, self, hidden)
        main = sorted((field for field in kind.fields if not field.extended), key=lambda field: not field.required)
        named_by_user = [field for path in free if (field := kind.field(path)) is not None]
        self._plan(self._fields, [*main, *named_by_user])
        emptied(self._extended.layout_)
        self._rare = [field for field in kind.fields if field.extended]
        self.more.setVisible(bool(self._rare))
        self._show_rare(any(field.path in mapped for field in self._rare))
        self._make_some()

    def _plan(self, card: Card, fields: Iterable[Field]) -> None:
        emptied(card.layout_)
        self._to_make += [(card, field) for field in fields]

    @Slot()
    def _make_some(self) -> None:
        """A few lines at a time: thirty at once would hold the window for a quarter of a second."""
        for card, field in self._to_make[:_AT_ONCE]:
            if card.layout_.count():
                card.layout_.addWidget(separator(card))
            line = FieldLine(field, self._choices, card)
            line.source_changed.connect(self.source_changed)
            line.word_changed.connect(self.word_changed)
            self.lines[field.path] = line
            card.layout_.addWidget(line)
            self.made.emit(line)
        del self._to_make[:_AT_ONCE]
        if self._to_make:
            self._next.start()

    @Slot()
    def _toggle(self) -> None:
        self._show_rare(not self._extended.isVisibleTo(self))
        self._make_some()

    def _show_rare(self, shown: bool) -> None:
        """Show or hide the rare fields; their lines are made when they are first shown."""
        if shown and self._rare and not self._rare_begun():
            self._plan(self._extended, self._rare)
        self._extended.setVisible(shown)
        self.more.setText(tr("Fewer fields") if shown else tr("More fields"))
        self.more.set_icon("chevron-down" if shown else "chevron-right")

    def _rare_begun(self) -> bool:
        """Whether the rare lines are there, or planned."""
        return bool(self._extended.layout_.count()) or any(card is self._extended for card, _field in self._to_make)
