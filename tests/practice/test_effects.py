"""What each type does to an account, and what single items are refused for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from gb_desktop.practice import Seed, SeedCustomer
from tests.practice.fixtures import EVERYBODY, PracticeFactory, job_of, ledger, status

TIME = "2026-03-01T09:30:00.000Z"
LATER = "2026-03-01T09:30:00.001Z"
SEED = Seed(
    customers={
        "A": SeedCustomer(Decimal(100)),
        "B": SeedCustomer(Decimal(100), {"H": Decimal(30)}),
    }
)


def run(url: str, endpoint: str, items: Sequence[Any]) -> Mapping[str, list[dict[str, Any]]]:
    """The result lists of a job with these items."""
    lists: Mapping[str, list[dict[str, Any]]] = status(url, job_of(url, endpoint, items))["response"]
    return lists


def code_of(url: str, endpoint: str, item: Any) -> int | None:
    """None when the item was applied, else its code, 0 where the entry has none."""
    lists = run(url, endpoint, [item])
    assert len(lists["successful"]) + len(lists["failed"]) == 1
    return int(lists["failed"][0].get("code", 0)) if lists["failed"] else None


def balance(url: str, customer: str) -> Decimal:
    return Decimal(run(url, "balance-inquiry", [{"customerId": customer}])["successful"][0]["pointsBalance"])


def payment(ident: str = "T", customer: str = "A", time: str = TIME, **more: Any) -> dict[str, Any]:
    return {"customerId": customer, "transactionId": ident, "transactionTime": time, **(more or {"amount": 10})}


def test_that_an_inquiry_answers_points_value_currency_and_name(practice: PracticeFactory) -> None:
    [entry] = run(practice(seed=SEED).url, "balance-inquiry", [{"customerId": "B"}])["successful"]
    assert entry == {
        "customerId": "B",
        "pointsBalance": 70,
        "pointsValue": Decimal("7.00"),
        "currency": "EGP",
        "pointsName": "points",
    }


@pytest.mark.parametrize(
    ("endpoint", "item"),
    [
        ("balance-inquiry", {"customerId": "X"}),
        ("balance-adjustment", {"customerId": "X", "amount": 5}),
        ("cashback", payment(customer="X")),
        ("redeem", payment(customer="X")),
    ],
)
def test_that_an_unknown_customer_fails_with_7000(practice: PracticeFactory, endpoint: str, item: Any) -> None:
    assert code_of(practice(seed=SEED).url, endpoint, item) == 7000


@pytest.mark.parametrize(
    ("endpoint", "item"),
    [
        ("customers", {"customerId": "X"}),
        ("orders", {"customerId": "X", "orderId": "O", "orderDate": TIME, "totalPaid": 10}),
        ("events", {"customerId": "X", "events": {"visit": {}}}),
    ],
)
def test_that_customers_orders_and_events_create_a_customer(
    practice: PracticeFactory, endpoint: str, item: Any
) -> None:
    url = practice(seed=SEED).url
    assert code_of(url, endpoint, item) is None
    assert code_of(url, "balance-inquiry", {"customerId": "X"}) is None


def test_that_customers_sent_again_keep_their_points(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    assert code_of(url, "customers", {"customerId": "A"}) is None
    assert code_of(url, "customers", {"customerId": "A"}) is None
    assert balance(url, "A") == 100


def test_that_customer_ids_differ_by_case(practice: PracticeFactory) -> None:
    assert code_of(practice(seed=SEED).url, "balance-inquiry", {"customerId": "a"}) == 7000


def test_that_cashback_gives_whole_points_and_its_richer_entry(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    [entry] = run(url, "cashback", [payment(amount=10.99)])["successful"]
    assert entry == {"customerId": "A", "amount": Decimal("10.99"), "points": 10, "gameballTransactionId": 70000001}
    assert balance(url, "A") == 110


def test_that_a_transaction_id_works_once_over_all_types_and_customers(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    assert code_of(url, "cashback", payment("T")) is None
    assert code_of(url, "cashback", payment("T")) == 9004
    assert code_of(url, "redeem", payment("T", "B", LATER)) == 9004
    assert code_of(url, "cashback", payment("t", time=LATER)) is None


def test_that_a_failed_item_does_not_use_up_its_transaction_id(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    assert code_of(url, "redeem", payment("T", points=101)) == 9008
    assert code_of(url, "redeem", payment("T", points=100)) is None


@pytest.mark.parametrize(
    ("timestamps", "same_customer", "other_customer"),
    [("customer", 9003, None), ("account", 9003, 9003), ("off", None, None)],
)
def test_that_a_time_works_once_within_what_is_set(
    practice: PracticeFactory, timestamps: str, same_customer: int | None, other_customer: int | None
) -> None:
    url = practice(seed=SEED, timestamps=timestamps).url
    assert code_of(url, "cashback", payment("T1")) is None
    assert code_of(url, "cashback", payment("T2")) == same_customer
    assert code_of(url, "cashback", payment("T3", "B")) == other_customer


def test_that_a_time_in_the_future_fails_with_9007(practice: PracticeFactory) -> None:
    url = practice(seed=SEED, clock=lambda: 1_772_357_400.0).url  # 2026-03-01T09:30:00Z
    assert code_of(url, "cashback", payment("T1", time=LATER)) == 9007
    assert code_of(url, "redeem", payment("T1", time=LATER)) == 9007
    order = {"customerId": "A", "orderId": "O", "orderDate": LATER, "totalPaid": 1}
    assert code_of(url, "orders", order) == 9007
    assert code_of(url, "cashback", payment("T1", time=TIME)) is None


@pytest.mark.parametrize(("amounts", "points"), [({"points": 40}, 40), ({"amount": 4}, 40), ({"amount": 0.01}, 1)])
def test_that_a_redemption_takes_points_or_their_money(
    practice: PracticeFactory, amounts: dict[str, Any], points: int
) -> None:
    url = practice(seed=SEED).url
    [entry] = run(url, "redeem", [payment(**amounts)])["successful"]
    assert entry == {"customerId": "A", "gameballTransactionId": 70000001, "redeemedPoints": points}
    assert balance(url, "A") == 100 - points


def test_that_a_hold_is_spent_once_by_its_own_customer(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    assert code_of(url, "redeem", payment("T0", "A", holdReference="H")) == 9006
    assert code_of(url, "redeem", payment("T1", "B", holdReference="H")) is None
    assert code_of(url, "redeem", payment("T2", "B", LATER, holdReference="H")) == 9006
    assert balance(url, "B") == 70


def test_that_held_points_can_not_be_spent_otherwise(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    assert code_of(url, "redeem", payment("T", "B", points=71)) == 9008
    assert code_of(url, "redeem", payment("T", "B", points=70)) is None


def test_that_adjustments_move_points_exactly_and_each_time(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    for amount in (0.1, 0.2, -50, -50):
        assert code_of(url, "balance-adjustment", {"customerId": "A", "amount": amount}) is None
    assert balance(url, "A") == Decimal("0.3")
    assert code_of(url, "balance-adjustment", {"customerId": "A", "amount": -0.31}) == 9008


def test_that_adjustments_in_money_move_its_worth_in_points(practice: PracticeFactory) -> None:
    url = practice(seed=SEED, unit="money").url
    assert code_of(url, "balance-adjustment", {"customerId": "A", "amount": 2.5}) is None
    assert balance(url, "A") == 125


def test_that_a_repeated_order_is_refused_in_words_without_a_code(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    order = {"customerId": "A", "orderId": "O", "orderDate": TIME, "totalPaid": 10}
    assert code_of(url, "orders", order) is None
    assert run(url, "orders", [order])["failed"] == [{"customerId": "A", "message": "Order already exists."}]
    assert code_of(url, "orders", {**order, "orderId": "o"}) is None


def test_that_an_order_may_spend_a_hold_and_fails_whole_without_it(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    order = {"customerId": "B", "orderDate": TIME, "totalPaid": 10, "redemption": {"pointsHoldReference": "H"}}
    assert code_of(url, "orders", {**order, "orderId": "O1"}) is None
    assert balance(url, "B") == 80
    assert code_of(url, "orders", {**order, "orderId": "O2"}) == 9006
    assert balance(url, "B") == 80
    assert run(url, "orders/transactions", ["O1", "O2"])["failed"][0]["customerId"] == "O2"


def test_that_order_transactions_answers_found_and_missing_orders(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    run(url, "orders", [{"customerId": "A", "orderId": "O", "orderDate": TIME, "totalPaid": 10}])
    lists = run(url, "orders/transactions", ["O", "missing"])
    [found] = lists["successful"]
    assert (found["orderId"], found["count"], found["transactions"][0]["points"]) == ("O", 1, 10)
    assert lists["failed"] == [{"customerId": "missing", "message": "Order not found."}]


def test_that_each_event_rewards_and_does_so_again_when_sent_again(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    for _ in range(2):
        run(url, "events", [{"customerId": "A", "events": {"visit": {}, "review": {"stars": 5}}}])
    assert balance(url, "A") == 120


def test_that_only_applied_items_are_in_the_ledger(practice: PracticeFactory) -> None:
    url = practice(seed=SEED).url
    run(url, "cashback", [payment("T1"), payment("T1"), payment("T2", "X"), payment("T3", "B")])
    assert [(one["position"], one["item"]["transactionId"]) for one in ledger(url)] == [(0, "T1"), (3, "T3")]


def test_that_customers_nobody_listed_exist_when_their_prefix_is_accepted(practice: PracticeFactory) -> None:
    url = practice(seed=Seed(accept_unknown=True, accept_prefix="X-", balance=Decimal(7))).url
    assert balance(url, "X-1") == 7
    assert code_of(url, "balance-inquiry", {"customerId": "Y-1"}) == 7000


def test_that_entries_carry_our_ids_only_when_told_so(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY, echo=True).url
    lists = run(url, "cashback", [payment("T1"), payment("T1")])
    assert [lists["successful"][0]["transactionId"], lists["failed"][0]["transactionId"]] == ["T1", "T1"]


def test_that_picky_fails_the_same_items_every_time(practice: PracticeFactory) -> None:
    items = [payment(f"T{number}", f"C{number}") for number in range(200)]
    failed = [run(practice(seed=EVERYBODY, scenario="picky").url, "cashback", items)["failed"] for _ in range(2)]
    assert failed[0] == failed[1]
    assert 20 < len(failed[0]) < 80
    assert {entry.get("code") for entry in failed[0]} == {7000, 9003, 4500, None}
    other = run(practice(seed=EVERYBODY, scenario="picky", chance=2).url, "cashback", items)["failed"]
    assert other != failed[0]
