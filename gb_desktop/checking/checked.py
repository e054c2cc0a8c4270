"""What a batch of rows comes to: rows with nothing to say by column, the others one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from gb_desktop.checking.model import CheckContext, ItemDraft, RowResult, RowState
from gb_desktop.mapping.model import Evidence
from gb_desktop.mapping.model import Mapping as FieldMapping
from gb_desktop.workbook.model import Column, tuples

Texts = Sequence[str | None] | None  # of one column of items; None: no item has one


class ReadyRows(NamedTuple):
    """Rows with nothing wrong and an item each, by column, in the order of `ItemDraft`."""

    numbers: Sequence[int]
    customers: Texts
    idents: Texts
    times: Texts
    amounts: Texts
    contents: Sequence[bytes]
    bodies: Sequence[str]

    def items(self) -> Iterable[ItemDraft]:
        """The items one by one."""
        return tuples(ItemDraft, self.values())

    def values(self) -> Iterator[tuple[object, ...]]:
        """The items' values, as bare tuples."""
        return zip(*(repeat(None) if column is None else column for column in self), strict=False)

    def results(self) -> list[RowResult]:
        """The same rows one by one."""
        found = zip(self.numbers, repeat(RowState.READY), self.items(), self.numbers, repeat(""), repeat(()))
        return list(tuples(RowResult, found))

    def last(self) -> RowResult:
        """The last row."""
        item = ItemDraft(*(None if column is None else column[-1] for column in self))  # type: ignore[arg-type]
        return RowResult(item.item, RowState.READY, item, item.item)


Part = ReadyRows | list[RowResult]


class Checked(NamedTuple):
    """A batch of checked rows, and what is kept of it for the sheet as a whole."""

    rows: int
    parts: Sequence[Part]  # in sheet order
    changes: Counter[tuple[str, str]]  # (header, change) -> cells
    types: Mapping[int, Collection[type]]  # slot of an ID column -> the types of its cells
    asking: bool  # a cell waits for a setting that the column's values may decide


class CheckFacts(NamedTuple):
    """Everything that decides what a row comes to, fit for another process."""

    batch_type: str
    columns: tuple[Column, ...]
    mapping: FieldMapping
    context: CheckContext
    evidence: tuple[Evidence, ...]
