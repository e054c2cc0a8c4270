"""Random sheets for every batch type: a mapping with settings of all kinds, clean columns, and then spoiled cells."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from gb_desktop.catalog import BATCH_TYPES, BatchType, Field, Kind
from gb_desktop.checking.ask import mapping_problems
from gb_desktop.checking.model import CheckContext, StagedRow
from gb_desktop.mapping.model import Mapping, Settings, Source, SourceKind
from gb_desktop.workbook.model import Column, Mark, Marked, RowFlag, Value
from tests.checking.sheets import NOW_MS, columns

Make = Callable[[random.Random, int], Value]  # a cell of a clean column, by its row

_at = dt.datetime.fromisoformat
_ARABIC = (
    "\u0661\u0662\u066b\u0665", "\u06f1\u06f2", "\u0645\u0646\u0649", "\u0646\u0639\u0645",
    "\u0660\u0661\u0660\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667",
)  # fmt: skip
SPOILED: tuple[Value, ...] = (
    *(None, "", " ", "\u00a0", "\u200b", "none", "  C9 ", "C\u00a09", "C9\u200f", *_ARABIC),
    *("A\nB", "A\u2028B", "A\x85B", "\x85", "A\tB", "tab\t", "C\x00", "C\x07D", "\x1f", "C\ud800", "\udc00", "\ufffe"),
    *('C"3', "C\\4", '"', "\\", "%s", "50%", "a{b}", "x" * 300, "y" * 32_768, "e\u0301", "\U0001f600"),
    *(True, False, 0.0, -0.0, 1.0, -1.0, -5.5, 0.1 + 0.2, 57.699999999999996, 1e-7, -1e-12, 0.001, 1e15, 2.0**53 + 2),
    *(999999999999999.9, 99999999999999.95, -999999999999999.5, 123456789012345.0, 1e22, 1e300, 5, -3, 0),
    *(2**53 + 1, 2**70, float("nan"), float("inf"), float("-inf")),
    *("1.000", "1,000", "1.234,56", "1,234.56", "12,5", "12.50", "(12.00)", "1e5", "1.23E+11", "12.0", "0012"),
    *("12-", "EGP 12", "'12", "1 234", "-0", "00", "0.0000001", "10000000000000"),
    *("2026-03-01", "2026-03-01T09:30:00Z", "2026-3-1 9:30", "01/02/2026", "13/02/2026", "02/13/2026", "31/02/2026"),
    *("1/2/26", "1.2.2026 9:05 pm", "5 March 2026", "2026-03-15T12:00:00.001Z", "2199-12-31 23:59:59", "1900-01-01"),
    *("2026-03-01 25:00", "2026-03-01 09:30:00.9999", "2026-03-01 09:30+02:00", "20260301", "2025-04-25 00:30"),
    *(dt.date(2026, 3, 1), dt.date(1900, 1, 1), dt.time(9, 30), dt.timedelta(hours=30), dt.timedelta(days=-1)),
    *map(_at, ("2026-03-01T09:30Z", "2025-04-25 00:30", "2025-10-30 23:30", "2026-03-15 12:00", "1901-06-01")),
    *map(_at, ("2026-03-15 11:59:59.999700", "2026-03-01 09:29:59.999999", "2199-12-31 23:59:59.999999")),
    _at("9999-12-31 23:59:59.999999"),
    *("mona@example.com", "Mona@Example.COM", "a@b", "a@b.co.", "x@y..com", "\uff41@example.com", "a b@example.com"),
    *("01001234567", "+201001234567", "(+20) 100 123 4567", "+20 100-123-4567.", "0020100123456", "00201001234567"),
    *("201001234567", 1001234567.0, 201001234567.0, "+966501234567", "0501234567", "+1 650 253 0000", "-+201001234567"),
    *("0100 123 4567-", "yes", "No", "TRUE", "web", "Online", "a;b;;c", ";"),
    *("#N/A", "#REF!", "Err:502", "#GETTING_DATA", "#1001", "Err:", "#A!", "\u200b#NUM!"),
    *(Marked(Mark.ERROR, None, "#N/A"), Marked(Mark.UNCACHED, None, ""), Marked(Mark.FORMATTED, 42.0, "00000")),
    *(Marked(Mark.FORMATTED, 0.125, "0.0%"), Marked(Mark.FORMATTED, 12345.0, "000-000")),
    *(Marked(Mark.MERGED, 300.0, "D2"), Marked(Mark.MERGED, "C1", "A2"), Marked(Mark.MERGED, None, "A2")),
    *(Marked(Mark.MERGED, _at("2026-03-01 09:00"), "C2"), Marked(Mark.MERGED, "none", "A2")),
    Marked(Mark.FORMATTED, "none", "0%"),
)  # fmt: skip

_FIRST = _at("2025-01-01 00:00")
_WORDS = ("none", "one", "web", "Kiosk 7", "yes", "A1", "12.50")


def _moment(chance: random.Random) -> dt.datetime:
    return _FIRST + dt.timedelta(minutes=chance.randrange(430 * 24 * 60))


def _written(form: str) -> Make:
    return lambda chance, _row: _moment(chance).strftime(form)


_DAYS: tuple[Make, ...] = (
    lambda chance, _row: _moment(chance).date(),
    *map(_written, ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%d %B %Y")),
)
_NAMES: tuple[Make, ...] = (
    lambda _chance, row: f"C-{row}",
    lambda _chance, row: float(row),
    lambda _chance, row: f"{row:05}",
    lambda _chance, row: f"\u0639\u0645\u064a\u0644 {row}",
    lambda chance, row: f"{chance.choice('Tt')}{row // 2}",
    lambda chance, row: chance.choice((f"{row:05}", float(row))),
    lambda chance, _row: f"{chance.choice('abAB')}{chance.randrange(4)}",
)
_NUMBERS: tuple[Make, ...] = (
    lambda chance, _row: round(chance.uniform(0.01, 5000), 2),
    lambda chance, _row: float(chance.randrange(1, 500)),
    lambda chance, _row: chance.randrange(1, 100) * 0.1 * 3,
    lambda chance, _row: f"{chance.uniform(0.01, 5000):.2f}",
    lambda chance, _row: f"{chance.uniform(0.01, 5000):,.2f}",
    lambda chance, _row: f"{chance.uniform(0.01, 5000):.2f}".replace(".", ","),
    lambda chance, _row: f"{chance.randrange(1, 9)}.000",
    lambda chance, _row: str(chance.randrange(1, 500)),
    lambda chance, _row: Marked(Mark.FORMATTED, chance.randrange(1, 100) / 100, "0%"),
)
CLEAN: dict[Kind, tuple[Make, ...]] = {
    Kind.ID: _NAMES,
    Kind.TEXT: (*_NAMES, lambda chance, _row: chance.choice(("male", "F", "Eid gift", "\u0623\u0646\u062b\u0649"))),
    Kind.NUMBER: _NUMBERS,
    Kind.INTEGER: (_NUMBERS[1], _NUMBERS[1], _NUMBERS[7], _NUMBERS[0]),
    Kind.ANY: (*_NAMES, *_NUMBERS[:3], *_DAYS[:2], lambda chance, _row: chance.random() < 0.5),
    Kind.DATE: (*_DAYS, lambda chance, _row: _moment(chance)),
    Kind.DATETIME: (
        *_DAYS[:4],
        lambda chance, _row: _moment(chance),
        lambda chance, _row: _moment(chance).replace(microsecond=chance.choice((0, 499, 999_600))),
        lambda chance, _row: _FIRST + dt.timedelta(days=chance.randrange(5)),
        *map(_written, ("%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%m-%d-%Y %H:%M", "%Y-%m-%dT%H:%M:%S+03:00")),
    ),
    Kind.EMAIL: (lambda _chance, row: f"user{row % 40}@example.com", lambda _chance, row: f"User{row}@Example.com"),
    Kind.MOBILE: (
        lambda chance, _row: f"+2010{chance.randrange(10**7, 10**8)}",
        lambda chance, _row: f"010{chance.randrange(10**7, 10**8)}",
        lambda chance, _row: f"+966 50 {chance.randrange(10**6, 10**7)}",
        lambda chance, _row: float(f"10{chance.randrange(10**7, 10**8)}"),
    ),
    Kind.BOOLEAN: (lambda chance, _row: chance.choice((True, False)), lambda chance, _row: chance.choice(("yes", "n"))),
    Kind.CHOICE: (lambda chance, _row: chance.choice(("web", "Online", "pos")),),
    Kind.LIST: (lambda chance, row: ";".join(chance.choices("abc", k=row % 3 + 1)),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RandomSheet:
    """A sheet with all that decides what its rows come to."""

    kind: BatchType
    columns: tuple[Column, ...]
    mapping: Mapping
    context: CheckContext
    rows: tuple[StagedRow, ...]


SETTINGS = st.builds(
    Settings,
    timezone=st.sampled_from(["UTC", "Africa/Cairo", "Europe/Berlin", "Asia/Kathmandu"]),
    date_order=st.sampled_from(["", "dmy", "mdy", "ymd"]),
    decimal=st.sampled_from(["", ".", ","]),
    country=st.sampled_from(["", "EG", "SA", "US", "IT"]),
    list_separator=st.sampled_from([";", ",", ""]),
    year_pivot=st.sampled_from([None, 30, 99]),
)
_MEANINGS = ("", "1", "web", "TRUE", "A1", "2026-03-01")
WORDS = st.dictionaries(st.sampled_from(_WORDS), st.sampled_from(_MEANINGS), max_size=3)
CONTEXTS = st.builds(
    CheckContext,
    sheet=st.just("Sheet1"),
    now_ms=st.just(NOW_MS),
    merge=st.sampled_from([frozenset[str](), frozenset({"email"}), frozenset({"mobile"})]),
    rows=st.sampled_from([None, "all", "visible"]),
    skip_hidden=st.booleans(),
)
_KINDS = st.sampled_from([SourceKind.COLUMN] * 6 + list(SourceKind))


@st.composite
def sheets(draw: st.DrawFn, kinds: Sequence[BatchType] = BATCH_TYPES, most: int = 230) -> RandomSheet:
    """Random sheets of some batch types."""
    kind, settings = draw(st.sampled_from(kinds)), draw(SETTINGS)
    chance = random.Random(draw(st.integers(0, 2**32)))
    fields = _fields(draw, kind)
    sheet = columns(*(field.path for field in fields), "Beside", "Ampersand & 50%")
    mapping = Mapping(
        kind.key,
        {field.path: _source(draw, chance, field, fields) for field in fields},
        settings,
        columns=draw(st.dictionaries(st.sampled_from([one.header for one in sheet]), SETTINGS, max_size=1)),
        values=draw(st.dictionaries(st.sampled_from([field.path for field in fields]), WORDS, max_size=2)),
    )
    context = draw(CONTEXTS)
    context = replace(context, merge=context.merge & mapping.sources.keys())
    for one in mapping_problems(kind, sheet, mapping, context.merge):  # what can't be used comes from its column
        if one.field in mapping.sources:
            mapping = mapping.with_source(one.field, Source.column(one.field))
    makers = [chance.choice(CLEAN[field.kind]) for field in fields] + [chance.choice(_NAMES), chance.choice(_NUMBERS)]
    count, spoiling = draw(st.integers(1, most)), draw(st.sampled_from([0.0, 0.0, 0.002, 0.02, 0.2]))
    odd = [*SPOILED, *draw(st.lists(st.one_of(st.text(max_size=12), st.floats(), st.datetimes()), max_size=4))]
    rows = (_row(chance, number, makers, odd, spoiling) for number in range(2, 2 + count))
    return RandomSheet(kind, tuple(sheet), mapping, context, tuple(rows))


def _fields(draw: st.DrawFn, kind: BatchType) -> list[Field]:
    optional = [field.path for field in kind.fields if not field.required]
    free = [f"{family.prefix}{key}" for family in kind.free for key in ("tier", "odd % key", 'say "so"', "a.b")]
    chosen = draw(st.lists(st.sampled_from([*optional, *free]), max_size=6, unique=True)) if optional or free else []
    for group in kind.exactly_one:
        chosen.append(draw(st.sampled_from(group)))
    found = (kind.field(path) for path in dict.fromkeys([*(field.path for field in kind.required), *chosen]))
    return [field for field in found if field is not None]


def _source(draw: st.DrawFn, chance: random.Random, field: Field, fields: Sequence[Field]) -> Source:
    how = draw(_KINDS)
    if how is SourceKind.CONSTANT:
        made = chance.choice(CLEAN[field.kind])(chance, 7)
        return Source.constant(made if isinstance(made, str) else "1")
    if how is SourceKind.GENERATED and field.generated:
        return Source.generated(chance.choice(("", "GB")))
    if how is SourceKind.JOINED:
        return Source(how, (field.path, chance.choice(fields).path), chance.choice(("-", " ", "")))
    if how in (SourceKind.BEFORE, SourceKind.AFTER, SourceKind.PREFIXED):
        return Source(how, (field.path,), chance.choice(("-", "@", "0", " ")))
    return Source.column(field.path)


def _row(
    chance: random.Random, number: int, makers: Sequence[Make], odd: Sequence[Value], spoiling: float
) -> StagedRow:
    values = [chance.choice(odd) if chance.random() < spoiling else make(chance, number) for make in makers]
    flag = chance.choice((RowFlag.HIDDEN, RowFlag.TOTAL)) if chance.random() < spoiling / 4 else RowFlag.DATA
    return StagedRow(number, values, flag, chance.random() < spoiling / 4)
