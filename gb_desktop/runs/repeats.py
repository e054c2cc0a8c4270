"""Which items of a check share a value: a fingerprint of each is kept, so that only likely repeats are looked up."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from gb_desktop.checking.model import ItemDraft

KEYS = {  # what -> (the key that is told, the column it comes from)
    "ident": ("ident", "ident"),
    "ident-folded": ("lower(ident)", "ident"),
    "time": ("time", "time"),
    "content": ("hex(content)", "content"),
    "customer": ("customer", "customer"),
}


class Fingerprints:
    """Of every item 64 bits for each kind of key: equal keys have equal ones, so what differs needs no query.

    48 bytes an item.
    """

    def __init__(self) -> None:
        self._items = array("q")
        self._hashes = {what: array("q") for what in KEYS}

    def add(self, items: Sequence[ItemDraft]) -> None:
        """Take items into account."""
        numbers = [one.item for one in items]
        self._items.extend(numbers)
        idents = [one.ident for one in items]
        self._extend("ident", numbers, idents)
        # Folds more than SQLite does, never less.
        self._extend("ident-folded", numbers, [one if one is None else one.lower() for one in idents])
        self._extend("time", numbers, [one.time for one in items])
        self._extend("content", numbers, [one.content for one in items])
        self._extend("customer", numbers, [one.customer for one in items])

    def _extend(self, what: str, numbers: Sequence[int], keys: Sequence[object]) -> None:
        if None in keys:  # a missing key repeats nothing: the item's own number stands for it
            pairs = zip(keys, numbers, strict=True)
            self._hashes[what].extend([number if key is None else hash(key) for key, number in pairs])
        else:
            self._hashes[what].extend(map(hash, keys))

    def alike(self, what: str) -> list[int]:
        """The items that may share a key with another one; all that do are among them."""
        hashes = self._hashes[what]
        seen: set[int] = set()
        again: set[int] = set()
        if len(set(hashes)) == len(hashes):
            return []
        for one in hashes:
            (again if one in seen else seen).add(one)
        return [item for item, one in zip(self._items, hashes, strict=True) if one in again]


def repeated(db: sqlite3.Connection, what: str, prints: Fingerprints | None = None) -> Iterator[tuple[str, list[int]]]:
    """Keys that several items hold, with those items in order. `prints` are those of all items, None: not known."""
    key, column = KEYS[what]
    source = "items"
    if prints is not None:
        alike = prints.alike(what)
        if not alike:
            return
        source = "alike JOIN items USING (item)"
        db.execute("CREATE TEMP TABLE IF NOT EXISTS alike (item INTEGER PRIMARY KEY)")
        db.execute("DELETE FROM alike")
        db.executemany("INSERT INTO alike VALUES (?)", [(item,) for item in alike])
    query = f"SELECT {key}, item, {column} FROM {source} WHERE {column} IS NOT NULL ORDER BY 1, 2"
    for value, group in groupby(db.execute(query), itemgetter(0)):
        _, items, keys = zip(*group, strict=True)
        if len(items) > 1 and (what != "ident-folded" or len(set(keys)) > 1):
            yield value, list(items)
