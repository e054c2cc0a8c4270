"""Sheet and mapping options of the command line, as reading options and a mapping."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import replace

from gb_desktop.catalog import Field, batch_type
from gb_desktop.cli_show import say
from gb_desktop.cli_sources import source_of
from gb_desktop.desk import require_type
from gb_desktop.mapping.applying import Applied, apply_saved
from gb_desktop.mapping.generate import proposed_prefix
from gb_desktop.mapping.model import Mapping, Settings, Source, SourceKind
from gb_desktop.mapping.saved import import_mapping
from gb_desktop.mapping.words import allowed_words, value_of
from gb_desktop.runs.model import RunError, Suggested
from gb_desktop.text import tr, without_isolation
from gb_desktop.workbook.model import Column, ReadOptions


def reading_options(options: argparse.Namespace) -> ReadOptions:
    """How the sheet is read; the password comes from standard input."""
    delimiter = {"tab": "\t", "\\t": "\t"}.get(options.delimiter or "", options.delimiter)
    return ReadOptions(
        sheet=options.sheet,
        header_row=options.header_row,
        rows=options.rows,
        encoding=options.encoding,
        delimiter=delimiter,
        password=sys.stdin.readline().rstrip("\r\n") if options.password_stdin else None,
    )


def mapping_from(options: argparse.Namespace, suggested: Suggested, columns: Sequence[Column]) -> Mapping:
    """The suggested mapping, or the given file's, with every option's say. RunError for what can't be used."""
    lost: tuple[str, ...] = ()
    if options.mapping and options.as_last_time:
        raise RunError(tr("--mapping and --as-last-time each say how columns are matched: take one."), "options")
    if options.mapping:
        applied = _from_file(options, columns)
        mapping, notes, lost = applied.mapping, applied.notes, applied.lost
    else:
        mapping, notes = _suggested(options, suggested)
    for note in notes:
        say(note)
    for path, text in options.map:
        mapping = mapping.with_source(_known_field(options.type, path).path, source_of(text, columns))
    for path, value in options.set:
        mapping = mapping.with_source(_known_field(options.type, path).path, Source.constant(value))
    for text in options.generate:
        path, _, prefix = text.partition("=")
        mapping = mapping.with_source(_known_field(options.type, path).path, _generated(options.type, path, prefix))
    for path, word, value in options.word:
        mapping = _with_word(mapping, _known_field(options.type, path), word, value)
    _refuse_lost(lost, mapping, notes)
    return _with_settings(mapping, options)


def _suggested(options: argparse.Namespace, suggested: Suggested) -> tuple[Mapping, tuple[str, ...]]:
    """The mapping to begin with, and what has to be said about it.

    What an earlier run happened to use is not taken unasked: nobody may be there to see an amount that comes with it.
    """
    if options.as_last_time and not suggested.used_in:
        sentence = tr(
            "--as-last-time finds no mapping: no run had exactly these headers, or a saved mapping fits them."
        )
        raise RunError(sentence, "options")
    if options.failed_rows or options.as_last_time:  # as a person had them sent before
        return suggested.mapping, suggested.notes
    if suggested.used_in and suggested.anew is not None:
        note = tr("Run {run} had exactly these headers: --as-last-time takes its mapping.", run=suggested.used_in)
        return _without_generated(suggested.anew), (note,)
    return _without_generated(suggested.mapping), suggested.notes


def _without_generated(suggested: Mapping) -> Mapping:
    """Nothing is generated on the command line unless an option asks for it, or a mapping that a person saved."""
    if suggested.name:
        return suggested
    kept = {path: source for path, source in suggested.sources.items() if source.kind is not SourceKind.GENERATED}
    return replace(suggested, sources=kept)


def _generated(key: str, path: str, prefix: str) -> Source:
    field = batch_type(key).field(path)
    if field is None or not field.generated:
        raise RunError(tr("{field} can't be generated; only transactionId and transactionTime can.", field=path))
    if path == batch_type(key).ident:
        return Source.generated(prefix or proposed_prefix(key, dt.datetime.now().astimezone()))
    return Source.generated()


def _known_field(key: str, path: str) -> Field:
    field = batch_type(key).field(path)
    if field is None:
        names = ", ".join(field.path for field in batch_type(key).fields)
        raise RunError(tr("{type} has no field {field}; it has {names}.", type=key, field=path, names=names))
    return field


def _with_word(mapping: Mapping, field: Field, word: str, value: str) -> Mapping:
    meant = value_of(field, value)
    if meant is None:
        choices = ", ".join(text for text, _ in allowed_words(field))
        if not choices:
            raise RunError(tr("{field} takes any value, so its words have no meanings to choose.", field=field.path))
        raise RunError(tr("{field} can't be {value}, only {choices}.", field=field.path, value=value, choices=choices))
    return mapping.with_word(field.path, word, meant)


def _from_file(options: argparse.Namespace, columns: Sequence[Column]) -> Applied:
    try:
        saved = import_mapping(options.mapping)
    except ValueError as error:
        raise RunError(str(error)) from error
    require_type(saved, options.type)
    return apply_saved(saved.mapping, columns, saved.headers)


def _refuse_lost(lost: Sequence[str], mapping: Mapping, notes: Sequence[str]) -> None:
    """A field that the file's mapping sends is not left out in silence because its column is called otherwise."""
    left = [path for path in lost if path not in mapping.sources]
    if left:
        told = without_isolation(next((note for note in notes if note), ""))
        raise RunError(tr("{why} Say which it is with --map {path}=COLUMN.", why=told, path=left[0]))


def _with_settings(mapping: Mapping, options: argparse.Namespace) -> Mapping:
    given = {
        "timezone": options.timezone,
        "date_order": options.date_order,
        "decimal": options.decimal,
        "country": options.country.upper() if options.country else None,
        "year_pivot": options.year_pivot,
        "list_separator": options.list_separator,
    }
    chosen = {name: value for name, value in given.items() if value is not None}

    def used(before: Settings) -> Settings:
        return replace(before, **chosen)

    own = {header: used(settings) for header, settings in mapping.columns.items()}
    return replace(mapping, settings=used(mapping.settings), columns=own)
