"""From a judged job to outcomes: what is settled, what is asked again, and what stays unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gb_desktop.catalog import BatchType, Resend
from gb_desktop.gameball.codes import Cause, ErrorClass, class_of, meaning
from gb_desktop.gameball.judge import ItemResult, Result
from gb_desktop.gameball.model import Entry
from gb_desktop.runs.journal import Chunk, Item, Settled
from gb_desktop.runs.model import Outcome
from gb_desktop.text import tr

MOST_FOLLOW_UPS = 3
_ACCOUNT_WIDE = {ErrorClass.AUTH: "keys", ErrorClass.CONFIGURATION: "account", ErrorClass.SUBSCRIPTION: "account"}


@dataclass(slots=True)
class Decision:
    """What a finished chunk leaves: outcomes now, and items that go again with the same IDs."""

    settled: list[Settled] = field(default_factory=list)
    busy: list[Item] = field(default_factory=list)  # 2001: certainly not applied this time
    heal: list[Item] = field(default_factory=list)  # unknown, and safe to send again
    stop: tuple[str, str] | None = None  # (reason, sentence) when no other row of the account can succeed either

    def mark_seen(self, items: Sequence[int]) -> None:
        """Tell a person about unknown rows that Gameball listed as done before the job was stopped."""
        message = tr(
            "Unknown: Gameball listed this row as done before the job was stopped, and said nothing afterwards."
        )
        seen = set(items)
        self.settled = [
            replace(one, message=message) if one.outcome is Outcome.UNKNOWN and one.item in seen else one
            for one in self.settled
        ]

    def next_chunks(self, repeated: bool) -> list[tuple[str, list[Item], bool]]:
        """(kind, items, repeated) of the chunks that go again. repeated: whether the judged chunk was a repeat.

        Items that wait for each other stay together: in two chunks each could wait for the other for ever.
        """
        if entangled(self.busy, self.heal) or entangled(self.heal, self.busy):
            return [("heal", sorted([*self.busy, *self.heal], key=lambda item: item.item), True)]
        chunks = [("follow-up", self.busy, repeated), ("heal", self.heal, True)]
        return [chunk for chunk in chunks if chunk[1]]


def decide(batch_type: BatchType, chunk: Chunk, items: Sequence[Item], judged: Sequence[ItemResult]) -> Decision:
    """Outcomes for every item of a finished job. Source: the batch API's page, "Judging a finished job" and after."""
    decision = Decision()
    for item, one in zip(items, judged, strict=True):
        if one.item != item.item:
            raise AssertionError("judged items must come in the order sent")
        if one.result is Result.SUCCEEDED:
            decision.settled.append(_settled(item, Outcome.SUCCEEDED, one, chunk.job))
        elif one.result is Result.FAILED:
            decision.stop = decision.stop or _stopping(one.entry)
            _decide_failed(batch_type, chunk, item, one, decision)
        else:
            _decide_unknown(batch_type, chunk, item, one, decision)
    return decision


def _stopping(entry: Entry | None) -> tuple[str, str] | None:
    """Why the run can't go on after this refusal of one row, or None: most concern that row alone."""
    code = entry.code if entry else None
    reason = _ACCOUNT_WIDE.get(class_of(code))
    return (reason, meaning(code, entry.message if entry else "").sentence) if reason else None


def _decide_failed(batch_type: BatchType, chunk: Chunk, item: Item, one: ItemResult, decision: Decision) -> None:
    entry = one.entry
    cause = meaning(entry.code if entry else None, entry.message if entry else "").cause
    if cause is Cause.IN_PROGRESS and chunk.generation < MOST_FOLLOW_UPS:
        decision.busy.append(item)
    elif not chunk.repeated or batch_type.resend is Resend.HARMLESS:
        decision.settled.append(_settled(item, Outcome.FAILED, one, chunk.job))
    elif cause is Cause.DUPLICATE_ID:
        message = tr("Gameball refused the repeat: this ID exists already. It could also be an earlier payment.")
        decision.settled.append(
            Settled(
                item.item, Outcome.ALREADY_APPLIED, message, "repeat refused", _code(entry), chunk.job, _kept(entry)
            )
        )
    else:  # the first, lost try may have been applied and be the very reason of this refusal
        decision.settled.append(_settled(item, Outcome.UNKNOWN, one, chunk.job))


