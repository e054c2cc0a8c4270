"""What a run is made of, as the window and the command line see it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from enum import StrEnum

from gb_desktop.checking.model import Problem, RowState, Severity
from gb_desktop.mapping.model import Evidence, Mapping, Match
from gb_desktop.runs.events import Counts
from gb_desktop.workbook.cells import decode_row
from gb_desktop.workbook.model import Column, RowFlag, Skipped, Value


class RunError(Exception):
    """Something that can't be done with a run; `str()` is one plain sentence.

    `reason` is a stable word: options, missing, locked, keys, again, known, hidden, invalid, empty, disk, newer,
    damaged, state, crashed, cancelled, gave-way, unit.
    """

    def __init__(self, sentence: str, reason: str = "options") -> None:
        super().__init__(sentence)
        self.reason = reason


class RunState(StrEnum):
    DRAFT = "draft"
    READY = "ready"  # planned, nothing sent yet
    SENDING = "sending"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    NEEDS_ATTENTION = "needs_attention"
    FINISHED = "finished"


class Outcome(StrEnum):
    """What became of a row. Every row of a run has exactly one."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ALREADY_APPLIED = "already applied"
    UNKNOWN = "unknown"
    NOT_SENT = "not sent"
    EXCLUDED = "excluded"


class ChunkState(StrEnum):
    """The sending state machine; every change is committed before the next step."""

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FINISHED = "finished"
    REJECTED = "rejected"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What a run keeps of the account it belongs to: never the keys, only their salted fingerprint."""

    name: str
    environment: str  # practice, test, live
    base_url: str
    version: str
    fingerprint: str
    merge: frozenset[str] = frozenset()
    unit: str = ""  # of an adjustment's amount: "", points, money
    dialect: str = ""


AHEAD = "ahead"  # what a worker says that may be lost, and its call with it, by reading what was not looked through


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long step is. total is 0 while unknown."""

    what: str  # "reading", "checking", "again" (a change is made, its rows are checked), "planning", "writing", ...
    done: int
    total: int = 0


Say = Callable[[Progress], None]


def silent(_progress: Progress) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A sheet that stands in the run file, every row of it."""

    sheet: str
    header_row: int
    columns: tuple[Column, ...]
    rows: int  # rows below the header with any value, hidden ones included
    skipped: Skipped
    changes: tuple[str, ...] = ()  # of a corrected sheet: what is different now, in sentences


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the app makes of the columns before the user has said anything."""

    mapping: Mapping
    matches: tuple[Match, ...]  # all of them, unsure ones too
    notes: tuple[str, ...] = ()  # "The mapping March cashback was applied, because the headers are the same."
    anew: Mapping | None = None  # where a mapping saved or used before was applied: what names and contents alone say
    used_in: str = ""  # the run that the mapping was used in last, where that was applied


@dataclass(frozen=True, slots=True)
class MappingView:
    """A mapping as the Columns step shows it."""

    samples: ReadOnly[str, tuple[str, ...]]  # by field path: three values as they will be sent
    unused: tuple[str, ...]  # headers that no field uses
    problems: tuple[Problem, ...]  # of the mapping itself (row 0)
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class CheckCounts:
    """Rows by state; ready + errors + excluded = rows."""

    rows: int = 0
    ready: int = 0
    errors: int = 0
    excluded: int = 0
    warnings: int = 0  # ready rows with a warning
    hidden: int = 0  # rows flagged hidden, whatever was decided about them
    changed: int = 0  # rows with an edit


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems with one cause: same code, same field, same severity."""

    code: str
    field: str
    severity: Severity
    count: int
    message: str  # of its first row
    rows: tuple[int, ...] = ()  # its first twenty row numbers
    column: int | None = None


@dataclass(frozen=True, slots=True)
class FixOffer:
    """A bulk fix for a problem group, with what it would do.

    Of `before` rows that have the problem `after` would keep it; `count` is the group's, and more than `before` where
    only the first few thousand were looked at.
    """

    key: str  # handed back to apply it
    sentence: str  # "Trim spaces in 212 cells"
    count: int
    samples: tuple[tuple[str, str], ...] = ()  # before, after
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value of a column and how many cells hold it. `cell` is the value as the run file holds it, exact."""

    cell: str
    count: int

    @property
    def value(self) -> Value:
        return decode_row(f"[{self.cell}]")[0]


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What a column holds, over all rows."""

    column: int
    rows: int
    empty: int
    distinct: int  # different values, empty cells aside
    values: tuple[ValueCount, ...] = ()  # the most frequent first
    lengths: tuple[tuple[int, int, int], ...] = ()  # texts by length: from, to, cells
    ends: str = "[]"  # the smallest and the largest number, or else date, as a row of the run file

    def range(self) -> tuple[Value, Value] | None:
        """The smallest and the largest, None where there are neither numbers nor dates."""
        found = decode_row(self.ends)
        return (found[0], found[1]) if found else None


@dataclass(frozen=True, slots=True)
class CheckSummary:
    counts: CheckCounts
    groups: tuple[ProblemGroup, ...]
    changes: tuple[str, ...] = ()  # "Invisible characters were removed from 212 cells of Mobile."
    sheet_problems: tuple[Problem, ...] = ()  # row 0: settings that must be chosen; any error here blocks Next


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line of the sheet as the grids show it."""

    row: int
    values: tuple[Value, ...]  # edits applied
    flag: RowFlag
    state: RowState
    reason: str = ""  # why excluded
    marks: ReadOnly[int, Severity] = field(default_factory=dict)  # column index -> worst problem there
    messages: tuple[str, ...] = ()
    edited: frozenset[int] = frozenset()  # column indexes
    outcome: Outcome | None = None  # once planned
    outcome_message: str = ""


