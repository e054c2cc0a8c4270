"""What a column's values say of settings that no value settles: the zone of its times, the country of its mobiles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gb_desktop.mapping.cleaning import printable, western_digits
from gb_desktop.mapping.contacts import HOME_COUNTRIES, valid_number
from gb_desktop.mapping.countries import country_name
from gb_desktop.mapping.dates import parse_datetime
from gb_desktop.mapping.model import Evidence, Settings
from gb_desktop.mapping.parsers import Manner
from gb_desktop.mapping.reading import Reading
from gb_desktop.mapping.texts import shown_text
from gb_desktop.mapping.zones import Clock
from gb_desktop.text import tr
from gb_desktop.workbook.model import Marked, Plain, Value

COMPUTERS = "computer"  # the choice of a zone that nobody chose
_TRIED = 40  # numbers that countries are tried with; each try takes some 60 microseconds
_NEARLY_ALL = 0.8
_DIGITS = re.compile(r"[^\d+]")


def zone_fact(header: str, values: Sequence[Value], how: Manner) -> Evidence | None:
    """How the times of a column without a zone of their own go out, by an example; None where all have one."""
    clock = Clock(how.settings.timezone)
    other = Clock("Etc/GMT+12" if how.settings.timezone != "Etc/GMT+12" else "UTC")
    example = ""
    without = read = 0
    for cell in map(_bare, values):
        sent = _value(parse_datetime(cell, how.date_order, how.year_pivot, clock))
        if not sent:
            continue
        read += 1
        if sent != _value(parse_datetime(cell, how.date_order, how.year_pivot, other)):
            without += 1
            example = example or tr("{shown} is sent as {sent}", shown=printable(shown_text(cell)), sent=sent)
    if not without:
        return None
    sentence = tr("{count} of {total} times have no zone of their own.", count=without, total=read)
    if without == 1:
        sentence = tr("1 of {total} times has no zone of its own.", total=read)
    if read == 1:
        sentence = tr("The only time has no zone of its own.")
    return Evidence(header, "timezone", how.settings.timezone or COMPUTERS, sentence, (example,))


def country_fact(header: str, values: Sequence[Value], settings: Settings) -> Evidence | None:
    """How many numbers of a column have no country code, and of which country they could be; None where all have.

    While no country is chosen it is asked, the likeliest ones offered: those where nearly all numbers are valid.
    """
    written = [western_digits(shown_text(_bare(value))).strip().removeprefix("'") for value in values]
    digits = [_DIGITS.sub("", text) for text in written]
    local = [(text, bare) for text, bare in zip(written, digits, strict=True) if bare and bare[:1] != "+"]
    local = [(text, bare) for text, bare in local if bare[:2] != "00"]
    if not local:
        return None
    tried = [bare for _, bare in local[:_TRIED]]
    samples = tuple(printable(text) for text, _ in local[:3])
    total = sum(1 for bare in digits if bare)
    country = settings.country.upper()
    if country:
        sentence = f"{_without_code(len(local), total)} {_valid_words(_good(tried, country), len(tried), country)}"
        return Evidence(header, "country", country, sentence, samples)
    likely = [one for one in HOME_COUNTRIES if _good(tried, one) >= _NEARLY_ALL * len(tried)]
    offers = tuple(sorted(likely, key=lambda one: -_good(tried, one)))
    return Evidence(header, "country", "", _without_code(len(local), total), samples, offers)


def _without_code(count: int, total: int) -> str:
    if total == 1:
        return tr("The only number has no country code.")
    if count == 1:
        return tr("1 of {total} numbers has no country code.", total=total)
    return tr("{count} of {total} numbers have no country code.", count=count, total=total)


def _valid_words(good: int, tried: int, country: str) -> str:
    name = country_name(country)
    if tried == 1 and good:
        return tr("It is valid in {country}.", country=name)
    if tried == 1:
        return tr("It is not valid in {country}.", country=name)
    if good == 1:
        return tr("1 of {tried} looked at is valid in {country}.", tried=tried, country=name)
    return tr("{good} of {tried} looked at are valid in {country}.", good=good, tried=tried, country=name)


def _good(digits: Sequence[str], country: str) -> int:
    return sum(valid_number(one, country) is not None for one in digits)


def _bare(value: Value) -> Plain:
    return value.value if isinstance(value, Marked) else value


def _value(parsed: object) -> str:
    found = parsed.value if isinstance(parsed, Reading) else parsed
    return found if isinstance(found, str) else ""
