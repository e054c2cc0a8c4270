"""The hot path says what the plain parsers and the plain item builder say, for any cell."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.catalog import BATCH_TYPES, BatchType, Field, Kind, batch_type
from gb_desktop.checking.check import row_checker
from gb_desktop.checking.fast import reader, whole_reader
from gb_desktop.checking.fast_columns import moments
from gb_desktop.checking.model import CheckContext, RowState, StagedRow
from gb_desktop.checking.rules import cell_rule, ruled
from gb_desktop.checking.shapes import Shapes, wire_order
from gb_desktop.mapping.items import build_item, wire_json
from gb_desktop.mapping.model import Mapping, Settings, Source
from gb_desktop.mapping.parsers import Manner, parser
from gb_desktop.mapping.reading import Reading
from gb_desktop.mapping.zones import Clock
from gb_desktop.workbook.model import Mark, Marked, RowFlag
from tests.checking.sheets import NOW_MS, columns

NOW = "2026-03-15T12:00:00.000Z"
CAIRO = Manner(settings=Settings(timezone="Africa/Cairo"))
FIXED = settings(derandomize=True, deadline=None, max_examples=250)


def _cents(value: float) -> float:
    return round(value, 2)


MOMENTS = st.datetimes(dt.datetime.fromisoformat("1900-01-01"), dt.datetime.fromisoformat("2200-01-01"))
ODD_TEXT = st.text(alphabet='019.,-/: +E%()@aZ\u00a0\u200b"\\\né٣', max_size=14)
PLAIN_TEXT = st.from_regex(r"[A-Za-z0-9 _.+@-]{0,16}", fullmatch=True)
DATE_TEXT = MOMENTS.map(lambda moment: moment.strftime("%d/%m/%Y %H:%M:%S"))
ISO_TEXT = MOMENTS.map(lambda moment: moment.isoformat(" ", timespec="seconds"))
AMOUNT_TEXT = st.decimals(-(10**9), 10**9, places=3).map(str)
PHONES = st.from_regex(r"(\+20|0|\+966|\+1)[0-9]{8,11}", fullmatch=True)
EMAILS = st.from_regex(r"[a-zA-Z.]{1,6}@[a-zA-Z]{1,4}\.(com|Co|c)", fullmatch=True)
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**16), 10**16), st.floats(), st.floats(-1e6, 1e6).map(_cents),
    st.integers(-50, 10**6).map(float), MOMENTS, MOMENTS.map(lambda moment: moment.replace(microsecond=0)),
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.times(), ODD_TEXT, PLAIN_TEXT, DATE_TEXT, ISO_TEXT,
    AMOUNT_TEXT, PHONES, EMAILS,
)  # fmt: skip
MARKED = st.builds(Marked, st.sampled_from(Mark), st.one_of(st.none(), st.floats(0, 1e6), PLAIN_TEXT), st.just("0000"))
CELLS = st.one_of(PLAIN, MARKED)

MANNERS = st.builds(
    Manner,
    settings=st.builds(
        Settings, timezone=st.sampled_from(["UTC", "Africa/Cairo"]), country=st.sampled_from(["", "EG"])
    ),
    decimal=st.sampled_from(["", ".", ","]),
    date_order=st.sampled_from(["", "dmy", "mdy"]),
    year_pivot=st.sampled_from([None, 30]),
)

FIELDS = [
    Field("x", "X", kind, "", choices=("web", "pos") if kind is Kind.CHOICE else ()) for kind in Kind
] + [
    Field("x", "X", Kind.NUMBER, "", minimum=Decimal(0)),
    Field("x", "X", Kind.NUMBER, "", minimum=Decimal("0.000001"), nonzero=True),
    Field("x", "X", Kind.NUMBER, "", nonzero=True),
    Field("x", "X", Kind.INTEGER, "", minimum=Decimal(0), maximum=Decimal(7300)),
    Field("x", "X", Kind.DATETIME, "", past=True),
]  # fmt: skip


@FIXED
@given(st.sampled_from(FIELDS), MANNERS, st.lists(CELLS, min_size=1, max_size=4))
def test_that_short_cuts_never_differ_from_the_parsers(field: Field, how: Manner, cells: list[object]) -> None:
    read, parse, rule = reader(field, how, NOW), parser(field, how), cell_rule(field, NOW)
    for cell in [*cells, *cells]:  # twice: what is remembered must be the same
        slow = ruled(parse(cell), rule)  # type: ignore[arg-type]
        fast = read(cell)  # type: ignore[arg-type]
        if isinstance(slow, Reading) or slow is None:
            assert _alike(fast, slow), (cell, fast, slow)
        else:
            assert fast == wire_json(slow), (cell, fast, slow)


@pytest.mark.parametrize("value", [999999999999999.9, -999999999999999.5, 99999999999999.95, 0.001, -0.00099])
def test_that_the_largest_and_smallest_numbers_have_no_exponent(value: float) -> None:
    field = Field("x", "X", Kind.NUMBER, "")
    slow = parser(field, CAIRO)(value)
    assert reader(field, CAIRO, NOW)(value) == wire_json(slow)


def test_that_the_last_moment_of_all_is_out_of_range_and_no_fault() -> None:
    cells = [dt.datetime.fromisoformat(one) for one in ("2026-03-01 10:00", "9999-12-31 23:59:59.999999")]
    field = Field("x", "X", Kind.DATETIME, "")
    whole, read = whole_reader(field, CAIRO, NOW), reader(field, CAIRO, NOW)
    assert whole is not None
    assert whole(cells) is None
    assert read(cells[1]) == Reading(None, ("date-out-of-range",), "", "9999-12-31 23:59:59.999999")


ONE_KIND = [
    st.lists(kind, min_size=1, max_size=6)
    for kind in (
        st.floats(-1e6, 1e6).map(_cents), st.integers(-50, 10**6).map(float), st.floats(),
        MOMENTS.map(lambda moment: moment.replace(microsecond=0)), MOMENTS,
        MOMENTS.map(lambda moment: moment.date() if moment.day == 1 else moment.replace(microsecond=999_999)),
        st.floats(1, 1e6).map(_cents).map(lambda value: value * 1.1), PLAIN_TEXT, ODD_TEXT, EMAILS,
        st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,10}", fullmatch=True),
        st.from_regex(r"[A-Z]{1,3}\n[0-9]{0,3}", fullmatch=True),
    )
]  # fmt: skip


@settings(FIXED, max_examples=2500)
@given(st.sampled_from(FIELDS), MANNERS, st.one_of(*ONE_KIND, st.lists(CELLS, min_size=1, max_size=3)))
def test_that_a_whole_column_is_read_as_its_cells_are(field: Field, how: Manner, cells: list[object]) -> None:
    whole, read = whole_reader(field, how, NOW), reader(field, how, NOW)
    found = whole(cells) if whole else None
    if found is not None:
        assert found == [read(cell) for cell in [*cells, *cells]][len(cells) :], cells  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        (Kind.ID, ["C-1", "C-2"]),
        (Kind.ID, [12.0, 345.0]),
        (Kind.NUMBER, [5.25, 7.0, -12.5]),
        (Kind.INTEGER, [5.0, 70.0]),
        (Kind.EMAIL, ["a@example.com", "b.c@example.co"]),
        (Kind.TEXT, ["Ramadan campaign", "x"]),
        (Kind.NUMBER, [57.699999999999996, 7.0, -12.5]),
        (Kind.DATETIME, [dt.datetime.fromisoformat(one) for one in ("2026-03-01 10:00", "2025-07-01 09:30:01")]),
        (Kind.DATETIME, [dt.date(2026, 3, 1), dt.datetime.fromisoformat("2026-03-01 09:29:59.999999")]),
    ],
)
def test_that_a_column_of_clean_cells_is_read_at_once(kind: Kind, cells: list[object]) -> None:
    field = Field("x", "X", kind, "")
    how = Manner(settings=Settings(timezone="Africa/Cairo"))
    whole, read = whole_reader(field, how, NOW), reader(field, how, NOW)
    assert whole is not None
    assert whole(cells) == [read(cell) for cell in [*cells, *cells]][len(cells) :]  # type: ignore[arg-type]


def test_that_a_clock_may_forget_its_days_while_a_column_is_read() -> None:
    months = [dt.datetime.fromisoformat(f"2025-{month:02}-01 10:00") for month in range(1, 13)]
    read = reader(Field("x", "X", Kind.DATETIME, ""), CAIRO, NOW)
    expected = [read(moment) for moment in months * 2][12:]
    for known in (months[:6], months[6:], months[::2]):  # whichever of them is met first
        clock = Clock("Africa/Cairo")
        for moment in known:
            clock.to_utc(moment)
        clock.steady.update(dict.fromkeys(range(1, 50_002), dt.timedelta(0)))
        assert moments(clock, NOW)(months) == expected


def _alike(fast: object, slow: Reading | None) -> bool:
    """Equal, but for the words of a mobile's sentence-free change."""
    if isinstance(fast, Reading) and isinstance(slow, Reading):
        return (fast.value, fast.codes, fast.change) == (slow.value, slow.codes, slow.change)
    return fast == slow


