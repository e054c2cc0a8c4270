"""Sentences on rows, and cross-row rules on sheets where everything repeats."""

from __future__ import annotations

import datetime as dt

from gb_desktop.checking.fix_cells import apply_fix
from gb_desktop.checking.fix_model import Fix, FixKind
from gb_desktop.checking.messages import others_in_words, rows_in_words
from gb_desktop.workbook.model import Value
from tests.checking.sheets import checked

THEN = dt.datetime.fromisoformat("2026-03-01 09:30")
HEADERS = ("Customer ID", "Transaction ID", "Date", "Amount")


def test_that_rows_are_named_as_people_name_them() -> None:
    assert rows_in_words([5]) == "row 5"
    assert rows_in_words([5, 9]) == "rows 5 and 9"
    assert rows_in_words([5, 9, 1200]) == "rows 5, 9 and 1200"
    assert rows_in_words([5, 9, 12, 13]) == "rows 5, 9, 12 and 13"
    assert rows_in_words([1, 2, 3, 4, 5]) == "rows 1, 2, 3 and 2 more"
    assert others_in_words([5, 9], 9) == "row 5"
    assert others_in_words(list(range(2, 2000)), 2) == "rows 3, 4, 5 and more"
    assert others_in_words(list(range(2, 2000)), 1500) == "rows 2, 3, 4 and more"
    assert others_in_words([2, 3, 4, 5, 6], 6) == "rows 2, 3, 4 and 5"
    assert others_in_words([2, 3, 4, 5, 6, 7], 3) == "rows 2, 4, 5 and more"


def test_that_a_row_more_or_less_among_many_changes_no_sentence_but_those_of_the_first() -> None:
    many, more = list(range(2, 2000)), [*range(2, 1500), *range(1501, 2600)]
    assert others_in_words(many, 1400) == others_in_words(more, 1400) == others_in_words(many[:6], 1400)


def test_that_a_long_cell_is_shortened_in_its_sentence() -> None:
    long = "x" * 32_767
    rows: list[list[Value]] = [[long, long, THEN, long], [long, long, THEN, 5.0], ["C", long, THEN, 6.0]]
    found = checked("cashback", HEADERS, rows)
    assert {one.code for one in found.store.problems} == {"not-a-number", "duplicate-id", "same-time"}
    assert max(len(one.message) for one in found.store.problems) < 200
    assert found.store.problems[0].message == f"Amount spent is “{'x' * 59}…”, which is not a number."


def test_that_a_sheet_of_one_day_is_checked_and_fixed_in_time_that_grows_with_its_rows() -> None:
    rows: list[list[Value]] = [[f"C{n}", f"T{n}", THEN, 5.25] for n in range(8_000)]
    found = checked("cashback", HEADERS, rows)
    assert sum(one.code == "same-time" for one in found.store.problems) == 8_000
    times = [item.time for item in found.store.items.values()]
    spaced = apply_fix(Fix("space-times", FixKind.SPACE_TIMES, "", "transactionTime", 2), times, times)
    assert spaced[0] is None
    assert spaced[1] == "2026-03-01T09:29:59.999Z"
    assert spaced[-1] == "2026-03-01T09:29:52.001Z"
    assert len(set(spaced)) == 8_000
