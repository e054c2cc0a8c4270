"""Dates: the day that is written, in the order of its column, in UTC where a time goes out."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.mapping.date_text import take_date_apart
from gb_desktop.mapping.dates import parse_date, parse_datetime
from gb_desktop.mapping.reading import Parsed, Reading
from gb_desktop.mapping.zones import Clock, known_zone, wire_of_ms

FIXED = settings(derandomize=True, deadline=None, max_examples=150)
UTC = Clock("UTC")
ZONES = ("Africa/Cairo", "Europe/Berlin", "America/New_York", "Asia/Riyadh", "Australia/Lord_Howe")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def codes(found: Parsed) -> tuple[str, ...]:
    return found.codes if isinstance(found, Reading) else ()


@pytest.mark.parametrize(
    ("text", "order", "wire"),
    [
        ("2026-03-01", "", "2026-03-01T00:00:00.000Z"),
        ("2026-03-01 09:30", "", "2026-03-01T09:30:00.000Z"),
        ("2026-03-01T09:30:15.25", "", "2026-03-01T09:30:15.250Z"),
        ("2026-03-01T09:30:00Z", "", "2026-03-01T09:30:00.000Z"),
        ("2026-03-01 09:30:00 +0200", "", "2026-03-01T07:30:00.000Z"),
        ("2026-03-01T09:30:00+02:00", "", "2026-03-01T07:30:00.000Z"),
        ("2026-03-01 09:30 UTC+2", "", "2026-03-01T07:30:00.000Z"),
        ("2026/3/1", "", "2026-03-01T00:00:00.000Z"),
        ("20260301", "", "2026-03-01T00:00:00.000Z"),
        ("01/03/2026", "dmy", "2026-03-01T00:00:00.000Z"),
        ("01/03/2026", "mdy", "2026-01-03T00:00:00.000Z"),
        ("1.3.2026 9:05", "dmy", "2026-03-01T09:05:00.000Z"),
        ("1-3-2026, 9:05 PM", "dmy", "2026-03-01T21:05:00.000Z"),
        ("3/1/2026 12:00 AM", "mdy", "2026-03-01T00:00:00.000Z"),
        ("3/1/2026 12:00 pm", "mdy", "2026-03-01T12:00:00.000Z"),
        ("05/05/2026", "", "2026-05-05T00:00:00.000Z"),
        ("1 Mar 2026", "", "2026-03-01T00:00:00.000Z"),
        ("1-Mar-2026", "", "2026-03-01T00:00:00.000Z"),
        ("March 1, 2026 10:00", "", "2026-03-01T10:00:00.000Z"),
        ("Sun, 01 Mar 2026 10:00:00 +0200", "", "2026-03-01T08:00:00.000Z"),
        ("Sunday, March 1st, 2026", "", "2026-03-01T00:00:00.000Z"),
        ("2026 March 1", "", "2026-03-01T00:00:00.000Z"),
        ("١ مارس ٢٠٢٦", "", "2026-03-01T00:00:00.000Z"),
        ("٠١/٠٣/٢٠٢٦ ٩:٣٠ م", "dmy", "2026-03-01T21:30:00.000Z"),
        ("١ تشرين الأول ٢٠٢٥", "", "2025-10-01T00:00:00.000Z"),
        ("29/02/2024", "dmy", "2024-02-29T00:00:00.000Z"),
        (" 2026-03-01\u200e", "", "2026-03-01T00:00:00.000Z"),
    ],
)
def test_that_dates_are_read_as_people_write_them(text: str, order: str, wire: str) -> None:
    found = parse_datetime(text, order, None, UTC)
    assert (found.value if isinstance(found, Reading) else found) == wire


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("31/02/2026", "dmy", "no-such-date"),
        ("31/02/2026", "", "no-such-date"),
        ("2026-02-30", "", "no-such-date"),
        ("29/02/2025", "dmy", "no-such-date"),
        ("99/99/2026", "dmy", "no-such-date"),
        ("13/02/2026", "mdy", "other-date-order"),
        ("02/13/2026", "dmy", "other-date-order"),
        ("01/03/2026", "", "date-order-undecided"),
        ("13/02/2026", "", "date-order-undecided"),
        ("01/03/26", "dmy", "years-undecided"),
        ("1 Mar 26", "", "years-undecided"),
        ("yesterday", "", "not-a-date"),
        ("2026-03-01 25:00", "", "not-a-date"),
        ("2026-03-01 10:75", "", "not-a-date"),
        ("13:00 PM 01/03/2026", "dmy", "not-a-date"),
        ("01/03/2026 13:00 PM", "dmy", "not-a-date"),
        ("Mar 2026", "", "not-a-date"),
        ("1/3", "dmy", "not-a-date"),
        ("01032026", "dmy", "not-a-date"),
        ("46082", "", "not-a-date"),
        ("0026-03-01", "", "date-out-of-range"),
        ("1-3/2026", "dmy", "not-a-date"),
    ],
)
def test_that_what_is_no_certain_date_is_refused_for_its_own_reason(text: str, order: str, code: str) -> None:
    assert codes(parse_datetime(text, order, None, UTC)) == (code,)


def test_that_two_digit_years_follow_the_chosen_century() -> None:
    assert parse_date("01/03/26", "dmy", 30) == "2026-03-01"
    assert parse_date("01/03/85", "dmy", 30) == "1985-03-01"
    assert parse_date("26-03-01", "ymd", 30) == "2026-03-01"


def test_that_excel_dates_are_taken_as_they_are_and_plain_numbers_are_not() -> None:
    assert parse_datetime(at("2026-03-01 09:30"), "", None, UTC) == "2026-03-01T09:30:00.000Z"
    assert parse_datetime(dt.date.fromisoformat("2026-03-01"), "", None, UTC) == "2026-03-01T00:00:00.000Z"
    assert codes(parse_datetime(46082.0, "", None, UTC)) == ("number-not-date",)
    assert codes(parse_datetime(True, "", None, UTC)) == ("not-a-date",)
    assert codes(parse_datetime(dt.time(9, 30), "", None, UTC)) == ("time-without-date",)
    assert codes(parse_datetime(dt.timedelta(hours=30), "", None, UTC)) == ("time-without-date",)
    assert codes(parse_datetime(at("1900-01-01"), "", None, UTC)) == ("date-out-of-range",)
    assert parse_datetime(None, "", None, UTC) is None


def test_that_the_dust_of_excel_times_is_rounded_to_the_millisecond() -> None:
    assert parse_datetime(at("2026-03-01 09:29:59.999999"), "", None, UTC) == "2026-03-01T09:30:00.000Z"
    assert parse_datetime(at("2026-12-31 23:59:59.999600"), "", None, UTC) == "2027-01-01T00:00:00.000Z"
    assert parse_datetime(at("2026-03-01 09:30:00.125400"), "", None, UTC) == "2026-03-01T09:30:00.125Z"


def test_that_a_birthday_never_passes_through_a_zone() -> None:
    assert parse_date(at("1990-05-21 00:00"), "", None) == "1990-05-21"
    assert parse_date("1990-05-21T23:30:00+14:00", "", None) == "1990-05-21"
    assert parse_date("21/05/1990", "dmy", None) == "1990-05-21"


def test_that_local_times_become_utc_by_the_zones_own_rules() -> None:
    cairo = Clock("Africa/Cairo")
    assert parse_datetime("2026-01-15 12:00", "", None, cairo) == "2026-01-15T10:00:00.000Z"
    assert parse_datetime("2026-07-15 12:00", "", None, cairo) == "2026-07-15T09:00:00.000Z"
    assert parse_datetime(at("2026-07-15 00:30"), "", None, cairo) == "2026-07-14T21:30:00.000Z"


def test_that_a_time_the_clocks_skipped_or_showed_twice_is_told() -> None:
    berlin = Clock("Europe/Berlin")
    skipped = parse_datetime("2026-03-29 02:30", "", None, berlin)
    assert skipped == Reading("2026-03-29T01:30:00.000Z", ("time-missing",), "", "2026-03-29 02:30")
    twice = parse_datetime(at("2026-10-25 02:30"), "", None, berlin)
    assert isinstance(twice, Reading)
    assert (twice.value, twice.codes) == ("2026-10-25T00:30:00.000Z", ("time-twice",))
    assert parse_datetime("2026-10-25 04:00", "", None, berlin) == "2026-10-25T03:00:00.000Z"
    assert parse_datetime("2026-03-29 01:59", "", None, berlin) == "2026-03-29T00:59:00.000Z"


def test_that_a_zone_written_in_the_cell_wins() -> None:
    assert parse_datetime("2026-03-29 02:30 +02:00", "", None, Clock("Europe/Berlin")) == "2026-03-29T00:30:00.000Z"


def test_that_zones_are_known_by_their_names() -> None:
    assert known_zone("Africa/Cairo")
    assert known_zone("")
    assert not known_zone("Cairo time")
    assert not known_zone("../etc/passwd")
    assert not known_zone("Africa")


def test_that_the_computers_own_zone_is_used_when_none_is_chosen() -> None:
    local = at("2026-01-15 12:00")
    expected = local.astimezone(dt.UTC).replace(tzinfo=None)
    assert Clock("").to_utc(local) == (expected, "")


@FIXED
@given(st.dates(dt.date(1901, 1, 1), dt.date(2199, 12, 31)), st.sampled_from(["dmy", "mdy"]), st.sampled_from("/-."))
def test_that_a_written_day_is_never_read_as_another_day(day: dt.date, order: str, sign: str) -> None:
    pattern = {"dmy": f"%d{sign}%m{sign}", "mdy": f"%m{sign}%d{sign}"}[order]
    text = day.strftime(pattern) + f"{day.year:04}"
    assert parse_date(text, order, None) == day.isoformat()
    parts = take_date_apart(text)
    assert parts is not None
    assert order in parts.orders()


@FIXED
@given(st.datetimes(at("1970-01-02"), at("2037-12-30")), st.sampled_from(ZONES))
def test_that_utc_is_what_the_zone_database_says(moment: dt.datetime, name: str) -> None:
    exact = moment.replace(microsecond=0)
    utc, _ = Clock(name).to_utc(exact)
    assert utc == exact.replace(tzinfo=ZoneInfo(name)).astimezone(dt.UTC).replace(tzinfo=None)


@FIXED
@given(st.text(alphabet="0123456789/-.: TZapmMarch٠١٢,+", max_size=20))
def test_that_any_text_is_a_date_or_a_reason(text: str) -> None:
    found = parse_datetime(text, "dmy", 30, UTC)
    assert found is None or isinstance(found, str | Reading)


def test_that_milliseconds_become_wire_times() -> None:
    assert wire_of_ms(1_772_357_400_123) == "2026-03-01T09:30:00.123Z"
