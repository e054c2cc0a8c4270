"""What is shown for settings that no value settles: an example of a time, and where the numbers could be from."""

from __future__ import annotations

import datetime as dt

from gb_desktop.mapping.facts import COMPUTERS, country_fact, zone_fact
from gb_desktop.mapping.model import Evidence, Settings
from gb_desktop.mapping.parsers import Manner
from gb_desktop.workbook.model import Mark, Marked, Value

CAIRO = Manner(Settings(timezone="Africa/Cairo"), date_order="dmy")


def test_that_times_without_a_zone_show_what_becomes_of_one() -> None:
    values: list[Value] = ["01/03/2026 09:30", dt.datetime.fromisoformat("2026-03-02T10:00"), "2026-03-03T10:00:00Z"]
    fact = zone_fact("Paid on", values, CAIRO)
    assert fact == Evidence(
        "Paid on",
        "timezone",
        "Africa/Cairo",
        "2 of 3 times have no zone of their own.",
        ("01/03/2026 09:30 is sent as 2026-03-01T07:30:00.000Z",),
    )


def test_that_a_column_of_times_with_zones_needs_no_zone() -> None:
    assert zone_fact("Paid on", ["2026-03-03T10:00:00Z", "2026-03-03 10:00 +02:00", "soon"], CAIRO) is None
    assert zone_fact("Paid on", [], CAIRO) is None


def test_that_the_computers_zone_is_named_as_such() -> None:
    fact = zone_fact("Paid on", ["2026-03-03 10:00"], Manner())
    assert fact is not None
    assert fact.choice == COMPUTERS


def test_that_numbers_without_a_country_ask_and_the_likely_countries_are_offered() -> None:
    values: list[Value] = ["01001234567", "+201001234568", Marked(Mark.FORMATTED, 1001234569.0, "0"), "00966501234567"]
    fact = country_fact("Mobile", values, Settings())
    assert fact is not None
    assert (fact.what, fact.choice, fact.sentence) == ("country", "", "2 of 4 numbers have no country code.")
    assert fact.samples == ("01001234567", "1001234569")
    assert fact.offers[0] == "EG"
    assert "SA" not in fact.offers


def test_that_a_chosen_country_shows_how_many_numbers_are_of_it() -> None:
    fact = country_fact("Mobile", ["01001234567", "012"], Settings(country="eg"))
    assert fact is not None
    assert (fact.choice, fact.offers) == ("EG", ())
    assert fact.sentence.endswith("1 of 2 looked at is valid in Egypt.")


def test_that_one_number_and_one_time_are_told_as_one() -> None:
    alone = country_fact("Mobile", ["01001234567"], Settings())
    valid = country_fact("Mobile", ["+201001234568", "01001234567"], Settings(country="eg"))
    time = zone_fact("Paid on", ["2026-03-03 10:00", "2026-03-03T10:00:00Z"], CAIRO)
    assert alone is not None
    assert valid is not None
    assert time is not None
    assert alone.sentence == "The only number has no country code."
    assert valid.sentence == "1 of 2 numbers has no country code. It is valid in Egypt."
    assert time.sentence == "1 of 2 times has no zone of its own."


def test_that_numbers_with_country_codes_ask_nothing() -> None:
    assert country_fact("Mobile", ["+201001234567", "00201001234567", None, "unknown"], Settings()) is None
