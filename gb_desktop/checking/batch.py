"""A few thousand rows at once, column by column: the same results as `RowChecker.check` row by row, sooner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from gb_desktop.checking.checked import Checked, Part, ReadyRows, Texts
from gb_desktop.checking.columns import IdColumns
from gb_desktop.checking.fast import Piece
from gb_desktop.checking.model import RowResult, StagedBatch
from gb_desktop.checking.row import RowChecker, bare, content_digests
from gb_desktop.mapping.reading import Reading

Column = list[Piece]
Clean = Sequence[Any]  # a column without anything to say: fragments, None where a cell is empty

FILLED = frozenset({str})
QUIET = frozenset({str, type(None)})
_WORTH = 100  # rows from which a stretch is kept by column


class BatchChecker:
    """Gives batches of rows to one row checker, in sheet order.

    Rows whose cells have nothing to say become items a column at a time; the row checker judges the others.
    """

    def __init__(self, checker: RowChecker) -> None:
        self._checker = checker
        self._ids = IdColumns(checker.plan)

    def checked(self, batch: StagedBatch) -> Checked:
        """A batch of rows, and what is noticed on the way; the row checker's own notes start anew."""
        checker = self._checker
        parts = self.parts(batch)
        found = Checked(len(batch.numbers), parts, checker.changes, self._ids.types(batch), checker.asking)
        checker.changes = Counter()
        return found

    def check(self, batch: StagedBatch) -> list[RowResult]:
        """The rows' results."""
        results: list[RowResult] = []
        for part in self.parts(batch):
            results += part.results() if isinstance(part, ReadyRows) else part
        return results

    def parts(self, batch: StagedBatch) -> list[Part]:
        """The rows' results in sheet order, long stretches of quiet rows by column."""
        if not batch.numbers:
            return []
        if not self._checker.plan.read:
            return [[self._checker.check(row) for row in batch.rows()]]
        columns = self._checker.columns(batch.columns)
        parts: list[Part] = []
        single: list[RowResult] = []
        start, count = 0, len(batch.numbers)
        for index in [*self._troubled(batch, columns), count]:
            if start < index:
                whole = index - start == count
                stretch = columns if whole else [column[start:index] for column in columns]
                ready = self._ready(batch.numbers[start:index], stretch)
                if isinstance(ready, ReadyRows) and index - start >= _WORTH:
                    parts += [single, ready] if single else [ready]
                    single = []
                else:
                    single += ready.results() if isinstance(ready, ReadyRows) else ready
            if index < count:
                single.append(self._single(batch, index, columns))
            start = index + 1
        return [*parts, single] if single else parts

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

    def _ready(self, numbers: Sequence[int], columns: Sequence[Clean]) -> Part:
        checker = self._checker
        if checker.plan.made:  # a value that is made depends on the rows before
            return [checker.ready(number, row) for number, row in zip(numbers, zip(*columns, strict=True), strict=True)]
        bodies = checker.bodies(columns)
        customer, ident, time, amount = checker.places
        return ReadyRows(
            numbers,
            _texts(columns, customer),
            _texts(columns, ident),
            _texts(columns, time),
            None if amount is None else columns[amount],
            content_digests(bodies),
            bodies,
        )


def _texts(columns: Sequence[Clean], place: int | None) -> Texts:
    """`bare` of a whole column; None where there is no such column."""
    if place is None:
        return None
    column = columns[place]
    if None not in column:
        joined = "\n".join(column)
        if "\\" not in joined:
            return joined[1:-1].split('"\n"')
    return [one if one is None else bare(one) if "\\" in one else one[1:-1] for one in column]
