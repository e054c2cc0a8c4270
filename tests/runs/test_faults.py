"""Every fault on the way, for every batch type: what the run says is what the service really did."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.catalog import Resend, batch_type
from gb_desktop.gameball.client import Client
from gb_desktop.gameball.limiter import Limiter
from gb_desktop.gameball.model import Connection, Dialect
from gb_desktop.gameball.wire import Timeouts
from gb_desktop.practice import PRACTICE_KEYS
from gb_desktop.runs import schema
from gb_desktop.runs.events import Counts, Event, RunPaused
from gb_desktop.runs.model import AccountFacts, SendSettings
from gb_desktop.runs.shelf import Shelf
from tests.gameball.fault_server import RefusedPort
from tests.practice.fixtures import EVERYBODY, PracticeFactory, create, ledger, practice
from tests.runs import fault_proxy as fp
from tests.runs.rig import FIRST_ROW, PRACTICE, TYPES, body_of, engine_of, outcomes, planned_run

__all__ = ["practice"]

NO_LIMIT = ((100_000, 1.0),)
ROWS = ("a", "b", "c", "d")  # two chunks of two; the fault meets the first
SETTINGS = SendSettings(chunk_size=2, look_up_seconds=0.1, wait_network=0.2)
BROKEN = {"code": 5000, "message": "Internal error"}

LOST_BEFORE = {
    "reset before the body": fp.reset_before_body,
    "503 before": fp.answers(503, {"code": 5003, "message": "Unavailable"}, after=False),
    "a proxy's page before": fp.answers(502, fp.PROXY_PAGE, after=False),
    "nothing readable before": fp.answers(200, b'{"jobId":', after=False),
    "no job ID before": fp.answers(200, {"ok": True}, after=False),
    "408 before": fp.answers(408, b"", after=False),
    "4500 before": fp.answers(400, {"code": 4500, "message": "Something went wrong"}, after=False),
}
LOST_AFTER = {
    "reset after": fp.reset_after,
    "closed after": fp.closed_after,
    "half an answer": fp.half_answer,
    "500 after": fp.answers(500, BROKEN, after=True),
    "a proxy's page after": fp.answers(502, fp.PROXY_PAGE, after=True),
    "wrong JSON after": fp.answers(200, b'{"jobId":', after=True),
    "job ID zero after": fp.answers(200, {"jobId": 0}, after=True),
}


def reordered(status: Any) -> tuple[int, Any]:
    for entries in status["response"].values():
        entries.reverse()
    return 200, status


def doubled(status: Any) -> tuple[int, Any]:
    for entries in status["response"].values():
        entries.extend(list(entries))
    return 200, status


def wrong_counts(status: Any) -> tuple[int, Any]:
    return 200, {**status, "finishedCount": 77, "errorCount": 5, "totalCount": 1}


def left_out(status: Any) -> tuple[int, Any]:
    status["response"]["successful"].pop()
    return 200, status


def unlisted(status: Any) -> tuple[int, Any]:
    return 200, {**status, "response": None}


def gone(_: Any) -> tuple[int, Any]:
    return 404, {"code": 4004, "message": "Not found"}


HARMLESS_RESHAPES = {"reordered": reordered, "doubled": doubled, "wrong counts": wrong_counts, "unlisted": unlisted}


class Sent:
    """A run that was sent through a proxy, beside what the practice service's ledger says."""

    def __init__(self, folder: Path, practice: PracticeFactory, key: str, *, dead: bool = False, **proxy: Any) -> None:
        self.kind = batch_type(key)
        server = practice(seed=EVERYBODY)
        if key == "order-transactions":
            create(server.url, "orders", [body_of("orders", n, "x") for n in range(FIRST_ROW, FIRST_ROW + len(ROWS))])
        shelf = Shelf(folder / "data")
        with fp.FaultProxy(server.url, self.kind.endpoint, **proxy) as self.proxy:
            account = replace(PRACTICE, base_url=self.proxy.url)
            run = planned_run(shelf, key, ROWS, account=account, settings=SETTINGS)
            self.events = self._sent(shelf, run, account, dead)
        self.counts: Counts = self.events[-1].counts  # type: ignore[union-attr]
        self.outcomes = outcomes(shelf, run)
        self._compare(shelf, run, ledger(server.url))

    def _sent(self, shelf: Shelf, run: str, account: AccountFacts, dead: bool) -> list[Event]:
        with RefusedPort() as port:
            url = port.url if dead else account.base_url
            connection = Connection(url, "v4.0", PRACTICE_KEYS.api_key, PRACTICE_KEYS.secret_key)
            limiter = Limiter(time.monotonic, NO_LIMIT)
            client = Client(connection, limiter, dialect=Dialect.A, timeouts=Timeouts(total_create=1.5))
            return list(engine_of(shelf, run, client, account=account, settings=SETTINGS).run())

    def _compare(self, shelf: Shelf, run: str, applied: list[dict[str, Any]]) -> None:
        """Row by row: never twice, and nothing said that the ledger does not bear out."""
        made = [json.dumps(one["item"], default=str) for one in applied if one["endpoint"] == self.kind.endpoint]
        times = Counter(made)
        with closing(schema.open_to_read(shelf.path(run))) as db:
            bodies = dict(db.execute("SELECT item, body FROM items").fetchall())
        for item, body in bodies.items():
            found = times[json.dumps(json.loads(body), default=str)]
            said = self.outcomes.get(item, "not settled")
            if self.kind.resend is not Resend.HARMLESS:
                assert found <= 1, f"row {item} was applied {found} times"
            if said in ("succeeded", "already applied"):
                assert found >= 1, f"row {item} is said to be {said} and was not applied"
            if said in ("failed", "not sent"):
                assert not found, f"row {item} is said to be {said} and was applied"

    @property
    def figures(self) -> dict[str, int]:
        names = ("succeeded", "already_applied", "unknown", "not_sent", "failed")
        return {name: count for name in names if (count := getattr(self.counts, name))}


