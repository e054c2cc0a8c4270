"""The check of a whole sheet: every row once, then the rules across rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as ReadOnly
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from gb_desktop.catalog import BatchType
from gb_desktop.catalog import batch_type as batch_type_of
from gb_desktop.checking.across import asked, facts_across, problems_across
from gb_desktop.checking.ask import mapping_problems, undecided_problems
from gb_desktop.checking.batch import BatchChecker
from gb_desktop.checking.checked import CheckFacts, Part, ReadyRows
from gb_desktop.checking.columns import Amounts, IdColumns, LastRow, id_problems
from gb_desktop.checking.messages import problem
from gb_desktop.checking.model import CheckContext, Problem, RowResult, RowState, StagedBatch, StagedRow
from gb_desktop.checking.orders import OrderJoiner
from gb_desktop.checking.plan import Plan, make_plan
from gb_desktop.checking.profile import Profile, look_over
from gb_desktop.checking.row import RowChecker, left_out
from gb_desktop.checking.storage import CheckStore
from gb_desktop.mapping.model import Evidence, Mapping
from gb_desktop.text import cells_words, emails_words, numbers_words, tr
from gb_desktop.workbook.model import Column

Progress = Callable[[int, int], None]
BATCH = 2_000  # results stored in one call


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What a check says beside the rows' own results, which are in the store.

    evidence: how columns are read and why. changes: sentences on cells that were cleaned. facts: other sentences.
    problems: those of the sheet as a whole (row 0), also in the store. counts are rows by state.
    widths: by header, the digits that IDs of a column have where some have lost leading zeros.
    """

    evidence: tuple[Evidence, ...] = ()
    changes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    rows: int = 0
    ready: int = 0  # before the rules across rows
    errors: int = 0  # before the rules across rows
    excluded: int = 0
    widths: ReadOnly[str, int] = field(default_factory=dict)
    amounts: Amounts = (0, 0.0, 0)  # how many, their sum, how many below zero; before the rules across rows


def check(
    store: CheckStore,
    batch_type: BatchType,
    columns: Sequence[Column],
    mapping: Mapping,
    context: CheckContext,
    progress: Progress | None = None,
    expected: int = 0,
) -> CheckOutcome:
    """Check every staged row and leave items, problems and row states in the store.

    progress(rows done, expected) is called for every few thousand rows; what it raises ends the check.
    expected is the number of rows, 0 when unknown, only passed on.
    """
    blocking = mapping_problems(batch_type, columns, mapping, context.merge)
    if blocking:
        return _blocked(store, blocking, context)
    profiled: Profile | None = None
    while True:
        evidence = profiled.evidence if profiled else ()
        plan = make_plan(batch_type, columns, mapping, context, evidence)
        facts = CheckFacts(batch_type.key, tuple(columns), mapping, context, evidence)
        sheet = _Sheet(store, plan, facts, progress or _silent, expected)
        if sheet.run(stop_to_ask=profiled is None):
            return sheet.outcome(profiled or Profile(), _open(evidence, mapping))
        # A text was met whose reading its column must decide: look at all of them, then start again.
        profiled = look_over(plan, sheet.checker, sheet.watched(store.staged_rows()))


def _open(evidence: Sequence[Evidence], mapping: Mapping) -> list[Evidence]:
    """The evidence that decides nothing while no setting does either."""
    found = []
    for one in evidence:
        settings = mapping.settings_for(one.header)
        chosen = {
            "decimal": bool(settings.decimal),
            "date_order": bool(settings.date_order),
            "years": settings.year_pivot is not None,
        }
        if not one.choice and not chosen[one.what]:
            found.append(one)
    return found


def row_checker(
    batch_type: BatchType,
    columns: Sequence[Column],
    mapping: Mapping,
    context: CheckContext,
    evidence: Sequence[Evidence] = (),
) -> RowChecker:
    """A checker for single rows, by a mapping without mapping problems and the evidence of the last check.

    `row_checker(...).plan.rows_stand_alone` says whether a row's result depends on that row alone.
    """
    return RowChecker(make_plan(batch_type, columns, mapping, context, evidence), _skips_hidden(context))


def _skips_hidden(context: CheckContext) -> bool:
    return context.skip_hidden and context.rows != "all"


def _silent(_done: int, _expected: int) -> None:
    """No progress is wanted."""


def batch_checker(facts: CheckFacts) -> BatchChecker:
    """A checker of batches, also in another process: rows that are made of others are not for that."""
    kind = batch_type_of(facts.batch_type)
    return BatchChecker(row_checker(kind, facts.columns, facts.mapping, facts.context, facts.evidence))


