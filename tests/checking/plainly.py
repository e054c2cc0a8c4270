"""A whole check without any short cut: the plain parsers, cell by cell, and the rules row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gb_desktop.catalog import Kind
from gb_desktop.checking.across import asked, problems_across
from gb_desktop.checking.check import once
from gb_desktop.checking.columns import IdColumns, LastRow, id_problems
from gb_desktop.checking.fast import Piece, Reader
from gb_desktop.checking.model import RowResult, StagedBatch
from gb_desktop.checking.orders import OrderJoiner
from gb_desktop.checking.plan import Mapped, make_plan
from gb_desktop.checking.profile import profile
from gb_desktop.checking.row import RowChecker
from gb_desktop.checking.rules import cell_rule, ruled
from gb_desktop.mapping.evidence import Tally, decisions
from gb_desktop.mapping.items import wire_json
from gb_desktop.mapping.model import Evidence, SourceKind
from gb_desktop.mapping.parsers import manner, parser
from gb_desktop.mapping.reading import Reading
from gb_desktop.mapping.zones import wire_of_ms
from gb_desktop.workbook.model import Value
from tests.checking.memory_store import MemoryStore
from tests.checking.random_sheets import RandomSheet


@dataclass(slots=True)
class Plainly:
    """What a check of a sheet comes to."""

    store: MemoryStore
    checker: RowChecker
    results: list[RowResult] = field(default_factory=list)
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    evidence: tuple[Evidence, ...] = ()


def plain_check(sheet: RandomSheet) -> Plainly:
    """Check a sheet, a second time by what its columns say where its texts call for it."""
    found = _once(sheet, ())
    if not found.checker.asking:
        return found
    return _once(sheet, profile(found.checker.plan, found.checker, sheet.rows))


def _once(sheet: RandomSheet, evidence: tuple[Evidence, ...]) -> Plainly:
    store, checker = MemoryStore(sheet.rows), plain_checker(sheet, evidence)
    store.begin_check(asked(checker.plan))
    results, last = list(_results(sheet, checker)), LastRow()
    for result in results:
        store.add_parts([[result]])
        if not checker.plan.joined:
            last.look([result])
    ids = IdColumns(checker.plan)
    ids.look(ids.types(StagedBatch.of(sheet.rows)))
    widths = ids.widths(checker, iter(sheet.rows))
    across = list(problems_across(store, checker.plan))
    store.add_problems(last.problems(checker.plan))
    store.add_problems(id_problems(store, ids, checker, widths))
    store.add_problems(across)
    return Plainly(store, checker, results, checker.changes, evidence)


def _results(sheet: RandomSheet, checker: RowChecker) -> Iterator[RowResult]:
    if checker.plan.joined:
        yield from _joined(sheet, checker)
        return
    firsts: dict[str, int] = {}
    for row in sheet.rows:
        result = checker.check(row)
        yield once(result, firsts) if checker.plan.once_each else result


def _joined(sheet: RandomSheet, checker: RowChecker) -> Iterator[RowResult]:
    joiner = OrderJoiner(checker)
    orders: dict[str, list[tuple[int, str]]] = {}
    for row in sheet.rows:
        kept, result = joiner.set_aside(row)
        if result is not None:
            yield result
        if kept is not None:
            orders.setdefault(kept[0], []).append(kept[1:])
    for ident, lines in orders.items():
        yield from joiner.results(ident, lines)


def plain_checker(sheet: RandomSheet, evidence: Sequence[Evidence]) -> RowChecker:
    """A checker of rows whose readers are the parsers themselves."""
    plan = make_plan(sheet.kind, sheet.columns, sheet.mapping, sheet.context, evidence)
    fields = tuple(replace(one, read=plain_reader(sheet, one, evidence), whole=None) for one in plan.fields)
    skips_hidden = sheet.context.skip_hidden and sheet.context.rows != "all"
    return RowChecker(replace(plan, fields=fields), skips_hidden)


def plain_reader(sheet: RandomSheet, one: Mapped, evidence: Sequence[Evidence]) -> Reader:
    """The reader of a field by its parser and its rule alone."""
    decided = decisions(tuple(evidence))
    if one.source.kind is SourceKind.CONSTANT:
        tally = Tally(one.header, one.field)
        tally.add(one.source.text)
        decided = decisions(tally.evidence())
    how = replace(
        manner(one.field.path, one.header, sheet.mapping, decided),
        merged_is_error=_merged_is_error(sheet, one),
        account_needs=one.field.path in sheet.context.merge,
    )
    now = wire_of_ms(sheet.context.now_ms)
    parse, rule = parser(one.field, how), cell_rule(one.field, now)

    def read(value: Value) -> Piece:
        parsed = ruled(parse(value), rule)
        return parsed if parsed is None or isinstance(parsed, Reading) else wire_json(parsed)

    return read


def _merged_is_error(sheet: RandomSheet, one: Mapped) -> bool:
    lines = any(field.line for path in sheet.mapping.sources if (field := sheet.kind.field(path)) is not None)
    if lines and sheet.kind.joins_rows and not one.field.line:
        return False  # what is merged over the rows of one order is that order's
    own_ident = one.field.path == sheet.kind.ident and not sheet.kind.reads_only
    return own_ident or one.field.kind in (Kind.NUMBER, Kind.INTEGER)
