"""Looks up rows that share something with others: by indexes, or by what the check remembers until these are made."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from gb_desktop.runs import indexes
from gb_desktop.runs.indexes import TABLES
from gb_desktop.runs.remembered import Remembered
from gb_desktop.runs.repeats import ROWS_OF_ITEM

FIRST = 6  # members that a sentence may depend on

KEYS = {
    "ident": "{of}.ident",
    "ident-folded": "lower({of}.ident)",
    "time": "{of}.time",
    "content": "{of}.content",
    "customer": "{of}.customer",
}
_IDENTS = frozenset({"ident", "ident-folded"})
_LIKELY = "temp.likely"  # the rows that a statement is restricted to, for want of an index


class Sharing(NamedTuple):
    """The items that hold one key: the first of them (at most FIRST), and whether their IDs differ in case."""

    first: tuple[int, ...] = ()
    mixed: bool = False

    @property
    def decisive(self) -> tuple[int, ...]:
        """What the sentences of all its members depend on: of many members only the first four are ever named."""
        return (*self.first[:4], -1) if len(self.first) == FIRST else self.first

    def is_told(self, what: str) -> bool:
        """True when several hold the key; IDs without case count when they differ in case."""
        return len(self.first) > 1 and (self.mixed or what != "ident-folded")


class Partners:
    """Lookups among the items of one run file."""

    def __init__(self, db: sqlite3.Connection, memory: Remembered | None = None) -> None:
        self._db = db
        self._memory = memory
        self._by_memory: set[str] = set()  # what has no index yet, and is asked of the memory

    def prepare(self, whats: Collection[str], rows: int) -> None:
        """See to it that what a change of so many rows looks up is found soon."""
        missing = indexes.missing(self._db, whats)
        if missing and self._memory is not None and self._memory.serves(whats, rows):
            names = {indexes.name(*pair) for pair in missing}
            self._by_memory = {
                what for what in whats if any(indexes.name(table, what) in names for table in indexes.tables(what))
            }
            self._db.execute(f"CREATE TABLE IF NOT EXISTS {_LIKELY} (row INTEGER PRIMARY KEY)")
        else:
            indexes.make_all(self._db, whats)

    def note(self, rows: Collection[int]) -> None:
        """These rows change now."""
        if self._memory is not None:
            self._memory.note(rows)

    def shared_by(self, what: str, rows: str) -> set[object]:
        """The keys that items of the table `rows` share with any other item."""
        if what in self._by_memory:
            return {value for value in self._held(what, rows) if len(self.sharing(what, value).first) > 1}
        found: set[object] = set()
        for own in self._filled():
            for other in self._filled():
                query = (  # CROSS: by the rows' numbers, never through a whole index for the sake of its order
                    f"SELECT {_key(what, 'own')} FROM {rows} CROSS JOIN {own} AS own ON own.item = {rows}.row "
                    f"WHERE EXISTS (SELECT 1 FROM {other} AS other WHERE {_alike(what, 'own')} "
                    f"AND other.item <> own.item)"
                )
                found.update(value for (value,) in self._db.execute(query))
        return found

    def sharing(self, what: str, value: object, without: str = "") -> Sharing:
        """The items that hold a key; those of the table `without` don't count."""
        outside = f"AND item NOT IN (SELECT row FROM {without})" if without else ""
        if self._memory is not None and what in self._by_memory and what != "ident-folded":  # that one needs them all
            likely = self._memory.likely(what, value)
            found = self._sharing(f"{self._among(likely.items)} AND {holds(what)} {outside}", what, value)
            if likely.last is None or (len(found.first) == FIRST and found.first[-1] <= likely.last):
                return found
        return self._sharing(f"{self.holding(what, value)} {outside}", what, value)

    def _sharing(self, condition: str, what: str, value: object) -> Sharing:
        first: list[int] = []
        idents: set[str] = set()
        for table in self._filled():
            where = f"FROM {table} WHERE {condition}"
            found = self._db.execute(f"SELECT item {where} ORDER BY item LIMIT {FIRST}", {"value": value})
            first += [item for (item,) in found]
            if what == "ident-folded":
                for end in ("min", "max"):
                    ident = self._db.execute(f"SELECT {end}(ident) {where}", {"value": value}).fetchone()[0]
                    idents.update(() if ident is None else (ident,))
        return Sharing(tuple(sorted(first)[:FIRST]), len(idents) > 1)

    def holding(self, what: str, value: object) -> str:
        """The condition that an item holds the key :value. It stands until the next lookup."""
        likely = self._likely(what, value)
        return holds(what) if likely is None else f"{likely} AND {holds(what)}"

    def belonging(self, item: int) -> str:
        """The condition on `checked` that a row belongs to the item :item. It stands until the next lookup."""
        likely = self._likely(ROWS_OF_ITEM, item, "row")
        return "item = :item" if likely is None else f"(row = :item OR {likely}) AND item = :item"

    def _held(self, what: str, rows: str) -> set[object]:
        """The keys of the items of the table `rows`."""
        query = "SELECT {} FROM {} CROSS JOIN {} AS own ON own.item = {}.row"
        parts = [query.format(_key(what, "own"), rows, own, rows) for own in TABLES]
        return {value for (value,) in self._db.execute(" UNION ".join(parts)) if value is not None}

    def _likely(self, what: str, value: object, column: str = "item") -> str | None:
        """The condition that a key restricts a statement by, None where an index does."""
        if what not in self._by_memory or self._memory is None:
            return None
        likely = self._memory.likely(what, value)
        if likely.last is None:
            return self._among(likely.items, column)
        indexes.make_all(self._db, (what,))
        self._by_memory -= {what} if what not in _IDENTS else _IDENTS
        return None

    def _among(self, items: Collection[int], column: str = "item") -> str:
        self._db.execute(f"DELETE FROM {_LIKELY}")
        self._db.executemany(f"INSERT INTO {_LIKELY} VALUES (?)", [(item,) for item in items])
        return f"{column} IN (SELECT row FROM {_LIKELY})"

    def _filled(self) -> list[str]:
        return [table for table in TABLES if self._db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()]


def _key(what: str, of: str) -> str:
    return KEYS[what].format(of=of)


def _alike(what: str, own: str) -> str:
    """That `other` holds the key of `own`."""
    folded = f"lower(other.ident) = lower({own}.ident)"
    if what == "ident-folded":
        return folded
    return (
        f"{folded} AND other.ident = {own}.ident" if what == "ident" else f"{_key(what, 'other')} = {_key(what, own)}"
    )


def holds(what: str) -> str:
    """The condition that an item holds the key :value."""
    if what == "ident-folded":
        return "lower(ident) = :value"
    if what == "ident":  # as an equality it would be put into lower(ident), and the index could not be used
        return "lower(ident) = lower(:value) AND ident BETWEEN :value AND :value"
    return f"{what} = :value"
