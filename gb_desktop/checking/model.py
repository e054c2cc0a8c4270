"""Problems, what a checked row leaves behind, and the storage that checking asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple, Protocol

from gb_desktop.workbook.model import RowFlag, Value


class Severity(StrEnum):
    ERROR = "error"  # the row can't be sent
    WARNING = "warning"  # it can, but look


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one cell or row. row 0 is the sheet as a whole (a setting that must be chosen)."""

    row: int
    field: str  # field path, "" for the row as a whole
    column: int | None  # index of the sheet's column, None where there is none
    code: str  # stable: required-empty, not-a-number, not-an-email, future-time, duplicate-id, ...
    severity: Severity
    message: str  # one sentence for people


class RowState(StrEnum):
    READY = "ready"
    ERROR = "error"
    EXCLUDED = "excluded"


class ItemDraft(NamedTuple):
    """One request element, exact. The first row's number names it. In the order of the run file's columns."""

    item: int  # number of its first row
    customer: str | None
    ident: str | None  # transactionId or orderId
    time: str | None  # transactionTime as sent
    amount: str | None  # Decimal as text, the field that Review adds up
    content: bytes  # 16-byte digest of the mapped content, without generated values
    body: str  # the exact JSON text of the element


class RowResult(NamedTuple):
    """What checking says of one row. `item` is None for rows that are not ready or that join an earlier row's item."""

    row: int
    state: RowState
    item: ItemDraft | None = None
    item_number: int | None = None  # the item this row belongs to
    reason: str = ""  # why excluded: "hidden", "total", "left out"
    problems: Sequence[Problem] = ()


class StagedRow(NamedTuple):
    """A row as the run file holds it, edits applied. `excluded` is the user's own choice to leave it out."""

    row: int
    values: Sequence[Value]
    flag: RowFlag
    excluded: bool = False


PLAIN = (RowFlag.DATA, False)


class StagedBatch(NamedTuple):
    """Rows in sheet order, with their values by column."""

    numbers: Sequence[int]
    columns: Sequence[Sequence[Value]]
    odd: Mapping[int, tuple[RowFlag, bool]]  # flag and excluded of the places that are not PLAIN

    @classmethod
    def of(cls, rows: Sequence[StagedRow]) -> StagedBatch:
        """The same rows as a batch."""
        odd = {place: found for place, row in enumerate(rows) if (found := (row.flag, row.excluded)) != PLAIN}
        return cls([row.row for row in rows], list(zip_longest(*(row.values for row in rows))), odd)

    def row(self, place: int) -> StagedRow:
        """One of the rows; places count from 0."""
        return StagedRow(self.numbers[place], [column[place] for column in self.columns], *self.odd.get(place, PLAIN))

    def rows(self) -> Iterator[StagedRow]:
        """The rows one by one."""
        for place, (number, values) in enumerate(zip(self.numbers, zip(*self.columns, strict=True), strict=True)):
            yield StagedRow(number, list(values), *self.odd.get(place, PLAIN))


class CheckStore(Protocol):
    """What checking needs of the run file; `runs/store.py` implements it. One writer, one thread."""

    def staged_rows(self) -> Iterator[StagedRow]:
        """All rows in sheet order."""

    def staged_batches(self) -> Iterator[StagedBatch]:
        """All rows in sheet order, a few thousand at a time."""

    def begin_check(self, asked: Collection[str]) -> None:
        """Forget every problem, item and row state of the last check. asked: what the repeats are asked about."""

    def add_results(self, results: Iterable[RowResult]) -> None:
        """Store a batch of results (a few thousand a call)."""

    def repeated(self, what: str) -> Iterator[tuple[str, list[int]]]:
        """Values held by several items, with the item numbers in order.

        what: ident, ident-folded, time, content, customer.
        """

    def count_repeated(self, what: str) -> tuple[int, int]:
        """How many values several items hold, and how many items that are."""

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Add problems found across rows; a row with an error stops being ready and its item is dropped."""

    def keep_lines(self, lines: Iterable[tuple[str, int, str]]) -> None:
        """Set readings of rows that join others aside: (key, row, JSON of the reading)."""

    def lines(self) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        """The set-aside readings by key, in order of first row, rows in order; forgotten at the end."""

    def finish_check(self) -> None:
        """Commit; counts and groups are up to date after this."""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Facts beside sheet and mapping. `now` is UTC, seconds since the epoch in milliseconds, fixed once a check."""

    sheet: str
    now_ms: int
    merge: frozenset[str] = frozenset()  # "email", "mobile": the account merges channels by these
    rows: str | None = None  # "visible", "all", None
    skip_hidden: bool = True
