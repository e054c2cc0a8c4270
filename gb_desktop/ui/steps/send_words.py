"""What the send step says about a run: its headline, its counters, its end. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from gb_desktop.catalog import BatchType, Resend, batch_type
from gb_desktop.runs.events import Counts
from gb_desktop.runs.model import RunFacts, RunState
from gb_desktop.text import rows_words, tr


@dataclass(frozen=True, slots=True)
class Shares:
    """Rows that are sent, by the four counters; they add up to `sendable`."""

    succeeded: int
    failed: int
    waiting: int
    unknown: int
    sendable: int
    repeats: int  # part of succeeded: Gameball had them already
    excluded: int
    unread: int = 0  # part of waiting, at rest: in requests whose result was not read yet

    @property
    def done(self) -> int:
        """Rows that need nothing more from the sender."""
        return self.succeeded + self.failed + self.unknown


def shares_of(counts: Counts) -> Shares:
    """The four counters. A row that Gameball had already applied counts as succeeded, and is told apart in words."""
    shares = Shares(
        succeeded=counts.succeeded + counts.already_applied,
        failed=counts.failed,
        waiting=counts.not_sent + counts.resumable,
        unknown=counts.unknown - counts.resumable,
        sendable=counts.rows - counts.excluded,
        repeats=counts.already_applied,
        excluded=counts.excluded,
        unread=counts.resumable,
    )
    if shares.succeeded + shares.failed + shares.waiting + shares.unknown != shares.sendable:
        raise AssertionError(f"the outcomes do not add up to the rows: {counts}")
    return shares


def sum_sentence(shares: Shares) -> str:
    """How the counters and the sheet's rows belong together."""
    parts = [tr("{rows} to send", rows=rows_words(shares.sendable))]
    if shares.excluded:
        parts.append(tr("{count} left out before sending", count=shares.excluded))
    if shares.repeats:
        parts.append(tr("{count} of the succeeded ones had been applied already", count=shares.repeats))
    return " · ".join(parts)


def end_sentence(facts: RunFacts, shares: Shares) -> tuple[str, str]:
    """(title, sentence) of a run that isn't being sent at the moment."""
    if facts.state is RunState.FINISHED and not shares.failed:
        if shares.succeeded == 1:
            return tr("Finished: 1 row succeeded."), ""
        return tr("Finished: all {count} rows succeeded.", count=shares.succeeded), ""
    if facts.state is RunState.FINISHED:
        good = rows_words(shares.succeeded)
        title = tr("Finished: {good} succeeded, {bad} failed.", good=good, bad=shares.failed)
        if facts.type and batch_type(facts.type).reads_only:
            return title, tr("The reasons are listed below.")
        return title, tr("Gameball applied none of the failed rows. The reasons are listed below.")
    if facts.state is RunState.NEEDS_ATTENTION:
        undecided = shares.unknown + shares.waiting
        title = tr("Sent, but not all is known: {count} rows need a decision.", count=undecided)
        if undecided == 1:
            title = tr("Sent, but not all is known: 1 row needs a decision.")
        return title, tr(
            "Gameball may or may not have applied the unknown rows. They are never sent again by themselves."
        )
    if facts.state is RunState.READY:
        return tr("Everything is planned; nothing was sent yet."), ""
    if facts.state is RunState.SENDING:
        return tr("This run is being sent by another window or command."), ""
    title = tr("Stopped on the way") if facts.stopped else tr("Paused")
    if facts.state is RunState.INTERRUPTED:
        title = tr("Interrupted")
    unsent = shares.waiting - shares.unread
    why = facts.sentence or (
        tr("1 row was not sent yet.") if unsent == 1 else tr("{count} rows were not sent yet.", count=unsent)
    )
    return title, " ".join(filter(None, (why, unread_sentence(shares.unread))))


def unread_sentence(rows: int) -> str:
    """About rows in requests whose result is still to be fetched; "" when there are none."""
    if not rows:
        return ""
    if rows == 1:
        return tr("1 row is in a request whose result was not read yet: Go on sending reads it.")
    return tr("{count} rows are in requests whose result was not read yet: Go on sending reads it.", count=rows)


def can_look_up(kind: BatchType) -> bool:
    """Whether Gameball can be asked about unknown rows of this type."""
    return kind.can_be_looked_up


def again_warning(kind: BatchType) -> str:
    """What sending unknown rows again may do."""
    return {
        Resend.HARMLESS: tr("Sending the same data again changes nothing more."),
        Resend.KEYED: tr("They keep their IDs, so Gameball refuses those that it applied already."),
        Resend.ONCE: tr(
            "If Gameball applied them the first time, it happens twice, and nothing can tell the two apart."
        ),
    }[kind.resend]
