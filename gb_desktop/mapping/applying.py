"""A saved mapping on a sheet whose columns have moved, been renamed or added: what is followed, and what is said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import IntEnum

from gb_desktop.catalog import batch_type
from gb_desktop.mapping.changes import Change
from gb_desktop.mapping.model import Mapping, Match, Source
from gb_desktop.mapping.names import name_key
from gb_desktop.text import isolated, tr
from gb_desktop.workbook.model import Column

_ALIKE = 0.85  # likeness from which a header is offered for one that is gone
_NAMED = 5  # new columns that a sentence names


class Fit(IntEnum):
    """How well a saved mapping fits a sheet, the best last."""

    NONE = 0  # only what a person loads on purpose
    MOST = 1  # most columns are there, and those that are gone are few or have one that looks like them
    ALL_THERE = 2  # every column it uses is there
    SAME = 3  # the headers are the same


@dataclass(frozen=True, slots=True)
class Applied:
    """A saved mapping made to fit a sheet. notes: a sentence for everything that was done differently.

    Fields in `lost` have no source any more because their column is gone; `offers` are columns that look like it.
    """

    mapping: Mapping
    notes: tuple[str, ...] = ()
    offers: tuple[Match, ...] = ()
    lost: tuple[str, ...] = ()


def apply_saved(mapping: Mapping, columns: Sequence[Column], headers: Sequence[str] = ()) -> Applied:
    """A saved mapping on a sheet's columns; `headers` are those of the sheet that it was saved for.

    Headers are found wherever they moved to. A header written differently (case, punctuation) is taken for the
    same; one that only looks alike is not taken but offered, and its field loses its source.
    """
    renamed, missing = followed(mapping, columns)
    notes = [_renamed(old, new) for old, new in renamed.items() if old != new]
    sources: dict[str, Source] = {}
    lost: dict[str, str] = {}  # field path -> the header that is gone
    for path, source in mapping.sources.items():
        gone = [header for header in source.columns if header in missing]
        if gone:
            lost[path] = gone[0]
            notes.append(_lost(mapping.batch_type, path, gone[0], missing[gone[0]]))
        else:
            sources[path] = replace(source, columns=tuple(renamed[header] for header in source.columns))
    found = replace(
        mapping,
        sources=sources,
        columns={renamed[header]: kept for header, kept in mapping.columns.items() if header in renamed},
        changes=tuple(_followed_change(change, renamed) for change in mapping.changes),
    )
    notes += [*_order_notes(renamed, columns, headers), *_new_notes(headers, renamed.values(), columns)]
    offers = tuple(_offer(path, header, missing[header]) for path, header in lost.items() if missing[header])
    return Applied(found, tuple(notes), offers, tuple(lost))


def fit(mapping: Mapping, headers: Sequence[str], columns: Sequence[Column]) -> Fit:
    """How well a mapping that was saved for a sheet with `headers` fits these columns."""
    if sorted(map(name_key, headers)) == sorted(name_key(column.header) for column in columns):
        return Fit.SAME
    _, missing = followed(mapping, columns)
    needed = {header for source in mapping.sources.values() for header in source.columns}
    gone = needed & set(missing)
    there = len(needed) - len(gone)
    if needed and not gone:
        return Fit.ALL_THERE
    few = there > 2 * len(gone) or (there > len(gone) and all(missing[header] for header in gone))
    return Fit.MOST if few else Fit.NONE


def new_columns(headers: Sequence[str], columns: Sequence[Column]) -> tuple[Column, ...]:
    """The sheet's columns that are not among the headers a mapping was saved with."""
    known = {name_key(header) for header in headers}
    return tuple(column for column in columns if name_key(column.header) not in known)


def followed(mapping: Mapping, columns: Sequence[Column]) -> tuple[dict[str, str], dict[str, str]]:
    """(header -> the sheet's header, missing header -> a similar one or "")."""
    exact = {column.header: None for column in columns}  # in the sheet's order
    keys: dict[str, list[str]] = {}
    for column in columns:
        keys.setdefault(name_key(column.header), []).append(column.header)
    used = _used(mapping)
    renamed: dict[str, str] = {}
    missing: dict[str, str] = {}
    for header in sorted(used):
        same = [header] if header in exact else keys.get(name_key(header), [])
        if len(same) == 1 and (same[0] == header or same[0] not in used):
            renamed[header] = same[0]
        else:
            missing[header] = _similar(header, [one for one in exact if one not in used])
    return renamed, missing


def _used(mapping: Mapping) -> set[str]:
    sources = {header for source in mapping.sources.values() for header in source.columns}
    return sources | set(mapping.columns) | {change.column for change in mapping.changes if change.column}


def _similar(header: str, others: Sequence[str]) -> str:
    wanted = name_key(header)
    likeness = {other: SequenceMatcher(None, wanted, name_key(other)).ratio() for other in others}
    best = max(likeness, key=lambda other: likeness[other], default="")
    return best if best and likeness[best] >= _ALIKE else ""


def _followed_change(change: Change, renamed: dict[str, str]) -> Change:
    """A replacement in a column that is gone keeps its old header: it is then found to have nothing to do."""
    return replace(change, column=renamed.get(change.column, change.column))


def _offer(path: str, header: str, similar: str) -> Match:
    why = tr("It was {header} in the saved mapping, and this looks like it.", header=isolated(header))
    return Match(path, similar, False, _ALIKE, why)


def _renamed(old: str, new: str) -> str:
    return tr("Column {old} is now called {new}.", old=isolated(old), new=isolated(new))


def _lost(key: str, path: str, header: str, similar: str) -> str:
    field = batch_type(key).field(path)
    title = field.title if field is not None else path
    if similar:
        return tr(
            "Column {header} for {field} is not in this sheet; {similar} looks like it: choose it if it is meant.",
            header=isolated(header),
            field=title,
            similar=isolated(similar),
        )
    return tr("Column {header} for {field} is not in this sheet: choose another.", header=isolated(header), field=title)


def _order_notes(renamed: dict[str, str], columns: Sequence[Column], headers: Sequence[str]) -> list[str]:
    before = [renamed[header] for header in headers if header in renamed]
    places = {column.header: column.index for column in columns}
    if before == sorted(before, key=lambda header: places[header]):
        return []
    return [tr("Columns stand in another order than before; each was found by its header.")]


def _new_notes(headers: Sequence[str], used: Collection[str], columns: Sequence[Column]) -> list[str]:
    fresh = [column.header for column in new_columns(headers, columns) if column.header not in used]
    if not headers or not fresh:
        return []
    names = ", ".join(map(isolated, fresh[:_NAMED]))
    if len(fresh) > _NAMED:
        more = len(fresh) - _NAMED
        return [tr("New columns, not sent until you choose them: {names} and {count} more.", names=names, count=more)]
    return [tr("New columns, not sent until you choose them: {names}.", names=names)]
