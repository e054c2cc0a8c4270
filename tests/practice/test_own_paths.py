"""The practice service's own paths: ledger, jobs, requests, switching."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from tests.practice.fixtures import EVERYBODY, LIVE_KEYS, Clock, PracticeFactory, ask, job_of, ledger, status, switch

ITEMS = [{"customerId": f"C-{number}", "amount": 1} for number in range(25)]


def test_that_the_ledger_says_when_where_and_exactly_what(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY, clock=Clock(1_780_000_000.25)).url
    body = b'{"body":[{"customerId":"C","amount":1.50},\n {"amount" : 1e2, "customerId":"\\u0645\xd9\x85"}]}'
    ask(url, "batch/balance-adjustment", method="POST", body=body)
    text = ask(url, "/practice/ledger", keys=None).text
    assert '"item":{"customerId":"C","amount":1.50}' in text
    assert '"item":{"amount" : 1e2, "customerId":"\\u0645م"}' in text
    first = ledger(url)[0]
    assert first == {
        "time": "2026-05-28T20:26:40.250Z",
        "account": "test",
        "job": "100001",
        "endpoint": "balance-adjustment",
        "position": 0,
        "item": {"customerId": "C", "amount": Decimal("1.50")},
    }


def test_that_the_ledger_pages_without_gap_or_repeat(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    job_of(url, "balance-adjustment", ITEMS)
    found: list[Any] = []
    after: int | None = 0
    while after is not None:
        page = ask(url, f"/practice/ledger?after={after}&limit=10", keys=None).json
        found += page["entries"]
        after = page["next"]
        assert page["total"] == 25
    assert [one["item"] for one in found] == ITEMS
    assert ledger(url, after=25) == ledger(url, after=99) == []


def test_that_a_long_ledger_is_streamed_whole(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    for number in range(3):
        job_of(url, "balance-inquiry", [{"customerId": f"C-{number}-{place}"} for place in range(1000)])
    got = ask(url, "/practice/ledger", keys=None)
    assert got.headers.get("Transfer-Encoding") == "chunked"
    assert len({one["item"]["customerId"] for one in got.json["entries"]}) == 3000


def test_that_the_ledger_holds_all_accounts(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    job_of(url, "balance-adjustment", ITEMS[:1])
    job_of(url, "balance-adjustment", ITEMS[:1], keys=LIVE_KEYS)
    assert [one["account"] for one in ledger(url)] == ["test", "live"]


def test_that_jobs_are_listed_with_their_figures(practice: PracticeFactory) -> None:
    url = practice().url
    job_of(url, "balance-inquiry", [{"customerId": "C-10001"}, {"customerId": "X"}])
    assert ask(url, "/practice/jobs", keys=None).json["jobs"] == [
        {
            "job": "100001",
            "account": "test",
            "endpoint": "balance-inquiry",
            "status": "completed",
            "items": 2,
            "done": 2,
            "failed": 1,
        }
    ]


def test_that_requests_are_counted_by_path_without_jobs_and_versions(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    for version in ("v4.0", "v4.1"):
        job = job_of(url, "balance-adjustment", ITEMS)
        ask(url, f"/api/{version}/integrations/batch/{job}")
    ask(url, "/api/v9/nothing")
    assert ask(url, "/practice/requests", keys=None).json == {
        "total": 5,
        "limited": 0,
        "requests": [
            {"method": "GET", "path": "batch/{job}", "status": 200, "count": 2},
            {"method": "GET", "path": "other", "status": 404, "count": 1},
            {"method": "POST", "path": "batch/balance-adjustment", "status": 200, "count": 2},
        ],
    }


def test_that_switching_changes_only_what_it_names(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY, unit="money").url
    before = ask(url, "/practice/scenario", keys=None).json
    after = switch(url, dialect="b", results="partial")
    assert after == {**before, "dialect": "b", "results": "partial"}
    assert ask(url, "/practice/scenario", keys=None).json == after


@pytest.mark.parametrize(
    "changes",
    [
        {"speed": 5},
        {"scenario": "stormy"},
        {"dialect": "c"},
        {"pace": -1},
        {"pace": "fast"},
        {"limits": True},
        {"results": None},
        {"refuse": 1},
        {"breaks_after": 0},
        {"collisions": 1},
        {"faults": [{"on": "POST"}]},
        {"faults": [{"do": "explode"}]},
        {"faults": [{"do": "limit", "when": 1}]},
        {"faults": [{"do": "code", "code": 12}]},
        [],
        "slow",
    ],
)
def test_that_a_switch_that_is_not_understood_changes_nothing(practice: PracticeFactory, changes: Any) -> None:
    url = practice().url
    before = ask(url, "/practice/scenario", keys=None).json
    got = ask(url, "/practice/scenario", method="POST", body=json.dumps(changes).encode(), keys=None)
    assert (got.status, got.json["code"]) == (422, 3003)
    assert got.json["message"]
    assert ask(url, "/practice/scenario", keys=None).json == before


def test_that_switching_needs_a_json_content_type(practice: PracticeFactory) -> None:
    headers = {"Content-Type": "text/plain"}
    got = ask(practice().url, "/practice/scenario", method="POST", body=b"{}", headers=headers, keys=None)
    assert got.status == 415


def test_that_hello_says_who_answers(practice: PracticeFactory) -> None:
    found = ask(practice().url, "/practice/hello", keys=None).json
    assert found["service"] == "gb-desktop practice"
    assert found["state"] == "memory"


def test_that_nothing_applied_is_lost_or_doubled_under_parallel_requests(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url

    def work(number: int) -> int:
        items = [{"customerId": f"C-{number}-{place}", "amount": 1} for place in range(20)]
        return int(status(url, job_of(url, "balance-adjustment", items))["finishedCount"])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(40))) == [20] * 40
    found = [one["item"]["customerId"] for one in ledger(url)]
    assert len(found) == len(set(found)) == 800
