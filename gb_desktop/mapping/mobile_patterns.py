"""Mobile numbers recognised by one pattern: a short cut for the numbers of a country and for its national form.

The telephone library takes some 60 microseconds a number. The patterns here come from its own data and accept only
numbers that it accepts, with the same result; everything else is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import phonenumbers
from phonenumbers import PhoneMetadata

from gb_desktop.mapping.contacts import WRITTEN_PHONE

Quick = Callable[[str], str | None]
_SIGNS = str.maketrans("", "", " -()./")


def quick_mobile(country: str) -> Quick:
    """A function from a written number to its E.164 form, or None where only the library can tell."""
    region = _region(country)
    own = re.compile(rf"\+{region}(?:{_after(country, _mobile_pattern(country) or '(?!)')})") if region else None
    international = {code: pattern for code, pattern in _PATTERNS.items() if pattern}
    national = _national(country) if region else None
    prefix = f"+{region}"

    def find(written: str) -> str | None:
        if own and own.fullmatch(written):
            return written
        if not written.isascii() or len(written) > 24 or not WRITTEN_PHONE.fullmatch(written.strip(" ")):
            return None
        digits = written.translate(_SIGNS)
        if digits.startswith("+"):
            return _with_code(digits, international)
        found = national.fullmatch(digits) if national else None
        return prefix + found[1] if found else None

    return find


def _with_code(digits: str, patterns: dict[str, re.Pattern[str]]) -> str | None:
    for length in (3, 4, 2):  # a plus and one to three digits; codes are prefix-free
        pattern = patterns.get(digits[1:length])
        if pattern is not None:
            return digits if pattern.fullmatch(digits, length) else None
    return None


def _region(country: str) -> int:
    return phonenumbers.country_code_for_region(country) if country else 0


def _mobile_pattern(country: str) -> str | None:
    """The library's pattern of national mobile numbers, None where its rules are more than a pattern."""
    data = PhoneMetadata.metadata_for_region(country, None)
    if data is None or data.mobile is None or data.mobile.national_number_pattern is None:
        return None
    simple = data.national_prefix_transform_rule is None and data.national_prefix_for_parsing in (None, "0")
    return data.mobile.national_number_pattern if simple else None


def _after(country: str, pattern: str) -> str:
    """`pattern` for numbers that neither start with a zero nor with the country's own code."""
    return rf"(?!0|{_region(country)})(?:{pattern})"


def _national(country: str) -> re.Pattern[str] | None:
    pattern = _mobile_pattern(country)
    if not pattern:
        return None
    data = PhoneMetadata.metadata_for_region(country, None)
    zero = "0?" if data is not None and data.national_prefix_for_parsing == "0" else ""
    return re.compile(rf"{zero}({_after(country, pattern)})")


def _international() -> dict[str, re.Pattern[str] | None]:
    found: dict[str, re.Pattern[str] | None] = {}
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        pattern = _mobile_pattern(regions[0]) if len(regions) == 1 and regions[0] != "001" else None
        found[str(code)] = re.compile(_after(regions[0], pattern)) if pattern else None
    return found


_PATTERNS = _international()
