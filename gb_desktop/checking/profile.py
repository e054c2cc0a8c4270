"""The profile of a sheet: one pass over the columns whose texts can be read in several ways."""

from __future__ import annotations

from collections.abc import Iterable

from gb_desktop.checking.model import StagedRow
from gb_desktop.checking.plan import Mapped, Plan
from gb_desktop.checking.row import RowChecker
from gb_desktop.mapping.evidence import DATES, NUMBERS, Tally
from gb_desktop.mapping.model import Evidence, SourceKind


def profile(plan: Plan, checker: RowChecker, rows: Iterable[StagedRow]) -> tuple[Evidence, ...]:
    """What the texts of number and date columns say about their reading, over all rows that count."""
    affected = [one for one in plan.fields if _affected(one)]
    tallies = [(one.slot or 0, Tally(one.header, one.field)) for one in affected]
    for row in rows:
        if checker.left_out(row):
            continue
        values = checker.whole_values(row.values)
        for slot, tally in tallies:
            tally.add(values[slot])
    found = [evidence for _, tally in tallies for evidence in tally.evidence()]
    return tuple({(one.header, one.what): one for one in found}.values())


def _affected(one: Mapped) -> bool:
    kinds = NUMBERS | DATES
    return one.slot is not None and one.source.kind is not SourceKind.CONSTANT and one.field.kind in kinds
