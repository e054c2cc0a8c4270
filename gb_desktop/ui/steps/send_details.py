"""Below the counters: the requests, the reasons of rows that did not succeed, and the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)

from gb_desktop.runs.model import ChunkLine, FailureGroup, LogLine
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.alignment import NUMBERS, TEXTS
from gb_desktop.ui.grid.chunks import (
    FAILED,
    JOB,
    NOTE,
    NUMBER,
    ROWS,
    STATE,
    SUCCEEDED,
    TIME,
    TRIES,
    UNKNOWN,
    ChunkModel,
)
from gb_desktop.ui.steps.send_work import Stored
from gb_desktop.ui.widgets import kept_in_order, named
from gb_desktop.ui.words import outcome_word, when

_WIDTHS = (84, 140, 110, 72, 88, 72, 84, 64, 72)
_NUMBERS = (NUMBER, ROWS, SUCCEEDED, FAILED, UNKNOWN, TRIES)
_NOTE_LEAST = 80  # less of a note says nothing; it is in the state's tooltip too


class SendDetails(QTabWidget):
    """Three tables; the requests are paged, the others are short."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("send_details")
        self.setDocumentMode(True)
        self.chunks = ChunkModel(self)
        self.requests = named(QTableView(self), "chunk_table", tr("Requests"))
        self.requests.setModel(self.chunks)
        _dress(self.requests)
        self.requests.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.requests.horizontalHeader().setSectionResizeMode(NOTE, QHeaderView.ResizeMode.Stretch)
        self.reasons = self._table("reason_table", tr("Reasons"), (tr("Outcome"), tr("Rows"), tr("Reason")))
        rows = QTableWidgetItem(tr("Rows"))
        rows.setTextAlignment(NUMBERS)  # as its numbers are
        self.reasons.setHorizontalHeaderItem(1, rows)
        self.log = self._table("log_table", tr("Log"), (tr("When"), tr("What happened")))
        self.addTab(self.requests, tr("Requests"))
        self.addTab(self.reasons, tr("Reasons"))
        self.addTab(self.log, tr("Log"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - self.requests.verticalScrollBar().sizeHint().width() - 2 * self.requests.frameWidth()
        widths = _WIDTHS if room >= sum(_WIDTHS) + _NOTE_LEAST else self._narrow(room)
        for column, width in enumerate(widths):
            self.requests.setColumnWidth(column, width)
        self.requests.setColumnHidden(NOTE, room < sum(widths) + _NOTE_LEAST)

    def _narrow(self, room: int) -> list[int]:
        """Widths for a small window or a large font: every number stays in sight, words are shortened if need be."""
        heads = self.requests.horizontalHeader()
        widths = [heads.sectionSizeHint(column) for column in range(NOTE)]
        for column, longest in ((JOB, "0000000"), (TIME, "000.0 s")):
            widths[column] = max(widths[column], self._needed(longest))
        others = sum(widths) - widths[STATE]
        widths[STATE] = min(_WIDTHS[STATE], max(self._needed(tr("Finished")), room - others))
        return self._shortened(widths, sum(widths) - room)

    def _shortened(self, widths: list[int], excess: int) -> list[int]:
        """The widest heads over numbers give way, down to what the numbers need; their words are in the tooltips."""
        least = self._needed("1,000")
        for _pixel in range(excess):
            widest = max(_NUMBERS, key=widths.__getitem__)
            widths[widest] -= widths[widest] > least
        return widths

    def _needed(self, text: str) -> int:
        """The width of a column whose cells hold such a text."""
        return self.requests.fontMetrics().horizontalAdvance(text) + tokens.LARGE

    def _table(self, name: str, words: str, headers: tuple[str, ...]) -> QTableWidget:
        table = named(QTableWidget(0, len(headers), self), name, words)
        table.setHorizontalHeaderLabels(headers)
        _dress(table)
        table.setColumnWidth(0, 150)
        table.horizontalHeader().setDefaultAlignment(TEXTS)
        table.horizontalHeader().setStretchLastSection(True)
        return table

    def open_chunks(self, fetch: Callable[[int, int], Sequence[ChunkLine]], count: int) -> None:
        self.chunks.show(fetch, count)

    def chunks_changed(self, numbers: Iterable[int], fetch: Callable[[int, int], Sequence[ChunkLine]]) -> None:
        """Lines of these chunk numbers changed; numbers beyond the last are new ones."""
        changed = sorted(numbers)
        if not changed:
            return
        if not self.chunks.rowCount():
            self.chunks.show(fetch, changed[-1])
        self.chunks.grow(changed[-1])
        self.chunks.refresh(number - 1 for number in changed)

    def show_stored(self, found: Stored) -> None:
        """The reasons and the log of a run at rest."""
        self._show_reasons(found.failures)
        self._show_log(found.log)
        self.chunks.grow(found.chunks)
        self.chunks.refresh(range(self.chunks.rowCount()) if self.chunks.rowCount() <= 200 else ())
        self.setTabText(1, tr("Reasons ({count})", count=len(found.failures)) if found.failures else tr("Reasons"))

    def _show_reasons(self, groups: Sequence[FailureGroup]) -> None:
        self.reasons.setRowCount(len(groups))
        for line, group in enumerate(groups):
            number = QTableWidgetItem(tr("{count}", count=group.count))
            number.setTextAlignment(NUMBERS)
            self.reasons.setItem(line, 0, QTableWidgetItem(outcome_word(group.outcome)))
            self.reasons.setItem(line, 1, number)
            self.reasons.setItem(line, 2, QTableWidgetItem(group.message))

    def _show_log(self, lines: Sequence[LogLine]) -> None:
        self.log.setRowCount(len(lines))
        for line, entry in enumerate(reversed(lines)):
            self.log.setItem(line, 0, QTableWidgetItem(when(entry.at)))
            self.log.setItem(line, 1, QTableWidgetItem(entry.sentence))


def _dress(table: QTableView) -> None:
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    kept_in_order(table)
    table.setWordWrap(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 12)
