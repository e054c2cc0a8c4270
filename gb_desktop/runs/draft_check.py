"""A draft's commands about checking: check, edit, leave out, undo, filter."""

from __future__ import annotations

from collections.abc import Sequence

from gb_desktop.checking.check import check as check_rows
from gb_desktop.checking.fix_model import FixKind
from gb_desktop.mapping.changes import Change
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs import fixing, grids
from gb_desktop.runs.column_facts import column_facts
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.grids import Shown
from gb_desktop.runs.known import known_rows
from gb_desktop.runs.ledger import Ledger
from gb_desktop.runs.model import AccountFacts, CheckSummary, ColumnFacts, FixOffer, Progress
from gb_desktop.runs.rechecking import rechecked
from gb_desktop.runs.recipes import Recipes
from gb_desktop.runs.replacing import replacements
from gb_desktop.runs.typed import holds_numbers, is_number, typed_value
from gb_desktop.runs.wire import to_wire
from gb_desktop.text import cells_words, isolated, left_out_words, tr
from gb_desktop.workbook.model import Value


class CheckCommands:
    """From a mapping to checked rows, and everything that changes them."""

    def __init__(self, drafted: Drafted) -> None:
        self._d = drafted

    def check(self, mapping: Mapping, account: AccountFacts, again: bool = True) -> CheckSummary:
        """Check every row; the run file holds the exact items and the problems afterwards.

        Not `again`: the last check will do where it was of the same rows by the same rules.
        """
        meta, merge = self._d.store.meta, sorted(account.merge)
        kept = meta.get("mapping")
        alike = kept and Mapping.from_json(kept) == mapping and meta.get("merge") == merge
        standing = self._d.standing() if alike and not again else None
        with self._d.store.transaction():
            if standing is None:  # a check that is broken off leaves none, and not the last mapping's
                self._d.store.forget_check()
            meta.update(mapping=mapping.to_json(), merge=merge)
            self._use(account)
        return standing or self._check()

    def _use(self, account: AccountFacts) -> None:
        """Keep the account; a plan was made for one alone."""
        meta, facts = self._d.store.meta, to_wire(account)
        if account.fingerprint and facts != meta.get("account"):
            self._d.store.unplan()
            meta.set("account", facts)

    def _check(self) -> CheckSummary:
        meta, total = self._d.store.meta, self._d.loaded().rows
        mapping, context = self._d.mapping(), self._d.context()
        try:
            outcome = check_rows(
                self._d.store, self._d.type, self._d.columns, mapping, context,
                lambda done, of: self._d.say(Progress("checking", done, of or total)),
            )  # fmt: skip
        except BaseException:
            self._d.store.abandon_check()
            raise
        Edits(self._d.store).tell_known()
        db = self._d.store.connection
        cleaned = (*outcome.changes, *outcome.facts)
        changes = (*cleaned, *Edits(self._d.store).sentences())
        summary = CheckSummary(grids.counts(db), grids.groups(db), changes, grids.sheet_problems(db))
        with self._d.store.transaction():
            meta.update(summary=to_wire(summary), review=None, referenced=False, stale=False, cleaned=cleaned)
            meta.update(evidence=to_wire(outcome.evidence), widths=dict(outcome.widths), now_ms=context.now_ms)
            meta.set("amounts", outcome.amounts)
        return summary

    def _after(self, rows: Sequence[int]) -> CheckSummary:
        """The summary after some rows changed: those alone are looked at where that is enough. No rows: a setting."""
        found = rechecked(self._d, rows) if rows else self._d.standing()
        if found is None:
            return self._check()
        Edits(self._d.store).tell_known(rows)
        return found

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
        return self._after(self._left_out(rows, excluded))

    def _left_out(self, rows: Sequence[int], excluded: bool) -> list[int]:
        return Edits(self._d.store).leave_out(rows, excluded, _left_out_sentence(len(rows), excluded))

    def leave_out_known(self, account: AccountFacts, leave_out: bool) -> CheckSummary:
        """Leave the rows out whose IDs were sent with this account before, or take them in again."""
        edits = Edits(self._d.store)
        if leave_out:
            known = known_rows(self._d.store, self._d.type, account, Ledger(self._d.ledger))
            one = tr("1 row was left out because its ID was sent before.")
            many = tr("{count} rows were left out because their IDs were sent before.", count=len(known))
            sentence = one if len(known) == 1 else many
            return self._after(edits.leave_out_known(known, sentence))
        rows = edits.known_rows()
        return self._after(edits.leave_out(rows, False, _left_out_sentence(len(rows), False)))

    def exclude_group(self, code: str, field: str, excluded: bool) -> CheckSummary:
        """Leave every row with one problem out."""
        found = self._d.store.connection.execute(
            "SELECT DISTINCT row FROM problems WHERE code = ? AND field = ? AND row > 0", (code, field)
        )
        step = self._last_step()
        rows = self._left_out([row for (row,) in found], excluded)
        if excluded:
            Recipes(self._d.store).note(step, Change.fix(code, field, FixKind.LEAVE_OUT.value))
        return self._after(rows)

    def _last_step(self) -> int:
        return Edits(self._d.store).last_step()

    def fixes(self, code: str, field: str) -> tuple[FixOffer, ...]:
        """What could be done about a problem group at once."""
        return fixing.offered(self._d, code, field)

    def apply_fix(self, code: str, field: str, key: str) -> CheckSummary:
        """Do one of the offered fixes."""
        step = self._last_step()
        rows = fixing.done(self._d, code, field, key)
        Recipes(self._d.store).note(step, Change.fix(code, field, key))
        return self._after(rows)

    def replace_dry(self, column: int | None, find: str, replacement: str) -> FixOffer:
        """What find and replace would change."""
        changes = list(replacements(self._d.store, column, find, replacement))
        shown = tuple(dict.fromkeys((before, after) for _, _, before, after in changes[:1000]))[:3]
        sentence = tr("Replace “{find}” in {cells}", find=isolated(find), cells=cells_words(len(changes)))
        return FixOffer("replace", sentence, len(changes), shown)

    def replace(self, column: int | None, find: str, replacement: str) -> CheckSummary:
        """Replace a text in one column, or in all."""
        numbers = {c.index for c in self._d.columns if holds_numbers(self._d, c.index)}
        changes: list[tuple[int, int, Value]] = [
            (row, c, float(after) if c in numbers and is_number(after) else after or None)
            for row, c, _, after in replacements(self._d.store, column, find, replacement)
        ]
        sentence = tr("“{find}” was replaced in {cells}.", find=isolated(find), cells=cells_words(len(changes)))
        step = self._last_step()
        rows = Edits(self._d.store).change_cells(changes, sentence)
        header = next((one.header for one in self._d.columns if one.index == column), "")
        sources = self._d.mapping().sources.items()
        field = next((path for path, source in sources if source.columns == (header,)), "")
        Recipes(self._d.store).note(step, Change.replaced(header, find, replacement, field=field))
        return self._after(rows)

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

    def column_facts(self, column: int) -> ColumnFacts:
        """What a column holds."""
        return column_facts(self._d.store.connection, column)

    def next_problem(self, after_row: int, backwards: bool) -> tuple[int, ...]:
        """The row number, or nothing."""
        return _one_or_none(Shown(self._d.store).next_problem(after_row, backwards))

    def position_of(self, row: int) -> tuple[int, ...]:
        """The position from 0, or nothing."""
        return _one_or_none(Shown(self._d.store).position_of(row))


def _left_out_sentence(count: int, excluded: bool) -> str:
    if excluded:
        return left_out_words(count)
    return tr("1 row was taken in again.") if count == 1 else tr("{count} rows were taken in again.", count=count)


def _one_or_none(found: int | None) -> tuple[int, ...]:
    return () if found is None else (found,)
