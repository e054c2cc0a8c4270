"""Fixes that repair a cell's text: what each makes of it, and when it is not offered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gb_desktop.mapping.model import Mapping, Settings
from gb_desktop.workbook.model import Value
from tests.checking.sheets import mapping_of
from tests.checking.test_fixes import HEADERS, MAPPING, THEN, Sheet, cashback, row


def fixed(code: str, key: str, **cells: Value) -> str:
    """The item of one row after a fix that settles its problem."""
    sheet = cashback(row(1, **cells))
    offer = sheet.offers(code)[key]
    assert (offer.before, offer.after) == (1, 0)
    assert offer.samples
    found = sheet.after(code, key)
    assert code not in found.codes(2)
    return found.body(2)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mona Adel <mona@x.com>", "mona@x.com"),
        ("mailto:mona@x.com", "mona@x.com"),
        ("mona @ x.com", "mona@x.com"),
        ("mona@@x.com", "mona@x.com"),
        ("mona@x,com", "mona@x.com"),
        ("mona@x..com", "mona@x.com"),
    ],
)
def test_that_a_miswritten_email_is_repaired(written: str, meant: str) -> None:
    assert f'"email":"{meant}"' in fixed("not-an-email", "repair-email", email=written)


def test_that_an_email_that_could_be_another_is_not_repaired() -> None:
    for written in ("mona", "a@x.com b@x.com", "a@x.com, b@y.com", "@x.com"):
        assert "repair-email" not in cashback(row(1, email=written)).offers("not-an-email")


def test_that_words_around_a_number_are_taken_off_where_there_is_one_number() -> None:
    assert '"amount":250' in fixed("not-a-number", "only-number", amount="250 points")
    assert '"amount":12' in fixed("not-a-number", "only-number", amount="paid ١٢ today")
    for written in ("5 of 10", "ten", "1.2.3 pts", "-5 points"):
        assert "only-number" not in cashback(row(1, amount=written)).offers("not-a-number")


def test_that_words_around_a_telephone_number_are_taken_off() -> None:
    assert '"mobile":"+201001234567"' in fixed("not-a-mobile", "only-phone", mobile="Tel: +20 100 123 4567 (home)")
    assert "only-phone" not in cashback(row(1, mobile="call 0100123456 or 0111234567")).offers("not-a-mobile")


def test_that_the_other_decimal_sign_is_written_as_the_columns_own() -> None:
    sheet = cashback(row(1, amount="1.25"), row(2, amount="3.75"), row(3, amount="2,5"), row(4, amount="1.234,5"))
    settings = Settings(timezone="UTC", decimal=".")
    sheet = Sheet(
        "cashback", HEADERS, [one.values for one in sheet.rows], Mapping("cashback", MAPPING.sources, settings)
    )
    offer = sheet.offers("other-decimal")["other-decimal"]
    assert offer.samples == (("2,5", "2.5"), ("1.234,5", "1234.5"))
    found = sheet.after("other-decimal", "other-decimal")
    assert found.body(4).endswith('"amount":2.5}')
    assert found.body(5).endswith('"amount":1234.5}')


def test_that_a_date_in_the_other_order_is_read_in_the_only_possible_one() -> None:
    settings = Settings(timezone="UTC", date_order="dmy")
    rows = [row(1, transactionTime="02/13/2026 9:30 PM"), row(2, transactionTime="13/02/2026")]
    sheet = Sheet("cashback", HEADERS, rows, replace(MAPPING, settings=settings))
    assert sheet.offers("other-date-order")["other-order"].samples == (("02/13/2026 9:30 PM", "2026-02-13 21:30:00"),)
    assert "2026-02-13T21:30:00.000Z" in sheet.after("other-date-order", "other-order").body(2)


def test_that_numbers_in_a_date_column_are_read_as_excels_dates() -> None:
    assert "2026-03-01T00:00:00.000Z" in fixed("number-not-date", "serial", transactionTime=46082.0)
    assert "2026-03-01T12:00:00.000Z" in fixed("number-not-date", "serial", transactionTime=46082.5)
    assert "2026-02-28T00:00:00.000Z" in fixed("number-not-date", "serial", transactionTime=20260228.0)
    for number in (12.0, 20260231.0, 1.5e9):
        assert "serial" not in cashback(row(1, transactionTime=number)).offers("number-not-date")


REDEEM = mapping_of("redeem", customerId="C", transactionId="T", transactionTime="D", amount="A", points="P")


def test_that_points_are_rounded_as_asked() -> None:
    sheet = Sheet("redeem", ("C", "T", "D", "A", "P"), [["C1", "T1", THEN, None, 12.5]], REDEEM)
    made = sheet.offers("not-whole")
    assert made["round:nearest"].samples == (("12.5", "13"),)
    assert made["round:down"].samples == (("12.5", "12"),)
    assert sheet.after("not-whole", "round:down").body(2).endswith('"points":12}')


def test_that_of_fields_that_exclude_each_other_the_chosen_one_is_kept() -> None:
    rows: list[list[Value]] = [["C1", "T1", THEN, 5.0, 500.0], ["C2", "T2", THEN, None, 100.0]]
    sheet = Sheet("redeem", ("C", "T", "D", "A", "P"), rows, REDEEM)
    made = sheet.offers("one-of-many")
    assert made["keep:amount"].samples == (("500", ""),)
    assert made["keep:points"].samples == (("5", ""),)
    assert sheet.after("one-of-many", "keep:points").body(2).endswith('"points":500}')
    assert sheet.after("one-of-many", "keep:amount").body(2).endswith('"amount":5}')


def test_that_a_word_is_read_as_yes_or_no() -> None:
    mapping = mapping_of("customers", customerId="C", guest="G")
    sheet = Sheet("customers", ("C", "G"), [["C1", "perhaps"], ["C2", "yes"]], mapping)
    assert {"map-value:perhaps:yes", "map-value:perhaps:no"} <= set(sheet.offers("not-a-boolean"))
    assert sheet.after("not-a-boolean", "map-value:perhaps:no").body(2).endswith('"guest":false}')


def test_that_an_invalid_mobile_can_be_left_out_though_it_is_a_warning() -> None:
    sheet = cashback(row(1, mobile="+2012"))
    assert "clear" in sheet.offers("mobile-invalid")
    assert "mobile" not in sheet.after("mobile-invalid", "clear").body(2)
