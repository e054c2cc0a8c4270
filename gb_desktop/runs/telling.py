"""Writing down what a rule across rows says of the items that hold one key, however many they are."""

from __future__ import annotations

from collections.abc import Sequence

from gb_desktop.checking.across import AcrossRule
from gb_desktop.checking.messages import severity
from gb_desktop.checking.model import Problem, Severity
from gb_desktop.runs.indexes import TABLES
from gb_desktop.runs.partners import FIRST, Partners, Sharing, holds
from gb_desktop.runs.store import SEVERITY_NUMBER, RunStore

_MOVING = "temp.moving"  # items whose readiness a rule across rows decides
_FEW = 50


class Telling:
    """`again` and `reached` are tables of row numbers: rows that changed, and others that are told anew."""

    def __init__(self, store: RunStore, partners: Partners, again: str, reached: str, rows: Sequence[int]) -> None:
        self._partners = partners
        self._few = len(rows) <= _FEW
        self._store = store
        self._db = store.connection
        self._again = again
        self._reached = reached
        self._db.execute(f"CREATE TABLE IF NOT EXISTS {_MOVING} (item INTEGER PRIMARY KEY)")

    def reach(self, rule: AcrossRule, key: object) -> None:
        """Note that everybody who holds a key will be told anew."""
        holding = self._partners.holding(rule.what, key)
        for table in TABLES:
            self._db.execute(
                f"INSERT OR IGNORE INTO {self._reached} SELECT item FROM {table} WHERE {holding} "
                f"AND item NOT IN (SELECT row FROM {self._again})",
                {"value": key},
            )

    def tell(self, rule: AcrossRule, key: object, sharing: Sharing, everybody: bool) -> None:
        """Say of the holders what the rule says now: of those that changed alone, or of everybody."""
        self._db.execute(f"DELETE FROM {_MOVING}")
        holding = self._partners.holding(rule.what, key) if everybody else holds(rule.what)
        for table in TABLES:
            query = f"INSERT INTO {_MOVING} SELECT item FROM {self._holders(table, holding, everybody)}"
            self._db.execute(query, {"value": key})
        # By the rows, as the + tells SQLite: of a problem that a whole sheet has the code finds all.
        gone = f"DELETE FROM problems WHERE row IN (SELECT item FROM {_MOVING}) AND +code = ?"
        self._db.execute(gone, (rule.code,))
        told = sharing.is_told(rule.what)
        if told:
            self._write(rule, _in_words(key), sharing.first)
        if severity(rule.code) is Severity.ERROR:
            self._move("items", "blocked_items") if told else self._move("blocked_items", "items")

    def _holders(self, table: str, holding: str, everybody: bool) -> str:
        """The holders of :value, found by it; a few changed rows among perhaps very many by their numbers."""
        if everybody:
            return f"{table} WHERE {holding}"
        if self._few:
            return f"{self._again} AS again CROSS JOIN {table} ON item = again.row WHERE {holding}"
        return f"{table} WHERE {holding} AND item IN (SELECT row FROM {self._again})"

    def _write(self, rule: AcrossRule, value: str, first: Sequence[int]) -> None:
        held = f"SELECT item FROM {_MOVING} WHERE item <= ?"
        named = [rule.problem_of(item, value, first) for (item,) in self._db.execute(held, (first[-1],))]
        self._store.insert_problems(named)
        if len(first) == FIRST:  # what is said of all others is the same
            self._write_alike(rule.problem_of(first[-1] + 1, value, first), first[-1])

    def _write_alike(self, one: Problem, after: int) -> None:
        self._db.execute(
            f"INSERT INTO problems (row, field, col, code, severity, message) "
            f"SELECT item, ?, ?, ?, ?, ? FROM {_MOVING} WHERE item > ?",
            (one.field, one.column, one.code, SEVERITY_NUMBER[one.severity], one.message, after),
        )

    def _move(self, source: str, target: str) -> None:
        """Items that a rule refuses can't be sent; those it no longer refuses can."""
        inside = f"IN (SELECT item FROM {_MOVING})"
        blocking = target == "blocked_items"
        ready = f"row {inside} AND EXISTS (SELECT 1 FROM {source} WHERE {source}.item = checked.row)"
        self._db.execute(
            f"UPDATE checked SET state = 1, item = NULL WHERE {ready}"
            if blocking
            else f"UPDATE checked SET state = 0, item = row WHERE {ready}"
        )
        self._db.execute(f"INSERT INTO {target} SELECT * FROM {source} WHERE item {inside}")
        self._db.execute(f"DELETE FROM {source} WHERE item {inside}")


def _in_words(key: object) -> str:
    return key.hex() if isinstance(key, bytes) else str(key)
