"""The practice service for everybody's tests, and small helpers that talk to it with the standard library alone."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

import pytest

from gb_desktop.practice import DEFAULT_SEED, PRACTICE_KEYS, Behaviour, KeyPair, PracticeServer, PracticeSettings, Seed

LIVE_KEYS = KeyPair("gb_live_practice", "live-secret", account="live")
STRICT = replace(DEFAULT_SEED, accept_unknown=False)
EVERYBODY = Seed(accept_unknown=True, balance=Decimal(1000))
# A proxy of the environment must not stand between the tests and loopback.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_BEHAVIOUR = frozenset(one.name for one in fields(Behaviour))

PracticeFactory = Callable[..., PracticeServer]


def practice_settings(**changes: Any) -> PracticeSettings:
    """Settings for tests: in memory, at once, without rate limits; names of Behaviour and PracticeSettings alike."""
    base: dict[str, Any] = {"pace": 0, "queue": 0, "limits": 0}
    behaviour = Behaviour(**{**base, **{name: value for name, value in changes.items() if name in _BEHAVIOUR}})
    others = {name: value for name, value in changes.items() if name not in _BEHAVIOUR}
    others.setdefault("keys", (PRACTICE_KEYS, LIVE_KEYS))
    others.setdefault("seed", STRICT)
    return PracticeSettings(behaviour=behaviour, **others)


@pytest.fixture
def practice() -> Iterator[PracticeFactory]:
    """Starts practice servers: `server = practice(dialect="b", seed=EVERYBODY)`; they are stopped after the test."""
    with ExitStack() as running:
        yield lambda **changes: running.enter_context(PracticeServer(practice_settings(**changes)))


class Clock:
    """A clock that stands still until it is moved. Seconds since 1970."""

    def __init__(self, at: float = 1_780_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += seconds


@dataclass(frozen=True, slots=True)
class Got:
    """An answer: its status, its text, and the text read as JSON with exact numbers."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text, parse_float=Decimal)


def ask(
    url: str,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    keys: KeyPair | None = PRACTICE_KEYS,
    headers: Mapping[str, str] | None = None,
) -> Got:
    """One request. A path without a leading slash is below `/api/v4.0/integrations/`."""
    full = url + (path if path.startswith("/") else f"/api/v4.0/integrations/{path}")
    asked = urllib.request.Request(full, data=body, method=method)  # noqa: S310 - loopback
    if keys is not None:
        asked.add_header("apikey", keys.api_key)
        asked.add_header("secretkey", keys.secret_key)
    if body is not None:
        asked.add_header("Content-Type", "application/json")
    for name, value in (headers or {}).items():
        asked.add_header(name, value)
    try:
        with _OPENER.open(asked, timeout=20) as answer:
            return Got(answer.status, answer.read().decode("utf-8"), dict(answer.headers))
    except urllib.error.HTTPError as error:
        with error:
            return Got(error.code, error.read().decode("utf-8"), dict(error.headers))


def create(url: str, endpoint: str, items: Sequence[Any], **asked: Any) -> Got:
    """A create-job request; Decimals are not supported, pass `body` to `ask` for exact digits."""
    return ask(url, f"batch/{endpoint}", method="POST", body=json.dumps({"body": list(items)}).encode(), **asked)


def job_of(url: str, endpoint: str, items: Sequence[Any], **asked: Any) -> str:
    """The ID of a job that must be accepted."""
    got = create(url, endpoint, items, **asked)
    assert got.status == 200, got.text
    return str(got.json["jobId"])


def status(url: str, job: str, **asked: Any) -> Any:
    """A job's status in dialect A."""
    return ask(url, f"batch/{job}", **asked).json


def ledger(url: str, after: int = 0, limit: int | None = None) -> list[dict[str, Any]]:
    """Everything that was applied, oldest first: time, account, job, endpoint, position, item with exact numbers."""
    page = f"?after={after}" + ("" if limit is None else f"&limit={limit}")
    return list(ask(url, f"/practice/ledger{page}", keys=None).json["entries"])


def requests_seen(url: str) -> dict[tuple[str, str, int], int]:
    """Requests by (method, path, status); status 0 is an answer that was withheld."""
    rows = ask(url, "/practice/requests", keys=None).json["requests"]
    return {(row["method"], row["path"], row["status"]): row["count"] for row in rows}


def switch(url: str, **changes: Any) -> Any:
    """Switch the behaviour while the service runs; answers the whole behaviour."""
    got = ask(url, "/practice/scenario", method="POST", body=json.dumps(changes).encode(), keys=None)
    assert got.status == 200, got.text
    return got.json
