"""What Gameball returned for a row, kept and read back with its numbers digit for digit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

from gb_desktop.mapping.cleaning import plain_number
from gb_desktop.mapping.items import quoted, wire_json


def exact_json(value: object) -> str:
    """Any JSON value as text; unlike what is sent, what comes back may hold nulls."""
    try:
        return orjson.dumps(value, default=_exact_number).decode()
    except TypeError:  # whole numbers beyond 64 bits
        return _slowly(value)


def _exact_number(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(plain_number(value).encode())
    raise TypeError(f"{type(value).__name__} has no exact JSON")


def _slowly(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{quoted(str(key))}:{_slowly(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_slowly, value)) + "]"
    return wire_json(value)


def read_exact(text: str) -> Any:
    """The value of `exact_json`, numbers with a point as Decimal."""
    return json.loads(text, parse_float=Decimal)
