"""Retry-After in every spelling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.gameball.retry_after import parse_retry_after

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30),
        (" 30 ", 30),
        ("0", 1),
        ("0.5", 1),
        ("2.5", 2.5),
        ("301", 300),
        ("999999999999", 300),
        ("1m0s", 60),
        ("1m30s", 90),
        ("90s", 90),
        ("2m", 120),
        ("1H", 300),
        ("500ms", 1),
        ("1m500ms", 60.5),
        ("1.5m", 90),
        ("Sun, 01 Mar 2026 09:30:45 GMT", 45),
        ("Sun, 01 Mar 2026 09:30:45 -0000", 45),
        ("Sunday, 01-Mar-26 09:31:00 GMT", 60),
        ("Sun Mar  1 09:31:00 2026", 60),
        ("Sun, 01 Mar 2026 11:31:00 +0200", 60),
        ("Sat, 28 Feb 2026 09:30:00 GMT", 1),
        ("Thu, 01 Mar 2029 09:30:00 GMT", 300),
        ("", None),
        (None, None),
        ("soon", None),
        ("-5", None),
        ("1e3", None),
        ("nan", None),
        ("inf", None),
        ("0x10", None),
        ("٣٠", None),
        ("5, 10", None),
        ("s", None),
        ("1s1m", None),
        ("9" * 400, None),
        ("Sun, 99 Mar 2026 09:30:45 GMT", None),
    ],
)
def test_that_each_spelling_is_read(text: str | None, seconds: float | None) -> None:
    assert parse_retry_after(text, NOW) == seconds


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"[0-9hms.]{1,12}", fullmatch=True))
def test_that_any_text_gives_a_sane_wait_or_none(text: str) -> None:
    seconds = parse_retry_after(text, NOW)
    assert seconds is None or 1 <= seconds <= 300


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 300))
def test_that_a_date_means_the_seconds_until_then(seconds: int) -> None:
    assert parse_retry_after(format_datetime(NOW + timedelta(seconds=seconds), usegmt=True), NOW) == seconds
