"""What the parts of the engine share while a run is being sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from gb_desktop.catalog import BatchType
from gb_desktop.gameball.client import Client
from gb_desktop.gameball.model import Reaction
from gb_desktop.runs.clock import ASLEEP, Clock, Wakes
from gb_desktop.runs.control import Control
from gb_desktop.runs.disk import disk_sentence as disk_sentence
from gb_desktop.runs.events import Event
from gb_desktop.runs.journal import Chunk, Journal
from gb_desktop.runs.ledger import Ledger
from gb_desktop.runs.model import AccountFacts, SendSettings
from gb_desktop.runs.pace import FailureBrake, JobWindow, PollClock

REQUESTS_AT_ONCE = 4
STOPPING = {Reaction.KEYS: "keys", Reaction.ACCOUNT: "account", Reaction.SETUP: "setup"}
GLANCE = 0.2  # seconds between looks for a stop request of another process

Found = TypeVar("Found")


def _nothing() -> None:
    """Nothing is to be done."""


def _at_once(_: Sending) -> Iterator[Event]:
    """Nobody else can be sending."""
    yield from ()


@dataclass
class OpenJob:
    """An accepted chunk that is being watched."""

    chunk: Chunk
    job: str
    since: float  # monotonic, when it was accepted or found again
    next_poll: float
    asked: int = 0
    asked_at: float = 0.0  # monotonic, when the last question was put
    open_at: float = 0.0  # seconds after acceptance at which it was last seen unfinished
    resumed: bool = False  # accepted before this sending began: how long it took is not known
    missing: int = 0  # answers in a row that neither dialect knew the job
    overdue: int = 0  # answers that it was unfinished after its longest time
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
    turn: Callable[[Sending], Iterator[Event]] = _at_once  # waits until this run may be sent
    heed: Callable[[], None] = _nothing  # looks for a stop request of another process
    free_reserve: Callable[[], None] = _nothing  # gives the disk space back that was kept for a full disk
    inbox: SimpleQueue[Callable[[], Any] | None] = field(default_factory=SimpleQueue)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(REQUESTS_AT_ONCE, "http"))
    open_jobs: dict[int, OpenJob] = field(default_factory=dict)  # by chunk
    posting: dict[int, Chunk] = field(default_factory=dict)  # by chunk: POSTs under way
    requests: int = 0  # HTTP requests under way
    halt: Halt | None = None
    offline_since: float | None = None
    offline_seen: float = 0.0  # monotonic, when there was no connection the last time
    only_asks: bool = False  # nothing is to be sent at all: rows are looked up
    only: int | None = None  # the one item that may be sent now, because everything else depends on what it does
    deaf: bool = False  # polls can't be answered now either: open jobs are left for the next sending
    quiet_until: float = 0.0  # monotonic: no request before
    proven: bool = False  # one job's results were read, so more may be open

    def __post_init__(self) -> None:
        self.wakes = Wakes(self.clock)

    def ask(self, work: Callable[[], Any], then: Callable[[Any], Any]) -> None:
        """Do `work` (HTTP, blocking) in the pool; `then` gets its result in the engine's own thread."""
        self.requests += 1
        future = self.pool.submit(work)
        future.add_done_callback(lambda done: self.inbox.put(lambda: self._came(done, then)))

    def fetch(self, work: Callable[[], Found]) -> Found | None:
        """Ask something (HTTP, blocking) in the pool and wait for it; None when the run is to end before it came.

        Only for questions that change nothing at Gameball: an answer that nobody waits for is dropped.
        """
        future = self.pool.submit(work)
        future.add_done_callback(lambda _: self.inbox.put(None))
        self._wait_until(future.done, lambda: GLANCE)
        return future.result() if future.done() else None

    def rest(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> None:
        """Do nothing for a while; over at once when the run is to end, or when `enough` says so after a change."""
        until = self.clock.monotonic() + seconds
        self._wait_until(
            lambda: enough() or self.clock.monotonic() >= until,
            lambda: max(0.0, min(GLANCE, until - self.clock.monotonic())),
        )

    def _wait_until(self, over: Callable[[], bool], glance: Callable[[], float]) -> None:
        """Wait in short glances, minding stop requests; answers that come meanwhile keep their order."""
        came: list[Callable[[], Any]] = []
        while not over() and not self.control.ending:
            self.wakes.count()
            try:
                message = self.inbox.get(timeout=glance())
            except Empty:
                message = None
            if message is not None:
                came.append(message)
            self.heed()
        for message in came:
            self.inbox.put(message)

    def _came(self, done: Future[Any], then: Callable[[Any], Any]) -> Any:
        self.requests -= 1
        return then(done.result())

    def saved(self, write: Callable[[], None]) -> None:
        """Write what must not be lost. On a full disk the reserve is given back, and it is written then."""
        try:
            write()
        except sqlite3.OperationalError as error:
            self.free_reserve()
            self.stop_for("disk", disk_sentence(error))
            write()

    def stop_for(self, reason: str, sentence: str) -> None:
        """Send nothing more; the first reason given stays."""
        if self.halt is None:
            self.halt = Halt(reason, sentence)

    @property
    def may_send(self) -> bool:
        return self.halt is None and not self.only_asks and self.control.may_send

    def online(self) -> None:
        """An answer came: the network is there."""
        self.offline_since = None

    def offline(self, sentence: str) -> float:
        """No connection. The seconds until the next try; the run stops itself when the wait was too long."""
        now = self.clock.monotonic()
        if self.offline_since is None or now - self.offline_seen > ASLEEP:
            self.offline_since = now
        self.offline_seen = now
        lost_for = now - self.offline_since
        if lost_for >= self.settings.wait_network:
            self.stop_for("network", sentence)
            self.deaf = True
        wait = min(30.0, max(self.retry_base, lost_for / 2), max(0.1, self.settings.wait_network - lost_for))
        self.quiet_until = max(self.quiet_until, now + wait)
        return wait
