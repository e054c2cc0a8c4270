"""Bulk fixes for groups of problems: what could be done, to how many rows, with samples before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from gb_desktop.checking.fast import Piece
from gb_desktop.checking.fix_cells import Reads, apply_fix, cell_text
from gb_desktop.checking.fix_mapping import turn_of, turned
from gb_desktop.checking.fix_model import MAPPINGS, ROWS, SETS, Fix, FixFacts, FixKind, Group
from gb_desktop.checking.fix_offers import offered
from gb_desktop.checking.model import StagedRow
from gb_desktop.checking.plan import Mapped
from gb_desktop.checking.row import bare
from gb_desktop.checking.rules import is_error
from gb_desktop.mapping.items import wire_json
from gb_desktop.mapping.parsers import manner, parser
from gb_desktop.mapping.reading import Parsed, Reading, Typed
from gb_desktop.workbook.model import Value

_ALWAYS = frozenset({FixKind.LEAVE_OUT, FixKind.SETTING})  # a question is asked even where no answer settles all


def offers(group: Group, rows: Sequence[StagedRow], facts: FixFacts) -> tuple[Fix, ...]:
    """The fixes for a problem group, best first. rows are the group's rows, all of them or the first few thousand.

    Every fix says how many of these rows have the problem and how many would keep it; one that would settle none is
    not offered. Leaving rows out is always last.
    """
    counted = (_counted(fix, group, rows, facts) for fix in offered(group, rows, facts))
    return tuple(fix for fix in counted if fix.after < fix.before or fix.kind in _ALWAYS)


def _counted(fix: Fix, group: Group, rows: Sequence[StagedRow], facts: FixFacts) -> Fix:
    """The fix with its count before and after among `rows`, and three samples."""
    if fix.kind in ROWS:
        left = len(rows) - len(rows_to_leave_out(fix, rows, facts))
        return replace(fix, before=len(rows), after=left if fix.kind is FixKind.LEAVE_LATER_OUT else 0)
    if fix.kind in MAPPINGS:
        return _counted_mapping(fix, rows, facts)
    values = {row.row: row.values for row in rows}
    changed = [(row, cell_text(values[row][column]), text) for row, column, text in edits(fix, rows, facts)]
    samples = tuple(dict.fromkeys((before, text) for _, before, text in changed[:100]))[:3]
    if fix.kind in SETS:  # of a set of equal cells one may stay as it is: any change settles the set
        return replace(fix, before=len(rows), after=0 if changed else len(rows), samples=samples)
    read = _reader(fix, facts)
    settled = {row for row, _, text in changed if read is None or _settles(read, text, group.code)}
    return replace(fix, before=len(rows), after=len(rows) - len(settled), samples=samples)


def _settles(mapped: Mapped, text: str, code: str) -> bool:
    """Whether a cell with this text is free of errors and of the problem."""
    piece = mapped.read(text)
    return not isinstance(piece, Reading) or not (is_error(piece) or code in piece.codes)


def _counted_mapping(fix: Fix, rows: Sequence[StagedRow], facts: FixFacts) -> Fix:
    if fix.column is None:
        return replace(fix, before=len(rows), after=len(rows))
    changed = turned(turn_of(fix), facts.mapping)
    field = facts.field_at(fix.path)
    if field is None:
        return fix
    read = parser(field, manner(fix.path, fix.header, changed, {}))
    pairs = [(cell_text(row.values[fix.column]), read(row.values[fix.column])) for row in rows]
    good = [(before, value) for before, parsed in pairs if (value := usable_value(parsed)) is not None]
    shown = tuple({before: str(value) for before, value in good}.items())[:3]
    return replace(fix, before=len(rows), after=len(rows) - len(good), samples=shown)


def usable_value(parsed: Parsed) -> Typed | None:
    """The value of a cell that can be sent."""
    return parsed.value if isinstance(parsed, Reading) else parsed


def one_by_one(fix: Fix, facts: FixFacts) -> Callable[[Sequence[Value]], Sequence[str | None]] | None:
    """What a fix makes of cells: their new texts, None for one that stays. None for a fix that must see their rows."""
    if fix.kind is FixKind.KEEP or fix.kind in SETS or fix.kind in ROWS or fix.kind in MAPPINGS:
        return None
    reads = _reads(fix, facts)
    return lambda cells: apply_fix(fix, cells, (), reads)


def edits(fix: Fix, rows: Sequence[StagedRow], facts: FixFacts) -> Iterator[tuple[int, int, str]]:
    """The cells that a fix changes, as (row, column, new text). rows are all rows of the problem group, in order."""
    if fix.kind is FixKind.KEEP:
        yield from _others_cleared(fix, rows, facts)
        return
    if fix.column is None or fix.kind in ROWS or fix.kind in MAPPINGS:
        return
    texts = one_by_one(fix, facts)
    for members in _sets(fix, rows, facts):
        cells = [row.values[fix.column] for row in members]
        made = texts(cells) if texts else apply_fix(fix, cells, [_fragment(facts, row, fix.path) for row in members])
        for row, text in zip(members, made, strict=True):
            if text is not None:
                yield row.row, fix.column, text


def _reader(fix: Fix, facts: FixFacts) -> Mapped | None:
    """The field that a fix mends, as the check reads it."""
    return next((one for one in facts.checker.plan.read if one.field.path == fix.path), None)


def _reads(fix: Fix, facts: FixFacts) -> Reads:
    """Whether a text can be sent in the field that a fix mends."""
    mapped = _reader(fix, facts)

    def reads(text: str) -> bool:
        piece = mapped.read(text) if mapped else None
        return isinstance(piece, str) or (isinstance(piece, Reading) and not is_error(piece))

    return reads


def _others_cleared(fix: Fix, rows: Sequence[StagedRow], facts: FixFacts) -> Iterator[tuple[int, int, str]]:
    """Of the fields that exclude each other all but one emptied, where that one is filled."""
    kept, others = facts.exclusive(fix.setting)
    for row in rows:
        if kept is not None and cell_text(row.values[kept]).strip():
            yield from ((row.row, column, "") for column in others if cell_text(row.values[column]))


def rows_to_leave_out(fix: Fix, rows: Sequence[StagedRow], facts: FixFacts) -> list[int]:
    """The numbers of the rows that a fix leaves out. rows are all rows of the problem group, in order."""
    if fix.kind is FixKind.LEAVE_OUT:
        return [row.row for row in rows]
    if fix.kind is not FixKind.LEAVE_LATER_OUT:
        return []
    return sorted(row.row for members in _sets(fix, rows, facts) for row in members[1:])


def _sets(fix: Fix, rows: Sequence[StagedRow], facts: FixFacts) -> list[list[StagedRow]]:
    """The rows that a fix must see together: of one ID, or alike in every mapped field; for equal times, all."""
    if fix.kind not in SETS or fix.kind is FixKind.SPACE_TIMES:
        return [list(rows)]
    path = fix.path if fix.path == facts.batch_type.customer else facts.batch_type.ident
    if fix.kind is FixKind.LEAVE_LATER_OUT and not fix.path:
        path = None
    found: dict[object, list[StagedRow]] = {}
    for row in rows:
        key = _fragment(facts, row, path) if path else tuple(map(_text, facts.checker.pieces(row.values)))
        found.setdefault(key, []).append(row)
    return list(found.values())


def _fragment(facts: FixFacts, row: StagedRow, path: str) -> str | None:
    """What the row sends in a field, without JSON's quotes."""
    fields = facts.checker.plan.read
    place = next((place for place, one in enumerate(fields) if one.field.path == path), None)
    return None if place is None else _text(facts.checker.pieces(row.values)[place])


def _text(piece: Piece) -> str | None:
    if isinstance(piece, Reading):
        piece = None if piece.value is None else wire_json(piece.value)
    return bare(piece) if piece is not None and piece.startswith('"') else piece
