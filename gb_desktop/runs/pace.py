"""How fast a run goes: the window of open jobs, when a job is asked about next, and the failure brake."""

from __future__ import annotations

from dataclasses import dataclass

from gb_desktop.runs.events import Counts

START_WINDOW = 4
FIRST_POLL = 0.5
FASTEST_POLL = 0.3
SLOWEST_POLL = 30.0
BRAKE_AFTER = 100


class JobWindow:
    """How many jobs may be open at once: grows while jobs keep their pace, halves on trouble."""

    def __init__(self, cap: int) -> None:
        self.cap = max(1, cap)
        self.size = min(START_WINDOW, self.cap)
        self._usual: float | None = None
        self._halved = False  # since a job last kept its pace: requests refused together are one trouble

    def finished(self, seconds: float) -> None:
        """A job came to its end after `seconds`."""
        slow = self._usual is not None and seconds > 3 * self._usual and seconds > 5.0
        self._usual = seconds if self._usual is None else 0.8 * self._usual + 0.2 * seconds
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


class PollClock:
    """When to ask about a job: timed by how long such jobs have taken, so that most need one or two questions.

    first: seconds to the first question while nothing is known yet. fastest: seconds between questions, at least.
    """

    def __init__(self, first: float = FIRST_POLL, fastest: float = FASTEST_POLL) -> None:
        self._first = first
        self._fastest = fastest
        self._usual: float | None = None

    def first(self) -> float:
        """Seconds from acceptance to the first question."""
        return self._first if self._usual is None else min(max(self._usual, self._fastest), SLOWEST_POLL)

    def next(self, asked: int, age: float) -> float:
        """Seconds to the next question of a job asked `asked` times, `age` seconds after acceptance."""
        usual = self._usual if self._usual is not None else age
        wait = usual / 4 if asked <= 2 else age / 4
        return min(max(wait, self._fastest), SLOWEST_POLL)

    def finished(self, seconds: float, asked: int = 2) -> None:
        """A job was found ended `seconds` after acceptance, by its `asked`-th question.

        Found by the first one it may have ended long before: then a little less is believed, so that the clock finds
        its way back from a time when questions had to wait.
        """
        if asked <= 1:
            seconds *= 0.7
        self._usual = seconds if self._usual is None else 0.7 * self._usual + 0.3 * seconds


@dataclass
class FailureBrake:
    """Pauses a run whose failures pass a share that the user set, so that a systematic mistake stays small."""

    share: float
    start: Counts  # when this sending began: what failed before was already asked about

    def pulls(self, now: Counts) -> bool:
        failed = now.failed - self.start.failed
        done = failed + (now.succeeded - self.start.succeeded) + (now.already_applied - self.start.already_applied)
        return done >= BRAKE_AFTER and failed > self.share * done
