"""Changes to many cells at once that can be made again on the next sheet: what was done, not to which rows."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class ChangeKind(StrEnum):
    """What was done."""

    FIX = "fix"  # a fix of a problem group
    REPLACE = "replace"  # find and replace


@dataclass(frozen=True, slots=True)
class Change:
    """One change. It names problems, fields and columns, never rows: those are another month's."""

    kind: ChangeKind
    code: str = ""  # of a fix: the code of its problem group
    field: str = ""  # and the group's field path; of a replacement: the field that its column feeds
    key: str = ""  # and which of the group's fixes
    column: str = ""  # of a replacement: the header of its column, "" for all
    find: str = ""
    replacement: str = ""
    count: int = 0  # cells, or rows left out, that it changed the last time

    @classmethod
    def fix(cls, code: str, field: str, key: str, count: int = 0) -> Change:
        return cls(ChangeKind.FIX, code, field, key, count=count)

    @classmethod
    def replaced(cls, column: str, find: str, replacement: str, count: int = 0, field: str = "") -> Change:
        return cls(ChangeKind.REPLACE, "", field, "", column, find, replacement, count)

    def to_json(self) -> dict[str, Any]:
        """A JSON object without what is empty; `from_json` reads it back."""
        return {name: value for name, value in asdict(self).items() if value not in ("", 0)}

    @classmethod
    def from_json(cls, data: ReadOnly[str, Any]) -> Change:
        """The change of `to_json`. KeyError or TypeError when it is none."""
        if data["kind"] not in list(ChangeKind):
            raise TypeError("a change of an unknown kind")
        found = cls(**{**data, "kind": ChangeKind(data["kind"])})
        texts = (found.code, found.field, found.key, found.column, found.find, found.replacement)
        if not all(isinstance(text, str) for text in texts) or not isinstance(found.count, int):
            raise TypeError("a change holds something else than texts and a count")
        return found

    def is_same(self, other: Change) -> bool:
        """True when both do the same, to however many cells."""
        return replace(self, count=0) == replace(other, count=0)


def has(changes: Sequence[Change], wanted: Change) -> bool:
    """True when one of the changes does what `wanted` does."""
    return any(wanted.is_same(one) for one in changes)


def merged(before: Sequence[Change], made: Sequence[Change]) -> tuple[Change, ...]:
    """The changes known before, those made again with their new counts, and behind them the new ones."""
    latest = {replace(one, count=0): one for one in (*before, *made)}
    return tuple(latest.values())
