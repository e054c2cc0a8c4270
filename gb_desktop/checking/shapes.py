"""JSON templates: one request element's text with a slot for each value, made once for each set of filled fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gb_desktop.catalog import BatchType, Field
from gb_desktop.mapping.items import LINES, quoted

SLOT = "%s"
_KEPT = 4096  # sets of filled fields remembered; beyond that they are made anew

Tree = dict[str, Any]


def wire_order(batch_type: BatchType, fields: Sequence[Field]) -> list[Field]:
    """The fields in the order in which their values stand in the JSON."""
    rank = {field.path: number for number, field in enumerate(batch_type.fields)}
    ordered = sorted(fields, key=lambda field: rank.get(field.path, len(rank)))
    by_key = {field.keys: field for field in ordered}
    return [by_key[keys] for keys in _leaves(_tree(ordered), ())]


def _tree(fields: Sequence[Field]) -> Tree:
    tree: Tree = {}
    for field in fields:
        place = tree
        for key in field.keys[:-1]:
            place = place.setdefault(key, {})
        place[field.keys[-1]] = SLOT
    return tree


def _leaves(tree: Tree, before: tuple[str, ...]) -> list[tuple[str, ...]]:
    found = []
    for key, inner in tree.items():
        found += _leaves(inner, (*before, key)) if isinstance(inner, dict) else [(*before, key)]
    return found


class Shapes:
    """The templates of one plan. `fields` are in wire order; slots are filled in that order."""

    def __init__(self, batch_type: BatchType, fields: Sequence[Field]) -> None:
        self._batch_type = batch_type
        self._fields = tuple(fields)
        self._templates: dict[tuple[bool, ...], str] = {}
        self.full = self._made((True,) * len(self._fields))

    def text(self, fragments: Sequence[str | None]) -> str:
        """The element's JSON; fragments are the fields' values as JSON, None where empty."""
        if None not in fragments:
            return self.full % tuple(fragments)
        filled = tuple([fragment is not None for fragment in fragments])
        template = self._templates.get(filled)
        if template is None:
            template = self._made(filled)
            if len(self._templates) < _KEPT:
                self._templates[filled] = template
        return template % tuple([fragment for fragment in fragments if fragment is not None])

    def texts(self, columns: Sequence[Sequence[str | None]]) -> list[str]:
        """`text` of many, whose fragments are given by column."""
        rows = zip(*columns, strict=True)
        if any(None in column for column in columns):
            return list(map(self.text, rows))
        return list(map(self.full.__mod__, rows))

    def _made(self, filled: tuple[bool, ...]) -> str:
        present = [field for field, there in zip(self._fields, filled, strict=True) if there]
        if self._batch_type.plain:
            return SLOT
        tree = _tree(present)
        return _event_text(tree) if self._batch_type.key == "events" else _text(tree)


class LineShapes(Shapes):
    """The templates of an order's line items."""

    def _made(self, filled: tuple[bool, ...]) -> str:
        present = [field for field, there in zip(self._fields, filled, strict=True) if there]
        return _text(_tree(present).get(LINES, {}))


def _text(tree: Tree) -> str:
    inside = (f"{_key(key)}:{_text(inner) if isinstance(inner, dict) else inner}" for key, inner in tree.items())
    return "{" + ",".join(inside) + "}"


def _event_text(tree: Tree) -> str:
    own = ",".join(f"{_key(key)}:{SLOT}" for key in tree if key not in ("event", "metadata"))
    metadata = _text(tree.get("metadata", {}))
    return f'{{{own},"events":{{{SLOT}:{metadata}}}}}' if own else f'{{"events":{{{SLOT}:{metadata}}}}}'


def _key(key: str) -> str:
    return quoted(key).replace("%", "%%")
