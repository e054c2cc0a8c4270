"""A hand-written desk for tests of single pages: answers at once, remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gb_desktop.checking.model import Problem, RowState, Severity
from gb_desktop.mapping.changes import Change
from gb_desktop.mapping.model import Evidence, Mapping, Match, Source
from gb_desktop.mapping.words import ColumnWords
from gb_desktop.runs.events import Counts
from gb_desktop.runs.model import (
    AccountFacts,
    BigRow,
    CheckCounts,
    CheckSummary,
    ChunkLine,
    ColumnFacts,
    FailureGroup,
    FixOffer,
    GridRow,
    Loaded,
    LogLine,
    MappingView,
    ProblemGroup,
    Progress,
    Review,
    RunError,
    RunFacts,
    RunState,
    SendSettings,
    Suggested,
    ValueCount,
)
from gb_desktop.runs.replayed import ReplayOffer
from gb_desktop.workbook.model import Column, Look, ReadOptions, Row, RowFlag, SheetFacts, Skipped

HEADERS = ("Customer", "Receipt", "Paid on", "Amount", "Branch")
COLUMNS = tuple(Column(at, "ABCDE"[at], header, header) for at, header in enumerate(HEADERS))
LIVE = AccountFacts("Acme live", "live", "https://api.gameball.co", "v4.0", "f" * 32)
PRACTICE = AccountFacts("Practice", "practice", "http://127.0.0.1:1", "v4.0", "0" * 32)
Say = Callable[[Progress], None]
ROWS = 400
BAD = 20  # every 20th row has an error


def values(number: int) -> tuple[Any, ...]:
    return (f"C-{10_000 + number}", f"TRX-{number:05d}", f"2026-03-01 {number % 24:02d}:15", 12.5 + number, "Cairo")


def look(path: str = "/data/march.xlsx", **facts: Any) -> Look:
    rows = tuple(Row(number, values(number)) for number in range(4, 104))
    above = ((1, ("March cashback", "", "", "", "")), (3, HEADERS))
    sheets = (SheetFacts("Cashback", "visible", ROWS), SheetFacts("Old", "hidden", 12))
    return Look(path, "xlsx", sheets, "Cashback", 3, COLUMNS, rows, above, **facts)


def mapping() -> Mapping:
    sources = {
        "customerId": Source.column("Customer"),
        "transactionId": Source.column("Receipt"),
        "transactionTime": Source.column("Paid on"),
        "amount": Source.column("Amount"),
    }
    return Mapping("cashback", sources)


def grid_row(number: int, excluded: bool = False) -> GridRow:
    if excluded:
        return GridRow(number, values(number), RowFlag.DATA, RowState.EXCLUDED, "left out")
    if number % BAD == 0:
        sentence = f"D{number} holds no number: write the amount in digits."
        return GridRow(number, values(number), RowFlag.DATA, RowState.ERROR, "", {3: Severity.ERROR}, (sentence,))
    return GridRow(number, values(number), RowFlag.DATA, RowState.READY)


def summary(excluded: int = 0, errors: int = 20) -> CheckSummary:
    counts = CheckCounts(ROWS, ROWS - errors - excluded, errors, excluded, warnings=3)
    groups = []
    if errors:
        message = "D20 holds no number: write the amount in digits."
        groups.append(ProblemGroup("not-a-number", "amount", Severity.ERROR, errors, message, (20, 40, 60), 3))
    groups.append(ProblemGroup("same-row", "", Severity.WARNING, 3, "Rows 7 and 9 are alike.", (7, 9, 11)))
    return CheckSummary(counts, tuple(groups), ("Spaces were removed from 12 cells of Receipt.",))


def review(**facts: Any) -> Review:
    given: dict[str, Any] = {
        "total": "1234567.50",
        "largest": "9999.00",
        "smallest": "1.00",
        "median": "102.00",
        "seconds": 42.0,
        "histogram": (("1", "100", 200), ("100", "1000", 160), ("1000", "10000", 20)),
        "biggest": (BigRow(17, "C-10017", "9999.00"), BigRow(99, "C-10099", "900.00")),
        "unusual": (BigRow(17, "C-10017", "9999.00", "98 times the median"),),
        **facts,
    }
    return Review(380, 380, 371, 1, **given)


@dataclass
class StandInReader:
    state: RunState = RunState.DRAFT
    totals: Counts = field(default_factory=lambda: Counts(ROWS, not_sent=380, excluded=20))
    view: list[int] = field(default_factory=lambda: list(range(4, 4 + ROWS)))
    excluded: set[int] = field(default_factory=set)
    run: str = "r1"
    kept_look: Look | None = None
    kept_loaded: Loaded | None = None
    kept_mapping: Mapping | None = None
    kept_summary: CheckSummary | None = None
    not_seen: tuple[int, bool] | None = None
    sentence: str = ""
    kept_review: Review | None = None
    lines: list[ChunkLine] = field(default_factory=list)
    groups: list[FailureGroup] = field(default_factory=list)
    type: str = "cashback"
    kept: dict[str, Any] = field(default_factory=dict)

    def facts(self) -> RunFacts:
        return RunFacts(
            self.run,
            self.state,
            self.type,
            "2026-03-02T10:00:00Z",
            "/data/march.xlsx",
            "Cashback",
            "Acme live",
            "live",
            "check",
            self.totals,
            sentence=self.sentence,
            seconds=12.0,
        )

    def columns(self) -> tuple[Column, ...]:
        return COLUMNS

    def mapping(self) -> Mapping | None:
        return self.kept_mapping

    def look(self) -> Look | None:
        return self.kept_look

    def loaded(self) -> Loaded | None:
        return self.kept_loaded

    def summary(self) -> CheckSummary | None:
        return self.kept_summary

    def unseen(self) -> tuple[int, bool] | None:
        return self.not_seen

    def review(self) -> Review | None:
        return self.kept_review

    def shown(self) -> int:
        return len(self.view)

    def grid(self, first: int, count: int) -> list[GridRow]:
        return [grid_row(number, number in self.excluded) for number in self.view[first : first + count]]

    def meta(self, key: str, default: Any = None) -> Any:
        return self.kept.get(key, default)

    def row_numbers(self, first: int, count: int) -> list[int]:
        return self.view[first : first + count]

    def item_json(self, row: int) -> str:
        return f'{{"customerId":"C-{10_000 + row}","amount":{12.5 + row}}}'

    def counts(self) -> Counts:
        return self.totals

    def chunks(self, first: int, count: int) -> list[ChunkLine]:
        return self.lines[first : first + count]

    def chunk_count(self) -> int:
        return len(self.lines)

    def failures(self) -> list[FailureGroup]:
        return self.groups

    def log(self, last: int = 200) -> list[LogLine]:
        return [LogLine("2026-03-02T10:00:00Z", "Sending began.")][-last:]

    def close(self) -> None:
        pass


@dataclass
class StandInDraft:
    reader: StandInReader = field(default_factory=StandInReader)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)  # by method: raised once
    looks: list[Look] = field(default_factory=list)  # given out in order, then the usual one
    skipped: Skipped = field(default_factory=Skipped)
    columns_evidence: tuple[Evidence, ...] = ()
    unsure: tuple[Match, ...] = ()
    errors: int = 20
    run: str = "r1"
    words: dict[str, ColumnWords] = field(default_factory=dict)
    made: tuple[Change, ...] = ()
    applied: Mapping | None = None  # a saved mapping, applied by itself
    replays: ReplayOffer = field(default_factory=lambda: ReplayOffer(""))

    def _ask(self, what: str, *arguments: Any) -> None:
        self.asked.append((what, *arguments))
        error = self.failing.pop(what, None)
        if error is not None:
            raise error

    def cancel(self) -> None:
        self.asked.append(("cancel",))

    def close(self) -> None:
        self.asked.append(("close",))

    def set_type(self, key: str) -> None:
        self._ask("set_type", key)

    def remember_step(self, step: str) -> None:
        self._ask("remember_step", step)

    def look(self, file: Path, options: ReadOptions, progress: Callable[[Progress], None]) -> Look:
        progress(Progress("copying", 0, 2_000_000))
        self._ask("look", file, options)
        return self.looks.pop(0) if self.looks else look(str(file))

    def paste(self, text: str) -> Look:
        self._ask("paste", text)
        return look("")

    def load(self, options: ReadOptions, progress: Callable[[Progress], None]) -> Loaded:
        self._ask("load", options)
        progress(Progress("reading", 200, ROWS))
        return Loaded("Cashback", 3, COLUMNS, ROWS, self.skipped)

    def load_failed(self, options: ReadOptions, progress: Callable[[Progress], None]) -> Loaded:
        self._ask("load_failed", options)
        notes = ("Rows that did not fail are not taken from the results workbook: 388.",)
        return Loaded("Results", 1, COLUMNS, 12, Skipped(notes=notes))

    def choose_rows(self, rows: str) -> None:
        self._ask("choose_rows", rows)

    def reload(self, file: Path) -> Loaded:
        self._ask("reload", file)
        return Loaded("Cashback", 3, COLUMNS, ROWS, self.skipped, ("3 cells are different now; rows concerned: 2.",))

    def suggest(self) -> Suggested:
        self._ask("suggest")
        sure = (Match("customerId", "Customer", True, 1.0, "The header is a usual name for it."),)
        if self.applied is not None:
            return Suggested(self.applied, sure, ("The mapping Monthly was applied.",), mapping())
        return Suggested(mapping(), (*sure, *self.unsure))

    def view_mapping(self, wanted: Mapping) -> MappingView:
        self._ask("view_mapping", wanted)
        used = {header for source in wanted.sources.values() for header in source.columns}
        samples = dict.fromkeys(wanted.sources, ("one", "two", "three"))
        problems = tuple(
            Problem(0, path, None, "no-source", Severity.ERROR, f"{path} has no source.")
            for path in ("customerId", "transactionId", "transactionTime", "amount")
            if path not in wanted.sources
        )
        unused = tuple(header for header in HEADERS if header not in used)
        return MappingView(samples, unused, problems, self.columns_evidence)

    def check(self, wanted: Mapping, account: AccountFacts, progress: Say, *, again: bool = True) -> CheckSummary:
        self._ask("check", wanted, account)
        progress(Progress("checking", 200, ROWS))
        return self._summary()

    def _summary(self) -> CheckSummary:
        return summary(len(self.reader.excluded), self.errors)

    def edit(self, row: int, column: int, text: str) -> CheckSummary:
        self._ask("edit", row, column, text)
        self.errors = max(0, self.errors - 1)
        return self._summary()

    def exclude(self, rows: Sequence[int], excluded: bool, _progress: Say) -> CheckSummary:
        self._ask("exclude", tuple(rows), excluded)
        (self.reader.excluded.update if excluded else self.reader.excluded.difference_update)(rows)
        return self._summary()

    def exclude_group(self, code: str, field: str, excluded: bool, _progress: Say) -> CheckSummary:
        self._ask("exclude_group", code, field, excluded)
        self.errors = 0
        return self._summary()

    def fixes(self, code: str, field: str) -> tuple[FixOffer, ...]:
        self._ask("fixes", code, field)
        return (FixOffer("trim", "Trim spaces in 12 cells", 12, ((" 1", "1"), ("2 ", "2")), 12, 3),)

    def apply_fix(self, code: str, field: str, key: str, _progress: Say) -> CheckSummary:
        self._ask("apply_fix", code, field, key)
        self.errors = 0
        return self._summary()

    def replace(
        self, column: int | None, find: str, replacement: str, dry_run: bool, _progress: Say | None = None
    ) -> FixOffer | CheckSummary:
        self._ask("replace", column, find, replacement, dry_run)
        offer = FixOffer("replace", "Replace in 2 cells", 2, (("Cairo", "Giza"),))
        return offer if dry_run else self._summary()

    def column_words(self, wanted: Mapping) -> dict[str, ColumnWords]:
        self._ask("column_words", wanted)
        return {path: words for path, words in self.words.items() if path in wanted.sources}

    def changes(self) -> tuple[Change, ...]:
        self._ask("changes")
        return self.made

    def keep_changes(self, name: str) -> Mapping:
        self._ask("keep_changes", name)
        return replace(mapping(), name=name, changes=self.made)

    def give_way(self) -> None:
        """Its answers take no time."""

    def replay_offer(self, progress: Callable[[Progress], None]) -> ReplayOffer:
        progress(Progress("changing", 0, 2))
        self._ask("replay_offer")
        return self.replays

    def replay(self, _progress: Say) -> CheckSummary:
        self._ask("replay")
        self.errors = 0
        return self._summary()

    def decline_replay(self) -> None:
        self._ask("decline_replay")

    def undo(self, _progress: Say) -> CheckSummary:
        self._ask("undo")
        return self._summary()

    def redo(self, _progress: Say) -> CheckSummary:
        self._ask("redo")
        return self._summary()

    def history(self) -> tuple[str | None, str | None]:
        return ("Take back the edit of D20.", None) if any(ask[0] == "edit" for ask in self.asked) else (None, None)

    def show(self, which: str, code: str = "", field: str = "", text: str = "") -> int:
        self._ask("show", which, code, field, text)
        every = range(4, 4 + ROWS)
        self.reader.view = [row for row in every if which not in ("errors", "problem", "value") or row % BAD == 0]
        return len(self.reader.view)

    def column_facts(self, column: int) -> ColumnFacts:
        self._ask("column_facts", column)
        values = (ValueCount('"Cairo"', 390), ValueCount('" Giza"', 10))
        return ColumnFacts(column, ROWS + 5, 5, 2, values, ((4, 4, 0), (5, 5, 400)), "[1.5,98000.0]")

    def next_problem(self, after_row: int, backwards: bool = False) -> int | None:
        self._ask("next_problem", after_row, backwards)
        return (after_row // BAD + (0 if backwards else 1)) * BAD or None

    def position_of(self, row: int) -> int | None:
        return self.reader.view.index(row) if row in self.reader.view else None

    def write_annotated(self, out: Path) -> Path:
        self._ask("write_annotated", out)
        return out

    def leave_out_known(self, account: AccountFacts, leave_out: bool) -> CheckSummary:
        self._ask("leave_out_known", leave_out)
        known = self.reader.kept_review.known_ids if self.reader.kept_review else 0
        self.reader.kept_review = review(left_known=known if leave_out else 0, known_ids=0 if leave_out else 7)
        return summary()

    def review(self, account: AccountFacts, settings: SendSettings) -> Review:
        self._ask("review", account, settings)
        return self.reader.kept_review or review()

    def prepare(
        self,
        account: AccountFacts,
        settings: SendSettings,
        progress: Callable[[Progress], None],
        *,
        again: bool = False,
    ) -> Review:
        self._ask("prepare", account, settings, again)
        progress(Progress("planning", 1, 2))
        self.reader.state = RunState.READY
        return self.reader.kept_review or review()


def error(sentence: str, reason: str = "damaged") -> RunError:
    return RunError(sentence, reason)
