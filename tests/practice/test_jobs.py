"""Jobs queue, run and end by the clock, in both dialects; stopping, breaking, colliding, changing pace."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.practice.fixtures import EVERYBODY, Clock, PracticeFactory, ask, job_of, ledger, status, switch

TEN = [{"customerId": f"C-{number}", "amount": 1} for number in range(10)]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def start(practice: PracticeFactory, clock: Clock, **changes: Any) -> str:
    """A server on which a job waits two seconds, then does one item a second."""
    return practice(**{"seed": EVERYBODY, "clock": clock, "queue": 2, "pace": 1, **changes}).url


def seen(url: str, job: str) -> tuple[str, int, int]:
    """Status word, succeeded and failed items of a job."""
    found = status(url, job)
    return found["status"], found["finishedCount"], found["errorCount"]


def test_that_a_job_queues_runs_and_completes_by_the_clock(practice: PracticeFactory) -> None:
    clock = Clock()
    url = start(practice, clock)
    job = job_of(url, "balance-adjustment", TEN)
    steps = [seen(url, job)]
    for seconds in (1.9, 0.2, 4.0, 4.9, 1.0):
        clock.move(seconds)
        steps.append(seen(url, job))
    expected = [("queued", 0, 0), ("queued", 0, 0), ("running", 0, 0), ("running", 4, 0), ("running", 9, 0)]
    assert steps == [*expected, ("completed", 10, 0)]


def test_that_dialect_a_shows_times_and_provisional_results(practice: PracticeFactory) -> None:
    clock = Clock()
    url = start(practice, clock)
    job = job_of(url, "balance-adjustment", TEN)
    queued = status(url, job)
    assert (queued["startedAt"], queued["response"], queued["operation"]) == (None, None, "balance-adjustment")
    clock.move(5.5)
    running = status(url, job)
    assert TIME.fullmatch(running["createdAt"])
    assert TIME.fullmatch(running["startedAt"])
    assert [entry["customerId"] for entry in running["response"]["successful"]] == ["C-0", "C-1", "C-2"]
    assert running["totalCount"] == 10


def test_that_dialect_b_has_its_own_path_and_words(practice: PracticeFactory) -> None:
    clock = Clock()
    url = start(practice, clock, dialect="b")
    job = job_of(url, "balance-adjustment", TEN)
    assert ask(url, f"batch/{job}").status == 404
    assert ask(url, f"batch/{job}", method="DELETE").status == 404
    seen_in_b = []
    for seconds in (0.0, 5.5, 20.0):
        clock.move(seconds)
        found = ask(url, f"batches/{job}/status").json
        seen_in_b.append((found["status"], found["progress"], found["processedItems"], len(found["results"])))
    assert seen_in_b == [("pending", 0, 0, 0), ("processing", 30, 3, 3), ("completed", 100, 10, 10)]
    assert (found["batchId"], found["totalItems"], found["failedItems"], found["errors"]) == (job, 10, 0, [])


def test_that_dialect_a_hides_the_paths_of_b(practice: PracticeFactory) -> None:
    url = practice().url
    job = job_of(url, "balance-inquiry", [{"customerId": "C-10001"}])
    assert ask(url, f"batches/{job}/status").status == 404
    assert ask(url, f"batches/{job}/stop", method="POST", body=b"").status == 404


def test_that_a_job_all_of_whose_items_failed_is_called_failed(practice: PracticeFactory) -> None:
    url = practice().url
    assert seen(url, job_of(url, "balance-inquiry", [{"customerId": "X"}])) == ("failed", 0, 1)
    half = [{"customerId": "X"}, {"customerId": "C-10001"}]
    assert seen(url, job_of(url, "balance-inquiry", half)) == ("completed", 1, 1)


@pytest.mark.parametrize("dialect", ["a", "b"])
def test_that_a_stopped_job_keeps_what_it_did_and_shows_nothing(practice: PracticeFactory, dialect: str) -> None:
    clock = Clock()
    url = start(practice, clock, dialect=dialect)
    job = job_of(url, "balance-adjustment", TEN)
    clock.move(5.5)
    if dialect == "a":
        assert ask(url, f"batch/{job}", method="DELETE").status == 200
        clock.move(60)
        found = status(url, job)
        assert (found["status"], found["finishedCount"], found["response"]) == ("stopped", 0, None)
    else:
        stopped = ask(url, f"batches/{job}/stop", method="POST", body=b"").json
        assert (stopped["batchId"], stopped["status"]) == (job, "stopped")
        clock.move(60)
        found = ask(url, f"batches/{job}/status").json
        assert (found["status"], found["processedItems"]) == ("failed", 0)
    assert len(ledger(url)) == 3


def test_that_a_stopped_job_shows_its_results_when_told_so(practice: PracticeFactory) -> None:
    clock = Clock()
    url = start(practice, clock, stopped="results")
    job = job_of(url, "balance-adjustment", TEN)
    clock.move(5.5)
    ask(url, f"batch/{job}", method="DELETE")
    assert seen(url, job) == ("stopped", 3, 0)
    assert len(status(url, job)["response"]["successful"]) == 3


def test_that_stopping_a_finished_job_changes_nothing(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    job = job_of(url, "balance-adjustment", TEN)
    assert ask(url, f"batch/{job}", method="DELETE").status == 200
    assert seen(url, job) == ("completed", 10, 0)


def test_that_a_breaking_job_fails_with_part_of_it_applied(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY, breaks_after=4).url
    job = job_of(url, "balance-adjustment", TEN)
    assert seen(url, job) == ("failed", 4, 0)
    assert len(ledger(url)) == 4


def test_that_a_customer_in_an_earlier_running_job_fails_with_2001(practice: PracticeFactory) -> None:
    clock = Clock()
    url = start(practice, clock, queue=0)
    first = job_of(url, "balance-adjustment", TEN)
    clock.move(0.5)
    second = job_of(url, "balance-adjustment", [{"customerId": "C-9", "amount": 1}, {"customerId": "new", "amount": 1}])
    clock.move(3)
    assert [entry["code"] for entry in status(url, second)["response"]["failed"]] == [2001]
    clock.move(60)
    assert seen(url, first) == ("completed", 10, 0)
    third = job_of(url, "balance-adjustment", [{"customerId": "C-9", "amount": 1}])
    clock.move(60)
    assert seen(url, third) == ("completed", 1, 0)


@pytest.mark.parametrize(
    ("endpoint", "changes"), [("balance-inquiry", {}), ("balance-adjustment", {"collisions": False})]
)
def test_that_reading_and_tolerant_accounts_do_not_collide(
    practice: PracticeFactory, endpoint: str, changes: dict[str, Any]
) -> None:
    clock = Clock()
    url = start(practice, clock, **changes)
    items = TEN if endpoint == "balance-adjustment" else [{"customerId": one["customerId"]} for one in TEN]
    jobs = [job_of(url, endpoint, items) for _ in range(2)]
    clock.move(60)
    assert [seen(url, job) for job in jobs] == [("completed", 10, 0)] * 2


def test_that_items_of_parallel_jobs_are_applied_in_the_order_they_are_due(practice: PracticeFactory) -> None:
    clock = Clock()
    url = start(practice, clock)
    job_of(url, "balance-adjustment", TEN[:3])
    clock.move(0.5)
    job_of(url, "balance-adjustment", TEN[5:8])
    clock.move(60)
    found = ledger(url)
    assert [one["item"]["customerId"] for one in found] == ["C-0", "C-5", "C-1", "C-6", "C-2", "C-7"]
    assert [one["time"] for one in found] == sorted(one["time"] for one in found)


def test_that_a_changed_pace_holds_for_jobs_under_way(practice: PracticeFactory) -> None:
    clock = Clock()
    url = start(practice, clock)
    running = job_of(url, "balance-adjustment", TEN)
    clock.move(4.5)
    waiting = job_of(url, "balance-inquiry", [{"customerId": "C-1"}])
    switch(url, pace=0, queue=1)
    assert seen(url, running) == ("completed", 10, 0)
    assert seen(url, waiting) == ("queued", 0, 0)
    clock.move(1)
    assert seen(url, waiting) == ("completed", 1, 0)


def test_that_a_clock_set_back_undoes_nothing(practice: PracticeFactory) -> None:
    clock = Clock()
    url = start(practice, clock)
    job = job_of(url, "balance-adjustment", TEN)
    clock.move(7.5)
    before = seen(url, job)
    clock.move(-3600)
    assert seen(url, job) == before
    other = job_of(url, "balance-inquiry", [{"customerId": "C-1"}])
    clock.move(3700)
    assert [seen(url, one)[0] for one in (job, other)] == ["completed", "completed"]
