"""The engine's two clocks, injected so that tests can own time."""

from __future__ import annotations

import time
from typing import Protocol

ASLEEP = 120.0  # seconds between two looks at the clocks that only a sleeping computer lets pass


class Clock(Protocol):
    def monotonic(self) -> float:
        """Seconds that never go back."""

    def now_ms(self) -> int:
        """UTC, milliseconds since the epoch."""


class SystemClock:
    """The computer's own."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


class Wakes:
    """How often the computer woke up. Somebody must look often: a long gap between two looks was a sleep.

    By both clocks: on some systems the monotonic one stands still meanwhile.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = 0
        self._last = self._now()

    def count(self) -> int:
        """Look at the clocks; how many sleeps were found so far."""
        now = self._now()
        if any(after - before > ASLEEP for before, after in zip(self._last, now, strict=True)):
            self._count += 1
        self._last = now
        return self._count

    def _now(self) -> tuple[float, float]:
        return self._clock.monotonic(), self._clock.now_ms() / 1000
