"""The thread of blocking calls: a serial queue, whose callbacks arrive on the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot
from shiboken6 import isValid

from gb_desktop.runs.model import Progress, Say

log = logging.getLogger(__name__)

UPDATE_MS = 100  # a screen is told news at most ten times a second

Done = Callable[[Any], None]
Failed = Callable[[Exception], None]
Report = Say


@dataclass(eq=False)
class Task:
    """One blocking call on its way: handed out by `Tasks.run` so that it can be cancelled or dropped."""

    number: int
    work: Callable[[Report], Any]
    done: Done | None
    failed: Failed | None
    progress: Report | None
    owner: QObject | None
    stop: Callable[[], None] | None
    gives_way: Callable[[], None] | None = None
    dropped: bool = False
    latest: Progress | None = field(default=None, repr=False)

    def cancel(self) -> None:
        """Ask the call to end (its `stop`); `failed` hears of it. A call that has not begun is dropped."""
        if stop := self.stop or self.gives_way:
            stop()

    def drop(self) -> None:
        """Nobody wants the result any more: no callback will be called."""
        self.dropped = True

    def report(self, progress: Progress) -> None:
        """Called by the work, in the worker's thread: a mailbox that holds the latest news only."""
        self.latest = progress


@dataclass(frozen=True, slots=True)
class _Result:
    task: Task
    value: Any = None
    error: Exception | None = None


class _Hand(QObject):
    """Lives in the worker thread and does one call after another."""

    finished = Signal(object)

    @Slot(object)
    def do(self, task: Task) -> None:
        if task.dropped:
            self.finished.emit(_Result(task))
            return
        try:
            result = _Result(task, task.work(task.report))
        except Exception as error:  # any failure belongs to the screen that asked
            log.info("task %s failed: %s", task.number, type(error).__name__, exc_info=error)
            result = _Result(task, error=error)
        self.finished.emit(result)

    @Slot()
    def end(self) -> None:
        """The last call of all: what was queued before it is done by now."""
        QThread.currentThread().quit()


class Tasks(QObject):
    """A serial queue of blocking calls on one thread. Callbacks arrive on the GUI thread.

    `owner` is the widget that asked: when it is gone, its callbacks are not called.
    """

    _asked = Signal(object)
    _ending = Signal()
    busy_changed = Signal()

    def __init__(self, name: str, unexpected: Failed, parent: QObject | None = None) -> None:
        """`unexpected` hears of failures of calls that named no `failed` of their own."""
        super().__init__(parent)
        self._unexpected = unexpected
        self._numbers = count(1)
        self._waiting: dict[int, Task] = {}
        self._thread = QThread()
        self._thread.setObjectName(name)
        self._hand = _Hand()
        self._hand.moveToThread(self._thread)
        self._asked.connect(self._hand.do, Qt.ConnectionType.QueuedConnection)
        self._ending.connect(self._hand.end, Qt.ConnectionType.QueuedConnection)
        self._hand.finished.connect(self._finished, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(UPDATE_MS)
        self._timer.timeout.connect(self._tell)
        self._thread.start()

    @property
    def busy(self) -> bool:
        return bool(self._waiting)

    def run(
        self,
        work: Callable[[], Any],
        done: Done | None = None,
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
        stop: Callable[[], None] | None = None,
    ) -> Task:
        """Queue a call. `done(result)` or `failed(error)` follows; `stop` is what `Task.cancel` calls."""
        return self._queue(Task(next(self._numbers), lambda _report: work(), done, failed, None, owner, stop))

    def run_reporting(
        self,
        work: Callable[[Report], Any],
        done: Done | None = None,
        failed: Failed | None = None,
        progress: Report | None = None,
        *,
        owner: QObject | None = None,
        stop: Callable[[], None] | None = None,
        gives_way: Callable[[], None] | None = None,
    ) -> Task:
        """Like `run` for a call that takes a progress function; `progress` hears at most ten times a second.

        gives_way: called when something is queued behind this call, which should end soon then.
        """
        return self._queue(Task(next(self._numbers), work, done, failed, progress, owner, stop, gives_way))

    def _queue(self, task: Task) -> Task:
        for before in self._waiting.values():
            if before.gives_way is not None:
                before.gives_way()
        self._waiting[task.number] = task
        if task.progress is not None:
            self._timer.start()
        self._asked.emit(task)
        self.busy_changed.emit()
        return task

    @Slot(object)
    def _finished(self, result: _Result) -> None:
        task = self._waiting.pop(result.task.number)
        if not any(waiting.progress for waiting in self._waiting.values()):
            self._timer.stop()
        self.busy_changed.emit()
        if task.dropped or _gone(task.owner):
            return
        if result.error is not None:
            (task.failed or self._unexpected)(result.error)
        elif task.done is not None:
            task.done(result.value)

    @Slot()
    def _tell(self) -> None:
        for task in list(self._waiting.values()):
            news, task.latest = task.latest, None
            if news is not None and task.progress is not None and not (task.dropped or _gone(task.owner)):
                task.progress(news)

    def begin_close(self, last: Callable[[], Any] | None = None) -> None:
        """Drop what waits, ask what runs to stop, do `last`, end the thread; returns at once."""
        for task in self._waiting.values():
            task.drop()
            task.cancel()
        if last is not None:
            self.run(last)
        self._ending.emit()

    def closed(self, wait_ms: int = 0) -> bool:
        """True once the thread has ended; waits at most `wait_ms` milliseconds for it."""
        return self._thread.wait(wait_ms)


def _gone(owner: QObject | None) -> bool:
    return owner is not None and not isValid(owner)
