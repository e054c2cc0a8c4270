"""E-mails and mobile numbers, in the form that identifies a person everywhere."""

from __future__ import annotations

import math
import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from gb_desktop.mapping.cleaning import cleaned, printable, western_digits
from gb_desktop.mapping.numbers import EXACT
from gb_desktop.mapping.reading import Parsed, Reading, failed
from gb_desktop.workbook.model import Value

# Countries tried for numbers without a country code: those of Gameball's home markets first.
HOME_COUNTRIES = (
    *("EG", "SA", "AE", "KW", "QA", "BH", "OM", "JO", "LB"),
    *("IQ", "MA", "TN", "DZ", "LY", "TR", "IN", "PK", "GB"),
)

_LOCAL = r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_EMAIL = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+[^\W\d_][\w-]*[^\W_]")
WRITTEN_PHONE = re.compile(r"\(?\+?[\d\s().\-/]*\d")
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


def parse_email(value: Value) -> Parsed:
    """An e-mail address with its domain in lower case; None for an empty cell."""
    if value is None:
        return None
    if not isinstance(value, str):
        return failed("not-an-email", value)
    clean = cleaned(value, one_line=True)
    if isinstance(clean, Reading) and clean.codes:
        return clean
    trimmed = str(clean.value) if isinstance(clean, Reading) else clean
    if not trimmed:
        return None
    address = _narrow(trimmed)
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        return failed("not-an-email", printable(trimmed))
    if address == value:
        return address
    change = clean.change if isinstance(clean, Reading) and address == trimmed else "email"
    return Reading(address, (), change, printable(value))


def _narrow(text: str) -> str:
    """Full-width letters as plain ones, a dot or comma after the end taken off, the domain in lower case."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    name, at, domain = plain.rstrip(".,;").rpartition("@")
    return f"{name}{at}{domain.lower()}"


def parse_mobile(value: Value, country: str, needed: bool = False) -> Parsed:
    """A mobile number in E.164 form (+201001234567); None for an empty cell.

    country is the ISO code for numbers without a country code, "" when none is chosen: such numbers then stay as
    they are written, with a warning, and so do numbers that are valid nowhere. No country code is ever made up.
    needed: the account merges customers by mobile, so a number without a country code is refused.
    """
    text = _phone_text(value)
    if not isinstance(text, str):
        return text
    clean = cleaned(text, one_line=True)
    if isinstance(clean, Reading) and clean.codes:
        return clean
    written = western_digits(str(clean.value) if isinstance(clean, Reading) else clean).removeprefix("'")
    if not written:
        return None
    if _EXPONENT.fullmatch(written):
        return failed("number-shortened", written)
    if not WRITTEN_PHONE.fullmatch(written):
        return failed("not-a-mobile", printable(written))
    found = _international(written, country, text)
    if needed and isinstance(found, Reading) and "mobile-no-country" in found.codes:
        return failed("mobile-needs-country", found.shown)
    return found


def _phone_text(value: Value) -> str | Reading | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return failed("not-a-mobile", value)
    if math.isfinite(value) and abs(value) >= EXACT:
        return failed("digits-lost", f"{value:.15g}")
    whole = math.isfinite(value) and value >= 0 and value == int(value)
    return str(int(value)) if whole else failed("not-a-mobile", f"{value:.15g}")


def _international(written: str, country: str, original: str) -> Parsed:
    digits = re.sub(r"[^\d+]", "", written)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    local = not digits.startswith("+")
    if local and not country:
        return Reading(written, ("mobile-no-country",), "", printable(original))
    number = valid_number(digits, country)
    code = ""
    if number is None and local:
        number, code = valid_number("+" + digits, ""), "mobile-read-international"
    if number is None:
        return Reading(digits if not local else written, ("mobile-invalid",), "", printable(original))
    if code:
        return Reading(number, (code,), "", printable(original))
    return number if number == original else Reading(number, (), "international", printable(original))


def valid_number(digits: str, country: str) -> str | None:
    """The number in E.164 form, or None when it isn't a valid one."""
    try:
        number = phonenumbers.parse(digits, country or None)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def known_country(country: str) -> bool:
    """True when `country` is "" or an ISO code, in either case, that has telephone numbers."""
    return not country or country.upper() in phonenumbers.SUPPORTED_REGIONS
