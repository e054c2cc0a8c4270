"""What the parts of the engine share while a run is being sent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

from gb_desktop.catalog import BatchType
from gb_desktop.gameball.client import Client
from gb_desktop.runs.clock import Clock
from gb_desktop.runs.control import Control
from gb_desktop.runs.journal import Chunk, Journal
from gb_desktop.runs.ledger import Ledger
from gb_desktop.runs.model import AccountFacts, SendSettings
from gb_desktop.runs.pace import FailureBrake, JobWindow, PollClock

REQUESTS_AT_ONCE = 4


@dataclass
class OpenJob:
    """An accepted chunk that is being watched."""

    chunk: Chunk
    job: str
    since: float  # monotonic, when it was accepted or found again
    next_poll: float
    asked: int = 0
    missing: int = 0  # answers in a row that neither dialect knew the job
    asking: bool = False
    stop_asked: bool = False


@dataclass(frozen=True, slots=True)
class Halt:
    """Why the run stops sending by itself."""

    reason: str
    sentence: str


@dataclass
class Sending:
    """One sending of one run."""

    run: str
    batch_type: BatchType
    account: AccountFacts
    settings: SendSettings
    journal: Journal
    ledger: Ledger
    client: Client
    control: Control
    clock: Clock
    window: JobWindow
    polls: PollClock
    brake: FailureBrake
    retry_base: float = 1.0  # seconds; later tries wait longer
    inbox: SimpleQueue[Callable[[], Any] | None] = field(default_factory=SimpleQueue)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(REQUESTS_AT_ONCE, "http"))
    open_jobs: dict[int, OpenJob] = field(default_factory=dict)  # by chunk
    posting: dict[int, Chunk] = field(default_factory=dict)  # by chunk: POSTs under way
    requests: int = 0  # HTTP requests under way
    halt: Halt | None = None
    offline_since: float | None = None
    deaf: bool = False  # polls can't be answered now either: open jobs are left for the next sending
    quiet_until: float = 0.0  # monotonic: no request before
    proven: bool = False  # one job's results were read, so more may be open

    def ask(self, work: Callable[[], Any], then: Callable[[Any], Any]) -> None:
        """Do `work` (HTTP, blocking) in the pool; `then` gets its result in the engine's own thread."""
        self.requests += 1
        future = self.pool.submit(work)
        future.add_done_callback(lambda done: self.inbox.put(lambda: self._came(done, then)))

    def _came(self, done: Future[Any], then: Callable[[Any], Any]) -> Any:
        self.requests -= 1
        return then(done.result())

    def stop_for(self, reason: str, sentence: str) -> None:
        """Send nothing more; the first reason given stays."""
        if self.halt is None:
            self.halt = Halt(reason, sentence)

    @property
    def may_send(self) -> bool:
        return self.halt is None and self.control.may_send

    def online(self) -> None:
        """An answer came: the network is there."""
        self.offline_since = None

    def offline(self, sentence: str) -> float:
        """No connection. The seconds until the next try; the run stops itself when the wait was too long."""
        now = self.clock.monotonic()
        if self.offline_since is None:
            self.offline_since = now
        lost_for = now - self.offline_since
        if lost_for >= self.settings.wait_network:
            self.stop_for("network", sentence)
            self.deaf = True
        wait = min(30.0, max(self.retry_base, lost_for / 2), max(0.1, self.settings.wait_network - lost_for))
        self.quiet_until = max(self.quiet_until, now + wait)
        return wait
