"""A batch job at the practice service: when each of its items is due, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from gb_desktop.catalog import BatchType


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item; `entry` is its result entry as JSON text."""

    ok: bool
    entry: str


@dataclass(slots=True, eq=False)
class Job:
    """One accepted create-job request. Times are seconds since 1970.

    From `begin` on, one item is due every `interval` seconds, counted from item `first`; an interval of 0 makes all
    due at `begin`. `items` are the JSON texts as received.
    """

    number: int
    account: str
    batch_type: BatchType
    items: tuple[str, ...]
    customers: frozenset[str]  # whose points it may change: none for types that only read
    accepted: float
    begin: float
    interval: float
    breaks_after: int | None = None  # items after which it fails
    first: int = 0
    started: float | None = None
    ended: float | None = None
    stopped: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    failures: int = 0

    @property
    def done(self) -> int:
        """Items carried out so far, failed ones included."""
        return len(self.outcomes)

    @property
    def finished(self) -> bool:
        """True when nothing more will happen."""
        return self.ended is not None

    @property
    def word(self) -> str:
        """The status in dialect A's words."""
        if self.stopped:
            return "stopped"
        if self.finished:
            return "failed" if self.failures == self.done or self.done < len(self.items) else "completed"
        return "queued" if self.started is None else "running"

    def due(self, position: int) -> float:
        """When the item at `position` (from 0) is carried out."""
        return self.begin + (position - self.first + 1) * self.interval

    def runs_at(self, at: float) -> bool:
        """True while the job runs: it began, and its last item is due later than `at`."""
        return not self.finished and self.begin <= at < self.due(len(self.items) - 1)

    def retime(self, at: float, queue: float, interval: float) -> None:
        """Go on at another pace from `at` on; a job that hasn't begun waits `queue` seconds from then."""
        self.begin = at if self.begin <= at else at + queue
        self.first, self.interval = self.done, interval

    def record(self, outcome: Outcome, at: float) -> None:
        """Note what became of the next item, carried out at `at`."""
        self.started = self.begin if self.started is None else self.started
        self.outcomes.append(outcome)
        self.failures += not outcome.ok
        if self.done in (len(self.items), self.breaks_after):
            self.ended = at

    def stop(self, at: float) -> None:
        """Carry out no further item."""
        self.stopped, self.ended = True, at
