"""The run file while it is a draft: staged rows, what checking found, and the view a grid pages through."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

from gb_desktop.checking.model import ItemDraft, Problem, RowResult, RowState, Severity, StagedBatch, StagedRow
from gb_desktop.runs import repeats, schema
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.staged import batches
from gb_desktop.runs.writer import Writer, insert
from gb_desktop.workbook.cells import decode_row, encode_row
from gb_desktop.workbook.model import Row, RowFlag

STATE_NUMBER = {RowState.READY: 0, RowState.ERROR: 1, RowState.EXCLUDED: 2}
STATES = (RowState.READY, RowState.ERROR, RowState.EXCLUDED)
SEVERITY_NUMBER = {Severity.ERROR: 0, Severity.WARNING: 1}
SEVERITIES = (Severity.ERROR, Severity.WARNING)
FLAGS = {flag.value: flag for flag in RowFlag}
FLAG_WORD = {flag: flag.value for flag in RowFlag}
BATCH = 5_000
STAGED = 10_000  # rows of one statement

CHECKED = ("checked", "problems", "items", "blocked_items", "lines")  # what a check fills
PARTNER_KEYS = ("ident", "lower(ident)", "time", "content", "customer")
PARTNER_INDEXES = tuple(
    (f"{table}_by_{key.strip('()').replace('(', '_')}", table, key)
    for table in ("items", "blocked_items")
    for key in PARTNER_KEYS
)


class RunStore:
    """One run file, open for writing by its draft's owner. Implements `checking.model.CheckStore`."""

    _fingerprints: repeats.Fingerprints | None = None  # of the items of a check while it is under way

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._path = Path(connection.execute("PRAGMA database_list").fetchone()[2])
        self._writer = Writer()
        self._beside: sqlite3.Connection | None = None  # reads the rows while the writer writes what a check finds
        self.meta = Meta(connection)
        self.connection.execute("PRAGMA synchronous = NORMAL")  # a draft can be staged again; sending uses FULL

    @classmethod
    def open(cls, path: Path) -> RunStore:
        return cls(schema.open_to_write(path))

    def close(self) -> None:
        self.abandon_check()
        self.connection.close()

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

    # Staging

    def stage(self, rows: Iterable[Row]) -> int:
        """Replace the staged rows; the number of rows. Edits and everything found before are forgotten."""
        with self.transaction():
            for table in ("rows", "left_out", "steps", "edits", "shown", *CHECKED):
                self.connection.execute(f"DELETE FROM {table}")
            self.connection.execute("DROP INDEX IF EXISTS rows_by_number")
            remaining = iter(rows)
            while batch := list(islice(remaining, STAGED)):
                prepared = [(number, encode_row(values), FLAG_WORD[flag]) for number, values, flag in batch]
                self._writer.do(partial(insert, self.connection, "rows (row, cells, flag)", 3, prepared))
            self._writer.settle()
            self.connection.execute("CREATE UNIQUE INDEX rows_by_number ON rows (row)")
            return int(self.connection.execute("SELECT count(*) FROM rows").fetchone()[0])

    def staged_rows(self) -> Iterator[StagedRow]:
        return (row for batch in self.staged_batches() for row in batch.rows())

    def staged_batches(self) -> Iterator[StagedBatch]:
        return batches(self._beside or self.connection)

    def rows_numbered(self, numbers: Sequence[int], span: int = 400) -> Iterator[StagedRow]:
        """Rows by their numbers in the sheet, in order, a few hundred a query."""
        left_out = {row for (row,) in self.connection.execute("SELECT row FROM left_out")}
        for start in range(0, len(numbers), span):
            part = numbers[start : start + span]
            marks = ",".join("?" * len(part))
            query = f"SELECT row, cells, flag FROM rows WHERE row IN ({marks}) ORDER BY row"
            for row, cells, flag in self.connection.execute(query, part):
                yield StagedRow(row, decode_row(cells), FLAGS[flag], row in left_out)

    # Checking

    def begin_check(self, asked: Collection[str]) -> None:
        self.abandon_check()  # one that was broken off, to be begun again
        self._beside = schema.open_to_read(self._path)
        self.connection.execute("BEGIN IMMEDIATE")
        self._fingerprints = repeats.Fingerprints(asked)
        for table in CHECKED:
            self.connection.execute(f"DELETE FROM {table}")
        for index in ("problems_by_row", "problems_by_cause", *(name for name, _, _ in PARTNER_INDEXES)):
            self.connection.execute(f"DROP INDEX IF EXISTS {index}")  # inserts are faster without

    def abandon_check(self) -> None:
        """Undo what an unfinished check has written."""
        self._end_check()
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def _end_check(self) -> None:
        self._fingerprints = None
        self._writer.drop()
        if self._beside is not None:
            self._beside.close()
            self._beside = None

    def settle(self) -> None:
        """Wait until everything that was added is written; nobody else may use the connection before."""
        self._writer.settle()

    def add_results(self, results: Iterable[RowResult]) -> None:
        if self._fingerprints is None:  # a few rows again, by whoever looks at them right after
            self._add_results(list(results))
        else:
            self._writer.do(partial(self._add_results, list(results)))

    def _add_results(self, results: Sequence[RowResult]) -> None:
        items = [r.item for r in results if r.item is not None]
        self._add_items(items)
        numbers = [r.row for r in results]
        if items and len(items) == len(results) == max(numbers) - min(numbers) + 1:  # by far the commonest
            own = "INSERT INTO checked SELECT item, 0, item, NULL FROM items WHERE item BETWEEN ? AND ?"
            self.connection.execute(own, (min(numbers), max(numbers)))
        else:
            states = [
                (r.row, STATE_NUMBER[r.state], r.item.item if r.item else r.item_number, r.reason or None)
                for r in results
            ]
            insert(self.connection, "checked", 4, states)
        self._insert_problems(problem for r in results for problem in r.problems)

    def _add_items(self, items: Sequence[ItemDraft]) -> None:
        if self._fingerprints is not None:
            self._fingerprints.add(items)
        insert(self.connection, "items (item, customer, ident, time, amount, content, body)", 7, items)

    def _insert_problems(self, problems: Iterable[Problem]) -> None:
        self.connection.executemany(
            "INSERT INTO problems (row, field, col, code, severity, message) VALUES (?, ?, ?, ?, ?, ?)",
            [(p.row, p.field, p.column, p.code, SEVERITY_NUMBER[p.severity], p.message) for p in problems],
        )

    def add_problems(self, problems: Iterable[Problem]) -> None:
        remaining = iter(problems)
        self._writer.settle()
        while batch := list(islice(remaining, BATCH)):
            self._insert_problems(batch)
            wrong = [(p.row,) for p in batch if p.severity is Severity.ERROR and p.row]
            self.connection.executemany("UPDATE checked SET state = 1, item = NULL WHERE row = ? AND state = 0", wrong)
            self._move_items("items", "blocked_items", wrong)

    def unblock_items(self, rows: Iterable[int]) -> None:
        """Make items ready again whose refusal by a rule across rows no longer holds."""
        numbers = [(row,) for row in rows]
        blocked = [number for number in numbers if self._is_blocked(number)]
        self._move_items("blocked_items", "items", blocked)
        self.connection.executemany("UPDATE checked SET state = 0, item = row WHERE row = ?", blocked)

    def _is_blocked(self, number: tuple[int]) -> bool:
        return self.connection.execute("SELECT 1 FROM blocked_items WHERE item = ?", number).fetchone() is not None

    def _move_items(self, source: str, target: str, numbers: list[tuple[int]]) -> None:
        copy = f"INSERT OR REPLACE INTO {target} SELECT * FROM {source} WHERE item = ?"
        self.connection.executemany(copy, numbers)
        self.connection.executemany(f"DELETE FROM {source} WHERE item = ?", numbers)

    def make_partner_indexes(self) -> None:
        """Indexes that find the rows which share something with an edited one."""
        for name, table, key in PARTNER_INDEXES:
            self.connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({key})")

    def repeated(self, what: str) -> Iterator[tuple[str, list[int]]]:
        self.settle()
        return repeats.repeated(self.connection, what, self._fingerprints)

    def count_repeated(self, what: str) -> tuple[int, int]:
        self.settle()
        return self._fingerprints.counted(what) if self._fingerprints else (0, 0)

    def keep_lines(self, lines: Iterable[tuple[str, int, str]]) -> None:
        self._writer.do(partial(insert, self.connection, "lines", 3, list(lines)))

    def lines(self) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        self._writer.settle()
        self.connection.execute("CREATE INDEX IF NOT EXISTS lines_by_key ON lines (key, row)")
        keys = self.connection.execute("SELECT key FROM lines GROUP BY key ORDER BY min(row)")
        for (key,) in keys:
            found = self.connection.execute("SELECT row, reading FROM lines WHERE key = ? ORDER BY row", (key,))
            yield key, [(row, reading) for row, reading in found]
        self.connection.execute("DELETE FROM lines")

    def finish_check(self) -> None:
        self._writer.settle()
        self.connection.execute("CREATE INDEX IF NOT EXISTS problems_by_row ON problems (row)")
        self.connection.execute("CREATE INDEX IF NOT EXISTS problems_by_cause ON problems (code, field, severity, row)")
        self._count_item_rows()
        self.connection.execute("COMMIT")
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
