"""Repairs of single cells: the texts that a cell was perhaps meant to be. Whether one can be sent is asked elsewhere.

Each takes the cell and the fix's own text, and gives candidates.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from gb_desktop.checking.fix_model import FixKind
from gb_desktop.mapping.cleaning import plain_number, western_digits
from gb_desktop.mapping.date_text import ORDERS, DateText, take_date_apart
from gb_desktop.mapping.numbers import take_apart
from gb_desktop.mapping.texts import shown_text
from gb_desktop.workbook.model import Value

Repair = Callable[[Value, str], Iterator[str]]

_ANGLED = re.compile(r"<([^<>@\s]+@[^<>@\s]+)>")
_NUMBER = re.compile(r"(?<![\d.,])[-+]?\d[\d.,]*(?<![.,])(?![\d])")
_PHONE = re.compile(r"\+?\(?\d[\d\s().\-/]{5,}\d")
_EXCEL_DAY_0 = dt.datetime.fromisoformat("1899-12-30T00:00:00")
_FIRST_SERIAL, _LAST_SERIAL = 367, 109_575  # 1901-01-01 and 2200-01-01
_COMPACT = re.compile(r"(?:19|20|21)\d{6}")
_LONGEST_TEXT = 200  # beyond it nothing is looked for in a text


def _email(cell: Value, _text: str) -> Iterator[str]:
    """`Mona <m@x.com>`, `mailto:m@x.com`, `m @x.com`, `m@x,com`, `m@x..com`, `m@@x.com`."""
    text = shown_text(cell)[:_LONGEST_TEXT].strip()
    angled = _ANGLED.search(text)
    bare = angled[1] if angled else re.sub(r"^mailto:", "", text, flags=re.IGNORECASE)
    bare = re.sub(r"@+", "@", re.sub(r"\s+", "", bare))
    name, at, domain = bare.partition("@")
    if at:
        yield f"{name.strip('.')}@{re.sub(r'[.,،;]+', '.', domain).strip('.')}"


def _only_number(cell: Value, _text: str) -> Iterator[str]:
    """The one number in a text of words: `250 points`."""
    text = western_digits(shown_text(cell))[:_LONGEST_TEXT]
    found = _NUMBER.findall(text)
    if len(found) == 1:
        yield found[0]


def _only_phone(cell: Value, _text: str) -> Iterator[str]:
    """The one telephone number in a text of words: `Tel: 0100 123 4567 (home)`."""
    found = _PHONE.findall(western_digits(shown_text(cell))[:_LONGEST_TEXT])
    if len(found) == 1:
        yield re.sub(r"[^\d+]", "", found[0])


def _other_decimal(cell: Value, _text: str) -> Iterator[str]:
    """A number written with the other decimal sign than its column, in the column's own."""
    parts = take_apart(shown_text(cell))
    if parts is None or len(parts.readable()) != 1:
        return
    number = parts.value(next(iter(parts.readable())))
    if number is not None:
        plain = plain_number(number)
        yield plain
        yield plain.replace(".", ",")


def _other_order(cell: Value, _text: str) -> Iterator[str]:
    """A date that only another order of day and month allows, with its year first."""
    parts = take_date_apart(shown_text(cell))
    possible = [order for order in ORDERS if order in parts.orders()] if parts and not parts.short_year else []
    day = parts.date(possible[0], 0) if parts and len(possible) == 1 else None
    if parts and day:
        yield day.isoformat() + _time_of(parts)


def _time_of(parts: DateText) -> str:
    if parts.time is None:
        return ""
    text = f" {dt.time(*parts.time).isoformat()}"
    if parts.offset is None:
        return text
    minutes = int(parts.offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{text}{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _serial(cell: Value, _text: str) -> Iterator[str]:
    """A number that Excel would show as a date (46082), or that is written like one (20260301)."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return
    if _FIRST_SERIAL <= cell < _LAST_SERIAL:
        moment = _EXCEL_DAY_0 + dt.timedelta(seconds=round(cell * 86_400))
        yield moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ")
    elif _COMPACT.fullmatch(digits := shown_text(cell)):
        yield f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def _rounded(cell: Value, how: str) -> Iterator[str]:
    """A number without its decimals, by `how`: "nearest" or "down" (towards zero)."""
    parts = take_apart(shown_text(cell))
    for sign in sorted(parts.readable()) if parts else ():
        number = parts.value(sign) if parts else None
        if number is not None and number.is_finite():
            yield _whole(number, how)


def _whole(number: Decimal, how: str) -> str:
    return plain_number(number.quantize(Decimal(1), ROUND_HALF_UP if how == "nearest" else ROUND_DOWN))


REPAIRS: dict[FixKind, Repair] = {
    FixKind.EMAIL: _email,
    FixKind.ONLY_NUMBER: _only_number,
    FixKind.ONLY_PHONE: _only_phone,
    FixKind.OTHER_DECIMAL: _other_decimal,
    FixKind.OTHER_ORDER: _other_order,
    FixKind.SERIAL: _serial,
    FixKind.ROUND: _rounded,
}
