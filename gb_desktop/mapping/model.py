"""Which field comes from where: the mapping of a sheet's columns to a batch type's fields, as data."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from gb_desktop.mapping.changes import Change
from gb_desktop.mapping.names import simple
from gb_desktop.text import tr

VERSION = 2  # 2: the changes made in Check; older files are read as they are
_CERTAIN, _LIKELY = 0.95, 0.55  # scores from which a match is called so


class SourceKind(StrEnum):
    """Where a field's value comes from."""

    COLUMN = "column"
    CONSTANT = "constant"
    GENERATED = "generated"
    JOINED = "joined"  # columns joined by `text`
    BEFORE = "before"  # the part of a column before the first `text`
    AFTER = "after"  # the part of a column after the first `text`
    PREFIXED = "prefixed"  # `text` followed by a column


@dataclass(frozen=True, slots=True)
class Source:
    """A field's source. `text` is a constant, a generated ID's prefix, a separator or a prefix, by kind."""

    kind: SourceKind
    columns: tuple[str, ...] = ()  # headers as shown
    text: str = ""

    @classmethod
    def column(cls, header: str) -> Source:
        return cls(SourceKind.COLUMN, (header,))

    @classmethod
    def constant(cls, text: str) -> Source:
        return cls(SourceKind.CONSTANT, (), text)

    @classmethod
    def generated(cls, prefix: str = "") -> Source:
        return cls(SourceKind.GENERATED, (), prefix)


@dataclass(frozen=True, slots=True)
class Settings:
    """How values are read. "" means: decided from the column's own values, and asked when they can't decide."""

    timezone: str = ""  # IANA name; "" is the computer's
    date_order: str = ""  # dmy, mdy, ymd
    decimal: str = ""  # "." or ","
    country: str = ""  # ISO 3166 letters for mobiles without a country code
    list_separator: str = ";"
    year_pivot: int | None = None  # two-digit years up to this one are 20xx; None: asked
    reference: bool = True  # our reference is appended to an adjustment's reason


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping. Fields that are not in `sources` are not sent."""

    batch_type: str
    sources: ReadOnly[str, Source] = field(default_factory=dict)  # by field path
    settings: Settings = field(default_factory=Settings)
    columns: ReadOnly[str, Settings] = field(default_factory=dict)  # by header: settings of that column alone
    values: ReadOnly[str, ReadOnly[str, str]] = field(default_factory=dict)  # by field path: cell text -> choice
    name: str = ""
    changes: tuple[Change, ...] = ()  # made on an earlier sheet of this mapping, offered again on the next one

    def with_source(self, path: str, source: Source | None) -> Mapping:
        """The same mapping with one field's source set, or taken away."""
        sources = {key: kept for key, kept in self.sources.items() if key != path}
        if source is not None:
            sources[path] = source
        return replace(self, sources=sources)

    def with_settings(self, settings: Settings) -> Mapping:
        """The same mapping with other settings of the sheet; a column's own follow where they were the sheet's."""
        before, after = asdict(self.settings), asdict(settings)
        changed = {name: value for name, value in after.items() if value != before[name]}

        def followed(own: Settings) -> Settings:
            return replace(own, **{name: v for name, v in changed.items() if getattr(own, name) == before[name]})

        return replace(self, settings=settings, columns={key: followed(own) for key, own in self.columns.items()})

    def with_word(self, path: str, word: str, value: str | None) -> Mapping:
        """The same mapping with a word's meaning for one field set, or (None) forgotten."""
        words = {key: kept for key, kept in self.values.get(path, {}).items() if simple(key) != simple(word)}
        if value is not None:
            words[word] = value
        values = {key: kept for key, kept in self.values.items() if key != path}
        return replace(self, values={**values, path: words} if words else values)

    def settings_for(self, header: str) -> Settings:
        """The settings that hold for a column: its own where it has any, else the sheet's."""
        return self.columns.get(header, self.settings)

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back without loss."""
        return {
            "version": VERSION,
            "batch_type": self.batch_type,
            "name": self.name,
            "sources": {path: asdict(source) for path, source in self.sources.items()},
            "settings": asdict(self.settings),
            "columns": {header: asdict(settings) for header, settings in self.columns.items()},
            "values": {path: dict(words) for path, words in self.values.items()},
            "changes": [change.to_json() for change in self.changes],
        }

    @classmethod
    def from_json(cls, data: ReadOnly[str, Any]) -> Mapping:
        """The mapping of `to_json`. ValueError with one sentence when it is none, or newer than this app."""
        try:
            if data["version"] > VERSION:
                raise ValueError(
                    tr("This mapping was saved by a newer version of GB Desktop: update the app to use it.")
                )
            return cls(
                batch_type=str(data["batch_type"]),
                name=str(data.get("name", "")),
                sources={
                    path: Source(SourceKind(s["kind"]), tuple(s["columns"]), s["text"])
                    for path, s in data["sources"].items()
                },
                settings=_settings(data["settings"]),
                columns={header: _settings(s) for header, s in data.get("columns", {}).items()},
                values={path: dict(words) for path, words in data.get("values", {}).items()},
                changes=tuple(Change.from_json(change) for change in data.get("changes", [])),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(tr("This file is not a mapping of GB Desktop.")) from error


def _settings(data: ReadOnly[str, Any]) -> Settings:
    """Settings from JSON. TypeError for values that no setting can have."""
    found = Settings(**data)
    texts = (found.timezone, found.date_order, found.decimal, found.country, found.list_separator)
    pivot = found.year_pivot is None or type(found.year_pivot) is int
    if not (all(isinstance(text, str) for text in texts) and pivot and isinstance(found.reference, bool)):
        raise TypeError("a setting of another type")
    return found


@dataclass(frozen=True, slots=True)
class Match:
    """A suggestion for one field. Taken by itself only when `sure`; else it is offered."""

    path: str
    header: str
    sure: bool
    score: float  # 0 to 1
    why: str  # one sentence: 'The header is Gameball's own name for it.'

    def told(self) -> str:
        """How sure it is, and why, for the screen."""
        if not self.sure:
            return tr("Likely. {why}", why=self.why) if self.score >= _LIKELY else tr("Perhaps. {why}", why=self.why)
        if self.score >= _CERTAIN:
            return tr("Certain. {why}", why=self.why)
        return tr("Very likely. {why}", why=self.why)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a column's values are read and what says so; `choice` is "" when they can't decide and it must be asked."""

    header: str
    what: str  # "decimal", "date_order", "years"; for the screen alone also "timezone", "country"
    choice: str
    sentence: str  # '1,873 of 2,000 values can only be day/month.'
    samples: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()  # likely choices where it must be asked, the likeliest first
