"""One entry of a job's result lists, whatever its keys are called. Source: the API page, "Result entries"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

from gb_desktop.gameball.codes import ErrorClass, class_of
from gb_desktop.gameball.model import Entry

_CUSTOMER_KEYS = ("customerid", "playeruniqueid")
_IDENT_KEYS = ("transactionid", "orderid")
_MESSAGE_KEYS = ("message", "error", "errormessage")
_CODE_KEYS = ("code", "errorcode", "error")
_STATE_KEYS = ("status", "state")
_NOTHING = (None, "", False, 0, "0", "null")

_GOOD_WORDS = re.compile(r"\b(?:success(?:ful(?:ly)?)?|succeeded|completed?|created|updated|processed|done|ok)\b")
_BAD_WORDS = re.compile(
    r"\b(?:not|no|never|un\w+|fail\w*|error\w*|invalid|missing|required|already|exists?|insufficient|cannot|can't"
    r"|rejected|denied|duplicate[ds]?|wrong)\b"
)
_FAILED_STATES = frozenset({"failed", "failure", "error", "rejected", "invalid"})
_GOOD_STATES = frozenset({"success", "successful", "succeeded", "completed", "ok", "done"})


class Reading(Enum):
    """What an entry says by itself, when its list doesn't tell."""

    GOOD = 1
    BAD = 2
    EITHER = 3  # a message that could be read both ways


@dataclass(frozen=True, slots=True)
class _Places:
    """Under which of an object's keys each thing is to be looked for, in order."""

    customer: tuple[str, ...]
    ident: tuple[str, ...]
    message: tuple[str, ...]
    code: tuple[str, ...]
    state: tuple[str, ...]
    error: tuple[str, ...]
    refusal: tuple[str, ...]
    success: tuple[str, ...]
    telling: bool  # a state, an error or a success is there
    doubled: bool  # keys differ only in case: their values decide which of them counts


def fold(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping by lower-case key. Of keys that differ only in case, the first that holds something counts."""
    folded: dict[str, Any] = {}
    for key, value in mapping.items():
        if folded.get(key.lower()) is None:
            folded[key.lower()] = value
    return folded


def as_text(value: Any) -> str | None:
    """An ID or a number as text; None for what is neither, and for an empty text."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() and abs(value.adjusted()) < 40 else str(value)
    return None


def entry_of(value: Any, *, ok: bool) -> Entry:
    """The entry, with every key Gameball sent kept in `returned`. A bare text or number is taken for the ID."""
    if not isinstance(value, dict):
        return Entry(ok=ok, customer=as_text(value), returned={"value": value})
    keys, places = _laid_out(value)
    return Entry(
        ok=ok,
        customer=_first_text(keys, places.customer),
        ident=_first_text(keys, places.ident) if places.ident else None,
        code=_code(keys, places) if places.code else None,
        message=_message(keys, places.message),
        returned=value,
    )


def turned(entry: Entry, *, ok: bool) -> Entry:
    """The same entry as one of the other list."""
    return entry if entry.ok is ok else replace(entry, ok=ok)


def reading_of(entry: Entry) -> Reading:
    """What the entry says by itself: an error, its code or a failed state is bad; a bare message is either."""
    if entry.code is not None:
        return Reading.BAD
    keys, places = _laid_out(entry.returned)
    if not places.telling:
        return _reading_of_message(entry.message)
    state = (_first_text(keys, places.state) or "").lower()
    success = next((keys[name] for name in places.success), None)
    refused = success is False or any(keys[name] not in _NOTHING for name in places.refusal)
    if refused or state in _FAILED_STATES:
        return Reading.BAD
    if state in _GOOD_STATES or success is True:
        return Reading.GOOD
    return _reading_of_message(entry.message)


@lru_cache(maxsize=64)
def _reading_of_message(message: str) -> Reading:
    """Looked at once for all entries that say the same."""
    if not message:
        return Reading.GOOD
    words = message.lower()
    return Reading.GOOD if _GOOD_WORDS.search(words) and not _BAD_WORDS.search(words) else Reading.EITHER


def _laid_out(value: Mapping[str, Any]) -> tuple[Mapping[str, Any], _Places]:
    """The object, its keys folded where they must be, and where to look in it."""
    places = _places(tuple(value))
    if not places.doubled:
        return value, places
    folded = fold(value)
    return folded, _places(tuple(folded))


@lru_cache(maxsize=64)
def _places(keys: tuple[str, ...]) -> _Places:
    """Looked for once for all entries of one spelling: a job's thousand entries share theirs."""
    spelt = {key.lower(): key for key in keys}

    def among(*names: str) -> tuple[str, ...]:
        return tuple(spelt[name] for name in names if name in spelt)

    return _Places(
        customer=among(*_CUSTOMER_KEYS),
        ident=among(*_IDENT_KEYS),
        message=among(*_MESSAGE_KEYS),
        code=among(*_CODE_KEYS),
        state=among(*_STATE_KEYS),
        error=among("error"),
        refusal=among("error", "errormessage"),
        success=among("success"),
        telling=not spelt.keys().isdisjoint((*_STATE_KEYS, "error", "errormessage", "success")),
        doubled=len(spelt) < len(keys),
    )


def _first_text(keys: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        text = as_text(keys[name])
        if text:
            return text
    return None


def _code(keys: Mapping[str, Any], places: _Places) -> int | None:
    """A documented code, from `code`, `errorCode`, `error`, or a `code` inside an `error` object."""
    values = [keys[name] for name in places.code]
    values += [fold(keys[name]).get("code") for name in places.error if isinstance(keys[name], dict)]
    return next((code for value in values if (code := _documented(value))), None)


def _documented(value: Any) -> int | None:
    text = as_text(value) or ""
    code = int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None
    return code if class_of(code) is not ErrorClass.UNKNOWN else None


def _message(keys: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = keys[name]
        if isinstance(value, dict):
            value = fold(value).get("message")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
