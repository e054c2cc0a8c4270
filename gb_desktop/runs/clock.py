"""The engine's two clocks, injected so that tests can own time."""

from __future__ import annotations

import time
from typing import Protocol


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
