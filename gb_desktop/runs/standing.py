"""How some rows stand: their states and their problems, counted, so that a change moves the sheet's figures."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gb_desktop.runs.grids import Cause
from gb_desktop.runs.model import CheckCounts, ProblemGroup

READY, ERROR, EXCLUDED = 0, 1, 2


@dataclass(slots=True)
class Stand:
    """Counts of some rows: by state (0 ready, 1 error, 2 excluded), ready ones with a warning, problems by cause."""

    states: Counter[int] = field(default_factory=Counter)
    warned: int = 0
    causes: Counter[Cause] = field(default_factory=Counter)

    def __add__(self, other: Stand) -> Stand:
        return Stand(self.states + other.states, self.warned + other.warned, self.causes + other.causes)

    def moved_counts(self, before: CheckCounts, old: Stand, changed: int) -> CheckCounts:
        """The sheet's counts after these rows changed from `old` to what they are now."""

        def moved(state: int) -> int:
            return self.states[state] - old.states[state]

        return replace(
            before,
            ready=before.ready + moved(READY),
            errors=before.errors + moved(ERROR),
            excluded=before.excluded + moved(EXCLUDED),
            warnings=before.warnings + self.warned - old.warned,
            changed=changed,
        )

    def moved_groups(self, before: Iterable[ProblemGroup], old: Stand) -> Counter[Cause]:
        """Problems of the whole sheet by cause after these rows changed from `old` to what they are now."""
        found: Counter[Cause] = Counter()
        for group in before:
            found[group.code, group.field, 0 if group.severity == "error" else 1] = group.count
        found.update(self.causes)
        found.subtract(old.causes)
        return +found


class Standing:
    """Counts rows of one run file; the rows are named by a table with a column `row`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def of(self, rows: str) -> Stand:
        """How the rows of the table `rows` stand now."""
        inside = f"IN (SELECT row FROM {rows})"
        states = self._db.execute(f"SELECT state, count(*) FROM checked WHERE row {inside} GROUP BY state")
        warned = self._db.execute(
            f"SELECT count(*) FROM checked WHERE row {inside} AND state = 0 AND EXISTS "
            "(SELECT 1 FROM problems WHERE problems.row = checked.row AND severity = 1)"
        )
        causes = self._db.execute(
            f"SELECT code, field, severity, count(*) FROM problems WHERE row {inside} GROUP BY 1, 2, 3"
        )
        return Stand(
            Counter(dict(states.fetchall())),
            warned.fetchone()[0],
            Counter({(code, path, severity): count for code, path, severity, count in causes}),
        )
