"""One entry of a job's result lists, whatever its keys are called. Source: the API page, "Result entries"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import Enum
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


def fold(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping by lower-case key. Of keys that differ only in case, the first that holds something counts."""
    folded: dict[str, Any] = {}
    for key, value in mapping.items():
        if folded.get(key.lower()) is None:
            folded[key.lower()] = value
    return folded


def as_text(value: Any) -> str | None:
    """An ID or a number as text; None for what is neither, and for an empty text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() and abs(value.adjusted()) < 40 else str(value)
    return value.strip() or None if isinstance(value, str) else None


def entry_of(value: Any, *, ok: bool) -> Entry:
    """The entry, with every key Gameball sent kept in `returned`. A bare text or number is taken for the ID."""
    if not isinstance(value, dict):
        return Entry(ok=ok, customer=as_text(value), returned={"value": value})
    keys = fold(value)
    return Entry(
        ok=ok,
        customer=_first_text(keys, _CUSTOMER_KEYS),
        ident=_first_text(keys, _IDENT_KEYS),
        code=_code(keys),
        message=_message(keys),
        returned=value,
    )


def turned(entry: Entry, *, ok: bool) -> Entry:
    """The same entry as one of the other list."""
    return entry if entry.ok is ok else replace(entry, ok=ok)


def reading_of(entry: Entry) -> Reading:
    """What the entry says by itself: an error, its code or a failed state is bad; a bare message is either."""
    keys = fold(entry.returned)
    state = (_first_text(keys, _STATE_KEYS) or "").lower()
    refused = keys.get("success") is False or any(keys.get(name) not in _NOTHING for name in ("error", "errormessage"))
    if refused or entry.code is not None or state in _FAILED_STATES:
        return Reading.BAD
    if not entry.message or state in _GOOD_STATES or keys.get("success") is True:
        return Reading.GOOD
    words = entry.message.lower()
    return Reading.GOOD if _GOOD_WORDS.search(words) and not _BAD_WORDS.search(words) else Reading.EITHER


def _first_text(keys: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((text for name in names if (text := as_text(keys.get(name)))), None)


def _code(keys: Mapping[str, Any]) -> int | None:
    """A documented code, from `code`, `errorCode`, `error`, or a `code` inside an `error` object."""
    values = [keys.get(name) for name in _CODE_KEYS]
    if isinstance(keys.get("error"), dict):
        values.append(fold(keys["error"]).get("code"))
    return next((code for value in values if (code := _documented(value))), None)


def _documented(value: Any) -> int | None:
    text = as_text(value) or ""
    code = int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None
    return code if class_of(code) is not ErrorClass.UNKNOWN else None


def _message(keys: Mapping[str, Any]) -> str:
    for name in _MESSAGE_KEYS:
        value = keys.get(name)
        if isinstance(value, dict):
            value = fold(value).get("message")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
