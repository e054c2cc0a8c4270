"""Rate limits, scenarios that go wrong, and scripted faults."""

from __future__ import annotations

import http.client
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from gb_desktop.practice import KeyPair
from gb_desktop.practice.limits import Limits
from tests.practice.fixtures import (
    EVERYBODY,
    LIVE_KEYS,
    PRACTICE_KEYS,
    Clock,
    Got,
    PracticeFactory,
    ask,
    create,
    job_of,
    ledger,
    requests_seen,
    status,
    switch,
)

ITEM = {"customerId": "C-1", "amount": 1}
CUT = (urllib.error.URLError, http.client.HTTPException, ConnectionError)


def outcome(url: str, item: Any = ITEM) -> Got | None:
    """The answer to a create-job request, None when the connection was cut."""
    try:
        return create(url, "balance-adjustment", [item])
    except CUT:
        return None


def admitted(limits: Limits, times: list[float], resource: str = "others", scale: float = 1.0) -> int:
    return sum(limits.admits("account", resource, at, scale) for at in times)


def test_that_thirty_requests_a_second_are_admitted_and_no_more() -> None:
    limits = Limits()
    assert admitted(limits, [100 + number / 100 for number in range(100)]) == 30
    assert admitted(limits, [101.01]) == 1


def test_that_three_hundred_and_sixty_in_thirty_seconds_are_admitted_and_no_more() -> None:
    limits = Limits()
    assert admitted(limits, [number / 20 for number in range(600)]) == 360
    assert admitted(limits, [29.9]) == 0
    assert admitted(limits, [30.1, 30.11, 30.12, 30.13]) == 3


def test_that_refused_requests_do_not_count_against_the_limit() -> None:
    limits = Limits()
    assert admitted(limits, [10.0] * 1000) == 30
    assert admitted(limits, [11.0] * 30) == 30


def test_that_resources_are_counted_apart_and_the_scale_multiplies() -> None:
    limits = Limits()
    assert admitted(limits, [1.0] * 50) == 30
    assert admitted(limits, [1.0] * 50, "transactions") == 30
    assert admitted(Limits(), [1.0] * 50, scale=0.1) == 3
    assert admitted(Limits(), [1.0] * 5000, scale=0) == 5000


