"""Checking some rows again after a change, with the rows that share something with them; not the whole sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext

from gb_desktop.checking.across import AcrossRule, rules_across
from gb_desktop.checking.batch import BatchChecker
from gb_desktop.checking.check import once, row_checker
from gb_desktop.checking.columns import IdColumns
from gb_desktop.checking.model import Severity
from gb_desktop.checking.row import RowChecker
from gb_desktop.mapping.model import Evidence
from gb_desktop.runs import grids, indexes
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.last_row import LastRowWatch
from gb_desktop.runs.model import CheckSummary, Progress, RunState, Say, silent
from gb_desktop.runs.orders_again import OrdersAgain
from gb_desktop.runs.partners import Partners, Sharing
from gb_desktop.runs.repeats import ROWS_OF_ITEM
from gb_desktop.runs.standing import Stand, Standing
from gb_desktop.runs.store import VERY_MANY, RunStore
from gb_desktop.runs.telling import Telling
from gb_desktop.runs.wire import from_wire, to_wire

FEW = 2_000  # rows that are always checked by themselves; many rows only where they are a small part of the sheet
PART = 4  # one row in so many
MOST_KEYS = 20_000  # keys told anew one by one; beyond that the whole sheet is checked
AGAIN, REACHED = "temp.again", "temp.reached"  # rows that changed, and those that share something with them

Shared = dict[AcrossRule, dict[object, Sharing]]


def rechecked(drafted: Drafted, rows: Sequence[int]) -> CheckSummary | None:
    """The sheet's summary after `rows` changed; None where only a whole check can tell."""
    kept = drafted.store.meta.get("summary")
    if kept is None or not rows:
        return None
    before: CheckSummary = from_wire(CheckSummary, kept)
    checker = _checker(drafted)
    asked = any(problem.severity is Severity.ERROR for problem in before.sheet_problems)
    if asked or len(rows) > _most(checker, before.counts.rows):
        return None
    store = drafted.store
    many = len(rows) > VERY_MANY
    say = drafted.say if many else silent  # a few rows are checked before anybody would read of it
    say(Progress("again", 0, len(rows)))
    store.make_room(len(rows))
    beside = many and not store.connection.in_transaction  # inside one another connection doesn't see the change
    with store.transaction():
        found = _Recheck(store, checker, before, sorted(set(rows)), say, beside=beside).summary()
        if found is not None:
            store.meta.update(summary=to_wire(found), review=None, referenced=False, stale=False)
    return found


def recheck_corrected(drafted: Drafted, rows: Sequence[int]) -> None:
    """Check rows again that a corrected sheet changed; where that isn't enough, the last check no longer holds."""
    if rows and rechecked(drafted, rows) is None:
        drafted.store.forget_check()
    Edits(drafted.store).tell_known()


