"""The mapping that was used last for a sheet with exactly the same headers, found among the runs of this computer."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from gb_desktop.catalog import BatchType
from gb_desktop.mapping.evidence import DATES, NUMBERS
from gb_desktop.mapping.generate import is_proposed, proposed_prefix
from gb_desktop.mapping.model import Mapping, Settings, Source, SourceKind
from gb_desktop.runs import schema
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import Loaded, RunError, RunState
from gb_desktop.runs.wire import from_wire
from gb_desktop.text import isolated, tr
from gb_desktop.workbook.model import Column

_MOST = 500  # runs that are looked at, the newest first


@dataclass(frozen=True, slots=True)
class LastUsed:
    """A mapping that a run was prepared with, made ready for the next sheet."""

    run: str
    mapping: Mapping
    notes: tuple[str, ...]


def last_used(runs: Path, but: str, batch_type: BatchType, columns: Sequence[Column]) -> LastUsed | None:
    """The mapping of the newest run that was prepared or sent for the same batch type and headers; None if none was.

    runs: the folder of run files. A file that can't be read is passed over.
    """
    newest = sorted(runs.glob("*.gbrun"), key=lambda path: path.stem, reverse=True)  # a name begins with its time
    for path in newest[:_MOST]:
        if path.stem != but and (found := _of(path, batch_type, columns)) is not None:
            return found
    return None


def _of(path: Path, batch_type: BatchType, columns: Sequence[Column]) -> LastUsed | None:
    try:
        with closing(schema.open_to_read(path)) as db:
            meta = Meta(db)
            if meta.get("type") != batch_type.key or meta.state() is RunState.DRAFT:
                return None
            before: Loaded = from_wire(Loaded, meta.get("loaded"))
            if not _same(before.columns, columns):
                return None
            used, created = Mapping.from_json(meta.get("mapping")), str(meta.get("created"))
            return _ready(path.stem, created, batch_type, used)
    except (RunError, sqlite3.Error, ValueError, TypeError, AttributeError):
        return None  # a damaged or newer file keeps nobody from matching columns


def _same(before: Sequence[Column], now: Sequence[Column]) -> bool:
    """Whether the headers are exactly equal. They may have moved where each has a text that is its own alone."""
    old, new = ([(column.header, column.raw) for column in columns] for columns in (before, now))
    own = {raw.casefold() for _, raw in new if raw}
    return old == new or (len(own) == len(new) and sorted(old) == sorted(new))


def _ready(run: str, created: str, batch_type: BatchType, used: Mapping) -> LastUsed:
    now = dt.datetime.now(dt.UTC)
    day = dt.datetime.fromisoformat(created.replace("Z", "+00:00")).astimezone().strftime("%Y-%m-%d")
    notes = [
        tr("The columns are mapped as in run {run} of {day}, because the headers are exactly the same.",
           run=run, day=day)
    ]  # fmt: skip
    sources = {path: _renewed(source, batch_type, now) for path, source in used.sources.items()}
    mapping = replace(used, sources=sources)
    return LastUsed(run, mapping, (*notes, *_told(mapping, batch_type)))


def _renewed(source: Source, batch_type: BatchType, now: dt.datetime) -> Source:
    """This month's prefix for generated IDs: with the last one's, rows alike would get IDs that were sent before."""
    proposed = source.kind is SourceKind.GENERATED and is_proposed(batch_type.key, source.text)
    return Source.generated(proposed_prefix(batch_type.key, now)) if proposed else source


def _told(mapping: Mapping, batch_type: BatchType) -> list[str]:
    """What no column of the new sheet says, so that a person looks whether it still holds."""
    fixed = [
        tr("{field} is “{value}”", field=_title(batch_type, path), value=isolated(source.text))
        for path, source in mapping.sources.items()
        if source.kind is SourceKind.CONSTANT
    ]
    notes = [tr("For all rows, as then: {values}.", values=", ".join(fixed))] if fixed else []
    made = [_title(batch_type, path) for path, source in mapping.sources.items() if source.kind is SourceKind.GENERATED]
    if made:
        notes.append(tr("Made by GB Desktop, as then: {fields}.", fields=", ".join(made)))
    if ways := _ways(mapping, batch_type):
        notes.append(tr("Read as then: {ways}.", ways=", ".join(ways)))
    return notes


def _ways(mapping: Mapping, batch_type: BatchType) -> list[str]:
    """How columns are read because a person said so of the earlier sheet: of this one nobody is asked any more."""
    found: list[str] = []
    for path, source in mapping.sources.items():
        field = batch_type.field(path)
        kind = field.kind if field is not None else None
        for header in source.columns:
            if kind in NUMBERS:
                found += _decimal(isolated(header), mapping.settings_for(header))
            elif kind in DATES:
                found += _dates(isolated(header), mapping.settings_for(header))
    return list(dict.fromkeys(found))


def _decimal(column: str, how: Settings) -> Iterator[str]:
    if how.decimal == ",":
        yield tr("{column} with a decimal comma", column=column)
    elif how.decimal:
        yield tr("{column} with a decimal point", column=column)


def _dates(column: str, how: Settings) -> Iterator[str]:
    if how.date_order == "dmy":
        yield tr("{column} as day/month", column=column)
    elif how.date_order == "mdy":
        yield tr("{column} as month/day", column=column)
    elif how.date_order:
        yield tr("{column} as year/month/day", column=column)
    if how.year_pivot is not None:
        yield tr("years up to {year} of {column} as 20xx", year=how.year_pivot, column=column)


def _title(batch_type: BatchType, path: str) -> str:
    field = batch_type.field(path)
    return field.title if field is not None else path
