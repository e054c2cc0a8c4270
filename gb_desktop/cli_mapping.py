"""Sheet and mapping options of the command line, as reading options and a mapping."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Sequence
from dataclasses import replace

from gb_desktop.catalog import batch_type
from gb_desktop.mapping.generate import proposed_prefix
from gb_desktop.mapping.model import Mapping, Settings, Source, SourceKind
from gb_desktop.runs.model import RunError
from gb_desktop.text import tr
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


def mapping_from(options: argparse.Namespace, suggested: Mapping, columns: Sequence[Column]) -> Mapping:
    """The suggested mapping, or the given file's, with every option's say. RunError for what can't be used."""
    decided = suggested if options.failed_rows else _without_generated(suggested)  # by the run whose rows they are
    mapping = _from_file(options) if options.mapping else decided
    for path, header in options.map:
        mapping = mapping.with_source(_known_field(options.type, path), Source.column(_known_column(header, columns)))
    for path, value in options.set:
        mapping = mapping.with_source(_known_field(options.type, path), Source.constant(value))
    for text in options.generate:
        path, _, prefix = text.partition("=")
        mapping = mapping.with_source(_known_field(options.type, path), _generated(options.type, path, prefix))
    return replace(mapping, settings=_settings(options, mapping.settings))


def _without_generated(suggested: Mapping) -> Mapping:
    """Nothing is generated on the command line unless an option asks for it: no screen would say so."""
    kept = {path: source for path, source in suggested.sources.items() if source.kind is not SourceKind.GENERATED}
    return replace(suggested, sources=kept)


def _generated(key: str, path: str, prefix: str) -> Source:
    field = batch_type(key).field(path)
    if field is None or not field.generated:
        raise RunError(tr("{field} can't be generated; only transactionId and transactionTime can.", field=path))
    if path == batch_type(key).ident:
        return Source.generated(prefix or proposed_prefix(key, dt.datetime.now().astimezone()))
    return Source.generated()


def _known_field(key: str, path: str) -> str:
    field = batch_type(key).field(path)
    if field is None:
        names = ", ".join(field.path for field in batch_type(key).fields)
        raise RunError(tr("{type} has no field {field}; it has {names}.", type=key, field=path, names=names))
    return field.path


def _known_column(header: str, columns: Sequence[Column]) -> str:
    for match in (
        [c for c in columns if c.header == header],
        [c for c in columns if c.header.casefold().strip() == header.casefold().strip()],
        [c for c in columns if c.raw.casefold().strip() == header.casefold().strip()],
        [c for c in columns if c.letter == header.upper()],
    ):
        if len(match) == 1:
            return match[0].header
    names = ", ".join(column.header for column in columns[:30])
    raise RunError(tr("The sheet has no column {header}; it has {names}.", header=header, names=names))


def _from_file(options: argparse.Namespace) -> Mapping:
    try:
        mapping = Mapping.from_json(json.loads(options.mapping.read_text(encoding="utf-8")))
    except OSError as error:
        reason = error.strerror or ""
        raise RunError(
            tr("The mapping {path} can't be read: {reason}.", path=options.mapping, reason=reason)
        ) from error
    except ValueError as error:
        raise RunError(tr("{path}: this is no mapping of GB Desktop.", path=options.mapping)) from error
    if mapping.batch_type != options.type:
        sentence = tr("The mapping {path} is for {found}, not for {type}.", path=options.mapping,
                      found=mapping.batch_type, type=options.type)  # fmt: skip
        raise RunError(sentence)
    return mapping


def _settings(options: argparse.Namespace, before: Settings) -> Settings:
    given = {
        "timezone": options.timezone,
        "date_order": options.date_order,
        "decimal": options.decimal,
        "country": options.country.upper() if options.country else None,
    }
    return replace(before, **{name: value for name, value in given.items() if value is not None})
