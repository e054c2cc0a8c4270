"""What a person decides: unknown rows marked as sent or sent again, and failed rows taken into a new draft."""

from __future__ import annotations

from contextlib import closing

from gb_desktop.runs import schema
from gb_desktop.runs.clock import SystemClock
from gb_desktop.runs.events import Counts
from gb_desktop.runs.journal import Journal, Settled
from gb_desktop.runs.locks import FileLock
from gb_desktop.runs.meta import Meta, now_iso
from gb_desktop.runs.model import ChunkState, Outcome, RunError, RunState
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.verdicts import unknown
from gb_desktop.runs.wire import to_wire
from gb_desktop.text import rows_words, tr

COPIED = ("type", "file", "sheet", "loaded", "mapping", "options", "rows_choice", "merge", "account")


def mark_sent(shelf: Shelf, run: str) -> int:
    """A person says that the unknown rows were applied; how many rows that settled."""
    with FileLock(shelf.sender_lock(run)), closing(schema.open_to_write(shelf.path(run))) as db:
        journal = Journal(db)
        message = tr("Marked as sent by a person.")
        with journal.commit():
            _settle_lost(journal)
            items = journal.outcome_items(Outcome.UNKNOWN)
            journal.settle(Settled(item.item, Outcome.ALREADY_APPLIED, message, "person") for item in items)
            for chunk in journal.chunks(ChunkState.UNSURE):
                journal.close_unsure(chunk)
            one = tr("1 row was marked as sent by a person.")
            many = tr("{count} rows were marked as sent by a person.", count=len(items))
            journal.meta.log(one if len(items) == 1 else many)
            counts = _settle_state(journal)
        shelf.ledger.update(run, journal.meta.state().value, counts.unknown)
        return sum(item.rows for item in items)


def allow_again(shelf: Shelf, run: str) -> None:
    """A person says that the run is to be sent although another one sent the same rows or IDs."""
    with FileLock(shelf.sender_lock(run)), closing(schema.open_to_write(shelf.path(run))) as db:
        meta = Meta(db)
        meta.set("again", True)
        meta.log(tr("A person decided to send rows that were sent before."))


def send_again(shelf: Shelf, run: str) -> int:
    """A person says that the unknown rows may be sent again; how many rows that planned. Nothing is sent here.

    RunError(reason="setup") when the look-up before it got no answer about some: what was applied would go twice.
    """
    with FileLock(shelf.sender_lock(run)), closing(schema.open_to_write(shelf.path(run))) as db:
        journal = Journal(db)
        if journal.meta.get("unheard"):
            sentence = tr("Gameball could not be asked about all of these rows, so they were not planned again.")
            raise RunError(sentence, "setup")
        with journal.commit():
            _settle_lost(journal)
            items = journal.outcome_items(Outcome.UNKNOWN)
            for start in range(0, len(items), 1_000):
                part = items[start : start + 1_000]
                journal.add_chunk("person", journal.chunk(1), part, repeated=True, generation=0)
            for chunk in journal.chunks(ChunkState.UNSURE):
                journal.close_unsure(chunk)
            journal.meta.log(tr("A person decided to send {rows} again.", rows=rows_words(len(items))))
            journal.meta.set("state", RunState.PAUSED.value)
        return sum(item.rows for item in items)


def _settle_lost(journal: Journal) -> None:
    """Write down as unknown what a killed app left in flight; accepted jobs are left, because they can be asked."""
    sentence = tr("The app was closed before Gameball's answer came.")
    for chunk in journal.chunks(ChunkState.SENDING):
        journal.unsure(chunk, sentence, unknown(journal.items(chunk.chunk), sentence))
    for chunk in journal.chunks(ChunkState.PLANNED):
        if chunk.repeated:
            settled = unknown(journal.items(chunk.chunk), sentence)
            journal.finish(chunk, ChunkState.FINISHED, settled, SystemClock().now_ms(), sentence)


def _settle_state(journal: Journal) -> Counts:
    counts = journal.tally.counts(at_rest=True)
    left = counts.unknown or counts.not_sent
    state = RunState.NEEDS_ATTENTION if left else RunState.FINISHED
    if journal.count(ChunkState.PLANNED) or journal.count(ChunkState.ACCEPTED) or journal.released():
        state = RunState.PAUSED
    journal.meta.update(state=state.value, counts=to_wire(counts))
    return counts


def retry_failed(shelf: Shelf, run: str) -> str:
    """A new draft that holds the rows which failed, with the same mapping and account; its name.

    Rows that were not sent stay with their run, which sends them when it goes on: two runs would send them twice.
    """
    with closing(schema.open_to_read(shelf.path(run))) as old:
        rows = old.execute(
            "SELECT rows.row, rows.cells FROM rows JOIN checked USING (row) "
            "JOIN outcomes ON outcomes.item = checked.item "
            "WHERE outcomes.outcome = 'failed' ORDER BY rows.position"
        ).fetchall()
        if not rows:
            raise RunError(tr("No row of this run failed, so there is nothing to try again."), "empty")
        kept = Meta(old)
        copied = {name: kept.get(name) for name in COPIED}
    fresh = shelf.create()
    with closing(schema.open_to_write(shelf.path(fresh))) as db:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO rows (row, cells, flag) VALUES (?, ?, '')", rows)
        db.execute("CREATE UNIQUE INDEX rows_by_number ON rows (row)")
        copied["loaded"] = {**copied["loaded"], "rows": len(rows)}
        Meta(db).update(**copied, step="columns", retry_of=run, created=now_iso())
        Meta(db).log(tr("Made of the {rows} of run {run} that failed.", rows=rows_words(len(rows)), run=run))
        db.execute("COMMIT")
    return fresh