def most_rows(rows: int) -> int:
    """How many rows of a sheet may change before it is rather another one."""
    return max(FEW, rows // PART)


def _most(checker: RowChecker, rows: int) -> int:
    """How many rows are checked by themselves."""
    return FEW if checker.plan.once_each else most_rows(rows)


def wanted_indexes(checker: RowChecker) -> frozenset[str]:
    """What a re-check looks up among the items, by the names of `Partners`."""
    wanted = {rule.what for rule in rules_across(checker.plan)}
    if checker.plan.made:
        wanted.add("ident")
    if checker.plan.once_each:
        wanted |= {_name(checker), ROWS_OF_ITEM}
    return frozenset(wanted)


def _name(checker: RowChecker) -> str:
    """What a type that only reads asks by, once for all rows."""
    return "customer" if checker.plan.batch_type.customer else "ident"


def _checker(drafted: Drafted) -> RowChecker:
    kept = drafted.store.meta.get("evidence") or []
    evidence: tuple[Evidence, ...] = from_wire(tuple[Evidence, ...], kept)
    now_ms = drafted.store.meta.get("now_ms")  # of the whole check: generated times stay apart from each other
    return row_checker(drafted.type, drafted.columns, drafted.mapping(), drafted.context(now_ms), evidence)


def make_an_index(drafted: Drafted, somebody_waits: Callable[[], bool]) -> bool:
    """Make one of the indexes that the next change needs; False when there is none to make, or somebody waits."""
    meta = drafted.store.meta
    if meta.get("summary") is None or meta.get("stale") or meta.state() is not RunState.DRAFT:
        return False
    checker = _checker(drafted)
    db = drafted.store.connection
    missing = indexes.missing(db, wanted_indexes(checker))
    if not missing:
        drafted.store.remembered = None
    return bool(missing) and indexes.make(db, *missing[0], somebody_waits)


class _Recheck:
    """One re-check, inside one transaction.

    What changed rows share is looked at before and after; only where that makes a difference for other rows are
    those told anew.
    """

    def __init__(
        self, store: RunStore, checker: RowChecker, before: CheckSummary, rows: list[int], say: Say, *, beside: bool
    ) -> None:
        self._before = before
        self._say = say
        self._beside = beside  # the changes are committed, and many: judge while what was found is written
        self._store = store
        self._db = store.connection
        self._checker = checker
        self._widths: dict[str, int] = store.meta.get("widths") or {}
        self._rows = rows
        self._rules = rules_across(checker.plan)
        self._partners = Partners(self._db, store.remembered)
        self._standing = Standing(self._db)
        self._last = LastRowWatch(store, checker.plan, AGAIN)
        self._orders = OrdersAgain(store, checker, AGAIN) if checker.plan.joined else None

    def summary(self) -> CheckSummary | None:
        """The sheet's summary afterwards; None when too much is touched, or a column must be looked at whole."""
        for table in (AGAIN, REACHED):
            self._db.execute(f"CREATE TABLE IF NOT EXISTS {table} (row INTEGER PRIMARY KEY)")
            self._db.execute(f"DELETE FROM {table}")
        self._db.executemany(f"INSERT INTO {AGAIN} VALUES (?)", ((row,) for row in self._rows))
        self._partners.prepare(wanted_indexes(self._checker), len(self._rows))
        if not self._gather():
            return None
        self._partners.note(self._rows)
        before, shared = self._before, self._shared()
        self._last.before()
        old = self._standing.of(AGAIN)
        self._replace()
        told = None if self._checker.asking or shared is None else self._tell(shared)
        if told is None:
            return None
        old += told
        self._last.tell()
        new = self._standing.of(AGAIN) + self._standing.of(REACHED)
        changes = (*self._store.meta.get("cleaned", []), *Edits(self._store).sentences())
        groups = grids.groups_of(self._db, new.moved_groups(before.groups, old))
        return CheckSummary(
            new.moved_counts(before.counts, old, grids.changed_count(self._db)), groups, changes, before.sheet_problems
        )

    # The rows themselves

    def _replace(self) -> None:
        for table, column in (("checked", "row"), ("problems", "row"), ("items", "item"), ("blocked_items", "item")):
            self._db.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT row FROM {AGAIN})")
        if self._orders is not None:
            self._store.add_results(self._orders.results())
        else:
            with self._store.reading_beside() if self._beside and not self._checker.plan.made else nullcontext():
                self._check_again()
        ids = IdColumns(self._checker.plan)
        if widths := ids.by_slot(self._widths):
            rows = self._store.rows_numbered(self._rows)
            self._store.add_problems(ids.problems(self._checker, rows, widths))
        if self._checker.plan.once_each or self._orders is not None:
            self._count_item_rows()

    def _check_again(self) -> None:
        batches, firsts = BatchChecker(self._checker), dict[str, int]()
        done = 0
        for batch in self._store.batches_numbered(self._rows):
            if self._checker.plan.made:  # a generated ID must know those of the rows before
                for row in batch.rows():
                    self._store.add_results([self._checker.check(row, self._is_taken)])
            elif self._checker.plan.once_each:  # one item for each customer or order, on its first row
                self._store.add_results([once(result, firsts) for result in batches.check(batch)])
            else:
                self._store.add_parts(batches.parts(batch))
            done += len(batch.numbers)
            self._say(Progress("again", done, len(self._rows)))

    def _is_taken(self, ident: str) -> bool:
        return bool(self._partners.sharing("ident", ident).first)

    def _count_item_rows(self) -> None:
        counted = f"SELECT item, count(*) AS n FROM checked WHERE row IN (SELECT row FROM {AGAIN}) AND state = 0"
        self._db.execute(
            f"UPDATE items SET rows = counted.n FROM ({counted} GROUP BY 1) AS counted WHERE counted.item = items.item"
        )

    def _gather(self) -> bool:
        """Take the rows in that make an item with changed ones, now or before; False: too many, or not known."""
        if self._orders is not None:
            known = self._orders.gather()
            most = _most(self._checker, self._before.counts.rows)
        elif self._checker.plan.once_each:
            known, most = True, FEW
            self._gather_customers()
        else:
            return True
        self._rows = [row for (row,) in self._db.execute(f"SELECT row FROM {AGAIN} ORDER BY row")]
        return known and len(self._rows) <= most

    def _gather_customers(self) -> None:
        """All rows of the customers that changed rows name now or named before."""
        checker = BatchChecker(self._checker)
        found = [result for batch in self._store.batches_numbered(self._rows) for result in checker.check(batch)]
        named = {result.item.customer or result.item.ident for result in found if result.item}
        query = f"SELECT DISTINCT item FROM checked WHERE item IS NOT NULL AND row IN (SELECT row FROM {AGAIN})"
        items = {item for (item,) in self._db.execute(query)}
        for name in named:
            items.update(self._partners.sharing(_name(self._checker), name).first)
        for item in items:
            belonging = f"SELECT row FROM checked WHERE {self._partners.belonging(item)}"
            self._db.execute(f"INSERT OR IGNORE INTO {AGAIN} {belonging}", {"item": item})

    # What they share

    def _shared(self) -> Shared | None:
        """Of each rule the keys that changed rows share with any row, as it stands now; None when too many."""
        found: Shared = {rule: {} for rule in self._rules}
        folded = next((rule for rule in self._rules if rule.what == "ident-folded"), None)
        for rule in sorted(self._rules, key=lambda rule: rule is not folded):
            if rule.what == "ident" and folded and not found[folded]:
                continue  # IDs that are equal are equal without case too
            keys = self._partners.shared_by(rule.what, AGAIN)
            if len(keys) > MOST_KEYS:
                return None
            found[rule] = {key: self._partners.sharing(rule.what, key) for key in keys}
        return found

    def _tell(self, before: Shared) -> Stand | None:
        """Say anew what rules across rows say; how the other rows it concerns stood before. None: too many."""
        after = self._shared()
        if after is None:
            return None
        telling = Telling(self._store, self._partners, AGAIN, REACHED, self._rows)
        jobs = []
        for rule in self._rules:
            for key in {*before[rule], *after[rule]}:
                then = before[rule].get(key) or self._partners.sharing(rule.what, key, without=AGAIN)
                now = after[rule].get(key) or self._partners.sharing(rule.what, key)
                was, is_now = then.is_told(rule.what), now.is_told(rule.what)
                everybody = was != is_now or (is_now and then.decisive != now.decisive)
                if everybody:
                    telling.reach(rule, key)
                if everybody or is_now:
                    jobs.append((rule, key, now, everybody))
        self._db.execute(f"INSERT OR IGNORE INTO {REACHED} {self._last.rows}")
        old = self._standing.of(REACHED)
        for rule, key, now, everybody in jobs:
            telling.tell(rule, key, now, everybody)
        return old
