"""On Review: rows whose IDs were sent before, named one by one, and what is to become of them."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QRadioButton, QWidget

from gb_desktop.runs.model import KnownId, Review
from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.widgets import Card, IconLabel, SecondaryButton, Text, isolated, named

_SHOWN = 6


class KnownIds(Card):
    """Nothing goes on before somebody chose: leave these rows out, or send them all the same."""

    leave_wanted = Signal(bool)  # leave the rows out; False: take them in again
    send_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("known_ids")
        head = QHBoxLayout()
        head.setSpacing(tokens.SMALL)
        head.addWidget(IconLabel("warning", "warning", parent=self))
        self.title = Text("", "subtitle", self)
        head.addWidget(self.title, 1)
        self.layout_.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(tokens.HUGE)
        self._grid.setVerticalSpacing(tokens.TINY)
        self.layout_.addLayout(self._grid)
        self.more = Text("", "muted", self)
        self.layout_.addWidget(self.more)
        self.leave = named(QRadioButton(self), "known_leave", tr("Leave these rows out"))
        self.leave.setText(tr("Leave these rows out"))
        self.send = named(QRadioButton(self), "known_send", tr("Send them all the same"))
        self.send.setText(tr("Send them all the same: Gameball refuses an ID that it knows, and such rows fail"))
        self._choice = QButtonGroup(self)
        for button in (self.leave, self.send):
            self._choice.addButton(button)
            self.layout_.addWidget(button)
        self.back = SecondaryButton(tr("Take them in again"), "known_back", "undo", self)
        line = QHBoxLayout()
        line.addWidget(self.back)
        line.addStretch(1)
        self.layout_.addLayout(line)
        self.leave.clicked.connect(self._leave)
        self.send.clicked.connect(self.send_wanted)
        self.back.clicked.connect(self._back)
        self.hide()

    def show_review(self, review: Review, send: bool) -> None:
        """The choice, or what was chosen; nothing when no ID is known."""
        asked = review.known_ids > 0
        whole = bool(review.earlier) and review.known_ids == review.rows  # asked as a whole already: the same sheet
        self.setVisible((asked and not whole) or review.left_known > 0)
        self.title.setText(_title(review))
        self._show_samples(review.known)
        hidden = review.known_ids - len(review.known[:_SHOWN])
        self.more.setText(tr("and {rows} more", rows=rows_words(hidden)))
        self.more.setVisible(asked and hidden > 0)
        self._choice.setExclusive(False)
        self.leave.setChecked(False)
        self.send.setChecked(send)
        self._choice.setExclusive(True)
        for button in (self.leave, self.send):
            button.setVisible(asked)
        self.back.setVisible(not asked)

    def _show_samples(self, samples: tuple[KnownId, ...]) -> None:
        emptied(self._grid)
        for place, one in enumerate(samples[:_SHOWN]):
            words = tr(
                "Row {row}: {ident}, sent in run {run}", row=str(one.row), ident=isolated(one.ident), run=one.run
            )
            self._grid.addWidget(Text(words, "body", self), place, 0)

    @Slot()
    def _leave(self) -> None:
        self.leave_wanted.emit(True)

    @Slot()
    def _back(self) -> None:
        self.leave_wanted.emit(False)


def _title(review: Review) -> str:
    if not review.known_ids:
        return tr("{rows} left out: IDs that were sent before", rows=rows_words(review.left_known))
    if review.known_ids == 1:
        return tr("The ID of 1 row was sent with this account before")
    return tr("The IDs of {count} rows were sent with this account before", count=review.known_ids)
