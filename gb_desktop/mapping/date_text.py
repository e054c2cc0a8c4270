"""Dates as people write them: what a text says by itself, and which orders of day, month and year it allows."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from gb_desktop.mapping.cleaning import western_digits

_MONTHS = (
    "january jan يناير كانون_الثاني",
    "february feb فبراير شباط",
    "march mar مارس اذار آذار",
    "april apr ابريل أبريل إبريل نيسان",
    "may مايو ايار أيار",
    "june jun يونيو يونيه حزيران",
    "july jul يوليو يوليه تموز",
    "august aug اغسطس أغسطس آب اب",
    "september sept sep سبتمبر ايلول أيلول",
    "october oct اكتوبر أكتوبر تشرين_الأول تشرين_الاول",
    "november nov نوفمبر تشرين_الثاني",
    "december dec ديسمبر كانون_الأول كانون_الاول",
)
_MONTH = {word.replace("_", " "): number for number, line in enumerate(_MONTHS, 1) for word in line.split()}
_NAMES = "|".join(sorted(map(re.escape, _MONTH), key=len, reverse=True))
_WEEKDAY = re.compile(
    r"^(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|الاحد|الأحد|الاثنين|الإثنين|الثلاثاء|الاربعاء|الأربعاء|الخميس|الجمعة|السبت)[,،.]?\s+",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:^|[T\s,،]+|\s+at\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>a\.?m\.?|p\.?m\.?|ص|م|صباحا|صباحًا|مساء|مساءً)?"
    r"\s*(?P<zone>z|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?|utc|gmt)?$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})(?P<sep>[-/. ])(\d{1,2})(?P=sep)(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})(?P<sep>[-/. ])(\d{1,2})(?P=sep)(\d{4}|\d{2})")
_DAY_NAME = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/ .]*({_NAMES})[-/ .,،]*(\d{{4}}|\d{{2}})", re.IGNORECASE)
_NAME_DAY = re.compile(rf"({_NAMES})[-/ .]*(\d{{1,2}})(?:st|nd|rd|th)?[-/ ,،]+(\d{{4}}|\d{{2}})", re.IGNORECASE)
_YEAR_NAME = re.compile(rf"(\d{{4}})[-/ .,]*({_NAMES})[-/ .]*(\d{{1,2}})", re.IGNORECASE)

ORDERS = ("dmy", "mdy", "ymd")


@dataclass(frozen=True, slots=True)
class DateText:
    """A text taken apart. `parts` are year, month, day when `fixed`, else three numbers as written.

    `short_year` means that the year has two digits. `time` is (hour, minute, second, microsecond) or None; `offset`
    is the zone written beside it.
    """

    parts: tuple[int, int, int]
    fixed: bool
    short_year: bool
    time: tuple[int, int, int, int] | None = None
    offset: dt.timedelta | None = None

    def orders(self) -> frozenset[str]:
        """The orders in which this is a real date; all of them when the order makes no difference."""
        if self.fixed:
            return frozenset(ORDERS) if self._date(*self.parts, 30) else frozenset()
        tried = ORDERS if self.short_year else ORDERS[:2]
        return frozenset(order for order in tried if self.date(order, 30))

    @property
    def decides(self) -> bool:
        """True when the reading depends on the order of day and month."""
        return not self.fixed and not self._same() and bool(self.orders())

    def _same(self) -> bool:
        return self.parts[0] == self.parts[1] and not self.short_year

    def date(self, order: str, pivot: int) -> dt.date | None:
        """The date read in `order`, two-digit years up to `pivot` being 20xx; None when there is no such date."""
        first, second, third = self.parts
        if self.fixed:
            return self._date(first, second, third, pivot)
        if order == "dmy" or self._same():
            return self._date(third, second, first, pivot)
        if order == "mdy":
            return self._date(third, first, second, pivot)
        return self._date(first, second, third, pivot) if order == "ymd" and self.short_year else None

    def _date(self, year: int, month: int, day: int, pivot: int) -> dt.date | None:
        if self.short_year:
            year += 2000 if year <= pivot else 1900
        try:
            return dt.date(year, month, day)
        except ValueError:
            return None


def take_date_apart(text: str) -> DateText | None:
    """What a cleaned text says of a date; None when it is none. Impossible dates (31/02) are still taken apart."""
    rest = _WEEKDAY.sub("", western_digits(text).strip().removeprefix("'"))
    found = _TIME.search(rest)
    if not found:
        return _day(rest, None, None)
    time, offset = _clock(found), _offset(found["zone"])
    return _day(rest[: found.start()].rstrip(" ,،"), time, offset) if time else None


def _clock(found: re.Match[str]) -> tuple[int, int, int, int] | None:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    half = (found["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pم" else 0)
    micro = int((found["part"] or "0").ljust(9, "0")[:6])
    return (hour, minute, second, micro) if hour < 24 and minute < 60 and second < 60 else None


def _offset(zone: str | None) -> dt.timedelta | None:
    if not zone:
        return None
    digits = re.sub(r"[^\d]", "", zone)
    if not digits:
        return dt.timedelta(0)
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    return dt.timedelta(hours=hours, minutes=minutes) * (-1 if "-" in zone else 1)


def _day(text: str, time: tuple[int, int, int, int] | None, offset: dt.timedelta | None) -> DateText | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return DateText((int(found[1]), int(found[3]), int(found[4])), True, False, time, offset)
    if (found := _COMPACT.fullmatch(text)) and text[:2] in ("19", "20"):
        return DateText((int(found[1]), int(found[2]), int(found[3])), True, False, time, offset)
    if found := _NUMERIC.fullmatch(text):
        return DateText((int(found[1]), int(found[3]), int(found[4])), False, len(found[4]) == 2, time, offset)
    return _named(text, time, offset)


def _named(text: str, time: tuple[int, int, int, int] | None, offset: dt.timedelta | None) -> DateText | None:
    if found := _DAY_NAME.fullmatch(text):
        day, name, year = found[1], found[2], found[3]
    elif found := _NAME_DAY.fullmatch(text):
        name, day, year = found[1], found[2], found[3]
    elif found := _YEAR_NAME.fullmatch(text):
        year, name, day = found[1], found[2], found[3]
    else:
        return None
    return DateText((int(year), _MONTH[name.lower()], int(day)), True, len(year) == 2, time, offset)
