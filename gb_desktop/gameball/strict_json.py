"""JSON read strictly: exact numbers, no NaN, no key twice. What is ambiguous is not read at all."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn


class UnreadableError(ValueError):
    """The bytes are not one unambiguous JSON value."""


def parse(raw: bytes) -> Any:
    """The value in `raw` (UTF-8, a byte order mark is allowed); numbers with a point or exponent are Decimal.

    Raises UnreadableError for anything else: the reader of a money answer must not pick one of two meanings.
    """
    try:
        return json.loads(
            raw.decode("utf-8-sig"), parse_float=_decimal, parse_constant=_refuse, object_pairs_hook=_distinct
        )
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
