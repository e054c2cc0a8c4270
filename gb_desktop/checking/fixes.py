"""Bulk fixes for groups of problems: what could be done, to how many rows, with samples before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from gb_desktop.checking.fast import Piece
from gb_desktop.checking.fix_cells import apply_fix, cell_text
from gb_desktop.checking.fix_model import MAPPINGS, ROWS, SETS, Fix, FixFacts, FixKind, Group
from gb_desktop.checking.messages import WARNINGS
from gb_desktop.checking.model import StagedRow
from gb_desktop.checking.row import bare
from gb_desktop.mapping.contacts import HOME_COUNTRIES, parse_mobile
from gb_desktop.mapping.evidence import NUMBERS
from gb_desktop.mapping.items import wire_json
from gb_desktop.mapping.model import Mapping
from gb_desktop.mapping.parsers import manner, parser
from gb_desktop.mapping.reading import Parsed, Reading, Typed
from gb_desktop.text import tr

_TEXTS = 3  # different words for which a meaning is offered

Offer = Callable[[Group, FixFacts], Iterator[Fix]]
OfferFromRows = Callable[[Group, Sequence[StagedRow], FixFacts], Iterator[Fix]]


def offers(group: Group, rows: Sequence[StagedRow], facts: FixFacts) -> tuple[Fix, ...]:
    """The fixes for a problem group, best first. rows are the group's rows, all of them or the first few hundred.

    Every fix that changes cells says how many of these rows it would settle; leaving rows out is always last.
    """
    made = list(_OFFERS[group.code](group, facts)) if group.code in _OFFERS else []
    made += _FROM_ROWS[group.code](group, rows, facts) if group.code in _FROM_ROWS else []
    made += _clearing(group, facts)
    made += _leaving(group)
    return tuple(_counted(fix, rows, facts) for fix in made)


def _fix(group: Group, facts: FixFacts, kind: FixKind, sentence: str, text: str = "", setting: str = "") -> Fix:
    key = ":".join(part for part in (kind.value, setting, text) if part)
    return Fix(key, kind, sentence, group.field, group.column, facts.header(group.field), setting, text)


def _title(group: Group, facts: FixFacts) -> str:
    field = facts.field_at(group.field)
    return field.title if field else group.field


def _own_column(group: Group, facts: FixFacts) -> bool:
    """Cells can be fixed only where one column feeds the field as it is."""
    return group.column is not None and bool(facts.header(group.field))


def _cleaning(group: Group, facts: FixFacts) -> Iterator[Fix]:
    if _own_column(group, facts):
        sentence = tr("Clean {count} cells in {field}", count=group.count, field=_title(group, facts))
        yield _fix(group, facts, FixKind.CLEAN, sentence)


def _padding(group: Group, facts: FixFacts) -> Iterator[Fix]:
    width = facts.widths.get(facts.header(group.field))
    if width and _own_column(group, facts):
        sentence = tr("Pad {count} cells to {width} digits", count=group.count, width=width)
        yield _fix(group, facts, FixKind.PAD, sentence, str(width))


def _point_zero(group: Group, facts: FixFacts) -> Iterator[Fix]:
    if _own_column(group, facts):
        sentence = tr("Take “.0” off {count} cells", count=group.count)
        yield _fix(group, facts, FixKind.DROP_POINT_ZERO, sentence)


def _spacing(group: Group, facts: FixFacts) -> Iterator[Fix]:
    if _own_column(group, facts):
        sentence = tr("Space equal times by a millisecond, backwards")
        yield _fix(group, facts, FixKind.SPACE_TIMES, sentence)


def _conflicts(group: Group, facts: FixFacts) -> Iterator[Fix]:
    field = facts.field_at(group.field)
    if field is None or not _own_column(group, facts):
        return
    if field.kind in NUMBERS:
        yield _fix(group, facts, FixKind.SUM, tr("Sum the rows of each order into {field}", field=field.title))
    yield _fix(group, facts, FixKind.FIRST, tr("Use the first row's {field} for the whole order", field=field.title))


def _later(group: Group, facts: FixFacts) -> Iterator[Fix]:
    yield _fix(group, facts, FixKind.LEAVE_LATER_OUT, tr("Keep the first row of each and leave the others out"))


def _decimals(group: Group, facts: FixFacts) -> Iterator[Fix]:
    for sign, sentence in ((".", tr("Read the point as decimal sign")), (",", tr("Read the comma as decimal sign"))):
        yield _fix(group, facts, FixKind.SETTING, sentence, sign, "decimal")


def _orders(group: Group, facts: FixFacts) -> Iterator[Fix]:
    for order, sentence in (("dmy", tr("Read the day first")), ("mdy", tr("Read the month first"))):
        yield _fix(group, facts, FixKind.SETTING, sentence, order, "date_order")


def _years(group: Group, facts: FixFacts) -> Iterator[Fix]:
    yield _fix(group, facts, FixKind.SETTING, tr("Read all such years as 20xx"), "99", "year_pivot")
    sentence = tr("Read years up to 30 as 20xx and later ones as 19xx")
    yield _fix(group, facts, FixKind.SETTING, sentence, "30", "year_pivot")


def _countries(group: Group, rows: Sequence[StagedRow], facts: FixFacts) -> Iterator[Fix]:
    cells = [row.values[group.column] for row in rows[:20]] if group.column is not None else []
    for country in HOME_COUNTRIES:
        parsed = [parse_mobile(cell, country) for cell in cells]
        good = [one for one in parsed if one is not None and not (isinstance(one, Reading) and one.codes)]
        if cells and len(good) * 5 >= len(cells) * 4:
            sentence = tr("Read numbers without a country code as those of {country}", country=country)
            yield _fix(group, facts, FixKind.SETTING, sentence, country, "country")


def _meanings(group: Group, rows: Sequence[StagedRow], facts: FixFacts) -> Iterator[Fix]:
    field = facts.field_at(group.field)
    if field is None or group.column is None:
        return
    words = Counter(cell_text(row.values[group.column]).strip() for row in rows)
    for word, _ in words.most_common(_TEXTS):
        close = get_close_matches(word.lower(), field.choices, 1, 0.6)
        for choice in sorted(field.choices, key=lambda one: one not in close):
            sentence = tr("Read “{word}” as {choice}", word=word, choice=choice)
            yield _fix(group, facts, FixKind.MAP_VALUE, sentence, choice, word)


def _clearing(group: Group, facts: FixFacts) -> Iterator[Fix]:
    field = facts.field_at(group.field)
    optional = field is not None and not field.required and field.path not in facts.merge
    alone = field is not None and not any(field.path in members for members in facts.batch_type.exactly_one)
    if optional and alone and group.code not in WARNINGS and _own_column(group, facts) and not _asks(group.code):
        sentence = tr("Leave {field} out in {count} rows", field=_title(group, facts), count=group.count)
        yield _fix(group, facts, FixKind.CLEAR, sentence)


def _asks(code: str) -> bool:
    return code.endswith("-undecided") or code in ("order-conflict", "other-decimal", "other-date-order")


def _leaving(group: Group) -> Iterator[Fix]:
    sentence = tr("Exclude {count} rows", count=group.count)
    yield Fix(FixKind.LEAVE_OUT.value, FixKind.LEAVE_OUT, sentence, group.field, group.column)


_OFFERS: dict[str, Offer] = {
    "broken-character": _cleaning,
    "line-break": _cleaning,
    "id-short": _padding,
    "id-point-zero": _point_zero,
    "same-time": _spacing,
    "order-conflict": _conflicts,
    "duplicate-id": _later,
    "same-row": _later,
    "decimal-undecided": _decimals,
    "date-order-undecided": _orders,
    "years-undecided": _years,
}
_FROM_ROWS: dict[str, OfferFromRows] = {
    "mobile-no-country": _countries,
    "mobile-needs-country": _countries,
    "not-a-choice": _meanings,
}


def _counted(fix: Fix, rows: Sequence[StagedRow], facts: FixFacts) -> Fix:
    """The fix with its count before and after among `rows`, and three samples."""
    if fix.kind in ROWS:
        left = len(rows) - len(rows_to_leave_out(fix, rows, facts))
        return replace(fix, before=len(rows), after=left if fix.kind is FixKind.LEAVE_LATER_OUT else 0)
    if fix.kind in MAPPINGS:
        return _counted_mapping(fix, rows, facts)
    changed = {row: text for row, _, text in edits(fix, rows, facts)}
    cells = {row.row: cell_text(row.values[fix.column or 0]) for row in rows}
    samples = tuple((cells[row], text) for row, text in list(changed.items())[:3])
    # Of a set of equal cells one may stay as it is: the set is settled when any of it changes.
    after = sum(1 for row in rows if row.row not in changed) if fix.kind not in SETS else 0 if changed else len(rows)
    return replace(fix, before=len(rows), after=after, samples=samples)


def _counted_mapping(fix: Fix, rows: Sequence[StagedRow], facts: FixFacts) -> Fix:
    if fix.column is None:
        return replace(fix, before=len(rows), after=len(rows))
    changed = apply_to_mapping(fix, facts.mapping)
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


def edits(fix: Fix, rows: Sequence[StagedRow], facts: FixFacts) -> Iterator[tuple[int, int, str]]:
    """The cells that a fix changes, as (row, column, new text). rows are all rows of the problem group, in order."""
    if fix.column is None or fix.kind in ROWS or fix.kind in MAPPINGS:
        return
    for members in _sets(fix, rows, facts):
        cells = [row.values[fix.column] for row in members]
        typed = [_fragment(facts, row, fix.path) for row in members] if fix.kind in SETS else []
        for row, text in zip(members, apply_fix(fix, cells, typed), strict=True):
            if text is not None:
                yield row.row, fix.column, text


def rows_to_leave_out(fix: Fix, rows: Sequence[StagedRow], facts: FixFacts) -> list[int]:
    """The numbers of the rows that a fix leaves out. rows are all rows of the problem group, in order."""
    if fix.kind is FixKind.LEAVE_OUT:
        return [row.row for row in rows]
    if fix.kind is not FixKind.LEAVE_LATER_OUT:
        return []
    return sorted(row.row for members in _sets(fix, rows, facts) for row in members[1:])


def apply_to_mapping(fix: Fix, mapping: Mapping) -> Mapping:
    """The mapping with a fix that is a setting of its column, or a word's meaning."""
    if fix.kind is FixKind.MAP_VALUE:
        words = {**mapping.values.get(fix.path, {}), fix.setting: fix.text}
        return replace(mapping, values={**mapping.values, fix.path: words})
    if fix.kind is not FixKind.SETTING:
        return mapping
    value: str | int = int(fix.text) if fix.setting == "year_pivot" else fix.text
    settings = replace(mapping.settings_for(fix.header), **{fix.setting: value})  # type: ignore[arg-type]
    return replace(mapping, columns={**mapping.columns, fix.header: settings})


def _sets(fix: Fix, rows: Sequence[StagedRow], facts: FixFacts) -> list[list[StagedRow]]:
    """The rows that a fix must see together: of one moment, of one ID, or alike in every mapped field."""
    if fix.kind not in SETS:
        return [list(rows)]
    path = fix.path if fix.kind is FixKind.SPACE_TIMES else facts.batch_type.ident
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
