"""What the columns screen shows of a mapping: sample values as they will be sent, and columns that are not used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from gb_desktop.catalog import BatchType
from gb_desktop.checking.check import row_checker
from gb_desktop.checking.fast import Piece
from gb_desktop.checking.model import CheckContext, RowState, StagedRow
from gb_desktop.mapping.items import wire_json
from gb_desktop.mapping.model import Evidence, Mapping, SourceKind
from gb_desktop.mapping.reading import Reading
from gb_desktop.mapping.sources import column_indexes
from gb_desktop.workbook.model import Column, RowFlag, Value

SAMPLES = 3
NEEDS_COLUMN = frozenset(SourceKind) - {SourceKind.CONSTANT, SourceKind.GENERATED}


def samples(
    batch_type: BatchType,
    columns: Sequence[Column],
    mapping: Mapping,
    rows: Iterable[tuple[int, Sequence[Value]]],
    context: CheckContext,
    evidence: Sequence[Evidence] = (),
) -> dict[str, list[str]]:
    """For each field with a usable source three different values as they will be sent; rows as (number, values).

    Cells that can't be sent are passed over. Texts are shown without JSON's quotes.
    """
    usable = _usable(batch_type, columns, mapping)
    checker = row_checker(batch_type, columns, usable, context, evidence)
    found: dict[str, list[str]] = {one.field.path: [] for one in checker.plan.fields}
    for row in (StagedRow(number, values, RowFlag.DATA) for number, values in rows):
        for mapped, piece in zip(checker.plan.read, checker.pieces(row.values), strict=True):
            _keep(found[mapped.field.path], piece)
        result = checker.check(row)
        if result.state is RowState.READY and result.item:
            for mapped in checker.plan.made:
                made = result.item.ident if mapped.field.path == batch_type.ident else result.item.time
                _keep(found[mapped.field.path], None if made is None else json.dumps(made))
        if all(len(shown) >= SAMPLES for shown in found.values()):
            break
    return found


def _keep(shown: list[str], piece: Piece) -> None:
    fragment = piece
    if isinstance(piece, Reading):
        fragment = None if piece.value is None else wire_json(piece.value)
    if not isinstance(fragment, str) or len(shown) >= SAMPLES:
        return
    text = str(json.loads(fragment)) if fragment.startswith('"') else fragment
    if text not in shown:
        shown.append(text)


def _usable(batch_type: BatchType, columns: Sequence[Column], mapping: Mapping) -> Mapping:
    """The mapping without sources whose field or columns don't exist."""
    for path, source in mapping.sources.items():
        indexes = column_indexes(source, columns)
        if batch_type.field(path) is None or indexes is None or (source.kind in NEEDS_COLUMN and not indexes):
            mapping = mapping.with_source(path, None)
    return mapping


def unused_columns(columns: Sequence[Column], mapping: Mapping) -> tuple[Column, ...]:
    """The sheet's columns that feed no field, in order."""
    used = {header for source in mapping.sources.values() for header in source.columns}
    return tuple(column for column in columns if column.header not in used)
