"""Single situations of a sending, each with what must come of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.gameball.classify import explain, reaction_to
from gb_desktop.gameball.codes import meaning
from gb_desktop.gameball.model import Answer, Facts, JobState, JobStatus
from gb_desktop.runs.events import (
    ChunkAccepted,
    ChunkSending,
    ChunkUnsure,
    Event,
    JobFinished,
    Note,
    RunFinished,
    RunPaused,
    Waiting,
)
from gb_desktop.runs.model import RunState
from gb_desktop.runs.resolving import mark_sent, send_again
from gb_desktop.runs.schema import open_to_write
from tests.runs.model_server import ModelClient
from tests.runs.rig import evidence
from tests.runs.stand import Stand, end_of, figures

STOPPED_BY = {"401": 1000, "1002": 1002, "6000": 6000, "6001": 6001, "8000": 8000}


def reason_of(events: list[Event]) -> str:
    last = end_of(events)
    assert isinstance(last, RunPaused)
    return last.reason


@pytest.mark.parametrize(
    ("fate", "reason"),
    [("401", "keys"), ("1002", "keys"), ("6000", "account"), ("6001", "account"), ("8000", "account")],
)
def test_that_a_lost_account_stops_the_run_and_a_resume_ends_it(fate: str, reason: str, tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "abcdef", open_jobs=1)
    stand.server.posts.extend(["ok", fate])
    events = stand.send()
    assert reason_of(events) == reason
    last = end_of(events)
    assert isinstance(last, RunPaused)
    assert meaning(STOPPED_BY[fate]).sentence in last.sentence
    assert figures(last.counts) == {"succeeded": 2, "not_sent": 4}
    assert stand.facts.state is RunState.PAUSED
    assert figures(end_of(stand.send()).counts) == {"succeeded": 6}


@pytest.mark.parametrize(("code", "reason"), [(6001, "account"), (8000, "account"), (1002, "keys")])
def test_that_a_row_refused_for_the_whole_account_stops_the_run(code: int, reason: str, tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "abcdef", open_jobs=1)
    stand.server.jobs_to_come.append("refused")
    stand.server.refusal = code
    events = stand.send()
    assert reason_of(events) == reason
    last = end_of(events)
    assert isinstance(last, RunPaused)
    assert last.sentence == meaning(code).sentence
    assert figures(last.counts) == {"succeeded": 1, "failed": 1, "not_sent": 4}


def test_that_after_signing_in_again_polls_come_before_anything_new(tmp_path: Path) -> None:
    asked: list[str] = []

    class Recorded(ModelClient):
        out = False

        def create_job(self, endpoint: str, body: bytes, **more: Any) -> Answer:
            asked.append("post")
            if self.out:
                self.server.posts.append("401")
            return super().create_job(endpoint, body, **more)

        def job_status(self, job: str, wait: Any = None) -> JobStatus:
            asked.append("poll")
            if self.out:
                facts = Facts(sent=True, status=401, body={"code": 1000, "message": "Unauthorised"})
                return JobStatus(JobState.UNREACHED, facts=facts, reaction=reaction_to(facts), message=explain(facts))
            return super().job_status(job, wait)

    stand = Stand(tmp_path, "cashback", "abcdefgh", client=Recorded, open_jobs=3)
    told = []
    for event in stand.engine().run():
        told.append(event)
        if isinstance(event, ChunkAccepted) and len(stand.server.jobs) == 3:
            Recorded.out = True  # the keys are exchanged while two jobs are open
    assert reason_of(told) == "keys"
    assert end_of(told).counts.resumable >= 2
    Recorded.out = False
    asked.clear()
    assert figures(end_of(stand.send()).counts) == {"succeeded": 8}
    assert asked[:2] == ["poll", "poll"]


def test_that_a_network_lost_while_the_computer_slept_is_waited_for_anew(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "abcd", wait_network=60.0)
    stand.server.posts.extend(["ok", *["offline"] * 12])
    told = []
    for event in stand.engine().run():
        told.append(event)
        if isinstance(event, Waiting) and sum(isinstance(one, Waiting) for one in told) == 3:
            stand.clock.at += 8 * 3600
    assert figures(end_of(told).counts) == {"succeeded": 4}


@pytest.mark.parametrize("hours", [1, 10, 30])
def test_that_a_job_that_ran_while_the_computer_slept_is_read_afterwards(hours: int, tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "abcd")
    stand.server.polls.extend(["unfinished"] * 2)  # it was queued all the time, and ends soon after the waking up
    told = []
    for event in stand.engine().run():
        told.append(event)
        if isinstance(event, ChunkAccepted) and len(stand.server.jobs) == 1:
            stand.clock.at += hours * 3600
    assert figures(end_of(told).counts) == {"succeeded": 4}


def test_that_a_job_that_never_ends_is_lost_after_a_day(tmp_path: Path) -> None:
    class Endless(ModelClient):
        def job_status(self, job: str, wait: Any = None) -> JobStatus:
            return JobStatus(JobState.UNFINISHED, word="running")

    stand = Stand(tmp_path, "events", "ab", client=Endless)
    told = []
    for event in stand.engine().run():
        told.append(event)
        if isinstance(event, ChunkAccepted):
            stand.clock.at += 25 * 3600
    assert figures(end_of(told).counts) == {"unknown": 2}
    assert any("24 hours" in event.sentence for event in told if isinstance(event, ChunkUnsure))


def test_that_a_refused_repeat_is_told_from_an_earlier_payment_by_a_look_up(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "abc", chunk_size=3)
    stand.server.posts.append("lost-after")
    assert figures(end_of(stand.send()).counts) == {"already_applied": 3}
    assert {why for why, _ in evidence(stand.shelf, stand.run).values()} == {"looked up"}


def test_that_a_refused_repeat_whose_id_has_another_amount_stays_unknown(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "ab")
    earlier = {"customerId": "a", "transactionId": "T-2", "transactionTime": "2026-01-01T00:00:00.000Z", "amount": 99}
    stand.server.make([earlier])
    stand.server.posts.append("lost-before")
    assert figures(end_of(stand.send()).counts) == {"succeeded": 1, "unknown": 1}
    why, said = evidence(stand.shelf, stand.run)[2]
    assert (why, "another amount (99)" in said) == ("looked up", True)


def test_that_a_refused_repeat_that_is_not_seen_keeps_saying_what_it_could_be(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "ab")
    stand.server.idents["T-2"] = "paid under another customer"
    stand.server.posts.append("lost-before")
    assert figures(end_of(stand.send()).counts) == {"succeeded": 1, "already_applied": 1}
    why, said = evidence(stand.shelf, stand.run)[2]
    assert (why, "earlier payment" in said) == ("repeat refused", True)


def test_that_a_dead_network_is_waited_for_and_then_interrupts_the_run(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "abcd")
    stand.server.posts.extend(["ok", *["offline"] * 1000])
    events = stand.send()
    assert any(isinstance(event, Waiting) for event in events)
    assert reason_of(events) == "network"
    assert stand.facts.state is RunState.INTERRUPTED
    assert figures(end_of(events).counts) == {"succeeded": 2, "not_sent": 2}
    stand.server.posts.clear()
    assert figures(end_of(stand.send()).counts) == {"succeeded": 4}


def test_that_a_network_that_comes_back_in_time_costs_nothing(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "abcd")
    stand.server.posts.extend(["offline"] * 4)
    assert figures(end_of(stand.send()).counts) == {"succeeded": 4}


def test_that_the_first_chunk_goes_alone_until_its_result_is_read(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "abcdefgh")
    told = [event for event in stand.send() if isinstance(event, ChunkSending | ChunkAccepted | JobFinished)]
    assert [type(event) for event in told[:3]] == [ChunkSending, ChunkAccepted, JobFinished]
    assert [type(event) for event in told[3:6]].count(ChunkSending) >= 2  # then several at once


def test_that_a_run_with_a_row_in_no_request_is_not_called_finished(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "abc")
    with closing(open_to_write(stand.shelf.path(stand.run))) as db:
        db.execute("DELETE FROM chunk_items WHERE item = 4")
        db.execute("DELETE FROM chunks WHERE chunk NOT IN (SELECT chunk FROM chunk_items)")
    last = end_of(stand.send())
    assert figures(last.counts) == {"succeeded": 2, "not_sent": 1}
    assert stand.facts.state is RunState.NEEDS_ATTENTION


def test_that_the_failure_brake_pauses_and_a_resume_goes_on(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", [str(n) for n in range(300)], chunk_size=1, failure_share=0.2, open_jobs=4)
    stand.server.jobs_to_come.extend(["ok"] * 60 + ["refused"] * 200)
    events = stand.send()
    assert reason_of(events) == "breaker"
    failed = end_of(events).counts.failed
    assert 20 <= failed <= 60
    stand.server.jobs_to_come.clear()
    assert figures(end_of(stand.send()).counts) == {"succeeded": 300 - failed, "failed": failed}


@pytest.mark.parametrize("culprit", [2, 500, 1001])
def test_that_halving_finds_a_refused_row_within_twenty_requests(culprit: int, tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", [f"c{n}" for n in range(1000)], chunk_size=1000)
    stand.server.poison = f'"transactionId":"T-{culprit}"'
    events = stand.send()
    assert figures(end_of(events).counts) == {"succeeded": 999, "failed": 1}
    assert stand.outcomes[culprit] == "failed"
    assert len(stand.server.requests) <= 21


def test_that_a_refusal_naming_the_row_costs_two_requests(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", [f"c{n}" for n in range(1000)], chunk_size=1000)
    stand.server.poison, stand.server.names_items = '"transactionId":"T-700"', True
    assert figures(end_of(stand.send()).counts) == {"succeeded": 999, "failed": 1}
    assert sorted(stand.server.requests) == [1, 999, 1000]


def test_that_a_busy_request_goes_again_and_gives_up_after_three_times(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "ab")
    stand.server.posts.extend(["2001"] * 3)
    assert figures(end_of(stand.send()).counts) == {"succeeded": 2}
    stand = Stand(tmp_path / "again", "events", "ab")
    stand.server.posts.extend(["2001"] * 9)
    assert figures(end_of(stand.send()).counts) == {"failed": 2}
    assert len(stand.server.requests) == 4


def test_that_a_busy_row_goes_again_with_the_same_id(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "ab")
    stand.server.jobs_to_come.extend(["busy", "busy"])
    assert figures(end_of(stand.send()).counts) == {"succeeded": 2}
    assert stand.server.requests == [2, 1, 1]


def test_that_rows_wait_for_an_unknown_row_of_their_customer_while_others_go_on(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "abaab")
    stand.server.posts.append("lost-before")
    last = end_of(stand.send())
    assert figures(last.counts) == {"unknown": 2, "not_sent": 3}
    assert isinstance(last, RunFinished)
    assert last.state == "needs_attention"
    stand = Stand(tmp_path / "again", "events", "abcacb", chunk_size=1)
    stand.server.posts.append("lost-before")
    assert figures(end_of(stand.send()).counts) == {"succeeded": 4, "unknown": 1, "not_sent": 1}
    assert stand.outcomes[5] == "not sent"
    mark_sent(stand.shelf, stand.run)
    assert figures(end_of(stand.send()).counts) == {"succeeded": 5, "already_applied": 1}


def test_that_rows_held_back_go_on_at_once_when_a_look_up_proves_the_earlier_one(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "balance-adjustment", "aab", chunk_size=1)
    stand.server.posts.append("lost-after")
    assert figures(end_of(stand.send()).counts) == {"succeeded": 2, "already_applied": 1}


def test_that_a_lost_adjustment_without_a_reference_is_left_to_a_person_at_once(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "ab")
    stand.server.posts.append("lost-after")
    began = stand.clock.at
    assert figures(end_of(stand.send()).counts) == {"unknown": 2}
    assert stand.clock.at - began < 1.0
    send_again(stand.shelf, stand.run)
    assert figures(end_of(stand.send()).counts) == {"succeeded": 2}


def test_that_a_job_with_an_unknown_word_is_set_aside_and_asked_again_at_a_resume(tmp_path: Path) -> None:
    class Strange(ModelClient):
        word = "archived"

        def job_status(self, job: str, wait: Any = None) -> JobStatus:
            found = super().job_status(job, wait)
            if self.word:
                return JobStatus(JobState.UNFINISHED, word=self.word, succeeded=2, failed=0)
            return found

    stand = Stand(tmp_path, "events", "ab", client=Strange)
    events = stand.send()
    assert figures(end_of(events).counts) == {"unknown": 2}
    assert any(isinstance(event, Note) and "archived" in event.sentence for event in events)
    Strange.word = ""
    assert figures(end_of(stand.send()).counts) == {"succeeded": 2}


def test_that_a_paused_run_reads_results_and_a_resume_goes_on_in_the_same_engine(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "abcdef")
    engine = stand.engine()
    told = []
    for event in engine.run():
        told.append(event)
        if isinstance(event, ChunkAccepted) and len(stand.server.requests) == 1:
            engine.control.pause()
        if isinstance(event, JobFinished) and engine.control.paused:
            assert stand.server.requests == [2]
            engine.control.resume()
    assert figures(end_of(told).counts) == {"succeeded": 6}


def test_that_a_pause_without_a_resume_ends_as_a_paused_run(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "abcdef")
    engine = stand.engine()
    told = []
    for event in engine.run():
        told.append(event)
        if isinstance(event, ChunkAccepted):
            engine.control.pause()
    assert reason_of(told) == "user"
    assert figures(end_of(told).counts) == {"succeeded": 2, "not_sent": 4}


def test_that_a_run_left_with_every_row_on_its_way_says_so(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "cashback", "ab")
    engine = stand.engine()
    told = []
    for event in engine.run():
        told.append(event)
        if isinstance(event, ChunkAccepted):
            engine.control.close()
    last = end_of(told)
    assert isinstance(last, RunPaused)
    assert last.sentence == "Sending is paused. Every row is on its way."
