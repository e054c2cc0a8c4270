"""Orders of which some rows changed: their rows are checked again, as the other orders of the sheet are not."""

from __future__ import annotations

from collections.abc import Iterator

from gb_desktop.checking.model import RowResult
from gb_desktop.checking.orders import LEFT_OUT, OrderJoiner
from gb_desktop.checking.row import RowChecker
from gb_desktop.runs.store import RunStore


class OrdersAgain:
    """The orders that changed rows belong to now or did before. `again` is the table of these rows.

    The last check keeps of each row its order and what it reads in it, in `lines`, where the row is the rowid.
    """

    def __init__(self, store: RunStore, checker: RowChecker, again: str) -> None:
        self._store = store
        self._db = store.connection
        self._again = again
        self._joiner = OrderJoiner(checker)
        self._alone: list[RowResult] = []  # of rows that belong to no order
        self._keys: set[str] = set()

    def gather(self) -> bool:
        """Put the other rows of these orders into `again`; False when the last check kept nothing of its rows."""
        if self._db.execute("SELECT 1 FROM lines LIMIT 1").fetchone() is None:
            return False
        inside = f"rowid IN (SELECT row FROM {self._again})"
        self._keys = {key for (key,) in self._db.execute(f"SELECT DISTINCT key FROM lines WHERE {inside}")}
        self._db.execute(f"DELETE FROM lines WHERE {inside}")
        changed = [row for (row,) in self._db.execute(f"SELECT row FROM {self._again} ORDER BY row")]
        for batch in self._store.batches_numbered(changed):
            found = [self._joiner.set_aside(row) for row in batch.rows()]
            kept = [one for one, _ in found if one is not None]
            self._store.keep_lines(kept)
            self._keys.update(key for key, _, _ in kept)
            self._alone += [result for _, result in found if result is not None]
        others = f"SELECT row FROM lines WHERE key = ? AND reading <> '{LEFT_OUT}'"
        keys = [(key,) for key in sorted(self._keys)]
        self._db.executemany(f"INSERT OR IGNORE INTO {self._again} {others}", keys)
        return True

    def results(self) -> Iterator[RowResult]:
        """What all these rows come to."""
        yield from self._alone
        for key in sorted(self._keys):
            yield from self._joiner.results(key, self._store.lines_of(key))