@pytest.mark.parametrize("wanted", BATCH_TYPES, ids=lambda one: one.key)
def test_that_templates_build_what_the_item_builder_builds(wanted: BatchType) -> None:
    fields = [field for field in wanted.fields if not field.line]
    free = [wanted.field(family.prefix + "odd % key") for family in wanted.free if not family.line]
    ordered = wire_order(wanted, [*fields, *[field for field in free if field]])
    shapes = Shapes(wanted, ordered)
    for missing in range(-1, len(ordered)):
        if missing >= 0 and ordered[missing].required:
            continue
        values = {
            field.path: (f"v{place}" if place % 2 else Decimal(place)) if place != missing else None
            for place, field in enumerate(ordered)
        }
        values |= {"event": "view"} if wanted.key == "events" else {}
        fragments = [None if (value := values[field.path]) is None else wire_json(value) for field in ordered]
        body = shapes.text(fragments)
        assert json.loads(body, parse_float=Decimal) == json.loads(wire_json(build_item(wanted, values)))


SHEET = columns("Customer", "Id", "Time", "Amount", "E-mail", "Mobile")
MAPPING = Mapping(
    "cashback",
    {
        path: Source.column(column.header)
        for path, column in zip(
            ("customerId", "transactionId", "transactionTime", "amount", "email", "mobile"), SHEET, strict=True
        )
    },
    Settings(timezone="UTC", decimal=".", date_order="dmy", country="EG", year_pivot=30),
)
GOOD = st.tuples(
    st.one_of(PLAIN_TEXT, st.integers(0, 10**9).map(float)),
    PLAIN_TEXT,
    st.one_of(
        st.datetimes(dt.datetime.fromisoformat("2020-01-01"), dt.datetime.fromisoformat("2026-03-01")), DATE_TEXT
    ),
    st.one_of(st.floats(0.01, 1e6), AMOUNT_TEXT),
    st.one_of(st.none(), EMAILS),
    st.one_of(st.none(), PHONES),
)


@FIXED
@given(GOOD)
def test_that_a_ready_rows_json_is_what_its_cells_mean(cells: tuple[object, ...]) -> None:
    wanted = batch_type("cashback")
    context = CheckContext(sheet="S", now_ms=NOW_MS)
    checker = row_checker(wanted, SHEET, MAPPING, context)
    result = checker.check(StagedRow(2, list(cells), RowFlag.DATA))  # type: ignore[arg-type]
    if result.state is not RowState.READY:
        assert result.problems
        return
    how = Manner(MAPPING.settings, ".", "dmy", 30)
    typed = {}
    for field, cell in zip(wanted.fields, cells, strict=True):
        parsed = parser(field, how)(cell)  # type: ignore[arg-type]
        typed[field.path] = parsed.value if isinstance(parsed, Reading) else parsed
    assert result.item is not None
    assert result.item.body == wire_json(build_item(wanted, typed))
    assert result.item.customer == typed["customerId"]
    assert result.item.ident == typed["transactionId"]
    assert result.item.time == typed["transactionTime"]
    assert Decimal(result.item.amount or "") == typed["amount"]
    assert len(result.item.content) == 16
