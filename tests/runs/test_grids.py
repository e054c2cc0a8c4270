"""What Check shows of a sheet: its groups of problems, worst first, and the rows of each filter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gb_desktop.checking.model import Severity
from gb_desktop.runs.drafting import Drafting
from gb_desktop.runs.model import CheckSummary
from tests.runs.test_rechecking import FACTS, HEADER, drafting

LINES = (
    "P-1,T-1,2026-03-01 10:00,5",
    "P-2,T-2,2026-03-01 10:00,x",  # 3: an error; of the same moment as row 2, which is sent without it
    "P-3,T-3,2026-03-03 10:00,0",
    "P-4,T-4,2026-03-04 10:00,0",
    "P-5,T-5,2026-03-05 10:00,6",
    "P-6,t-5,2026-03-06 10:00,7",  # 7: differs from row 6 in case only
    "P-7,T-7,2026-03-07 10:00,8",
    "P-8,T-8,2026-03-08 10:00,9",
)


@pytest.fixture
def found() -> Iterator[Drafting]:
    with drafting("\n".join([HEADER, *LINES])) as made:
        yield made


def summary(found: Drafting) -> CheckSummary:
    checked: CheckSummary = found.command("check")(found._drafted.mapping(), FACTS)
    return checked


def shown(found: Drafting, which: str, code: str = "", field: str = "") -> list[int]:
    """The rows of a filter, in the order of the grid."""
    count = found.command("show")(which, code, field, "")
    rows = found._drafted.store.connection.execute("SELECT row FROM shown ORDER BY position").fetchall()
    assert len(rows) == count
    return [row for (row,) in rows]


def test_that_problems_are_grouped_errors_first_and_the_most_frequent_first(found: Drafting) -> None:
    told = [(group.code, group.severity, group.count, group.rows) for group in summary(found).groups]
    assert told == [
        ("zero", Severity.ERROR, 2, (4, 5)),
        ("not-a-number", Severity.ERROR, 1, (3,)),
        ("id-case", Severity.WARNING, 2, (6, 7)),
    ]


def test_that_each_filter_shows_its_rows_and_as_many_as_it_says(found: Drafting) -> None:
    command = found.command
    command("edit")(9, 3, "11")
    command("edit")(2, 3, "13")
    command("exclude")([5], True)
    command("edit")(8, 3, "12")
    command("undo")()
    counts = summary(found).counts
    rows = {which: shown(found, which) for which in ("errors", "warnings", "changed", "excluded")}
    assert rows == {"errors": [3, 4], "warnings": [6, 7], "changed": [2, 9], "excluded": [5]}
    assert [len(one) for one in rows.values()] == [counts.errors, counts.warnings, counts.changed, counts.excluded]
    assert command("show")("all", "", "", "") == counts.rows == len(LINES)


def test_that_a_problem_shows_the_rows_that_have_it_and_no_others(found: Drafting) -> None:
    assert shown(found, "problem", "zero", "amount") == [4, 5]
    assert shown(found, "problem", "zero", "customerId") == []
    assert shown(found, "problem", "id-case", "transactionId") == [6, 7]
