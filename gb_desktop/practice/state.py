"""Everything the practice service knows, as it follows from what happened: nothing here looks at a clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from typing import Any

from gb_desktop.catalog import BatchType
from gb_desktop.practice import effects, exact
from gb_desktop.practice.chance import percent
from gb_desktop.practice.jobs import Job, Outcome
from gb_desktop.practice.ledger import Ledger
from gb_desktop.practice.refusals import ItemFailed
from gb_desktop.practice.seed import Seed
from gb_desktop.practice.settings import Behaviour
from gb_desktop.practice.world import World

FIRST_JOB = 100_001

# What the scenario `picky` lets items fail with, by batch type; None is a failure whose entry carries no code.
_PICKY: dict[str, tuple[int | None, ...]] = {
    "customers": (3008, 7003, 7004),
    "orders": (4500, 7000, None),
    "order-transactions": (None,),
    "balance-inquiry": (7000, 3009),
    "balance-adjustment": (7000, 9008, 4000),
    "cashback": (7000, 9003, 4500, None),
    "redeem": (7000, 9008, 4500, None),
    "events": (4500, 3009),
}
_NO_CODE = "The item can't be processed."


class State:
    """The accounts, jobs and ledger. The same calls with the same times always lead to the same state."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self.behaviour = Behaviour()
        self._way = self.behaviour.way
        self.now = 0.0
        self.jobs: dict[int, Job] = {}
        self.ledger = Ledger()
        self._worlds: dict[str, World] = {}
        self._unfinished: dict[int, Job] = {}
        self._busy: dict[tuple[str, str], list[Job]] = {}  # (account, customer) -> unfinished jobs, oldest first

    def world(self, account: str) -> World:
        """An account's customers and transactions."""
        if account not in self._worlds:
            self._worlds[account] = World(self.seed)
        return self._worlds[account]

    def behave(self, at: float, behaviour: Behaviour) -> None:
        """Behave so from `at` on; unfinished jobs take over a changed pace."""
        self.advance(at)
        before, after = self._way, behaviour.way
        self.behaviour, self._way = behaviour, after
        if (before.pace, before.queue) != (after.pace, after.queue):
            for job in self._unfinished.values():
                job.retime(at, after.queue, _interval(after.pace))

    def accept(self, at: float, account: str, batch_type: BatchType, items: Sequence[tuple[Any, str]]) -> Job:
        """Make a job of items known to be right, each with its JSON text as received."""
        self.advance(at)
        job = Job(
            number=FIRST_JOB + len(self.jobs),
            account=account,
            batch_type=batch_type,
            items=tuple(text for _, text in items),
            customers=frozenset() if batch_type.reads_only else frozenset(item["customerId"] for item, _ in items),
            accepted=at,
            begin=at + self._way.queue,
            interval=_interval(self._way.pace),
            breaks_after=self.behaviour.breaks_after,
        )
        self.jobs[job.number] = self._unfinished[job.number] = job
        for customer in job.customers:
            self._busy.setdefault((account, customer), []).append(job)
        return job

    def stop(self, at: float, job: Job) -> None:
        """Carry out no more items of a job; one that is finished stays as it is."""
        self.advance(at)
        if not job.finished:
            job.stop(at)
            self._forget(job)

    def due(self, at: float) -> bool:
        """True when an `advance` to `at` would change something."""
        return any(
            job.due(job.done) <= at or (job.started is None and job.begin <= at) for job in self._unfinished.values()
        )

    def advance(self, at: float) -> None:
        """Carry out all that is due until `at`, in the order in which it is due."""
        self.now = max(self.now, at)
        running = [job for job in self._unfinished.values() if job.begin <= self.now]
        for job in running:
            job.started = job.begin if job.started is None else job.started
        for due, number, position in merge(*(_due_items(job, job.done, self.now) for job in running)):
            if not self.jobs[number].finished:
                self._carry_out(self.jobs[number], position, due)

    def _carry_out(self, job: Job, position: int, at: float) -> None:
        item = exact.read(job.items[position])
        try:
            entry = self._applied(job, item, job.items[position], at)
        except ItemFailed as failure:
            job.record(Outcome(False, exact.write(_failed_entry(item, failure, self.behaviour))), at)
        else:
            job.record(Outcome(True, exact.write(entry)), at)
            self.ledger.add(job.number, position, at)
        if job.finished:
            self._forget(job)

    def _applied(self, job: Job, item: Any, text: str, at: float) -> effects.Entry:
        kind = job.batch_type
        if self.behaviour.collisions and not kind.reads_only:
            self._refuse_collision(job, item["customerId"], at)
        if self._way.item_failures:
            self._refuse_some(kind.key, text, self._way.item_failures)
        return effects.apply(kind.key, item, effects.Circumstances(self.world(job.account), at, self.behaviour))

    def _refuse_collision(self, job: Job, customer: str, at: float) -> None:
        for other in self._busy.get((job.account, customer), ()):
            if other.number < job.number and other.runs_at(at):
                raise ItemFailed(2001)

    def _refuse_some(self, kind: str, text: str, share: int) -> None:
        if percent(self.behaviour.chance, kind, text) < share:
            codes = _PICKY[kind]
            code = codes[percent(self.behaviour.chance, "code", text) % len(codes)]
            raise ItemFailed(code, "" if code else _NO_CODE)

    def _forget(self, job: Job) -> None:
        del self._unfinished[job.number]
        for customer in job.customers:
            others = self._busy[job.account, customer]
            others.remove(job)
            if not others:
                del self._busy[job.account, customer]


def _interval(pace: float) -> float:
    return 1 / pace if pace else 0.0


def _due_items(job: Job, start: int, until: float) -> Iterator[tuple[float, int, int]]:
    """(time, job, position) of the items from `start` on that are due until then."""
    for position in range(start, len(job.items)):
        due = job.due(position)
        if due > until:
            return
        yield due, job.number, position


def _failed_entry(item: Any, failure: ItemFailed, behaviour: Behaviour) -> effects.Entry:
    """A failed order's ID comes back as `customerId`, whatever it is (the page, "Result entries")."""
    if isinstance(item, str):
        return {"customerId": item, "message": str(failure)}
    entry = {"customerId": item["customerId"], "message": str(failure)}
    if failure.code is not None:
        entry["code"] = failure.code
    if behaviour.echo:
        entry.update({name: item[name] for name in ("transactionId", "orderId") if name in item})
    return entry
