"""The run file while it is a draft: staged rows, what checking found, and the view a grid pages through."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice, repeat
from pathlib import Path

from gb_desktop.checking.checked import Checked, CheckFacts, Part, ReadyRows
from gb_desktop.checking.model import Problem, RowResult, RowState, Severity, StagedBatch, StagedRow
from gb_desktop.runs import indexes, repeats, schema
from gb_desktop.runs.checkpoint import Checkpoints
from gb_desktop.runs.crew import checked_together, helpers
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import RunState
from gb_desktop.runs.remembered import Remembered
from gb_desktop.runs.staged import Staged, numbered
from gb_desktop.runs.staging import writes
from gb_desktop.runs.writer import Writer, insert
from gb_desktop.workbook.model import Row, RowFlag

STATE_NUMBER = {RowState.READY: 0, RowState.ERROR: 1, RowState.EXCLUDED: 2}
STATES = (RowState.READY, RowState.ERROR, RowState.EXCLUDED)
SEVERITY_NUMBER = {Severity.ERROR: 0, Severity.WARNING: 1}
SEVERITIES = (Severity.ERROR, Severity.WARNING)
FLAGS = {flag.value: flag for flag in RowFlag}
ROW_INDEXES = (
    "CREATE UNIQUE INDEX IF NOT EXISTS rows_by_number ON rows (row)",
    "CREATE INDEX IF NOT EXISTS hidden_rows ON rows (row) WHERE flag = 'hidden'",
)
BATCH = 5_000
STAGED = 10_000  # rows of one statement
VERY_MANY = 10_000  # rows of a change
ROOM = 256 * 1024  # KiB of the file

ITEMS = "items (item, customer, ident, time, amount, content, body)"  # in the order of ItemDraft
CHECKED = ("checked", "problems", "items", "blocked_items", "lines")  # what a check fills
OLD_INDEXES = tuple(  # of drafts that an earlier version of the app checked
    f"{table}_by_{key}"
    for table in ("items", "blocked_items")
    for key in ("ident", "lower_ident", "time", "content", "customer")
)


class RunStore:
    """One run file, open for writing by its draft's owner. Implements `checking.storage.CheckStore`."""

    remembered: Remembered | None = None  # of the last check, while indexes are missing
    _fingerprints: repeats.Fingerprints | None = None  # of the items of a check while it is under way
    _roomy = False
    _held = False  # inside `held`: a check neither begins nor ends the transaction

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._path = Path(connection.execute("PRAGMA database_list").fetchone()[2])
        self._writer = Writer()
        self._checkpoints: Checkpoints | None = None
        self._beside: sqlite3.Connection | None = None  # reads the rows while the writer writes what a check finds
        self.meta = Meta(connection)
        self.connection.execute("PRAGMA synchronous = NORMAL")  # a draft can be staged again; sending uses FULL

    @classmethod
    def open(cls, path: Path) -> RunStore:
        store = cls(schema.open_to_write(path))
        store._checkpoints = Checkpoints(store.connection, path)
        return store

    def close(self) -> None:
        self.abandon_check()
        if self._checkpoints is not None:
            self._checkpoints.close()
        self.connection.close()

    def use_the_time(self) -> None:
        """Nobody waits: begin what makes the file smaller or quicker, use less memory. Returns at once."""
        self._give_room_back()
        if self._checkpoints is not None:
            self._checkpoints.begin()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed together, or not at all. Inside another one it simply belongs to that."""
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def make_room(self, rows: int) -> None:
        """Keep more of the file in memory if very many rows change: what they touch is read and written once."""
        if rows > VERY_MANY and not self._roomy:
            self._roomy = True
            self.connection.execute(f"PRAGMA cache_size = -{ROOM}")

    def _give_room_back(self) -> None:
        if self._roomy:
            self._roomy = False
            self.connection.execute(f"PRAGMA cache_size = -{schema.CACHE}")
            self.connection.execute("PRAGMA shrink_memory")

    @contextmanager
    def held(self, *, keep: bool) -> Iterator[None]:
        """Everything inside, whole checks included, is one transaction: kept together, or (a trial) taken back."""
        before, done = self.remembered, False
        try:
            with self.transaction():
                self.connection.execute("SAVEPOINT held")
                self._held = True
                try:
                    yield
                finally:
                    self._held = False
                if not keep:
                    self.connection.execute("ROLLBACK TO held")
            done = keep
        finally:
            if not done:
                self.remembered = before

    def forget_check(self) -> None:
        """What the last check found no longer holds."""
        self.meta.update(summary=None, review=None)
        self.unplan()

    def unplan(self) -> None:
        """Items will change: a run that was prepared from them is a draft again, and sends nothing of its old plan."""
        if self.meta.state() is RunState.READY:
            self.meta.set("state", RunState.DRAFT.value)

    # Staging

    def stage(self, rows: Iterable[Row]) -> int:
        """Replace the staged rows; the number of rows. Edits and everything found before are forgotten."""
        self.remembered = None
        with self.transaction():
            for table in ("rows", "left_out", "steps", "edits", "shown", *CHECKED):
                self.connection.execute(f"DELETE FROM {table}")
            self.unplan()
            for index in ROW_INDEXES:
                self.connection.execute(index)
            self._insert_rows(iter(rows))
            self.meta.set("changed", 0)
            return int(self.connection.execute("SELECT count(*) FROM rows").fetchone()[0])

    def _insert_rows(self, rows: Iterator[Row]) -> None:
        try:
            while batch := list(islice(rows, STAGED)):
                for write in writes(self.connection, batch):
                    self._writer.do(write)
            self._writer.settle()
        finally:
            self._writer.drop()  # after a fault in the rows nothing may write while the transaction is taken back

    def staged_rows(self) -> Iterator[StagedRow]:
        return (row for batch in self.staged_batches() for row in batch.rows())

    def staged_batches(self) -> Iterator[StagedBatch]:
        return Staged(self._beside or self.connection).batches()

    def checked_batches(
        self, check: Callable[[StagedBatch], Checked], alone: CheckFacts | None
    ) -> Generator[Checked, None, None]:
        staged = Staged(self._beside or self.connection)
        spans = staged.spans()
        processes = helpers(len(spans)) if alone and self._beside is not None else 0  # they see what is committed
        if alone and processes:
            yield from checked_together(self._path, alone, spans, lambda span: check(staged.batch(span)), processes)
        else:
            yield from map(check, staged.batches())

    def batches_numbered(self, numbers: Sequence[int]) -> Iterator[StagedBatch]:
        """Rows by their numbers in the sheet, in order; those that aren't there are missing."""
        return numbered(self._beside or self.connection, numbers)

    def rows_numbered(self, numbers: Sequence[int]) -> Iterator[StagedRow]:
        """The same rows one by one."""
        return (row for batch in self.batches_numbered(numbers) for row in batch.rows())

    # Checking

    def begin_check(self, asked: Collection[str]) -> None:
        if not self._held:
            self.abandon_check()  # one that was broken off, to be begun again
            self._beside = schema.open_to_read(self._path)
            self.connection.execute("BEGIN IMMEDIATE")
        self.remembered = None
        self.unplan()
        self._fingerprints = repeats.Fingerprints(asked)
        for table in CHECKED:
            self.connection.execute(f"DELETE FROM {table}")
        for index in ("problems_by_row", "problems_by_cause", "lines_by_key", *indexes.INDEXES, *OLD_INDEXES):
            self.connection.execute(f"DROP INDEX IF EXISTS {index}")  # inserts are faster without

    def abandon_check(self) -> None:
        """Undo what an unfinished check has written."""
        self._end_check()
        if self.connection.in_transaction and not self._held:
            self.connection.execute("ROLLBACK")

    def _end_check(self) -> None:
        self._fingerprints = None
        self._writer.drop()
        if self._beside is not None:
            self._beside.close()
            self._beside = None

    @contextmanager
    def reading_beside(self) -> Iterator[None]:
        """Inside, rows are read by another connection, and results written in a thread of their own meanwhile.

        What is read must be committed.
        """
        self._beside = schema.open_to_read(self._path)
        try:
            yield
            self._writer.settle()
        finally:
            self._end_check()

    def settle(self) -> None:
        """Wait until everything that was added is written; nobody else may use the connection before."""
        self._writer.settle()

    def add_results(self, results: Iterable[RowResult]) -> None:
        """Store results one by one."""
        self.add_parts([list(results)])

    def add_parts(self, parts: Sequence[Part]) -> None:
        self._write(partial(self._add_parts, parts))

    def _write(self, work: Callable[[], None]) -> None:
        """Do this in the writer's thread while the rows are read by another connection, else at once."""
        if self._beside is None:
            work()
        else:
            self._writer.do(work)

    def _add_parts(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if isinstance(part, ReadyRows):
                self._add_ready(part)
            else:
                self._add_results(part)

    def _add_ready(self, rows: ReadyRows) -> None:
        if self._fingerprints is not None:
            self._fingerprints.add_rows(rows)
        insert(self.connection, ITEMS, 7, list(rows.values()))
        own = "INSERT INTO checked SELECT item, 0, item, NULL FROM items WHERE item BETWEEN ? AND ?"
        numbers = rows.numbers
        if numbers[-1] - numbers[0] + 1 == len(numbers):
            self.connection.execute(own, (numbers[0], numbers[-1]))
        else:
            insert(self.connection, "checked", 4, list(zip(numbers, repeat(0), numbers, repeat(None), strict=False)))

    def _add_results(self, results: Sequence[RowResult]) -> None:
        items = [r.item for r in results if r.item is not None]
        if self._fingerprints is not None:
            self._fingerprints.add(items)
            self._fingerprints.join((r.row, r.item_number) for r in results if r.item is None and r.item_number)
        insert(self.connection, ITEMS, 7, items)
        states = [
            (r.row, STATE_NUMBER[r.state], r.item.item if r.item else r.item_number, r.reason or None) for r in results
        ]
        insert(self.connection, "checked", 4, states)
        self.insert_problems(problem for r in results for problem in r.problems)

    def insert_problems(self, problems: Iterable[Problem]) -> None:
        """Add problems and leave the rows' states alone."""
        self.connection.executemany(
            "INSERT INTO problems (row, field, col, code, severity, message) VALUES (?, ?, ?, ?, ?, ?)",
            [(p.row, p.field, p.column, p.code, SEVERITY_NUMBER[p.severity], p.message) for p in problems],
        )

    def add_problems(self, problems: Iterable[Problem]) -> None:
        remaining = iter(problems)
        self._writer.settle()
        while batch := list(islice(remaining, BATCH)):
            self.insert_problems(batch)
            wrong = [(p.row,) for p in batch if p.severity is Severity.ERROR and p.row]
            self.connection.executemany("UPDATE checked SET state = 1, item = NULL WHERE row = ? AND state = 0", wrong)
            self._move_items("items", "blocked_items", wrong)

    def _move_items(self, source: str, target: str, numbers: list[tuple[int]]) -> None:
        copy = f"INSERT OR REPLACE INTO {target} SELECT * FROM {source} WHERE item = ?"
        self.connection.executemany(copy, numbers)
        self.connection.executemany(f"DELETE FROM {source} WHERE item = ?", numbers)

    def repeated(self, what: str) -> Iterator[tuple[str, list[int]]]:
        self.settle()
        return repeats.repeated(self.connection, what, self._fingerprints)

    def count_repeated(self, what: str) -> tuple[int, int]:
        self.settle()
        return self._fingerprints.counted(what) if self._fingerprints else (0, 0)

    def keep_lines(self, lines: Iterable[tuple[str, int, str]]) -> None:
        kept = [(row, key, row, reading) for key, row, reading in lines]
        self._write(partial(insert, self.connection, "lines (rowid, key, row, reading)", 4, kept))

    def lines(self) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        self._writer.settle()
        self.connection.execute("CREATE INDEX IF NOT EXISTS lines_by_key ON lines (key, row)")
        first = "min(CASE WHEN reading <> '' THEN row END)"
        for (key,) in self.connection.execute(f"SELECT key FROM lines GROUP BY key ORDER BY {first}"):
            yield key, self.lines_of(key)

    def lines_of(self, key: str) -> list[tuple[int, str]]:
        """The readings of one key, rows in order."""
        return self.connection.execute("SELECT row, reading FROM lines WHERE key = ? ORDER BY row", (key,)).fetchall()

    def finish_check(self) -> None:
        self._writer.settle()
        self.connection.execute("CREATE INDEX IF NOT EXISTS problems_by_row ON problems (row)")
        self.connection.execute("CREATE INDEX IF NOT EXISTS problems_by_cause ON problems (code, field, severity, row)")
        self._count_item_rows()
        if not self._held:
            self.connection.execute("COMMIT")
        self.remembered = Remembered(self._fingerprints) if self._fingerprints is not None else None
        self._end_check()

    def _count_item_rows(self) -> None:
        """Let every item know how many rows it stands for; only types that join rows have more than one."""
        joined = self.connection.execute("SELECT EXISTS (SELECT 1 FROM checked WHERE item <> row)").fetchone()[0]
        if not joined:
            return
        self.connection.execute(
            "UPDATE items SET rows = counted.n FROM "
            "(SELECT item AS i, count(*) AS n FROM checked WHERE state = 0 AND item IS NOT NULL GROUP BY item) "
            "AS counted "
            "WHERE counted.i = items.item"
        )
