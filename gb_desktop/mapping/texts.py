"""IDs and texts: what a cell shows is what goes out, and what Excel has damaged is said."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal

from gb_desktop.mapping.cleaning import cleaned, plain_number
from gb_desktop.mapping.numbers import EXACT
from gb_desktop.mapping.reading import Parsed, Reading, failed, noted
from gb_desktop.workbook.model import Plain, Value

_SHORTENED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
_PERCENT = re.compile(r"0(?:\.(0+))?\s*%")
_POINT_ZERO = re.compile(r"\d+\.0")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')


def parse_id(value: Value) -> Parsed:
    """An ID as text, exactly as the cell shows it: `12345.0` is "12345"; None for an empty cell."""
    if value is None:
        return None
    if isinstance(value, str):
        return _id_of_text(value)
    if isinstance(value, bool):
        return failed("id-not-text", str(value).upper())
    if isinstance(value, float | int):
        return _id_of_number(value)
    return failed("date-in-field", shown_text(value))


def _id_of_text(text: str) -> Parsed:
    clean = cleaned(text, one_line=True)
    bare = clean.value if isinstance(clean, Reading) else clean
    if not isinstance(bare, str):
        return clean
    if not bare:
        return None
    if _SHORTENED.fullmatch(bare):
        return failed("number-shortened", bare)
    if _POINT_ZERO.fullmatch(bare):
        return noted(clean, "id-point-zero", bare)
    return clean


def _id_of_number(value: float) -> Parsed:
    if not math.isfinite(value):
        return failed("id-not-text", value)
    if abs(value) >= EXACT:
        return failed("digits-lost", f"{value:.15g}")
    shown = plain_number(Decimal(format(value, ".15g")))
    return failed("id-fraction", shown) if "." in shown else shown


def parse_text(value: Value) -> Parsed:
    """A text as it is shown, cleaned at its ends; None for an empty cell."""
    if value is None:
        return None
    if isinstance(value, str):
        clean = cleaned(value, one_line=False)
        empty = clean == "" or (isinstance(clean, Reading) and clean.value == "")
        return None if empty else clean
    if isinstance(value, float) and not math.isfinite(value):
        return failed("not-a-number", value)
    if isinstance(value, bool | int | float):
        return failed("digits-lost", f"{value:.15g}") if abs(value) >= EXACT else shown_text(value)
    return failed("date-in-field", shown_text(value))


def parse_any(value: Value) -> Parsed:
    """A free key's value: text, number or boolean as the cell holds it; dates as ISO text; None for an empty cell."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return parse_text(value)
    if isinstance(value, float | int):
        if not math.isfinite(value):
            return failed("not-a-number", value)
        if abs(value) >= EXACT:
            return failed("digits-lost", f"{value:.15g}")
        return Decimal(plain_number(Decimal(format(value, ".15g"))))
    return shown_text(value)


def shown_text(value: Value) -> str:
    """A cell as text: `12345`, `2026-03-01`, `2026-03-01 09:30:00`, `TRUE`; "" for an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | int):
        return plain_number(Decimal(format(value, ".15g"))) if math.isfinite(value) else str(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", timespec="seconds")
    return value if isinstance(value, str) else str(value)


def formatted(value: Plain, number_format: str) -> str | None:
    """A whole number as its number format shows it (`00000`: "00042"); None when the format pads no digits."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < EXACT or value != int(value):
        return None
    if number_format.strip("0") == "":
        return str(int(value)).zfill(len(number_format))
    section = number_format.partition(";")[0]
    literals: list[str] = []

    def kept(found: re.Match[str]) -> str:
        literals.append(found[1] or found[2] or "")
        return "\x00" if literals[-1] else ""

    pattern = _QUOTED.sub(kept, section)
    bare = pattern.replace("\x00", "")
    if "0" not in bare or not re.fullmatch(r"[0#?\-/ ()+]+", bare):
        return None
    return _placed(str(int(value)), pattern, literals)


def shown_number(number: float, number_format: str) -> str:
    """A number as a grid shows it in its cell's format: digits padded, a percentage, else every digit."""
    if (padded := formatted(number, number_format)) is not None:
        return padded
    if number_format.endswith("%"):
        return plain_number(Decimal(format(number, ".15g")) * 100) + "%"
    return shown_text(number) if isinstance(number, float) else str(number)


def percent_text(value: Plain, number_format: str) -> str:
    """A number as its percent format shows it (0.125 as `0.0%`: "12.5%"); "" for other formats."""
    found = _PERCENT.search(number_format.partition(";")[0])
    if not found or isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return f"{value * 100:.{len(found[1] or '')}f}%"


def _placed(digits: str, pattern: str, literals: list[str]) -> str:
    """Digits laid into a pattern from the right; what is left over goes before the first place."""
    rest, out, words = list(digits), [], list(literals)
    first = min(pattern.index(sign) for sign in "0#?" if sign in pattern)
    for position in range(len(pattern) - 1, -1, -1):
        sign = pattern[position]
        if sign in "0#?":
            out.append(rest.pop() if rest else "0" if sign == "0" else "")
            if position == first:
                out.extend(reversed(rest))
                rest = []
        else:
            out.append(words.pop() if sign == "\x00" else sign)
    return "".join(reversed(out))
