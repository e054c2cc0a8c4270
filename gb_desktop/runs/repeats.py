"""Which items of a check share a value: a fingerprint of each is kept, so that only likely repeats are looked up."""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter

from gb_desktop.checking.checked import ReadyRows
from gb_desktop.checking.model import ItemDraft

KEYS = {  # what -> (the key that is told, the column it comes from)
    "ident": ("ident", "ident"),
    "ident-folded": ("lower(ident)", "ident"),
    "time": ("time", "time"),
    "content": ("hex(content)", "content"),
    "customer": ("customer", "customer"),
}


ROWS_OF_ITEM = "rows of an item"  # of types that ask once for all rows of a customer
_FOLDED = "ident-folded"  # IDs that are equal are equal when folded, so one kind of fingerprint finds both
_OF: dict[str, Callable[[ReadyRows], Sequence[object] | None]] = {
    _FOLDED: lambda rows: rows.idents and [one and one.lower() for one in rows.idents],  # more than SQLite folds
    "time": attrgetter("times"),
    "content": attrgetter("contents"),
    "customer": attrgetter("customers"),
}


class Fingerprints:
    """Of every item 64 bits for each kind of key: equal keys have equal ones, so what differs needs no query.

    asked: the kinds that will be asked about. 8 bytes an item and kind, and 8 for its number.
    """

    def __init__(self, asked: Iterable[str] = KEYS) -> None:
        self._items = array("q")
        self._hashes = {kept(what): array("q") for what in asked}
        self._rows, self._joined = array("q"), array("q")  # rows that belong to an item of another row, and that item
        self._alike: dict[str, list[int]] = {}  # as long as nothing is added

    def all(self) -> Iterator[tuple[str, array[int], array[int]]]:
        """(kind, numbers of the items, their fingerprints); of ROWS_OF_ITEM rows and the other row's item."""
        for what, hashes in self._hashes.items():
            yield what, self._items, hashes
        yield ROWS_OF_ITEM, self._rows, self._joined

    def join(self, rows: Iterable[tuple[int, int]]) -> None:
        """Take (row, item) into account of rows that belong to an item of another row."""
        for row, item in rows:
            self._rows.append(row)
            self._joined.append(item)

    def add(self, items: Sequence[ItemDraft]) -> None:
        """Take items into account."""
        if items:
            self.add_rows(ReadyRows(*zip(*items, strict=True)))

    def add_rows(self, rows: ReadyRows) -> None:
        """Take items into account that are given by column."""
        self._alike.clear()
        self._items.extend(rows.numbers)
        for what in self._hashes:
            self._extend(what, rows.numbers, _OF[what](rows))

    def _extend(self, what: str, numbers: Sequence[int], keys: Sequence[object] | None) -> None:
        if keys is None:
            self._hashes[what].extend(numbers)
        elif None in keys:  # a missing key repeats nothing: the item's own number stands for it
            pairs = zip(keys, numbers, strict=True)
            self._hashes[what].extend([number if key is None else hash(key) for key, number in pairs])
        else:
            self._hashes[what].extend(map(hash, keys))

    def alike(self, what: str) -> list[int]:
        """The items that may share a key with another one; all that do are among them."""
        kind = kept(what)
        if kind not in self._alike:
            self._alike[kind] = self._found_alike(kind)
        return self._alike[kind]

    def _found_alike(self, kind: str) -> list[int]:
        hashes = self._hashes[kind]
        seen: set[int] = set()
        again: set[int] = set()
        if len(set(hashes)) == len(hashes):
            return []
        for one in hashes:
            (again if one in seen else seen).add(one)
        return [item for item, one in zip(self._items, hashes, strict=True) if one in again]

    def counted(self, what: str) -> tuple[int, int]:
        """How many keys several items hold, and how many items that are.

        By their fingerprints alone: that two of a million differing keys share one has a chance of 1 to 10^7.
        """
        again = [count for count in Counter(self._hashes[kept(what)]).values() if count > 1]
        return len(again), sum(again)


def kept(what: str) -> str:
    """The kind of fingerprint that finds a kind of key."""
    return _FOLDED if what == "ident" else what


def key_hash(what: str, key: object) -> int:
    """The fingerprint of a key as the run file holds it."""
    return hash(key.lower() if kept(what) == _FOLDED and isinstance(key, str) else key)


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
