"""The first adjustment ever made on an account: it goes alone, and shows whether its amount means points or money."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gb_desktop.gameball.client import Discovery
from gb_desktop.runs.balances import balance_sentence, not_applied, unit_question
from gb_desktop.runs.events import Event, Note
from gb_desktop.runs.journal import Chunk
from gb_desktop.runs.model import Outcome
from gb_desktop.runs.state import Sending
from gb_desktop.text import tr


class FirstAdjustment:
    """Measures what the run's unit chunk did; on a live account no other adjustment goes until a person has judged."""

    def __init__(self, sending: Sending, inquire: Callable[[str], Discovery | None]) -> None:
        self._s = sending
        self._journal = sending.journal
        self._inquire = inquire
        self._open = not sending.account.unit and sending.journal.unit_chunk() is not None
        if self._open:
            sending.only = self._journal.items(self._unit().chunk)[0].item

    def before(self) -> Iterator[Event]:
        """Note the customer's balance before the adjustment, in the run file too: the app may be closed meanwhile."""
        if not self._open or not self._s.may_send or self._journal.meta.get("balance_before"):
            return
        chunk = self._unit()
        customer = self._customer(chunk)
        balance = balance_sentence(self._inquire(customer))
        if chunk.tries == 0 and self._s.may_send:
            self._journal.meta.set("balance_before", balance)
            yield Note(tr("Balance of {customer} before: {balance}.", customer=customer, balance=balance))

    def after(self) -> Iterator[Event]:
        """Once the adjustment has its result: show what it did, and on a live account wait for a person."""
        if not self._open:
            return
        chunk = self._unit()
        item = self._journal.items(chunk.chunk)[0]
        outcome = self._journal.outcome(item.item)
        if outcome is None:
            return
        self._open, self._s.only = False, None
        sentence = self._journal.meta.get("unit_question") or self._question(chunk, outcome)
        if sentence is None:
            return
        self._journal.meta.set("unit_question", sentence)
        yield Note(sentence)
        if self._s.account.environment == "live":
            self._s.stop_for("unit", sentence)

    def _question(self, chunk: Chunk, outcome: Outcome) -> str | None:
        item = self._journal.items(chunk.chunk)[0]
        if outcome not in (Outcome.SUCCEEDED, Outcome.ALREADY_APPLIED):
            return not_applied(item)
        found = self._inquire(self._customer(chunk))
        if found is None:
            return None
        before = self._journal.meta.get("balance_before") or tr("not known")
        return unit_question(item, before, balance_sentence(found))

    def _unit(self) -> Chunk:
        chunk = self._journal.unit_chunk()
        if chunk is None:
            raise AssertionError("a run whose unit is open has a unit chunk")
        return chunk

    def _customer(self, chunk: Chunk) -> str:
        return self._journal.items(chunk.chunk)[0].customer or ""
