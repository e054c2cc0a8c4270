"""From typed values to the exact JSON of a request element."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gb_desktop.catalog import BatchType, Field
from gb_desktop.mapping.cleaning import plain_number
from gb_desktop.mapping.reading import Typed

LINES = "lineItems"
_BARE = re.compile(r"[ !#-\[\]-~]*")  # printable ASCII that JSON doesn't escape


def build_item(
    batch_type: BatchType, values: Mapping[str, Typed | None], lines: Sequence[Mapping[str, Typed | None]] = ()
) -> object:
    """The request element of `values` (by field path): an object, or the plain string of an order transaction.

    Empty values are left out. `lines` are an order's line items, by field path too; without them line fields found
    in `values` make one line.
    """
    if batch_type.plain:
        return values[batch_type.fields[0].path]
    own = {path: value for path, value in values.items() if not _is_line(batch_type, path)}
    inline = {path: value for path, value in values.items() if _is_line(batch_type, path)}
    item = _nested(batch_type, own)
    found = [line for line in (_nested(batch_type, one).get(LINES) for one in (lines or [inline])) if line]
    if found:
        item[LINES] = found
    return _event(item) if batch_type.key == "events" else item


def _is_line(batch_type: BatchType, path: str) -> bool:
    field = batch_type.field(path)
    return field is not None and field.line


def _nested(batch_type: BatchType, values: Mapping[str, Typed | None]) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for field, value in in_order(batch_type, values):
        if value is None or value in ("", ()):
            continue
        place = item
        for key in field.keys[:-1]:
            place = place.setdefault(key, {})
        place[field.keys[-1]] = value
    return item


def in_order(batch_type: BatchType, values: Mapping[str, Typed | None]) -> list[tuple[Field, Typed | None]]:
    """The values with their fields: the catalog's fields in its order, then free keys in the order they are given."""
    rank = {field.path: number for number, field in enumerate(batch_type.fields)}
    paths = sorted(values, key=lambda path: rank.get(path, len(rank)))
    found = [(batch_type.field(path), values[path]) for path in paths]
    return [(field, value) for field, value in found if field is not None]


def _event(item: dict[str, Any]) -> dict[str, Any]:
    """An event's name is a key on the wire: {"customerId": ..., "events": {name: {metadata}}}."""
    name = item.pop("event", "")
    metadata = item.pop("metadata", {})
    return {**item, "events": {name: metadata}}


def wire_json(value: object) -> str:
    """`value` as compact JSON: numbers exact and without exponent, no float anywhere, text as it is (UTF-8)."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{quoted(str(key))}:{wire_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(wire_json, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    raise TypeError(f"{type(value).__name__} has no exact JSON")


def quoted(text: str) -> str:
    """A text as a JSON string."""
    return f'"{text}"' if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def with_reference(body_json: str, reference: str) -> str:
    """An adjustment's JSON with our reference at the end of its reason, so that it can be found at Gameball."""
    item = json.loads(body_json, parse_float=Decimal)
    reason = item.get("reason")
    item["reason"] = f"{reason} {reference}" if reason else reference
    return wire_json(item)


def without_reference(body_json: str, reference: str) -> str:
    """The JSON that `with_reference` was given."""
    item = json.loads(body_json, parse_float=Decimal)
    reason = str(item.pop("reason", "")).removesuffix(reference).rstrip()
    if reason:
        item["reason"] = reason
    return wire_json(item)
