"""One row against the plan: its item, exact to the byte, or the problems that keep it from being sent."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import blake2b
from itertools import count
from typing import TypeGuard

from gb_desktop.catalog import Field, Kind
from gb_desktop.checking.fast import Piece, Reader
from gb_desktop.checking.fast_columns import Whole
from gb_desktop.checking.messages import problem
from gb_desktop.checking.model import ItemDraft, Problem, RowResult, RowState, Severity, StagedRow
from gb_desktop.checking.plan import Mapped, Plan
from gb_desktop.checking.shapes import Shapes
from gb_desktop.mapping.cleaning import plain_number
from gb_desktop.mapping.generate import generated_id, generated_time
from gb_desktop.mapping.items import quoted, wire_json
from gb_desktop.mapping.reading import Reading, is_empty
from gb_desktop.workbook.model import RowFlag, Value

Taken = Callable[[str], bool]
Fragments = Sequence[str | None]
ASKING = frozenset({"decimal-undecided", "date-order-undecided", "years-undecided"})


class RowChecker:
    """Checks rows one by one. Keeps what the whole sheet needs: counts of changed cells and of rows alike."""

    def __init__(self, plan: Plan, skip_hidden: bool) -> None:
        self.plan = plan
        self.changes: Counter[tuple[str, str]] = Counter()  # (header, change) -> cells
        self.asking = False  # a cell waits for a setting that the column's values may decide
        self._skip_hidden = skip_hidden
        self._read_fields = plan.read
        self._reads = tuple((one.slot or 0, one.read) for one in plan.read)
        self._columns = tuple((one.slot or 0, one.read, one.whole) for one in plan.read)
        self._made = tuple((place, one) for place, one in enumerate(plan.fields) if one.slot is None)
        self._content = Shapes(plan.batch_type, [one.field for one in plan.read])
        self._whole = Shapes(plan.batch_type, [one.field for one in plan.fields])
        self._groups, self._group_titles = plan.groups, plan.group_titles
        only_choice = {group[0] for group in plan.groups if len(group) == 1}  # of its group nothing else is mapped
        needed = {place for place, one in enumerate(plan.read) if one.needed}
        self.needed = tuple(sorted(needed | only_choice))  # places that a quiet row has filled
        self.always_settles = any(len(group) != 1 for group in plan.groups)
        self._alike: set[int] = set()
        self._again: Counter[int] = Counter()
        kinds = plan.batch_type.customer, plan.batch_type.ident, plan.batch_type.time, plan.batch_type.amount
        self.places = tuple(plan.position(path) for path in kinds)

    def check(self, row: StagedRow, taken: Taken | None = None) -> RowResult:
        """The row's result. Rows must come in sheet order for generated IDs to count rows alike.

        To check one row again by itself give `taken`, which knows the IDs of all other items: a generated ID is then
        the first one of its row's content that is free.
        """
        if (row.excluded or row.flag is not RowFlag.DATA) and (reason := self.left_out(row)):
            return RowResult(row.row, RowState.EXCLUDED, reason=reason)
        return self.judged(row.row, self.pieces(row.values), taken)

    def judged(self, row: int, pieces: Sequence[Piece], taken: Taken | None = None) -> RowResult:
        """The result of a row that is looked at, by what its cells come to."""
        if not self.always_settles and self._quiet(pieces):
            return self.ready(row, pieces, taken)
        fragments, problems = self.settled(row, pieces)
        if any(one.severity is Severity.ERROR for one in problems):
            return RowResult(row, RowState.ERROR, problems=problems)
        return self.ready(row, fragments, taken)._replace(problems=tuple(problems))

    def ready(self, row: int, fragments: Fragments, taken: Taken | None = None) -> RowResult:
        """The result of a row in which nothing is wrong."""
        item = self._item(row, self.body(fragments), fragments, taken)
        return RowResult(row, RowState.READY, item, row)

    def left_out(self, row: StagedRow) -> str:
        """Why a row is not looked at, "" when it is."""
        return left_out(row, self._skip_hidden)

    def pieces(self, values: Sequence[Value]) -> list[Piece]:
        """What each read field's cell comes to, in wire order."""
        if self.plan.derived:
            values = self.whole_values(values)
        return [read(values[slot]) for slot, read in self._reads]

    def columns(self, columns: Sequence[Sequence[Value]]) -> list[list[Piece]]:
        """`pieces` of many rows, whose values are given by column: a list a field."""
        if self.plan.derived:
            rows = zip(*columns, strict=True)
            columns = list(zip(*map(self.whole_values, rows), strict=True))
        return [self._column(columns[slot], read, whole) for slot, read, whole in self._columns]

    @staticmethod
    def _column(values: Sequence[Value], read: Reader, whole: Whole | None) -> list[Piece]:
        found: Sequence[Piece] | None = whole(values) if whole else None
        return list(map(read, values)) if found is None else list(found)

    def body(self, fragments: Fragments) -> str:
        """The JSON of the mapped content."""
        return self._content.text(fragments)

    def bodies(self, columns: Sequence[Sequence[str | None]]) -> list[str]:
        """`body` of many rows, whose fragments are given by column."""
        return self._content.texts(columns)

    def whole_values(self, values: Sequence[Value]) -> Sequence[Value]:
        """A row's values with the derived ones behind them."""
        return [*values, *(fetch(values) for fetch in self.plan.derived)]

    def _quiet(self, pieces: Sequence[Piece]) -> TypeGuard[Fragments]:
        """True when no cell has anything to say and no needed one is empty."""
        if Reading in map(type, pieces):
            return False
        return not any(pieces[place] is None for place in self.needed)

    def settled(self, row: int, pieces: Sequence[Piece], whole: bool = True) -> tuple[list[str | None], list[Problem]]:
        """Fragments (None where empty or unusable) and problems. `whole` rows must have every field that is needed."""
        fragments: list[str | None] = []
        problems: list[Problem] = []
        for place, piece in enumerate(pieces):
            if type(piece) is str:
                fragments.append(piece)
                continue
            mapped = self._read_fields[place]
            fragments.append(self._said(row, mapped, piece, problems) if isinstance(piece, Reading) else None)
            if mapped.needed and whole and is_empty(piece):
                problems.append(problem(row, mapped.field.path, mapped.column, mapped.needed, field=mapped.field.title))
        if self._groups:
            problems += self._exclusive(row, fragments, {one.field for one in problems})
        return fragments, problems

    def cleaned(self, place: int, reading: Reading) -> str:
        """The fragment of a cell that was cleaned and has nothing else to say, after it is counted."""
        if reading.change:
            self.changes[self._read_fields[place].header, reading.change] += 1
        return wire_json(reading.value)

    def _said(self, row: int, mapped: Mapped, reading: Reading, problems: list[Problem]) -> str | None:
        """The fragment of a cell that has something to say, after it is heard."""
        if reading.change:
            self.changes[mapped.header, reading.change] += 1
        problems += [self._problem(row, mapped, code, reading.shown) for code in reading.codes]
        return None if reading.value is None else wire_json(reading.value)

    def _problem(self, row: int, mapped: Mapped, code: str, shown: str) -> Problem:
        self.asking = self.asking or code in ASKING
        return problem(row, mapped.field.path, mapped.column, code, **words(mapped.field, shown))

    def _exclusive(self, row: int, fragments: Sequence[Piece], broken: set[str]) -> list[Problem]:
        """Of each group of fields that exclude each other exactly one is filled."""
        found = []
        for group, titles in zip(self._groups, self._group_titles, strict=True):
            members = [self._read_fields[place] for place in group]
            filled = [self._read_fields[place] for place in group if fragments[place] is not None]
            filled += [one for one in members if one.field.path in broken and one not in filled]
            if members and len(filled) != 1:
                wrong, code = (filled[1], "one-of-many") if filled else (members[0], "one-of-missing")
                found.append(problem(row, wrong.field.path, wrong.column, code, fields=titles))
        return found

    def _item(self, row: int, body: str, fragments: Fragments, taken: Taken | None) -> ItemDraft:
        """The item of a row without errors; fragments and body are those of the read fields, in wire order."""
        content = content_digest(body)
        if self._made:
            fragments = self._with_made(row, fragments, content, taken)
            body = self._whole.text(fragments)
        customer, ident, time, amount = self.places
        return ItemDraft(
            row,
            bare(fragments[customer]) if customer is not None else None,
            bare(fragments[ident]) if ident is not None else None,
            bare(fragments[time]) if time is not None else None,
            fragments[amount] if amount is not None else None,
            content,
            body,
        )

    def _with_made(self, row: int, fragments: Fragments, content: bytes, taken: Taken | None) -> Fragments:
        whole = list(fragments)
        for place, mapped in self._made:
            if mapped.field.kind is Kind.DATETIME:
                value = generated_time(self.plan.now_ms, row)
            else:
                value = self._generated_id(mapped.source.text, content, taken)
            whole.insert(place, quoted(value))
        return whole

    def _generated_id(self, prefix: str, content: bytes, taken: Taken | None) -> str:
        if taken is not None:
            return next(made for n in count(1) if not taken(made := generated_id(prefix, content, n)))
        # 64 bits a row: a chance likeness costs nothing but a higher number, for the ID itself holds 80 bits.
        short = int.from_bytes(content[:8])
        if short not in self._alike:
            self._alike.add(short)
            return generated_id(prefix, content, 1)
        self._again[short] += 1
        return generated_id(prefix, content, self._again[short] + 1)