@dataclass(frozen=True, slots=True)
class BigRow:
    row: int
    customer: str
    amount: str
    why: str = ""  # "100 times the median"


@dataclass(frozen=True, slots=True)
class Review:
    """Step 5: what will be sent, in figures. Amounts are exact Decimals as text; "" where the type has none."""

    rows: int
    items: int
    customers: int
    requests: int
    total: str = ""
    additions: str = ""  # adjustments only
    deductions: str = ""
    points: str = ""  # in total, of rows that give points instead of an amount
    largest: str = ""  # like the rest below of the amounts, or of the points where no row has an amount
    smallest: str = ""
    median: str = ""
    seconds: float = 0.0  # expected
    histogram: tuple[tuple[str, str, int], ...] = ()  # from, to, count
    biggest: tuple[BigRow, ...] = ()
    unusual: tuple[BigRow, ...] = ()
    differences: tuple[str, ...] = ()  # from the last run of this mapping
    earlier: tuple[EarlierRun, ...] = ()  # runs of the same data
    known_ids: int = 0  # rows whose IDs the ledger says were sent before
    known: tuple[KnownId, ...] = ()  # the first of them
    left_known: int = 0  # rows left out because their IDs were sent before
    prefix: str = ""  # of generated transaction IDs


@dataclass(frozen=True, slots=True)
class KnownId:
    """A row whose transaction or order ID was sent with the same key before."""

    row: int
    ident: str
    run: str  # that sent it


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """A run of the same key with the same items."""

    run: str
    state: RunState
    created: str
    same_order: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run's own facts, for headers and lists. Times are UTC ISO 8601."""

    run: str
    state: RunState
    type: str  # "" while none is chosen
    created: str
    file: str = ""  # the user's file, as chosen
    sheet: str = ""
    account: str = ""
    environment: str = ""
    step: str = "type"  # where the wizard was: type workbook columns check review send
    counts: Counts = field(default_factory=Counts)
    stopped: bool = False
    sentence: str = ""  # why paused, interrupted or in need of attention
    finished: str = ""
    seconds: float = 0.0

    @property
    def unreadable(self) -> bool:
        """Its file can't be read: `sentence` says why, and nothing else is known of it."""
        return not self.created


@dataclass(frozen=True, slots=True)
class ChunkLine:
    """One line of the chunk table."""

    chunk: int
    state: ChunkState
    job: str
    items: int
    rows: int
    succeeded: int
    failed: int
    unknown: int
    tries: int
    seconds: float
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class FailureGroup:
    outcome: Outcome
    message: str
    count: int


@dataclass(frozen=True, slots=True)
class LogLine:
    at: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SendSettings:
    """How a run is sent. Sizes in rows, 1 to 1,000; 0 for `first` means: no small first chunk."""

    chunk_size: int = 1000
    first: int = 0  # "send 10 rows first and wait for their result"
    open_jobs: int = 64
    per_second: int = 30  # requests, questions about jobs among them; a little less is used, so that none is refused
    per_half_minute: int = 360
    failure_share: float = 0.20  # the run pauses when failures pass this share after 100 rows
    wait_network: float = 120.0  # seconds a dead network is waited for (the window: for ever)
    look_up_seconds: float = 120.0
    wait_line: float = 0.0  # seconds another sender of the account is waited for (the window: for ever)
