"""Whether a person typed the very numbers that a live run will move: digits, sign and decimal part, nothing else."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_MINUS = "-−–—﹣-"
_GROUPS = "  \u00a0\u2009\u202f'’٬"  # never a decimal sign, whoever writes them
_DECIMALS = ".,٫"
_WHOLE = re.compile(r"\d+")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_PLAIN = re.compile(r"\d*\.?\d*")


def same_count(typed: str, rows: int) -> bool:
    """True when `typed` is this whole number, with any separators: `9812`, `9,812`, `9.812`, `٩٨١٢`."""
    negative, digits = _core(typed)
    for sign in (*_DECIMALS, *_GROUPS):
        digits = digits.replace(sign, "")
    return not negative and _WHOLE.fullmatch(digits) is not None and int(digits) == rows


def same_amount(typed: str, amount: str) -> bool:
    """True when `typed` is this amount (a Decimal as text). A decimal comma is understood where it can't be a group.

    `1,234` is one thousand two hundred and thirty-four and never 1.234: a total that is wrong by a factor of a
    thousand must not pass. Currency words around the number are ignored.
    """
    negative, digits = _core(typed)
    value = _decimal(digits)
    return value is not None and (-value if negative else value) == Decimal(amount)


def _core(typed: str) -> tuple[bool, str]:
    """The sign, and what stands between the first and the last digit, in ASCII digits."""
    text = "".join(_ascii(char) for char in typed if unicodedata.category(char) != "Cf")
    found = re.search(r"[.,٫]?\d(.*\d)?", text)
    if not found:
        return False, ""
    around = text[: found.start()] + text[found.end() :]
    bracketed = "(" in text[: found.start()] and ")" in text[found.end() :]
    return bracketed or any(sign in around for sign in _MINUS), found.group()


def _ascii(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _decimal(digits: str) -> Decimal | None:
    """The value of digits with separators, or None when they are no number."""
    for sign in _GROUPS:
        digits = digits.replace(sign, "")
    if "٫" in digits:
        digits = digits.replace(",", "").replace(".", "").replace("٫", ".")
    elif digits.rfind(",") > digits.rfind(".") and not _GROUPED.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".", 1)
    else:
        digits = digits.replace(",", "")
    if not digits or not _PLAIN.fullmatch(digits):
        return None
    return Decimal(digits)
