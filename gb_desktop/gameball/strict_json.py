"""JSON read strictly: exact numbers, no NaN, no key twice. What is ambiguous is not read at all."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class UnreadableError(ValueError):
    """The bytes are not one unambiguous JSON value."""


def parse(raw: bytes) -> Any:
    """The value in `raw` (UTF-8, a byte order mark is allowed); numbers with a point or exponent are Decimal.

    Half a character (a lone surrogate, which no file could keep) is read as the replacement character.

    Raises UnreadableError for anything else: the reader of a money answer must not pick one of two meanings.
    """
    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(text, parse_float=_decimal, parse_constant=_refuse, object_pairs_hook=_distinct)
        return _mended(value) if _HALF.search(text) else value
    except (ValueError, RecursionError) as fault:
        raise UnreadableError("not readable as JSON") from fault


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as fault:  # an exponent beyond what Decimal holds
        raise UnreadableError("number out of range") from fault


def _refuse(text: str) -> NoReturn:
    raise UnreadableError(f"{text} is not a JSON number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableError("a key appears twice")
    return found


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(inner) for inner in value]
    if isinstance(value, dict):
        return _distinct([(_mended(key), _mended(inner)) for key, inner in value.items()])
    return value
