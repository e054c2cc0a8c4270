"""How often what was asked, for benches and tests."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Any


class Tally:
    """Requests by label and status; status 0 stands for an answer that was withheld. Thread-safe."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, int]] = Counter()
        self._lock = Lock()

    def count(self, label: str, status: int) -> None:
        """Count one request, before its answer is sent."""
        with self._lock:
            self._counts[label, status] += 1

    def to_json(self) -> dict[str, Any]:
        """`{"total", "limited" (answered 429), "requests": [{"method", "path", "status", "count"}]}`."""
        with self._lock:
            counts = sorted(self._counts.items())
        rows = [
            {"method": label.partition(" ")[0], "path": label.partition(" ")[2], "status": status, "count": count}
            for (label, status), count in counts
        ]
        limited = sum(count for (_, status), count in counts if status == 429)
        return {"total": sum(count for _, count in counts), "limited": limited, "requests": rows}
