"""The parser of a field: chosen once by its kind and settings, then called for every cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from gb_desktop.catalog import Field, Kind
from gb_desktop.mapping.choices import choice_words, parse_boolean, parse_choice, parse_list
from gb_desktop.mapping.cleaning import error_in
from gb_desktop.mapping.contacts import known_country, parse_email, parse_mobile
from gb_desktop.mapping.dates import parse_date, parse_datetime
from gb_desktop.mapping.model import Mapping, Settings
from gb_desktop.mapping.names import simple
from gb_desktop.mapping.numbers import parse_integer, parse_number
from gb_desktop.mapping.reading import Decisions, Parsed, Parser, Reading, failed, is_empty, noted
from gb_desktop.mapping.texts import formatted, parse_any, parse_id, parse_text, percent_text, shown_text
from gb_desktop.mapping.zones import Clock, known_zone
from gb_desktop.workbook.model import Mark, Marked, Value

_AS_SHOWN = frozenset({Kind.ID, Kind.TEXT, Kind.MOBILE, Kind.ANY, Kind.CHOICE, Kind.LIST})


@dataclass(frozen=True, slots=True)
class Manner:
    """How one field's values are read: settings with the column's own decisions filled in."""

    settings: Settings = field(default_factory=Settings)
    decimal: str = ""
    date_order: str = ""
    year_pivot: int | None = None
    words: dict[str, str] = field(default_factory=dict)  # the user's own value mapping, cell text -> value
    merged_is_error: bool = False
    account_needs: bool = False  # the account merges customers by this field: a doubtful value may merge strangers


def manner(path: str, header: str, mapping: Mapping, decided: Decisions) -> Manner:
    """The manner of the field at `path`, read from the column `header`; a chosen setting wins over a decision."""
    settings = _usable(mapping.settings_for(header))
    years = decided.get((header, "years"), "")
    return Manner(
        settings=settings,
        decimal=settings.decimal or decided.get((header, "decimal"), ""),
        date_order=settings.date_order or decided.get((header, "date_order"), ""),
        year_pivot=settings.year_pivot if settings.year_pivot is not None else int(years) if years else None,
        words=dict(mapping.values.get(path, {})),
    )


def _usable(settings: Settings) -> Settings:
    """Settings that can be used: an unknown zone or country is a problem of the mapping, and no reason to break."""
    country = settings.country.upper()
    return replace(
        settings,
        timezone=settings.timezone if known_zone(settings.timezone) else "",
        country=country if known_country(country) else "",
    )


def parser(wanted: Field, how: Manner) -> Parser:
    """The parser of `wanted`: takes any cell value, marks included, and never raises."""
    plain = _mapped(_without_errors(_by_kind(wanted, how), wanted), wanted, how)
    as_shown, merged = wanted.kind in _AS_SHOWN, "merged-amount" if how.merged_is_error else "merged"
    numeric = wanted.kind in (Kind.NUMBER, Kind.INTEGER)

    def parse(value: Value) -> Parsed:
        if not isinstance(value, Marked):
            return plain(value)
        if value.mark is Mark.ERROR:
            return failed("cell-error", value.text)
        if value.mark is Mark.UNCACHED:
            return failed("formula-empty")
        if value.mark is Mark.FORMATTED:
            shown = formatted(value.value, value.text) if as_shown else None
            parsed = plain(value.value if shown is None else shown)
            percent = percent_text(value.value, value.text)
            return noted(parsed, "percent", percent) if percent and numeric and not is_empty(parsed) else parsed
        return noted_merge(plain(value.value), merged, value.text)

    return parse


def _without_errors(plain: Parser, wanted: Field) -> Parser:
    """`plain` for what is no Excel error; a text file or the clipboard holds those as texts."""
    if wanted.kind is Kind.CHOICE:  # takes the words that it knows alone
        return plain

    def parse(value: Value) -> Parsed:
        if type(value) is str and (error := error_in(value)):
            return failed("cell-error", error)
        return plain(value)

    return parse


def noted_merge(parsed: Parsed, code: str, origin: str) -> Parsed:
    """A merged cell's reading: nothing to say of an empty one; with the error code the value is not used."""
    if is_empty(parsed):
        return parsed
    return failed(code, origin) if code == "merged-amount" else noted(parsed, code, origin)


def _by_kind(wanted: Field, how: Manner) -> Parser:
    simple_parsers: dict[Kind, Parser] = {
        Kind.ID: parse_id,
        Kind.TEXT: parse_text,
        Kind.EMAIL: parse_email,
        Kind.BOOLEAN: parse_boolean,
        Kind.ANY: parse_any,
        Kind.MOBILE: lambda value: parse_mobile(value, how.settings.country, how.account_needs),
        Kind.NUMBER: lambda value: parse_number(value, how.decimal),
        Kind.INTEGER: lambda value: parse_integer(value, how.decimal),
        Kind.DATE: lambda value: parse_date(value, how.date_order, how.year_pivot),
        Kind.LIST: lambda value: parse_list(value, how.settings.list_separator or ";"),
    }
    if wanted.kind is Kind.CHOICE:
        words = choice_words(wanted, how.words)
        return lambda value: parse_choice(value, words)
    if wanted.kind is Kind.DATETIME:
        clock = Clock(how.settings.timezone)
        return lambda value: parse_datetime(value, how.date_order, how.year_pivot, clock)
    return simple_parsers[wanted.kind]


def _mapped(plain: Parser, wanted: Field, how: Manner) -> Parser:
    """`plain` behind the user's value mapping and the words the catalog knows for a free text (male: M)."""
    if wanted.kind is Kind.CHOICE:
        return plain
    words = {simple(word): choice for word, choice in wanted.choice_words}
    words.update({simple(word): choice for word, choice in how.words.items()})
    return _with_words(plain, words) if words else plain


def _with_words(plain: Parser, words: dict[str, str]) -> Callable[[Value], Parsed]:
    def parse(value: Value) -> Parsed:
        shown = shown_text(value) if not isinstance(value, Marked) else ""
        meant = words.get(simple(shown)) if shown else None
        if meant is None or meant == shown:
            return plain(value)
        parsed = plain(meant)
        return parsed if isinstance(parsed, Reading) else Reading(parsed, (), "mapped", shown)

    return parse
