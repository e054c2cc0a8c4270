"""Which items may hold a key, from the fingerprints of the last check: until the run file's indexes can say it."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Collection, Iterable
from typing import NamedTuple

from gb_desktop.runs.repeats import Fingerprints, kept, key_hash

MOST_LIKELY = 2_000  # items that are named for one key
MOST_ROWS = 20  # of one change: each of their keys costs a look through all fingerprints
MOST_CHANGED = 500  # rows that have changed since the check, and so may hold any key
_MOST_FOUND = 1_000  # answers that are kept
_BYTES = 8


class Likely(NamedTuple):
    """All items that hold a key are among these. `last`: or behind this one, for there are too many; else None."""

    items: Collection[int]
    last: int | None


class Remembered:
    """Looks keys up without the run file. What it names must be looked at: it may hold another key."""

    def __init__(self, prints: Fingerprints) -> None:
        self._prints = {what: (numbers, hashes.tobytes()) for what, numbers, hashes in prints.all()}
        self._found: dict[tuple[str, int], Likely] = {}
        self._changed: set[int] = set()

    def serves(self, whats: Collection[str], rows: int) -> bool:
        """Whether a change of so many rows is quicker by this than by making indexes."""
        known = self._prints.keys() >= set(map(kept, whats))
        return known and rows <= MOST_ROWS and len(self._changed) <= MOST_CHANGED

    def note(self, rows: Iterable[int]) -> None:
        """These rows are checked again: from now on they may hold any key."""
        self._changed.update(rows)

    def likely(self, what: str, key: object) -> Likely:
        """The items that may hold a key; of ROWS_OF_ITEM the rows that may belong to the item `key`."""
        asked = kept(what), key_hash(what, key)
        if asked not in self._found:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            self._found[asked] = _likely(*self._prints[asked[0]], asked[1])
        items, last = self._found[asked]
        return Likely({*items, *self._changed}, last)


def _likely(numbers: array[int], hashes: bytes, wanted: int) -> Likely:
    """The numbers, which are in order, whose fingerprint is the wanted one."""
    needle = wanted.to_bytes(_BYTES, sys.byteorder, signed=True)
    found: list[int] = []
    at = hashes.find(needle)
    while at >= 0:
        if at % _BYTES == 0:
            if len(found) == MOST_LIKELY:
                return Likely(found, found[-1])
            found.append(numbers[at // _BYTES])
        at = hashes.find(needle, at + 1)
    return Likely(found, None)
