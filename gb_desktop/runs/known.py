"""Which rows of a draft carry a transaction or order ID that was sent with the same key before."""

from __future__ import annotations

import sqlite3

from gb_desktop.catalog import BatchType
from gb_desktop.runs.ledger import Ledger
from gb_desktop.runs.model import AccountFacts, KnownId
from gb_desktop.runs.store import RunStore
from gb_desktop.text import isolated, tr

BATCH = 10_000
NAMED = 20  # samples


def known_items(
    db: sqlite3.Connection, batch_type: BatchType, account: AccountFacts, ledger: Ledger, run: str
) -> dict[int, tuple[str, str]]:
    """Items whose ID another run sent: item -> (ID, that run), in order. IDs certainly refused are not among them."""
    if batch_type.reads_only or batch_type.ident is None:
        return {}
    if not ledger.knows_any(account.fingerprint, batch_type.key, run):
        return {}
    found: dict[int, tuple[str, str]] = {}
    cursor = db.execute("SELECT ident, item FROM items WHERE ident IS NOT NULL ORDER BY item")
    while batch := cursor.fetchmany(BATCH):
        known = ledger.known(account.fingerprint, batch_type.key, list({ident for ident, _ in batch}), run)
        found.update((item, (ident, known[ident])) for ident, item in batch if ident in known)
    return found


def known_rows(store: RunStore, batch_type: BatchType, account: AccountFacts, ledger: Ledger) -> dict[int, str]:
    """Rows whose ID another run sent: row -> that run. All rows of an order belong to its ID."""
    db = store.connection
    known = known_items(db, batch_type, account, ledger, store.meta.get("run"))
    rows = db.execute("SELECT row, item FROM checked WHERE state = 0 AND item IS NOT NULL ORDER BY row")
    return {row: known[item][1] for row, item in rows if item in known}


def samples_of(known: dict[int, tuple[str, str]]) -> tuple[KnownId, ...]:
    """The first of them, by name."""
    first = list(known.items())[:NAMED]
    return tuple(KnownId(item, ident, run) for item, (ident, run) in first)


def known_sentence(count: int, samples: tuple[KnownId, ...]) -> str:
    """How many rows were sent before, and the first of them by name."""
    names = ", ".join(
        tr("{ident} (row {row}, run {run})", ident=isolated(one.ident), row=str(one.row), run=one.run)
        for one in samples[:5]
    )
    if count == 1:
        return tr("1 row has an ID that was sent with this account before: {names}.", names=names)
    if count > len(samples[:5]):
        names = tr("{names} and {more} more", names=names, more=count - len(samples[:5]))
    return tr("{count} rows have IDs that were sent with this account before: {names}.", count=count, names=names)
