"""Numbers: what is read is what is shown, to the last digit, or nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.mapping.cleaning import plain_number
from gb_desktop.mapping.numbers import DUST, parse_integer, parse_number, take_apart
from gb_desktop.mapping.reading import Reading

FIXED = settings(derandomize=True, deadline=None, max_examples=150)


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("12", ".", "12"),
        ("250.00", ".", "250"),
        ("1,234.56", ".", "1234.56"),
        ("1.234,56", ",", "1234.56"),
        ("1 234,56", ",", "1234.56"),
        ("1\u00a0234,56", ",", "1234.56"),
        ("1'234.50", ".", "1234.5"),
        ("1.234", ",", "1234"),
        ("1,234", ".", "1234"),
        ("12,34,567.8", ".", "1234567.8"),
        ("'12", ".", "12"),
        ("(12.00)", ".", "-12"),
        ("12-", ".", "-12"),
        ("-12", ".", "-12"),
        ("−12.5", ".", "-12.5"),
        ("+5", ".", "5"),
        ("EGP 12", ".", "12"),
        ("12 EGP", ".", "12"),
        ("EGP -12.5", ".", "-12.5"),
        ("-$12", ".", "-12"),
        ("(SAR 1,200)", ".", "-1200"),
        ("12 ج.م", ".", "12"),
        ("ر.س 12.5", ".", "12.5"),
        ("1.5 ر.س.", ".", "1.5"),
        ("12 LE", ".", "12"),
        ("١٢٫٥٠", ".", "12.5"),
        ("١٢٫٥٠", "", "12.5"),
        ("١٬٢٣٤٫٥", ",", "1234.5"),
        ("١٢", ".", "12"),
        ("１２", ".", "12"),
        (".5", ".", "0.5"),
        ("007", ".", "7"),
        ("0.10", ".", "0.1"),
        ("123456789012345678.25", ".", "123456789012345678.25"),
    ],
)
def test_that_numbers_are_read_as_people_write_them(text: str, decimal: str, number: str) -> None:
    found = parse_number(text, decimal)
    value = found.value if isinstance(found, Reading) else found
    assert str(value) == number


@pytest.mark.parametrize(
    "text",
    ["abc", "12abc", "1.2.3", "12..5", "--5", "(-5)", "1,23", "12 34", "nan", "inf", "1_000", "0x10", "½", "12 5", "٫",
     "EGP", "5 EGP EGP", "1,2345.6", "12.", "%", "5%%", "12 pears", "1e5x", "", "-", "()"],
)  # fmt: skip
def test_that_what_is_no_number_is_not_made_one(text: str) -> None:
    found = parse_number(text, ".")
    if text:
        assert isinstance(found, Reading)
        assert found.value is None
        assert found.codes[0] in ("not-a-number", "other-decimal")
    else:
        assert found is None


def test_that_a_text_that_depends_on_the_decimal_sign_is_not_read_without_it() -> None:
    for text in ("1.000", "1.5", "1,5", "1.234,56"):
        assert parse_number(text, "") == Reading(None, ("decimal-undecided",), "", text)


def test_that_a_text_that_fits_only_the_other_sign_is_told_apart_from_nonsense() -> None:
    assert parse_number("1,5", ".") == Reading(None, ("other-decimal",), "", "1,5")
    assert parse_number("1.5", ",") == Reading(None, ("other-decimal",), "", "1.5")


def test_that_a_percentage_goes_out_as_a_fraction_with_a_warning() -> None:
    assert parse_number("12%", ".") == Reading(Decimal("0.12"), ("percent",), "", "12%")
    assert parse_number("١٢٪", ".") == Reading(Decimal("0.12"), ("percent",), "", "١٢٪")


def test_that_numbers_excel_has_shortened_are_refused() -> None:
    for text in ("1.23E+11", "1e5", "1,5E-3"):
        found = parse_number(text, ".")
        assert isinstance(found, Reading)
        assert found.codes == ("number-shortened",)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (57.699999999999996, "57.7"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (0.00012, "0.00012"),
        (12345.0, "12345"),
        (-0.0, "0"),
        (999999999999999.0, "999999999999999"),
        (1234.5678, "1234.5678"),
        (100.0, "100"),
        (7, "7"),
    ],
)
def test_that_float_dust_is_not_sent(value: float, shown: str) -> None:
    found = parse_number(value, "")
    assert isinstance(found, Decimal | int)
    assert plain_number(Decimal(found)) == shown


def test_that_a_number_of_sixteen_digits_is_damage() -> None:
    for value in (1e15, -1e15, 1234567890123456.0, 10**15):
        found = parse_number(value, ".")
        assert isinstance(found, Reading)
        assert found.codes == ("digits-lost",)


def test_that_the_rounding_rest_of_a_formula_is_no_amount() -> None:
    rest = 0.3 - 0.1 - 0.2
    assert rest
    found = parse_number(rest, ".")
    assert isinstance(found, Reading)
    assert found.codes == ("nearly-zero",)


def test_that_infinity_and_nan_are_no_numbers() -> None:
    for value in (float("inf"), float("-inf"), float("nan")):
        assert isinstance(parse_number(value, "."), Reading)


def test_that_yes_and_dates_are_no_numbers() -> None:
    assert parse_number(True, ".") == Reading(None, ("not-a-number",), "", "TRUE")
    found = parse_number(dt.datetime.fromisoformat("2026-03-01"), ".")
    assert isinstance(found, Reading)
    assert found.codes == ("date-in-field",)


def test_that_empty_cells_are_no_zero() -> None:
    assert parse_number(None, ".") is None
    assert parse_number("  ", ".") is None
    assert parse_number("\u200b", ".") is None


def test_that_whole_numbers_stay_whole_and_fractions_are_refused() -> None:
    assert parse_integer(500.0, ".") == 500
    assert parse_integer("500.00", ".") == 500
    assert parse_integer("1,500", ".") == 1500
    assert parse_integer(12.5, ".") == Reading(None, ("not-whole",), "", "12.5")
    assert parse_integer(None, ".") is None


def test_that_invisible_characters_around_a_number_are_told() -> None:
    assert parse_number(" 12\u00a0", ".") == Reading(Decimal(12), (), "trimmed", " 12\u00a0")
    assert parse_number("\u200f12.5", ".") == Reading(Decimal("12.5"), (), "invisible", "\u200f12.5")


@FIXED
@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from([(".", ","), (",", ".")]), st.booleans())
def test_that_every_way_of_writing_an_amount_gives_the_same_amount(
    amount: Decimal, signs: tuple[str, str], grouped: bool
) -> None:
    decimal, group = signs
    text = format(amount, ",.2f" if grouped else ".2f")
    written = text.replace(",", "\x00").replace(".", decimal).replace("\x00", group)
    found = parse_number(written, decimal)
    assert not isinstance(found, Reading)
    assert found == amount


@FIXED
@given(st.floats(-1e14, 1e14, allow_nan=False))
def test_that_a_numeric_cell_goes_out_as_excel_shows_it_in_fifteen_digits(value: float) -> None:
    found = parse_number(value, "")
    if 0 < abs(value) < DUST:
        assert isinstance(found, Reading)
        return
    assert isinstance(found, Decimal)
    assert float(format(value, ".15g")) == float(plain_number(found))


@FIXED
@given(st.text(alphabet="0123456789.,'- ()%+eE٣٫٬EGP$", max_size=12), st.sampled_from([".", ","]))
def test_that_a_text_is_read_one_way_or_not_at_all(text: str, decimal: str) -> None:
    found = parse_number(text, decimal)
    value = found.value if isinstance(found, Reading) else found
    parts = take_apart(text.strip())
    if value is None or parts is None:
        return
    digits = [sign for sign in parts.body if sign.isdigit()]
    shown = [sign for sign in str(abs(value)) if sign.isdigit()]
    assert "".join(digits).strip("0") == "".join(shown).strip("0")


def test_that_an_undecided_column_still_reads_what_does_not_depend_on_it() -> None:
    assert parse_number("1234", "") == Decimal(1234)
    assert parse_number("-5", "") == Decimal(-5)
    assert parse_number("1 234", "") == Decimal(1234)


@pytest.mark.parametrize("text", ["9" * 301, "-" + "9" * 5_000, "EGP " + "9" * 400 + ".50"])
def test_that_more_digits_than_any_amount_has_are_no_number(text: str) -> None:
    for parse in (parse_number, parse_integer):
        found = parse(text, ".")
        assert isinstance(found, Reading)
        assert found.codes == ("not-a-number",)
    assert parse_number("9" * 300, ".") == Decimal("9" * 300)
