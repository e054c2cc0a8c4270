"""Recognises trailing total rows, which are nobody's cashback."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gb_desktop.workbook.headers import is_blank
from gb_desktop.workbook.model import Mark, Marked, Plain, Value

_WORDS = frozenset(
    (
        *("total", "totals", "sum", "grand total", "subtotal", "sub total", "sub-total", "overall total"),
        *("المجموع", "مجموع", "الإجمالي", "الاجمالي", "إجمالي", "اجمالي", "المجموع الكلي", "الإجمالي الكلي"),
        *("الاجمالي الكلي", "المجموع الفرعي", "إجمالي عام", "total general", "gesamt", "summe"),
    )
)
_TAIL = re.compile(r"\s*[(\[].*[)\]]\s*$|[\s:：=.…-]+$")
_TATWEEL = "\u0640"
_LONGEST_NUMBER = 40
_POINT = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+", re.ASCII)


def is_total_word(value: Value) -> bool:
    """True for "Total", "Grand total:", "Total (EGP)", "المجموع" and their like; nothing longer."""
    if not isinstance(value, str):
        return False
    text = " ".join(value.replace(_TATWEEL, "").split()).casefold()
    return text in _WORDS or _TAIL.sub("", _TAIL.sub("", text)) in _WORDS


def _number(value: Value) -> float | None:
    """A cell's number, also one written as text (a CSV knows nothing else); None for anything but a plain number."""
    plain: Plain = value.value if isinstance(value, Marked) else value
    if isinstance(plain, int | float):
        return None if isinstance(plain, bool) else plain
    if not isinstance(plain, str) or len(plain) > _LONGEST_NUMBER:
        return None
    text = plain.strip()
    if _POINT.fullmatch(text):
        return float(text.replace(",", ""))
    if _COMMA.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    return None


def _is_filled(value: Value) -> bool:
    return isinstance(value, Marked) or not is_blank(value)


def _is_number(value: Value) -> bool:
    return _number(value) is not None


def _is_failed_sum(value: Value) -> bool:
    """The sum over a column that holds an #N/A is #N/A itself; one that no Excel has computed yet holds nothing."""
    return isinstance(value, Marked) and value.mark in (Mark.ERROR, Mark.UNCACHED)


def is_named_total(values: Sequence[Value]) -> bool:
    """A row whose first filled cell is a total word and that holds a number, or a formula that came to none."""
    first = next(filter(_is_filled, values), None)
    return is_total_word(first) and any(_is_number(value) or _is_failed_sum(value) for value in values)


def is_bare_total(values: Sequence[Value], label: int) -> bool:
    """A row of nothing but numbers whose label cell is empty: a total only if the numbers above add up to it."""
    filled = [value for value in values if _is_filled(value)]
    return not _is_filled(values[label]) and bool(filled) and all(map(_is_number, filled))


def label_column(rows: Sequence[Sequence[Value]]) -> int | None:
    """The first column that every one of `rows` fills, or None: without one nothing can be told by emptiness."""
    if len(rows) < 2:
        return None
    for index in range(len(rows[0])):
        if all(_is_filled(row[index]) for row in rows):
            return index
    return None


class Sums:
    """The sums of some columns over all rows and over the visible ones, to compare a bare total with."""

    def __init__(self, columns: Sequence[int]) -> None:
        self._columns = tuple(columns)
        self._all = [0.0] * len(self._columns)
        self._visible = [0.0] * len(self._columns)

    def add(self, values: Sequence[Value], hidden: bool) -> None:
        """Count a data row."""
        for place, column in enumerate(self._columns):
            number = _number(values[column])
            if number is not None:
                self._all[place] += number
                if not hidden:
                    self._visible[place] += number

    def match(self, values: Sequence[Value]) -> bool:
        """True when a number of the row is the sum of its column."""
        for place, column in enumerate(self._columns):
            number = _number(values[column])
            if number and self._close(number, place):
                return True
        return False

    def _close(self, number: float, place: int) -> bool:
        tolerance = max(0.005, abs(number) * 1e-9)
        return any(abs(total - number) <= tolerance for total in (self._all[place], self._visible[place]))
