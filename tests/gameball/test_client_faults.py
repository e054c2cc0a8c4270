"""Every way a create-job request can end, against a real server that fails at an exact point."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
import time

import pytest

from gb_desktop.gameball import wire
from gb_desktop.gameball.faults import sentence
from gb_desktop.gameball.limiter import Limiter
from gb_desktop.gameball.model import Reaction, Verdict
from tests.gameball import fault_server as faulty
from tests.gameball.conftest import API_KEY, HASTY, PATIENT, SECRET_KEY, ClientMaker
from tests.gameball.fault_server import Behaviour, FaultServer, RefusedPort, answer, drip, raw_answer

BODY = b'{"body": [{"customerId": "c1"}]}'
ACCEPTED, NOT_SENT, REJECTED, UNSURE = Verdict.ACCEPTED, Verdict.NOT_SENT, Verdict.REJECTED, Verdict.UNSURE
HTML = b"<html><body>Bad gateway</body></html>"
HALF = b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"jobId": 1'
CHUNKED_HALF = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{"jobId": 1\r\n'
GZIP_BOMB = gzip.compress(b"[" + b"1," * 200_000)

OUTCOMES: dict[str, tuple[Behaviour, Verdict, Reaction, str]] = {
    "accepted with a number": (answer(200, {"jobId": 123456}), ACCEPTED, Reaction.NONE, ""),
    "accepted with a text": (answer(200, {"jobId": "b-1"}), ACCEPTED, Reaction.NONE, ""),
    "accepted with 202": (answer(202, {"jobId": 7}), ACCEPTED, Reaction.NONE, ""),
    "closed at once": (faulty.close_at_once, UNSURE, Reaction.NONE, "reset"),
    "reset before the body was read": (faulty.reset_before_the_body, UNSURE, Reaction.NONE, "reset"),
    "reset after the body was read": (faulty.reset_after_reading, UNSURE, Reaction.NONE, "reset"),
    "closed after the body was read": (faulty.close_after_reading, UNSURE, Reaction.NONE, "reset"),
    "no answer in time": (faulty.silence, UNSURE, Reaction.NONE, "timeout"),
    "headers that drip": (drip(b"HTTP/1.1 200 OK\r\nX-A: b\r\n", 0.02), UNSURE, Reaction.NONE, "timeout"),
    "half an answer": (raw_answer(HALF), UNSURE, Reaction.NONE, "cut"),
    "half a chunked answer": (raw_answer(CHUNKED_HALF), UNSURE, Reaction.NONE, "cut"),
    "half the headers": (raw_answer(b"HTTP/1.1 200 OK\r\nContent-"), UNSURE, Reaction.NONE, ""),
    "no HTTP at all": (raw_answer(b"SSH-2.0-OpenSSH_9.2\r\n"), UNSURE, Reaction.NONE, "unreadable"),
    "200 without a body": (answer(200), UNSURE, Reaction.NONE, ""),
    "200 with a login page": (answer(200, HTML), UNSURE, Reaction.NONE, "unreadable"),
    "200 with other JSON": (answer(200, {"id": 5}), UNSURE, Reaction.NONE, ""),
    "200 with a list": (answer(200, [{"jobId": 5}]), UNSURE, Reaction.NONE, ""),
    "200 with a key twice": (answer(200, b'{"jobId": 1, "jobId": 2}'), UNSURE, Reaction.NONE, "unreadable"),
    "200 with NaN": (answer(200, b'{"jobId": 1, "n": NaN}'), UNSURE, Reaction.NONE, "unreadable"),
    "200 that is no gzip": (answer(200, b"{}", {"Content-Encoding": "gzip"}), UNSURE, Reaction.NONE, "unreadable"),
    "500": (answer(500, {"code": 5000, "message": "internal"}), UNSURE, Reaction.NONE, ""),
    "503": (answer(503, {"code": 5003, "message": "unavailable"}), UNSURE, Reaction.NONE, ""),
    "502 with HTML": (answer(502, HTML), UNSURE, Reaction.NONE, "unreadable"),
    "408": (answer(408), UNSURE, Reaction.NONE, ""),
    "401 with a code": (answer(401, {"code": 1000, "message": "no"}), NOT_SENT, Reaction.KEYS, ""),
    "401 in the older form": (answer(401, {"error": 1001, "message": "no"}), NOT_SENT, Reaction.KEYS, ""),
    "401 alone": (answer(401), NOT_SENT, Reaction.KEYS, ""),
    "403 with HTML": (answer(403, HTML), NOT_SENT, Reaction.KEYS, "unreadable"),
    "403 with 8000": (answer(403, {"code": 8000, "message": "plan"}), NOT_SENT, Reaction.ACCOUNT, ""),
    "407": (answer(407, HTML), NOT_SENT, Reaction.SETUP, "unreadable"),
    "422 with 2001": (answer(422, {"code": "2001", "message": "busy"}), NOT_SENT, Reaction.RETRY, ""),
    "422 with 3003": (answer(422, {"code": 3003, "message": "bad"}), REJECTED, Reaction.NONE, ""),
    "400 with 4000": (answer(400, {"code": 4000, "message": "failed"}), UNSURE, Reaction.NONE, ""),
    "400 with HTML": (answer(400, HTML), UNSURE, Reaction.NONE, "unreadable"),
    "429": (answer(429), NOT_SENT, Reaction.RETRY, ""),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_that_each_end_of_a_create_request_has_its_outcome(name: str, client_for: ClientMaker) -> None:
    behaviour, verdict, reaction, failure = OUTCOMES[name]
    with FaultServer(behaviour) as server:
        client = client_for(server.url, timeouts=HASTY if failure == "timeout" else PATIENT)
        result = client.create_job("cashback", BODY)
    assert (result.verdict, result.reaction, result.facts.failure) == (verdict, reaction, failure)
    assert result.facts.sent
    assert server.connections == 1, "a create request is never repeated by the client itself"
    assert (result.job is not None) == (verdict is ACCEPTED)
    assert result.message or verdict is ACCEPTED


def test_that_a_refused_connection_was_never_sent(client_for: ClientMaker) -> None:
    told: list[str] = []
    with RefusedPort() as refused:
        result = client_for(refused.url).create_job("cashback", BODY, on_first_byte=lambda: told.append("sent"))
    assert (result.verdict, result.reaction) == (NOT_SENT, Reaction.NETWORK)
    assert (result.facts.sent, result.facts.failure, told) == (False, "refused", [])


def test_that_a_stopped_program_on_this_computer_is_not_taken_for_a_missing_internet(client_for: ClientMaker) -> None:
    with RefusedPort() as refused:
        result = client_for(refused.url).create_job("cashback", BODY)
    port = refused.url.rpartition(":")[2]
    assert result.message == f"Nothing answers on this computer at port {port}: the program there is not running."


def test_that_a_service_started_again_elsewhere_is_asked_there(client_for: ClientMaker) -> None:
    asked: list[str] = []
    with RefusedPort() as refused, FaultServer(answer(200, {"jobId": 1})) as server:

        def revive() -> str:
            asked.append("revive")
            return server.url

        client = client_for(refused.url, revive=revive)
        first, second = client.create_job("orders", BODY), client.create_job("orders", BODY)
    assert (first.verdict, first.reaction) == (NOT_SENT, Reaction.NETWORK)
    assert (second.verdict, asked) == (ACCEPTED, ["revive"])


def test_that_nothing_is_started_for_a_client_that_was_stopped(client_for: ClientMaker) -> None:
    looks = iter([False, False])  # before the turn, before connecting; from then on: stop
    with RefusedPort() as refused:
        client = client_for(refused.url, revive=lambda: pytest.fail("revived"), cancelled=lambda: next(looks, True))
        assert client.create_job("orders", BODY).verdict is NOT_SENT


@pytest.mark.parametrize(
    ("url", "port"), [("https://api.gameball.test", 443), ("https://api.gameball.test:18443/shop", 18443)]
)
def test_that_a_refusal_elsewhere_names_the_address_and_the_port(url: str, port: int) -> None:
    said = sentence("refused", url, "")
    assert said == f"Nothing answers at api.gameball.test, port {port}. Check the Gameball address and the network."


def test_that_a_fault_the_caller_is_handling_is_not_taken_for_this_ones(client_for: ClientMaker) -> None:
    with RefusedPort() as refused:
        client = client_for(refused.url)
        try:
            raise ssl.SSLCertVerificationError("of another request")
        except ssl.SSLError:
            result = client.create_job("cashback", BODY)
    assert result.facts.failure == "refused"


def test_that_a_connection_reset_at_once_is_judged_by_the_byte_that_left(client_for: ClientMaker) -> None:
    # The reset may overtake the request's first byte or not: both happen, and the record tells which.
    told: list[str] = []
    with FaultServer(faulty.reset_at_once) as server:
        result = client_for(server.url).create_job("cashback", BODY, on_first_byte=lambda: told.append("sent"))
    assert result.facts.sent == bool(told)
    assert result.verdict is (UNSURE if told else NOT_SENT)


def test_that_the_whole_request_arrives_as_given(client_for: ClientMaker) -> None:
    with FaultServer(answer(200, {"jobId": 1})) as server:
        client_for(server.url + "/").create_job("orders/transactions", BODY)
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/api/v4.0/integrations/batch/orders/transactions")
    assert request.body == BODY
    assert request.headers["apikey"] == API_KEY
    assert request.headers["secretkey"] == SECRET_KEY
    assert request.headers["content-type"] == "application/json"
    assert request.headers["connection"] == "close"
    assert request.headers["user-agent"].startswith("gb-desktop/")


def test_that_a_body_of_megabytes_arrives_whole(client_for: ClientMaker) -> None:
    body = json.dumps({"body": ["x" * 1000] * 3000}).encode()
    with FaultServer(answer(200, {"jobId": 1})) as server:
        assert client_for(server.url).create_job("orders", body).verdict is ACCEPTED
    assert server.requests[0].body == body


def test_that_every_create_request_gets_a_fresh_connection(client_for: ClientMaker) -> None:
    with FaultServer(faulty.replies(lambda _: (200, {"jobId": 1}))) as server:
        client = client_for(server.url)
        client.create_job("orders", BODY)
        client.create_job("orders", BODY)
    assert server.connections == 2


def test_that_the_first_byte_is_told_before_anything_arrives(client_for: ClientMaker) -> None:
    seen: list[int] = []
    with FaultServer(answer(200, {"jobId": 1})) as server:
        client_for(server.url).create_job("orders", BODY, on_first_byte=lambda: seen.append(len(server.requests)))
    assert seen == [0]


@pytest.mark.parametrize("fault", [OSError("disk full"), ValueError("no"), KeyError("row")])
def test_that_a_fault_of_the_callers_own_stops_the_request_and_comes_back(
    fault: Exception, client_for: ClientMaker
) -> None:
    def refuse() -> None:
        raise fault

    with FaultServer(answer(200, {"jobId": 1})) as server:
        client = client_for(server.url)
        with pytest.raises(type(fault)) as caught:
            client.create_job("orders", BODY, on_first_byte=refuse)
    assert caught.value is fault
    assert server.requests == []


def test_that_a_redirect_is_not_followed_and_takes_no_keys_along(client_for: ClientMaker) -> None:
    with (
        FaultServer(answer(200, {"jobId": 1})) as other,
        FaultServer(answer(302, b"", {"Location": f"{other.url}/login"})) as server,
    ):
        client = client_for(server.url)
        created, polled = client.create_job("orders", BODY), client.job_status("1")
        page = client.transactions("c1")
    assert (created.verdict, created.reaction) == (UNSURE, Reaction.SETUP)
    assert created.facts.location == f"{other.url}/login"
    assert other.url in created.message
    assert polled.reaction is Reaction.SETUP
    assert page.reaction is Reaction.SETUP
    assert (other.connections, other.requests) == (0, [])


@pytest.mark.parametrize("location", ["http://[::1", "//", "ht!tp://x", "https://x.test/" + "y" * 5000, "\xff\xfe"])
def test_that_a_redirect_to_nonsense_is_still_a_redirect(location: str, client_for: ClientMaker) -> None:
    with FaultServer(answer(302, b"", {"Location": location})) as server:
        result = client_for(server.url).create_job("orders", BODY)
    assert (result.verdict, result.reaction, result.facts.status) == (UNSURE, Reaction.SETUP, 302)
    assert len(result.facts.location) <= wire.LONGEST_TEXT


@pytest.mark.parametrize("head", [b"200 OK", b"302 Found\r\nLocation: /elsewhere"])
def test_that_a_body_without_end_is_given_up_at_the_cap(
    head: bytes, client_for: ClientMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 1_000_000)
    with FaultServer(faulty.endless_body(head)) as server:
        result = client_for(server.url).create_job("orders", BODY)
    assert (result.verdict, result.facts.failure) == (UNSURE, "unreadable")
    assert str(result.facts.status).encode() == head[:3]


def test_that_a_small_answer_that_unpacks_hugely_is_given_up_too(
    client_for: ClientMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 100_000)
    with FaultServer(answer(200, GZIP_BOMB, {"Content-Encoding": "gzip"})) as server:
        result = client_for(server.url).create_job("orders", BODY)
    assert (result.verdict, result.facts.failure) == (UNSURE, "unreadable")


def test_that_a_body_that_drips_ends_at_the_total_deadline(client_for: ClientMaker) -> None:
    with FaultServer(drip(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 10_000, 0.01)) as server:
        result = client_for(server.url, timeouts=HASTY).create_job("orders", BODY)
    assert (result.verdict, result.facts.failure) == (UNSURE, "timeout")
    assert result.facts.seconds < 2


@pytest.mark.parametrize("verdict_of", ["not sent", "sent"])
def test_that_a_stop_counts_before_the_first_byte_only(verdict_of: str, client_for: ClientMaker) -> None:
    stop = threading.Event()
    if verdict_of == "not sent":
        stop.set()
    with FaultServer(answer(200, {"jobId": 1})) as server:
        client = client_for(server.url, cancelled=stop.is_set)
        result = client.create_job("orders", BODY, on_first_byte=stop.set)
    if verdict_of == "not sent":
        assert (result.verdict, result.facts.failure, server.connections) == (NOT_SENT, "stopped", 0)
    else:
        assert result.verdict is ACCEPTED


def test_that_a_stop_while_connecting_lets_no_byte_leave(client_for: ClientMaker) -> None:
    looks = iter([False, False])  # before the turn, before connecting; from then on: stop
    with FaultServer(answer(200, {"jobId": 1})) as server:
        client = client_for(server.url, cancelled=lambda: next(looks, True))
        result = client.create_job("orders", BODY)
    assert (result.verdict, result.reaction, result.facts.failure) == (NOT_SENT, Reaction.NONE, "stopped")
    assert server.requests == []
    assert next(looks, None) is None, "the stop came after the connection was begun"


def test_that_a_stop_ends_a_silent_poll_at_once(client_for: ClientMaker) -> None:
    stop = threading.Event()

    def hang(conversation: faulty.Conversation) -> None:
        conversation.read()
        stop.set()
        conversation.until_gone()

    with FaultServer(hang) as server:
        status = client_for(server.url, cancelled=stop.is_set, timeouts=wire.Timeouts()).job_status("1")
    assert status.facts is not None
    assert status.facts.failure == "stopped"
    assert status.facts.seconds < 1


@pytest.mark.parametrize(
    ("spelling", "seconds"),
    [("30", 30), ("0", 1), ("0.5", 1), ("2.5", 2.5), ("1m0s", 60), ("99999", 300), ("soon", None), ("-5", None)],
)
def test_that_retry_after_comes_with_a_429(spelling: str, seconds: float | None, client_for: ClientMaker) -> None:
    paused: list[float] = []
    limiter = Limiter(time.monotonic, on_pause=paused.append)
    with FaultServer(answer(429, b"", {"Retry-After": spelling})) as server:
        result = client_for(server.url, limiter=limiter).create_job("orders", BODY)
    assert result.facts.retry_after == seconds
    assert result.facts.pause == pytest.approx(5 if seconds is None else seconds)
    assert paused == [5 if seconds is None else seconds]
    assert limiter.paused_until > time.monotonic()
