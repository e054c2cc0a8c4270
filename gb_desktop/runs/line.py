"""A run's turn: one sender an account, the others wait in line; and what was sent meanwhile is looked at once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gb_desktop.runs.events import Event, InLine
from gb_desktop.runs.known import known_items, known_sentence, samples_of
from gb_desktop.runs.ledger import LedgerRun
from gb_desktop.runs.locks import LockTogether
from gb_desktop.runs.meta import now_iso
from gb_desktop.runs.model import RunState
from gb_desktop.runs.review import told_again
from gb_desktop.runs.state import GLANCE, Sending
from gb_desktop.text import tr


@dataclass(frozen=True, slots=True)
class Turn:
    """The account's locks, one a key. Whoever waits for them is seen waiting, and a stop ends the wait."""

    lock: LockTogether
    taken: Callable[[], None] = lambda: None  # it has come: others may have sent until now

    def take(self, s: Sending) -> Iterator[Event]:
        """Wait until no other run of the account is being sent. Without a turn the sending has a halt or is ending."""
        until = s.clock.monotonic() + s.settings.wait_line
        waits = False
        while not self.lock.acquire():
            if s.control.ending:
                return
            if s.clock.monotonic() >= until:
                s.stop_for("line", _still_taken(s.account.name))
                return
            if not waits:
                waits = True
                yield InLine(_waiting(s.account.name))
            s.rest(GLANCE)
        self.taken()
        if not s.control.ending:
            enrol(s)


def _waiting(name: str) -> str:
    return tr(
        "Waiting in line: another window or command is sending a run of the account {name}. "
        "This one goes on by itself when that has ended.",
        name=name,
    )


def _still_taken(name: str) -> str:
    return tr("Another run of the account {name} is being sent. This one can go on when that has ended.", name=name)


def enrol(s: Sending) -> None:
    """Write the run into the ledger before its first request, so that the same sheet is recognised.

    Between planning and its turn, or during a pause, another run may have sent the same rows or IDs: then a person is
    asked first. Every chunk's IDs are looked at once more when it goes.
    """
    meta = s.journal.meta
    if s.batch_type.reads_only or s.only_asks:
        return
    if not meta.get("again"):
        found = _ids_meanwhile(s) if meta.get("first_sent") else _sent_meanwhile(s)
        if found:
            s.stop_for("again", found)
            return
    review = meta.get("review") or {}
    s.ledger.record(
        LedgerRun(
            run=s.run,
            fingerprint=s.account.fingerprint,
            account=s.account.name,
            environment=s.account.environment,
            type=s.batch_type.key,
            ordered=meta.get("ordered", ""),
            unordered=meta.get("unordered", ""),
            sent_at=meta.get("first_sent") or now_iso(),
            state=RunState.SENDING.value,
            items=int(review.get("items", 0)),
            total=str(review.get("total", "")),
        )
    )
    if not meta.get("first_sent"):
        meta.set("first_sent", now_iso())


def _sent_meanwhile(s: Sending) -> str:
    """The sentence about a run that sent the same rows or IDs since this one was planned; "" when none did."""
    meta = s.journal.meta
    same = s.ledger.like(s.account.fingerprint, s.batch_type.key, meta.get("unordered", ""))
    earlier = told_again(same, meta.get("ordered", ""), s.run)
    if earlier:
        return tr("{found} Sending it again could pay twice.", found=earlier[0].sentence)
    return _ids_meanwhile(s)


def _ids_meanwhile(s: Sending) -> str:
    """The sentence about IDs that are still to be sent here and that another run has sent; "" when there are none."""
    db = s.journal.connection
    planned = "SELECT item FROM chunk_items JOIN chunks USING (chunk) WHERE state = 'planned' AND repeated = 0"
    held = "SELECT item FROM outcomes WHERE outcome = 'not sent'"
    left = f"{planned} UNION ALL {held}"
    if db.execute(f"{left} LIMIT 1").fetchone() is None:
        return ""
    found = known_items(db, s.batch_type, s.account, s.ledger, s.run)
    waiting = {item for (item,) in db.execute(left)} if found else set()  # which can be a million
    known = {item: said for item, said in found.items() if item in waiting}
    return known_sentence(len(known), samples_of(known)) if known else ""
