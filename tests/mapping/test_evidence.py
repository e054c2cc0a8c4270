"""Evidence: a column decides how its texts are read, or it is asked about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gb_desktop.catalog import Field, Kind
from gb_desktop.mapping.evidence import Tally, decisions
from gb_desktop.mapping.model import Evidence, Source, SourceKind
from gb_desktop.mapping.sources import column_indexes, derived, fetcher
from gb_desktop.workbook.model import Mark, Marked, Value
from tests.checking.sheets import columns

AMOUNT = Field("amount", "Amount", Kind.NUMBER, "")
DATE = Field("date", "Date", Kind.DATETIME, "")


def evidence(field: Field, values: Sequence[Value]) -> list[Evidence]:
    tally = Tally("H", field)
    for one in values:
        tally.add(one)
    return tally.evidence()


@pytest.mark.parametrize(
    ("values", "choice"),
    [
        (["1.000", "12.50"], "."),
        (["1.000", "1,234.5"], "."),
        (["1.000", "12,5"], ","),
        (["1,000", "1,000,000"], "."),
        (["0.500", "1.000"], "."),
        (["0,500", "1.000"], ","),
        (["1.000"], ""),
        (["1,234", "5,678"], ""),
        (["1.5", "1,5"], ""),
        (["1234.567"], "."),
        (["12.345,00 EGP", "3.000 EGP"], ","),
    ],
)
def test_that_a_column_decides_its_decimal_sign_or_is_asked_about(values: list[Value], choice: str) -> None:
    [found] = evidence(AMOUNT, values)
    assert (found.what, found.choice) == ("decimal", choice)


@pytest.mark.parametrize(
    ("values", "choice"),
    [
        (["01/02/2026", "13/02/2026"], "dmy"),
        (["01/02/2026", "02/13/2026"], "mdy"),
        (["01/02/2026"], ""),
        (["13/02/2026", "02/13/2026"], ""),
        (["01/02/2026", "31/02/2026"], ""),
        (["13/02/2026 10:00", "01/02/2026 11:00:05"], "dmy"),
        (["13-02-2026", "1.2.2026 5:00 PM"], "dmy"),
    ],
)
def test_that_a_column_decides_its_date_order_or_is_asked_about(values: list[Value], choice: str) -> None:
    [found] = evidence(DATE, values)
    assert (found.what, found.choice) == ("date_order", choice)


def test_that_values_which_depend_on_nothing_say_nothing() -> None:
    assert evidence(AMOUNT, [1.5, None, "12", "abc", "1 000", True, "١٫٥"]) == []
    assert evidence(DATE, ["2026-03-01", "1 Mar 2026", "05/05/2026", "abc", 46082.0, None]) == []


def test_that_evidence_counts_and_shows_what_settles_it() -> None:
    [found] = evidence(DATE, ["01/02/2026"] * 5 + ["13/02/2026"] * 3)
    assert found.sentence == "3 of 8 values can only be day/month."
    assert found.samples[0] == "13/02/2026"
    [mixed] = evidence(AMOUNT, ["1.5", "1,5", "2,5"])
    assert mixed.sentence == "1 value can only have a decimal point and 2 only a decimal comma."


def test_that_two_digit_years_are_asked_about() -> None:
    found = evidence(DATE, ["13/02/26", "14/02/99"])
    assert {one.what: one.choice for one in found}["years"] == ""
    assert evidence(DATE, ["1 Mar 26"])[0].what == "years"


def test_that_marked_cells_count_by_their_value() -> None:
    [found] = evidence(AMOUNT, [Marked(Mark.MERGED, "1,5", "A2")])
    assert found.choice == ","
    assert decisions([found]) == {("H", "decimal"): ","}


def test_that_values_are_joined_and_split_as_the_source_says() -> None:
    sheet = columns("Date", "Time", "Code")
    joined = Source(SourceKind.JOINED, ("Date", "Time"), " ")
    indexes = column_indexes(joined, sheet)
    assert indexes == (0, 1)
    assert fetcher(joined, indexes)(["2026-03-01", "09:30", None]) == "2026-03-01 09:30"
    assert derived(joined, ["2026-03-01", None]) == "2026-03-01"
    assert derived(joined, [None, None]) is None
    assert derived(Source(SourceKind.PREFIXED, ("Code",), "EG-"), [12345.0]) == "EG-12345"
    assert derived(Source(SourceKind.PREFIXED, ("Code",), "EG-"), [None]) is None
    assert derived(Source(SourceKind.PREFIXED, ("Code",), "EG-"), ["#N/A"]) == "#N/A"
    assert derived(Source(SourceKind.BEFORE, ("Code",), "-"), ["A-12-3"]) == "A"
    assert derived(Source(SourceKind.AFTER, ("Code",), "-"), ["A-12-3"]) == "12-3"
    assert derived(Source(SourceKind.AFTER, ("Code",), "-"), ["A"]) is None
    assert derived(Source(SourceKind.PREFIXED, ("Code",), "C"), [Marked(Mark.FORMATTED, 7.0, "000")]) == "C007"


def test_that_a_bad_cell_spoils_what_is_made_of_it() -> None:
    source = Source(SourceKind.JOINED, ("Date", "Time"), " ")
    bad = Marked(Mark.ERROR, None, "#N/A")
    assert derived(source, ["2026-03-01", bad]) is bad
    merged = derived(source, [Marked(Mark.MERGED, "a", "A2"), "b"])
    assert merged == Marked(Mark.MERGED, "a b", "A2")


def test_that_a_source_whose_column_is_gone_has_no_indexes() -> None:
    assert column_indexes(Source.column("Nope"), columns("Date")) is None
