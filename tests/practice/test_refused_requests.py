"""What refuses a whole request: its envelope, content type, keys, path, method, size. Nothing of it is applied."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from gb_desktop.catalog import BATCH_TYPES
from gb_desktop.practice import KeyPair, PracticeServer
from tests.practice.fixtures import (
    EVERYBODY,
    LIVE_KEYS,
    PRACTICE_KEYS,
    Got,
    PracticeFactory,
    ask,
    create,
    job_of,
    ledger,
    practice_settings,
    status,
)
from tests.practice.test_shape import RIGHT

ITEM = {"customerId": "C-10001"}
VERSIONS = ("v4.0", "v4.1", "v4")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """One server that must end with an empty ledger: every request in these tests is refused."""
    with PracticeServer(practice_settings(largest_body=500_000)) as server:
        yield server.url
        assert ledger(server.url) == []


def refused(got: Got) -> tuple[int, int]:
    """Status and code of Gameball's error body, whose keys must all be there."""
    assert set(got.json) == {"code", "type", "message", "documentationUrl", "requestId"}
    return got.status, got.json["code"]


def post(url: str, body: bytes, **headers: str) -> Got:
    return ask(url, "batch/balance-inquiry", method="POST", body=body, headers=headers)


@pytest.mark.parametrize("body", [b"", b"hello", b'{"body":[', b'{"body":[{"customerId":"\xff"}]}', b"\xef\xbb\xbf{}"])
def test_that_what_is_not_json_is_refused_with_400(url: str, body: bytes) -> None:
    assert refused(post(url, body)) == (400, 3016)


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"items":[]}', b'{"body":{}}', b'{"body":[{"customerId":"C"}],"x":1}']
)
def test_that_another_envelope_is_refused_with_422(url: str, body: bytes) -> None:
    assert refused(post(url, body)) == (422, 3016)


def test_that_no_item_and_more_than_a_thousand_items_are_refused(url: str) -> None:
    assert refused(create(url, "balance-inquiry", [])) == (422, 3000)
    assert refused(create(url, "balance-inquiry", [ITEM] * 1001)) == (422, 3011)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"]
)
def test_that_another_content_type_than_json_is_refused_with_415(url: str, kind: str) -> None:
    assert refused(post(url, json.dumps({"body": [ITEM]}).encode(), **{"Content-Type": kind})) == (415, 3013)


def test_that_a_doubled_key_is_refused_with_400(url: str) -> None:
    assert refused(post(url, b'{"body":[{"customerId":"A","customerId":"B"}]}')) == (400, 3016)


@pytest.mark.parametrize(
    ("endpoint", "item", "code", "named"),
    [
        ("cashback", {"customerId": None}, 3001, "body[1].customerId"),
        ("cashback", {"customerId": "C", "transactionId": "T"}, 3000, "body[1].amount"),
        ("balance-inquiry", {"customerID": "C"}, 3016, "body[1].customerID"),
        ("customers", {"customerId": "C", "customerAttributes": {"custom": {"a": []}}}, 3003, "custom.a"),
    ],
)
def test_that_one_bad_item_refuses_all_and_is_named(url: str, endpoint: str, item: Any, code: int, named: str) -> None:
    good = next(RIGHT[one.key] for one in BATCH_TYPES if one.endpoint == endpoint)
    got = create(url, endpoint, [good, item, good])
    assert refused(got) == (422, code)
    assert named in got.json["message"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (None, (401, 1000)),
        (KeyPair("", "practice-secret"), (401, 1000)),
        (KeyPair("gb_test_other", "practice-secret"), (401, 1000)),
        (KeyPair("gb_test_practice", ""), (401, 1001)),
        (KeyPair("gb_test_practice", "wrong"), (401, 1000)),
        (KeyPair("gb_test_practice", "live-secret"), (401, 1000)),
    ],
)
def test_that_wrong_or_missing_keys_are_refused_on_every_path(
    url: str, keys: KeyPair | None, expected: tuple[int, int]
) -> None:
    assert refused(create(url, "balance-inquiry", [ITEM], keys=keys)) == expected
    assert refused(ask(url, "batch/100001", keys=keys)) == expected
    assert refused(ask(url, "transactions?customerId=C-10001", keys=keys)) == expected


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "batch/balance-inquiry", (405, 4000)),
        ("PUT", "batch/orders", (405, 4000)),
        ("POST", "batch/unknown", (405, 4000)),
        ("POST", "batch/orders/unknown", (404, 4004)),
        ("POST", "transactions", (405, 4000)),
        ("GET", "batch", (404, 4004)),
        ("GET", "batch/999999", (404, 4004)),
        ("GET", "batch/none", (404, 4004)),
        ("DELETE", "batch/999999", (404, 4004)),
        ("GET", "batches/999999/status", (404, 4004)),
        ("GET", "/api/v3.0/integrations/batch/100001", (404, 4004)),
        ("GET", "/api/v4.0/batch/100001", (404, 4004)),
        ("GET", "/", (404, 4004)),
        ("GET", "/practice/nothing", (404, 4004)),
        ("GET", "batch/100001?page=2", (400, 3016)),
        ("GET", "transactions?customer=C", (400, 3016)),
        ("GET", "transactions?limit=201", (400, 3003)),
        ("GET", "transactions?limit=0", (400, 3003)),
        ("GET", "transactions?startAfter=nothing", (400, 3003)),
        ("GET", "/practice/ledger?after=x", (422, 3003)),
    ],
)
def test_that_unknown_paths_methods_and_parameters_are_refused(
    url: str, method: str, path: str, expected: tuple[int, int]
) -> None:
    body = b"{}" if method in ("POST", "PUT") else None
    assert refused(ask(url, path, method=method, body=body)) == expected


