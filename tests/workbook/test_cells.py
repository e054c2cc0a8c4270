"""Rows of a run file give back the values that were put in, whatever they are."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gb_desktop.workbook.cells import decode_columns, decode_row, encode_row
from gb_desktop.workbook.model import Mark, Marked, Value
from tests.workbook.files import header_row, raw_xlsx, values_of

ZONES = st.one_of(st.none(), st.integers(-1400, 1400).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))))
ODD_TEXT = st.sampled_from(
    ["", "null", '"', "\\", "{", '{"t":"x"}', "\u2028", "\x85", "\x00", "\ud800", "\udc00\ud800", "\ufeff", "\r\n", ","]
)
MOMENTS = st.datetimes(timezones=ZONES).map(lambda moment: moment.replace(fold=0))
TIMES = st.times().map(lambda time: time.replace(fold=0))
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([-0.0, 5e-324, 1.7976931348623157e308, 2.0**53 + 2, 0.1 + 0.2]),
    st.text(max_size=20), st.text(st.characters(), max_size=8), ODD_TEXT,
    MOMENTS, st.dates(), TIMES, st.timedeltas(),
)  # fmt: skip
CELLS = st.one_of(PLAIN, st.builds(Marked, st.sampled_from(Mark), PLAIN, st.one_of(st.text(max_size=8), ODD_TEXT)))
ROWS = st.lists(CELLS, max_size=5)


def _exact(values: Sequence[Value]) -> list[object]:
    """The values so that they are only equal when type and sign are too."""
    return [(type(value), repr(value)) for value in values]


@settings(max_examples=500)
@given(ROWS)
@example([None, float(2**63), 2**63, 2**64, -(2**63) - 1, Marked(Mark.MERGED, 2**64, "A2")])
def test_that_a_row_gives_back_what_was_put_in(values: list[Value]) -> None:
    assert _exact(decode_row(encode_row(values))) == _exact(values)
    assert _exact(decode_row(encode_row(tuple(values)))) == _exact(values)


@settings(max_examples=300)
@given(st.lists(ROWS, min_size=1, max_size=5))
def test_that_rows_of_any_lengths_give_back_their_columns(rows: list[list[Value]]) -> None:
    texts = ",".join(map(encode_row, rows)).encode()
    found = decode_columns(texts)
    assert [_exact(column) for column in found] == [_exact(column) for column in zip_longest(*rows)]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, -(10**1000)])
def test_that_a_number_that_is_none_becomes_an_error_and_never_an_empty_cell(value: float) -> None:
    error = Marked(Mark.ERROR, None, "#NUM!")
    rows: list[list[Value]] = [
        [value],
        [None, "null", value],
        [value, None],
        ["\ud800", value],
        [Marked(Mark.FORMATTED, value, "00000"), None],
        [Marked(Mark.MERGED, value, "A2"), "\ud800"],
    ]
    for row in rows:
        broken = [one is value or (isinstance(one, Marked) and one.value is value) for one in row]
        assert decode_row(encode_row(row)) == [error if bad else one for bad, one in zip(broken, row, strict=True)]


def test_that_a_workbook_may_hold_numbers_that_are_none(tmp_path: Path) -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    formats = '<numFmts><numFmt numFmtId="164" formatCode="00000"/></numFmts>'
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" s="1"><v>{word}</v></c><c r="B{row}"><v>{word}</v></c></row>'
        for row, word in enumerate(("NaN", "INF", "-INF", "12"), 2)
    )
    merged = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    path = raw_xlsx(tmp_path / "odd.xlsx", header_row() + cells, styles=formats + styles, tail=merged)
    rows = [decode_row(encode_row(row)) for row in values_of(path)]  # type: ignore[arg-type]
    error = Marked(Mark.ERROR, None, "#NUM!")
    assert [row[1] for row in rows] == [error, error, error, 12.0]
    assert [row[0] for row in rows] == [error, error, error, Marked(Mark.FORMATTED, 12.0, "00000")]
