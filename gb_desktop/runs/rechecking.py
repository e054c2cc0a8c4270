"""Checking a few rows again after an edit, with the rows that share something with them; not the whole sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gb_desktop.checking.across import ACROSS_CODES, looked_at, problems_across
from gb_desktop.checking.check import row_checker
from gb_desktop.checking.model import CheckStore, RowState
from gb_desktop.checking.row import RowChecker
from gb_desktop.mapping.model import Evidence
from gb_desktop.runs import grids
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.model import CheckCounts, CheckSummary
from gb_desktop.runs.store import STATES, RunStore
from gb_desktop.runs.wire import from_wire, to_wire

MOST_ROWS = 2_000  # edited rows and those that share something with them; beyond that the whole sheet is checked
KEYS = {"ident": "ident", "ident-folded": "lower(ident)", "time": "time", "content": "content", "customer": "customer"}
TABLES = ("items", "blocked_items")

Keys = dict[str, set[object]]


def rechecked(drafted: Drafted, rows: Sequence[int]) -> CheckSummary | None:
    """The sheet's summary after `rows` changed; None where only a whole check can tell."""
    kept = drafted.store.meta.get("summary")
    if kept is None or not 0 < len(rows) <= MOST_ROWS:
        return None
    before: CheckSummary = from_wire(CheckSummary, kept)
    checker = _checker(drafted)
    if before.sheet_problems or not checker.plan.rows_stand_alone:
        return None
    store = drafted.store
    store.make_partner_indexes()
    with store.transaction():
        counts = _Recheck(store, checker, sorted(set(rows))).counts(before.counts)
        if counts is None:
            return None
        changes = (*store.meta.get("cleaned", []), *Edits(store).sentences())
        found = CheckSummary(counts, grids.groups(store.connection), changes, before.sheet_problems)
        store.meta.update(summary=to_wire(found), review=None, referenced=False, stale=False)
    return found


def _checker(drafted: Drafted) -> RowChecker:
    kept = drafted.store.meta.get("evidence") or []
    evidence: tuple[Evidence, ...] = from_wire(tuple[Evidence, ...], kept)
    now_ms = drafted.store.meta.get("now_ms")  # of the whole check: generated times stay apart from each other
    return row_checker(drafted.type, drafted.columns, drafted.mapping(), drafted.context(now_ms), evidence)


class _Recheck:
    """One re-check, inside one transaction."""

    def __init__(self, store: RunStore, checker: RowChecker, rows: list[int]) -> None:
        self._store = store
        self._db = store.connection
        self._checker = checker
        self._rows = rows
        self._keys: Keys = {what: set() for what in looked_at(checker.plan)}

    def counts(self, before: CheckCounts) -> CheckCounts | None:
        """The sheet's counts afterwards; None when too much is touched, or a column must be looked at whole."""
        touched: set[int] = set()
        if not self._follow(self._keys_of(self._rows), touched):
            return None
        old = self._states({*self._rows, *touched})
        self._replace()
        reached = set(touched)
        if self._checker.asking or not self._follow(self._keys_of(self._rows), reached):
            return None
        old = _added(old, self._states(reached - touched - set(self._rows)))
        self._tell_across(reached)
        return self._moved(before, old, self._states({*self._rows, *reached}))

    def _replace(self) -> None:
        staged = list(self._store.rows_numbered(self._rows))
        for table, column in (("checked", "row"), ("problems", "row"), *((table, "item") for table in TABLES)):
            self._db.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(row,) for row in self._rows])
        for row in staged:  # one by one: a generated ID must know those of the rows before
            self._store.add_results([self._checker.check(row, self._is_taken)])

    def _is_taken(self, ident: str) -> bool:
        return any(
            self._db.execute(f"SELECT 1 FROM {table} WHERE ident = ? LIMIT 1", (ident,)).fetchone() for table in TABLES
        )

    def _tell_across(self, reached: set[int]) -> None:
        """Say anew what the rules across rows say of everything that was reached."""
        marks = ",".join("?" * len(ACROSS_CODES))
        forget = f"DELETE FROM problems WHERE row = ? AND code IN ({marks})"
        self._db.executemany(forget, [(row, *ACROSS_CODES) for row in reached])
        self._store.unblock_items(sorted(reached))
        view: CheckStore = _OnlyKeys(self._store, self._keys)
        self._store.add_problems(list(problems_across(view, self._checker.plan)))

    def _keys_of(self, rows: Sequence[int]) -> Keys:
        found: Keys = {what: set() for what in self._keys}
        for what, values in found.items():
            for table in TABLES:
                query = f"SELECT {KEYS[what]} FROM {table} WHERE item = ?"
                held = (self._db.execute(query, (row,)).fetchone() for row in rows)
                values.update(one[0] for one in held if one is not None and one[0] is not None)
        return found

    def _follow(self, keys: Keys, reached: set[int]) -> bool:
        """Add every row that shares a key, and what those share in turn; False when they become too many."""
        while any(keys.values()):
            fresh: set[int] = set()
            for what, values in keys.items():
                self._keys[what] |= values
                for value in values:
                    fresh |= self._holding(KEYS[what], value)
            fresh -= reached
            reached |= fresh
            if len(reached) > MOST_ROWS:
                return False
            keys = {what: values - self._keys[what] for what, values in self._keys_of(sorted(fresh)).items()}
        return True

    def _holding(self, key: str, value: object) -> set[int]:
        found: set[int] = set()
        for table in TABLES:
            query = f"SELECT item FROM {table} WHERE {key} = ? LIMIT ?"
            found.update(item for (item,) in self._db.execute(query, (value, MOST_ROWS + 1)))
        return found

    def _states(self, rows: set[int]) -> dict[str, int]:
        """How many of the rows are ready, wrong, excluded, and ready with a warning."""
        found = {**{state.value: 0 for state in RowState}, "warned": 0}
        for row in rows:
            held = self._db.execute("SELECT state FROM checked WHERE row = ?", (row,)).fetchone()
            if held is None:
                continue
            state = STATES[held[0]]
            found[state.value] += 1
            if state is RowState.READY:
                query = "SELECT 1 FROM problems WHERE row = ? AND severity = 1 LIMIT 1"
                found["warned"] += self._db.execute(query, (row,)).fetchone() is not None
        return found

    def _moved(self, before: CheckCounts, old: dict[str, int], new: dict[str, int]) -> CheckCounts:
        return CheckCounts(
            rows=before.rows,
            ready=before.ready + new["ready"] - old["ready"],
            errors=before.errors + new["error"] - old["error"],
            excluded=before.excluded + new["excluded"] - old["excluded"],
            warnings=before.warnings + new["warned"] - old["warned"],
            hidden=before.hidden,
            changed=grids.changed_count(self._db),
        )


class _OnlyKeys(RunStore):
    """The store as the rules across rows see it when only some keys matter."""

    def __init__(self, store: RunStore, keys: Keys) -> None:  # shares the store's connection
        self.connection = store.connection
        self.meta = store.meta
        self._only = keys

    def repeated(self, what: str) -> Iterator[tuple[str, list[int]]]:
        for value in sorted(self._only.get(what, ()), key=str):
            query = f"SELECT item, ident FROM items WHERE {KEYS[what]} = ? ORDER BY item"
            rows = self.connection.execute(query, (value,)).fetchall()
            several = len(rows) > 1 and (what != "ident-folded" or len({ident for _, ident in rows}) > 1)
            if several:
                yield (value.hex() if isinstance(value, bytes) else str(value)), [item for item, _ in rows]


def _added(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: count + other[name] for name, count in one.items()}
