"""The practice service without HTTP: one lock, one clock, one journal around the state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

from gb_desktop.catalog import BatchType
from gb_desktop.practice import journal
from gb_desktop.practice.answers import job_in_a, job_in_b
from gb_desktop.practice.jobs import Job
from gb_desktop.practice.settings import Behaviour, PracticeSettings
from gb_desktop.practice.state import State
from gb_desktop.practice.world import Transaction


class Service:
    """Thread-safe. Every change is in the journal before its method returns."""

    def __init__(self, settings: PracticeSettings) -> None:
        """Open the journal and take up where it ends. InUseError or ValueError, with a sentence, when it can't be used.

        The behaviour given at this start replaces the one that was in force when the journal ended.
        """
        self._lock = Lock()
        self._clock = settings.clock
        self._journal: journal.Journal = journal.FileJournal(settings.state) if settings.state else journal.NoJournal()
        try:
            self._state = self._restored(settings)
        except ValueError:
            self._journal.close()
            raise
        self.switch(settings.behaviour)

    def _restored(self, settings: PracticeSettings) -> State:
        found = journal.replay(self._journal.lines())
        if found is None:
            self._journal.append(journal.opened(settings.seed))
            found = State(settings.seed)
        return found

    @property
    def behaviour(self) -> Behaviour:
        """How the service behaves now."""
        return self._state.behaviour

    def switch(self, behaviour: Behaviour) -> None:
        """Behave so from now on."""
        with self._lock:
            at = self._now()
            self._journal.append(journal.behaved(at, behaviour))
            self._state.behave(at, behaviour)

    def create(self, account: str, batch_type: BatchType, items: Sequence[tuple[Any, str]]) -> Job:
        """Accept a job of items known to be right, each with its text as received."""
        with self._lock:
            at = self._now()
            self._journal.append(journal.accepted(at, account, batch_type.key, items))
            return self._state.accept(at, account, batch_type, items)

    def status(self, account: str, number: int, dialect: str) -> str | None:
        """A job's status as JSON text in a dialect; None when this account has no such job."""
        with self._lock:
            self._advance()
            job = self._found(account, number)
            if job is None:
                return None
            in_dialect = job_in_a if dialect == "a" else job_in_b
            return in_dialect(job, self.behaviour)

    def stop(self, account: str, number: int) -> Job | None:
        """Stop a job: nothing more of it is carried out. None when this account has no such job."""
        with self._lock:
            job = self._found(account, number)
            if job is not None:
                at = self._now()
                self._journal.append(journal.stopped(at, number))
                self._state.stop(at, job)
            return job

    def transactions(self, account: str, customer: str | None) -> list[Transaction]:
        """A customer's transactions, newest first; everybody's when `customer` is None."""
        with self._lock:
            self._advance()
            return self._state.world(account).listed(customer)

    def ledger(self, after: int, limit: int | None) -> Iterator[str]:
        """A page of the ledger in pieces of JSON text; it is what was carried out when this is called."""
        with self._lock:
            self._advance()
            return self._state.ledger.page(self._state.jobs, after, limit)

    def jobs(self) -> list[Mapping[str, Any]]:
        """All jobs in a few figures each, oldest first."""
        with self._lock:
            self._advance()
            return [_figures(job) for job in self._state.jobs.values()]

    def close(self) -> None:
        """Close the journal."""
        with self._lock:
            self._journal.close()

    def _found(self, account: str, number: int) -> Job | None:
        job = self._state.jobs.get(number)
        return job if job is not None and job.account == account else None

    def _now(self) -> float:
        # A clock set back must not undo what was carried out already.
        return max(self._clock(), self._state.now)

    def _advance(self) -> None:
        at = self._now()
        if self._state.due(at):
            self._journal.append(journal.ticked(at))
            self._state.advance(at)


def _figures(job: Job) -> Mapping[str, Any]:
    return {
        "job": str(job.number),
        "account": job.account,
        "endpoint": job.batch_type.endpoint,
        "status": job.word,
        "items": len(job.items),
        "done": job.done,
        "failed": job.failures,
    }
