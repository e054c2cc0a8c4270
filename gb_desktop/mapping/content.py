"""What a column's sample values look like, as evidence for or against a match."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from gb_desktop.catalog import Field, Kind
from gb_desktop.mapping.choices import choice_words
from gb_desktop.mapping.cleaning import cleaned, western_digits
from gb_desktop.mapping.contacts import HOME_COUNTRIES, parse_email, valid_number
from gb_desktop.mapping.date_text import take_date_apart
from gb_desktop.mapping.names import simple
from gb_desktop.mapping.numbers import take_apart
from gb_desktop.mapping.reading import Reading
from gb_desktop.workbook.model import Marked, Value

Test = Callable[[Value], bool]


def column_samples(samples: Sequence[Sequence[Value]], index: int) -> list[Value]:
    """The filled cells of a column among the sample rows, marks taken off."""
    cells = (row[index] for row in samples if index < len(row))
    plain = (cell.value if isinstance(cell, Marked) else cell for cell in cells)
    return [cell for cell in plain if cell is not None and cell != ""]


def share(values: Sequence[Value], test: Test) -> float:
    """The part of `values` that passes, 0 to 1; 0 without values."""
    return sum(map(test, values)) / len(values) if values else 0.0


def is_email(value: Value) -> bool:
    found = parse_email(value)
    return bool(found) and not (isinstance(found, Reading) and found.codes)


def is_number(value: Value) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and take_apart(_bare(value)) is not None)


def is_date(value: Value) -> bool:
    if isinstance(value, str):
        return take_date_apart(_bare(value)) is not None
    return isinstance(value, dt.date)


def is_phone(value: Value) -> bool:
    whole = isinstance(value, float) and value.is_integer()
    digits = [sign for sign in str(int(value) if whole and isinstance(value, float) else value) if sign.isdigit()]
    letters = isinstance(value, str) and any(sign.isalpha() for sign in value)
    return not letters and not isinstance(value, dt.date) and 7 <= len(digits) <= 15


def is_international(value: Value) -> bool:
    """A valid telephone number with its country code, or one that begins with a zero as numbers at home do."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else value
    if not isinstance(text, str) or not is_phone(text):
        return False
    digits = re.sub(r"[^\d+]", "", western_digits(text))
    if digits.startswith(("+", "00")):
        return valid_number("+" + digits.lstrip("+0"), "") is not None
    return digits.startswith("0") and any(valid_number(digits, country) for country in HOME_COUNTRIES)


def means_one_of(field: Field) -> Test:
    """A test for words that mean one of a field's few values."""
    words = choice_words(field, {})
    return lambda value: isinstance(value, str) and simple(value) in words


def is_id(value: Value) -> bool:
    """Could be an ID: no date, no yes or no, no e-mail, and not several words such as a person's name."""
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        return False
    return not isinstance(value, str) or (len(value.split()) == 1 and not is_email(value))


def _bare(text: str) -> str:
    clean = cleaned(text, one_line=True)
    return str(clean.value or "") if isinstance(clean, Reading) else clean


_TESTS: dict[Kind, tuple[Test, float]] = {
    Kind.EMAIL: (is_email, 0.3),
    Kind.MOBILE: (is_phone, 0.3),
    Kind.NUMBER: (is_number, 0.3),
    Kind.INTEGER: (is_number, 0.3),
    Kind.DATETIME: (is_date, 0.3),
    Kind.DATE: (is_date, 0.3),
    Kind.ID: (is_id, 0.5),
}


def fits(field: Field, values: Sequence[Value]) -> bool:
    """True unless the sample values as a whole speak against `field`; a few bad cells are the check's business."""
    test, needed = _TESTS.get(field.kind, (None, 0.0))
    return test is None or not values or share(values, test) >= needed
