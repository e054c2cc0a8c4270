"""How many jobs and requests are under way at once, and what a 429 does to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.gameball.classify import classify
from gb_desktop.gameball.model import Answer, Connection, Facts, JobState, JobStatus, Reaction
from gb_desktop.gameball.transactions import TransactionPage
from gb_desktop.practice import PRACTICE_KEYS
from gb_desktop.runs.events import ChunkAccepted, ChunkSending, Event, JobFinished, RunFinished, Waiting
from gb_desktop.runs.model import SendSettings
from gb_desktop.runs.sender import open_sender
from tests.practice.fixtures import EVERYBODY, PracticeFactory, practice, requests_seen
from tests.runs.model_server import ModelClient, ModelServer
from tests.runs.rig import PRACTICE, planned_run, shelf_in
from tests.runs.stand import Stand, end_of, figures
from tests.runs.stepping import JumpingClock

__all__ = ["practice"]

REFUSED = Facts(sent=True, status=429, body={"error": 429, "message": "Too many"}, pause=7.0)


def open_jobs(events: Sequence[Event]) -> Iterator[int]:
    """The jobs open after each event."""
    count = 0
    for event in events:
        count += isinstance(event, ChunkAccepted) - isinstance(event, JobFinished)
        yield count


def test_that_a_cap_of_one_sends_strictly_one_after_the_other(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", [str(n) for n in range(12)], open_jobs=1)
    stand.server.polls.extend(["unfinished", "ok"] * 3)
    told = [type(event) for event in stand.send() if isinstance(event, ChunkSending | ChunkAccepted | JobFinished)]
    assert told == [ChunkSending, ChunkAccepted, JobFinished] * 6


@pytest.mark.parametrize("cap", [3, 12])
def test_that_open_jobs_grow_up_to_the_cap_with_four_requests_at_once(cap: int, tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", [str(n) for n in range(80)], open_jobs=cap)
    stand.server.polls.extend(["ok", *["unfinished", "unfinished", "unfinished", "ok"] * 60])
    engine = stand.engine()
    events, most = [], 0
    for event in engine.run():
        events.append(event)
        most = max(most, engine._s.requests)
    assert max(open_jobs(events)) == cap
    assert most <= 4
    assert figures(end_of(events).counts) == {"succeeded": 80}


class Limited(ModelClient):
    """Answers one call with 429, and notes when each call came."""

    kind, number = "post", 3

    def __init__(self, server: ModelServer) -> None:
        super().__init__(server)
        self.clock = JumpingClock()
        self.calls: list[tuple[str, float]] = []

    def refuses(self, kind: str) -> bool:
        self.calls.append((kind, self.clock.at))
        return kind == self.kind and sum(call[0] == kind for call in self.calls) == self.number

    def create_job(self, endpoint: str, body: bytes, **more: Any) -> Answer:
        return classify(REFUSED) if self.refuses("post") else super().create_job(endpoint, body, **more)

    def job_status(self, job: str, wait: Any = None) -> JobStatus:
        if self.refuses("poll"):
            return JobStatus(JobState.UNREACHED, facts=REFUSED, reaction=Reaction.RETRY, message="Too many")
        return super().job_status(job, wait)

    def transactions(self, customer: str, **more: Any) -> TransactionPage:
        if self.refuses("look-up"):
            return TransactionPage(REFUSED, reaction=Reaction.RETRY, message="Too many")
        return super().transactions(customer, **more)


class LimitedPoll(Limited):
    kind = "poll"


class LimitedLookUp(Limited):
    kind, number = "look-up", 1


def limited(folder: Path, client: type[Limited], customers: Sequence[str], key: str, **settings: Any) -> Stand:
    stand = Stand(folder, key, customers, client=client, **settings)
    stand.client.clock = stand.clock  # type: ignore[attr-defined]
    return stand


@pytest.mark.parametrize("client", [Limited, LimitedPoll])
def test_that_a_429_holds_posts_and_questions_back_and_says_how_long(client: type[Limited], tmp_path: Path) -> None:
    stand = limited(tmp_path, client, [str(n) for n in range(40)], "cashback", open_jobs=8)
    stand.server.polls.extend(["unfinished"] * 20)
    engine = stand.engine()
    events, size_before = [], 0
    for event in engine.run():
        if isinstance(event, Waiting):
            refused_at = stand.clock.at
            assert engine._s.window.size == size_before // 2
        size_before = engine._s.window.size
        events.append(event)
    assert [event.seconds for event in events if isinstance(event, Waiting)] == [7.0]
    calls = stand.client.calls  # type: ignore[attr-defined]
    assert all(at <= refused_at or at >= refused_at + 7.0 for _, at in calls)
    assert sum(at > refused_at for _, at in calls) > 10
    assert figures(end_of(events).counts) == {"succeeded": 40}


def test_that_a_429_of_a_look_up_is_told(tmp_path: Path) -> None:
    stand = limited(tmp_path, LimitedLookUp, "ab", "balance-adjustment", look_up_seconds=60.0)
    stand.server.posts.extend(["lost-after", "lost-after"])
    events = stand.send()
    assert [event.seconds for event in events if isinstance(event, Waiting)] == [7.0]
    assert figures(end_of(events).counts) == {"already_applied": 2}


def statements(folder: Path, rows: int) -> Counter[str]:
    """The SQL statements of a run that sends all its rows in one request, but for the line that each outcome needs."""
    stand = Stand(folder, "cashback", [f"c{n}" for n in range(rows)], chunk_size=1000)
    engine = stand.engine()
    counted: Counter[str] = Counter()
    engine._journal._db.set_trace_callback(lambda sql: counted.update([" ".join(sql.split("(")[0].split()[:5])]))
    assert figures(end_of(list(engine.run())).counts) == {"succeeded": rows}
    assert counted.pop("INSERT OR REPLACE INTO outcomes") == rows
    return counted


def test_that_a_request_costs_as_many_statements_whatever_its_rows(tmp_path: Path) -> None:
    few, many = statements(tmp_path / "few", 3), statements(tmp_path / "many", 1000)
    assert few == many
    # The intent, the answer and the result, each by itself; held rows looked for at both ends; how the run ended.
    assert few["BEGIN IMMEDIATE"] == few["COMMIT"] == 3 + 2 + 1


@pytest.mark.full
@pytest.mark.timeout(300)
def test_that_the_documented_limits_are_kept_over_both_windows(tmp_path: Path, practice: PracticeFactory) -> None:
    server = practice(seed=EVERYBODY, limits=1.0)
    account = replace(PRACTICE, base_url=server.url)
    shelf = shelf_in(tmp_path)
    settings = SendSettings(chunk_size=1)
    run = planned_run(shelf, "cashback", [f"c{n}" for n in range(250)], account=account, settings=settings)
    keys = Connection(server.url, "v4.0", PRACTICE_KEYS.api_key, PRACTICE_KEYS.secret_key)
    last = list(open_sender(shelf, run, account, keys, settings).run())[-1]
    assert isinstance(last, RunFinished)
    assert last.counts.succeeded == 250
    seen = requests_seen(server.url)
    assert sum(count for (_, path, _), count in seen.items() if "batch" in path) > 360
    assert sum(count for (*_, status), count in seen.items() if status == 429) <= 2
