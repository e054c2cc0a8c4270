"""Freezing a draft: items get their last form, chunks are planned, and the run is ready to be sent."""

from __future__ import annotations

import sqlite3

from gb_desktop.catalog import BatchType
from gb_desktop.mapping.items import with_reference
from gb_desktop.runs import grids
from gb_desktop.runs.contents import content_hashes
from gb_desktop.runs.known import known_sentence
from gb_desktop.runs.model import AccountFacts, Progress, Review, RunError, RunState, Say, SendSettings
from gb_desktop.runs.plan import PlannedChunk, layered, plan
from gb_desktop.runs.references import awaits_reference, reference
from gb_desktop.runs.review import counts_before_sending, needs_unit
from gb_desktop.runs.store import RunStore
from gb_desktop.runs.wire import to_wire
from gb_desktop.text import tr


def freeze(
    store: RunStore,
    batch_type: BatchType,
    account: AccountFacts,
    settings: SendSettings,
    review: Review,
    again: bool,
    say: Say,
) -> None:
    """Plan a checked draft. RunError(reason) when something must be decided first: invalid, empty, again."""
    _require_sendable(store, review, again)
    say(Progress("planning", 0, review.items))
    db = store.connection
    with store.transaction():
        for table in ("chunks", "chunk_items", "attempts", "jobs", "outcomes"):
            db.execute(f"DELETE FROM {table}")
        if awaits_reference(store.meta):
            _refer(store)
        layers, previous = layered(db.execute("SELECT item, customer FROM items ORDER BY item"))
        db.execute("UPDATE items SET previous = NULL WHERE previous IS NOT NULL")
        db.executemany("UPDATE items SET previous = ? WHERE item = ?", ((b, a) for a, b in previous.items()))
        chunks = plan(layers, settings.chunk_size, settings.first, needs_unit(batch_type, account))
        for number, chunk in enumerate(chunks, start=1):
            _write(db, number, chunk)
        hashes = content_hashes(db)
        rows = db.execute("SELECT count(*) FROM rows").fetchone()[0]
        store.meta.update(
            state=RunState.READY.value,
            account=to_wire(account),
            settings=to_wire(settings),
            ordered=hashes.ordered,
            unordered=hashes.unordered,
            again=again,
            halvings=0,
            stopped=False,
            counts=to_wire(counts_before_sending(rows, review.rows)),
        )
    say(Progress("planning", review.items, review.items))


def _require_sendable(store: RunStore, review: Review, again: bool) -> None:
    if store.meta.state() not in (RunState.DRAFT, RunState.READY):
        raise RunError(tr("This run was sent already; it can't be planned anew."), "state")
    for problem in grids.sheet_problems(store.connection):
        if problem.severity == "error":
            raise RunError(problem.message, "options")
    if not review.items:
        raise RunError(tr("No row can be sent: every row has an error or is left out."), "empty")
    if review.earlier and not again:
        sentence = tr("{found} Sending it again could pay twice.", found=review.earlier[0].sentence)
        raise RunError(sentence, "again")
    if review.known_ids and not again:
        raise RunError(known_sentence(review.known_ids, review.known), "known")


def _refer(store: RunStore) -> None:
    """Give every adjustment its reference, once: it makes a lost one findable."""
    meta, db = store.meta, store.connection
    run = meta.get("run")
    bodies = db.execute("SELECT item, body FROM items").fetchall()
    changed = ((with_reference(body, reference(run, item)), item) for item, body in bodies)
    db.executemany("UPDATE items SET body = ? WHERE item = ?", changed)
    meta.set("referenced", True)


def _write(db: sqlite3.Connection, number: int, chunk: PlannedChunk) -> None:
    db.execute(
        "INSERT INTO chunks (chunk, state, kind, layer, items, rows) VALUES (?, 'planned', ?, ?, ?, 0)",
        (number, chunk.kind, chunk.layer, len(chunk.items)),
    )
    db.executemany(
        "INSERT INTO chunk_items VALUES (?, ?, ?)", ((number, place, item) for place, item in enumerate(chunk.items))
    )
    db.execute(
        "UPDATE chunks SET rows = (SELECT sum(items.rows) FROM chunk_items JOIN items USING (item) "
        "WHERE chunk_items.chunk = ?1) WHERE chunk = ?1",
        (number,),
    )
