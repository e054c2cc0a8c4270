"""What the engine tells whoever drives it: a closed set of small frozen events."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a run by outcome: the six always add up to `rows`."""

    rows: int = 0
    succeeded: int = 0
    failed: int = 0
    already_applied: int = 0
    unknown: int = 0
    not_sent: int = 0
    excluded: int = 0
    in_flight: int = 0  # part of not_sent: in jobs or requests under way
    resumable: int = 0  # part of unknown, when nobody sends: going on learns what became of them


@dataclass(frozen=True, slots=True)
class RunStarted:
    counts: Counts
    chunks: int


@dataclass(frozen=True, slots=True)
class ChunkSending:
    chunk: int
    items: int


@dataclass(frozen=True, slots=True)
class ChunkAccepted:
    chunk: int
    job: str


@dataclass(frozen=True, slots=True)
class ChunkNotSent:
    chunk: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ChunkRejected:
    chunk: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ChunkUnsure:
    chunk: int
    sentence: str


@dataclass(frozen=True, slots=True)
class JobProgress:
    chunk: int
    job: str
    word: str
    done: int


@dataclass(frozen=True, slots=True)
class JobFinished:
    chunk: int
    job: str
    word: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing can be done for `seconds`; the sentence says why (network, rate limit, another sender)."""

    sentence: str
    seconds: float


@dataclass(frozen=True, slots=True)
class InLine:
    """Another window or command is sending a run of this account; this one goes on by itself when that has ended."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Finishing:
    """Nothing new is sent; so many requests are under way and so many jobs are watched to their end."""

    requests: int
    jobs: int


@dataclass(frozen=True, slots=True)
class RunPaused:
    """The run stopped itself or was asked to.

    `reason` is user, stop, keys, account, setup, network, breaker, unit, disk, line (another sender), again.
    """

    reason: str
    sentence: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class RunFinished:
    """Nothing is left to do. state: finished or needs_attention."""

    state: str
    counts: Counts
    seconds: float


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth a line in the run's log."""

    sentence: str
    details: dict[str, str] = field(default_factory=dict)


Event = (
    RunStarted
    | ChunkSending
    | ChunkAccepted
    | ChunkNotSent
    | ChunkRejected
    | ChunkUnsure
    | JobProgress
    | JobFinished
    | Waiting
    | InLine
    | Finishing
    | RunPaused
    | RunFinished
    | Note
)
