"""Problems of the mapping itself, found before any row is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gb_desktop.catalog import BatchType, Field, Kind
from gb_desktop.checking.messages import problem, severity
from gb_desktop.checking.model import Problem, Severity
from gb_desktop.checking.plan import titles
from gb_desktop.checking.row import words
from gb_desktop.checking.rules import cell_rule, is_error, ruled
from gb_desktop.mapping.contacts import known_country
from gb_desktop.mapping.evidence import Tally, decisions
from gb_desktop.mapping.model import Evidence, Mapping, Settings, Source, SourceKind
from gb_desktop.mapping.parsers import manner, parser
from gb_desktop.mapping.reading import Parsed, Reading, is_empty
from gb_desktop.mapping.zones import known_zone
from gb_desktop.text import tr
from gb_desktop.workbook.model import Column

_LATEST = "9999"
_CELLLESS = (SourceKind.CONSTANT, SourceKind.GENERATED)


def mapping_problems(
    batch_type: BatchType, columns: Sequence[Column], mapping: Mapping, merge: frozenset[str] = frozenset()
) -> tuple[Problem, ...]:
    """What keeps a mapping from being used, as problems of row 0. merge: fields by which the account merges."""
    if mapping.batch_type != batch_type.key:
        text = tr("The mapping is made for another batch type: match the columns again.")
        return (_sheet("", "other-batch-type", text),)
    found = [*_settings(mapping), *_unmapped(batch_type, mapping, merge)]
    headers = {column.header for column in columns}
    for path, source in mapping.sources.items():
        found += _source(batch_type, path, source, headers, mapping)
    return tuple(found)


def undecided_problems(
    plan_fields: Sequence[tuple[Field, str, int | None]], found: Sequence[Evidence]
) -> list[Problem]:
    """For each column whose values can't decide how they are read: a question. fields as (field, header, column)."""
    sentences: dict[str, tuple[str, Callable[[str, str], str]]] = {
        "decimal": ("decimal-undecided", _ask_decimal),
        "date_order": ("date-order-undecided", _ask_order),
        "years": ("years-undecided", _ask_years),
    }
    problems = []
    for evidence in found:
        where = next((one for one in plan_fields if one[1] == evidence.header), None)
        if evidence.choice or where is None:
            continue
        code, sentence = sentences[evidence.what]
        text = sentence(evidence.header, evidence.sentence)
        problems.append(Problem(0, where[0].path, where[2], code, Severity.ERROR, text))
    return problems


def _ask_decimal(header: str, sentence: str) -> str:
    return tr("Choose the decimal sign of column {header}: {why}", header=header, why=sentence)


def _ask_order(header: str, sentence: str) -> str:
    return tr("Choose the order of day and month in column {header}: {why}", header=header, why=sentence)


def _ask_years(header: str, sentence: str) -> str:
    return tr("Choose the century of two-digit years in column {header}: {why}", header=header, why=sentence)


def _sheet(path: str, code: str, text: str) -> Problem:
    return Problem(0, path, None, code, Severity.ERROR, text)


def _settings(mapping: Mapping) -> Iterator[Problem]:
    for settings in (mapping.settings, *mapping.columns.values()):
        yield from _one_settings(settings)


def _one_settings(settings: Settings) -> Iterator[Problem]:
    if not known_zone(settings.timezone):
        text = tr("There is no time zone called {name}: choose one such as Africa/Cairo.", name=settings.timezone)
        yield _sheet("", "timezone-unknown", text)
    if not known_country(settings.country):
        text = tr(
            "There is no country called {name}: two letters name one, EG is Egypt.",
            name=settings.country,
        )
        yield _sheet("", "country-unknown", text)
    if settings.date_order not in ("", "dmy", "mdy", "ymd"):
        text = tr("The date order {name} is unknown: choose dmy, mdy or ymd.", name=settings.date_order)
        yield _sheet("", "date-order-unknown", text)
    if settings.decimal not in ("", ".", ","):
        text = tr("The decimal sign {name} is unknown: choose a point or a comma.", name=settings.decimal)
        yield _sheet("", "decimal-unknown", text)


def _unmapped(batch_type: BatchType, mapping: Mapping, merge: frozenset[str]) -> Iterator[Problem]:
    for field in batch_type.fields:
        if field.path in mapping.sources:
            continue
        if field.required:
            text = tr("{field} needs a source: choose its column.", field=field.title)
            yield _sheet(field.path, "required-unmapped", text)
        elif field.path in merge:
            text = tr("{field} needs a source: your account merges customers by it.", field=field.title)
            yield _sheet(field.path, "required-unmapped", text)
    for group in batch_type.exactly_one:
        if not any(path in mapping.sources for path in group):
            text = tr("One of {fields} needs a source: choose its column.", fields=titles(batch_type, group))
            yield _sheet(group[0], "one-of-unmapped", text)


def _source(batch_type: BatchType, path: str, source: Source, headers: set[str], mapping: Mapping) -> Iterator[Problem]:
    field = batch_type.field(path)
    if field is None:
        text = tr("{type} have no field called {path}.", type=batch_type.title, path=path)
        yield _sheet(path, "field-unknown", text)
        return
    for header in source.columns:
        if header not in headers:
            text = tr(
                "{field} comes from column {header}, which is not in this sheet.", field=field.title, header=header
            )
            yield _sheet(path, "column-missing", text)
    if not source.columns and source.kind not in _CELLLESS:
        yield _sheet(path, "column-missing", tr("{field} has no column: choose one.", field=field.title))
    if source.kind is SourceKind.GENERATED and not field.generated:
        text = tr("{field} can't be generated: choose its column.", field=field.title)
        yield _sheet(path, "not-generated", text)
    if source.kind is SourceKind.CONSTANT:
        yield from _constant(batch_type, field, source, mapping)


def _constant(batch_type: BatchType, field: Field, source: Source, mapping: Mapping) -> Iterator[Problem]:
    if field.path == batch_type.ident:
        text = tr("{field} can't be the same for every row.", field=field.title)
        yield _sheet(field.path, "constant-ident", text)
        return
    parsed = parsed_constant(field, source.text, mapping)
    if is_empty(parsed) and field.required:
        yield _sheet(field.path, "constant-empty", tr("The value set for {field} is empty.", field=field.title))
    if isinstance(parsed, Reading) and is_error(parsed):
        code = next(code for code in parsed.codes if severity(code) is Severity.ERROR)
        yield problem(0, field.path, None, code, **words(field, parsed.shown))


def parsed_constant(field: Field, text: str, mapping: Mapping) -> Parsed:
    """What a constant comes to, read like a column that holds nothing else."""
    tally = Tally("", field)
    tally.add(text)
    how = manner(field.path, "", mapping, decisions(tally.evidence()))
    return ruled(parser(field, how)(text), cell_rule(field, _LATEST) if field.kind is not Kind.DATETIME else None)
