"""Headers as shops and tills export them, what values alone offer, and that doubt never takes a field by itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.catalog import BATCH_TYPES, batch_type
from gb_desktop.mapping.matching import propose, suggest
from gb_desktop.mapping.model import Match, Source
from gb_desktop.mapping.names import name_key
from gb_desktop.workbook.model import Value
from tests.checking.sheets import NOW, columns
from tests.mapping.test_matching import matches, proposed

Rows = Sequence[Sequence[Value]]

EXPORTS = {
    "Shopify, orders": (
        "orders",
        "Name|Email|Paid at|Subtotal|Shipping|Taxes|Total|Discount Code|Discount Amount|Created at|Lineitem quantity|"
        "Lineitem name|Lineitem price|Lineitem sku|Phone|Id",
        {"totalPaid": "Total", "email": "Email", "mobile": "Phone", "totalPrice": "Subtotal", "totalTax": "Taxes"},
        {"orderId", "orderDate", "customerId"},
    ),
    "Shopify, customers": (
        "customers",
        "Customer ID|First Name|Last Name|Email|Default Address City|Default Address Country Code|Default Address Zip|"
        "Phone|Total Spent|Total Orders|Tags",
        {"customerId": "Customer ID", "mobile": "Phone", "customerAttributes.city": "Default Address City"},
        set(),
    ),
    "WooCommerce, orders": (
        "orders",
        "Order Number|Order Date|Email (Billing)|Phone (Billing)|Order Subtotal Amount|Cart Discount Amount|"
        "Order Shipping Amount|Order Total Amount|Order Total Tax Amount|Customer ID",
        {"orderId": "Order Number", "totalPaid": "Order Total Amount", "totalTax": "Order Total Tax Amount"},
        set(),
    ),
    "Salla, orders": (
        "orders",
        "رقم الطلب|تاريخ الطلب|اسم العميل|رقم العميل|رقم الجوال|البريد الإلكتروني|إجمالي الطلب|تكلفة الشحن|الضريبة",
        {
            "orderId": "رقم الطلب",
            "customerId": "رقم العميل",
            "totalPaid": "إجمالي الطلب",
            "totalShipping": "تكلفة الشحن",
        },
        set(),
    ),
    "Magento, orders": (
        "orders",
        "ID|Purchase Date|Grand Total (Base)|Status|Customer Email|Increment ID|Customer ID",
        {"orderId": "Increment ID", "orderDate": "Purchase Date", "customerId": "Customer ID"},
        set(),
    ),
    "A till in Arabic": (
        "cashback",
        "كود العميل|رقم الفاتورة|تاريخ الفاتورة|صافي الفاتورة|الفرع|الموبايل",
        {"customerId": "كود العميل", "transactionId": "رقم الفاتورة", "amount": "صافي الفاتورة", "mobile": "الموبايل"},
        set(),
    ),
    "A till in English": (
        "cashback",
        "Reference|Business Date|Branch|Customer Name|Customer Phone|Total|Status",
        {
            "transactionId": "Reference",
            "transactionTime": "Business Date",
            "amount": "Total",
            "mobile": "Customer Phone",
        },
        {"customerId"},
    ),
    "Gameball's export": (
        "customers",
        "Player Unique ID|Display Name|Email|Mobile|Join Date|Gender|Date of Birth",
        {"customerId": "Player Unique ID", "customerAttributes.joinDate": "Join Date"},
        set(),
    ),
    "Points by hand": (
        "balance-adjustment",
        "كود العميل|عدد النقاط|السبب",
        {"customerId": "كود العميل", "amount": "عدد النقاط", "reason": "السبب"},
        set(),
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_that_an_export_is_matched_where_it_is_certain_and_asked_about_where_it_is_not(name: str) -> None:
    key, header, taken, asked = EXPORTS[name]
    found = proposed(key, header.split("|"))
    assert {path: found.get(path) for path in taken} == taken
    missing = {field.path for field in batch_type(key).required if field.path not in found}
    assert missing == asked


def offers(key: str, values: Sequence[Value], path: str, header: str = "Xyz") -> list[Match]:
    return matches(key, [header], path, [[value] for value in values])


def test_that_values_are_offered_for_what_nearly_all_of_them_are() -> None:
    emails = [f"m{n}@example.com" for n in range(98)]
    [found] = offers("customers", [*emails, "none", "gone"], "email")
    assert (found.sure, found.why) == (False, "98 % of its values are e-mail addresses.")
    assert found.told() == "Likely. 98 % of its values are e-mail addresses."
    assert offers("customers", [*emails, "none", "gone", "lost"], "email") == []


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        (["+201001234567", "+966501234567", "00971501234567"], True),
        (["01001234567", "01112345678"], True),
        (["0501234567"], True),
        ([201001234567.0], False),
        (["1001", "1002"], False),
        (["ORD-0100123"], False),
        ([10_001_234.0], False),
    ],
)
def test_that_a_column_of_phone_numbers_is_offered(values: list[Value], offered: bool) -> None:
    assert bool(offers("customers", values, "mobile")) is offered


def test_that_a_column_of_words_of_a_list_is_offered() -> None:
    [found] = offers("customers", ["Online", "web", "Store"], "customerAttributes.channel")
    assert (found.sure, found.why) == (False, "100 % of its values are words for Channel.")
    assert offers("customers", ["Online", "Kiosk"], "customerAttributes.channel") == []


def test_that_a_header_that_looks_alike_is_not_offered_over_values_of_another_kind() -> None:
    assert offers("customers", ["a@x.com", "b@x.com"], "customerId", "Custmer ID") == []
    assert len(offers("customers", ["C-1", "C-2"], "customerId", "Custmer ID")) == 1


def test_that_each_match_says_how_sure_it_is() -> None:
    told = {match.path: match.told() for match in suggest(batch_type("cashback"), columns("customerId", "Receipt"), [])}
    assert told["customerId"] == "Certain. The header is Gameball's own name for it."
    assert told["transactionId"] == "Very likely. The header is a usual name for it."
    assert told["transactionTime"].startswith("Perhaps. ")


letters = st.sampled_from("abcdefghijklmnopqrstuvwxyz ")
cells: st.SearchStrategy[Value] = st.sampled_from(
    ["a@x.com", "+201001234567", "2026-03-01", "web", "12", "Mona Adel", None, 12.5, "C-1"]
)


@settings(max_examples=200)
@given(st.sampled_from(BATCH_TYPES), st.data())
def test_that_no_field_is_ever_taken_for_a_header_that_is_not_one_of_its_names(wanted, data) -> None:  # type: ignore[no-untyped-def]
    """Headers are usual names with a letter changed, cut or added; values are whatever they are."""
    words = sorted({word for field in wanted.fields for word in (field.title, *field.synonyms)})
    headers: list[str] = []
    for word in data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=4, unique=True)):
        place = data.draw(st.integers(0, len(word)))
        headers.append(word[:place] + data.draw(letters) + word[place + data.draw(st.integers(0, 1)) :])
    headers = list(dict.fromkeys(headers))
    samples = data.draw(st.lists(st.lists(cells, min_size=len(headers), max_size=len(headers)), max_size=3))
    for path, source in propose(wanted, columns(*headers), samples, NOW).sources.items():
        field = wanted.field(path)
        if source.columns:
            names = {name_key(word) for word in (field.path, field.keys[-1], field.title, *field.synonyms)}
            for header in source.columns:
                assert {name_key(header), name_key(header.partition("(")[0])} & names
        else:
            assert field.generated
            assert source == Source.generated(source.text)
