"""Rules on one cell's typed value: zero, bounds, and times that must have passed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from gb_desktop.catalog import Field
from gb_desktop.checking.messages import WARNINGS
from gb_desktop.mapping.cleaning import plain_number
from gb_desktop.mapping.reading import Parsed, Reading, Typed, failed

Rule = Callable[[Typed], str]


def cell_rule(field: Field, now: str) -> Rule | None:
    """A function from a value to the code of the rule it breaks, "" for none. now is a wire date-time."""
    if field.past:
        return lambda value: "future-time" if str(value) > now else ""
    if field.nonzero or field.minimum is not None or field.maximum is not None:
        return lambda value: _number_rule(field, Decimal(value) if isinstance(value, Decimal | int) else Decimal(0))
    return None


def _number_rule(field: Field, value: Decimal) -> str:
    if not value and (field.nonzero or (field.minimum is not None and field.minimum > 0)):
        return "zero"
    if field.minimum is not None and value < field.minimum:
        return "negative" if value < 0 else "too-small"
    return "too-large" if field.maximum is not None and value > field.maximum else ""


def ruled(parsed: Parsed, rule: Rule | None) -> Parsed:
    """`parsed` with the rule applied to its value; a value that breaks it is not used."""
    if rule is None or parsed is None:
        return parsed
    value = parsed.value if isinstance(parsed, Reading) else parsed
    code = rule(value) if value is not None else ""
    if not code:
        return parsed
    shown = plain_number(value) if isinstance(value, Decimal) else value
    warnings = parsed.codes if isinstance(parsed, Reading) else ()
    return Reading(None, (*warnings, code), "", failed(code, shown).shown)


def is_error(reading: Reading) -> bool:
    """True when one of the codes keeps the row from being sent."""
    return any(code not in WARNINGS for code in reading.codes)
