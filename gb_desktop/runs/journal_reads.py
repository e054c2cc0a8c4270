"""What the engine asks the run file about its chunks and items."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from gb_desktop.gameball.codes import Cause, meaning
from gb_desktop.runs.model import ChunkState, Outcome


class Item(NamedTuple):
    """An item as the engine needs it: a tuple, because a request holds a thousand of them."""

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


CHUNK_COLUMNS = (
    "chunk, state, kind, layer, generation, repeated, items, rows, tries, job, sent_at, accepted_at"  # as in Chunk
)


class JournalReads:
    """The reading half of the journal."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    @property
    def connection(self) -> sqlite3.Connection:
        """For readers of the same file in the engine's own thread."""
        return self._db

    def free_idents(self) -> list[str]:
        """IDs that were sent and that Gameball certainly doesn't hold: of refused rows, and of requests never sent."""
        failed = self._db.execute(
            "SELECT ident, code, message FROM outcomes JOIN items USING (item) "
            "WHERE outcome = 'failed' AND ident IS NOT NULL"
        )
        free = [ident for ident, code, said in failed if meaning(code, said).cause is not Cause.DUPLICATE_ID]
        unsent = self._db.execute(
            "SELECT ident FROM chunks JOIN chunk_items USING (chunk) JOIN items USING (item) "
            "WHERE state = 'planned' AND repeated = 0 AND tries > 0 AND ident IS NOT NULL"
        )
        return free + [ident for (ident,) in unsent]

    def never_begun(self) -> bool:
        """Whether nothing of this plan can have left the computer: it stands as it was planned, nothing was tried, and
        the run was never entered into the ledger, which comes before the first request."""
        traces = (
            "SELECT 1 FROM attempts", "SELECT 1 FROM jobs", "SELECT 1 FROM outcomes",
            "SELECT 1 FROM meta WHERE key = 'first_sent' AND value <> 'null'",
            "SELECT 1 FROM chunks WHERE state <> 'planned' OR tries > 0 OR repeated <> 0 OR job IS NOT NULL "
            "OR sent_at IS NOT NULL",
        )  # fmt: skip
        return all(self._db.execute(f"{trace} LIMIT 1").fetchone() is None for trace in traces)

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
        return list(map(Item._make, found))

    def idents(self, chunk: int) -> list[tuple[str, int]]:
        """(ident, item) of a chunk's items that have an ident."""
        return self._db.execute(
            "SELECT ident, item FROM chunk_items JOIN items USING (item) WHERE chunk = ? AND ident > '' ORDER BY place",
            (chunk,),
        ).fetchall()

    def body(self, chunk: int) -> bytes:
        """The exact bytes of a chunk's request: the same at every try."""
        found = self._db.execute(
            "SELECT body FROM chunk_items JOIN items USING (item) WHERE chunk = ? ORDER BY place", (chunk,)
        )
        return ('{"body":[' + ",".join(body for (body,) in found) + "]}").encode()

    def held_back(self, chunk: int) -> tuple[list[int], bool]:
        """Items of a chunk that wait for an earlier row of their customer: those whose outcome is unknown, and
        whether another one is still on its way."""
        waiting = self._db.execute(
            "SELECT items.item, previous, earlier.outcome FROM chunk_items CROSS JOIN items USING (item) "
            "LEFT JOIN outcomes AS earlier ON earlier.item = previous WHERE chunk = ? AND previous IS NOT NULL "
            "AND (earlier.outcome IS NULL OR earlier.outcome IN ('unknown', 'not sent'))",
            (chunk,),
        ).fetchall()
        if not waiting:
            return [], False
        own = {item for (item,) in self._db.execute("SELECT item FROM chunk_items WHERE chunk = ?", (chunk,))}
        others = [(item, outcome) for item, previous, outcome in waiting if previous not in own]
        return [item for item, outcome in others if outcome], any(outcome is None for _, outcome in others)

    def outcome_items(self, outcome: Outcome, limit: int = 1_000_000) -> list[Item]:
        """Items with an outcome, in order."""
        found = self._db.execute(
            "SELECT item, customer, ident, time, amount, items.rows, previous FROM outcomes JOIN items USING (item) "
            "WHERE outcome = ? ORDER BY item LIMIT ?",
            (outcome.value, limit),
        )
        return list(map(Item._make, found))

    def refused_repeats(self) -> list[Item]:
        """Items whose repeat was refused because their ID exists, and that no look-up has shown yet, in order."""
        found = self._db.execute(
            "SELECT item, customer, ident, time, amount, items.rows, previous FROM outcomes JOIN items USING (item) "
            "WHERE outcome = 'already applied' AND evidence = 'repeat refused' ORDER BY item"
        )
        return [Item(*row) for row in found]

    def released(self) -> list[Item]:
        """Items held back whose customer's earlier row has a known outcome by now, in order."""
        found = self._db.execute(
            "SELECT item, customer, ident, time, amount, items.rows, previous FROM outcomes JOIN items USING (item) "
            "WHERE outcome = 'not sent' AND previous IN "
            "(SELECT item FROM outcomes WHERE outcome NOT IN ('unknown', 'not sent')) ORDER BY item"
        )
        return list(map(Item._make, found))

    def unit_chunk(self) -> Chunk | None:
        """The chunk of the one adjustment that goes alone because the unit of its amount is not known yet."""
        row = self._db.execute(f"SELECT {CHUNK_COLUMNS} FROM chunks WHERE kind = 'unit' LIMIT 1").fetchone()
        return _chunk(row) if row else None

    def outcome(self, item: int) -> Outcome | None:
        """What became of an item so far."""
        row = self._db.execute("SELECT outcome FROM outcomes WHERE item = ?", (item,)).fetchone()
        return Outcome(row[0]) if row else None

    def _rows_by_outcome(self, items: Iterable[int]) -> dict[Outcome, int]:
        """How many rows these items have with each outcome; items without one are not counted."""
        found = self._db.execute(
            "SELECT outcome, sum(items.rows) FROM json_each(?) CROSS JOIN outcomes ON outcomes.item = value "
            "JOIN items USING (item) GROUP BY outcome",
            (numbers(items),),
        )
        return {Outcome(outcome): rows for outcome, rows in found}

    def first_customer(self) -> str | None:
        """The first customer of the run, for questions that need one."""
        found = self._db.execute("SELECT customer FROM items ORDER BY item LIMIT 1").fetchone()
        return found[0] if found else None


def numbers(items: Iterable[int]) -> str:
    """Item numbers as one value for `json_each`: a list of any length, with one statement."""
    return orjson.dumps(list(items)).decode()


def _chunk(row: tuple[Any, ...]) -> Chunk:
    return Chunk(row[0], ChunkState(row[1]), row[2], row[3], row[4], bool(row[5]), *row[6:])
