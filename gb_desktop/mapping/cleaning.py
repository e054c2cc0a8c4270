"""Text as people meant it: invisible characters and outer blanks taken off, broken characters refused."""

from __future__ import annotations

import re
from decimal import Decimal

from gb_desktop.mapping.reading import Reading, failed
from gb_desktop.workbook.model import is_error_text

BLANKS = " \t\r\n\v\f\x85\u00a0\u2007\u202f\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000"
_ENDS = re.compile(f"^[{BLANKS}]+|[{BLANKS}]+$")
_WIDE_BLANKS = re.compile("[\u00a0\u2007\u202f\u2000-\u2006\u2008-\u200a\u205f\u3000]")
_CLEAN = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_INVISIBLE = re.compile("[\u200b\ufeff\u200e\u200f\u061c\u202a-\u202e\u2060-\u2064\u2066-\u2069\u00ad]")
_JOINERS = re.compile("[\u200c\u200d]")
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("[\t\r\n\u2028\u2029]")

_DIGITS = {
    **{ord("٠") + n: str(n) for n in range(10)},
    **{ord("۰") + n: str(n) for n in range(10)},
    **{ord("\uff10") + n: str(n) for n in range(10)},
}


def western_digits(text: str) -> str:
    """Arabic-Indic, Persian and full-width digits as 0 to 9; everything else as it is."""
    return text if text.isascii() else text.translate(_DIGITS)


def cleaned(text: str, one_line: bool) -> str | Reading:
    """`text` without what nobody typed on purpose.

    Zero-width marks go everywhere, blanks at the ends, odd blanks inside become plain ones. With `one_line` (IDs,
    e-mails, phones) joiners go too, and a line break or tab inside is refused. A Reading tells of changes and errors.
    """
    if _CLEAN.fullmatch(text):
        return text
    bare = text if text.isascii() else _visible(text, one_line)
    bare = _ENDS.sub("", bare)
    if _BROKEN.search(bare):
        return failed("broken-character", printable(text))
    if one_line and _BREAKS.search(bare):
        return failed("line-break", printable(text))
    if bare == text:
        return text
    change = "trimmed" if bare == text.strip() else "invisible"
    return Reading(bare, (), change, printable(text))


def error_in(text: str) -> str | None:
    """The spreadsheet's error that a text stands for, without invisible characters and outer blanks; None mostly."""
    if "#" not in text and ":" not in text:
        return None
    bare = _ENDS.sub("", text if text.isascii() else _visible(text, one_line=True))
    return bare if is_error_text(bare) else None


def _visible(text: str, one_line: bool) -> str:
    bare = _INVISIBLE.sub("", text)
    # Inside names joiners shape letters and emoji: there only a text of nothing else loses them.
    if one_line or not _JOINERS.sub("", bare).strip():
        bare = _JOINERS.sub("", bare)
    return _WIDE_BLANKS.sub(" ", bare)


def printable(text: str) -> str:
    """`text` safe to show in a sentence: broken characters as their codes, at most 60 characters."""
    shown = _BROKEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    return shown if len(shown) <= 60 else shown[:59] + "…"


def without_broken(text: str) -> str:
    """`text` without control characters and lone surrogates; tabs and line breaks stay."""
    return _BROKEN.sub("", text)


def plain_number(number: Decimal) -> str:
    """A Decimal as plain digits: no exponent, no needless zeros, no minus before zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
