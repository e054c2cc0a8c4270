"""Rows that share something with others: the indexes that find them, made while nobody waits, and their lookups."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from typing import NamedTuple

TABLES = ("items", "blocked_items")  # an item that only a rule across rows refuses still shares what it shares
FIRST = 6  # members that a sentence may depend on

KEYS = {
    "ident": "{of}.ident",
    "ident-folded": "lower({of}.ident)",
    "time": "{of}.time",
    "content": "{of}.content",
    "customer": "{of}.customer",
}
# One index serves IDs both to the letter and without case.
_COLUMNS = {
    "ident": "lower(ident), ident",
    "ident-folded": "lower(ident), ident",
    "time": "time",
    "content": "content",
    "customer": "customer",
}
_INDEX = {what: f"_shares_{'ident' if what == 'ident-folded' else what}" for what in _COLUMNS}
ROWS_OF_ITEM = "rows of an item"  # for types that ask once for all rows of a customer
_BY_ITEM = "checked_by_item"
INDEXES = (*sorted({f"{table}{name}" for table in TABLES for name in _INDEX.values()}), _BY_ITEM)
_STEPS = 20_000  # of SQLite's machine between two looks at whether somebody waits


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

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def missing(self, whats: Collection[str]) -> list[tuple[str, str]]:
        """The (table, what) whose index is not there yet."""
        there = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
        asked = sorted(set(whats) - {ROWS_OF_ITEM})
        wanted = {f"{table}{_INDEX[what]}": (table, what) for what in asked for table in TABLES}
        wanted |= {_BY_ITEM: ("checked", ROWS_OF_ITEM)} if ROWS_OF_ITEM in whats else {}
        return [pair for name, pair in wanted.items() if name not in there]

    def make(self, table: str, what: str, is_wanted_elsewhere: Callable[[], bool] | None = None) -> bool:
        """Make one index; False when `is_wanted_elsewhere` said so on the way, and nothing was made."""
        if is_wanted_elsewhere is not None:
            self._db.set_progress_handler(is_wanted_elsewhere, _STEPS)
        try:
            name, columns = f"{table}{_INDEX.get(what)}", _COLUMNS.get(what)
            if what == ROWS_OF_ITEM:
                name, columns = _BY_ITEM, "item"
            self._db.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({columns})")
        except sqlite3.OperationalError:
            if is_wanted_elsewhere is None or not is_wanted_elsewhere():
                raise
            return False
        finally:
            self._db.set_progress_handler(None, 0)
        return True

    def make_all(self, whats: Collection[str]) -> None:
        """Make what is missing."""
        for table, what in self.missing(whats):
            self.make(table, what)

    def shared_by(self, what: str, rows: str) -> set[object]:
        """The keys that items of the table `rows` share with any other item."""
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
        first: list[int] = []
        idents: set[str] = set()
        for table in self._filled():
            where = f"FROM {table} WHERE {holds(what)} {outside}"
            found = self._db.execute(f"SELECT item {where} ORDER BY item LIMIT {FIRST}", {"value": value})
            first += [item for (item,) in found]
            if what == "ident-folded":
                for end in ("min", "max"):
                    ident = self._db.execute(f"SELECT {end}(ident) {where}", {"value": value}).fetchone()[0]
                    idents.update(() if ident is None else (ident,))
        return Sharing(tuple(sorted(first)[:FIRST]), len(idents) > 1)

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
