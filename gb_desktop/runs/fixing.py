"""Bulk fixes of a draft: which are offered for a problem group, and doing one as a single, undoable step."""

from __future__ import annotations

from collections.abc import Sequence

from gb_desktop.checking.check import row_checker
from gb_desktop.checking.fix_mapping import turn_of
from gb_desktop.checking.fix_model import MAPPINGS, ROWS, Fix, FixFacts, Group
from gb_desktop.checking.fix_offers import offered as fixes_for
from gb_desktop.checking.fix_words import done_words
from gb_desktop.checking.fixes import edits, offers, one_by_one, rows_to_leave_out
from gb_desktop.checking.model import StagedRow
from gb_desktop.mapping.model import Evidence
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.model import FixOffer, RunError
from gb_desktop.runs.wire import from_wire
from gb_desktop.text import tr

LOOKED_AT = 5_000  # rows of a group that an offer's samples and counts are made of


def offered(drafted: Drafted, code: str, field: str) -> tuple[FixOffer, ...]:
    """The fixes of a problem group, best first, each with how many of its rows it settles and three samples."""
    group = _group(drafted, code, field)
    rows = _rows(drafted, _numbers(drafted, code, field, LOOKED_AT))
    found = offers(group, rows, _facts(drafted))
    return tuple(FixOffer(fix.key, fix.sentence, group.count, fix.samples, fix.before, fix.after) for fix in found)


def done(drafted: Drafted, code: str, field: str, key: str) -> list[int]:
    """Do the fix that `key` names; the rows it changed, none for a setting. RunError when it is not offered."""
    facts = _facts(drafted)
    first = _rows(drafted, _numbers(drafted, code, field, LOOKED_AT))
    found = fixes_for(_group(drafted, code, field), first, facts)
    fix = next((one for one in found if one.key == key), None)
    if fix is None:
        raise RunError(tr("This fix is not offered any more, because the rows have changed."), "options")
    return _do(drafted, fix, _numbers(drafted, code, field), facts)


def _do(drafted: Drafted, fix: Fix, numbers: Sequence[int], facts: FixFacts) -> list[int]:
    journal = Edits(drafted.store)
    if fix.kind in MAPPINGS:
        journal.turn(turn_of(fix), fix.sentence)
        return []
    texts = one_by_one(fix, facts)
    if texts is not None and fix.column is not None:
        return journal.change_column(numbers, fix.column, texts, lambda count: done_words(fix, count))
    rows = _rows(drafted, numbers)
    if fix.kind in ROWS:
        gone = rows_to_leave_out(fix, rows, facts)
        return journal.leave_out(gone, True, done_words(fix, len(gone)))
    changes = list(edits(fix, rows, facts))
    return journal.change_cells(changes, done_words(fix, len(changes)))


def _group(drafted: Drafted, code: str, field: str) -> Group:
    count, column = drafted.store.connection.execute(
        "SELECT count(DISTINCT nullif(row, 0)), max(col) FROM problems WHERE code = ? AND field = ?", (code, field)
    ).fetchone()
    return Group(code, field, column, count)


def _numbers(drafted: Drafted, code: str, field: str, most: int = -1) -> list[int]:
    query = "SELECT DISTINCT row FROM problems WHERE code = ? AND field = ? AND row > 0 ORDER BY row LIMIT ?"
    return [row for (row,) in drafted.store.connection.execute(query, (code, field, most))]


def _rows(drafted: Drafted, numbers: Sequence[int]) -> list[StagedRow]:
    return list(drafted.store.rows_numbered(numbers))


def _facts(drafted: Drafted) -> FixFacts:
    meta = drafted.store.meta
    evidence: tuple[Evidence, ...] = from_wire(tuple[Evidence, ...], meta.get("evidence") or [])
    mapping = drafted.mapping()
    checker = row_checker(drafted.type, drafted.columns, mapping, drafted.context(), evidence)
    return FixFacts(checker, mapping, frozenset(meta.get("merge", [])), meta.get("widths") or {})
