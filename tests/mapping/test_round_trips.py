"""Numbers, dates and phones written in every usual way are read as what they show, or not at all."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

import phonenumbers
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from gb_desktop.catalog import Field, Kind
from gb_desktop.checking.fast import reader
from gb_desktop.mapping.cleaning import western_digits
from gb_desktop.mapping.contacts import parse_mobile
from gb_desktop.mapping.dates import parse_date, parse_datetime
from gb_desktop.mapping.evidence import Tally, decisions
from gb_desktop.mapping.model import Settings
from gb_desktop.mapping.numbers import parse_integer, parse_number
from gb_desktop.mapping.parsers import Manner
from gb_desktop.mapping.reading import Parsed, Reading
from gb_desktop.mapping.zones import Clock
from gb_desktop.workbook.model import Value

MANY = settings(max_examples=300)
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def value(found: Parsed) -> object:
    return found.value if isinstance(found, Reading) else found


# Numbers

amounts = st.decimals(Decimal("0.01"), 10**9, places=2)
group_signs = st.sampled_from(["", "own", " ", "\u00a0", "\u202f", "'"])
wraps = st.sampled_from(
    ["{}", "-{}", "({})", "{}-", "EGP {}", "{} EGP", "-$ {}", "SAR -{}", "\u200f{}", " {}\u00a0", "'{}"]
)


def written(amount: Decimal, decimal: str, group: str) -> str:
    sign = {"": "", "own": "," if decimal == "." else "."}.get(group, group)
    whole, part = f"{amount:,.2f}".split(".")
    return whole.replace(",", sign) + decimal + part


@MANY
@given(amounts, st.sampled_from(".,"), group_signs, wraps, st.booleans())
def test_that_an_amount_is_the_same_however_it_is_written(
    amount: Decimal, decimal: str, group: str, wrap: str, arabic: bool
) -> None:
    text = wrap.format(written(amount, decimal, group))
    text = text.translate(ARABIC) if arabic else text
    expected = -amount if "-" in wrap or "(" in wrap else amount
    assert value(parse_number(text, decimal)) == expected


@MANY
@given(amounts, st.sampled_from(".,"), group_signs, wraps)
def test_that_the_other_decimal_sign_never_gives_another_amount_in_silence(
    amount: Decimal, decimal: str, group: str, wrap: str
) -> None:
    """12,50 in a column of decimal points is an error and never 1250, and its column says what it holds."""
    text = wrap.format(written(amount, decimal, group))
    other = "," if decimal == "." else "."
    assert value(parse_number(text, other)) is None
    tally = Tally("Amount", Field("amount", "Amount", Kind.NUMBER, ""))
    tally.add(text)
    [evidence] = tally.evidence()
    assert evidence.choice == decimal


@MANY
@given(st.lists(st.tuples(amounts, group_signs), min_size=1, max_size=5), st.sampled_from(".,"))
def test_that_a_columns_own_evidence_reads_each_of_its_amounts_as_written(
    column: list[tuple[Decimal, str]], decimal: str
) -> None:
    texts = [written(amount, decimal, group) for amount, group in column]
    tally = Tally("Amount", Field("amount", "Amount", Kind.NUMBER, ""))
    for text in texts:
        tally.add(text)
    decided = decisions(tally.evidence()).get(("Amount", "decimal"), "")
    assert [value(parse_number(text, decided)) for text in texts] == [amount for amount, _ in column]


@MANY
@given(st.integers(0, 10**14))
def test_that_a_whole_number_in_a_cell_or_a_text_stays_what_it_is(number: int) -> None:
    for cell in (float(number), str(number), f" {number} ", str(number).translate(ARABIC)):
        assert value(parse_integer(cell, ".")) == number


@MANY
@given(st.decimals(-(10**9), 10**9, places=6))
def test_that_a_decimal_in_a_numeric_cell_goes_out_with_the_digits_it_shows(number: Decimal) -> None:
    assume(abs(number) >= Decimal("0.00001") and len(number.as_tuple().digits) <= 15)
    assert value(parse_number(float(number), "")) == number


@MANY
@given(st.text(alphabet="0123456789.,-()% EGP$٫٬١٢'\u00a0", max_size=14) | st.floats(), st.sampled_from(["", ".", ","]))
def test_that_the_quick_reader_sends_what_the_parser_reads(cell: Value, decimal: str) -> None:
    number = Field("amount", "Amount", Kind.NUMBER, "")
    piece = reader(number, Manner(decimal=decimal), "2026-03-01T00:00:00.000Z")(cell)
    sent = value(piece) if isinstance(piece, Reading) else None if piece is None else Decimal(piece)
    assert sent == value(parse_number(cell, decimal))


# Dates

days = st.dates(dt.date(1901, 1, 1), dt.date(2199, 12, 31))
DAY_FIRST = ("%d/%m/{y}", "%d-%m-{y}", "%d.%m.{y}", "%d %m {y}")
MONTH_FIRST = ("%m/%d/{y}", "%m-%d-{y}", "%m.%d.{y}")
ANY_ORDER = ("{y}-%m-%d", "{y}/%m/%d", "{y}%m%d", "%d %B {y}", "%B %d, {y}", "%d-%b-{y}", "{y} %b %d", "%A, %d %B {y}")


def shown(day: dt.date, pattern: str) -> str:
    return day.strftime(pattern.replace("{y}", f"{day.year:04d}"))


@MANY
@given(days, st.sampled_from(DAY_FIRST), st.sampled_from(MONTH_FIRST), st.sampled_from(ANY_ORDER), st.booleans())
def test_that_a_day_is_the_same_however_it_is_written(
    day: dt.date, day_first: str, month_first: str, any_order: str, arabic: bool
) -> None:
    for pattern, orders in ((day_first, ("dmy",)), (month_first, ("mdy",)), (any_order, ("dmy", "mdy", "ymd", ""))):
        if "%m%d" in pattern and not 1901 <= day.year <= 2099:
            continue  # eight digits in a row are a date only where they begin as years of our time do
        text = shown(day, pattern)
        for order in orders:
            assert value(parse_date(text.translate(ARABIC) if arabic else text, order, None)) == day.isoformat(), text


@MANY
@given(days, st.sampled_from(DAY_FIRST))
def test_that_the_other_order_never_gives_another_day_unless_it_could_be_meant(day: dt.date, pattern: str) -> None:
    text = shown(day, pattern)
    undecided = parse_date(text, "", None)
    other = value(parse_date(text, "mdy", None))
    if day.day > 12:
        assert other is None
    if day.day != day.month:
        assert value(undecided) is None
    tally = Tally("Paid on", Field("time", "Time", Kind.DATETIME, ""))
    tally.add(text)
    found = tally.evidence()
    assert [one.choice for one in found] == ([] if day.day == day.month else ["dmy" if day.day > 12 else ""])


FIRST, LAST = (dt.datetime.fromisoformat(day) for day in ("1975-01-02", "2037-12-30"))
moments = st.datetimes(FIRST, LAST).map(lambda at: at.replace(microsecond=0))
zones = st.sampled_from(["Africa/Cairo", "Asia/Riyadh", "Asia/Kolkata", "America/New_York", "UTC", "Pacific/Apia"])
TIMES = (" %H:%M:%S", "T%H:%M:%S", ", %H:%M:%S", " %I:%M:%S %p", " %I:%M:%S%p")


@MANY
@given(moments, zones, st.sampled_from(DAY_FIRST + ANY_ORDER), st.sampled_from(TIMES), st.booleans())
def test_that_a_moment_goes_out_as_the_utc_of_what_is_shown(
    moment: dt.datetime, name: str, pattern: str, clock: str, as_cell: bool
) -> None:
    zone = ZoneInfo(name)
    cell: Value = moment if as_cell else shown(moment.date(), pattern) + moment.strftime(clock)
    sent = value(parse_datetime(cell, "dmy", None, Clock(name)))
    assert isinstance(sent, str), cell
    utc = dt.datetime.fromisoformat(sent)
    assert utc == moment.replace(tzinfo=zone).astimezone(dt.UTC)
    back = utc.astimezone(zone).replace(tzinfo=None)
    skipped = moment.replace(tzinfo=zone, fold=0).utcoffset() != moment.replace(tzinfo=zone, fold=1).utcoffset()
    assert back == moment or skipped


@MANY
@given(moments, st.integers(-11, 14), st.sampled_from([0, 30]))
def test_that_a_zone_written_beside_a_time_wins_over_the_one_chosen(
    moment: dt.datetime, hours: int, minutes: int
) -> None:
    offset = dt.timezone(dt.timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes))
    text = moment.replace(tzinfo=offset).isoformat()
    sent = value(parse_datetime(text, "", None, Clock("Africa/Cairo")))
    assert dt.datetime.fromisoformat(str(sent)) == moment.replace(tzinfo=offset)


# Phones

REGIONS = sorted(
    region
    for region in phonenumbers.SUPPORTED_REGIONS
    if phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE) is not None
)
SEPARATORS = ("", " ", "-", ".", "/")


@MANY
@given(st.sampled_from(REGIONS), st.integers(0, 9999), st.sampled_from(SEPARATORS), st.booleans(), st.data())
def test_that_a_number_is_the_same_at_home_and_abroad(
    region: str, last: int, separator: str, arabic: bool, data: st.DataObject
) -> None:
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    assert example is not None
    digits = str(example.national_number)
    number = phonenumbers.PhoneNumber(example.country_code, int(digits[:-4] + f"{last:04d}"))
    assume(phonenumbers.is_valid_number_for_region(number, region))
    wire = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    kind = data.draw(
        st.sampled_from([PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL])
    )
    text = phonenumbers.format_number(number, kind)
    assume(re.fullmatch(r"[+\d\s().\-/]*", text))
    assume(phonenumbers.parse(text, region) == phonenumbers.parse(wire, None))  # Gabon's old numbers have two forms
    text = re.sub(r"[ -]", separator, text)
    assert value(parse_mobile(text.translate(ARABIC) if arabic else text, region)) == wire
    assert value(parse_mobile(wire, "")) == wire
    assert value(parse_mobile("00" + wire[1:], "")) == wire


@MANY
@given(
    st.text(alphabet="0123456789+ -()./٠١٢٣eE", max_size=18) | st.floats(0, 1e15) | st.integers(0, 10**15),
    st.sampled_from(["", "EG", "SA", "US", "DE", "IT"]),
)
def test_that_no_phone_ever_loses_or_gains_a_digit_but_its_prefix(cell: Value, country: str) -> None:
    """What goes out ends with the digits that are shown, but for the zero that a country's own numbers begin with."""
    sent = value(parse_mobile(cell, country))
    if sent is None:
        return
    given = str(int(cell)) if isinstance(cell, float) else str(cell)
    digits = re.sub(r"\D", "", western_digits(given))
    out = re.sub(r"\D", "", str(sent))
    assert out.endswith((digits.lstrip("0"), digits.removeprefix("00"))) or digits.endswith(out[-6:])
    if not str(sent).startswith("+"):
        assert out == digits
    quick = reader(Field("mobile", "Mobile", Kind.MOBILE, ""), Manner(Settings(country=country)), "")(cell)
    assert value(quick) == sent if isinstance(quick, Reading) else quick == f'"{sent}"'
