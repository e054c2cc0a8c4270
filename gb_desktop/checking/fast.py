"""Readers of the hot path: from a cell straight to its JSON fragment, by the same rules as the parsers.

A reader returns the fragment of a clean value, None for an empty cell, and a Reading for everything that has
something to say. The short cuts here may only take cells whose outcome is certain; everything else goes to the parser.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from gb_desktop.catalog import Field, Kind
from gb_desktop.checking.fast_columns import Whole, ids, moments, numbers, texts
from gb_desktop.checking.fast_text import Moment, Number, quick_moment, quick_number
from gb_desktop.checking.rules import cell_rule, ruled
from gb_desktop.mapping.dates import FIRST_YEAR, LAST_YEAR
from gb_desktop.mapping.items import wire_json
from gb_desktop.mapping.mobile_patterns import quick_mobile
from gb_desktop.mapping.numbers import EXACT
from gb_desktop.mapping.parsers import Manner, parser
from gb_desktop.mapping.reading import Reading
from gb_desktop.mapping.zones import Clock
from gb_desktop.workbook.model import Value

Piece = str | Reading | None
Reader = Callable[[Value], Piece]

_ROUNDED = 1e14  # from some number above, a fraction may be rounded up to 16 digits
REMEMBERED = 50_000  # texts a column; repetitive columns fit, unique ones stop costing memory
_UNSEEN = Reading()

_PLAIN = r"!#-\[\]-~"  # printable ASCII without the quote and the backslash, which JSON escapes
_NO_ERROR = r"(?!#[A-Z]+[!?/_]|Err:)"  # surely none of the texts that stand for a spreadsheet's errors
_ID = (
    rf"(?!Err:)[A-Za-z](?:[ {_PLAIN}]*[{_PLAIN}])?"
    rf"|{_NO_ERROR}[!#-*,\-/-\[\]-~](?:[ !#-*,\-/-\[\]-~]*[!#-*,\-/-\[\]-~])?"
)
_TEXT = rf"{_NO_ERROR}[{_PLAIN}](?:[ {_PLAIN}]*[{_PLAIN}])?"
_EMAIL = r"[A-Za-z0-9_+%-]+(?:\.[A-Za-z0-9_+%-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])"
_LONGEST_EMAIL, _LONGEST_TEXT = 254, 32_767


def reader(field: Field, how: Manner, now: str) -> Reader:
    """The reader of `field`; `now` is the wire date-time that past times are compared with."""
    known = _remembered(_by_parser(field, how, now))
    if how.words:
        return known
    if field.kind is Kind.ID:
        return _id_reader(known)
    if field.kind in (Kind.NUMBER, Kind.INTEGER):
        return _number_reader(field, quick_number(field, how.decimal), known)
    if field.kind is Kind.DATETIME:
        latest = now if field.past else "9999"
        return _time_reader(Clock(how.settings.timezone), latest, quick_moment(how.date_order), known)
    if field.kind is Kind.EMAIL:
        return _pattern_reader(_EMAIL, known, _LONGEST_EMAIL)
    if field.kind is Kind.TEXT and not field.choice_words:
        return _pattern_reader(_TEXT, known, _LONGEST_TEXT)
    return _mobile_reader(how.settings.country, known) if field.kind is Kind.MOBILE else known


def whole_reader(field: Field, how: Manner, now: str) -> Whole | None:
    """The reader of whole columns of `field`, None where each cell must be read by itself."""
    if how.words:
        return None
    if field.kind is Kind.ID:
        return ids(_ID)
    if field.kind in (Kind.NUMBER, Kind.INTEGER):
        return numbers(field)
    if field.kind is Kind.DATETIME:
        return moments(Clock(how.settings.timezone), now if field.past else "9999")
    if field.kind is Kind.EMAIL:
        return texts(_EMAIL, _LONGEST_EMAIL)
    return texts(_TEXT, _LONGEST_TEXT) if field.kind is Kind.TEXT and not field.choice_words else None


def _by_parser(field: Field, how: Manner, now: str) -> Reader:
    parse, rule = parser(field, how), cell_rule(field, now)

    def read(value: Value) -> Piece:
        parsed = ruled(parse(value), rule)
        return parsed if parsed is None or isinstance(parsed, Reading) else wire_json(parsed)

    return read


def _remembered(slow: Reader) -> Reader:
    known: dict[str, Piece] = {}

    def read(value: Value) -> Piece:
        if type(value) is not str:
            return None if value is None else slow(value)
        found = known.get(value, _UNSEEN)
        if found is _UNSEEN:
            found = slow(value)
            if len(known) < REMEMBERED:
                known[value] = found
        return found

    return read


def _id_reader(other: Reader) -> Reader:
    clean = re.compile(_ID).fullmatch

    def read(value: Value) -> Piece:
        if type(value) is str:
            if clean(value):
                return f'"{value}"'
        elif type(value) is float and value.is_integer() and -EXACT < value < EXACT:
            return f'"{int(value)}"'
        return other(value)

    return read


def _number_reader(field: Field, quick: Number, other: Reader) -> Reader:
    low = -float(EXACT) if field.minimum is None else float(field.minimum)
    high = float(EXACT) if field.maximum is None else float(field.maximum)
    fractions = field.kind is Kind.NUMBER

    def read(value: Value) -> Piece:
        if type(value) is float and low < value < high and value:
            if value.is_integer():
                return str(int(value))
            if fractions and 0.001 <= abs(value) < _ROUNDED:  # others would show an exponent
                return f"{value:.15g}"
        elif type(value) is str:
            return quick(value) or other(value)
        return other(value)

    return read


def _time_reader(clock: Clock, latest: str, quick: Moment, other: Reader) -> Reader:
    steady, limit = clock.steady, latest[:19]

    def read(value: Value) -> Piece:
        moment = quick(value) if type(value) is str else value
        if type(moment) is dt.datetime and not moment.microsecond and moment.tzinfo is None:
            offset = steady.get(moment.toordinal())
            if offset is not None:
                text = (moment - offset).isoformat()
                if text < limit:
                    return f'"{text}.000Z"'
            elif FIRST_YEAR < moment.year < LAST_YEAR:
                clock.to_utc(moment)  # learns the day; this cell itself goes the long way
        return other(value)

    return read


def _pattern_reader(pattern: str, other: Reader, longest: int) -> Reader:
    clean = re.compile(pattern).fullmatch

    def read(value: Value) -> Piece:
        if type(value) is str and clean(value) and len(value) <= longest:
            return f'"{value}"'
        return other(value)

    return read


def _mobile_reader(country: str, other: Reader) -> Reader:
    quick = quick_mobile(country)

    def read(value: Value) -> Piece:
        if type(value) is str:
            found = quick(value)
        elif type(value) is float and value.is_integer() and 0 <= value < EXACT:
            found = quick(str(int(value)))
        else:
            found = None
        if found is None:
            return other(value)
        return f'"{found}"' if found == value else Reading(found, (), "international", str(value))

    return read
