"""What the HTTP client says: facts about a request, and the answers of a job, whatever the dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Dialect(StrEnum):
    """The two documented ways to watch a job. Source: the batch API's page, "Watching a job"."""

    A = "a"  # GET batch/{jobId}, DELETE to stop
    B = "b"  # GET batches/{id}/status, POST batches/{id}/stop


class Verdict(StrEnum):
    """What a create-job request came to."""

    ACCEPTED = "accepted"  # 200 with a jobId
    NOT_SENT = "not sent"  # certainly nothing was applied; the same request may go again
    REJECTED = "rejected"  # refused for its content (3xxx); nothing was applied
    UNSURE = "unsure"  # anything else


class Reaction(StrEnum):
    """What the run should do about a request that was not accepted."""

    NONE = "none"
    RETRY = "retry"  # the same later (429, 2001, network)
    KEYS = "keys"  # 1xxx: stop the run, ask for keys
    ACCOUNT = "account"  # 6xxx, 8xxx: stop the run, no item can succeed
    SETUP = "setup"  # a redirect, a proxy, a certificate: stop the run
    NETWORK = "network"  # no connection: wait for the network


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known for certain about one HTTP exchange. Never holds keys."""

    sent: bool  # at least one byte of the request left
    status: int | None = None
    body: Any = None  # parsed JSON (numbers with a point are Decimal), None when unreadable or absent
    text: str = ""  # the first 2,000 characters of the answer, for the record
    retry_after: float | None = None  # seconds, 1 to 300
    pause: float = 0.0  # seconds that the account's limiter holds every request back because of this answer
    location: str = ""  # of a redirect
    failure: str = ""  # "" or connect, refused, dns, tls, proxy, timeout, reset, cut, unreadable
    detail: str = ""  # one sentence
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A create-job request, judged."""

    verdict: Verdict
    reaction: Reaction
    facts: Facts
    job: str | None = None
    code: int | None = None  # Gameball's error code
    message: str = ""  # one sentence for people


class JobState(StrEnum):
    UNFINISHED = "unfinished"
    FINISHED = "finished"  # any finished word; `word` says which
    MISSING = "missing"  # 404 in both dialects
    UNREACHED = "unreached"  # no usable answer this time; `answer_facts` says why


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a job's result lists. Every key Gameball sent is in `returned`, as it was spelled."""

    ok: bool
    customer: str | None = None
    ident: str | None = None  # an echoed transactionId or orderId
    code: int | None = None
    message: str = ""
    returned: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as one poll saw it. Counts are None when missing; entries are provisional until the job is finished."""

    state: JobState
    word: str = ""  # the status word as Gameball spelled it
    total: int | None = None
    succeeded: int | None = None
    failed: int | None = None
    successes: tuple[Entry, ...] | None = None  # None: no list in the answer
    failures: tuple[Entry, ...] | None = None
    dialect: Dialect | None = None
    facts: Facts | None = None
    reaction: Reaction = Reaction.NONE
    message: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One entry of the transactions list."""

    customer: str
    transaction_id: str | None
    kind: str  # PaymentReward, Redemption, ManualAccumulation, ...
    points: str | None  # numbers as their exact text
    amount: str | None
    time: str | None
    reason: str
    returned: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connection:
    """Where and as whom. The keys never show in a repr."""

    base_url: str
    version: str  # "v4.0" or "v4.1"
    api_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    proxy: str = ""
