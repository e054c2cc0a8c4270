"""What the send step asks of the desk in one go. Blocking calls, for a worker; knows no Qt."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gb_desktop.runs.model import FailureGroup, LogLine, RunFacts, SendSettings
from gb_desktop.runs.saying import unseen_words

if TYPE_CHECKING:
    from gb_desktop.accounts.model import Account
    from gb_desktop.desk import Desk

_LOG_LINES = 200


@dataclass(frozen=True, slots=True)
class Stored:
    """What a run file says about its sending."""

    facts: RunFacts
    chunks: int
    failures: tuple[FailureGroup, ...]
    log: tuple[LogLine, ...]
    reason: str  # of the last pause: user, stop, keys, account, setup, network, breaker, unit
    unit_question: str
    unseen: str = ""  # since when rows of unknown outcome were not seen


def stored(desk: Desk, run: str) -> Stored:
    """Read everything the page shows of a run at rest."""
    with closing(desk.reader(run)) as reader:
        return Stored(
            reader.facts(),
            reader.chunk_count(),
            tuple(reader.failures()),
            tuple(reader.log(_LOG_LINES)),
            str(reader.meta("reason", "") or ""),
            str(reader.meta("unit_question", "") or ""),
            unseen_words(*found) if (found := reader.unseen()) else "",
        )


def sender_of(desk: Desk, run: str) -> tuple[Account, SendSettings]:
    """The account of a run, and how it is sent by the app's settings now."""
    return desk.account_of(run), desk.send_settings()


def keys_were_changed(desk: Desk, run: str) -> bool:
    """Whether the run was begun with other keys of the same account, so that a person may say they were replaced."""
    with closing(desk.reader(run)) as reader:
        kept = reader.meta("account") or {}
    now = desk.facts(desk.account_of(run))
    same_place = (kept.get("environment"), kept.get("base_url")) == (now.environment, now.base_url)
    return bool(same_place and kept.get("fingerprint") != now.fingerprint)


def allow_again(desk: Desk, run: str) -> tuple[Account, SendSettings]:
    """A person said that rows are to be sent although another run sent them while this one waited in line."""
    desk.allow_again(run)
    return sender_of(desk, run)


def decide_unit(desk: Desk, run: str, unit: Literal["points", "money"]) -> tuple[Account, SendSettings]:
    """Remember with the account what a person said about the unit of its adjustments."""
    name = desk.account_of(run).name
    desk.accounts.remember_unit(name, unit)
    return sender_of(desk, run)
