"""Orders whose rows are their line items: rows with one order ID become one item."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import orjson

from gb_desktop.checking.messages import problem, rows_in_words
from gb_desktop.checking.model import ItemDraft, Problem, RowResult, RowState, Severity, StagedRow
from gb_desktop.checking.plan import Mapped
from gb_desktop.checking.row import RowChecker, bare, content_digest
from gb_desktop.checking.shapes import LineShapes, Shapes
from gb_desktop.mapping.items import LINES, quoted, wire_json
from gb_desktop.mapping.reading import Reading

Kept = tuple[str, int, str]  # order ID, row, reading
LEFT_OUT = ""  # in place of the reading


@dataclass(slots=True)
class _Line:
    """One row of an order, set aside until its order is whole."""

    row: int
    fragments: list[str | None]
    problems: list[Problem] = field(default_factory=list)

    @property
    def broken(self) -> bool:
        return any(one.severity is Severity.ERROR for one in self.problems)


class OrderJoiner:
    """Sets rows aside by order ID and makes one item of each order when all rows are read."""

    def __init__(self, checker: RowChecker) -> None:
        self._checker = checker
        plan = checker.plan
        self._fields = plan.read
        self._own = [place for place, one in enumerate(self._fields) if not one.field.line]
        self._line = [place for place, one in enumerate(self._fields) if one.field.line]
        self._own_fields = [self._fields[place] for place in self._own]
        self._ident = next(place for place, one in enumerate(self._fields) if one.field.path == plan.batch_type.ident)
        batch_type = plan.batch_type
        self._shapes = Shapes(batch_type, [one.field for one in self._own_fields])
        self._line_shapes = LineShapes(batch_type, [self._fields[place].field for place in self._line])
        paths = [one.field.path for one in self._own_fields]
        wanted = (batch_type.customer, batch_type.ident, batch_type.time, batch_type.amount)
        self._places = [paths.index(path) if path in paths else None for path in wanted]

    def set_aside(self, row: StagedRow) -> tuple[Kept | None, RowResult | None]:
        """What is to be kept of a row, and its result where that doesn't hang on an order.

        Of a row that is left out only its order is kept: that goes out without it, if its other rows do.
        """
        reason = self._checker.left_out(row)
        if reason:
            key = self._key(row) if reason != "total" else None
            return (key, row.row, LEFT_OUT) if key else None, RowResult(row.row, RowState.EXCLUDED, reason=reason)
        fragments, problems = self._checker.settled(row.row, self._checker.pieces(row.values), whole=False)
        found = fragments[self._ident]
        if found is None:
            mapped = self._fields[self._ident]
            if not any(one.field == mapped.field.path for one in problems):
                problems.append(_empty(row.row, mapped))
            return None, RowResult(row.row, RowState.ERROR, problems=problems)
        kept = [(one.field, one.column, one.code, one.severity.value, one.message) for one in problems]
        return (bare(found) or "", row.row, orjson.dumps([fragments, kept]).decode()), None

    def _key(self, row: StagedRow) -> str | None:
        """The order ID of a row that is not looked at otherwise."""
        piece = self._checker.pieces(row.values)[self._ident]
        if isinstance(piece, Reading):
            piece = None if piece.value is None else wire_json(piece.value)
        return bare(piece)

    def results(self, ident: str, kept: Sequence[tuple[int, str]]) -> Iterator[RowResult]:
        """The results of one order's rows, in order, but for those left out; its first row carries the item."""
        lines = [_restored(row, text) for row, text in kept if text != LEFT_OUT]
        if not lines:
            return
        whole = self._whole(ident, lines)
        first = lines[0].row
        left_out = [row for row, text in kept if text == LEFT_OUT]
        if left_out:
            at = rows_in_words(left_out)
            for line in lines:
                line.problems.append(problem(line.row, "", None, "order-shortened", value=ident, rows=at))
        if not any(line.broken for line in lines):
            item = self._item(first, whole, lines)
            for line in lines:
                own = item if line.row == first else None
                yield RowResult(line.row, RowState.READY, own, first, problems=line.problems)
            return
        at_fault = [line.row for line in lines if line.broken]
        for line in lines:
            if not line.broken:
                at = rows_in_words(at_fault)
                line.problems.append(problem(line.row, "", None, "order-incomplete", value=ident, rows=at))
            yield RowResult(line.row, RowState.ERROR, problems=line.problems)

    def _whole(self, ident: str, lines: list[_Line]) -> list[str | None]:
        """The order's own fields, one value each; differences and gaps become problems of its rows."""
        whole: list[str | None] = []
        for place, mapped in zip(self._own, self._own_fields, strict=True):
            values = {fragment: None for line in lines if (fragment := line.fragments[place]) is not None}
            whole.append(next(iter(values), None))
            if len(values) > 1:
                _conflict(ident, mapped, place, lines, list(values))
            elif not values and mapped.needed and not _told(lines, mapped):
                lines[0].problems.append(_empty(lines[0].row, mapped))
        return whole

    def _item(self, first: int, whole: list[str | None], lines: list[_Line]) -> ItemDraft:
        made = (self._line_shapes.text([line.fragments[place] for place in self._line]) for line in lines)
        array = ",".join(text for text in made if text != "{}")
        own = self._shapes.text(whole)
        body = f"{own[:-1]},{quoted(LINES)}:[{array}]}}" if array else own
        customer, ident, time, amount = (None if place is None else whole[place] for place in self._places)
        return ItemDraft(first, bare(customer), bare(ident), bare(time), amount, content_digest(body), body)


def _restored(row: int, text: str) -> _Line:
    fragments, kept = orjson.loads(text)
    problems = [Problem(row, path, column, code, Severity(how), said) for path, column, code, how, said in kept]
    return _Line(row, fragments, problems)


def _conflict(ident: str, mapped: Mapped, place: int, lines: list[_Line], values: list[str]) -> None:
    shown = ", ".join(json.loads(value) if value.startswith('"') else value for value in values[:3])
    for line in lines:
        if line.fragments[place] is not None:
            words = {"field": mapped.field.title, "value": ident, "values": shown}
            line.problems.append(problem(line.row, mapped.field.path, mapped.column, "order-conflict", **words))


def _told(lines: list[_Line], mapped: Mapped) -> bool:
    """True when a row already says what is wrong with this field."""
    return any(one.field == mapped.field.path for line in lines for one in line.problems)


def _empty(row: int, mapped: Mapped) -> Problem:
    code = mapped.needed or "required-empty"
    return problem(row, mapped.field.path, mapped.column, code, field=mapped.field.title)
