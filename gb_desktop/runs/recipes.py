"""The changes of a run that can be made again on another sheet: noted with their steps, told as sentences."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from gb_desktop.catalog import BatchType
from gb_desktop.checking.fix_model import MAPPINGS, ROWS, FixKind
from gb_desktop.mapping.changes import Change, ChangeKind, has, merged
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.store import RunStore
from gb_desktop.text import isolated, tr

CARRIED = "carried_changes"  # meta: made on the sheet before a corrected copy of it was loaded
ANSWERED = "answered_changes"  # meta: offered on this sheet, and made again or declined


class Recipes:
    """Those of one run file."""

    def __init__(self, store: RunStore) -> None:
        self._store = store

    def note(self, before: int, change: Change) -> None:
        """Keep `change` with the step made after step `before`, if one was made. Settings are in the mapping anyway."""
        if not is_usable(change):
            return
        edits = Edits(self._store)
        step, count = edits.last_step(), edits.cells_since(before)
        if step > before and count:
            text = json.dumps(replace(change, count=count).to_json())
            self._store.connection.execute("UPDATE steps SET recipe = ? WHERE step = ?", (text, step))

    def made(self) -> tuple[Change, ...]:
        """The changes made since the sheet was loaded, without those that were undone."""
        query = "SELECT recipe FROM steps WHERE undone = 0 AND recipe <> '' ORDER BY step"
        noted = [json.loads(text) for (text,) in self._store.connection.execute(query)]
        return merged(self._kept(CARRIED), [Change.from_json(one) for one in noted])

    def carry(self, made: Sequence[Change]) -> None:
        """A corrected copy of the sheet was loaded: what was `made` before stays known, though its steps are gone."""
        self._store.meta.set(CARRIED, [change.to_json() for change in made])

    def forget(self) -> None:
        """Another sheet is loaded, or another batch type chosen: what was done is no longer of use."""
        self._store.connection.execute("UPDATE steps SET recipe = ''")
        self._store.meta.update(**{CARRIED: [], ANSWERED: []})

    def unanswered(self, mapping: Mapping) -> tuple[Change, ...]:
        """The mapping's changes that were neither made on this sheet nor offered before."""
        known = (*self.made(), *self._kept(ANSWERED))
        return tuple(change for change in mapping.changes if is_usable(change) and not has(known, change))

    def answer(self, mapping: Mapping) -> None:
        """The mapping's changes were made again, or declined: they are not offered on this sheet any more."""
        kept = merged(self._kept(ANSWERED), mapping.changes)
        self._store.meta.set(ANSWERED, [change.to_json() for change in kept])

    def _kept(self, key: str) -> tuple[Change, ...]:
        return tuple(Change.from_json(one) for one in self._store.meta.get(key) or [])


def fix_kind(change: Change) -> FixKind | None:
    """What kind of fix a change is; None for a replacement, and for a fix that this version doesn't know."""
    word = change.key.partition(":")[0]
    known = change.kind is ChangeKind.FIX and word in list(FixKind)
    return FixKind(word) if known else None


def is_usable(change: Change) -> bool:
    """True for a replacement, and for a fix of cells or rows. Settings and words are the mapping's own business."""
    kind = fix_kind(change)
    return bool(change.find) if change.kind is ChangeKind.REPLACE else kind is not None and kind not in MAPPINGS


def leaves_out(change: Change) -> bool:
    """True when a change leaves rows out instead of changing cells."""
    return fix_kind(change) in ROWS


def sentence_of(change: Change, kind: BatchType) -> str:
    """A change in words, without the rows and counts of the sheet it was made on."""
    if change.kind is ChangeKind.REPLACE:
        return _replacement(change)
    field = kind.field(change.field) if change.field else None
    fixed = fix_kind(change)
    title = field.title if field is not None else change.field
    return _FIXES[fixed](title, change) if fixed in _FIXES else tr("A change of {field}", field=title)


def _replacement(change: Change) -> str:
    names = {"find": isolated(change.find), "new": isolated(change.replacement), "column": isolated(change.column)}
    if change.replacement:
        in_one = tr("Replace “{find}” by “{new}” in {column}", **names)
        return in_one if change.column else tr("Replace “{find}” by “{new}” in every column", **names)
    return (
        tr("Take “{find}” out of {column}", **names) if change.column else tr("Take “{find}” out everywhere", **names)
    )


def _leave_out(title: str, change: Change) -> str:
    sentence = _GROUPS.get(change.code)
    return sentence(title) if sentence else tr("Leave rows out whose {field} has the same problem", field=title)


_FIXES: dict[FixKind | None, Callable[[str, Change], str]] = {
    FixKind.CLEAN: lambda title, _: tr("Take broken characters and line breaks out of {field}", field=title),
    FixKind.PAD: lambda title, change: tr(
        "Pad {field} with zeros to {width} digits", field=title, width=change.key.rpartition(":")[2]
    ),
    FixKind.DROP_POINT_ZERO: lambda title, _: tr("Take “.0” off {field}", field=title),
    FixKind.CLEAR: lambda title, _: tr("Leave {field} out where it can't be sent", field=title),
    FixKind.SPACE_TIMES: lambda title, _: tr("Space equal values of {field} by a millisecond", field=title),
    FixKind.SUM: lambda title, _: tr("Sum the rows of each order into {field}", field=title),
    FixKind.FIRST: lambda title, _: tr("Use the first row's {field} for the whole order", field=title),
    FixKind.LEAVE_OUT: _leave_out,
    FixKind.LEAVE_LATER_OUT: lambda title, _: (
        tr("Keep the first row of each {field} and leave the others out", field=title)
        if title
        else tr("Keep the first of rows that are alike and leave the others out")
    ),
}
_GROUPS: dict[str, Callable[[str], str]] = {
    "required-empty": lambda title: tr("Leave rows out whose {field} is empty", field=title),
    "required-by-account": lambda title: tr("Leave rows out whose {field} is empty", field=title),
    "zero": lambda title: tr("Leave rows out whose {field} is zero", field=title),
    "negative": lambda title: tr("Leave rows out whose {field} is negative", field=title),
    "not-an-email": lambda title: tr("Leave rows out whose {field} is no e-mail address", field=title),
    "not-a-mobile": lambda title: tr("Leave rows out whose {field} is no mobile number", field=title),
    "not-a-number": lambda title: tr("Leave rows out whose {field} is no number", field=title),
    "not-a-choice": lambda title: tr("Leave rows out whose {field} is not in the list", field=title),
    "duplicate-id": lambda title: tr("Leave every row out whose {field} stands on several rows", field=title),
    "future-time": lambda title: tr("Leave rows out whose {field} is in the future", field=title),
    "same-row": lambda _: tr("Leave every row out that stands there several times"),
}
