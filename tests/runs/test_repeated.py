"""Columns of one name are told with their letters and with the fields that use them."""

from __future__ import annotations

from gb_desktop.catalog import batch_type
from gb_desktop.mapping.model import Mapping, Source
from gb_desktop.runs.repeated import repeated_words
from gb_desktop.text import without_isolation
from gb_desktop.workbook.headers import name_columns

CASHBACK = batch_type("cashback")


def _told(*headers: str | None, **sources: Source) -> list[str]:
    mapping = Mapping("cashback", sources)
    return [without_isolation(words) for words in repeated_words(name_columns(headers), mapping, CASHBACK)]


def test_that_two_columns_of_one_name_are_told_with_the_one_that_is_used() -> None:
    told = _told("Customer", "Amount", "A", "B", "C", " amount ", amount=Source.column("Amount"))
    assert told == ["Two columns are called Amount: B and F. Here F is called amount (2). Amount spent uses B."]


def test_that_every_field_that_uses_one_of_them_is_named() -> None:
    second = Source.column("ID (2)")
    assert _told("ID", "ID", customerId=Source.column("ID"), transactionId=second) == [
        "Two columns are called ID: A and B. Here B is called ID (2). Customer ID uses A. Transaction ID uses B."
    ]


def test_that_columns_nobody_uses_are_told_too() -> None:
    assert _told("Note", "Note", "Note") == [
        "3 columns are called Note: A, B and C. Here B is called Note (2), C is called Note (3). "
        "No field uses any of them."
    ]


def test_that_long_lists_are_cut() -> None:
    headers = [name for name in "abcdefg" for _ in range(7)]
    told = _told(*headers)
    assert told[0].startswith("7 columns are called a: A, B, C, D and 3 more. Here B is called a (2), C is")
    assert told[-1] == "2 more names stand on several columns."
    assert len(told) == 6


def test_that_names_of_their_own_and_empty_ones_say_nothing() -> None:
    assert _told("Customer", None, None, "Amount", "Amount (2)") == []
