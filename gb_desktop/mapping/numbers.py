"""Numbers as people and Excel write them, to exact decimals; which sign is the decimal one is told, never guessed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

from gb_desktop.mapping.cleaning import cleaned, plain_number, printable, western_digits
from gb_desktop.mapping.reading import Parsed, Reading, failed
from gb_desktop.workbook.model import Value

EXACT = 10**15  # Excel keeps 15 digits: a numeric cell from here on has lost some
DUST = 1e-9  # what is left of 0.3 - 0.1 - 0.2 in a formula: nobody means it

_CURRENCIES = (
    *("egp", "le", "l.e.", "l.e", "sar", "sr", "s.r", "aed", "dhs", "dh", "usd", "us$", "eur", "gbp", "kwd", "kd"),
    *("bhd", "bd", "qar", "qr", "omr", "jod", "jd", "lbp", "iqd", "mad", "tnd", "dzd", "lyd", "try", "tl", "inr"),
    *("rs", "pkr", "jpy", "cny", "zar", "ngn", "kes", "ghs", "cad", "aud", "chf", "sek", "nok", "dkk", "pln"),
    *("brl", "mxn", "sgd", "myr", "php", "idr", "thb"),
    *("ج.م.", "ج.م", "جم", "جنيه", "ر.س.", "ر.س", "ريال", "د.إ.", "د.إ", "درهم", "د.ك.", "د.ك"),
    *("دينار", "ر.ق.", "ر.ق", "ر.ع.", "ر.ع", "د.ب.", "د.ب", "د.أ.", "د.أ"),
    *("$", "€", "£", "¥", "₹", "₺", "﷼", "₽", "₦"),
)
_CURRENCY = "|".join(re.escape(word) for word in sorted(_CURRENCIES, key=len, reverse=True))
_BEFORE = re.compile(rf"(?:{_CURRENCY})(?![^\W\d_])\s*", re.IGNORECASE)
_AFTER = re.compile(rf"\s*(?<![^\W\d_])(?:{_CURRENCY})$", re.IGNORECASE)
_BODY = re.compile(r"[\d.,'’ ٫٬]*\d")
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
MOST_DIGITS = 300  # before the point: no amount is longer, and more would be beyond what a float can hold


def _patterns(decimal: str, group: str) -> re.Pattern[str]:
    point, comma = re.escape(decimal), re.escape(group)
    grouped = rf"[1-9]\d{{0,2}}(?P<sep>[{comma} '’])\d{{3}}(?:(?P=sep)\d{{3}})*(?:{point}\d+)?"
    lakhs = rf"[1-9]\d?(?:{comma}\d{{2}})+{comma}\d{{3}}(?:{point}\d+)?"
    return re.compile(rf"{grouped}|{lakhs}|\d+(?:{point}\d+)?|{point}\d+")


_READABLE = {".": _patterns(".", ","), ",": _patterns(",", ".")}


@dataclass(frozen=True, slots=True)
class NumberText:
    """A text taken apart: its digits and separators, sign, and whether it is a percentage."""

    body: str
    negative: bool = False
    percent: bool = False

    @property
    def decides(self) -> bool:
        """True when the reading may depend on which sign is the decimal one."""
        return "." in self.body or "," in self.body

    def value(self, decimal: str) -> Decimal | None:
        """The number with `decimal` ("." or ",") as decimal sign; None when it can't be read so."""
        body, sign = self.body, decimal
        if "٫" in body or "٬" in body:
            if self.decides:
                return None
            body, sign = body.replace("٬", ",").replace("٫", "."), "."
        if not _READABLE[sign].fullmatch(body):
            return None
        group = "," if sign == "." else "."
        digits = re.sub(rf"[{group} '’]", "", body).replace(",", ".")
        number = Decimal(digits).copy_sign(Decimal(-1)) if self.negative else Decimal(digits)
        return number.scaleb(-2) if self.percent else number

    def readable(self) -> frozenset[str]:
        """The decimal signs with which this is a number."""
        return frozenset(sign for sign in (".", ",") if self.value(sign) is not None)


