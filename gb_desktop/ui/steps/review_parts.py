"""What the review step is made of: figures, the largest rows, earlier runs of the same data, one row as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from gb_desktop.runs.model import BigRow, EarlierRun, Review
from gb_desktop.text import amount_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.alignment import NUMBERS
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.widgets import (
    Card,
    IconLabel,
    Number,
    QuietButton,
    SecondaryButton,
    StatFigure,
    Text,
    isolated,
    named,
)
from gb_desktop.ui.words import duration

_A_ROW = 4
_LAST_ROW = 1_048_576


class Figures(Card):
    """The numbers that matter, large, in the order in which they matter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figures")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(tokens.HUGE)
        self._grid.setVerticalSpacing(tokens.LARGE)
        self.layout_.addLayout(self._grid)

    def show_review(self, review: Review, two_totals: bool, left_out: int = 0) -> None:
        emptied(self._grid)
        for place, (words, value, name) in enumerate(figures_of(review, two_totals, left_out)):
            self._grid.addWidget(StatFigure(words, value, name, self), place // _A_ROW, place % _A_ROW)
        for column in range(_A_ROW):
            self._grid.setColumnStretch(column, 1)


def figures_of(review: Review, two_totals: bool, left_out: int = 0) -> list[tuple[str, str, str]]:
    """(words, value, object name) of every figure that this review has."""
    found = [
        (tr("Rows to send"), tr("{count}", count=review.rows), "figure_rows"),
        (tr("Customers"), tr("{count}", count=review.customers), "figure_customers"),
    ]
    if two_totals and review.total:
        found.append((tr("Additions"), amount_words(review.additions), "figure_additions"))
        found.append((tr("Deductions"), amount_words(review.deductions), "figure_deductions"))
    elif review.total:
        found.append((tr("Total"), amount_words(review.total), "figure_total"))
    if review.points:
        found.append((tr("Points in total"), amount_words(review.points), "figure_points"))
    if review.largest:
        found.append((tr("Largest"), amount_words(review.largest), "figure_largest"))
        found.append((tr("Smallest"), amount_words(review.smallest), "figure_smallest"))
    found.append((tr("Requests"), tr("{count}", count=review.requests), "figure_requests"))
    found.append((tr("Expected to take"), tr("about {time}", time=duration(review.seconds)), "figure_time"))
    if left_out:
        found.append((tr("Rows left out"), tr("{count}", count=left_out), "figure_left_out"))
    if review.items != review.rows:
        found.insert(1, (tr("Joined into"), tr("{count}", count=review.items), "figure_items"))
    return found


class RowsCard(Card):
    """Rows worth a look: their number, customer, amount and why."""

    wanted = Signal(int)  # a row to show as JSON

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.layout_.addWidget(Text(title, "subtitle", self))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(tokens.MEDIUM)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self.layout_.addLayout(self._grid)
        self.layout_.addStretch(1)

    def show_rows(self, rows: Sequence[BigRow]) -> None:
        emptied(self._grid)
        self.setVisible(bool(rows))
        for line, row in enumerate(rows):
            button = _RowButton(row.row, f"{self.objectName()}_{line}", self)
            button.wanted.connect(self.wanted)
            amount = Text(amount_words(row.amount), "body", self, wrap=False)
            amount.setAlignment(NUMBERS)
            self._grid.addWidget(button, line, 0)
            self._grid.addWidget(Text(isolated(row.customer), "body", self, wrap=False), line, 1)
            self._grid.addWidget(amount, line, 2)
            if row.why:
                self._grid.addWidget(Text(row.why, "caption", self), line, 3)


class _RowButton(QuietButton):
    wanted = Signal(int)

    def __init__(self, row: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("Row {row}", row=str(row)), name, "", parent)
        self.setToolTip(tr("Show exactly what is sent for this row"))
        self._row = row
        self.clicked.connect(self._clicked)

    @Slot()
    def _clicked(self) -> None:
        self.wanted.emit(self._row)


class EarlierRuns(Card):
    """Runs that sent the same data. Nothing goes again before someone says so."""

    answered = Signal(bool)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("earlier_runs")
        head = QHBoxLayout()
        head.setSpacing(tokens.SMALL)
        head.addWidget(IconLabel("warning", "warning", parent=self))
        head.addWidget(Text(tr("This data was sent before"), "subtitle", self), 1)
        self.layout_.addLayout(head)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(tokens.TINY)
        self.layout_.addLayout(self._lines)
        self.effect = named(Text("", "strong", self), "again_effect")
        self.layout_.addWidget(self.effect)
        self.again = QCheckBox(tr("Send it again all the same"), self)
        named(self.again, "send_again", self.again.text())
        self.again.clicked.connect(self.answered)
        self.layout_.addWidget(self.again)
        self.hide()

    def show_runs(self, runs: Sequence[EarlierRun], again: bool, effect: str) -> None:
        """`effect`: what sending it again would do, one sentence."""
        emptied(self._lines)
        self.effect.setText(effect)
        self.setVisible(bool(runs))
        self.again.setChecked(again)
        for place, run in enumerate(runs):
            row = QHBoxLayout()
            row.addWidget(Text(run.sentence, "body", self), 1)
            button = SecondaryButton(tr("Open that run"), f"earlier_{place}", "external", self)
            button.clicked.connect(self._opener(run.run))
            row.addWidget(button)
            self._lines.addLayout(row)

    def _opener(self, run: str) -> Callable[[], None]:
        return lambda: self.opened.emit(run)


class RowJson(Card):
    """Any row, exactly as it will be sent."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("row_json")
        head = QHBoxLayout()
        head.setSpacing(tokens.SMALL)
        head.addWidget(Text(tr("Exactly what is sent"), "subtitle", self), 1)
        label = Text(tr("Row"), "body", self, wrap=False)
        self.row = Number("json_row", tr("Row to show"), 1, _LAST_ROW, self)
        self.row.setGroupSeparatorShown(False)
        self.row.setKeyboardTracking(False)
        label.setBuddy(self.row)
        head.addWidget(label)
        head.addWidget(self.row)
        self.layout_.addLayout(head)
        self.text = named(QPlainTextEdit(self), "json_text", tr("The row as JSON"))
        self.text.setReadOnly(True)
        self.text.setProperty("mono", True)
        self.text.setFixedHeight(96)
        self.text.setTabChangesFocus(True)
        self.layout_.addWidget(self.text)
        self.row.valueChanged.connect(self.wanted)

    def show_row(self, row: int, json: str) -> None:
        """Show an item's JSON; "" for a row that isn't sent."""
        self.row.blockSignals(True)
        self.row.setValue(row)
        self.row.blockSignals(False)
        self.text.setPlainText(json or tr("Row {row} is not sent.", row=str(row)))
