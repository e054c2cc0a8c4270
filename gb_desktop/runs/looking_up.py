"""Look-ups of lost answers: they can prove that a row was applied, and never that it was not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from math import inf

from gb_desktop.catalog import LookUp
from gb_desktop.gameball.model import Entry, Facts, JobState, Transaction
from gb_desktop.runs.events import Event, Note, Waiting
from gb_desktop.runs.journal import Item, Settled
from gb_desktop.runs.model import Outcome
from gb_desktop.runs.references import reference
from gb_desktop.runs.state import STOPPING, Sending
from gb_desktop.text import tr

ORDERS_AT_ONCE = 1_000
SLOWEST_ROUND = 30.0  # seconds between two rounds
PAGES = 5  # of 200 transactions a customer: a lost row is among the newest


class LookUps:
    """Looks unknown rows up at Gameball, at the end of a sending or when a person asks."""

    def __init__(self, sending: Sending) -> None:
        self._s = sending
        self._journal = sending.journal
        self._given_up: set[int] = set()  # items that were not seen in all the time there was
        self._held_back: Waiting | None = None  # a 429 that nobody was told of yet
        self._checked: set[int] = set()  # items with a refused repeat that were asked about: once is enough
        self._unheard = False  # whether a row of this round was not asked about, or got no usable answer

    def wanted(self) -> bool:
        """Whether there is anything that a look-up could still prove."""
        kind = self._s.batch_type.look_up
        if kind in (LookUp.NONE, LookUp.NOT_NEEDED):
            return False
        if kind is LookUp.REFERENCE and not self._journal.meta.get("referenced"):
            return False
        return bool(self._open_items() or self._refused_repeats())

    def run(self, once: bool = False) -> Iterator[Event]:
        """Look every unknown row up until all are proven or the time is over. A stop ends it between two requests.

        once: every row is asked about a single time, however long that takes. What was asked before the computer slept
        is asked again, and the time begins anew: nobody knows what Gameball did meanwhile.
        """
        s = self._s
        seconds = inf if once else s.settings.look_up_seconds
        until, wait = s.clock.monotonic() + seconds, s.retry_base
        self._unheard = True
        yield Note(tr("Rows whose answer was lost are looked up at Gameball."))
        while self.wanted() and not self._over(until):
            wakes, began = s.wakes.count(), s.clock.now_ms()
            found = self._round(until)
            if self._held_back:
                yield self._held_back
                self._held_back = None
            if found:
                one = tr("1 row was found at Gameball: it was applied.")
                many = tr("{count} rows were found at Gameball: they were applied.", count=found)
                yield Note(one if found == 1 else many)
            slept = s.wakes.count() != wakes
            if not slept and not self._unheard:
                self._journal.meta.set("looked_up_ms", began)
            if s.halt is not None or (once and not slept):
                break
            if not slept and self.wanted():
                s.rest(min(wait, max(0.0, until - s.clock.monotonic())))
                wait = min(wait * 2, SLOWEST_ROUND)
            if s.wakes.count() != wakes:
                until, wait = s.clock.monotonic() + seconds, s.retry_base
                self._checked.clear()
        self._journal.meta.set("unheard", self._unheard)
        if not s.control.ending:
            self._given_up.update(item.item for item in self._open_items())

    def _over(self, until: float) -> bool:
        return self._s.control.ending or self._s.clock.monotonic() >= until

    def _open_items(self) -> list[Item]:
        return [item for item in self._journal.outcome_items(Outcome.UNKNOWN) if item.item not in self._given_up]

    def _refused_repeats(self) -> list[Item]:
        """Rows that count as applied because their ID exists: a look-up tells their own try from an earlier payment."""
        return [item for item in self._journal.refused_repeats() if item.item not in self._checked]

    def _round(self, until: float) -> int:
        """Look every open item up once; how many rows that proved. What is found is stored at once."""
        self._unheard = False
        repeats = self._refused_repeats()
        self._checked.update(item.item for item in repeats)
        items, found = [*self._open_items(), *repeats], 0
        proofs = self._orders(items) if self._s.batch_type.look_up is LookUp.ORDERS else self._transactions(items)
        for settled in proofs:
            self._journal.settle(settled)
            found += sum(one.outcome is Outcome.ALREADY_APPLIED for one in settled)
            if self._over(until) or self._s.halt is not None:
                self._unheard = True  # of the others nothing was asked
                break
        return found

    def _transactions(self, items: Iterable[Item]) -> Iterator[list[Settled]]:
        by_customer: dict[str, list[Item]] = {}
        for item in items:
            by_customer.setdefault(item.customer or "", []).append(item)
        for customer, wanted in by_customer.items():
            listed = self._listed(customer)
            yield [settled for item in wanted if (settled := self._settled(item, listed)) is not None]

    def _settled(self, item: Item, listed: Sequence[Transaction]) -> Settled | None:
        """What a customer's transactions say about an item; None when it is not among them, which proves nothing."""
        for seen in listed:
            if self._proves(item, seen):
                return _proven(item, dict(seen.returned))
        other = next((seen for seen in listed if item.ident is not None and seen.transaction_id == item.ident), None)
        return None if other is None else _contradicted(item, other)

    def _listed(self, customer: str) -> list[Transaction]:
        s, found, after = self._s, list[Transaction](), None
        for _ in range(PAGES):
            page = s.fetch(partial(s.client.transactions, customer, start_after=after, wait=s.control.wait_to_end))
            if page is None or page.transactions is None:
                self._unheard = True
            if page is None:
                break
            if page.reaction in STOPPING:
                s.stop_for(STOPPING[page.reaction], page.message)
            self._hear(page.facts, page.message)
            found.extend(page.transactions or ())
            after = page.next
            if after is None:
                break
        return found

    def _proves(self, item: Item, seen: Transaction) -> bool:
        if self._s.batch_type.look_up is LookUp.REFERENCE:
            return reference(self._s.run, item.item) in seen.reason.split()
        return item.ident is not None and seen.transaction_id == item.ident and _same_amount(item, seen)

    def _orders(self, items: list[Item]) -> Iterator[list[Settled]]:
        """An order that Gameball answers with its transactions was applied; one that it doesn't know proves nothing."""
        s = self._s
        for start in range(0, len(items), ORDERS_AT_ONCE):
            part = items[start : start + ORDERS_AT_ONCE]
            body = json.dumps({"body": [item.ident for item in part]}, ensure_ascii=False).encode()
            answer = s.fetch(partial(s.client.create_job, "orders/transactions", body, wait=s.control.wait_to_end))
            if answer is not None:
                self._hear(answer.facts, answer.message)
            if answer is None or answer.job is None:
                self._unheard = True
                return
            known = {entry.ident: entry for entry in self._successes(answer.job) if entry.ident is not None}
            yield [_proven(item, dict(known[item.ident].returned)) for item in part if item.ident in known]

    def _successes(self, job: str) -> tuple[Entry, ...]:
        s = self._s
        asked, since = 0, s.clock.monotonic()
        while s.clock.monotonic() - since <= s.settings.look_up_seconds and not s.control.ending:
            s.rest(s.polls.next(asked, s.clock.monotonic() - since))
            asked += 1
            status = s.fetch(partial(s.client.job_status, job, s.control.wait_to_end))
            if status is None or status.state is JobState.MISSING:
                break
            self._hear(status.facts, status.message)
            if status.state is JobState.FINISHED:
                return status.successes or ()
        self._unheard = True
        return ()

    def _hear(self, facts: Facts | None, sentence: str) -> None:
        """Remember that an answer holds every request back."""
        if facts is not None and facts.pause:
            self._held_back = Waiting(sentence, facts.pause)


def _contradicted(item: Item, seen: Transaction) -> Settled:
    """The ID is there with another amount: an earlier payment, so nobody knows what became of this row."""
    message = tr("Gameball holds this ID with another amount ({amount}): an earlier payment.", amount=seen.amount)
    return Settled(item.item, Outcome.UNKNOWN, message, "looked up", returned=dict(seen.returned))


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
