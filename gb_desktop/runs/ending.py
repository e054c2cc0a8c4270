"""How a sending ended: the words for a pause, and what is kept of it in the run file and the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from gb_desktop.runs.events import Counts
from gb_desktop.runs.meta import now_iso
from gb_desktop.runs.model import RunState
from gb_desktop.runs.state import Sending
from gb_desktop.text import tr

_LEFT_THE_LINE = ("stop", "user", "line")  # why a run ends that nothing is wrong with


@dataclass(frozen=True, slots=True)
class End:
    """The end of one sending; `seconds` of this one alone."""

    state: RunState
    counts: Counts
    sentence: str
    reason: str
    seconds: float


def paused_words(s: Sending, counts: Counts) -> tuple[str, str]:
    """(reason, sentence) of a sending that ends with rows left."""
    if s.halt is not None:
        return s.halt.reason, s.halt.sentence
    if s.control.stopped:
        one = tr("Sending was stopped. 1 row was not sent.")
        many = tr("Sending was stopped. {count} rows were not sent.", count=counts.not_sent)
        return "stop", one if counts.not_sent == 1 else many
    if not counts.not_sent:
        return "user", tr("Sending is paused. Every row is on its way.")
    if counts.not_sent == 1:
        return "user", tr("Sending is paused. 1 row is waiting.")
    return "user", tr("Sending is paused. {count} rows are waiting.", count=counts.not_sent)


def keep_end(s: Sending, end: End) -> None:
    """Write the end down. IDs that Gameball certainly doesn't hold may go again from now on.

    A run that left the line before its turn is what it was: planned, and free to be changed.
    """
    meta = s.journal.meta
    numbers = {name: getattr(end.counts, name) for name in Counts.__dataclass_fields__}
    with s.journal.commit():
        if end.state is RunState.PAUSED and end.reason in _LEFT_THE_LINE and s.journal.never_begun():
            meta.update(state=RunState.READY.value, counts=numbers, sentence="", reason="", stopped=s.control.stopped)
            return
        meta.update(
            state=end.state.value,
            counts=numbers,
            sentence=end.sentence,
            reason=end.reason,
            stopped=s.control.stopped,
            seconds=round(float(meta.get("seconds", 0.0)) + end.seconds, 1),
            finished=now_iso(),
        )
    s.ledger.free_idents(s.account.fingerprint, s.batch_type.key, s.run, s.journal.free_idents())
    s.ledger.update(s.run, end.state.value, end.counts.unknown)
