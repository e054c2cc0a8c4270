"""The thread that drives a sending run, and what it tells the window."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from gb_desktop.runs.control import Control
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.events import ChunkAccepted, ChunkSending, Counts, Event, JobProgress, RunFinished, RunPaused
from gb_desktop.ui.workers import UPDATE_MS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """What happened in a sending run since the last news."""

    counts: Counts
    events: tuple[Event, ...] = ()  # all but the many small ones about single chunks
    chunks: frozenset[int] = frozenset()  # whose line changed


@dataclass(frozen=True, slots=True)
class Ended:
    """A sending run is over: with its last event, or with an error that kept it from starting."""

    event: RunPaused | RunFinished | None = None
    error: Exception | None = None


class _Mailbox:
    """Filled by the engine's thread, emptied by the GUI's timer; a deque's two ends are thread-safe."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()

    def put(self, event: Event) -> None:
        self._events.append(event)

    def take(self) -> list[Event]:
        return [self._events.popleft() for _ in range(len(self._events))]


class _Driver(QObject):
    """Lives in the engine's thread: makes the engine (which takes locks) and steps it to its end."""

    ready = Signal(object)
    ended = Signal(object)

    def __init__(self, make: Callable[[], Engine], mailbox: _Mailbox) -> None:
        super().__init__()
        self._make = make
        self._mailbox = mailbox

    @Slot()
    def drive(self) -> None:
        last: Event | None = None
        try:
            engine = self._make()
            self.ready.emit(engine)
            for last in engine.run():
                self._mailbox.put(last)
        except Exception as error:  # shown on the Send screen, logged here
            log.warning("sending ended with %s", type(error).__name__, exc_info=error)
            self.ended.emit(Ended(error=error))
            return
        self.ended.emit(Ended(last if isinstance(last, RunPaused | RunFinished) else None))


_SMALL = (ChunkSending, ChunkAccepted, JobProgress)


class EngineThread(QObject):
    """Drives one engine on its own thread; tells news at most ten times a second and the end at once."""

    news = Signal(object)  # News
    ended = Signal(object)  # Ended

    def __init__(self, run: str, make: Callable[[], Engine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run = run
        self.engine: Engine | None = None
        self.outcome: Ended | None = None
        self._wish: Callable[[Control], None] | None = None
        self._mailbox = _Mailbox()
        self._thread = QThread()
        self._thread.setObjectName(f"send {run}")
        self._driver = _Driver(make, self._mailbox)
        self._driver.moveToThread(self._thread)
        self._thread.started.connect(self._driver.drive, Qt.ConnectionType.QueuedConnection)
        self._driver.ready.connect(self._ready, Qt.ConnectionType.QueuedConnection)
        self._driver.ended.connect(self._ended, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(UPDATE_MS)
        self._timer.timeout.connect(self._tell)

    @property
    def running(self) -> bool:
        return self.outcome is None

    def start(self) -> None:
        self._thread.start()
        self._timer.start()

    def pause(self) -> None:
        """Send nothing new; what was accepted is watched to its end."""
        self._say(_pause)

    def resume(self) -> None:
        self._say(_resume)

    def stop(self, also_jobs: bool = False) -> None:
        """Send no more; with `also_jobs` ask Gameball to stop the accepted jobs too."""
        self._say(_stop_jobs if also_jobs else _stop)

    def let_go(self) -> None:
        """The window is closing: wait for the requests under way, then end; accepted jobs go on at Gameball."""
        self._say(_let_go)

    def _say(self, wish: Callable[[Control], None]) -> None:
        if self.engine is not None:
            wish(self.engine.control)
        else:
            self._wish = wish

    @Slot(object)
    def _ready(self, engine: Engine) -> None:
        self.engine = engine
        if self._wish is not None:
            self._wish(engine.control)

    @Slot()
    def _tell(self) -> None:
        if self.engine is None:
            return
        events = self._mailbox.take()
        if events:
            chunks = frozenset(number for event in events if (number := getattr(event, "chunk", None)) is not None)
            important = tuple(event for event in events if not isinstance(event, _SMALL))
            self.news.emit(News(self.engine.counts(), important, chunks))

    @Slot(object)
    def _ended(self, ended: Ended) -> None:
        self._timer.stop()
        self._tell()
        self.outcome = ended
        self._thread.quit()
        self.ended.emit(ended)

    def closed(self, wait_ms: int = 0) -> bool:
        """True once the thread has ended (or never began); waits at most `wait_ms` milliseconds."""
        return not self._thread.isRunning() or self._thread.wait(wait_ms)


def _pause(control: Control) -> None:
    control.pause()


def _resume(control: Control) -> None:
    control.resume()


def _stop(control: Control) -> None:
    control.stop()


def _stop_jobs(control: Control) -> None:
    control.stop(also_jobs=True)


def _let_go(control: Control) -> None:
    control.close()
