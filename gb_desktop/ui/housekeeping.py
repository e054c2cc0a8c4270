"""Python's garbage collector, kept on the GUI thread."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot


class GarbageTimer(QObject):
    """Collects Python's reference cycles on the GUI thread only.

    The automatic collector runs in whichever thread allocates, and would destroy Qt objects off their thread.
    """

    def __init__(self, parent: QObject | None = None, every_ms: int = 1000) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(every_ms)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        """Collect nothing any more. The automatic collector stays off: what is left may hold Qt objects."""
        self._timer.stop()

    @Slot()
    def _collect(self) -> None:
        young, middle, old = gc.get_count()
        thresholds = gc.get_threshold()
        if old > thresholds[2]:
            gc.collect()
        elif middle > thresholds[1]:
            gc.collect(1)
        elif young > thresholds[0]:
            gc.collect(0)