# Four rows, two a request. By type, what becomes of them when
#   before: the first request's answer was lost, and Gameball had not carried it out
#   after: ... and Gameball had carried it out
#   left out: the first job's lists do not name one of its rows
#   redirected: the first request was answered with another address, whether or not it was carried out
#   refused: no connection was ever made
SENT, HALF = {"succeeded": 4}, {"unknown": 2, "not_sent": 2}
TABLE: dict[str, dict[str, dict[str, int]]] = {
    # Harmless: the same data goes again and changes nothing.
    "customers": {"before": SENT, "after": SENT, "left out": SENT, "redirected": HALF, "refused": {"not_sent": 4}},
    "order-transactions": {
        "before": SENT,
        "after": SENT,
        "left out": SENT,
        "redirected": HALF,
        "refused": {"not_sent": 4},
    },
    "balance-inquiry": {
        "before": SENT,
        "after": SENT,
        "left out": SENT,
        "redirected": HALF,
        "refused": {"not_sent": 4},
    },
    # Keyed: the same IDs go again; Gameball takes them once.
    "orders": {
        "before": SENT,
        "after": {"succeeded": 2, "already_applied": 2},
        "left out": {"succeeded": 3, "already_applied": 1},
        "redirected": HALF,
        "refused": {"not_sent": 4},
    },
    "cashback": {
        "before": SENT,
        "after": {"succeeded": 2, "already_applied": 2},
        "left out": {"succeeded": 3, "already_applied": 1},
        "redirected": HALF,
        "refused": {"not_sent": 4},
    },
    "redeem": {
        "before": SENT,
        "after": {"succeeded": 2, "already_applied": 2},
        "left out": {"succeeded": 3, "already_applied": 1},
        "redirected": HALF,
        "refused": {"not_sent": 4},
    },
    # Once: never again by itself; an adjustment's reference can prove that it was applied, nothing proves an event.
    "balance-adjustment": {
        "before": {"succeeded": 2, "unknown": 2},
        "after": {"succeeded": 2, "already_applied": 2},
        "left out": {"succeeded": 3, "already_applied": 1},
        "redirected": HALF,
        "refused": {"not_sent": 4},
    },
    "events": {
        "before": {"succeeded": 2, "unknown": 2},
        "after": {"succeeded": 2, "unknown": 2},
        "left out": {"succeeded": 3, "unknown": 1},
        "redirected": HALF,
        "refused": {"not_sent": 4},
    },
}


