"""The transactions list: what it says and how it pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gb_desktop.practice import Seed, SeedCustomer
from tests.practice.fixtures import EVERYBODY, PracticeFactory, ask, job_of, status

TIME = "2026-03-01T09:30:00.000Z"


def listed(url: str, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(url, f"transactions?{query}").json["transactions"]
    return found


def run(url: str, endpoint: str, *items: dict[str, Any]) -> None:
    status(url, job_of(url, endpoint, items))


def test_that_every_kind_of_move_is_listed_newest_first_with_balances(practice: PracticeFactory) -> None:
    url = practice(seed=Seed(customers={"A": SeedCustomer(Decimal(100))}), clock=lambda: 1_780_000_000.0).url
    run(url, "balance-adjustment", {"customerId": "A", "amount": 5, "reason": "Sorry gb:1"})
    run(url, "balance-adjustment", {"customerId": "A", "amount": -2.5})
    run(url, "cashback", {"customerId": "A", "transactionId": "T1", "transactionTime": TIME, "amount": 20.5})
    run(
        url,
        "redeem",
        {"customerId": "A", "transactionId": "T2", "transactionTime": TIME.replace("09", "10"), "points": 50},
    )
    found = listed(url, "customerId=A&limit=200")
    shown = [
        (one["type"], one["direction"], one["points"], one["amount"], one["transactionId"], one["pointsBalanceAfter"])
        for one in found
    ]
    assert shown == [
        ("Redemption", "-", 50, Decimal("5.0"), "T2", Decimal("72.5")),
        ("PaymentReward", "+", 20, Decimal("20.5"), "T1", Decimal("122.5")),
        ("ManualDeduction", "-", Decimal("2.5"), Decimal("0.25"), None, Decimal("102.5")),
        ("ManualAccumulation", "+", 5, Decimal("0.5"), None, 105),
    ]
    assert [one["reason"] for one in found] == ["", "", "", "Sorry gb:1"]
    assert [one["transactionTime"] for one in found[1:3]] == [TIME, "2026-05-28T20:26:40.000Z"]
    assert found[0]["pointsBalanceBefore"] == found[1]["pointsBalanceAfter"]


def test_that_an_adjustment_in_money_lists_the_money_as_sent(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY, unit="money").url
    run(url, "balance-adjustment", {"customerId": "A", "amount": -2.5})
    [found] = listed(url, "customerId=A")
    assert (found["amount"], found["points"], found["type"]) == (Decimal("2.5"), 25, "ManualDeduction")


@pytest.mark.parametrize("name", ["gameballTransactionId", "transactionId"])
def test_that_pages_follow_each_other_without_gap_or_repeat(practice: PracticeFactory, name: str) -> None:
    url = practice(seed=EVERYBODY, timestamps="off").url
    payments = [
        {"customerId": "A", "transactionId": f"T{number}", "transactionTime": TIME, "amount": 1} for number in range(23)
    ]
    run(url, "cashback", *payments)
    pages = [listed(url, "customerId=A&limit=10")]
    while len(pages[-1]) == 10:
        pages.append(listed(url, f"customerId=A&limit=10&startAfter={pages[-1][-1][name]}"))
    assert [len(page) for page in pages] == [10, 10, 3]
    found = [one["transactionId"] for page in pages for one in page]
    assert found == [f"T{number}" for number in reversed(range(23))]
    assert listed(url, f"customerId=A&limit=10&startAfter={pages[-1][-1][name]}") == []


def test_that_the_list_is_one_customers_or_everybodys(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    run(url, "balance-adjustment", {"customerId": "A", "amount": 1}, {"customerId": "a", "amount": 2})
    assert [one["points"] for one in listed(url, "customerId=A")] == [1]
    assert [one["points"] for one in listed(url, "")] == [2, 1]
    assert listed(url, "customerId=nobody") == []


def test_that_a_page_holds_fifty_when_no_limit_is_given(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    run(url, "events", *({"customerId": "A", "events": {"visit": {}}} for _ in range(60)))
    assert len(listed(url, "customerId=A")) == 50
    assert len(listed(url, "customerId=A&limit=200")) == 60
