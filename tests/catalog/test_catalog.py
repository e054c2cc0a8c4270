"""The catalog against the API's page: endpoints, re-send classes, fields, wire paths."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gb_desktop.catalog import BATCH_TYPES, BatchType, Effect, Kind, LookUp, Resend, batch_type

PAGE = {
    "customers": ("customers", Resend.HARMLESS, LookUp.NOT_NEEDED),
    "orders": ("orders", Resend.KEYED, LookUp.ORDERS),
    "order-transactions": ("orders/transactions", Resend.HARMLESS, LookUp.NOT_NEEDED),
    "balance-inquiry": ("balance-inquiry", Resend.HARMLESS, LookUp.NOT_NEEDED),
    "balance-adjustment": ("balance-adjustment", Resend.ONCE, LookUp.REFERENCE),
    "cashback": ("cashback", Resend.KEYED, LookUp.TRANSACTION_ID),
    "redeem": ("redeem", Resend.KEYED, LookUp.TRANSACTION_ID),
    "events": ("events", Resend.ONCE, LookUp.NONE),
}
REQUIRED = {
    "customers": {"customerId"},
    "orders": {"customerId", "orderId", "orderDate", "totalPaid"},
    "order-transactions": {"orderId"},
    "balance-inquiry": {"customerId"},
    "balance-adjustment": {"customerId", "amount"},
    "cashback": {"customerId", "transactionId", "transactionTime", "amount"},
    "redeem": {"customerId", "transactionId", "transactionTime"},
    "events": {"customerId", "event"},
}
ATTRIBUTES = (
    "displayName firstName lastName email gender mobile dateOfBirth joinDate country city zip preferredLanguage source "
    "utms devices paymentMethods totalSpent lastOrderDate totalOrders avgOrderAmount channel"
)
CUSTOMER = "email mobile deviceToken osType referrerCode guest"
ORDER = (
    "email mobile totalPrice totalDiscount totalShipping totalTax guest channel cartId merchant.uniqueId merchant.name "
    "merchant.branch.uniqueId merchant.branch.name redemption.pointsHoldReference redemption.couponCodes "
    "cashbackConfigurations.returnWindow"
)
LINE = "productId quantity price sku title vendor weight taxes discount tags category collection"
OPTIONAL = {
    "customers": {*CUSTOMER.split(), *(f"customerAttributes.{name}" for name in ATTRIBUTES.split())},
    "orders": {*ORDER.split(), *(f"lineItems.{name}" for name in LINE.split())},
    "order-transactions": set(),
    "balance-inquiry": set(),
    "balance-adjustment": {"reason"},
    "cashback": {"email", "mobile"},
    "redeem": {"amount", "points", "holdReference", "email", "mobile"},
    "events": set(),
}


def test_that_there_are_exactly_the_eight_batch_types() -> None:
    assert {one.key for one in BATCH_TYPES} == set(PAGE)


@pytest.mark.parametrize("one", BATCH_TYPES, ids=lambda one: one.key)
def test_that_endpoint_re_send_class_and_look_up_are_those_of_the_page(one: BatchType) -> None:
    assert (one.endpoint, one.resend, one.look_up) == PAGE[one.key]


@pytest.mark.parametrize("one", BATCH_TYPES, ids=lambda one: one.key)
def test_that_every_field_of_the_page_is_there_and_no_other(one: BatchType) -> None:
    assert {field.path for field in one.required} == REQUIRED[one.key]
    assert {field.path for field in one.fields if not field.required} == OPTIONAL[one.key]


@pytest.mark.parametrize("one", BATCH_TYPES, ids=lambda one: one.key)
def test_that_paths_are_unique_and_special_paths_name_fields(one: BatchType) -> None:
    paths = [field.path for field in one.fields]
    assert len(paths) == len(set(paths))
    for path in (one.customer, one.ident, one.time, one.amount):
        assert path is None or path in paths
    assert all(path in paths for group in one.exactly_one for path in group)


@pytest.mark.parametrize("one", BATCH_TYPES, ids=lambda one: one.key)
def test_that_every_field_has_words_for_people_and_required_ones_an_example(one: BatchType) -> None:
    for field in one.fields:
        assert field.title
        assert field.meaning
        assert not field.meaning.endswith(".")
        assert all(field.examples) or not field.required, field.path


def test_that_only_reading_types_are_read_only() -> None:
    assert {one.key for one in BATCH_TYPES if one.reads_only} == {"balance-inquiry", "order-transactions"}
    assert {one.effect for one in BATCH_TYPES} == set(Effect)


def test_that_free_keys_become_fields_on_the_fly() -> None:
    size = batch_type("customers").field("custom.size")
    assert size is not None
    assert size.keys == ("customerAttributes", "custom", "size")
    page = batch_type("events").field("metadata.page")
    assert page is not None
    assert page.kind is Kind.ANY
    assert batch_type("events").field("metadata.") is None
    assert batch_type("cashback").field("custom.size") is None


def test_that_line_items_can_be_named_with_or_without_brackets() -> None:
    orders = batch_type("orders")
    assert orders.field("lineItems[].sku") == orders.field("lineItems.sku")
    extra = orders.field("lineItems.extra.colour")
    assert extra is not None
    assert extra.line


def test_that_limits_are_those_of_the_page() -> None:
    window = batch_type("orders").field("cashbackConfigurations.returnWindow")
    assert window is not None
    assert (window.minimum, window.maximum) == (Decimal(0), Decimal(7300))
    channel = batch_type("customers").field("customerAttributes.channel")
    assert channel is not None
    assert channel.choices == ("mobile", "pos", "web", "callcenter")


def test_that_an_unknown_batch_type_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        batch_type("coupons")
