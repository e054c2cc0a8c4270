"""Every rule that makes Gameball refuse a whole request, item by item."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gb_desktop.catalog import BATCH_TYPES, batch_type
from gb_desktop.practice import exact
from gb_desktop.practice.shape import check_of

TIME = "2026-03-01T09:30:00.000Z"
RIGHT: dict[str, Any] = {
    "customers": {
        "customerId": "C-1",
        "email": "mona@example.com",
        "mobile": "+201001234567",
        "guest": False,
        "customerAttributes": {
            "firstName": "Mona",
            "dateOfBirth": "1990-02-28",
            "channel": "pos",
            "utms": ["a", "b"],
            "totalSpent": 12.5,
            "totalOrders": 3,
            "custom": {"size": "L", "points": 3, "vip": True},
        },
    },
    "orders": {
        "customerId": "C-1",
        "orderId": "O-1",
        "orderDate": TIME,
        "totalPaid": 0,
        "merchant": {"uniqueId": "M", "branch": {"uniqueId": "B", "name": "Cairo"}},
        "redemption": {"pointsHoldReference": "H", "couponCodes": ["X"]},
        "cashbackConfigurations": {"returnWindow": 7300},
        "extra": {"note": "gift", "floor": 3},
        "lineItems": [{"productId": "P", "quantity": 2, "tags": ["t"], "extra": {"shelf": 1}}, {"sku": "S"}],
    },
    "order-transactions": "O-1",
    "balance-inquiry": {"customerId": "C-1"},
    "balance-adjustment": {"customerId": "C-1", "amount": -2.5, "reason": "Sorry"},
    "cashback": {"customerId": "C-1", "transactionId": "T", "transactionTime": TIME, "amount": 0.01},
    "redeem": {"customerId": "C-1", "transactionId": "T", "transactionTime": TIME, "points": 5},
    "events": {"customerId": "C-1", "events": {"write_review": {"stars": 5, "text": "good", "first": True}, "x": {}}},
}


def flaw_of(kind: str, item: Any) -> tuple[int, str] | None:
    """The code and place of an item's first flaw, after its way through JSON."""
    flaw = check_of(batch_type(kind))(exact.read(exact.write(item)) if not isinstance(item, str) else item)
    return (flaw.code, flaw.place) if flaw else None


def changed(kind: str, path: str, value: Any) -> Any:
    """The right item of a type with the value at a dotted path replaced or added."""
    item = exact.read(exact.write(RIGHT[kind]))
    place = item
    *inner, last = path.split(".")
    for key in inner:
        place = place[int(key)] if key.isdigit() else place.setdefault(key, {})
    place[int(last) if last.isdigit() else last] = value
    return item


@pytest.mark.parametrize("kind", [one.key for one in BATCH_TYPES])
def test_that_a_right_item_of_every_type_has_no_flaw(kind: str) -> None:
    assert flaw_of(kind, RIGHT[kind]) is None


@pytest.mark.parametrize("kind", [one.key for one in BATCH_TYPES if not one.plain])
def test_that_every_required_key_is_missed(kind: str) -> None:
    keys = ["customerId", "events"] if kind == "events" else [one.path for one in batch_type(kind).required]
    for key in keys:
        item = {name: value for name, value in RIGHT[kind].items() if name != key}
        assert flaw_of(kind, item) == (3000, f".{key}")


@pytest.mark.parametrize("kind", [one.key for one in BATCH_TYPES if not one.plain])
@pytest.mark.parametrize("stranger", ["CustomerId", "customerID", "points_", "playerUniqueId"])
def test_that_an_unknown_or_misspelled_key_is_refused_in_every_type(kind: str, stranger: str) -> None:
    assert flaw_of(kind, changed(kind, stranger, "1")) == (3016, f".{stranger}")


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("customers", "customerAttributes.FirstName"),
        ("customers", "name"),
        ("customers", "custom"),
        ("orders", "merchant.id"),
        ("orders", "merchant.branch.id"),
        ("orders", "redemption.coupons"),
        ("cashback", "points"),
        ("balance-adjustment", "transactionId"),
        ("balance-inquiry", "email"),
        ("events", "event"),
        ("events", "metadata"),
    ],
)
def test_that_a_key_in_the_wrong_place_is_refused(kind: str, path: str) -> None:
    assert flaw_of(kind, changed(kind, path, "x")) == (3016, f".{path}")


def test_that_an_unknown_key_of_a_line_is_named_with_its_line() -> None:
    assert flaw_of("orders", changed("orders", "lineItems.1.colour", "red")) == (3016, ".lineItems[1].colour")


EVERY_VALUE = [
    (one.key, ".".join(("lineItems", "0", *field.keys[1:])) if field.line else ".".join(field.keys))
    for one in BATCH_TYPES
    if not one.plain and one.key != "events"
    for field in one.fields
]


@pytest.mark.parametrize(("kind", "path"), EVERY_VALUE)
def test_that_null_and_empty_values_are_refused_everywhere(kind: str, path: str) -> None:
    where = "." + path.replace(".0.", "[0].")
    assert flaw_of(kind, changed(kind, path, None)) == (3001, where)
    for empty in ("", "  ", [], {}):
        assert flaw_of(kind, changed(kind, path, empty)) == (3003, where)


