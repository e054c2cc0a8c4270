"""The batch API's client: create a job, watch it, stop it, look transactions up. Source: the API page."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self
from urllib.parse import quote

from gb_desktop.gameball.address import segment
from gb_desktop.gameball.classify import classify, error_code, explain, reaction_to
from gb_desktop.gameball.codes import ErrorClass, class_of
from gb_desktop.gameball.limiter import Limiter, Wait
from gb_desktop.gameball.model import (
    Answer,
    Connection,
    Dialect,
    Entry,
    Facts,
    JobState,
    JobStatus,
    Reaction,
)
from gb_desktop.gameball.results import read_status
from gb_desktop.gameball.transactions import TransactionPage, read_page
from gb_desktop.gameball.wire import Request, Timeouts, Wire
from gb_desktop.text import tr

_OTHER = {Dialect.A: Dialect.B, Dialect.B: Dialect.A}
_STATUS_PATHS = {Dialect.A: ("GET", "batch/{job}"), Dialect.B: ("GET", "batches/{job}/status")}
_STOP_PATHS = {Dialect.A: ("DELETE", "batch/{job}"), Dialect.B: ("POST", "batches/{job}/stop")}
_ELSEWHERE = (404, 405)
_SLOW_DOWN = (429, 503)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 3.0  # seconds between two looks at the probe's job


@dataclass(frozen=True, slots=True)
class Discovery:
    """What the one-item balance inquiry brought. `dialect` is None when no usable answer about the job came."""

    answer: Answer
    status: JobStatus | None = None

    @property
    def dialect(self) -> Dialect | None:
        return self.status.dialect if self.status else None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The inquiry's result entries, found or not; empty while the job is unfinished."""
        if self.status is None or self.status.state is not JobState.FINISHED:
            return ()
        return (*(self.status.successes or ()), *(self.status.failures or ()))