def test_that_the_table_names_every_type() -> None:
    assert sorted(TABLE) == sorted(TYPES)


@pytest.mark.parametrize("key", TYPES)
@pytest.mark.parametrize("fault", LOST_BEFORE)
def test_that_a_request_lost_before_it_was_carried_out_is_neither_lost_nor_doubled(
    fault: str, key: str, tmp_path: Path, practice: PracticeFactory
) -> None:
    sent = Sent(tmp_path, practice, key, spoil=LOST_BEFORE[fault])
    assert sent.figures == TABLE[key]["before"]


@pytest.mark.parametrize("key", TYPES)
@pytest.mark.parametrize("fault", LOST_AFTER)
def test_that_a_request_lost_after_it_was_carried_out_is_not_carried_out_twice(
    fault: str, key: str, tmp_path: Path, practice: PracticeFactory
) -> None:
    sent = Sent(tmp_path, practice, key, spoil=LOST_AFTER[fault])
    assert sent.figures == TABLE[key]["after"]


@pytest.mark.parametrize("key", TYPES)
def test_that_an_answer_that_drips_is_an_answer(key: str, tmp_path: Path, practice: PracticeFactory) -> None:
    assert Sent(tmp_path, practice, key, spoil=fp.drip).figures == {"succeeded": 4}


@pytest.mark.parametrize("key", TYPES)
@pytest.mark.parametrize("after", [False, True])
def test_that_a_redirect_is_not_followed_and_ends_the_run(
    key: str, after: bool, tmp_path: Path, practice: PracticeFactory
) -> None:
    away = fp.answers(302, b"", after, {"Location": "http://127.0.0.1:9/elsewhere"})
    sent = Sent(tmp_path, practice, key, spoil=away)
    last = sent.events[-1]
    assert isinstance(last, RunPaused)
    assert (last.reason, sent.figures) == ("setup", TABLE[key]["redirected"])


@pytest.mark.parametrize("key", TYPES)
def test_that_a_refused_connection_sent_nothing(key: str, tmp_path: Path, practice: PracticeFactory) -> None:
    sent = Sent(tmp_path, practice, key, dead=True)
    last = sent.events[-1]
    assert isinstance(last, RunPaused)
    assert (last.reason, sent.figures) == ("network", TABLE[key]["refused"])


@pytest.mark.parametrize("key", TYPES)
def test_that_an_answer_that_drips_for_ever_is_lost(key: str, tmp_path: Path, practice: PracticeFactory) -> None:
    assert Sent(tmp_path, practice, key, spoil=fp.endless_drip).figures == TABLE[key]["after"]


@pytest.mark.parametrize("key", TYPES)
@pytest.mark.parametrize("shape", HARMLESS_RESHAPES)
def test_that_lists_in_any_order_or_number_are_read_right(
    shape: str, key: str, tmp_path: Path, practice: PracticeFactory
) -> None:
    assert Sent(tmp_path, practice, key, reshape=HARMLESS_RESHAPES[shape]).figures == {"succeeded": 4}


@pytest.mark.parametrize("key", TYPES)
def test_that_a_row_left_out_of_the_lists_is_not_called_done(
    key: str, tmp_path: Path, practice: PracticeFactory
) -> None:
    assert Sent(tmp_path, practice, key, reshape=left_out).figures == TABLE[key]["left out"]


@pytest.mark.parametrize("key", TYPES)
def test_that_a_job_nobody_knows_any_more_is_lost_not_failed(
    key: str, tmp_path: Path, practice: PracticeFactory
) -> None:
    assert Sent(tmp_path, practice, key, reshape=gone).figures == TABLE[key]["after"]
