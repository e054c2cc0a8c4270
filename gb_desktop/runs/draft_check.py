"""A draft's commands about checking: check, edit, leave out, undo, filter."""

from __future__ import annotations

from collections.abc import Sequence

from gb_desktop.checking.check import check as check_rows
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs import fixing, grids
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.grids import Shown
from gb_desktop.runs.model import AccountFacts, CheckSummary, FixOffer, Progress
from gb_desktop.runs.rechecking import rechecked
from gb_desktop.runs.typed import typed_value
from gb_desktop.runs.wire import to_wire
from gb_desktop.text import isolated, tr


class CheckCommands:
    """From a mapping to checked rows, and everything that changes them."""

    def __init__(self, drafted: Drafted) -> None:
        self._d = drafted

    def check(self, mapping: Mapping, account: AccountFacts) -> CheckSummary:
        """Check every row; the run file holds the exact items and the problems afterwards."""
        self._d.store.meta.update(mapping=mapping.to_json(), merge=sorted(account.merge))
        if account.fingerprint:
            self._d.store.meta.set("account", to_wire(account))
        return self._check()

    def _check(self) -> CheckSummary:
        meta, total = self._d.store.meta, self._d.loaded().rows
        mapping = Mapping.from_json(meta.get("mapping"))
        context = self._d.context()
        try:
            outcome = check_rows(
                self._d.store, self._d.type, self._d.columns, mapping, context,
                lambda done, of: self._d.say(Progress("checking", done, of or total)),
            )  # fmt: skip
        except BaseException:
            self._d.store.abandon_check()
            raise
        db = self._d.store.connection
        cleaned = (*outcome.changes, *outcome.facts)
        changes = (*cleaned, *Edits(self._d.store).sentences())
        summary = CheckSummary(grids.counts(db), grids.groups(db), changes, grids.sheet_problems(db))
        with self._d.store.transaction():
            meta.update(summary=to_wire(summary), review=None, referenced=False, stale=False, cleaned=cleaned)
            meta.update(evidence=to_wire(outcome.evidence), widths=dict(outcome.widths), now_ms=context.now_ms)
        return summary

    def _after(self, rows: Sequence[int]) -> CheckSummary:
        """The summary after some rows changed: those alone are looked at where that is enough."""
        return rechecked(self._d, rows) or self._check()

    # Editing

    def edit(self, row: int, column: int, text: str) -> CheckSummary:
        """Set one cell to what was typed."""
        name = next((c.header for c in self._d.columns if c.index == column), "")
        sentence = tr("{column} in row {row} was changed.", column=isolated(name), row=str(row))
        return self._after(
            Edits(self._d.store).change_cells([(row, column, typed_value(self._d, column, text))], sentence)
        )

    def exclude(self, rows: Sequence[int], excluded: bool) -> CheckSummary:
        """Leave rows out, or take them in again."""
        sentence = _left_out_sentence(len(rows), excluded)
        return self._after(Edits(self._d.store).leave_out(rows, excluded, sentence))

    def exclude_group(self, code: str, field: str, excluded: bool) -> CheckSummary:
        """Leave every row with one problem out."""
        found = self._d.store.connection.execute(
            "SELECT DISTINCT row FROM problems WHERE code = ? AND field = ? AND row > 0", (code, field)
        )
        return self.exclude([row for (row,) in found], excluded)

    def fixes(self, code: str, field: str) -> tuple[FixOffer, ...]:
        """What could be done about a problem group at once."""
        return fixing.offered(self._d, code, field)

    def apply_fix(self, code: str, field: str, key: str) -> CheckSummary:
        """Do one of the offered fixes."""
        return self._after(fixing.done(self._d, code, field, key))

    def replace_dry(self, column: int | None, find: str, replacement: str) -> FixOffer:
        """What find and replace would change."""
        changes = list(self._replacements(column, find, replacement))
        shown = tuple((str(before), after) for _, _, before, after in changes[:3])
        sentence = tr("Replace {find} in {count} cells", find=isolated(find), count=len(changes))
        return FixOffer("replace", sentence, len(changes), shown)

    def replace(self, column: int | None, find: str, replacement: str) -> CheckSummary:
        """Replace a text in one column, or in all."""
        changes = [(row, c, after) for row, c, _, after in self._replacements(column, find, replacement)]
        sentence = tr("{find} was replaced in {count} cells.", find=isolated(find), count=len(changes))
        return self._after(Edits(self._d.store).change_cells(changes, sentence))

    def _replacements(self, column: int | None, find: str, replacement: str) -> list[tuple[int, int, str, str]]:
        found = []
        for row in self._d.store.staged_rows():
            for index, value in enumerate(row.values):
                if find and (column is None or index == column) and isinstance(value, str) and find in value:
                    found.append((row.row, index, value, value.replace(find, replacement)))
        return found

    def undo(self) -> CheckSummary:
        return self._after(Edits(self._d.store).undo())

    def redo(self) -> CheckSummary:
        return self._after(Edits(self._d.store).redo())

    def history(self) -> tuple[str | None, str | None]:
        """What undo and redo would do."""
        return Edits(self._d.store).history()

    # The grid

    def show(self, which: str, code: str, field: str, text: str) -> int:
        return Shown(self._d.store).show(which, code, field, text)

    def next_problem(self, after_row: int, backwards: bool) -> tuple[int, ...]:
        """The row number, or nothing."""
        return _one_or_none(Shown(self._d.store).next_problem(after_row, backwards))

    def position_of(self, row: int) -> tuple[int, ...]:
        """The position from 0, or nothing."""
        return _one_or_none(Shown(self._d.store).position_of(row))


def _left_out_sentence(count: int, excluded: bool) -> str:
    if excluded:
        return tr("{count} rows were left out.", count=count)
    return tr("{count} rows were taken in again.", count=count)


def _one_or_none(found: int | None) -> tuple[int, ...]:
    return () if found is None else (found,)
