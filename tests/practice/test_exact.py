"""JSON is read strictly and kept digit for digit."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.practice import exact

NUMBERS = ("1", "-0", "1.0", "1.50", "0.10", "1e2", "1E+2", "-12.340e-3", "12345678901234567890.12345678901234567890")


@pytest.mark.parametrize("digits", NUMBERS)
def test_that_an_item_keeps_its_digits_as_received(digits: str) -> None:
    [(value, text)] = exact.cut(f'{{"body":[{{"amount": {digits}}}]}}')
    assert text == f'{{"amount": {digits}}}'
    assert value["amount"] == Decimal(digits)


def test_that_items_are_cut_whatever_space_stands_between_them() -> None:
    found = list(exact.cut(' {\n "body" :\t[ {"a":1} ,\r\n"b" , {"c" :\n[1,\n2]}]\n}\n'))
    assert [value for value, _ in found] == [{"a": 1}, "b", {"c": [1, 2]}]
    assert [text for _, text in found] == ['{"a":1}', '"b"', '{"c" : [1, 2]}']


def test_that_an_escaped_line_break_inside_a_text_is_kept() -> None:
    [(value, text)] = exact.cut(r'{"body":["one\ntwo"]}')
    assert value == "one\ntwo"
    assert text == r'"one\ntwo"'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{",
        '{"body":[1,]}',
        '{"body":[1}',
        '{"body":[1]} x',
        '{"body":[1]}{"body":[2]}',
        '{"body":[NaN]}',
        '{"body":[-Infinity]}',
        '{"body":[01]}',
        '{"body":[.5]}',
        '{"body":["a\nb"]}',
        "{'body':[1]}",
        '{"body":[{"a":1,"a":1}]}',
        '{"body":[1],"body":[1]}',
        '{"body":[1e99999999999999999999]}',
        '\ufeff{"body":[1]}',
        '{"body":' + "[" * 100_000,
        '{"body":[' + "9" * 5000 + "]}",
    ],
)
def test_that_what_is_no_unambiguous_json_is_refused(text: str) -> None:
    with pytest.raises(exact.NotJsonError):
        list(exact.cut(text))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[1]", '"body"'),
        ("1", '"body"'),
        ("{}", "missing"),
        ('{"Body":[1]}', "Body"),
        ('{"body":[1],"extra":1}', "extra"),
        ('{"body":{}}', "list"),
        ('{"body":null}', "list"),
    ],
)
def test_that_another_shape_than_a_body_of_items_is_named(text: str, named: str) -> None:
    with pytest.raises(exact.OtherShapeError, match=named):
        list(exact.cut(text))


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(_PLAIN)
def test_that_what_is_written_is_read_back_the_same(value: object) -> None:
    assert exact.read(exact.write(value)) == value


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.lists(
        st.dictionaries(st.text(), st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False)),
        min_size=1,
    )
)
def test_that_cutting_finds_the_items_that_any_json_reader_finds(items: list[dict[str, object]]) -> None:
    text = json.dumps({"body": items}, indent=1)
    assert [json.loads(cut) for _, cut in exact.cut(text)] == items
