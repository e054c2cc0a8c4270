"""What the Check step shows: counts, problem groups, and the position table that a grid pages through."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from gb_desktop.checking.model import Problem, Severity
from gb_desktop.runs.column_facts import cell
from gb_desktop.runs.model import CheckCounts, ProblemGroup
from gb_desktop.runs.searching import rows_holding
from gb_desktop.runs.store import SEVERITIES, RunStore

Cause = tuple[str, str, int]  # code, field, severity

HIDDEN = "SELECT count(*) FROM rows WHERE flag = 'hidden'"
FILTERS = {
    "errors": "SELECT row FROM checked WHERE state = 1",
    "warnings": "SELECT DISTINCT row FROM problems WHERE severity = 1",
    "changed": "SELECT DISTINCT edits.row FROM edits JOIN steps USING (step) WHERE steps.undone = 0 AND edits.col >= 0",
    "excluded": "SELECT row FROM checked WHERE state = 2",
    "problem": "SELECT DISTINCT row FROM problems WHERE code = :code AND field = :field",
}


def counts(db: sqlite3.Connection) -> CheckCounts:
    """Rows by state."""
    # Without sorting them by their state.
    by_state = db.execute("SELECT total(state = 0), total(state = 1), total(state = 2) FROM checked").fetchone()
    rows = db.execute("SELECT count(*) FROM rows").fetchone()[0]
    hidden = db.execute(HIDDEN).fetchone()[0]
    warned = db.execute(
        "SELECT count(DISTINCT problems.row) FROM problems JOIN checked ON checked.row = problems.row "
        "WHERE checked.state = 0 AND problems.severity = 1"
    ).fetchone()[0]
    return CheckCounts(
        rows=rows,
        ready=int(by_state[0]),
        errors=int(by_state[1]),
        excluded=int(by_state[2]),
        warnings=warned,
        hidden=hidden,
        changed=changed_count(db),
    )


def changed_count(db: sqlite3.Connection) -> int:
    """How many rows hold an edit; `Edits` keeps count, because a bulk fix may have changed a hundred thousand."""
    kept = db.execute("SELECT value FROM meta WHERE key = 'changed'").fetchone()
    if kept:
        return int(kept[0])
    return int(db.execute(f"SELECT count(*) FROM ({FILTERS['changed']})").fetchone()[0])


def groups(db: sqlite3.Connection) -> tuple[ProblemGroup, ...]:
    """Problems by cause, errors first, then the most frequent first."""
    found = db.execute("SELECT code, field, severity, count(*) FROM problems WHERE row > 0 GROUP BY 1, 2, 3")
    return groups_of(db, {(code, field, severity): count for code, field, severity, count in found})


def groups_of(db: sqlite3.Connection, causes: Mapping[Cause, int]) -> tuple[ProblemGroup, ...]:
    """The groups of problems whose counts are known already, as `groups` gives them."""
    ordered = sorted(causes.items(), key=lambda one: (one[0][2], -one[1], one[0][0], one[0][1]))
    return tuple(_group(db, cause, count) for cause, count in ordered if count)


def _group(db: sqlite3.Connection, cause: Cause, count: int) -> ProblemGroup:
    code, field, severity = cause
    where = "code = ? AND field = ? AND severity = ? AND row > 0"
    rows = tuple(r for (r,) in db.execute(f"SELECT row FROM problems WHERE {where} ORDER BY row LIMIT 20", cause))
    message, column = db.execute(
        f"SELECT message, col FROM problems WHERE {where} AND row = ? LIMIT 1",
        (*cause, rows[0]),
    ).fetchone()
    return ProblemGroup(code, field, SEVERITIES[severity], count, message, rows, column)


def sheet_problems(db: sqlite3.Connection) -> tuple[Problem, ...]:
    """Problems of the sheet as a whole: settings that must be chosen."""
    found = db.execute("SELECT row, field, col, code, severity, message FROM problems WHERE row = 0 ORDER BY problem")
    return tuple(
        Problem(row, field, column, code, SEVERITIES[severity], message)
        for row, field, column, code, severity, message in found
    )


def row_problems(db: sqlite3.Connection, row: int) -> tuple[Problem, ...]:
    """Every problem of one row."""
    found = db.execute("SELECT field, col, code, severity, message FROM problems WHERE row = ?", (row,))
    return tuple(Problem(row, f, column, code, SEVERITIES[s], m) for f, column, code, s, m in found)


def rows_problems(db: sqlite3.Connection, rows: Sequence[int]) -> dict[int, tuple[Problem, ...]]:
    """The problems of a page of rows, by row; rows without any are missing."""
    marks = ",".join("?" * len(rows))
    query = f"SELECT row, field, col, code, severity, message FROM problems WHERE row IN ({marks}) ORDER BY problem"
    found: dict[int, tuple[Problem, ...]] = {}
    for row, field, column, code, severity, message in db.execute(query, rows):
        found[row] = (*found.get(row, ()), Problem(row, field, column, code, SEVERITIES[severity], message))
    return found


class Shown:
    """The position table: which rows the grid shows, in order. Without a filter the rows' own positions serve."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._db = store.connection

    def show(self, which: str, code: str = "", field: str = "", text: str = "") -> int:
        """Show all, errors, warnings, changed, excluded or one problem's rows, those holding `text` alone; how many."""
        with self._store.transaction():
            self._db.execute("DELETE FROM shown")
            if which != "all" or text:
                self._fill(which, code, field, text)
            self._store.meta.set("shown", {"which": which, "code": code, "field": field, "text": text})
        return shown_count(self._db)

    def _fill(self, which: str, code: str, field: str, text: str) -> None:
        inner = FILTERS.get(which, "SELECT row FROM rows")
        if which == "value":
            inner = f"SELECT row FROM rows WHERE {cell(int(code))} = :field"
        bound = {"code": code, "field": field}
        if text:
            rows = rows_holding(self._db, inner, bound, text)
            self._db.executemany("INSERT INTO shown (row) VALUES (?)", ((row,) for row in rows))
            return
        self._db.execute(
            f"INSERT INTO shown (row) SELECT row FROM rows WHERE row IN ({inner}) ORDER BY position", bound
        )

    def next_problem(self, after: int, backwards: bool) -> int | None:
        """The next row with a problem, from row `after`; round the end once. None when there is none.

        Of the rows that are shown as long as any of them has a problem, else of all.
        """
        shown = "AND row IN (SELECT row FROM shown)" if is_filtered(self._db) else ""
        found = self._next_problem(after, backwards, shown) if shown else None
        return found or self._next_problem(after, backwards, "")

    def _next_problem(self, after: int, backwards: bool, among: str) -> int | None:
        compare, order = ("<", "DESC") if backwards else (">", "ASC")
        query = f"SELECT row FROM problems WHERE row > 0 {among} {{}} ORDER BY row {order} LIMIT 1"
        found = self._db.execute(query.format(f"AND row {compare} ?"), (after,)).fetchone()
        found = found or self._db.execute(query.format("")).fetchone()
        return int(found[0]) if found else None

    def position_of(self, row: int) -> int | None:
        """Where a row stands in the shown view, from 0; None when it is not shown."""
        table = "shown" if is_filtered(self._db) else "rows"
        found = self._db.execute(f"SELECT position FROM {table} WHERE row = ?", (row,)).fetchone()
        return int(found[0]) - 1 if found else None


def is_filtered(db: sqlite3.Connection) -> bool:
    """Whether the grid shows a part of the rows only."""
    found = db.execute("SELECT value FROM meta WHERE key = 'shown'").fetchone()
    whole = not found or found[0] == "null" or ('"which":"all"' in found[0] and '"text":""' in found[0])
    return not whole


def shown_count(db: sqlite3.Connection) -> int:
    """How many rows the grid shows."""
    table = "shown" if is_filtered(db) else "rows"
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def worst(problems: tuple[Problem, ...]) -> dict[int, Severity]:
    """The worst problem of each column that has one."""
    marks: dict[int, Severity] = {}
    for problem in problems:
        if problem.column is not None and marks.get(problem.column) is not Severity.ERROR:
            marks[problem.column] = problem.severity
    return marks
