"""Look-ups of lost answers: they can prove that a row was applied, and never that it was not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from gb_desktop.catalog import LookUp
from gb_desktop.gameball.model import Entry, JobState, Transaction
from gb_desktop.runs.events import Event, Note
from gb_desktop.runs.journal import Item, Settled
from gb_desktop.runs.model import Outcome
from gb_desktop.runs.references import reference
from gb_desktop.runs.state import Sending
from gb_desktop.text import tr

ORDERS_AT_ONCE = 1_000
PAGES = 5  # of 200 transactions a customer: a lost row is among the newest


class LookUps:
    """Looks unknown rows up at Gameball, at the end of a sending or when a person asks."""

    def __init__(self, sending: Sending) -> None:
        self._s = sending
        self._journal = sending.journal

    def wanted(self) -> bool:
        """Whether there is anything that a look-up could prove."""
        if self._s.batch_type.look_up in (LookUp.NONE, LookUp.NOT_NEEDED):
            return False
        return bool(self._journal.outcome_items(Outcome.UNKNOWN, 1))

    def run(self) -> Iterator[Event]:
        """Look every unknown row up until all are proven or the time is over. Blocks between requests only."""
        s = self._s
        until = s.clock.monotonic() + s.settings.look_up_seconds
        wait = s.retry_base
        yield Note(tr("Rows whose answer was lost are looked up at Gameball."))
        while self.wanted() and s.clock.monotonic() < until and not s.control.stopped and not s.control.closed:
            found = self._once()
            if found:
                yield Note(tr("{count} rows were found at Gameball: they were applied.", count=found))
            if not self.wanted() or s.control.wait(min(wait, max(0.0, until - s.clock.monotonic()))):
                return
            wait = min(wait * 2, 30.0)

    def _once(self) -> int:
        items = self._journal.outcome_items(Outcome.UNKNOWN)
        if self._s.batch_type.look_up is LookUp.ORDERS:
            settled = list(self._orders(items))
        else:
            settled = list(self._transactions(items))
        self._journal.settle(settled)
        return len(settled)

    def _transactions(self, items: Iterable[Item]) -> Iterator[Settled]:
        by_customer: dict[str, list[Item]] = {}
        for item in items:
            by_customer.setdefault(item.customer or "", []).append(item)
        for customer, wanted in by_customer.items():
            if self._s.control.stopped or self._s.control.closed:
                return
            listed = self._listed(customer)
            for item in wanted:
                proof = next((t for t in listed if self._proves(item, t)), None)
                if proof is not None:
                    yield _proven(item, dict(proof.returned))

    def _listed(self, customer: str) -> list[Transaction]:
        found: list[Transaction] = []
        after: str | None = None
        for _ in range(PAGES):
            page = self._s.client.transactions(customer, start_after=after, wait=self._s.control.wait_to_send)
            found.extend(page.transactions or ())
            after = page.next
            if after is None:
                break
        return found

    def _proves(self, item: Item, seen: Transaction) -> bool:
        if self._s.batch_type.look_up is LookUp.REFERENCE:
            return reference(self._s.run, item.item) in seen.reason.split()
        return item.ident is not None and seen.transaction_id == item.ident and _same_amount(item, seen)

    def _orders(self, items: list[Item]) -> Iterator[Settled]:
        """An order that Gameball answers with its transactions was applied; one that it doesn't know proves nothing."""
        for start in range(0, len(items), ORDERS_AT_ONCE):
            part = items[start : start + ORDERS_AT_ONCE]
            body = json.dumps({"body": [item.ident for item in part]}, ensure_ascii=False).encode()
            answer = self._s.client.create_job("orders/transactions", body)
            if answer.job is None:
                return
            known = {entry.ident: entry for entry in self._successes(answer.job)}
            yield from (_proven(item, dict(known[item.ident].returned)) for item in part if item.ident in known)

    def _successes(self, job: str) -> tuple[Entry, ...]:
        s = self._s
        asked, since = 0, s.clock.monotonic()
        while not s.control.wait_to_send(s.polls.next(asked, s.clock.monotonic() - since)):
            asked += 1
            status = s.client.job_status(job)
            if status.state is JobState.FINISHED:
                return status.successes or ()
            if status.state is JobState.MISSING or s.clock.monotonic() - since > s.settings.look_up_seconds:
                return ()
        return ()


def _proven(item: Item, returned: dict[str, object]) -> Settled:
    message = tr("Found at Gameball: it was applied although the answer was lost.")
    return Settled(item.item, Outcome.ALREADY_APPLIED, message, "looked up", returned=returned)


def _same_amount(item: Item, seen: Transaction) -> bool:
    """Whether the amounts agree, where both sides have one; a redemption by points or hold may list none."""
    if item.amount is None or seen.amount is None:
        return True
    try:
        return abs(Decimal(item.amount)) == abs(Decimal(seen.amount))
    except InvalidOperation:
        return False
