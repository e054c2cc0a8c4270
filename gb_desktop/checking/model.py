"""Problems, and what a checked row leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple

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


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Facts beside sheet and mapping. `now` is UTC, seconds since the epoch in milliseconds, fixed once a check."""

    sheet: str
    now_ms: int
    merge: frozenset[str] = frozenset()  # "email", "mobile": the account merges channels by these
    rows: str | None = None  # "visible", "all", None
    skip_hidden: bool = True
