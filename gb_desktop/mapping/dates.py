"""Dates and times of cells to the wire's texts: UTC date-times, and dates that never pass through a zone."""

from __future__ import annotations

import datetime as dt

from gb_desktop.mapping.cleaning import cleaned, printable
from gb_desktop.mapping.date_text import DateText, take_date_apart
from gb_desktop.mapping.reading import Parsed, Reading, failed
from gb_desktop.mapping.zones import Clock, to_millisecond, wire_time
from gb_desktop.workbook.model import Value

FIRST_YEAR = 1901  # Excel's first serials (a plain 1, a time alone) land in 1899 and 1900
LAST_YEAR = 2199


def parse_date(value: Value, order: str, pivot: int | None) -> Parsed:
    """A DATE as `YYYY-MM-DD`, exactly the day that is written; None for an empty cell."""
    found = _moment(value, order, pivot)
    if not isinstance(found, _Moment):
        return found
    return found.reading(found.local.date().isoformat(), ())


def parse_datetime(value: Value, order: str, pivot: int | None, clock: Clock) -> Parsed:
    """A DATETIME as UTC `YYYY-MM-DDTHH:MM:SS.mmmZ`; None for an empty cell."""
    found = _moment(value, order, pivot)
    if not isinstance(found, _Moment):
        return found
    if found.offset is not None:
        return found.reading(wire_time(to_millisecond(found.local - found.offset)), ())
    utc, code = clock.to_utc(found.local)
    return found.reading(wire_time(utc), (code,) if code else ())


class _Moment:
    """A date-time as written, with what cleaning did to its text."""

    __slots__ = ("change", "local", "offset", "shown")

    def __init__(self, local: dt.datetime, offset: dt.timedelta | None, shown: str, change: str = "") -> None:
        self.local = local
        self.offset = offset
        self.shown = shown
        self.change = change

    def reading(self, wire: str, codes: tuple[str, ...]) -> Parsed:
        if not codes and not self.change:
            return wire
        return Reading(wire, codes, self.change, self.shown)


def _moment(value: Value, order: str, pivot: int | None) -> _Moment | Reading | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return _of_cell(value)
    if isinstance(value, dt.date):
        return _of_cell(dt.datetime.combine(value, dt.time()))
    if isinstance(value, str):
        return _of_text(value, order, pivot)
    if isinstance(value, dt.time | dt.timedelta):
        return failed("time-without-date", value)
    if isinstance(value, bool):
        return failed("not-a-date", str(value).upper())
    return failed("number-not-date", f"{value:.15g}" if isinstance(value, float) else value)


def _of_cell(value: dt.datetime) -> _Moment | Reading:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return failed("date-out-of-range", value)
    offset = value.utcoffset()
    return _Moment(value.replace(tzinfo=None), offset, str(value))


def _of_text(text: str, order: str, pivot: int | None) -> _Moment | Reading | None:
    clean = cleaned(text, one_line=True)
    if isinstance(clean, Reading):
        if clean.codes:
            return clean
        bare, change = str(clean.value), clean.change
    else:
        bare, change = clean, ""
    if not bare:
        return None
    parts = take_date_apart(bare)
    found = _resolved(parts, order, pivot) if parts else "not-a-date"
    if isinstance(found, str):
        return failed(found, printable(bare))
    local = dt.datetime.combine(found, dt.time(*parts.time) if parts and parts.time else dt.time())
    return _Moment(local, parts.offset if parts else None, bare, change)


def _resolved(parts: DateText, order: str, pivot: int | None) -> dt.date | str:
    """The day, or the code that says why there is none."""
    if not parts.orders():
        return "no-such-date"
    if parts.decides and not order:
        return "date-order-undecided"
    if parts.short_year and pivot is None:
        return "years-undecided"
    day = parts.date(order, pivot or 0)
    if day is None:
        return "other-date-order"
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else "date-out-of-range"
