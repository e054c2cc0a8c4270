"""How fast a run goes: the window of open jobs, when a job is asked about next, and the failure brake."""

from __future__ import annotations

from dataclasses import dataclass

from gb_desktop.runs.events import Counts

START_WINDOW = 4
FIRST_POLL = 0.5
FASTEST_POLL = 0.3
SLOWEST_POLL = 30.0
SLOW, SLOW_SECONDS = 3.0, 5.0  # a job is slow that takes so many times the usual, and so many seconds
LATE = 1.5  # a question that comes after its time is taken to have been due at so many times the age of the last one
FEW = 4  # jobs in a row
BRAKE_AFTER = 100


class JobWindow:
    """How many jobs may be open at once: grows while jobs keep their pace, halves on trouble.

    A job's time lies between the age at which it was last seen unfinished and the one at which it was found ended. Only
    the first proves that it is slow: before the second, the question may have waited for its turn.
    """

    def __init__(self, cap: int) -> None:
        self.cap = max(1, cap)
        self.size = min(START_WINDOW, self.cap)
        self._usual: float | None = None
        self._halved = False  # since a job last kept its pace: requests refused together are one trouble

    def unfinished(self, age: float) -> None:
        """A job was seen unfinished, `age` seconds after it was accepted."""
        if self._is_slow(age):
            self.trouble()

    def finished(self, at_most: float, at_least: float = 0.0) -> None:
        """A job was found ended `at_most` seconds after it was accepted, and had been seen unfinished at `at_least`."""
        slow = self._is_slow(at_least)
        took = _likely(self._usual, at_most, at_least)
        self._usual = took if self._usual is None else 0.8 * self._usual + 0.2 * took
        if slow:
            self.trouble()
        else:
            self._halved = False
            self.size = min(self.cap, self.size + 1)

    def trouble(self) -> None:
        """A 429, a 5xx or a slowing job."""
        if not self._halved:
            self.size = max(1, self.size // 2)
        self._halved = True

    def _is_slow(self, age: float) -> bool:
        return self._usual is not None and age > max(SLOW * self._usual, SLOW_SECONDS)


class PollClock:
    """When to ask about a job: timed by how long such jobs have taken, so that most need one or two questions.

    first: seconds to the first question while nothing is known yet. fastest: seconds between questions, at least.
    """

    def __init__(self, first: float = FIRST_POLL, fastest: float = FASTEST_POLL) -> None:
        self._first = first
        self._fastest = fastest
        self._usual: float | None = None
        self._at_once = 0  # jobs in a row that were found ended by their first question

    def first(self) -> float:
        """Seconds from acceptance to the first question."""
        return self._first if self._usual is None else min(max(self._usual, self._fastest), SLOWEST_POLL)

    def next(self, asked: int, age: float) -> float:
        """Seconds to the next question of a job asked `asked` times, `age` seconds after acceptance."""
        usual = self._usual if self._usual is not None else age
        wait = usual / 4 if asked <= 2 else age / 4
        return min(max(wait, self._fastest), SLOWEST_POLL)

    def finished(self, at_most: float, at_least: float = 0.0) -> None:
        """A job was found ended `at_most` seconds after it was accepted, and had been seen unfinished at `at_least`.

        Found by the first question it may have ended long before: then less is believed. A little at first, because
        most jobs are to be found so; more after some in a row, so that the clock finds its way back from slower times.
        """
        took = _likely(self._usual, at_most, at_least)
        self._at_once = 0 if at_least else self._at_once + 1
        if self._at_once:
            took *= 0.95 if self._at_once <= FEW else 0.7
        self._usual = took if self._usual is None else 0.7 * self._usual + 0.3 * took


def _likely(usual: float | None, at_most: float, at_least: float) -> float:
    """How long a job took, as far as two questions tell: what the last one waited for its turn is no part of it."""
    return at_most if usual is None else min(at_most, max(usual, LATE * at_least))


@dataclass
class FailureBrake:
    """Pauses a run whose failures pass a share that the user set, so that a systematic mistake stays small."""

    share: float
    start: Counts  # when this sending began: what failed before was already asked about

    def pulls(self, now: Counts) -> bool:
        failed = now.failed - self.start.failed
        done = failed + (now.succeeded - self.start.succeeded) + (now.already_applied - self.start.already_applied)
        return done >= BRAKE_AFTER and failed > self.share * done
