"""Watching and stopping jobs in both dialects, looking transactions up, and learning the dialect."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from gb_desktop.gameball.model import Dialect, JobState, JobStatus, Reaction, Verdict
from tests.gameball.conftest import ClientMaker
from tests.gameball.fault_server import FaultServer, Received, answer, replies

A_PATH = "/api/v4.0/integrations/batch/42"
B_PATH = "/api/v4.0/integrations/batches/42/status"
A_DONE = {
    "operation": "cashback",
    "status": "completed",
    "totalCount": 1,
    "finishedCount": 1,
    "errorCount": 0,
    "response": {"successful": [{"customerId": "c1", "message": "ok"}], "failed": []},
}
B_DONE = {
    "batchId": "42",
    "status": "COMPLETED",
    "totalItems": "1",
    "processedItems": 1,
    "failedItems": 0,
    "results": [{"customerId": "c1"}],
    "errors": [],
}

Reply = Callable[[Received], tuple[int, Any]]


def speaking(dialect: Dialect, other: int = 404) -> Reply:
    """A server that knows job 42, in one dialect only."""
    path, body = (A_PATH, A_DONE) if dialect is Dialect.A else (B_PATH, B_DONE)

    def reply(request: Received) -> tuple[int, Any]:
        return (200, body) if request.path == path else (other, b"")

    return reply


@pytest.mark.parametrize("refusal", [404, 405])
@pytest.mark.parametrize("known", [None, Dialect.A, Dialect.B])
@pytest.mark.parametrize("spoken", list(Dialect))
def test_that_a_job_is_found_in_whichever_dialect_the_server_speaks(
    spoken: Dialect, known: Dialect | None, refusal: int, client_for: ClientMaker
) -> None:
    learnt: list[Dialect] = []
    with FaultServer(replies(speaking(spoken, refusal))) as server:
        client = client_for(server.url, dialect=known, on_dialect=learnt.append)
        status, again = client.job_status("42"), client.job_status("42")
    assert (status.state, status.dialect, status.succeeded) == (JobState.FINISHED, spoken, 1)
    assert again.state is JobState.FINISHED
    assert client.dialect is spoken
    assert learnt == ([] if known is spoken else [spoken])
    assert len(server.requests) == (3 if (known or Dialect.A) is not spoken else 2), "a learnt dialect is asked first"


def test_that_polls_share_a_connection(client_for: ClientMaker) -> None:
    with FaultServer(replies(speaking(Dialect.A))) as server:
        client = client_for(server.url)
        for _ in range(3):
            client.job_status("42")
    assert (server.connections, len(server.requests)) == (1, 3)


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (404, 404, JobState.MISSING),
        (404, 405, JobState.UNREACHED),
        (405, 404, JobState.UNREACHED),
        (405, 405, JobState.UNREACHED),
        (404, 503, JobState.UNREACHED),
    ],
)
def test_that_a_job_is_missing_only_when_both_dialects_say_404(
    first: int, second: int, state: JobState, client_for: ClientMaker
) -> None:
    answers = {A_PATH: first, B_PATH: second}
    with FaultServer(replies(lambda request: (answers[request.path], b""))) as server:
        client = client_for(server.url)
        status = client.job_status("42")
    assert status.state is state
    assert status.reaction is (Reaction.NONE if state is JobState.MISSING else Reaction.RETRY)
    assert len(server.requests) == 2
    assert client.dialect is None
    assert status.message


POLL_FAULTS: dict[str, tuple[int, Any, Reaction]] = {
    "401": (401, {"code": 1000, "message": "no"}, Reaction.KEYS),
    "403 without a body": (403, b"", Reaction.KEYS),
    "404 that is about the plan": (404, {"code": 8000, "message": "plan"}, Reaction.ACCOUNT),
    "403 about the account": (403, {"code": 6000, "message": "disabled"}, Reaction.ACCOUNT),
    "429": (429, b"", Reaction.RETRY),
    "500": (500, {"code": 5000, "message": "oops"}, Reaction.RETRY),
    "HTML": (200, b"<html>", Reaction.RETRY),
    "a list": (200, [], Reaction.RETRY),
    "no status word": (200, {"totalCount": 3}, Reaction.RETRY),
    "a status that is no word": (200, {"status": 3}, Reaction.RETRY),
    "407": (407, b"", Reaction.SETUP),
}


@pytest.mark.parametrize("name", POLL_FAULTS)
def test_that_an_unusable_poll_says_so_and_concludes_nothing(name: str, client_for: ClientMaker) -> None:
    status_code, body, reaction = POLL_FAULTS[name]
    with FaultServer(replies(lambda _: (status_code, body))) as server:
        status = client_for(server.url, dialect=Dialect.B).job_status("42")
    assert (status.state, status.reaction) == (JobState.UNREACHED, reaction)
    assert status.facts is not None
    assert status.facts.status == status_code
    assert (status.successes, status.failures) == (None, None)
    assert status.message
    assert len(server.requests) == 1


def test_that_a_poll_without_a_network_waits_for_it(client_for: ClientMaker) -> None:
    with FaultServer(answer(200)) as server:
        url = server.url
    status = client_for(url).job_status("42")
    assert (status.state, status.reaction) == (JobState.UNREACHED, Reaction.NETWORK)


def test_that_a_job_id_is_one_path_segment(client_for: ClientMaker) -> None:
    with FaultServer(replies(lambda _: (200, A_DONE))) as server:
        client_for(server.url).job_status("a/../b?c#d e")
    assert server.requests[0].path == "/api/v4.0/integrations/batch/a%2F..%2Fb%3Fc%23d%20e"


@pytest.mark.parametrize(
    ("dialect", "method", "path"),
    [
        (Dialect.A, "DELETE", "/api/v4.0/integrations/batch/42"),
        (Dialect.B, "POST", "/api/v4.0/integrations/batches/42/stop"),
    ],
)
@pytest.mark.parametrize("body", [b"", {"batchId": "42", "status": "stopped", "message": "ok"}])
def test_that_a_stop_that_was_taken_is_not_yet_a_finished_job(
    dialect: Dialect, method: str, path: str, body: Any, client_for: ClientMaker
) -> None:
    def reply(request: Received) -> tuple[int, Any]:
        return (200, body) if (request.method, request.path) == (method, path) else (404, b"")

    with FaultServer(replies(reply)) as server:
        client = client_for(server.url)
        status = client.stop_job("42")
    assert (status.state, status.dialect) == (JobState.UNFINISHED, dialect)
    assert status.word == ("stopped" if body else "")
    assert client.dialect is dialect


def test_that_a_stop_nobody_takes_says_why(client_for: ClientMaker) -> None:
    with FaultServer(answer(404)) as missing, FaultServer(answer(500)) as broken:
        gone, failed = client_for(missing.url).stop_job("42"), client_for(broken.url).stop_job("42")
    assert gone.state is JobState.MISSING
    assert (failed.state, failed.reaction) == (JobState.UNREACHED, Reaction.RETRY)


PAGE = {
    "transactions": [
        {
            "transactionId": "t1",
            "gameballTransactionId": 11034736,
            "type": "PaymentReward",
            "customerId": 77,
            "points": 10,
            "amount": 0.1,
            "transactionTime": "2026-03-01T09:30:00.000",
            "reason": None,
        },
        {"gameballTransactionId": "11034737", "type": "ManualAccumulation", "customerId": "77", "reason": "gb:1"},
    ]
}


def test_that_transactions_keep_numbers_as_their_exact_text(client_for: ClientMaker) -> None:
    with FaultServer(replies(lambda _: (200, PAGE))) as server:
        page = client_for(server.url).transactions("a&b=1 ü", limit=200, start_after="5")
    assert page.transactions is not None
    first, second = page.transactions
    assert (first.customer, first.transaction_id, first.kind) == ("77", "t1", "PaymentReward")
    assert (first.points, first.amount, first.time, first.reason) == ("10", "0.1", "2026-03-01T09:30:00.000", "")
    assert (second.transaction_id, second.points, second.reason) == (None, None, "gb:1")
    assert first.returned["gameballTransactionId"] == 11034736
    expected = "/api/v4.0/integrations/transactions?customerId=a%26b%3D1+%C3%BC&limit=200&startAfter=5"
    assert server.requests[0].path == expected


@pytest.mark.parametrize(
    ("more", "limit", "after", "following"),
    [
        ({"hasMore": True}, 200, None, "11034737"),
        ({"hasMore": False}, 2, None, None),
        ({}, 2, None, "11034737"),
        ({}, 200, None, None),
        ({"hasMore": True}, 200, "11034737", None),
    ],
)
def test_that_the_next_page_starts_after_the_last_entry(
    more: dict[str, bool], limit: int, after: str | None, following: str | None, client_for: ClientMaker
) -> None:
    with FaultServer(replies(lambda _: (200, PAGE | more))) as server:
        page = client_for(server.url).transactions("c", limit=limit, start_after=after)
    assert page.next == following


@pytest.mark.parametrize("body", [b"<html>", [], {}, {"transactions": None}, {"transactions": ["t1"]}])
def test_that_an_unreadable_list_is_not_an_empty_list(body: Any, client_for: ClientMaker) -> None:
    with FaultServer(replies(lambda _: (200, body))) as server:
        page = client_for(server.url).transactions("c")
    assert (page.transactions, page.reaction) == (None, Reaction.RETRY)
    assert page.message


class Inquiry:
    """A server that takes a balance inquiry and finishes it after some polls, in dialect B."""

    def __init__(self, polls: int) -> None:
        self.left = polls

    def __call__(self, request: Received) -> tuple[int, Any]:
        if request.method == "POST":
            return 200, {"jobId": 42}
        if request.path != B_PATH:
            return 404, b""
        self.left -= 1
        if self.left > 0:
            return 200, {"batchId": "42", "status": "processing"}
        return 200, B_DONE | {"results": [{"customerId": "c1", "pointsBalance": 120, "pointsValue": 12.5}]}


def test_that_one_balance_inquiry_teaches_the_dialect_and_brings_the_balance(client_for: ClientMaker) -> None:
    pauses: list[float] = []

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        return False

    with FaultServer(replies(Inquiry(polls=4))) as server:
        client = client_for(server.url)
        found = client.discover_dialect("عميل-1", wait)
    assert server.requests[0].path == "/api/v4.0/integrations/batch/balance-inquiry"
    assert json.loads(server.requests[0].body.decode()) == {"body": [{"customerId": "عميل-1"}]}
    assert (found.dialect, client.dialect) == (Dialect.B, Dialect.B)
    assert [entry.returned["pointsBalance"] for entry in found.entries] == [120]
    assert pauses == [0.5, 1.0, 2.0]


def test_that_a_probe_ends_when_interrupted_or_out_of_patience(client_for: ClientMaker) -> None:
    with FaultServer(replies(Inquiry(polls=1000))) as server:
        client = client_for(server.url)
        interrupted = client.discover_dialect("c1", lambda _: True)
        patient = client.discover_dialect("c1", lambda _: False, patience=10)
    for found in (interrupted, patient):
        assert found.dialect is Dialect.B, "an unfinished job teaches the dialect too"
        assert found.entries == ()


def test_that_a_refused_probe_brings_the_reason(client_for: ClientMaker) -> None:
    with FaultServer(answer(401, {"code": 1001, "message": "secret"})) as server:
        found = client_for(server.url).discover_dialect("c1", lambda _: False)
    assert (found.answer.verdict, found.answer.reaction) == (Verdict.NOT_SENT, Reaction.KEYS)
    assert (found.dialect, found.status, found.entries) == (None, None, ())


def test_that_four_threads_use_one_client(client_for: ClientMaker) -> None:
    learnt: list[Dialect] = []
    together = threading.Barrier(4)

    def poll(_: int) -> JobStatus:
        together.wait()
        return client.job_status("42")

    with FaultServer(replies(speaking(Dialect.B))) as server, ThreadPoolExecutor(4) as pool:
        client = client_for(server.url, on_dialect=learnt.append)
        statuses = list(pool.map(poll, range(4)))
        client.close()
    assert [status.state for status in statuses] == [JobState.FINISHED] * 4
    assert server.connections == 4, "each thread has its own session"
    assert learnt == [Dialect.B]
