"""JSON answers are exact or unreadable."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gb_desktop.gameball.strict_json import UnreadableError, parse


def test_that_numbers_keep_every_digit() -> None:
    found = parse(b'{"a": 0.10, "b": 12345678901234567890, "c": 1e400}')
    assert found == {"a": Decimal("0.10"), "b": 12345678901234567890, "c": Decimal("1e400")}
    assert str(found["a"]) == "0.10"


def test_that_a_byte_order_mark_is_no_part_of_the_answer() -> None:
    assert parse(b'\xef\xbb\xbf{"jobId": 1}') == {"jobId": 1}


def test_that_half_a_character_is_replaced_because_no_file_could_keep_it() -> None:
    found = parse(b'{"half": "a\\ud800b", "whole": "\\ud83d\\ude00", "list": ["\\udfff"]}')
    assert found == {"half": "a\ufffdb", "whole": "\U0001f600", "list": ["\ufffd"]}
    assert str(found).encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b'{"a": 1',
        b'{"a": NaN}',
        b"[Infinity]",
        b"[-Infinity]",
        b'{"a": 1, "a": 1}',
        b'{"b": {"a": 1, "a": 2}}',
        b'{"\\ud800": 1, "\\ud801": 2}',
        b'{"a": "\xff"}',
        b'{"a": 1} {"a": 2}',
        b"[" * 100_000,
        b"9" * 10_000,
        b"1e99999999999999999999",
        '{"a": 1}'.encode("utf-16"),
    ],
)
def test_that_what_has_no_single_meaning_is_unreadable(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        parse(raw)