def test_that_too_large_a_request_is_refused_with_413(url: str) -> None:
    assert refused(post(url, b" " * 500_001)) == (413, 3011)


def test_that_a_request_without_a_length_is_refused_with_411(url: str) -> None:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    connection.request("POST", "/api/v4.0/integrations/batch/orders", iter([b"{}"]), encode_chunked=True)
    assert connection.getresponse().status == 411
    connection.close()


def test_that_a_request_with_a_nonsense_length_is_refused(url: str) -> None:
    assert refused(post(url, b"{}", **{"Content-Length": "two"})) == (400, 3016)


def test_that_a_request_cut_off_in_its_body_is_not_carried_out(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    body = json.dumps({"body": [{"customerId": "A", "amount": 1}]}).encode()
    keys = f"apikey: {PRACTICE_KEYS.api_key}\r\nsecretkey: {PRACTICE_KEYS.secret_key}\r\n"
    head = (
        "POST /api/v4.0/integrations/batch/balance-adjustment HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: application/json\r\n{keys}Content-Length: {len(body) + 1}\r\n\r\n"
    )
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert ask(url, "/practice/jobs", keys=None).json["jobs"] == []


def test_that_a_page_of_another_host_is_refused(url: str) -> None:
    assert refused(ask(url, "/practice/ledger", headers={"Host": "evil.example"})) == (403, 1002)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", BATCH_TYPES, ids=lambda kind: kind.key)
def test_that_every_type_is_accepted_at_its_endpoint_in_every_version(
    practice: PracticeFactory, version: str, kind: Any
) -> None:
    url = practice(seed=EVERYBODY).url
    path = f"/api/{version}/integrations/batch/{kind.endpoint}"
    got = ask(url, path, method="POST", body=json.dumps({"body": [RIGHT[kind.key]]}).encode())
    assert got.status == 200
    assert set(got.json) == {"jobId"}
    assert isinstance(got.json["jobId"], int)
    assert ask(url, f"/api/{version}/integrations/batch/{got.json['jobId']}").json["totalCount"] == 1


def test_that_a_thousand_items_are_accepted(practice: PracticeFactory) -> None:
    url = practice(seed=EVERYBODY).url
    assert status(url, job_of(url, "balance-inquiry", [ITEM] * 1000))["finishedCount"] == 1000


def test_that_json_with_a_charset_of_utf_8_is_accepted(practice: PracticeFactory) -> None:
    got = post(
        practice().url, json.dumps({"body": [ITEM]}).encode(), **{"Content-Type": "application/json; charset=UTF-8"}
    )
    assert got.status == 200


@pytest.mark.parametrize("channel", ["email", "mobile"])
def test_that_the_channel_an_account_merges_by_is_required(practice: PracticeFactory, channel: str) -> None:
    url = practice(merge=channel).url
    for endpoint in ("customers", "orders", "cashback", "redeem"):
        item = {name: value for name, value in RIGHT[endpoint].items() if name not in ("email", "mobile")}
        assert refused(create(url, endpoint, [item])) == (422, 3000)
        assert create(url, endpoint, [{**item, "email": "a@b.co", "mobile": "+201001234567"}]).status == 200
    assert create(url, "balance-inquiry", [ITEM]).status == 200


def test_that_the_message_names_no_item_when_told_so(practice: PracticeFactory) -> None:
    got = create(practice(names_items=False).url, "balance-inquiry", [ITEM, {}])
    assert refused(got) == (422, 3000)
    assert "body[" not in got.text


@pytest.mark.parametrize(("code", "expected"), [(8000, 403), (6000, 400), (1002, 403), (2001, 422), (5003, 503)])
def test_that_every_create_can_be_refused_with_a_code(practice: PracticeFactory, code: int, expected: int) -> None:
    url = practice(refuse=code).url
    assert refused(create(url, "balance-inquiry", [ITEM])) == (expected, code)
    assert ask(url, "transactions").status == 200


def test_that_an_account_sees_neither_the_jobs_nor_the_points_of_another(practice: PracticeFactory) -> None:
    url = practice().url
    job = job_of(url, "balance-adjustment", [{"customerId": "C-10001", "amount": 5}], keys=PRACTICE_KEYS)
    assert refused(ask(url, f"batch/{job}", keys=LIVE_KEYS)) == (404, 4004)
    assert refused(ask(url, f"batch/{job}", method="DELETE", keys=LIVE_KEYS)) == (404, 4004)
    assert len(ask(url, "transactions", keys=PRACTICE_KEYS).json["transactions"]) == 1
    assert ask(url, "transactions", keys=LIVE_KEYS).json["transactions"] == []
