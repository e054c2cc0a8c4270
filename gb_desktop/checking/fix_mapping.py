"""Fixes that change no cell but how cells are read: one setting of a column, or one word's meaning."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gb_desktop.checking.fix_model import Fix, FixKind
from gb_desktop.mapping.model import Mapping


@dataclass(frozen=True, slots=True)
class Turn:
    """One setting given another value. With a `path` it is the meaning of the word `setting` in that field."""

    setting: str
    value: str | int | None  # None: as if it had never been set
    header: str = ""
    path: str = ""


def turn_of(fix: Fix) -> Turn:
    """What a fix of FixKind.SETTING or MAP_VALUE turns."""
    if fix.kind is FixKind.MAP_VALUE:
        return Turn(fix.setting, fix.text, path=fix.path)
    return Turn(fix.setting, int(fix.text) if fix.setting == "year_pivot" else fix.text, header=fix.header)


def turned(turn: Turn, mapping: Mapping) -> Mapping:
    """The mapping with a setting turned; everything else in it stays."""
    if turn.path:
        words = {word: meant for word, meant in mapping.values.get(turn.path, {}).items() if word != turn.setting}
        if turn.value is not None:
            words[turn.setting] = str(turn.value)
        others = {path: known for path, known in mapping.values.items() if path != turn.path}
        return replace(mapping, values={**others, turn.path: words} if words else others)
    own = replace(mapping.settings_for(turn.header), **{turn.setting: turn.value})  # type: ignore[arg-type]
    columns = {header: settings for header, settings in mapping.columns.items() if header != turn.header}
    return replace(mapping, columns=columns if own == mapping.settings else {**columns, turn.header: own})


def turn_back(turn: Turn, mapping: Mapping) -> Turn:
    """What gives the setting the value that it has in `mapping` again."""
    if turn.path:
        return replace(turn, value=mapping.values.get(turn.path, {}).get(turn.setting))
    value: str | int | None = getattr(mapping.settings_for(turn.header), turn.setting)
    return replace(turn, value=value)
