"""The journal of sending: every change of a chunk's state, committed before the next step is taken."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gb_desktop.runs.journal_reads import Chunk as Chunk
from gb_desktop.runs.journal_reads import Item as Item
from gb_desktop.runs.journal_reads import JournalReads, numbers
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import ChunkState, Outcome
from gb_desktop.runs.returned import exact_json
from gb_desktop.runs.tally import Tally


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an item, with its evidence: listed, counts, looked up, repeat refused, refused, person."""

    item: int
    outcome: Outcome
    message: str = ""
    evidence: str = ""
    code: int | None = None
    job: str | None = None
    returned: Mapping[str, Any] | None = None


class Journal(JournalReads):
    """The sending tables of one run file, written by the engine alone."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        db.execute("PRAGMA synchronous = FULL")
        self.meta = Meta(db)
        self.tally = Tally.read(db)
        self.settlings = 0  # outcomes written so far: what waits for one looks again when this has moved

    @contextmanager
    def commit(self) -> Iterator[None]:
        """One transaction on disk; nested calls belong to the outer one."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._db.in_transaction:  # a full disk makes SQLite roll back by itself
            self._db.execute("ROLLBACK")
        self.tally = Tally.read(self._db)

    def start(self, chunk: Chunk, now_ms: int, body: bytes) -> int:
        """planned -> sending, with an attempt row, before the first byte goes out. The attempt's number."""
        with self.commit():
            self._move(chunk.chunk, ChunkState.PLANNED, ChunkState.SENDING, tries=chunk.tries + 1, sent_at=now_ms)
            cursor = self._db.execute(
                "INSERT INTO attempts (chunk, digest, started_at) VALUES (?, ?, ?)",
                (chunk.chunk, hashlib.sha256(body).hexdigest(), now_ms),
            )
        if not chunk.repeated:  # a repeat's rows are in flight already: its first try may have been applied
            self.tally.in_flight += chunk.rows
        return int(cursor.lastrowid or 0)

    def end_attempt(self, attempt: int, now_ms: int, sent: bool, status: int | None, verdict: str, detail: str) -> None:
        self._db.execute(
            "UPDATE attempts SET ended_at = ?, sent = ?, status = ?, verdict = ?, detail = ? WHERE attempt = ?",
            (now_ms, int(sent), status, verdict, detail, attempt),
        )

    def accepted(self, chunk: Chunk, job: str, now_ms: int) -> None:
        with self.commit():
            self._move(chunk.chunk, ChunkState.SENDING, ChunkState.ACCEPTED, job=job, accepted_at=now_ms, sentence="")

    def not_sent(self, chunk: Chunk, sentence: str) -> None:
        """sending -> planned: certainly nothing was applied."""
        with self.commit():
            self._move(chunk.chunk, ChunkState.SENDING, ChunkState.PLANNED, sentence=sentence)
        if not chunk.repeated:
            self.tally.in_flight -= chunk.rows

    def unsure(self, chunk: Chunk, sentence: str, settled: Iterable[Settled] = ()) -> None:
        """sending or accepted -> unsure. settled: the unknown outcomes, where nothing heals by itself."""
        settled = list(settled)
        with self.commit():
            self._move(chunk.chunk, chunk.state, ChunkState.UNSURE, sentence=sentence)
            self.settle(settled)
        if settled:
            self.tally.in_flight -= chunk.rows

    def again(self, chunk: Chunk) -> None:
        """unsure -> planned: the re-send class allows it, or a person says so. Refusals may now be our own repeat."""
        with self.commit():
            known = self._forget(self.items(chunk.chunk))
            self._move(chunk.chunk, ChunkState.UNSURE, ChunkState.PLANNED, repeated=1, job=None)
        self.tally.in_flight += known

    def close_unsure(self, chunk: Chunk) -> None:
        """unsure -> finished: a person or a look-up decided about its rows."""
        with self.commit():
            self._move(chunk.chunk, ChunkState.UNSURE, ChunkState.FINISHED)

    def finish(
        self, chunk: Chunk, state: ChunkState, settled: Iterable[Settled], now_ms: int, sentence: str = ""
    ) -> None:
        """A chunk's end, with what became of its items. Items that are not in `settled` must be in a new chunk."""
        with self.commit():
            self._move(chunk.chunk, chunk.state, state, finished_at=now_ms, sentence=sentence)
            self.settle(settled)
        self.tally.in_flight -= chunk.rows

    def settle(self, settled: Iterable[Settled]) -> None:
        """Outcomes of items, new ones or better ones."""
        latest = {one.item: one for one in settled}
        if not latest:
            return
        with self.commit():
            before = self._rows_by_outcome(latest)
            self._db.executemany(
                "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?)", map(_outcome_row, latest.values())
            )
            self.tally.settle(before, self._rows_by_outcome(latest))
        self.settlings += len(latest)

    def add_chunk(self, kind: str, parent: Chunk, items: Sequence[Item], repeated: bool, generation: int) -> int:
        """A new planned chunk made from items of a finished one: a half, a follow-up or a healing repeat."""
        with self.commit():
            cursor = self._db.execute(
                "INSERT INTO chunks (state, kind, layer, generation, repeated, items, rows) "
                "VALUES ('planned', ?, ?, ?, ?, ?, ?)",
                (kind, parent.layer, generation, int(repeated), len(items), sum(item.rows for item in items)),
            )
            number = int(cursor.lastrowid or 0)
            self._db.executemany(
                "INSERT INTO chunk_items VALUES (?, ?, ?)",
                ((number, place, item.item) for place, item in enumerate(items)),
            )
            self._forget(items)
        if repeated:
            self.tally.in_flight += sum(item.rows for item in items)
        return number

    def replan_held(self, size: int) -> int:
        """Plan rows again that waited for an earlier row of their customer, once that row's outcome is known.

        How many items that were, in chunks of `size`. A row that waits for one of them comes with the next call.
        """
        items = self.released()
        with self.commit():
            for start in range(0, len(items), size):
                part = items[start : start + size]
                self.add_chunk("held", self.chunk(1), part, repeated=False, generation=0)
        return len(items)

    def hold_back(self, chunk: Chunk, held: Sequence[Settled], now_ms: int) -> Chunk:
        """Take items out of a planned chunk, because they have to wait, with the outcome they have meanwhile.

        The chunk as it is now: `finished` when nothing is left in it.
        """
        with self.commit():
            self._db.executemany(
                "DELETE FROM chunk_items WHERE chunk = ? AND item = ?", ((chunk.chunk, one.item) for one in held)
            )
            self._db.execute(
                "UPDATE chunks SET (items, rows) = (SELECT count(*), coalesce(sum(items.rows), 0) FROM chunk_items "
                "JOIN items USING (item) WHERE chunk_items.chunk = chunks.chunk) WHERE chunk = ?",
                (chunk.chunk,),
            )
            self.settle(held)
            left = self.chunk(chunk.chunk)
            if not left.items:
                self._move(chunk.chunk, ChunkState.PLANNED, ChunkState.FINISHED, finished_at=now_ms)
        if chunk.repeated:
            self.tally.in_flight -= chunk.rows - left.rows
        return self.chunk(chunk.chunk)

    def keep_job(self, job: str, chunk: int, word: str, now_ms: int, counts: tuple[int | None, ...]) -> None:
        """What a job said when it was judged."""
        self._db.execute(
            "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?)", (job, chunk, word, now_ms, *counts)
        )

    def _forget(self, items: Sequence[Item]) -> int:
        """Take back outcomes that a new try will decide; how many rows had one."""
        before = self._rows_by_outcome(item.item for item in items)
        if before:
            known = numbers(item.item for item in items)
            self._db.execute("DELETE FROM outcomes WHERE item IN (SELECT value FROM json_each(?))", (known,))
            self.tally.settle(before, {})
        return sum(before.values())

    def _move(self, chunk: int, before: ChunkState, after: ChunkState, **values: object) -> None:
        """Compare and set: a chunk that is not where it is thought to be is a fault, and nothing may be sent."""
        names = "".join(f", {name} = ?" for name in values)
        cursor = self._db.execute(
            f"UPDATE chunks SET state = ?{names} WHERE chunk = ? AND state = ?",
            (after.value, *values.values(), chunk, before.value),
        )
        if cursor.rowcount != 1:
            raise AssertionError(f"chunk {chunk} is not {before.value}")


def _outcome_row(one: Settled) -> tuple[object, ...]:
    returned = None if one.returned is None else exact_json(one.returned)
    return one.item, one.outcome.value, one.code, one.message, one.evidence, one.job, returned