class _Sheet:
    """One pass over the rows by one plan."""

    def __init__(self, store: CheckStore, plan: Plan, facts: CheckFacts, progress: Progress, expected: int) -> None:
        self.checker = RowChecker(plan, _skips_hidden(facts.context))
        self._store = store
        self._plan = plan
        self._facts = facts
        self._progress = progress
        self._expected = expected
        self._states: Counter[RowState] = Counter()
        self._changes: Counter[tuple[str, str]] = Counter()
        self._ids = IdColumns(plan)
        self._last = LastRow()
        self._firsts: dict[str, int] = {}  # read-only types: customer or order ID -> its item

    def run(self, stop_to_ask: bool) -> bool:
        """Check all rows; False when it stopped because a column must be profiled first."""
        self._store.begin_check(asked(self._plan))
        return self._run_joined(stop_to_ask) if self._plan.joined else self._run(stop_to_ask)

    def _run(self, stop_to_ask: bool) -> bool:
        alone = None if self._plan.made else self._facts
        done = 0
        with closing(self._store.checked_batches(BatchChecker(self.checker).checked, alone)) as batches:
            for batch in batches:
                if stop_to_ask and batch.asking:
                    return False
                self._ids.look(batch.types)
                self._changes.update(batch.changes)
                parts = [self._once(part) for part in batch.parts] if self._plan.once_each else batch.parts
                self._add(parts)
                done += batch.rows
                self._progress(done, self._expected)
        return True

    def _run_joined(self, stop_to_ask: bool) -> bool:
        joiner = OrderJoiner(self.checker)
        done = 0
        for batch in self._store.staged_batches():
            self._ids.look(self._ids.types(batch))
            self._set_aside(joiner, batch)
            if stop_to_ask and self.checker.asking:
                return False
            done += len(batch.numbers)
            self._progress(done, self._expected)
        self._join(joiner)
        self._changes = self.checker.changes
        return True

    def watched(self, rows: Iterator[StagedRow]) -> Iterator[StagedRow]:
        """The rows, with a sign of life for every few thousand."""
        while batch := list(islice(rows, BATCH)):
            self._progress(0, self._expected)
            yield from batch

    def _once(self, part: Part) -> Part:
        results = part.results() if isinstance(part, ReadyRows) else part
        return [once(result, self._firsts) for result in results]

    def _add(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if isinstance(part, ReadyRows):
                self._states[RowState.READY] += len(part.numbers)
            else:
                self._states.update(map(attrgetter("state"), part))
            if not self._plan.joined:
                self._last.look(part)
        self._store.add_parts(parts)

    def _set_aside(self, joiner: OrderJoiner, batch: StagedBatch) -> None:
        kept, results = zip(*map(joiner.set_aside, batch.rows()), strict=True)
        self._store.keep_lines(one for one in kept if one is not None)
        self._add([[one for one in results if one is not None]])

    def _join(self, joiner: OrderJoiner) -> None:
        results = (result for ident, kept in self._store.lines() for result in joiner.results(ident, kept))
        while batch := list(islice(results, BATCH)):
            self._add([batch])
            self._progress(self._states.total(), self._expected)

    def outcome(self, profiled: Profile, undecided: Sequence[Evidence]) -> CheckOutcome:
        """Apply the rules across rows, close the check, and say what came of it."""
        facts = facts_across(self._store, self._plan)
        fields = [(one.field, one.header, one.column) for one in self._plan.fields]
        questions = [*undecided_problems(fields, undecided), *profiled.warnings]
        self._store.add_problems(questions)
        widths = self._ids.widths(self.checker, self._store.staged_rows())
        across = list(problems_across(self._store, self._plan))
        self._store.add_problems(self._last.problems(self._plan))
        self._store.add_problems(id_problems(self._store, self._ids, self.checker, widths))
        self._store.add_problems(across)
        self._store.finish_check()
        return CheckOutcome(
            evidence=profiled.evidence,
            changes=tuple(_sentences(self._changes)),
            facts=tuple(facts),
            problems=tuple(questions),
            widths=self._ids.by_header(widths),
            amounts=self._last.amounts,
            rows=self._states.total(),
            ready=self._states[RowState.READY],
            errors=self._states[RowState.ERROR],
            excluded=self._states[RowState.EXCLUDED],
        )


def once(result: RowResult, firsts: dict[str, int]) -> RowResult:
    """A row of a read-only type: one item for each customer or order ID, whose answer is for all its rows.

    firsts: the first row of each, filled as rows come in sheet order.
    """
    if result.item is None:
        return result
    name = result.item.customer or result.item.ident or ""
    first = firsts.setdefault(name, result.row)
    return result if first == result.row else result._replace(item=None, item_number=first)


def _blocked(store: CheckStore, blocking: tuple[Problem, ...], context: CheckContext) -> CheckOutcome:
    """A check whose mapping can't be used: no row can be sent, and each says why."""
    skip_hidden = _skips_hidden(context)
    states: Counter[RowState] = Counter()
    store.begin_check(())
    store.add_problems(blocking)
    rows = store.staged_rows()
    while batch := list(islice(rows, BATCH)):
        results = [_blocked_row(row, blocking[0].message, skip_hidden) for row in batch]
        states.update([result.state for result in results])
        store.add_parts([results])
    store.finish_check()
    return CheckOutcome(
        problems=blocking,
        rows=states.total(),
        errors=states[RowState.ERROR],
        excluded=states[RowState.EXCLUDED],
    )


def _blocked_row(row: StagedRow, why: str, skip_hidden: bool) -> RowResult:
    reason = left_out(row, skip_hidden)
    if reason:
        return RowResult(row.row, RowState.EXCLUDED, reason=reason)
    return RowResult(row.row, RowState.ERROR, problems=[problem(row.row, "", None, "mapping-incomplete", why=why)])


def _sentences(changes: Counter[tuple[str, str]]) -> Iterator[str]:
    """One sentence for each column and kind of change, most cells first."""
    for (header, change), cells in changes.most_common():
        yield _SENTENCES[change](header, cells)


_SENTENCES: dict[str, Callable[[str, int], str]] = {
    "trimmed": lambda header, n: tr("Trimmed {cells} in {column}.", cells=cells_words(n), column=header),
    "invisible": lambda header, n: tr(
        "Removed invisible characters from {cells} in {column}.", cells=cells_words(n), column=header
    ),
    "mapped": lambda header, n: tr("Translated words of {cells} in {column}.", cells=cells_words(n), column=header),
    "email": lambda header, n: tr(
        "Corrected the writing of {emails} in {column}.", emails=emails_words(n), column=header
    ),
    "international": lambda header, n: tr(
        "Wrote {numbers} in {column} in international form.", numbers=numbers_words(n), column=header
    ),
}
