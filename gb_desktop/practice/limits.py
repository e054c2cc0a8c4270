"""The documented rate limits, as sliding windows. Source: the batch API's page, "Rate limits"."""

from __future__ import annotations

from collections import deque
from threading import Lock

# The batch API as a whole counts as the page's "others": its strictest reading.
_WINDOWS = ((1.0, 30), (30.0, 360))  # (seconds, requests)


class Limits:
    """Counts the requests of each (account, resource). Thread-safe."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], deque[float]] = {}
        self._lock = Lock()

    def admits(self, account: str, resource: str, at: float, scale: float) -> bool:
        """Count a request at `at` (seconds) unless one more is over a limit times `scale`; 0 is no limit."""
        if not scale:
            return True
        with self._lock:
            seen = self._seen.setdefault((account, resource), deque())
            while seen and seen[0] <= at - _WINDOWS[-1][0]:
                seen.popleft()
            for seconds, most in _WINDOWS:
                allowed = int(most * scale)
                if len(seen) >= allowed and (not allowed or seen[-allowed] > at - seconds):
                    return False
            seen.append(at)
            return True
