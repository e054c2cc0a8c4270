"""The first adjustment goes alone, and the question what its unit is comes before all others go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gb_desktop.gameball.classify import classify
from gb_desktop.gameball.client import Discovery
from gb_desktop.gameball.model import Entry, Facts, JobState, JobStatus
from gb_desktop.runs.events import (
    JobFinished,
    Note,
)
from tests.runs.model_server import ModelClient
from tests.runs.rig import live
from tests.runs.stand import Stand, end_of, figures
from tests.runs.test_engine_situations import reason_of


class Balances(ModelClient):
    """Answers balance inquiries from the adjustments that were applied."""

    def discover_dialect(self, customer: str, wait: Any, patience: float = 120.0) -> Discovery:
        points = 5 * sum(self.server.applied.values())
        entry = Entry(True, customer, returned={"pointsBalance": points, "pointsValue": points, "currency": "EGP"})
        status = JobStatus(JobState.FINISHED, word="completed", successes=(entry,))
        return Discovery(classify(Facts(sent=True, status=200, body={"jobId": 1})), status)


def test_that_a_live_account_waits_for_a_person_after_its_first_adjustment(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "balance-adjustment", "abcd", account=live(), client=Balances)
    events = stand.send()
    assert reason_of(events) == "unit"
    assert stand.server.requests == [1]
    assert "Balance before: 0 points" in end_of(events).sentence  # type: ignore[union-attr]
    assert "after: 5 points" in end_of(events).sentence  # type: ignore[union-attr]
    assert reason_of(stand.send()) == "unit", "asking again changes nothing"
    assert stand.server.requests == [1]
    last = end_of(stand.send(account=live(unit="points")))
    assert figures(last.counts) == {"succeeded": 4}


def test_that_a_test_account_shows_its_first_adjustment_and_goes_on(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "balance-adjustment", "abcd", account=live(environment="test"), client=Balances)
    events = stand.send()
    assert figures(end_of(events).counts) == {"succeeded": 4}
    assert stand.server.requests[0] == 1
    assert any(isinstance(event, Note) and "points or" in event.sentence for event in events)


def test_that_nothing_overtakes_a_first_adjustment_that_has_to_go_again(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "balance-adjustment", "abcd", account=live(), client=Balances)
    stand.server.jobs_to_come.append("busy")
    assert reason_of(stand.send()) == "unit"
    assert stand.server.requests == [1, 1]


def test_that_a_kill_before_the_question_does_not_let_the_others_go(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "balance-adjustment", "abcd", account=live(), client=Balances)
    engine = stand.engine()
    for event in engine.run():
        if isinstance(event, JobFinished):
            break
    engine.close()
    assert reason_of(stand.send()) == "unit"
    assert stand.server.requests == [1]
