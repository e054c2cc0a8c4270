"""The figures a run was reviewed with, read-only: what was in it."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gb_desktop.runs.model import BigRow, Review
from gb_desktop.text import amount_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.alignment import NUMBERS
from gb_desktop.ui.widgets import Card, EmptyState, Section, StatFigure, Text, isolated, named

_ACROSS = 4
_AMOUNT = 2  # the cell of a row that holds its number


class ReviewFigures(QScrollArea):
    """Large figures, the largest rows and what was unusual. One label a line: there are at most ten of each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "review_figures", tr("What was in it"))
        self.setWidgetResizable(True)
        self._shown: Review | None = None
        self.show_review(None, force=True)

    def show_review(self, review: Review | None, force: bool = False) -> None:
        """Show the figures, or say that there are none."""
        if review == self._shown and not force:
            return
        self._shown = review
        self.setWidget(_figures(review) if review else _nothing())


def _nothing() -> QWidget:
    return EmptyState(
        "sheet", tr("No figures yet."), tr("This run was never reviewed, so nothing was planned or sent.")
    )


def _figures(review: Review) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(tokens.HUGE, tokens.LARGE, tokens.HUGE, tokens.LARGE)
    column.setSpacing(tokens.LARGE)
    column.addWidget(_numbers(review))
    for title, rows in ((tr("Largest rows"), review.biggest), (tr("Unusual rows"), review.unusual)):
        if rows:
            column.addWidget(_rows(title, rows))
    if review.differences:
        section = Section(tr("Different from the last run of this mapping"))
        for sentence in review.differences:
            section.body.addWidget(Text(sentence, "body"))
        column.addWidget(section)
    column.addStretch(1)
    return holder


def _numbers(review: Review) -> QWidget:
    pairs = [
        (tr("Rows"), f"{review.rows:,}"),
        (tr("Customers"), f"{review.customers:,}"),
        (tr("Requests"), f"{review.requests:,}"),
        (tr("Total"), amount_words(review.total)),
        (tr("Points in total"), amount_words(review.points)),
        (tr("Additions"), amount_words(review.additions)),
        (tr("Deductions"), amount_words(review.deductions)),
        (tr("Largest"), amount_words(review.largest)),
        (tr("Smallest"), amount_words(review.smallest)),
        (tr("Median"), amount_words(review.median)),
    ]
    card = Card()
    grid = QGridLayout()
    grid.setHorizontalSpacing(tokens.HUGE)
    grid.setVerticalSpacing(tokens.LARGE)
    for at, (word, value) in enumerate(pair for pair in pairs if pair[1]):
        grid.addWidget(StatFigure(word, value), at // _ACROSS, at % _ACROSS)
    card.layout_.addLayout(grid)
    return card


def _rows(title: str, rows: tuple[BigRow, ...]) -> QWidget:
    section = Section(title)
    card = Card(margin=tokens.MEDIUM)
    grid = QGridLayout()
    grid.setHorizontalSpacing(tokens.HUGE)
    grid.setVerticalSpacing(tokens.TINY)
    for at, row in enumerate(rows):
        cells: tuple[QLabel, ...] = (
            Text(tr("Row {row}", row=row.row), "muted", wrap=False),
            Text(isolated(row.customer), "body", wrap=False),
            Text(isolated(amount_words(row.amount)), "strong", wrap=False),
            Text(row.why, "muted", wrap=False),
        )
        cells[_AMOUNT].setAlignment(NUMBERS)
        for across, cell in enumerate(cells):
            grid.addWidget(cell, at, across)
    grid.setColumnStretch(3, 1)
    card.layout_.addLayout(grid)
    section.body.addWidget(card)
    return section
