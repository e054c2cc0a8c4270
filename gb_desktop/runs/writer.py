"""Writes to a run file in a thread of its own: SQLite lets the interpreter go while it works, so both go on."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from itertools import chain

MOST_VARIABLES = 32_000  # of one statement; SQLite takes 32,766
_MOST_WAITING = 3


class Writer:
    """Does what it is given one after the other. While it is not settled, nobody else may use its connection."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[object]] = deque()

    def do(self, work: Callable[[], object]) -> None:
        """Do this later. Waits while too much is waiting; raises what earlier work raised."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._waiting.append(self._thread.submit(work))
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft().result()

    def settle(self) -> None:
        """Wait until everything is done; raises what failed."""
        while self._waiting:
            self._waiting.popleft().result()

    def drop(self) -> None:
        """Wait until nothing is under way, whatever became of it, and end the thread."""
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)
        self._thread = None
        self._waiting.clear()


def insert(connection: sqlite3.Connection, into: str, columns: int, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows, as many with one statement as it takes: half the work of one at a time.

    into: the table with its columns, such as `rows (row, cells)`.
    """
    most = MOST_VARIABLES // columns
    whole = len(rows) - len(rows) % most if len(rows) >= most else 0
    for start in range(0, whole, most):
        connection.execute(_statement(into, columns, most), list(chain.from_iterable(rows[start : start + most])))
    rest = rows[whole:] if whole else rows
    if len(rest) >= _WORTH:
        connection.execute(_statement(into, columns, len(rest)), list(chain.from_iterable(rest)))
    elif rest:
        connection.executemany(_statement(into, columns, 1), rest)


_WORTH = 500  # rows from which a statement for just so many pays


@lru_cache(maxsize=32)
def _statement(into: str, columns: int, rows: int) -> str:
    one = f"({','.join('?' * columns)})"
    return f"INSERT INTO {into} VALUES {','.join([one] * rows)}"