def test_that_over_the_limit_is_429_per_account_and_counted(practice: PracticeFactory) -> None:
    clock = Clock()
    url = practice(limits=0.1, clock=clock, seed=EVERYBODY, retry_after=7).url
    answers = [ask(url, "batch/100001").status for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    limited = ask(url, "batch/100001")
    assert limited.json == {"error": 429, "message": "Too many requests."}
    assert limited.headers["Retry-After"] == "7"
    assert ask(url, "batch/100001", keys=LIVE_KEYS).status == 404
    assert ask(url, "transactions").status == 200
    clock.move(2)
    assert outcome(url) is not None
    counts = requests_seen(url)
    assert (counts["GET", "batch/{job}", 429], counts["GET", "batch/{job}", 404]) == (3, 4)
    assert ask(url, "/practice/requests", keys=None).json["limited"] == 3


def test_that_a_wrong_key_costs_no_limit(practice: PracticeFactory) -> None:
    url = practice(limits=0.1, clock=Clock()).url
    wrong = KeyPair("gb_test_wrong", "x")
    assert [ask(url, "transactions", keys=wrong).status for _ in range(5)] == [401] * 5
    assert ask(url, "transactions", keys=PRACTICE_KEYS).status == 200


@pytest.mark.parametrize(
    ("fault", "applied", "expected"),
    [
        ({"do": "cut-before"}, 0, None),
        ({"do": "cut-after"}, 1, None),
        ({"do": "half-answer"}, 1, None),
        ({"do": "html-before"}, 0, 502),
        ({"do": "html-after"}, 1, 502),
        ({"do": "limit"}, 0, 429),
        ({"do": "code"}, 0, 500),
        ({"do": "code", "code": 2001}, 0, 422),
        ({"do": "code-after", "code": 4500}, 1, 400),
        ({"do": "wait", "seconds": 0.01}, 1, 200),
    ],
)
def test_that_a_scripted_fault_does_what_it_says(
    practice: PracticeFactory, fault: dict[str, Any], applied: int, expected: int | None
) -> None:
    url = practice(seed=EVERYBODY).url
    switch(url, faults=[{"on": "POST batch/", **fault}])
    got = outcome(url)
    assert (got and got.status) == expected
    assert len(ledger(url)) == applied
    again = outcome(url)
    assert again is not None
    assert again.status == 200


def test_that_a_refusals_answer_can_be_lost_too(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    switch(url, faults=[{"do": "cut-after"}])
    assert outcome(url, {"customerId": ""}) is None
    again = outcome(url, {"customerId": ""})
    assert again is not None
    assert again.status == 422


def test_that_a_fault_counts_its_own_requests_from_the_nth_on(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    switch(url, faults=[{"do": "limit", "on": "GET transactions", "nth": 2, "times": 2}])
    assert outcome(url) is not None
    assert [ask(url, "transactions").status for _ in range(5)] == [200, 429, 429, 200, 200]


def test_that_switching_again_starts_a_script_anew(practice: PracticeFactory) -> None:
    url = practice(faults=()).url
    for _ in range(2):
        switch(url, faults=[{"do": "limit"}])
        assert [ask(url, "transactions").status for _ in range(2)] == [429, 200]


def test_that_an_answer_held_back_does_not_keep_the_server_from_stopping(practice: PracticeFactory) -> None:
    server = practice()
    url = server.url
    switch(url, faults=[{"do": "wait", "seconds": 3600}])

    def held() -> bool:
        with suppress(*CUT):
            ask(url, "transactions")
        return True

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(held)
        while not requests_seen(url):
            pass
        server.stop()
        assert waiting.result(timeout=5)


def test_that_flaky_cuts_before_and_after_and_ends_in_an_answer(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY, scenario="flaky").url
    unanswered = tries = 0
    for number in range(60):
        item = {"customerId": f"C-{number}", "amount": 1}
        while True:
            tries += 1
            got = outcome(url, item)
            if got is not None and got.status == 200:
                break
            unanswered += 1
    applied = len(ledger(url))
    assert unanswered > 10
    # More than sent once: answers were lost. Fewer than all tries: requests were lost too.
    assert 60 < applied < tries


def test_that_flaky_does_the_same_on_every_run(practice: PracticeFactory) -> None:
    def run() -> list[int]:
        url = practice(seed=EVERYBODY, scenario="flaky").url
        found = [outcome(url, {"customerId": f"C-{number}", "amount": 1}) for number in range(40)]
        return [got.status if got else 0 for got in found]

    first = run()
    assert run() == first
    assert {0, 200} <= set(first)


def test_that_busy_answers_429_now_and_then_but_lets_a_patient_client_through(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY, scenario="busy").url
    answers = [outcome(url, {"customerId": f"C-{number}", "amount": 1}) for number in range(60)]
    statuses = [got.status for got in answers if got]
    assert 5 < statuses.count(429) < 40
    assert statuses.count(429) + statuses.count(200) == 60
    assert {got.headers.get("Retry-After") for got in answers if got and got.status == 429} == {None, "1"}
    assert len(ledger(url)) == statuses.count(200)


def test_that_slow_takes_seconds_by_the_clock(practice: PracticeFactory) -> None:
    clock = Clock()
    url = practice(seed=EVERYBODY, scenario="slow", pace=None, queue=None, clock=clock).url
    job = job_of(url, "balance-adjustment", [ITEM])
    assert status(url, job)["status"] == "queued"
    clock.move(6)
    assert status(url, job)["status"] == "completed"
