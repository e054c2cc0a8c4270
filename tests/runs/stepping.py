"""Time and threads in the test's hands: a clock that jumps, a pool that works when asked, and deaths at any commit."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import Empty
from typing import Any

from gb_desktop.runs.journal import Journal

MOST_JUMPS = 5_000  # waits of one test: beyond that the engine is waiting for nothing


class Killed(BaseException):
    """The process dies here."""


class JumpingClock:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.jumps = 0

    def monotonic(self) -> float:
        return self.at

    def now_ms(self) -> int:
        return int(self.at * 1000)


class Pool:
    """Keeps work until the engine waits for it; `newest_first` turns the order round."""

    def __init__(self) -> None:
        self.pending: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self.newest_first = False

    def submit(self, work: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        self.pending.append((future, work))
        return future

    def work(self) -> None:
        future, work = self.pending.pop() if self.newest_first else self.pending.popleft()
        future.set_result(work())

    def shutdown(self, wait: bool = True, cancel_futures: bool = False) -> None:
        """What was under way stays: its bytes may have left already."""


class Inbox:
    """The engine's inbox. Waiting on it lets the pool work, or else the clock jump."""

    def __init__(self, pool: Pool, clock: JumpingClock) -> None:
        self._messages: deque[Any] = deque()
        self._pool = pool
        self._clock = clock

    def put(self, message: Any) -> None:
        self._messages.append(message)

    def empty(self) -> bool:
        return not self._messages

    def get_nowait(self) -> Any:
        if not self._messages:
            raise Empty
        return self._messages.popleft()

    def get(self, timeout: float) -> Any:
        if not self._messages and self._pool.pending:
            self._pool.work()
        if not self._messages:
            self._clock.at += max(timeout, 0.001)
            self._clock.jumps += 1
            assert self._clock.jumps < MOST_JUMPS, "the engine waits for ever"
        return self.get_nowait()


class MortalJournal(Journal):
    """A journal whose process dies before or after the n-th transaction from now."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self.dies_in: int | None = None
        self.before = True

    @contextmanager
    def commit(self) -> Iterator[None]:
        if self._db.in_transaction:
            with super().commit():
                yield
            return
        last = self.dies_in == 0
        if self.dies_in is not None:
            self.dies_in -= 1
        with super().commit():
            yield
            if last and self.before:
                raise Killed
        if last and not self.before:
            raise Killed
