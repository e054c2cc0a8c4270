"""What the Columns step asks of a staged sheet: suggestions, samples, evidence and problems of a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from gb_desktop.catalog import BatchType
from gb_desktop.checking.ask import mapping_problems
from gb_desktop.checking.check import row_checker
from gb_desktop.checking.model import CheckContext, StagedRow
from gb_desktop.checking.profile import profile
from gb_desktop.checking.samples import samples, unused_columns
from gb_desktop.mapping.matching import propose, suggest
from gb_desktop.mapping.model import Evidence, Mapping
from gb_desktop.mapping.saved import SavedMappings, apply_saved
from gb_desktop.runs.model import MappingView, Suggested
from gb_desktop.runs.store import RunStore
from gb_desktop.text import tr
from gb_desktop.workbook.model import Column

FIRST_ROWS = 2_000


def suggested(store: RunStore, batch_type: BatchType, columns: Sequence[Column], folder: Path) -> Suggested:
    """A mapping for the sheet: that of the run whose failed rows it holds, a saved one for just these headers, or what
    names and contents say for certain."""
    rows = [row.values for row in _first_rows(store)]
    matches = suggest(batch_type, columns, rows)
    if (kept := _kept_mapping(store, batch_type)) is not None:
        return Suggested(kept[0], matches, kept[1])
    saved = SavedMappings(folder).for_headers(batch_type.key, columns)
    if saved is None:
        return Suggested(propose(batch_type, columns, rows), matches)
    mapping, notes = apply_saved(saved.mapping, columns)
    said = tr("The mapping {name} was applied, because the headers are the same.", name=saved.mapping.name)
    return Suggested(mapping, matches, (said, *notes))


def _kept_mapping(store: RunStore, batch_type: BatchType) -> tuple[Mapping, tuple[str, ...]] | None:
    """The mapping by which the rows were sent before, with what has to be said about it."""
    run, kept = store.meta.get("mapping_of"), store.meta.get("mapping")
    if not run or not kept or kept.get("batch_type", batch_type.key) != batch_type.key:
        return None
    said = tr("The columns are mapped as in run {run}, whose failed rows these are.", run=run)
    return Mapping.from_json(kept), (said, *store.meta.get("mapping_notes", []))


def viewed(
    store: RunStore, batch_type: BatchType, columns: Sequence[Column], mapping: Mapping, context: CheckContext
) -> MappingView:
    """How the mapping looks from the first rows; the check looks at all of them."""
    problems = mapping_problems(batch_type, columns, mapping, context.merge)
    usable = _usable(batch_type, columns, mapping)
    rows = _first_rows(store) if usable.sources else []
    evidence = _evidence(batch_type, columns, usable, rows, context) if rows else ()
    numbered = [(row.row, row.values) for row in rows]
    shown = samples(batch_type, columns, usable, numbered, context, evidence) if rows else {}
    return MappingView(
        samples={path: tuple(texts) for path, texts in shown.items()},
        unused=tuple(column.header for column in unused_columns(columns, mapping)),
        problems=problems,
        evidence=evidence,
    )


def _first_rows(store: RunStore) -> list[StagedRow]:
    return list(islice(store.staged_rows(), FIRST_ROWS))


def _usable(batch_type: BatchType, columns: Sequence[Column], mapping: Mapping) -> Mapping:
    """The mapping without sources that name a field or a column which isn't there."""
    headers = {column.header for column in columns}
    kept = {
        path: source
        for path, source in mapping.sources.items()
        if batch_type.field(path) is not None and set(source.columns) <= headers
    }
    return replace(mapping, sources=kept)


def _evidence(
    batch_type: BatchType,
    columns: Sequence[Column],
    mapping: Mapping,
    rows: Sequence[StagedRow],
    context: CheckContext,
) -> tuple[Evidence, ...]:
    checker = row_checker(batch_type, columns, mapping, context)
    return profile(checker.plan, checker, rows)
