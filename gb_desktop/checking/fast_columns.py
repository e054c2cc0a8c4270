"""Readers of whole columns of clean cells: some thousand at once, with the results that the cell's reader gives.

A reader of a column returns its JSON fragments, or None when a single cell is not plainly clean: then every cell is
read by itself. Cells are joined, and one pattern or one comparison judges them together.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import orjson

from gb_desktop.catalog import Field, Kind
from gb_desktop.mapping.dates import FIRST_YEAR, LAST_YEAR
from gb_desktop.mapping.numbers import EXACT
from gb_desktop.mapping.zones import Clock, to_millisecond

Whole = Callable[[Sequence[Any]], list[str] | None]

_TEXTS, _NUMBERS, _MOMENTS = frozenset({str}), frozenset({float}), frozenset({dt.datetime, dt.date})
_MIDNIGHT = dt.time()
_zone, _microsecond = attrgetter("tzinfo"), attrgetter("microsecond")
_WHOLE = re.compile(r"(?:-?\d{1,15}\.0,)*+-?\d{1,15}\.0", re.ASCII).fullmatch
# At most 15 digits, so that the shortest text of a float is the one with 15 digits; none that needs an exponent.
_FRACTIONS = re.compile(r"(?:-?(?!0\.000)\d{1,9}\.\d{1,6},)*+-?(?!0\.000)\d{1,9}\.\d{1,6}", re.ASCII).fullmatch
_EITHER = re.compile(r"(?:-?(?!0\.000)\d{1,9}(?:\.\d{1,6})?,)*+-?(?!0\.000)\d{1,9}(?:\.\d{1,6})?", re.ASCII).fullmatch
_NEITHER = re.compile(r"(?!)").fullmatch
_SECONDS = 19  # characters of an ISO date-time without a fraction or a zone


def texts(pattern: str, longest: int) -> Whole:
    """Of texts that each match a pattern, which takes no line break, quote or backslash."""
    clean = re.compile(rf"(?:(?>{pattern})\n)*+").fullmatch

    def read(values: Sequence[Any]) -> list[str] | None:
        if not _TEXTS.issuperset(map(type, values)) or max(map(len, values)) > longest:
            return None
        joined = "\n".join(values)
        return _quoted(joined, len(values)) if clean(f"{joined}\n") else None

    return read


def ids(pattern: str) -> Whole:
    """Of IDs: texts that each match a pattern, or whole numbers."""
    of_texts = texts(pattern, EXACT)

    def read(values: Sequence[Any]) -> list[str] | None:
        if not _NUMBERS.issuperset(map(type, values)):
            return of_texts(values)
        joined = _plainly(values)
        return (
            _quoted(joined[:-2].replace(".0,", "\n"), len(values)) if _WHOLE(joined) and "-0.0" not in joined else None
        )

    return read


def numbers(field: Field) -> Whole:
    """Of numbers other than zero that keep the field's bounds."""
    low = -float(EXACT) if field.minimum is None else float(field.minimum)
    high = float(EXACT) if field.maximum is None else float(field.maximum)
    clean, rounded = (_FRACTIONS, _EITHER) if field.kind is Kind.NUMBER else (_WHOLE, _NEITHER)

    def read(values: Sequence[Any]) -> list[str] | None:
        if not _NUMBERS.issuperset(map(type, values)):
            return None
        if 0.0 in values or not low < min(values) or not max(values) < high:
            return None
        joined = _plainly(values)
        if clean(joined):
            return f"{joined},".replace(".0,", ",")[:-1].split(",")
        joined = ",".join(map("{:.15g}".format, values))  # some carry float dust
        return joined.split(",") if rounded(joined) else None

    return read


def moments(clock: Clock, latest: str) -> Whole:
    """Of local date-times in whole seconds, before a wire date-time, on days whose clock doesn't change."""
    limit = latest[:_SECONDS]

    def read(values: Sequence[Any]) -> list[str] | None:
        kinds = set(map(type, values))
        if not kinds <= _MOMENTS:
            return None
        if dt.date in kinds:
            values = [one if type(one) is dt.datetime else dt.datetime.combine(one, _MIDNIGHT) for one in values]
        if any(map(_zone, values)):
            return None
        if not min(values).year > FIRST_YEAR or not max(values).year < LAST_YEAR:
            return None
        if any(map(_microsecond, values)):
            values = list(map(to_millisecond, values))
        offsets = _offsets(clock, values)
        if offsets is None:
            return None
        if len(set(offsets.values())) == 1:
            offset = next(iter(offsets.values()))
            utc = [moment - offset for moment in values] if offset else values
        else:
            utc = [moment - offsets[moment.toordinal()] for moment in values]
        joined = "\n".join(map(dt.datetime.isoformat, utc))
        if len(joined) != (_SECONDS + 1) * len(values) - 1 or max(utc).isoformat() >= limit:
            return None
        return _quoted(joined.replace("\n", ".000Z\n") + ".000Z", len(values))

    return read


def _offsets(clock: Clock, values: Sequence[dt.datetime]) -> dict[int, dt.timedelta] | None:
    """The only offset of each day among the values; None when a day has several.

    Kept apart from the clock's own, which it may forget while it learns another day.
    """
    found: dict[int, dt.timedelta] = {}
    for day in set(map(dt.datetime.toordinal, values)):
        if day not in clock.steady:
            clock.to_utc(dt.datetime.fromordinal(day))
        offset = clock.steady.get(day)
        if offset is None:
            return None
        found[day] = offset
    return found


def _plainly(values: Sequence[float]) -> str:
    return orjson.dumps(values)[1:-1].decode()


def _quoted(joined: str, count: int) -> list[str] | None:
    """Each line as a JSON string; None when there are more lines than values, for one value holds a line break."""
    fragments = ('"' + joined.replace("\n", '"\n"') + '"').split("\n")
    return fragments if len(fragments) == count else None