def take_apart(text: str) -> NumberText | None:
    """A text without its sign, brackets, percent sign and currency; None when no number is left.

    Each of them may appear once, in any sensible place: `EGP -12`, `(12.00)`, `12-`, `12 %`.
    """
    rest = western_digits(text).replace("−", "-").replace("–", "-").replace("٪", "%").removeprefix("'").strip()
    negative = percent = money = signed = False
    while True:
        if rest[:1] == "(" and rest[-1:] == ")" and not signed:
            rest, negative, signed = rest[1:-1], True, True
        elif rest[:1] in ("-", "+") and rest and not signed:
            rest, negative, signed = rest[1:], rest[0] == "-", True
        elif rest[-1:] == "-" and not signed:
            rest, negative, signed = rest[:-1], True, True
        elif rest[-1:] == "%" and not percent:
            rest, percent = rest[:-1], True
        elif not money and (shorter := _without_currency(rest)) != rest:
            rest, money = shorter, True
        else:
            return NumberText(rest, negative, percent) if _BODY.fullmatch(rest) else None
        rest = rest.strip()


def _without_currency(text: str) -> str:
    found = _BEFORE.match(text)
    return text[found.end() :] if found and found.end() else _AFTER.sub("", text)


def number_of_float(value: float) -> Decimal | Reading:
    """A numeric cell as the 15 digits that Excel keeps and shows."""
    if not math.isfinite(value):
        return failed("not-a-number", value)
    if abs(value) >= EXACT:
        return failed("digits-lost", plain_number(Decimal(format(value, ".15g"))))
    if value and abs(value) < DUST:
        return failed("nearly-zero", f"{value:.3g}")
    return Decimal(plain_number(Decimal(format(value, ".15g"))))


def parse_number(value: Value, decimal: str) -> Parsed:
    """A NUMBER: Decimal, None for an empty cell, or a Reading.

    decimal is "." or ",", or "" when the column can't decide: then only a text without both can be read.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return failed("not-a-number", str(value).upper())
    if isinstance(value, float | int):
        return number_of_float(value)
    if isinstance(value, str):
        return _number_of_text(value, decimal)
    return failed("date-in-field", value)


def _number_of_text(text: str, decimal: str) -> Parsed:
    clean = cleaned(text, one_line=True)
    if isinstance(clean, Reading) and clean.codes:
        return clean
    bare = str(clean.value) if isinstance(clean, Reading) else clean
    if not bare:
        return None
    parts = take_apart(bare)
    if parts is None:
        return failed("number-shortened" if _EXPONENT.fullmatch(western_digits(bare)) else "not-a-number", bare)
    number = _value(parts, decimal)
    if isinstance(number, str):
        return failed(number, printable(bare))
    exact = Decimal(plain_number(number))
    if parts.percent:
        return Reading(exact, ("percent",), "", printable(bare))
    return Reading(exact, (), clean.change, clean.shown) if isinstance(clean, Reading) else exact


def _value(parts: NumberText, decimal: str) -> Decimal | str:
    """The number, or the code that says why not."""
    if parts.decides and not decimal:
        return "decimal-undecided" if parts.readable() else "not-a-number"
    number = parts.value(decimal or ".")
    if number is not None:
        return number if number.adjusted() < MOST_DIGITS else "not-a-number"
    return "other-decimal" if parts.readable() else "not-a-number"


def parse_integer(value: Value, decimal: str) -> Parsed:
    """An INTEGER: int, None for an empty cell, or a Reading; `500.0` is whole, `500.5` is refused."""
    found = parse_number(value, decimal)
    number = found.value if isinstance(found, Reading) else found
    if not isinstance(number, Decimal):
        return found
    if number != number.to_integral_value():
        return failed("not-whole", plain_number(number))
    if isinstance(found, Reading):
        return Reading(int(number), found.codes, found.change, found.shown)
    return int(number)
