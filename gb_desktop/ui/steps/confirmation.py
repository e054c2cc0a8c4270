"""The last question before live data changes: type what will be moved. A click alone is too easy."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from gb_desktop.runs.model import Review
from gb_desktop.text import amount_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.confirm import same_amount, same_count
from gb_desktop.ui.widgets import Card, IconLabel, Text, named


class Confirmation(Card):
    """Fields for the number of rows and, where there are amounts, the totals (or additions and deductions)."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confirmation")
        self._review: Review | None = None
        self._amounts: tuple[tuple[QLineEdit, str], ...] = ()
        self.layout_.addWidget(Text(tr("This sends to your live account"), "subtitle", self))
        self.layout_.addWidget(
            Text(tr("Type the figures below to show that they are the ones you mean."), "muted", self)
        )
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(tokens.MEDIUM)
        self._grid.setVerticalSpacing(tokens.SMALL)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 2)
        self.layout_.addLayout(self._grid)
        self._marks: dict[QLineEdit, IconLabel] = {}
        self.rows = self._field(0, "confirm_rows", tr("Number of rows"))
        self.total = self._field(1, "confirm_total", tr("Total"))
        self.additions = self._field(2, "confirm_additions", tr("Additions in total"))
        self.deductions = self._field(3, "confirm_deductions", tr("Deductions in total"))
        self.points = self._field(4, "confirm_points", tr("Points in total"))
        self.hide()

    def _field(self, line: int, name: str, words: str) -> QLineEdit:
        edit = named(QLineEdit(self), name, words)
        label = Text(words, "body", self, wrap=False)
        label.setBuddy(edit)
        mark = IconLabel("check", "success", tokens.ICON_SMALL, self)
        mark.hide()
        self._marks[edit] = mark
        edit.setProperty("label", label)
        edit.textChanged.connect(self._typed)
        self._grid.addWidget(label, line, 0)
        self._grid.addWidget(edit, line, 1)
        self._grid.addWidget(mark, line, 2)
        return edit

    def ask(self, review: Review, two_totals: bool) -> None:
        """Ask for these figures; what was typed for others is forgotten."""
        if review != self._review:
            for edit in self._marks:
                edit.clear()
        self._review = review
        wanted: list[tuple[QLineEdit, str]] = []
        if review.total and two_totals:
            wanted = [(self.additions, review.additions or "0"), (self.deductions, review.deductions or "0")]
        elif review.total:
            wanted = [(self.total, review.total)]
        if review.points:
            wanted.append((self.points, review.points))
        self._amounts = tuple(wanted)
        self.rows.setPlaceholderText(tr("Type {figure}", figure=tr("{rows}", rows=review.rows)))
        for edit, amount in wanted:
            edit.setPlaceholderText(tr("Type {figure}", figure=amount_words(amount)))
        asked = {edit for edit, _amount in wanted} | {self.rows}
        for edit in self._marks:
            edit.setVisible(edit in asked)
            edit.property("label").setVisible(edit in asked)
        self._typed()
        self.show()

    def why_not(self) -> str:
        """What is still to be typed, one sentence; "" when everything fits."""
        if self._review is None or self.isHidden():
            return ""
        if not same_count(self.rows.text(), self._review.rows):
            return tr("Type the number of rows to confirm.")
        if not all(same_amount(edit.text(), amount) for edit, amount in self._amounts):
            return tr("Type the total as it is shown to confirm.")
        return ""

    @Slot()
    def _typed(self) -> None:
        if self._review is not None:
            self._marks[self.rows].setVisible(same_count(self.rows.text(), self._review.rows))
            for edit, amount in self._amounts:
                self._marks[edit].setVisible(same_amount(edit.text(), amount))
        for edit, mark in self._marks.items():
            if edit.isHidden():
                mark.hide()
        self.changed.emit()
