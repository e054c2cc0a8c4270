"""The table of runs: one line a run, searched and filtered in memory (there are hundreds, not millions)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPalette

from gb_desktop.runs.events import Counts
from gb_desktop.runs.model import RunFacts, RunState
from gb_desktop.text import tr
from gb_desktop.ui.alignment import NUMBERS, TEXTS
from gb_desktop.ui.icons import palette_icon
from gb_desktop.ui.words import STATE_ICONS, STATE_TONES, state_word, type_title, when

Index = QModelIndex | QPersistentModelIndex
RUN_ROLE = Qt.ItemDataRole.UserRole + 1  # the RunFacts of a line
VALUE_ROLE = Qt.ItemDataRole.UserRole + 2  # the cell's own value, to sort or copy by

STATE, FILE, TYPE, ACCOUNT, ROWS, OUTCOME, WHEN = range(7)
_NUMBERS = frozenset({ROWS})
WIDTHS = {STATE: 154, TYPE: 150, ACCOUNT: 146, ROWS: 64, OUTCOME: 196, WHEN: 126}

_TONE_ROLES = {"info": "accent", "success": "success", "warning": "warning", "error": "danger", "plain": "muted"}


def headers() -> tuple[str, ...]:
    """The table's header words, by column."""
    return (
        tr("State"),
        tr("File"),
        tr("Batch type"),
        tr("Account"),
        tr("Rows"),
        tr("Outcome"),
        tr("When"),
    )


_VALUES: dict[int, Callable[[RunFacts], Any]] = {
    STATE: lambda run: state_word(run.state),
    FILE: lambda run: PurePath(run.file).name or (run.sentence if run.unreadable else tr("No workbook yet")),
    TYPE: lambda run: type_title(run.type),
    ACCOUNT: lambda run: run.account,
    ROWS: lambda run: run.counts.rows,
    OUTCOME: lambda run: outcome(run.counts),
    WHEN: lambda run: run.finished or run.created,
}


def outcome(counts: Counts) -> str:
    """What became of the rows: `188 succeeded · 12 failed · 4 left out`; "" while nothing has an outcome.

    All parts together are the run's rows. Rows on their way are none of "not sent": that is known later.
    """
    good = counts.succeeded + counts.already_applied
    parts = [
        tr("{count} succeeded", count=good) if good else "",
        tr("{count} failed", count=counts.failed) if counts.failed else "",
        tr("{count} unknown", count=counts.unknown) if counts.unknown else "",
    ]
    if any(parts):
        waiting = counts.not_sent - counts.in_flight
        parts += [
            tr("{count} under way", count=counts.in_flight) if counts.in_flight else "",
            tr("{count} not sent", count=waiting) if waiting > 0 else "",
            tr("{count} left out", count=counts.excluded) if counts.excluded else "",
        ]
    return " · ".join(part for part in parts if part)


def _unbroken(parts: str) -> str:
    """The same words, broken into lines only between the parts: a number stays beside what it counts."""
    return parts.replace(" ", "\u00a0").replace("\u00a0·\u00a0", "\u00a0· ")


def fits(run: RunFacts, text: str, states: frozenset[RunState]) -> bool:
    """True when a run is in one of the states (none: any) and every searched word is in its file, type or account."""
    if states and run.state not in states:
        return False
    hay = " ".join((run.file, type_title(run.type), run.account, run.environment, run.run)).casefold()
    return all(word in hay for word in text.casefold().split())


class RunsModel(QAbstractTableModel):
    """Runs as a table, newest first."""

    def __init__(self, palette: Callable[[], QPalette], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._headers = headers()
        self._all: tuple[RunFacts, ...] = ()
        self._shown: tuple[RunFacts, ...] = ()
        self._text = ""
        self._states: frozenset[RunState] = frozenset()

    def show_runs(self, runs: Sequence[RunFacts]) -> None:
        self._all = tuple(runs)
        self._filter()

    def search(self, text: str, states: frozenset[RunState]) -> None:
        """Show only the runs that fit."""
        self._text, self._states = text, states
        self._filter()

    def _filter(self) -> None:
        shown = tuple(run for run in self._all if fits(run, self._text, self._states))
        if shown != self._shown:
            self.beginResetModel()
            self._shown = shown
            self.endResetModel()

    @property
    def total(self) -> int:
        """How many runs there are, shown or not."""
        return len(self._all)

    def run_at(self, row: int) -> RunFacts | None:
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, run: str) -> int:
        """The line of a run, -1 when it isn't shown."""
        return next((row for row, facts in enumerate(self._shown) if facts.run == run), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run = self.run_at(index.row()) if index.isValid() else None
        if run is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown_text(run, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role in (Qt.ItemDataRole.DecorationRole, Qt.ItemDataRole.ForegroundRole):
            return self._paint(run, column, role)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(run, column)
        if role == RUN_ROLE:
            return run
        return _VALUES[column](run) if role == VALUE_ROLE else None

    def _shown_text(self, run: RunFacts, column: int) -> str:
        value = _VALUES[column](run)
        if column == WHEN:
            return when(value)
        if column == ACCOUNT and run.account:
            return tr("{account} · {environment}", account=run.account, environment=run.environment.upper())
        if column == OUTCOME:
            return _unbroken(str(value))
        if column in _NUMBERS:
            return f"{value:,}" if value else "–"
        return str(value)

    def _tip(self, run: RunFacts, column: int) -> str | None:
        if column == FILE:
            return run.file or (run.sentence if run.unreadable else None)
        return (outcome(run.counts) if column == OUTCOME else run.sentence) or None

    def _paint(self, run: RunFacts, column: int, role: int) -> Any:
        if column != STATE or role != Qt.ItemDataRole.DecorationRole:
            return None
        return palette_icon(STATE_ICONS[run.state], self._palette(), _TONE_ROLES[STATE_TONES[run.state].value], 16)


def _alignment(column: int) -> Qt.AlignmentFlag:
    return NUMBERS if column in _NUMBERS else TEXTS
