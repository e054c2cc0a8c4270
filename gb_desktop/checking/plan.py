"""The plan of a check: each mapped field with its place in the row, its reader and what it needs, made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gb_desktop.catalog import BatchType, Field, Kind
from gb_desktop.checking.fast import Reader, reader, whole_reader
from gb_desktop.checking.fast_columns import Whole
from gb_desktop.checking.model import CheckContext
from gb_desktop.checking.shapes import wire_order
from gb_desktop.mapping.evidence import Tally, decisions
from gb_desktop.mapping.model import Evidence, Mapping, Source, SourceKind
from gb_desktop.mapping.parsers import Manner, manner
from gb_desktop.mapping.reading import Decisions
from gb_desktop.mapping.sources import Fetch, column_indexes, fetcher
from gb_desktop.mapping.zones import wire_of_ms
from gb_desktop.workbook.model import Column

_AMOUNTS = frozenset({Kind.NUMBER, Kind.INTEGER})


@dataclass(frozen=True, slots=True)
class Mapped:
    """A field with a source. `slot` is its place in the row's values, derived ones appended; None when generated."""

    field: Field
    source: Source
    slot: int | None
    column: int | None  # the sheet's column that problems point at
    header: str
    needed: str  # "" or the code of an empty cell: required-empty, required-by-account
    read: Reader
    whole: Whole | None  # reads a column of clean cells at once


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a mapping and its settings decide, before the first row."""

    batch_type: BatchType
    fields: tuple[Mapped, ...]  # in wire order
    derived: tuple[Fetch, ...]  # values made of others, appended to the row's own
    now_ms: int
    joined: bool  # several rows with one ident make one item
    once_each: bool  # one item for each customer or order ID (read-only types)

    def position(self, path: str | None) -> int | None:
        """Where in `fields` the field at `path` stands."""
        return next((place for place, one in enumerate(self.fields) if one.field.path == path), None)

    @property
    def read(self) -> tuple[Mapped, ...]:
        """The fields that come from cells or constants, in wire order."""
        return tuple(one for one in self.fields if one.slot is not None)

    @property
    def made(self) -> tuple[Mapped, ...]:
        """The fields whose values the app makes."""
        return tuple(one for one in self.fields if one.slot is None)

    @property
    def rows_stand_alone(self) -> bool:
        """True when a row's result depends on that row alone, so that an edited row can be checked by itself."""
        return not self.joined and not self.once_each

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """For each group of fields that exclude each other, the places of the mapped ones in `read`."""
        paths = [one.field.path for one in self.read]
        return tuple(
            tuple(paths.index(path) for path in group if path in paths) for group in self.batch_type.exactly_one
        )

    @property
    def group_titles(self) -> tuple[str, ...]:
        """The titles of each such group's fields, for sentences."""
        return tuple(titles(self.batch_type, group) for group in self.batch_type.exactly_one)


def titles(batch_type: BatchType, paths: Sequence[str]) -> str:
    """The fields' titles in one text: `Amount to redeem, Points to redeem, Hold reference`."""
    found = (batch_type.field(path) for path in paths)
    return ", ".join(field.title for field in found if field is not None)


def make_plan(
    batch_type: BatchType,
    columns: Sequence[Column],
    mapping: Mapping,
    context: CheckContext,
    evidence: Sequence[Evidence] = (),
) -> Plan:
    """The plan of a mapping; fields that the type or columns that the sheet doesn't have are left aside.

    evidence: what a profile of the columns has settled.
    """
    there = [path for path, source in mapping.sources.items() if column_indexes(source, columns) is not None]
    known = {path: field for path in there if (field := batch_type.field(path)) is not None}
    joined = batch_type.joins_rows and any(field.line for field in known.values())
    maker = _Maker(batch_type, columns, mapping, context, decisions(tuple(evidence)), joined)
    sources = {batch_type_field.path: mapping.sources[path] for path, batch_type_field in known.items()}
    fields = tuple(maker.mapped(field, sources[field.path]) for field in wire_order(batch_type, list(known.values())))
    once = batch_type.reads_only
    return Plan(batch_type, fields, tuple(maker.derived), context.now_ms, joined, once)


class _Maker:
    """Makes the plan's fields one by one; derived values get their slots in passing."""

    def __init__(
        self,
        batch_type: BatchType,
        columns: Sequence[Column],
        mapping: Mapping,
        context: CheckContext,
        decided: Decisions,
        joined: bool,
    ) -> None:
        self._type = batch_type
        self._columns = columns
        self._mapping = mapping
        self._merge = context.merge
        self._now = wire_of_ms(context.now_ms)
        self._decided = decided
        self._joined = joined
        self._width = max((column.index for column in columns), default=-1) + 1
        self.derived: list[Fetch] = []

    def mapped(self, field: Field, source: Source) -> Mapped:
        header = source.columns[0] if source.columns else ""
        indexes = column_indexes(source, self._columns) or ()
        how = self._manner(field, source, header)
        return Mapped(
            field=field,
            source=source,
            slot=self._slot(source, indexes),
            column=indexes[0] if indexes else None,
            header=header,
            needed=self._needed(field),
            read=reader(field, how, self._now),
            whole=whole_reader(field, how, self._now),
        )

    def _manner(self, field: Field, source: Source, header: str) -> Manner:
        decided = self._decided
        if source.kind is SourceKind.CONSTANT:
            tally = Tally(header, field)
            tally.add(source.text)
            decided = decisions(tally.evidence())
        how = manner(field.path, header, self._mapping, decided)
        return replace(how, merged_is_error=self._merged_is_error(field), account_needs=field.path in self._merge)

    def _merged_is_error(self, field: Field) -> bool:
        """300 merged over three rows is not 900; over the lines of one order it is that order's."""
        if self._joined and not field.line:
            return False
        return field.kind in _AMOUNTS or (field.path == self._type.ident and not self._type.reads_only)

    def _needed(self, field: Field) -> str:
        if field.required:
            return "required-empty"
        return "required-by-account" if field.path in self._merge else ""

    def _slot(self, source: Source, indexes: Sequence[int]) -> int | None:
        if source.kind is SourceKind.GENERATED:
            return None
        if source.kind is SourceKind.COLUMN:
            return indexes[0]
        self.derived.append(fetcher(source, indexes))
        return self._width + len(self.derived) - 1
