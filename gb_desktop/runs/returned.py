"""What Gameball returned for a row, kept and read back with its numbers digit for digit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gb_desktop.mapping.items import quoted, wire_json


def exact_json(value: object) -> str:
    """Any JSON value as text; unlike what is sent, what comes back may hold nulls."""
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{quoted(str(key))}:{exact_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(exact_json, value)) + "]"
    return wire_json(value)


def read_exact(text: str) -> Any:
    """The value of `exact_json`, numbers with a point as Decimal."""
    return json.loads(text, parse_float=Decimal)
