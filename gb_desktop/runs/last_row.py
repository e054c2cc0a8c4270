"""Whether the sheet's last row still looks like the sum of the rows above, after some rows changed."""

from __future__ import annotations

from gb_desktop.checking.columns import Amounts, LastRow
from gb_desktop.checking.model import ItemDraft
from gb_desktop.checking.plan import Plan
from gb_desktop.runs.store import RunStore

CODE = "looks-like-total"
_ITEMS = "(SELECT item, amount FROM items UNION ALL SELECT item, amount FROM blocked_items)"
_LAST = "SELECT row FROM checked WHERE state <> 2 ORDER BY row DESC LIMIT 1"


class LastRowWatch:
    """Keeps the sheet's sum while rows change. `again` is the table of the rows that do."""

    def __init__(self, store: RunStore, plan: Plan, again: str) -> None:
        self._store = store
        self._db = store.connection
        self._plan = plan
        self._again = again
        self._wanted = plan.position(plan.batch_type.amount) is not None and not plan.joined
        self._before: Amounts = (0, 0.0, 0)

    def before(self) -> None:
        """Look at the rows before they change."""
        if self._wanted:
            self._before = self._amounts(f"WHERE item IN (SELECT row FROM {self._again})")

    @property
    def rows(self) -> str:
        """A query for the other rows that `tell` may speak of."""
        either = f"SELECT row FROM problems WHERE code = '{CODE}' UNION SELECT row FROM ({_LAST})"
        return f"SELECT row FROM ({either}) WHERE row NOT IN (SELECT row FROM {self._again})"

    def tell(self) -> None:
        """Say anew what the rule says, now that the rows have changed."""
        if not self._wanted:
            return
        self._db.execute("DELETE FROM problems WHERE code = ?", (CODE,))
        amounts = self._moved()
        last = self._db.execute(_LAST).fetchone()
        found = self._db.execute(f"SELECT amount FROM {_ITEMS} WHERE item = ?", last).fetchone() if last else None
        if found:
            item = ItemDraft(last[0], None, None, None, found[0], b"", "")
            self._store.add_problems(LastRow.restored(amounts, item).problems(self._plan))

    def _moved(self) -> Amounts:
        kept = self._store.meta.get("amounts")
        if kept is None:  # a draft that an earlier version of the app checked
            count, total, negatives = self._amounts("")
        else:
            now = self._amounts(f"WHERE item IN (SELECT row FROM {self._again})")
            count, total, negatives = (held - old + new for held, old, new in zip(kept, self._before, now, strict=True))
            if not negatives and _is_rounded(kept, total):
                count, total, negatives = self._amounts("")
        self._store.meta.set("amounts", (count, total, negatives))
        return count, total, negatives

    def _amounts(self, where: str) -> Amounts:
        numbers = "total(amount IS NOT NULL), total(CAST(amount AS REAL)), total(CAST(amount AS REAL) < 0)"
        counts: list[float] = [0.0, 0.0, 0.0]
        for table in ("items", "blocked_items"):
            found = self._db.execute(f"SELECT {numbers} FROM {table} {where}").fetchone()
            counts = [held + more for held, more in zip(counts, found, strict=True)]
        return int(counts[0]), counts[1], int(counts[2])


def _is_rounded(before: Amounts, total: float) -> bool:
    """Whether a moved sum may lack digits that a sum made anew has: much was taken off what stood before.

    Beside 100000000000000000 a 7 is lost, and stays lost when the large amount goes. Amounts below zero hide how
    large the others were, so with the last of them gone nothing is taken for granted.
    """
    return before[2] > 0 or not before[1] <= 2 * total  # a sum beyond a float is moved to none at all