def _decide_unknown(batch_type: BatchType, chunk: Chunk, item: Item, one: ItemResult, decision: Decision) -> None:
    if batch_type.resend is not Resend.ONCE and chunk.generation < MOST_FOLLOW_UPS:
        decision.heal.append(item)
        return
    message = tr("Gameball finished the job without saying what became of this row.")
    decision.settled.append(Settled(item.item, Outcome.UNKNOWN, message, one.evidence, None, chunk.job))


def _settled(item: Item, outcome: Outcome, one: ItemResult, job: str | None) -> Settled:
    entry = one.entry
    message = ""
    if entry is not None:
        message = entry.message if outcome is Outcome.SUCCEEDED else meaning(entry.code, entry.message).sentence
        if entry.message and entry.message not in message:
            message = tr("{meaning} Gameball says: {said}", meaning=message, said=entry.message)
    return Settled(item.item, outcome, message, one.evidence, _code(entry), job, _kept(entry))


def _code(entry: Entry | None) -> int | None:
    return entry.code if entry else None


def _kept(entry: Entry | None) -> Mapping[str, object] | None:
    return entry.returned if entry else None


def all_with(
    items: Sequence[Item], outcome: Outcome, message: str, evidence: str, code: int | None = None
) -> list[Settled]:
    """One outcome for every item of a chunk."""
    return [Settled(item.item, outcome, message, evidence, code) for item in items]


def refused_outcome(batch_type: BatchType, chunk: Chunk) -> Outcome:
    """The outcome of rows whose whole request was refused: a lost earlier try may have been applied."""
    harmless = batch_type.resend is Resend.HARMLESS
    return Outcome.UNKNOWN if chunk.repeated and not harmless else Outcome.FAILED


def unknown(items: Sequence[Item], sentence: str) -> list[Settled]:
    """Unknown outcomes for a chunk that nothing may send again."""
    message = tr("Sent, but the answer was lost: {reason}", reason=sentence)
    return all_with(items, Outcome.UNKNOWN, message, "answer lost")


def waiting(chunk: Chunk, held: Sequence[int]) -> list[Settled]:
    """The outcome of rows that wait for an earlier row of their customer: a row of a repeat was sent before."""
    if chunk.repeated:
        message = tr(
            "Sent, but the answer was lost; it can't go again while an earlier row of this customer is unknown."
        )
        return [Settled(item, Outcome.UNKNOWN, message, "answer lost") for item in held]
    message = tr("Not sent: an earlier row of this customer has an unknown outcome.")
    return [Settled(item, Outcome.NOT_SENT, message, "waits") for item in held]


def named_place(message: str, count: int) -> int | None:
    """The item (from 0) that a refusal of a whole request names, `body[3].amount`; None when it names none or more."""
    named = {int(place) for place in re.findall(r"\bbody\[(\d{1,4})\]", message)}
    return named.pop() if len(named) == 1 and max(named) < count else None


def cut_at(place: int | None, items: Sequence[Item]) -> list[Sequence[Item]]:
    """The parts in which a refused request is tried again: the named item by itself, else two halves.

    Where a customer has several rows in it, always two halves: no row may go before an earlier one of its customer.
    """
    if place is None or entangled(items, items):
        middle = len(items) // 2
        return [items[:middle], items[middle:]]
    return [items[place : place + 1], [*items[:place], *items[place + 1 :]]]


def entangled(items: Sequence[Item], others: Sequence[Item]) -> bool:
    """Whether an item of one group waits for an item of the other."""
    numbers = {item.item for item in others}
    return any(item.previous in numbers for item in items)