class Client:
    """One account's client, for use from several threads at once.

    Methods never raise for what the network or a server did: they say it. `on_dialect` is called, from the thread
    that learnt it, whenever the dialect changes. `cancelled` ends waiting and reading within a fraction of a second,
    but never a create-job request of which a byte has left. `revive` is called, in the thread that asked, when nothing
    listens at the address; it gives the base URL to use from then on. Raises ValueError for a connection that must not
    be used.
    """

    def __init__(
        self,
        connection: Connection,
        limiter: Limiter,
        *,
        dialect: Dialect | None = None,
        on_dialect: Callable[[Dialect], None] | None = None,
        timeouts: Timeouts | None = None,
        cancelled: Callable[[], bool] | None = None,
        revive: Callable[[], str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cancelled = cancelled or _never
        self._wire = Wire(connection, timeouts or Timeouts(), self._cancelled, clock)
        self._revive = revive
        self._limiter = limiter
        self._dialect = dialect
        self._on_dialect = on_dialect
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def dialect(self) -> Dialect | None:
        """The dialect known so far."""
        with self._lock:
            return self._dialect

    def close(self) -> None:
        """Close all connections. To be called when no request is under way."""
        self._wire.close()

    def create_job(
        self,
        endpoint: str,
        body: bytes,
        on_first_byte: Callable[[], None] | None = None,
        wait: Wait | None = None,
    ) -> Answer:
        """POST `body` (`{"body": [...]}`, 1 to 1,000 items) once, never again by itself.

        `on_first_byte` runs right before the first byte leaves; what it raises is raised here, with nothing sent.
        `wait` replaces the limiter's own way of waiting.
        """
        path = f"batch/{quote(endpoint, safe='/')}"
        return classify(self._ask(Request("POST", path, body, creates=True, on_first_byte=on_first_byte), wait))

    def job_status(self, job: str, wait: Wait | None = None) -> JobStatus:
        """The job as it is now. MISSING only when both dialects say 404."""
        return self._in_either_dialect(job, _STATUS_PATHS, _polled, wait)

    def stop_job(self, job: str, wait: Wait | None = None) -> JobStatus:
        """Ask Gameball to stop the job.

        UNFINISHED: Gameball took the request; only a later poll says what became of the job. MISSING and UNREACHED
        as for a poll.
        """
        return self._in_either_dialect(job, _STOP_PATHS, _stopping, wait)

    def transactions(
        self, customer: str, limit: int = 200, start_after: str | None = None, wait: Wait | None = None
    ) -> TransactionPage:
        """One page of a customer's transactions; `limit` is 200 at most, `start_after` the last page's `next`."""
        params = {"customerId": customer, "limit": str(limit)}
        if start_after is not None:
            params["startAfter"] = start_after
        facts = self._ask(Request("GET", "transactions", params=params), wait)
        page = read_page(facts.body, limit, start_after) if facts.status == 200 and not facts.failure else None
        if page is None:
            return TransactionPage(facts, reaction=reaction_to(facts), message=explain(facts))
        return TransactionPage(facts, transactions=page[0], next=page[1])

    def discover_dialect(self, customer: str, wait: Wait, patience: float = 120.0) -> Discovery:
        """Learn the dialect from a balance inquiry for `customer`, and bring the balance with it.

        It changes nothing at Gameball. Polls until the job is finished, for `patience` seconds of waiting at most, or
        until `wait` was interrupted.
        """
        body = json.dumps({"body": [{"customerId": customer}]}, ensure_ascii=False).encode()
        answer = self.create_job("balance-inquiry", body, wait=wait)
        return Discovery(answer, self._watch(answer.job, wait, patience) if answer.job else None)

    def _watch(self, job: str, wait: Wait, patience: float) -> JobStatus:
        pause = _FIRST_PAUSE
        status = self.job_status(job, wait)
        while _worth_asking_again(status) and patience > 0 and not wait(pause):
            patience -= pause
            pause = min(2 * pause, _LONGEST_PAUSE)
            status = self.job_status(job, wait)
        return status

    def _in_either_dialect(
        self,
        job: str,
        paths: dict[Dialect, tuple[str, str]],
        read: Callable[[Facts, Dialect], JobStatus],
        wait: Wait | None,
    ) -> JobStatus:
        """Ask in the known dialect, and in the other one before anything is concluded from a 404 or 405."""
        first = self.dialect or Dialect.A
        status = self._asked(job, first, paths, read, wait)
        if not _is_elsewhere(status):
            return status
        other = self._asked(job, _OTHER[first], paths, read, wait)
        return _nowhere(status, other) if _is_elsewhere(other) else other

    def _asked(
        self,
        job: str,
        dialect: Dialect,
        paths: dict[Dialect, tuple[str, str]],
        read: Callable[[Facts, Dialect], JobStatus],
        wait: Wait | None,
    ) -> JobStatus:
        method, path = paths[dialect]
        facts = self._ask(Request(method, path.format(job=segment(job))), wait)
        status = read(facts, dialect)
        if status.dialect is not None:
            self._learn(status.dialect)
        return status

    def _learn(self, dialect: Dialect) -> None:
        with self._lock:
            fresh = self._dialect is not dialect
            self._dialect = dialect
        if fresh and self._on_dialect:
            self._on_dialect(dialect)

    def _ask(self, request: Request, wait: Wait | None) -> Facts:
        """One exchange, in its turn. A 429 slows down everybody."""
        if self._cancelled() or not self._limiter.acquire(wait):
            return Facts(sent=False, failure="stopped", detail=tr("The request was stopped."))
        facts = self._wire.exchange(request)
        if self._revive and facts.failure == "refused" and not self._cancelled():
            self._wire.move(self._revive())
        if facts.status == 429 or (facts.status in _SLOW_DOWN and facts.retry_after is not None):
            return replace(facts, pause=self._limiter.slow_down(facts.retry_after))
        return facts


def _polled(facts: Facts, dialect: Dialect) -> JobStatus:
    readable = facts.status == 200 and not facts.failure
    return (read_status(facts.body, dialect, facts) if readable else None) or _unreached(facts)


def _stopping(facts: Facts, dialect: Dialect) -> JobStatus:
    """A stop that was taken is no more than that: the lists still have to be read, whatever word came with it."""
    if facts.status is None or not 200 <= facts.status < 300:
        return _unreached(facts)
    word = facts.body.get("status") if isinstance(facts.body, dict) else None
    return JobStatus(JobState.UNFINISHED, word=word if isinstance(word, str) else "", dialect=dialect, facts=facts)


def _unreached(facts: Facts) -> JobStatus:
    return JobStatus(JobState.UNREACHED, facts=facts, reaction=reaction_to(facts), message=explain(facts))


def _is_elsewhere(status: JobStatus) -> bool:
    """Whether the answer may only mean that this dialect is not spoken. An account's refusal means what it says."""
    facts = status.facts
    if status.state is not JobState.UNREACHED or facts is None or facts.status not in _ELSEWHERE:
        return False
    refused = (ErrorClass.AUTH, ErrorClass.CONFIGURATION, ErrorClass.SUBSCRIPTION)
    return class_of(error_code(facts.body)) not in refused


def _nowhere(first: JobStatus, other: JobStatus) -> JobStatus:
    """Neither dialect knows the job: it is missing when both said 404, and undecided when one only said 405."""
    both = all(status.facts is not None and status.facts.status == 404 for status in (first, other))
    if not both:
        return replace(other, reaction=Reaction.RETRY)
    sentence = tr("Gameball does not know this job.")
    return replace(other, state=JobState.MISSING, reaction=Reaction.NONE, message=sentence)


def _worth_asking_again(status: JobStatus) -> bool:
    if status.state in (JobState.UNFINISHED, JobState.MISSING):  # a job may take a moment to become visible
        return True
    return status.state is JobState.UNREACHED and status.reaction in (Reaction.RETRY, Reaction.NETWORK)


def _never() -> bool:
    return False
