"""A draft's commands about changes of an earlier sheet: what they would do to this one, and making them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gb_desktop.mapping.changes import Change, ChangeKind, merged
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.draft_check import CheckCommands
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.model import CheckSummary, Progress, RunError
from gb_desktop.runs.recipes import Recipes, leaves_out, sentence_of
from gb_desktop.runs.replayed import ReplayLine, ReplayOffer
from gb_desktop.runs.wire import to_wire
from gb_desktop.text import cells_words, isolated, rows_words, tr


class ReplayCommands:
    """Each change goes the way a person's goes, so that it finds what it would find then; together they are a step."""

    def __init__(self, drafted: Drafted, check: CheckCommands) -> None:
        self._d = drafted
        self._check = check

    def changes(self) -> tuple[Change, ...]:
        """What was done to many cells at once since the sheet was loaded; it is saved with the mapping."""
        return Recipes(self._d.store).made()

    def keep_changes(self, name: str) -> Mapping:
        """The run's mapping under a name, with what was done added to its changes; what is saved."""
        recipes, mapping = Recipes(self._d.store), self._d.mapping()
        kept = replace(mapping, name=name, changes=merged(mapping.changes, recipes.made()))
        self._d.store.meta.set("mapping", kept.to_json())
        recipes.answer(kept)
        return kept

    def replay_offer(self) -> ReplayOffer:
        """The mapping's changes that are open, each with what it would do here after the ones before it.

        They are really made, checks included, and taken back again. Gives way to other calls.
        """
        mapping = self._d.mapping()
        changes = Recipes(self._d.store).unanswered(mapping)
        if not changes or self._d.standing() is None:
            return ReplayOffer(mapping.name)
        with self._d.giving_way(), self._d.store.held(keep=False):
            lines = self._made(changes)
        return ReplayOffer(mapping.name, lines)

    def replay(self) -> CheckSummary:
        """Make the open changes as one step. A check must have been made."""
        mapping, recipes, edits = self._d.mapping(), Recipes(self._d.store), Edits(self._d.store)
        changes = recipes.unanswered(mapping)
        if self._d.standing() is None:
            raise RunError(tr("The rows changed since they were checked: check them again."), "state")
        with self._d.store.held(keep=True):
            before = edits.last_step()
            offer = ReplayOffer(mapping.name, self._made(changes))
            edits.join_since(before, _sentence(offer))
            recipes.answer(mapping)
            found = self._d.standing()
            if found is None:
                raise RunError(tr("The rows changed since they were checked: check them again."), "state")
            told = (*self._d.store.meta.get("cleaned", []), *edits.sentences())
            found = replace(found, changes=told)
            self._d.store.meta.set("summary", to_wire(found))
        return found

    def decline_replay(self) -> None:
        """The open changes are not wanted on this sheet."""
        Recipes(self._d.store).answer(self._d.mapping())

    def _made(self, changes: tuple[Change, ...]) -> tuple[ReplayLine, ...]:
        edits, lines = Edits(self._d.store), []
        for done, change in enumerate(changes):
            self._d.say(Progress("changing", done, len(changes)))
            before = edits.last_step()
            self._make(change)
            count = edits.cells_since(before)
            lines.append(ReplayLine(sentence_of(change, self._d.type), count, change.count, leaves_out(change)))
        return tuple(lines)

    def _make(self, change: Change) -> None:
        """Make one change; nothing when this sheet gives no cause for it."""
        if change.kind is ChangeKind.FIX:
            group = (change.code, change.field)
            offered = self._check.fixes(*group) if self._has_problem(*group) else ()
            if any(fix.key == change.key for fix in offered):
                self._check.apply_fix(*group, change.key)
            return
        for index in self._columns(change):
            self._check.replace(index, change.find, change.replacement)

    def _has_problem(self, code: str, field: str) -> bool:
        query = "SELECT 1 FROM problems WHERE code = ? AND field = ? AND row > 0 LIMIT 1"
        return self._d.store.connection.execute(query, (code, field)).fetchone() is not None

    def _columns(self, change: Change) -> Sequence[int | None]:
        """The column of a replacement (None: all), or the one that feeds its field now that it is called otherwise."""
        if not change.column:
            return [None]
        source = self._d.mapping().sources.get(change.field)
        called = {column.header: column.index for column in self._d.columns}
        headers = (change.column, *(source.columns if source is not None else ()))
        return [called[header] for header in headers if header in called][:1]


def _sentence(offer: ReplayOffer) -> str:
    names = {"name": isolated(offer.name), "cells": cells_words(offer.cells), "rows": rows_words(offer.rows)}
    if offer.cells and offer.rows:
        return tr("Changes of {name} were made again: {cells} changed, {rows} left out.", **names)
    if offer.rows:
        return tr("Changes of {name} were made again: {rows} left out.", **names)
    return tr("Changes of {name} were made again: {cells} changed.", **names)
