"""Measures how long the GUI thread was ever kept from its event loop."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Slot

BEAT_MS = 5


class Heartbeat(QObject):
    """A timer that should beat every five milliseconds; `longest` is the longest gap between two beats, in seconds.

    Use it as a context manager around what must not freeze the window.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    @property
    def longest(self) -> float:
        """The longest stall in seconds; 0 before the first beat."""
        return max(self.gaps, default=0.0)

    def __enter__(self) -> Heartbeat:
        self.gaps.clear()
        self._last = perf_counter()
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._beat()
        self._timer.stop()

    @Slot()
    def _beat(self) -> None:
        now = perf_counter()
        self.gaps.append(now - self._last)
        self._last = now
