"""The indexes that find rows which share something: made while nobody waits, or when a change needs them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection

from gb_desktop.runs import schema
from gb_desktop.runs.repeats import ROWS_OF_ITEM

TABLES = ("items", "blocked_items")  # an item that only a rule across rows refuses still shares what it shares

# One index serves IDs both to the letter and without case.
_COLUMNS = {
    "ident": "lower(ident), ident",
    "ident-folded": "lower(ident), ident",
    "time": "time",
    "content": "content",
    "customer": "customer",
    ROWS_OF_ITEM: "item",
}
_STEPS = 20_000  # of SQLite's machine between two looks at whether somebody waits
_SORTED = 2 * 1024  # KiB that SQLite sorts in one go, which nothing interrupts: as much as its cache is


def tables(what: str) -> tuple[str, ...]:
    """Where something is looked up."""
    return ("checked",) if what == ROWS_OF_ITEM else TABLES


def name(table: str, what: str) -> str:
    """What an index is called."""
    if what == ROWS_OF_ITEM:
        return "checked_by_item"
    return f"{table}_shares_{'ident' if what == 'ident-folded' else what}"


INDEXES = tuple(sorted({name(table, what) for what in _COLUMNS for table in tables(what)}))


def missing(db: sqlite3.Connection, whats: Collection[str]) -> list[tuple[str, str]]:
    """The (table, what) whose index is not there yet."""
    there = {found for (found,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    wanted = {name(table, what): (table, what) for what in sorted(whats) for table in tables(what)}
    return [pair for index, pair in wanted.items() if index not in there]


def make(db: sqlite3.Connection, table: str, what: str, somebody_waits: Callable[[], bool] | None = None) -> bool:
    """Make one index; False when `somebody_waits` said so on the way, and nothing was made."""
    if somebody_waits is not None:
        db.set_progress_handler(somebody_waits, _STEPS)
        db.execute(f"PRAGMA cache_size = -{_SORTED}")
    try:
        db.execute(f"CREATE INDEX IF NOT EXISTS {name(table, what)} ON {table} ({_COLUMNS[what]})")
    except sqlite3.OperationalError:
        if somebody_waits is None or not somebody_waits():
            raise
        return False
    finally:
        db.set_progress_handler(None, 0)
        db.execute(f"PRAGMA cache_size = -{schema.CACHE}")
    return True


def make_all(db: sqlite3.Connection, whats: Collection[str]) -> None:
    """Make what is missing."""
    for table, what in missing(db, whats):
        make(db, table, what)
