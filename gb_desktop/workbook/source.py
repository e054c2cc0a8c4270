"""What every format's reader hands over: sheets, rows of plain values, and the signs beside them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gb_desktop.workbook.model import Mark, Plain, SheetFacts

MOST_ROWS = 1_048_576  # Excel's grid
MOST_COLUMNS = 16_384


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range: Excel's row numbers from 1, columns from 0, both ends inclusive."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Marks:
    """Facts about single cells, eight bytes a cell: a whole column of them is an ordinary sheet."""

    def __init__(self) -> None:
        self._rows = array("I")
        self._columns = array("H")
        self._kinds = array("H")
        self._known: dict[tuple[Mark, str], int] = {}
        self._ascending = True

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: int, column: int, mark: Mark, text: str) -> None:
        """Note a cell: Excel's row number, column from 0."""
        if self._rows and row < self._rows[-1]:
            self._ascending = False
        self._rows.append(row)
        self._columns.append(column)
        self._kinds.append(self._known.setdefault((mark, text), len(self._known)))

    def __iter__(self) -> Iterator[tuple[int, int, Mark, str]]:
        """Every noted cell as (row, column, mark, text), rows ascending."""
        kinds = list(self._known)
        order: Sequence[int] = range(len(self._rows))
        if not self._ascending:
            order = sorted(order, key=self._rows.__getitem__)
        for index in order:
            mark, text = kinds[self._kinds[index]]
            yield self._rows[index], self._columns[index], mark, text


@dataclass(slots=True)
class Signs:
    """What the values alone don't say. `hidden_rows[n]` is 1 when Excel's row n is hidden; it may be shorter."""

    hidden_rows: bytearray = field(default_factory=bytearray)
    hidden_columns: frozenset[int] = frozenset()
    merged: list[Merged] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    notes: list[str] = field(default_factory=list)

    def hide(self, row: int) -> None:
        """Note a hidden row (Excel's number)."""
        if row >= len(self.hidden_rows):
            self.hidden_rows.extend(bytes(row + 1024 - len(self.hidden_rows)))
        self.hidden_rows[row] = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's values. `rows()` starts at Excel's row 1, column A; every row has `width` values, "" where blank."""

    sheet: str
    width: int
    rows: Callable[[], Iterator[Sequence[Plain]]]
    signs: Signs
    last_row: int | None = None  # None when it isn't known before the last row was read


class Book(Protocol):
    """A workbook opened for reading. Every failure is a WorkbookError."""

    format: str
    sheets: tuple[SheetFacts, ...]  # never empty
    encoding: str
    delimiter: str
    run: str | None

    def table(self, sheet: str) -> Table:
        """The whole sheet."""

    def head(self, sheet: str, rows: int) -> Table:
        """At least the first `rows` rows of the sheet when it has them; for a first look."""
