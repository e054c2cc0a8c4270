"""The chunk table: one line a request, paged from the run file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gb_desktop.runs.model import ChunkLine, ChunkState
from gb_desktop.text import tr
from gb_desktop.ui.alignment import NUMBERS, TEXTS
from gb_desktop.ui.grid.pages import Pages

Index = QModelIndex | QPersistentModelIndex
NUMBER, STATE, JOB, ROWS, SUCCEEDED, FAILED, UNKNOWN, TRIES, TIME, NOTE = range(10)
LINE_ROLE = Qt.ItemDataRole.UserRole + 2
_NOWHERE = QModelIndex()
_KEPT = 500  # lines; each is read alone, because a line adds up the outcomes of up to a thousand items
_TEXTS = frozenset({STATE, JOB, NOTE})


class ChunkModel(QAbstractTableModel):
    """Chunks in order of their numbers, which count from 1 without a gap."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages: Pages[ChunkLine] = Pages(_nothing)
        self._headers = (
            tr("Request"),
            tr("State"),
            tr("Job"),
            tr("Rows"),
            tr("Succeeded"),
            tr("Failed"),
            tr("Unknown"),
            tr("Tries"),
            tr("Time"),
            tr("Note"),
        )

    def show(self, fetch: Callable[[int, int], Sequence[ChunkLine]], count: int) -> None:
        self.beginResetModel()
        self._pages = Pages(fetch, count, size=1, kept=_KEPT)
        self.endResetModel()

    def grow(self, count: int) -> None:
        """More chunks than before: follow-ups and halved requests are added at the end."""
        before = self._pages.count
        if count > before:
            self._pages.forget(before)
            self.beginInsertRows(_NOWHERE, before, count - 1)
            self._pages.count = count
            self.endInsertRows()

    def refresh(self, positions: Iterable[int]) -> None:
        """Read these lines again (positions from 0)."""
        for position in positions:
            if 0 <= position < self._pages.count:
                self._pages.forget(position)
                self.dataChanged.emit(self.index(position, 0), self.index(position, NOTE))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._pages.count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return TEXTS if section in _TEXTS else NUMBERS
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._pages.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _words(line, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return TEXTS if index.column() in _TEXTS else NUMBERS
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in (STATE, NOTE):
            return line.sentence or chunk_words(line.state)
        return line if role == LINE_ROLE else None


def chunk_words(state: ChunkState) -> str:
    """A chunk's state as the screen calls it."""
    return {
        ChunkState.PLANNED: tr("Waiting"),
        ChunkState.SENDING: tr("Sending"),
        ChunkState.ACCEPTED: tr("Accepted, in work"),
        ChunkState.FINISHED: tr("Finished"),
        ChunkState.REJECTED: tr("Refused"),
        ChunkState.UNSURE: tr("Unsure"),
    }[state]


def _words(line: ChunkLine, column: int) -> str:
    if column == STATE:
        return chunk_words(line.state)
    if column in (JOB, NOTE):
        return line.job if column == JOB else line.sentence
    if column == TIME:
        return tr("{seconds} s", seconds=f"{line.seconds:.1f}") if line.seconds else ""
    number = {
        NUMBER: line.chunk,
        ROWS: line.rows,
        SUCCEEDED: line.succeeded,
        FAILED: line.failed,
        UNKNOWN: line.unknown,
        TRIES: line.tries,
    }[column]
    return tr("{number}", number=number)


def _nothing(first: int, count: int) -> Sequence[ChunkLine]:  # noqa: ARG001 - the shape of a page source
    return ()
