"""How fast a run goes and how long it may still take. Knows no Qt and no clock: it is told the time."""

from __future__ import annotations

from collections import deque

WINDOW = 30.0  # seconds that the pace is taken from
_BELIEVABLE_SECONDS = 8.0  # of observation
_BELIEVABLE_SHARE = 0.02  # of the rows done


class Pace:
    """Rows with an outcome, by the second. The time left is None until there is enough to believe it."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._began: float | None = None

    def note(self, now: float, done: int) -> None:
        """`done` rows have an outcome at `now` (seconds of any clock)."""
        if self._began is None:
            self._began = now
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= WINDOW:
            self._seen.popleft()

    def per_minute(self) -> int | None:
        """Rows a minute over the last half minute, None while nothing can be said."""
        if len(self._seen) < 2:
            return None
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        return round((after - before) * 60 / (last - first)) if last - first >= 1.0 else None

    def seconds_left(self, rows: int) -> float | None:
        """Seconds for the rest of `rows`, or None until the pace is believable."""
        rate = self.per_minute()
        if not rate or self._began is None or not rows:
            return None
        now, done = self._seen[-1]
        if now - self._began < _BELIEVABLE_SECONDS or done < rows * _BELIEVABLE_SHARE:
            return None
        return max(0.0, (rows - done) * 60 / rate)
