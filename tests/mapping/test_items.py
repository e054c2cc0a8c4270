"""Items: exact JSON, nothing empty, no float, and IDs that stay what they are."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.catalog import batch_type
from gb_desktop.mapping.generate import generated_id, generated_time, proposed_prefix
from gb_desktop.mapping.items import build_item, quoted, wire_json, with_reference, without_reference
from tests.checking.sheets import NOW, NOW_MS

FIXED = settings(derandomize=True, deadline=None, max_examples=150)


def test_that_attributes_and_free_keys_go_where_gameball_wants_them() -> None:
    item = build_item(
        batch_type("customers"),
        {
            "custom.shoe size": Decimal("42"),
            "customerId": "C1",
            "customerAttributes.firstName": "Mona",
            "customerAttributes.utms": ("a", "b"),
            "guest": False,
            "email": None,
        },
    )
    assert wire_json(item) == (
        '{"customerId":"C1","customerAttributes":{"firstName":"Mona","utms":["a","b"],"custom":{"shoe size":42}},'
        '"guest":false}'
    )


def test_that_an_event_is_named_by_its_key() -> None:
    item = build_item(batch_type("events"), {"customerId": "C1", "event": "view", "metadata.page": "home"})
    assert wire_json(item) == '{"customerId":"C1","events":{"view":{"page":"home"}}}'
    bare = build_item(batch_type("events"), {"customerId": "C1", "event": "view"})
    assert wire_json(bare) == '{"customerId":"C1","events":{"view":{}}}'


def test_that_an_order_transaction_is_a_plain_string() -> None:
    assert wire_json(build_item(batch_type("order-transactions"), {"orderId": 'A"1'})) == '"A\\"1"'


def test_that_line_items_stand_in_one_array() -> None:
    order = {"customerId": "C1", "orderId": "O1", "orderDate": "2026-03-01T00:00:00.000Z", "totalPaid": Decimal("9.5")}
    lines = [{"lineItems.sku": "A", "lineItems.quantity": Decimal(2)}, {"lineItems.extra.gift": True}, {}]
    assert wire_json(build_item(batch_type("orders"), order, lines)).endswith(
        '"totalPaid":9.5,"lineItems":[{"quantity":2,"sku":"A"},{"extra":{"gift":true}}]}'
    )
    assert "lineItems" not in str(build_item(batch_type("orders"), order))


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E+3", "1000"), ("1E-7", "0.0000001"), ("250.00", "250"), ("-0", "0"), ("-0.0", "0"), ("12.50", "12.5"),
     ("123456789012345678901234567890.123", "123456789012345678901234567890.123")],
)  # fmt: skip
def test_that_numbers_go_out_as_plain_digits(number: str, text: str) -> None:
    assert wire_json(Decimal(number)) == text


def test_that_a_float_can_never_be_sent() -> None:
    with pytest.raises(TypeError):
        wire_json({"amount": 0.1})


def test_that_text_goes_out_as_it_is() -> None:
    assert wire_json({"a": 'ش"\\\n😀'}) == '{"a":"ش\\"\\\\\\n😀"}'


@FIXED
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_that_any_text_survives_the_wire(text: str) -> None:
    assert json.loads(quoted(text)) == text


def test_that_our_reference_is_appended_to_a_reason_and_can_be_taken_off() -> None:
    body = '{"customerId":"C1","amount":-25.10,"reason":"Correction"}'
    marked = with_reference(body, "gb:r1:5")
    assert marked == '{"customerId":"C1","amount":-25.1,"reason":"Correction gb:r1:5"}'
    assert without_reference(marked, "gb:r1:5") == '{"customerId":"C1","amount":-25.1,"reason":"Correction"}'
    alone = with_reference('{"customerId":"C1","amount":5}', "gb:r1:6")
    assert alone == '{"customerId":"C1","amount":5,"reason":"gb:r1:6"}'
    assert without_reference(alone, "gb:r1:6") == '{"customerId":"C1","amount":5}'


def test_that_generated_ids_depend_on_content_and_occurrence_only() -> None:
    first = generated_id("cashback-202603", b"0123456789abcdef", 1)
    assert first == generated_id("cashback-202603", b"0123456789abcdef", 1)
    assert first != generated_id("cashback-202603", b"0123456789abcdef", 2)
    assert first != generated_id("cashback-202603", b"1123456789abcdef", 1)
    assert first.startswith("cashback-202603-")
    assert not generated_id("", b"0123456789abcdef", 1).startswith("-")
    assert proposed_prefix("cashback", NOW) == "cashback-202603"


def test_that_generated_times_are_apart_and_never_in_the_future() -> None:
    times = [generated_time(NOW_MS, row) for row in (2, 3, 1_048_576)]
    assert times == ["2026-03-15T11:59:59.998Z", "2026-03-15T11:59:59.997Z", "2026-03-15T11:42:31.424Z"]
