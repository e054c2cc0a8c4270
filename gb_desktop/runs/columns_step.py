"""What the Columns step asks of a staged sheet: suggestions, samples, evidence and problems of a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from gb_desktop.catalog import BatchType, Kind
from gb_desktop.checking.ask import mapping_problems
from gb_desktop.checking.check import row_checker
from gb_desktop.checking.model import CheckContext, StagedRow
from gb_desktop.checking.profile import profile
from gb_desktop.checking.samples import samples, unused_columns
from gb_desktop.mapping.applying import Applied, Fit, apply_saved
from gb_desktop.mapping.evidence import decisions
from gb_desktop.mapping.facts import country_fact, zone_fact
from gb_desktop.mapping.matching import propose, suggest
from gb_desktop.mapping.model import Evidence, Mapping, Match, SourceKind
from gb_desktop.mapping.parsers import manner
from gb_desktop.mapping.saved import SavedMappings
from gb_desktop.mapping.words import ColumnWords, WordCount, takes_words
from gb_desktop.runs.last_used import last_used
from gb_desktop.runs.model import MappingView, Suggested
from gb_desktop.runs.store import RunStore
from gb_desktop.text import isolated, tr
from gb_desktop.workbook.model import Column

FIRST_ROWS = 2_000


def suggested(store: RunStore, batch_type: BatchType, columns: Sequence[Column], folder: Path, runs: Path) -> Suggested:
    """A mapping for the sheet: that of the run whose failed rows it holds, the saved one that fits it, the last one
    used for the same headers, or what names and contents say for certain. folder: of saved mappings; runs: of runs."""
    rows = [row.values for row in _first_rows(store)]
    matches = suggest(batch_type, columns, rows)
    anew = propose(batch_type, columns, rows)
    if (kept := _kept_mapping(store, batch_type)) is not None:
        return Suggested(kept[0], matches, kept[1], anew)
    found = SavedMappings(folder).best_for(batch_type.key, columns)
    if found is None:
        last = last_used(runs, str(store.meta.get("run")), batch_type, columns)
        if last is None:
            return Suggested(anew, matches)
        return Suggested(last.mapping, matches, last.notes, anew, last.run)
    saved, fits = found
    applied = apply_saved(saved.mapping, columns, saved.headers)
    notes = (_applied_sentence(fits, saved.mapping.name), *applied.notes)
    return Suggested(applied.mapping, with_offers(matches, applied), notes, anew)


def with_offers(matches: Sequence[Match], applied: Applied) -> tuple[Match, ...]:
    """The matches found for a sheet, behind the columns that look like those a saved mapping had."""
    offered = {(match.path, match.header) for match in applied.offers}
    return (*applied.offers, *(match for match in matches if (match.path, match.header) not in offered))


def _applied_sentence(fits: Fit, name: str) -> str:
    if fits is Fit.SAME:
        return tr("The mapping {name} was applied, because the headers are the same.", name=isolated(name))
    if fits is Fit.ALL_THERE:
        return tr("The mapping {name} was applied, because all its columns are in this sheet.", name=isolated(name))
    return tr("The mapping {name} was applied, as far as its columns are in this sheet.", name=isolated(name))


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
    facts = _facts(batch_type, columns, usable, rows, context, evidence) if rows else ()
    return MappingView(
        samples={path: tuple(texts) for path, texts in shown.items()},
        unused=tuple(column.header for column in unused_columns(columns, mapping)),
        problems=problems,
        evidence=(*evidence, *facts),
    )


def words(
    store: RunStore, batch_type: BatchType, columns: Sequence[Column], mapping: Mapping, context: CheckContext
) -> dict[str, ColumnWords]:
    """For each field of few values that columns feed, the different words of all rows that count."""
    usable = _usable(batch_type, columns, mapping)
    checker = row_checker(batch_type, columns, usable, context)
    wanted = [one for one in checker.plan.read if one.column is not None and takes_words(one.field)]
    counting = {one.slot or 0: WordCount() for one in wanted}
    for row in store.staged_rows() if counting else ():
        if not checker.left_out(row):
            values = checker.whole_values(row.values)
            for slot, count in counting.items():
                count.add(values[slot])
    return {one.field.path: counting[one.slot or 0].found() for one in wanted}


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


def _facts(
    batch_type: BatchType,
    columns: Sequence[Column],
    mapping: Mapping,
    rows: Sequence[StagedRow],
    context: CheckContext,
    evidence: Sequence[Evidence],
) -> tuple[Evidence, ...]:
    """What the columns say of settings that no value settles: the zone of times, the country of mobiles."""
    plan = row_checker(batch_type, columns, mapping, context).plan
    found: dict[tuple[str, str], Evidence | None] = {}
    for one in plan.read:
        if one.source.kind is not SourceKind.COLUMN:
            continue
        how = manner(one.field.path, one.header, mapping, decisions(tuple(evidence)))
        cells = [value for row in rows if (value := row.values[one.slot or 0]) is not None]
        if one.field.kind is Kind.DATETIME:
            found[one.header, "timezone"] = zone_fact(one.header, cells, how)
        elif one.field.kind is Kind.MOBILE:
            found[one.header, "country"] = country_fact(one.header, cells, how.settings)
    return tuple(fact for fact in found.values() if fact is not None)
