"""Rows of a run by outcome. They always add up to the sheet's rows, and this is where that is asserted."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from gb_desktop.runs.events import Counts
from gb_desktop.runs.model import Outcome

# A planned repeat counts too: its first try may have been applied.
IN_FLIGHT = "(state IN ('sending', 'accepted', 'unsure') OR (state = 'planned' AND repeated = 1))"


@dataclass
class Tally:
    """Running counts of rows, kept beside the journal so that nothing has to be counted again at every event."""

    rows: int = 0
    excluded: int = 0
    by_outcome: dict[Outcome, int] = field(default_factory=dict)
    in_flight: int = 0

    @classmethod
    def read(cls, db: sqlite3.Connection) -> Tally:
        """Count from the run file itself."""
        rows = db.execute("SELECT count(*) FROM rows").fetchone()[0]
        sendable = db.execute("SELECT coalesce(sum(rows), 0) FROM items").fetchone()[0]
        found = db.execute("SELECT outcome, sum(items.rows) FROM outcomes JOIN items USING (item) GROUP BY outcome")
        in_flight = db.execute(
            "SELECT coalesce(sum(items.rows), 0) FROM chunks JOIN chunk_items USING (chunk) JOIN items USING (item) "
            f"WHERE {IN_FLIGHT} AND item NOT IN (SELECT item FROM outcomes)"
        ).fetchone()[0]
        return cls(rows, rows - sendable, {Outcome(o): n for o, n in found}, in_flight)

    def settle(self, before: Mapping[Outcome, int], after: Mapping[Outcome, int]) -> None:
        """Rows by outcome of some items, before and after they got new ones."""
        for outcome, rows in before.items():
            self.by_outcome[outcome] -= rows
        for outcome, rows in after.items():
            self.by_outcome[outcome] = self.by_outcome.get(outcome, 0) + rows

    def counts(self, at_rest: bool = False) -> Counts:
        """The counts now. at_rest: nothing is being sent, so what is in flight has an unknown outcome."""
        settled = {outcome: self.by_outcome.get(outcome, 0) for outcome in Outcome}
        in_flight = max(0, self.in_flight)
        unknown = settled[Outcome.UNKNOWN] + (in_flight if at_rest else 0)
        known = sum(settled.values()) - settled[Outcome.UNKNOWN] + unknown + self.excluded
        counts = Counts(
            rows=self.rows,
            succeeded=settled[Outcome.SUCCEEDED],
            failed=settled[Outcome.FAILED],
            already_applied=settled[Outcome.ALREADY_APPLIED],
            unknown=unknown,
            not_sent=self.rows - known + settled[Outcome.NOT_SENT],
            excluded=self.excluded,
            in_flight=0 if at_rest else in_flight,
            resumable=in_flight if at_rest else 0,
        )
        assert_adds_up(counts)
        return counts


def assert_adds_up(counts: Counts) -> None:
    """Every row has exactly one outcome; anything else is a fault of ours that must not be shown as a result."""
    total = (
        counts.succeeded + counts.failed + counts.already_applied + counts.unknown + counts.not_sent + counts.excluded
    )
    if total != counts.rows or counts.not_sent < 0:
        raise AssertionError(f"{total} outcomes for {counts.rows} rows")