def left_out(row: StagedRow, skip_hidden: bool) -> str:
    """Why a row is not looked at: "left out", "hidden", "total", or "" when it is."""
    if row.excluded:
        return "left out"
    if row.flag is RowFlag.DATA:
        return ""
    if row.flag is RowFlag.TOTAL:
        return "total"
    return "hidden" if skip_hidden else ""


def content_digest(body: str) -> bytes:
    """The 16 bytes that tell one row's mapped content from another's."""
    return blake2b(body.encode(), digest_size=16).digest()


def content_digests(bodies: Sequence[str]) -> list[bytes]:
    """`content_digest` of many."""
    return [blake2b(body.encode(), digest_size=16).digest() for body in bodies]


def words(field: Field, shown: str) -> dict[str, object]:
    """What a sentence about a cell of `field` may name."""
    found: dict[str, object] = {"field": field.title, "value": shown}
    if field.choices:
        found["choices"] = ", ".join(field.choices)
    if field.minimum is not None:
        found["minimum"] = plain_number(field.minimum)
    if field.maximum is not None:
        found["maximum"] = plain_number(field.maximum)
    return found


def bare(fragment: str | None) -> str | None:
    """A JSON string's text."""
    if fragment is None:
        return None
    return str(json.loads(fragment)) if "\\" in fragment else fragment[1:-1]