@pytest.mark.parametrize(("kind", "path"), EVERY_VALUE)
def test_that_no_field_takes_both_a_number_and_a_text(kind: str, path: str) -> None:
    taken = [value for value in (7, "7") if flaw_of(kind, changed(kind, path, value)) is None]
    assert len(taken) <= 1


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("cashback", "customerId", 10001),
        ("cashback", "transactionId", 5),
        ("cashback", "amount", "250.00"),
        ("cashback", "amount", True),
        ("cashback", "amount", 0),
        ("cashback", "amount", -1),
        ("cashback", "amount", [1]),
        ("balance-adjustment", "amount", 0),
        ("balance-adjustment", "reason", 5),
        ("redeem", "points", 5.5),
        ("redeem", "points", Decimal("5.0")),
        ("redeem", "points", 0),
        ("redeem", "points", -5),
        ("orders", "totalPaid", -0.01),
        ("orders", "channel", "shop"),
        ("orders", "channel", "POS"),
        ("orders", "guest", "no"),
        ("orders", "guest", 0),
        ("orders", "cashbackConfigurations.returnWindow", 7301),
        ("orders", "cashbackConfigurations.returnWindow", 1.5),
        ("orders", "redemption.couponCodes", "A;B"),
        ("orders", "redemption.couponCodes.0", ""),
        ("orders", "extra.gift", True),
        ("orders", "extra.gift", {"a": 1}),
        ("orders", "extra.gift", ""),
        ("orders", "lineItems", {"sku": "S"}),
        ("orders", "lineItems.0.quantity", "2"),
        ("orders", "lineItems.0.price", -1),
        ("orders", "merchant", "M"),
        ("customers", "email", "mona"),
        ("customers", "email", "mona@example"),
        ("customers", "email", "a b@example.com"),
        ("customers", "customerAttributes.totalOrders", 1.5),
        ("customers", "customerAttributes.utms", "a"),
        ("customers", "customerAttributes.custom.size", None),
        ("customers", "customerAttributes.custom.size", ""),
        ("customers", "customerAttributes.custom.size", [1]),
        ("customers", "customerId", "half \ud800"),
        ("events", "events", []),
        ("events", "events", {}),
        ("events", "events", "write_review"),
        ("events", "events.write_review", 5),
        ("events", "events.write_review.stars", None),
        ("events", "events.write_review.stars", {"n": 5}),
        ("cashback", "amount", Decimal("1e31")),
        ("cashback", "amount", Decimal("1e-31")),
    ],
)
def test_that_a_value_of_the_wrong_kind_is_refused(kind: str, path: str, value: Any) -> None:
    flaw = check_of(batch_type(kind))(changed(kind, path, value))
    assert flaw is not None
    assert flaw.code in (3001, 3003)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026-03-01T09:30:00Z",
        "2026-03-01T09:30:00.000",
        "2026-03-01T09:30:00.000+00:00",
        "2026-03-01T09:30:00.000000Z",
        "2026-03-01 09:30:00.000Z",
        "2026-02-29T09:30:00.000Z",
        "2026-13-01T09:30:00.000Z",
        "2026-03-01T24:30:00.000Z",
        "2026-03-01T09:30:00.000z",
        "٢٠٢٦-03-01T09:30:00.000Z",
        " 2026-03-01T09:30:00.000Z",
        "2026-03-01T09:30:00.000Z\n",
        1772357400000,
    ],
)
def test_that_only_utc_with_milliseconds_and_z_is_a_time(text: Any) -> None:
    assert flaw_of("cashback", changed("cashback", "transactionTime", text)) == (3003, ".transactionTime")
    assert flaw_of("orders", changed("orders", "orderDate", text)) == (3003, ".orderDate")


@pytest.mark.parametrize("text", ["1990-02-30", "28/02/1990", "1990-2-28", "1990-02-28T00:00:00.000Z", "19900228"])
def test_that_only_year_month_day_is_a_date(text: str) -> None:
    where = ".customerAttributes.dateOfBirth"
    assert flaw_of("customers", changed("customers", where[1:], text)) == (3003, where)


def test_that_a_redemption_needs_exactly_one_of_its_three_amounts() -> None:
    base = {name: value for name, value in RIGHT["redeem"].items() if name != "points"}
    one_each: list[dict[str, Any]] = [{"amount": 1}, {"points": 1}, {"holdReference": "H"}]
    assert [flaw_of("redeem", {**base, **one}) for one in one_each] == [None, None, None]
    assert flaw_of("redeem", base) == (3000, "")
    assert flaw_of("redeem", {**base, "amount": 1, "points": 1}) == (3016, "")
    assert flaw_of("redeem", {**base, "amount": 1, "points": 1, "holdReference": "H"}) == (3016, "")


@pytest.mark.parametrize("kind", [one.key for one in BATCH_TYPES if not one.plain])
@pytest.mark.parametrize("item", ["C-1", 5, [], True])
def test_that_an_item_must_be_an_object(kind: str, item: Any) -> None:
    flaw = check_of(batch_type(kind))(item)
    assert flaw is not None
    assert flaw.code == 3003


@pytest.mark.parametrize("item", [{"orderId": "O-1"}, 5, "", " ", ["O-1"]])
def test_that_an_order_transactions_item_must_be_a_plain_text(item: Any) -> None:
    flaw = check_of(batch_type("order-transactions"))(item)
    assert flaw is not None
    assert flaw.code == 3003
