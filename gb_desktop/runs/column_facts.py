"""What a column holds: its different values with counts, how long they are, the smallest and the largest."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

from gb_desktop.runs.model import ColumnFacts, ValueCount
from gb_desktop.workbook.cells import decode_row, encode_row
from gb_desktop.workbook.model import Marked, Value

E = TypeVar("E", float, dt.datetime)

MOST_VALUES = 500  # different values that are named
MOST_LENGTHS = 24  # bars of the histogram


def column_facts(db: sqlite3.Connection, column: int) -> ColumnFacts:
    """Facts over every row of the sheet, left out or not; edits applied."""
    gathered = _Gathered()
    query = f"SELECT {cell(column)}, count(*) AS n FROM rows GROUP BY 1 ORDER BY n DESC, 1"
    for text, count in db.execute(query):
        gathered.add(text, count)
    return gathered.facts(column)


def cell(column: int) -> str:
    """The expression for a cell of `rows.cells` as JSON, NULL where the row is shorter; exact, type and all."""
    return f"rows.cells -> '$[{int(column)}]'"


@dataclass
class _Gathered:
    rows: int = 0
    empty: int = 0
    distinct: int = 0
    values: list[ValueCount] = field(default_factory=list)
    lengths: Counter[int] = field(default_factory=Counter)
    numbers: list[float] = field(default_factory=list)  # the smallest and the largest
    dates: list[dt.datetime] = field(default_factory=list)

    def add(self, text: str | None, count: int) -> None:
        """Take a value, as JSON, and the number of its cells into account."""
        self.rows += count
        value = decode_row(f"[{text}]")[0] if text is not None else None
        if value is None or value == "":
            self.empty += count
            return
        self.distinct += 1
        if len(self.values) < MOST_VALUES:
            self.values.append(ValueCount(text or "", count))
        plain = value.value if isinstance(value, Marked) else value
        if isinstance(plain, str):
            self.lengths[len(plain)] += count
        elif isinstance(plain, int | float) and not isinstance(plain, bool):
            self.numbers = _widened(self.numbers, float(plain))
        elif isinstance(plain, dt.date):
            whole = plain if isinstance(plain, dt.datetime) else dt.datetime.combine(plain, dt.time())
            self.dates = _widened(self.dates, whole.replace(tzinfo=None))

    def facts(self, column: int) -> ColumnFacts:
        ends: list[Value] = [*self.numbers] if self.numbers else [*self.dates]
        return ColumnFacts(
            column, self.rows, self.empty, self.distinct, tuple(self.values), _bars(self.lengths), encode_row(ends)
        )


def _widened(ends: list[E], value: E) -> list[E]:
    return [min(ends[0], value), max(ends[-1], value)] if ends else [value, value]


def _bars(lengths: Counter[int]) -> tuple[tuple[int, int, int], ...]:
    """Texts by length as (from, to, cells), a bar for every length where few bars do."""
    if not lengths:
        return ()
    least, most = min(lengths), max(lengths)
    width = -(-(most - least + 1) // MOST_LENGTHS)
    bars: Counter[int] = Counter()
    for length, count in lengths.items():
        bars[(length - least) // width] += count
    return tuple(
        (least + place * width, min(most, least + place * width + width - 1), bars[place])
        for place in range((most - least) // width + 1)
    )
