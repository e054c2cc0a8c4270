"""What passes as the number that a live run asks for."""

import pytest

from gb_desktop.ui.confirm import same_amount, same_count


@pytest.mark.parametrize(
    "typed", ["9812", "9,812", "9.812", " 9 812 ", "9'812", "٩٨١٢", "9,812 rows", "\u20689,812\u2069"]
)
def test_that_separators_and_words_do_not_matter_in_a_number_of_rows(typed: str) -> None:
    assert same_count(typed, 9812)


@pytest.mark.parametrize("typed", ["", "rows", "981", "98120", "-9812", "(9812)", "9812x1", "9e812"])
def test_that_another_number_of_rows_is_refused(typed: str) -> None:
    assert not same_count(typed, 9812)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1234567.50", "1234567.5"),
        ("1,234,567.50", "1234567.50"),
        ("1.234.567,50", "1234567.50"),
        ("1 234 567,5", "1234567.50"),
        ("EGP 1,200", "1200"),
        ("1,200 EGP", "1200.00"),
        ("-300", "-300"),
        ("−300.25", "-300.25"),
        ("(300)", "-300"),
        ("300-", "-300"),
        ("٣٠٠٫٢٥", "300.25"),
        ("١٬٢٣٤٫٥", "1234.5"),
        (".5", "0.5"),
        ("0", "0"),
        ("0,5", "0.5"),
    ],
)
def test_that_the_same_digits_sign_and_decimal_part_pass(typed: str, amount: str) -> None:
    assert same_amount(typed, amount)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("", "0"),
        ("abc", "0"),
        ("1,234", "1.234"),
        ("1.234", "1234"),
        ("300", "-300"),
        ("-300", "300"),
        ("1234.5", "1234.05"),
        ("1234", "1234.01"),
        ("1e5", "15"),
        ("1.2.3", "123"),
        ("12 34a5", "12345"),
    ],
)
def test_that_another_total_is_refused(typed: str, amount: str) -> None:
    assert not same_amount(typed, amount)
