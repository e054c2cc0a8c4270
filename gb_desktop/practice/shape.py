"""What a request item must look like on the wire, derived from the catalog, and the first flaw of one that doesn't.

Source: the batch API's page, "Fields". Nothing is forgiven: unknown keys, nulls, empty texts, lists and objects,
numbers as texts and the other way round are all flaws.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from gb_desktop.catalog import BATCH_TYPES, BatchType, Field, FreeKeys, Kind

_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LARGEST_DIGITS = 30

MISSING, NULL, INVALID, UNKNOWN = 3000, 3001, 3003, 3016


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong and where: `keys` lead from the item to the place."""

    code: int
    text: str
    keys: tuple[str | int, ...] = ()

    def under(self, key: str | int) -> Flaw:
        """The same flaw, seen from one level further out."""
        return replace(self, keys=(key, *self.keys))

    @property
    def place(self) -> str:
        """The keys as `.customerAttributes.custom` or `.lineItems[2].price`."""
        return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys)


Check = Callable[[Any], Flaw | None]


def check_of(batch_type: BatchType) -> Check:
    """The check of one item of a batch type: None when it is right, else its first flaw."""
    return _CHECKS[batch_type.key]


def _text_flaw(value: Any) -> Flaw | None:
    if value is None:
        return Flaw(NULL, "must not be null")
    if not isinstance(value, str):
        return Flaw(INVALID, "must be a text")
    if not value.strip():
        return Flaw(INVALID, "must not be empty")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        return Flaw(INVALID, "holds half of a surrogate pair")
    return None


def _pattern_check(pattern: re.Pattern[str], sentence: str) -> Check:
    def check(value: Any) -> Flaw | None:
        return _text_flaw(value) or (None if pattern.fullmatch(value) else Flaw(INVALID, sentence))

    return check


def _date_check(pattern: re.Pattern[str], sentence: str) -> Check:
    def check(value: Any) -> Flaw | None:
        flaw = _text_flaw(value)
        if flaw:
            return flaw
        if not pattern.fullmatch(value) or not _in_calendar(value):
            return Flaw(INVALID, sentence)
        return None

    return check


