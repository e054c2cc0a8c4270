"""Rules on whole columns and on the sheet's end: IDs that lost leading zeros, and a total taken for a row."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gb_desktop.catalog import Kind
from gb_desktop.checking.checked import Part, ReadyRows
from gb_desktop.checking.messages import problem
from gb_desktop.checking.model import ItemDraft, Problem, RowResult, RowState, StagedBatch, StagedRow
from gb_desktop.checking.plan import Mapped, Plan
from gb_desktop.checking.row import RowChecker
from gb_desktop.checking.storage import CheckStore
from gb_desktop.mapping.model import SourceKind
from gb_desktop.workbook.model import Value

Amounts = tuple[int, float, int]
FEWEST = 4  # rows above a last one before their sum says anything
_MIXED = frozenset({str, float})


@dataclass(slots=True)
class _Widths:
    """How long the digits of an ID column are, as texts and as numbers."""

    texts: Counter[int] = field(default_factory=Counter)
    numbers: Counter[int] = field(default_factory=Counter)

    def add(self, value: Value) -> None:
        if isinstance(value, str):
            bare = value.strip()
            if bare.isascii() and bare.isdigit():
                self.texts[len(bare)] += 1
        elif (digits := _digits(value)) is not None:
            self.numbers[len(digits)] += 1

    def width(self) -> int | None:
        """The length that most texts have, when shorter numbers stand among them; else None."""
        if self.texts.total() <= self.numbers.total():
            return None
        longest, count = self.texts.most_common(1)[0]
        shorter = any(length < longest for length in self.numbers)
        return longest if shorter and count * 2 > self.texts.total() else None


def _digits(value: Value) -> str | None:
    if isinstance(value, bool) or not isinstance(value, float | int) or not math.isfinite(value):
        return None
    return str(int(value)) if value >= 0 and value == int(value) else None


class IdColumns:
    """Watches the ID columns of a sheet for texts and numbers side by side."""

    def __init__(self, plan: Plan) -> None:
        wanted = [one for one in plan.read if one.field.kind is Kind.ID and one.source.kind is SourceKind.COLUMN]
        self._seen: dict[int, tuple[Mapped, set[type]]] = {one.slot or 0: (one, set()) for one in wanted}

    def types(self, batch: StagedBatch) -> dict[int, set[type]]:
        """Of each ID column the types of a batch's cells."""
        return {slot: set(map(type, batch.columns[slot])) for slot in self._seen if batch.numbers}

    def look(self, types: Mapping[int, Collection[type]]) -> None:
        """Take the types of a batch into account."""
        for slot, found in types.items():
            self._seen[slot][1].update(found)

    def widths(self, checker: RowChecker, rows: Iterable[StagedRow]) -> dict[int, int]:
        """Slot -> digits of the columns where leading zeros may be lost. Looks at the rows again only if it must."""
        mixed = {slot: _Widths() for slot, (_, types) in self._seen.items() if types >= _MIXED}
        for row in rows if mixed else ():
            if not checker.left_out(row):
                for slot, widths in mixed.items():
                    widths.add(row.values[slot])
        found = {slot: widths.width() for slot, widths in mixed.items()}
        return {slot: width for slot, width in found.items() if width is not None}

    def problems(self, checker: RowChecker, rows: Iterable[StagedRow], widths: dict[int, int]) -> Iterator[Problem]:
        """A warning for each number that is shorter than its column's texts."""
        for row in rows:
            if checker.left_out(row):
                continue
            for slot, width in widths.items():
                digits = _digits(row.values[slot])
                if digits is not None and len(digits) < width:
                    mapped = self._seen[slot][0]
                    words = {"field": mapped.field.title, "value": digits, "width": width}
                    yield problem(row.row, mapped.field.path, mapped.column, "id-short", **words)

    def by_header(self, widths: dict[int, int]) -> dict[str, int]:
        """The widths by column header."""
        return {self._seen[slot][0].header: width for slot, width in widths.items()}

    def by_slot(self, widths: Mapping[str, int]) -> dict[int, int]:
        """The widths by slot again; headers that feed no ID have none."""
        return {slot: widths[one.header] for slot, (one, _) in self._seen.items() if one.header in widths}


class LastRow:
    """Adds amounts up, to see whether the last row is their sum."""

    def __init__(self) -> None:
        self._total = 0.0
        self._count = 0
        self._negatives = 0
        self._last: RowResult | None = None

    @classmethod
    def restored(cls, amounts: Amounts, last: ItemDraft | None) -> LastRow:
        """What `look` knows of a whole sheet: its amounts, and the last row's item."""
        found = cls()
        found._count, found._total, found._negatives = amounts
        found._last = RowResult(last.item, RowState.READY, last) if last else None
        return found

    @property
    def amounts(self) -> Amounts:
        """How many amounts, their sum, and how many of them are below zero."""
        return self._count, self._total, self._negatives

    def look(self, part: Part) -> None:
        """Take results into account, in sheet order."""
        if isinstance(part, ReadyRows):
            amounts = [float(one) for one in part.amounts or () if one]
            self._last = part.last()
        else:
            amounts = [float(one.item.amount) for one in part if one.item is not None and one.item.amount]
            self._last = next((one for one in reversed(part) if one.state is not RowState.EXCLUDED), self._last)
        self._total += sum(amounts)
        self._count += len(amounts)
        self._negatives += sum(amount < 0 for amount in amounts)

    def problems(self, plan: Plan) -> Iterator[Problem]:
        """A warning when the last row holds the sum of all rows above it."""
        place = plan.position(plan.batch_type.amount)
        item = self._last.item if self._last else None
        if place is None or item is None or not item.amount or self._negatives or self._count <= FEWEST:
            return
        last = float(item.amount)
        if not abs(self._total - 2 * last) <= 1e-9 * abs(last):  # of numbers beyond a float too
            return
        mapped = plan.fields[place]
        words = {"field": mapped.field.title, "value": item.amount}
        yield problem(item.item, mapped.field.path, mapped.column, "looks-like-total", **words)


def id_problems(store: CheckStore, ids: IdColumns, checker: RowChecker, widths: dict[int, int]) -> list[Problem]:
    """The warnings on short IDs; no row is read where no column calls for it."""
    return list(ids.problems(checker, store.staged_rows(), widths)) if widths else []
