"""A few thousand rows at once, column by column: the same results as `RowChecker.check` row by row, sooner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

from gb_desktop.checking.fast import Piece
from gb_desktop.checking.model import ItemDraft, RowResult, RowState, StagedBatch
from gb_desktop.checking.row import RowChecker, bare, content_digests
from gb_desktop.mapping.reading import Reading
from gb_desktop.workbook.model import tuples

Column = list[Piece]
Clean = Sequence[Any]  # a column without anything to say: fragments, None where a cell is empty

FILLED = frozenset({str})
QUIET = frozenset({str, type(None)})


class BatchChecker:
    """Gives batches of rows to one row checker, in sheet order.

    Rows whose cells have nothing to say become items a column at a time; the row checker judges the others.
    """

    def __init__(self, checker: RowChecker) -> None:
        self._checker = checker

    def check(self, batch: StagedBatch) -> list[RowResult]:
        """The rows' results."""
        if not self._checker.plan.read:
            return [self._checker.check(row) for row in batch.rows()]
        columns = self._checker.columns(batch.columns)
        results: list[RowResult] = []
        start, count = 0, len(batch.numbers)
        for index in [*self._troubled(batch, columns), count]:
            if start < index:
                whole = index - start == count
                stretch = columns if whole else [column[start:index] for column in columns]
                results += self._ready(batch.numbers[start:index], stretch)
            if index < count:
                results.append(self._single(batch, index, columns))
            start = index + 1
        return results

    def _troubled(self, batch: StagedBatch, columns: Sequence[Column]) -> Iterable[int]:
        """The places of rows that are flagged, have a cell with something to say, or lack a needed one.

        Cells that were merely cleaned are counted and become fragments here: they may fill a whole column.
        """
        if self._checker.always_settles:
            return range(len(batch.numbers))
        found = set(batch.odd)
        for place, column in enumerate(columns):
            clean = FILLED if place in self._checker.needed else QUIET
            if clean.issuperset(map(type, column)):
                continue
            for index, piece in enumerate(column):
                if type(piece) is Reading and not piece.codes and piece.value is not None and index not in batch.odd:
                    column[index] = self._checker.cleaned(place, piece)
                elif type(piece) not in clean:
                    found.add(index)
        return sorted(found)

    def _single(self, batch: StagedBatch, place: int, columns: Sequence[Column]) -> RowResult:
        if place in batch.odd:
            return self._checker.check(batch.row(place))
        return self._checker.judged(batch.numbers[place], [column[place] for column in columns])

    def _ready(self, numbers: Sequence[int], columns: Sequence[Clean]) -> list[RowResult]:
        checker = self._checker
        if checker.plan.made:  # a value that is made depends on the rows before
            return [checker.ready(number, row) for number, row in zip(numbers, zip(*columns, strict=True), strict=True)]
        bodies = checker.bodies(columns)
        customer, ident, time, amount = checker.places
        values = zip(
            numbers,
            _texts(columns, customer),
            _texts(columns, ident),
            _texts(columns, time),
            repeat(None) if amount is None else columns[amount],
            content_digests(bodies),
            bodies,
            strict=False,
        )
        items = tuples(ItemDraft, values)
        results = zip(numbers, repeat(RowState.READY), items, numbers, repeat(""), repeat(()), strict=False)
        return list(tuples(RowResult, results))


def _texts(columns: Sequence[Clean], place: int | None) -> Iterable[str | None]:
    """`bare` of a whole column; nothing without end where there is no such column."""
    if place is None:
        return repeat(None)
    column = columns[place]
    if None not in column:
        joined = "\n".join(column)
        if "\\" not in joined:
            return joined[1:-1].split('"\n"')
    return [one if one is None else bare(one) if "\\" in one else one[1:-1] for one in column]