def _in_calendar(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _number_check(wanted: Field) -> Check:
    whole = wanted.kind is Kind.INTEGER

    def check(value: Any) -> Flaw | None:
        flaw = _number_flaw(value)
        if flaw:
            return flaw
        if whole and not isinstance(value, int):
            return Flaw(INVALID, "must be a whole number")
        if wanted.nonzero and value == 0:
            return Flaw(INVALID, "must not be zero")
        if wanted.minimum is not None and value < wanted.minimum:
            return Flaw(INVALID, f"must not be below {wanted.minimum:f}")
        if wanted.maximum is not None and value > wanted.maximum:
            return Flaw(INVALID, f"must not be above {wanted.maximum:f}")
        return None

    return check


def _number_flaw(value: Any) -> Flaw | None:
    if value is None:
        return Flaw(NULL, "must not be null")
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return Flaw(INVALID, "must be a number")
    digits = Decimal(value)
    exponent = digits.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > _LARGEST_DIGITS or digits.adjusted() > _LARGEST_DIGITS:
        return Flaw(INVALID, f"has more than {_LARGEST_DIGITS} digits")
    return None


def _boolean_flaw(value: Any) -> Flaw | None:
    if value is None:
        return Flaw(NULL, "must not be null")
    return None if isinstance(value, bool) else Flaw(INVALID, "must be true or false")


def _any_flaw(value: Any) -> Flaw | None:
    return None if isinstance(value, bool) else _text_or_number_flaw(value)


def _text_or_number_flaw(value: Any) -> Flaw | None:
    if isinstance(value, int | Decimal):
        return _number_flaw(value)
    if isinstance(value, dict | list):
        return Flaw(INVALID, "must be one value")
    return _text_flaw(value)


def _choice_check(wanted: Field) -> Check:
    sentence = f"must be one of {', '.join(wanted.choices)}"

    def check(value: Any) -> Flaw | None:
        return _text_flaw(value) or (None if value in wanted.choices else Flaw(INVALID, sentence))

    return check


@dataclass(frozen=True, slots=True)
class _ListShape:
    """A list, at least one long."""

    each: Check

    def __call__(self, value: Any) -> Flaw | None:
        if value is None:
            return Flaw(NULL, "must not be null")
        if not isinstance(value, list) or not value:
            return Flaw(INVALID, "must be a list with at least one value")
        for position, inner in enumerate(value):
            flaw = self.each(inner)
            if flaw:
                return flaw.under(position)
        return None


@dataclass(slots=True)
class _ObjectShape:
    """An object of known members; `others` checks free keys, None allows none. Mutable only while it is built."""

    members: dict[str, Check] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    others: Check | None = None
    exactly_one: tuple[tuple[str, ...], ...] = ()
    may_be_empty: bool = False

    def __call__(self, value: Any) -> Flaw | None:
        if value is None:
            return Flaw(NULL, "must not be null")
        if not isinstance(value, dict):
            return Flaw(INVALID, "must be an object")
        return self._member_flaw(value) or self._missing_flaw(value) or self._choice_flaw(value)

    def _member_flaw(self, value: Mapping[str, Any]) -> Flaw | None:
        for key, inner in value.items():
            check = self.members.get(key, self.others)
            if check is None:
                return Flaw(UNKNOWN, "is not a known key", (key,))
            flaw = _text_flaw(key) if check is self.others else None
            flaw = flaw or check(inner)
            if flaw:
                return flaw.under(key)
        return None

    def _missing_flaw(self, value: Mapping[str, Any]) -> Flaw | None:
        if not self.required <= value.keys():
            return Flaw(MISSING, "is required", (min(self.required - value.keys()),))
        if not value and not self.may_be_empty:
            return Flaw(INVALID, "must not be empty")
        return None

    def _choice_flaw(self, value: Mapping[str, Any]) -> Flaw | None:
        for group in self.exactly_one:
            given = [name for name in group if name in value]
            if len(given) != 1:
                found = " and ".join(given) or "none"
                return Flaw(UNKNOWN if given else MISSING, f"needs exactly one of {', '.join(group)}, not {found}")
        return None


def _leaf(wanted: Field) -> Check:
    if wanted.kind in (Kind.NUMBER, Kind.INTEGER):
        return _number_check(wanted)
    if wanted.kind is Kind.CHOICE:
        return _choice_check(wanted)
    return _LEAVES[wanted.kind]


_LEAVES: dict[Kind, Check] = {
    Kind.ID: _text_flaw,
    Kind.TEXT: _text_flaw,
    Kind.MOBILE: _text_flaw,
    Kind.EMAIL: _pattern_check(_EMAIL, "must be an e-mail address"),
    Kind.BOOLEAN: _boolean_flaw,
    Kind.DATETIME: _date_check(_DATETIME, "must be a UTC time such as 2026-03-01T09:30:00.000Z"),
    Kind.DATE: _date_check(_DATE, "must be a date such as 2026-03-01"),
    Kind.LIST: _ListShape(_text_flaw),
    Kind.ANY: _any_flaw,
}


def _object_at(root: _ObjectShape, keys: Iterable[str]) -> _ObjectShape:
    """The object that holds what lies at `keys`, made on the way; `lineItems` is a list of objects."""
    place = root
    for key in keys:
        inner = place.members.get(key)
        if inner is None:
            inner = _ListShape(_ObjectShape()) if key == "lineItems" else _ObjectShape()
            place.members[key] = inner
        found = inner.each if isinstance(inner, _ListShape) else inner
        if not isinstance(found, _ObjectShape):
            raise TypeError(f"The catalog uses {key} both as a value and as an object.")
        place = found
    return place


def _object_check(batch_type: BatchType) -> Check:
    root = _ObjectShape(exactly_one=batch_type.exactly_one)
    for wanted in batch_type.fields:
        place = _object_at(root, wanted.keys[:-1])
        place.members[wanted.keys[-1]] = _leaf(wanted)
        if wanted.required:
            place.required.add(wanted.keys[-1])
    for family in batch_type.free:
        _object_at(root, family.wire).others = _free_check(family)
    return root


def _free_check(family: FreeKeys) -> Check:
    # The page gives `extra` as text or number alone; custom attributes and metadata may be true or false too.
    return _text_or_number_flaw if family.wire[-1] == "extra" else _any_flaw


def _events_check(batch_type: BatchType) -> Check:
    """Events alone differ from their field paths: `{"customerId": ..., "events": {name: {metadata}}}`."""
    customer = _leaf(batch_type.required[0])
    metadata = _ObjectShape(others=_any_flaw, may_be_empty=True)
    names = _ObjectShape(others=metadata)
    return _ObjectShape(members={"customerId": customer, "events": names}, required={"customerId", "events"})


def _check_for(batch_type: BatchType) -> Check:
    if batch_type.plain:
        return _text_flaw
    if batch_type.key == "events":
        return _events_check(batch_type)
    return _object_check(batch_type)


_CHECKS = {batch_type.key: _check_for(batch_type) for batch_type in BATCH_TYPES}
