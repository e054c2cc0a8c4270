"""The profile of a sheet: one pass over the columns whose texts can be read in several ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gb_desktop.checking.messages import problem
from gb_desktop.checking.model import Problem, StagedRow
from gb_desktop.checking.plan import Mapped, Plan
from gb_desktop.checking.row import RowChecker
from gb_desktop.mapping.evidence import DATES, NUMBERS, Tally
from gb_desktop.mapping.model import Evidence, SourceKind


@dataclass(frozen=True, slots=True)
class Profile:
    """What the texts of number and date columns say: how they are read, and warnings on whole columns (row 0)."""

    evidence: tuple[Evidence, ...] = ()
    warnings: tuple[Problem, ...] = ()


def look_over(plan: Plan, checker: RowChecker, rows: Iterable[StagedRow]) -> Profile:
    """The profile over all rows that count."""
    affected = [one for one in plan.fields if _affected(one)]
    tallies = [(one.slot or 0, one, Tally(one.header, one.field)) for one in affected]
    for row in rows:
        if checker.left_out(row):
            continue
        values = checker.whole_values(row.values)
        for slot, _, tally in tallies:
            tally.add(values[slot])
    found = [evidence for _, _, tally in tallies for evidence in tally.evidence()]
    different = {(one.header, one.what): one for one in found}
    return Profile(tuple(different.values()), tuple(_swapped(one) for _, one, tally in tallies if tally.swapped))


def profile(plan: Plan, checker: RowChecker, rows: Iterable[StagedRow]) -> tuple[Evidence, ...]:
    """The evidence of `look_over` alone."""
    return look_over(plan, checker, rows).evidence


def _swapped(one: Mapped) -> Problem:
    return problem(0, one.field.path, one.column, "dates-swapped", field=one.header)


def _affected(one: Mapped) -> bool:
    kinds = NUMBERS | DATES
    return one.slot is not None and one.source.kind is not SourceKind.CONSTANT and one.field.kind in kinds
