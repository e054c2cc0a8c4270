"""The journal of sending: every change of a chunk's state, committed before the next step is taken."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import ChunkState, Outcome
from gb_desktop.runs.tally import Tally


@dataclass(frozen=True, slots=True)
class Item:
    """An item as the engine needs it."""

    item: int
    customer: str | None
    ident: str | None
    time: str | None
    amount: str | None
    rows: int
    previous: int | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk as it stands in the run file."""

    chunk: int
    state: ChunkState
    kind: str
    layer: int
    generation: int
    repeated: bool
    items: int
    rows: int
    tries: int
    job: str | None
    sent_at: int | None
    accepted_at: int | None


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


CHUNK_COLUMNS = (
    "chunk, state, kind, layer, generation, repeated, items, rows, tries, job, sent_at, accepted_at"  # as in Chunk
)


class Journal:
    """The sending tables of one run file, written by the engine alone."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute("PRAGMA synchronous = FULL")
        self.meta = Meta(db)
        self.tally = Tally.read(db)

    @contextmanager
    def commit(self) -> Iterator[None]:
        """One transaction on disk; nested calls belong to the outer one."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self.tally = Tally.read(self._db)
            raise
        self._db.execute("COMMIT")

    # Reading

    def chunks(self, *states: ChunkState) -> list[Chunk]:
        """Chunks in these states, in order. Meant for the few that are in flight, not for a whole plan."""
        marks = ",".join("?" * len(states))
        query = f"SELECT {CHUNK_COLUMNS} FROM chunks WHERE state IN ({marks}) ORDER BY chunk"
        return [_chunk(row) for row in self._db.execute(query, [state.value for state in states])]

    def planned_after(self, chunk: int, limit: int) -> list[Chunk]:
        """The next planned chunks after number `chunk`."""
        query = f"SELECT {CHUNK_COLUMNS} FROM chunks WHERE state = 'planned' AND chunk > ? ORDER BY chunk LIMIT ?"
        return [_chunk(row) for row in self._db.execute(query, (chunk, limit))]

    def chunk(self, number: int) -> Chunk:
        query = f"SELECT {CHUNK_COLUMNS} FROM chunks WHERE chunk = ?"
        return _chunk(self._db.execute(query, (number,)).fetchone())

    def count(self, state: ChunkState) -> int:
        return int(self._db.execute("SELECT count(*) FROM chunks WHERE state = ?", (state.value,)).fetchone()[0])

    def items(self, chunk: int) -> list[Item]:
        """The items of a chunk, in the order of the request."""
        found = self._db.execute(
            "SELECT item, customer, ident, time, amount, items.rows, previous FROM chunk_items "
            "JOIN items USING (item) WHERE chunk = ? ORDER BY place",
            (chunk,),
        )
        return [Item(*row) for row in found]

    def body(self, chunk: int) -> bytes:
        """The exact bytes of a chunk's request: the same at every try."""
        found = self._db.execute(
            "SELECT body FROM chunk_items JOIN items USING (item) WHERE chunk = ? ORDER BY place", (chunk,)
        )
        return ('{"body":[' + ",".join(body for (body,) in found) + "]}").encode()

    def held_back(self, chunk: int) -> tuple[list[int], bool]:
        """Items of a chunk that wait for an earlier row of their customer: those whose outcome is unknown, and
        whether another one is still on its way."""
        found = self._db.execute(
            "SELECT mine.item, earlier.outcome FROM chunk_items AS place JOIN items AS mine USING (item) "
            "LEFT JOIN outcomes AS earlier ON earlier.item = mine.previous "
            "WHERE place.chunk = ?1 AND mine.previous IS NOT NULL "
            "AND (earlier.outcome IS NULL OR earlier.outcome IN ('unknown', 'not sent')) AND NOT EXISTS "
            "(SELECT 1 FROM chunk_items AS same WHERE same.chunk = ?1 AND same.item = mine.previous)",
            (chunk,),
        ).fetchall()
        return [item for item, outcome in found if outcome], any(outcome is None for _, outcome in found)

    def outcome_items(self, outcome: Outcome, limit: int = 1_000_000) -> list[Item]:
        """Items with an outcome, in order."""
        found = self._db.execute(
            "SELECT item, customer, ident, time, amount, items.rows, previous FROM outcomes JOIN items USING (item) "
            "WHERE outcome = ? ORDER BY item LIMIT ?",
            (outcome.value, limit),
        )
        return [Item(*row) for row in found]

    def first_sent(self, item: int) -> int | None:
        """When an item's first request began, UTC milliseconds; None when it never was."""
        found = self._db.execute(
            "SELECT min(started_at) FROM attempts JOIN chunk_items USING (chunk) WHERE item = ?", (item,)
        ).fetchone()
        return found[0] if found else None

    def first_customer(self) -> str | None:
        """The first customer of the run, for questions that need one."""
        found = self._db.execute("SELECT customer FROM items ORDER BY item LIMIT 1").fetchone()
        return found[0] if found else None

    def has_outcomes(self, chunk: int) -> bool:
        """Whether every item of a chunk has an outcome already."""
        found = self._db.execute(
            "SELECT count(*) FROM chunk_items WHERE chunk = ? AND item NOT IN (SELECT item FROM outcomes)", (chunk,)
        ).fetchone()
        return int(found[0]) == 0

    # Writing

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
        with self.commit():
            for one in settled:
                self._settle(one)

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

    def replan_held(self) -> int:
        """Plan rows again that waited for an earlier row of their customer, once that row's outcome is known."""
        found = self._db.execute(
            "SELECT item, customer, ident, time, amount, items.rows, previous FROM outcomes JOIN items USING (item) "
            "WHERE outcome = 'not sent' AND previous NOT IN "
            "(SELECT item FROM outcomes WHERE outcome IN ('unknown', 'not sent')) ORDER BY item LIMIT 1000"
        ).fetchall()
        items = [Item(*row) for row in found]
        if items:
            parent = self.chunk(self._db.execute("SELECT min(chunk) FROM chunks").fetchone()[0])
            self.add_chunk("held", parent, items, repeated=False, generation=0)
        return len(items)

    def take_out(self, chunk: Chunk, items: Sequence[int]) -> Chunk:
        """Take items out of a planned chunk, because they have to wait; the chunk as it is now."""
        with self.commit():
            self._db.executemany(
                "DELETE FROM chunk_items WHERE chunk = ? AND item = ?", ((chunk.chunk, item) for item in items)
            )
            self._db.execute(
                "UPDATE chunks SET (items, rows) = (SELECT count(*), coalesce(sum(items.rows), 0) FROM chunk_items "
                "JOIN items USING (item) WHERE chunk_items.chunk = chunks.chunk) WHERE chunk = ?",
                (chunk.chunk,),
            )
        return self.chunk(chunk.chunk)

    def keep_job(self, job: str, chunk: int, word: str, now_ms: int, counts: tuple[int | None, ...]) -> None:
        """What a job said when it was judged."""
        self._db.execute(
            "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?)", (job, chunk, word, now_ms, *counts)
        )

    def _forget(self, items: Sequence[Item]) -> int:
        """Take back outcomes that a new try will decide; how many rows had one."""
        rows = 0
        for item in items:
            found = self._db.execute("SELECT outcome FROM outcomes WHERE item = ?", (item.item,)).fetchone()
            if found:
                self._db.execute("DELETE FROM outcomes WHERE item = ?", (item.item,))
                self.tally.by_outcome[Outcome(found[0])] -= item.rows
                rows += item.rows
        return rows

    def _settle(self, one: Settled) -> None:
        rows = self._db.execute("SELECT rows FROM items WHERE item = ?", (one.item,)).fetchone()[0]
        before = self._db.execute("SELECT outcome FROM outcomes WHERE item = ?", (one.item,)).fetchone()
        returned = None if one.returned is None else json.dumps(one.returned, ensure_ascii=False, default=str)
        self._db.execute(
            "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?)",
            (one.item, one.outcome.value, one.code, one.message, one.evidence, one.job, returned),
        )
        self.tally.settle(one.outcome, rows, Outcome(before[0]) if before else None)

    def _move(self, chunk: int, before: ChunkState, after: ChunkState, **values: object) -> None:
        """Compare and set: a chunk that is not where it is thought to be is a fault, and nothing may be sent."""
        names = "".join(f", {name} = ?" for name in values)
        cursor = self._db.execute(
            f"UPDATE chunks SET state = ?{names} WHERE chunk = ? AND state = ?",
            (after.value, *values.values(), chunk, before.value),
        )
        if cursor.rowcount != 1:
            raise AssertionError(f"chunk {chunk} is not {before.value}")


def _chunk(row: tuple[Any, ...]) -> Chunk:
    return Chunk(row[0], ChunkState(row[1]), row[2], row[3], row[4], bool(row[5]), *row[6:])
