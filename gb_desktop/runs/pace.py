"""How fast a run goes: the window of open jobs, when a job is asked about next, and the failure brake."""

from __future__ import annotations

from dataclasses import dataclass

from gb_desktop.runs.events import Counts

START_WINDOW = 4
FIRST_POLL = 0.5
FASTEST_POLL = 0.3
SLOWEST_POLL = 30.0
SLOW, SLOW_SECONDS = 3.0, 5.0  # a job is slow that takes so many times the usual, and so many seconds
FLAT, FLAT_SECONDS = 2.0, 2.0  # job times are flat up to so many times the best, or so many seconds more
LATE = 1.5  # a question that comes after its time is taken to have been due at so many times the age of the last one
ON_TIME = 0.1  # seconds after its time at which a question is not late yet
FADING = 1.001  # a job: the best time does not count for ever
FEW = 4  # jobs in a row
LARGEST = 1_000
BRAKE_AFTER = 100


class _Times:
    """How long jobs have taken, by their size: a job of ten items says little about one of a thousand."""

    def __init__(self, weight: float) -> None:
        self._weight = weight  # of the latest job
        self._usual: dict[int, float] = {}  # by the binary digits of the number of items

    def usual(self, items: int) -> float | None:
        """What jobs of about so many items take; None when too little is known."""
        size = items.bit_length()
        near = [known for known in self._usual if abs(known - size) <= 2]
        return self._usual[min(near, key=lambda known: abs(known - size))] if near else None

    def likely(self, items: int, at_most: float, at_least: float) -> float:
        """How long a job took, as far as its last two questions tell.

        What the last one waited for its turn is no part of it.
        """
        usual = self.usual(items)
        return at_most if usual is None else min(at_most, max(usual, LATE * at_least))

    def learn(self, items: int, took: float) -> None:
        size = items.bit_length()
        before = self._usual.get(size, took)
        self._usual[size] = (1 - self._weight) * before + self._weight * took


class JobWindow:
    """How many jobs may be open at once: grows while job times stay flat, halves on trouble.

    A job's time lies between the age at which it was last seen unfinished and the one at which it was found ended. Only
    the first proves that it is slow: before the second, the question may have waited for its turn.
    """

    def __init__(self, cap: int) -> None:
        self.cap = max(1, cap)
        self.size = min(START_WINDOW, self.cap)
        self._times = _Times(0.2)
        self._best: dict[int, float] = {}  # seconds, by size, since the last trouble
        self._halved = False  # since a job last kept its pace: requests refused together are one trouble

    def unfinished(self, age: float, items: int = LARGEST) -> None:
        """A job was seen unfinished, `age` seconds after it was accepted."""
        if self._is_slow(age, items):
            self.trouble()

    def finished(self, at_most: float, at_least: float = 0.0, items: int = LARGEST) -> None:
        """A job was found ended `at_most` seconds after it was accepted, and had been seen unfinished at `at_least`."""
        slow = self._is_slow(at_least, items)
        took = self._times.likely(items, at_most, at_least)
        self._times.learn(items, took)
        if slow:
            self.trouble()
            return
        self._halved = False
        if self._is_flat(took, items.bit_length()):
            self.size = min(self.cap, self.size + 1)

    def trouble(self) -> None:
        """A 429, a 5xx or a slowing job."""
        if not self._halved:
            self.size = max(1, self.size // 2)
            self._best.clear()  # or the window could not grow again where jobs take longer for good
        self._halved = True

    def _is_slow(self, age: float, items: int) -> bool:
        usual = self._times.usual(items)
        return usual is not None and age > max(SLOW * usual, SLOW_SECONDS)

    def _is_flat(self, took: float, size: int) -> bool:
        """Whether more open jobs did not make each of them wait longer, as far as this one tells."""
        best = self._best.get(size, took)
        self._best[size] = min(took, best * FADING)
        return took <= max(FLAT * best, best + FLAT_SECONDS)


class PollClock:
    """When to ask about a job: timed by how long such jobs have taken, so that most need one or two questions.

    first: seconds to the first question while nothing is known yet. fastest: seconds between questions, at least.
    """

    def __init__(self, first: float = FIRST_POLL, fastest: float = FASTEST_POLL) -> None:
        self._first = first
        self._fastest = fastest
        self._times = _Times(0.3)
        self._at_once = 0  # jobs in a row that were found ended by their first question

    def first(self, items: int = LARGEST) -> float:
        """Seconds from acceptance to the first question."""
        usual = self._times.usual(items)
        return self._first if usual is None else min(max(usual, self._fastest), SLOWEST_POLL)

    def next(self, asked: int, age: float, items: int = LARGEST) -> float:
        """Seconds to the next question of a job asked `asked` times, `age` seconds after acceptance."""
        usual = self._times.usual(items)
        wait = age / 4 if usual is None or asked > 2 else usual / 4
        return min(max(wait, self._fastest), SLOWEST_POLL)

    def finished(self, at_most: float, at_least: float = 0.0, items: int = LARGEST) -> None:
        """A job was found ended `at_most` seconds after it was accepted, and had been seen unfinished at `at_least`.

        Found by the first question it may have ended long before: then less is believed. A little at first, because
        most jobs are to be found so; more after some in a row, so that the clock finds its way back from slower times.
        Where that question had to wait for its turn too, it teaches nothing.
        """
        took = self._times.likely(items, at_most, at_least)
        if not at_least and at_most > 1.1 * took + ON_TIME:
            return
        self._at_once = 0 if at_least else self._at_once + 1
        if self._at_once:
            took *= 0.95 if self._at_once <= FEW else 0.7
        self._times.learn(items, took)


@dataclass
class FailureBrake:
    """Pauses a run whose failures pass a share that the user set, so that a systematic mistake stays small."""

    share: float
    start: Counts  # when this sending began: what failed before was already asked about

    def pulls(self, now: Counts) -> bool:
        failed = now.failed - self.start.failed
        done = failed + (now.succeeded - self.start.succeeded) + (now.already_applied - self.start.already_applied)
        return done >= BRAKE_AFTER and failed > self.share * done
