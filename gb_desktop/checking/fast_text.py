"""Numbers and dates as texts on the hot path: the commonest plain forms only, with the parsers' own results."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from gb_desktop.catalog import Field, Kind

_ISO = r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"
_DAYS = {
    "dmy": r"(?P<d>\d\d?)(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<y>\d{4})",
    "mdy": r"(?P<m>\d\d?)(?P<sep>[-/.])(?P<d>\d\d?)(?P=sep)(?P<y>\d{4})",
}
_TIME = r"(?:[ T](?P<H>\d\d?):(?P<M>\d\d)(?::(?P<S>\d\d))?)?"

Number = Callable[[str], str | None]
Moment = Callable[[str], dt.datetime | None]


def quick_number(field: Field, decimal: str) -> Number:
    """A function from a text of plain digits to its JSON, or None where the parser must look.

    Only numbers that surely keep the field's bounds are taken. decimal is "" where the column can't decide.
    """
    sign = re.escape(decimal) if decimal else r"(?!)"
    fraction = rf"(?:{sign}\d{{1,6}})?" if field.kind is Kind.NUMBER else ""
    clean = re.compile(rf"(?:0|[1-9]\d{{0,11}}){fraction}", re.ASCII).fullmatch
    low = float(field.minimum or 0)
    high = float("inf") if field.maximum is None else float(field.maximum)

    def find(text: str) -> str | None:
        if not clean(text):
            return None
        plain = text.replace(",", ".") if decimal == "," else text
        if "." in plain:
            plain = plain.rstrip("0").rstrip(".")
        return plain if low < float(plain) < high else None

    return find


def quick_moment(order: str) -> Moment:
    """A function from a text such as `2026-03-01 09:30` to its date-time, or None where the parser must look.

    order is "" where the column can't decide: then only year-first texts are taken.
    """
    iso = re.compile(_ISO + _TIME, re.ASCII).fullmatch
    other = re.compile(_DAYS[order] + _TIME, re.ASCII).fullmatch if order in _DAYS else None

    def find(text: str) -> dt.datetime | None:
        found = iso(text) or (other(text) if other else None)
        if found is None:
            return None
        year, month, day, hour, minute, second = found.group("y", "m", "d", "H", "M", "S")
        try:
            clock = dt.time(int(hour or 0), int(minute or 0), int(second or 0))
            return dt.datetime.combine(dt.date(int(year), int(month), int(day)), clock)
        except ValueError:
            return None

    return find
