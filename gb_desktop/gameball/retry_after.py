"""Retry-After, in every spelling servers use for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORTEST = 1.0
LONGEST = 300.0

_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_UNITS = re.compile(
    r"(?:(?P<h>\d{1,9}(?:\.\d{1,9})?)h)?(?:(?P<m>\d{1,9}(?:\.\d{1,9})?)m(?!s))?"
    r"(?:(?P<s>\d{1,9}(?:\.\d{1,9})?)s)?(?:(?P<ms>\d{1,9}(?:\.\d{1,9})?)ms)?",
    re.ASCII,
)
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def parse_retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds to wait, 1 to 300, or None when the header is absent or makes no sense.

    Understands `30`, `0.5`, `1m0s`, `500ms` and HTTP dates; `now` is aware and only used for dates.
    """
    text = (text or "").strip()
    seconds = _plain(text)
    if seconds is None:
        seconds = _with_units(text.lower())
    if seconds is None:
        seconds = _until(text, now)
    return None if seconds is None else min(max(seconds, SHORTEST), LONGEST)


def _plain(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _with_units(text: str) -> float | None:
    found = _UNITS.fullmatch(text)
    if not text or not found:
        return None
    return sum(float(amount) * _SECONDS[unit] for unit, amount in found.groupdict().items() if amount)


def _until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000" and the old asctime form: HTTP dates are UTC
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
