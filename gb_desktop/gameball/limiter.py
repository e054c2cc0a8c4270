"""One account's share of Gameball's rate limits, over all its requests together."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

Windows = tuple[tuple[int, float], ...]
Wait = Callable[[float], bool]
"""Wait that many seconds or less; True when something asked to stop waiting for good."""

WINDOWS = ((30, 1.0), (360, 30.0))
PAUSE_AFTER_429 = 5.0  # Gameball documents no Retry-After; within 30 s every window is empty again


def plain_wait(seconds: float) -> bool:
    """Wait without anything that could interrupt."""
    threading.Event().wait(seconds)
    return False


class Memory(Protocol):
    """What other processes did, and what they are to know of this one."""

    def note(self) -> None:
        """A request goes now."""

    def ages(self) -> Sequence[float]:
        """Seconds since each of the last requests of other processes."""


class Limiter:
    """Grants requests so that no window of the past ever holds more than its share. Thread-safe.

    `windows` are (requests, seconds). `clock` is monotonic seconds. `on_pause` hears, from the thread that met the
    429, how many seconds everybody now waits. `memory`: where requests of other processes are found, by `recall`, and
    those of this one noted. Source: the API page, "Rate limits".
    """

    def __init__(
        self,
        clock: Callable[[], float],
        windows: Windows = WINDOWS,
        wait: Wait = plain_wait,
        on_pause: Callable[[float], None] | None = None,
        memory: Memory | None = None,
    ) -> None:
        self._clock = clock
        self._windows = windows
        self._wait = wait
        self._on_pause = on_pause
        self._memory = memory
        self._lock = threading.Lock()
        self._own: deque[float] = deque(maxlen=max(count for count, _ in windows))
        self._granted = deque(self._own, self._own.maxlen)  # with those of other processes, in order
        self._paused_until = float("-inf")

    def set_windows(self, windows: Windows) -> None:
        """Other shares from now on; what was granted before still counts."""
        with self._lock:
            self._windows = windows
            most = max(count for count, _ in windows)
            self._own, self._granted = deque(self._own, most), deque(self._granted, most)

    def recall(self) -> None:
        """Count what other processes sent too, as it is now."""
        if self._memory is None:
            return
        ages = self._memory.ages()
        with self._lock:
            now = self._clock()
            self._granted = deque(sorted([*self._own, *(now - age for age in ages)]), self._own.maxlen)

    @property
    def paused_until(self) -> float:
        """The moment, by the clock, before which nothing is granted because of a 429; minus infinity for never."""
        with self._lock:
            return self._paused_until

    def acquire(self, wait: Wait | None = None) -> bool:
        """Wait for a turn and take it. False: the wait was interrupted and no turn was taken."""
        waiting = wait or self._wait
        while (delay := self._take()) > 0:
            if waiting(delay):
                return False
        return True

    def slow_down(self, seconds: float | None = None) -> float:
        """Grant nothing for `seconds` (5 when the server named no time). A shorter call never shortens a pause.

        The seconds that everybody now waits.
        """
        pause = PAUSE_AFTER_429 if seconds is None else seconds
        with self._lock:
            now = self._clock()
            self._paused_until = max(self._paused_until, now + pause)
            left = self._paused_until - now
        if self._on_pause:
            self._on_pause(pause)
        return left

    def _take(self) -> float:
        """Take a turn and return 0, or return the seconds until one may be free."""
        with self._lock:
            now = self._clock()
            free = max(self._paused_until, *(self._free_at(count, span) for count, span in self._windows))
            if free <= now:
                self._own.append(now)
                self._granted.append(now)
                if self._memory is not None:
                    self._memory.note()
            return max(0.0, free - now)

    def _free_at(self, count: int, span: float) -> float:
        """When the window of `count` grants in `span` seconds takes one more."""
        if len(self._granted) < count:
            return float("-inf")
        return self._granted[-count] + span
