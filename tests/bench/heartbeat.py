"""Measures how long the GUI thread was ever kept from its event loop, and what it did meanwhile."""

from __future__ import annotations

import sys
import threading
import traceback
from time import perf_counter, thread_time

from PySide6.QtCore import QObject, Qt, QTimer, Slot

BEAT_MS = 5
LONG = 0.05  # seconds without a beat before the watcher writes down what the GUI thread does
_GLANCE = 0.01


class Heartbeat(QObject):
    """A timer that should beat every five milliseconds; `longest` is the longest gap between two beats, in seconds.

    On a machine that is busy with other things gaps grow by waiting for the processor; `work` holds the processor time
    that the GUI thread itself spent between two beats, which other programs disturb least.

    Use it as a context manager around what must not freeze the window.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.gaps: list[float] = []
        self.work: list[float] = []
        self._spent = 0.0
        self.last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    @property
    def longest(self) -> float:
        """The longest stall in seconds; 0 before the first beat."""
        return max(self.gaps, default=0.0)

    def share(self, part: float) -> float:
        """The gap in seconds that `part` (0 to 1) of all gaps don't pass: 0.99 for the 99th percentile."""
        ordered = sorted(self.gaps)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

    def __enter__(self) -> Heartbeat:
        self.gaps.clear()
        self.work.clear()
        self.last = perf_counter()
        self._spent = thread_time()
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._beat()
        self._timer.stop()

    @Slot()
    def _beat(self) -> None:
        now, spent = perf_counter(), thread_time()
        self.gaps.append(now - self.last)
        self.work.append(spent - self._spent)
        self.last, self._spent = now, spent


class Watcher:
    """Looks from a thread of its own at a heartbeat; `seen` holds (seconds without a beat, the GUI thread's stack)."""

    def __init__(self, heart: Heartbeat) -> None:
        self.seen: list[tuple[float, str]] = []
        self._heart = heart
        self._watched = threading.get_ident()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        noted = 0.0
        while not self._over.wait(_GLANCE):
            beat = self._heart.last
            late = perf_counter() - beat
            if late > LONG and beat != noted:
                noted = beat
                self.seen.append((late, self._stack()))

    def _stack(self) -> str:
        """The GUI thread's innermost calls. Its frames are let go at once: a painter in one must not outlive it."""
        frame = sys._current_frames().get(self._watched)
        return "".join(traceback.format_stack(frame)[-9:])
