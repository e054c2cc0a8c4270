"""How results are spelled, and what of them is shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.practice.fixtures import EVERYBODY, PracticeFactory, ask, job_of, status, switch

TIME = "2026-03-01T09:30:00.000Z"
ITEMS = [
    {"customerId": f"C-{number}", "transactionId": f"T{number % 90}", "transactionTime": TIME, "points": 5}
    for number in range(100)
]


def test_that_partial_results_leave_entries_out_but_count_them(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY, results="partial").url
    found = status(url, job_of(url, "redeem", ITEMS))
    assert (found["finishedCount"], found["errorCount"]) == (90, 10)
    shown = len(found["response"]["successful"]) + len(found["response"]["failed"])
    assert 50 < shown < 95


@pytest.mark.parametrize("dialect", ["a", "b"])
def test_that_empty_results_have_counts_but_no_lists(practice: PracticeFactory, dialect: str) -> None:
    url = practice(seed=EVERYBODY, results="empty", dialect=dialect).url
    job = job_of(url, "redeem", ITEMS)
    found = ask(url, f"batch/{job}" if dialect == "a" else f"batches/{job}/status").json
    counts = ("finishedCount", "errorCount") if dialect == "a" else ("processedItems", "failedItems")
    assert tuple(found[name] for name in counts) == ((90, 10) if dialect == "a" else (100, 10))
    assert found.get("response") is None
    assert not {"results", "errors"} & found.keys()


def test_that_renamed_results_use_other_cases_and_names(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY, results="renamed").url
    found = status(url, job_of(url, "redeem", ITEMS))
    assert found["status"] == "Finished"
    good, bad = found["response"]["successful"], found["response"]["failed"]
    assert set(good[0]) == {"CustomerId", "GameballTransactionId", "RedeemedPoints"}
    assert set(good[1]) == {"customerId", "gameballTransactionId", "redeemedPoints"}
    assert set(good[2]) == {"playerUniqueId", "gameballTransactionId", "redeemEquivalentPoints"}
    assert {frozenset(entry) for entry in bad} == {
        frozenset({"CustomerId", "Message", "Code"}),
        frozenset({"customerId", "error"}),
        frozenset({"playerUniqueId", "message", "code"}),
    }


def test_that_the_mode_may_change_after_the_job_and_changes_no_number(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    item = {"customerId": "C-1", "transactionId": "T", "transactionTime": TIME, "amount": 12}
    job = job_of(url, "cashback", [item])

    def entry() -> dict[str, Any]:
        found: dict[str, Any] = status(url, job)["response"]["successful"][0]
        return found

    full = entry()
    switch(url, results="renamed")
    assert sorted(map(str, entry().values())) == sorted(map(str, full.values()))
    switch(url, results="full")
    assert entry() == full


def test_that_counts_and_lists_agree_in_full_results(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    found = status(url, job_of(url, "redeem", ITEMS))
    lists = found["response"]
    assert (len(lists["successful"]), len(lists["failed"])) == (found["finishedCount"], found["errorCount"])
    assert {entry["code"] for entry in lists["failed"]} == {9004}
