"""How fast a run goes: open jobs, questions, and the brake."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gb_desktop.gameball.limiter import WINDOWS as DOCUMENTED
from gb_desktop.runs.events import Counts
from gb_desktop.runs.model import SendSettings
from gb_desktop.runs.pace import FIRST_POLL, SLOWEST_POLL, START_WINDOW, FailureBrake, JobWindow, PollClock
from gb_desktop.runs.sender import WINDOWS, limiter_for, windows_of
from tests.runs.rig import PRACTICE, shelf_in


def test_that_open_jobs_grow_with_every_job_that_ends_up_to_the_cap() -> None:
    window = JobWindow(cap=8)
    assert window.size == START_WINDOW
    for _ in range(20):
        window.finished(1.0)
    assert window.size == 8


def test_that_requests_refused_together_are_one_trouble() -> None:
    window = JobWindow(cap=64)
    for _ in range(28):
        window.finished(1.0)
    assert window.size == 32
    for _ in range(4):
        window.trouble()
    assert window.size == 16
    window.finished(1.0)
    window.trouble()
    assert window.size == 8


def test_that_jobs_which_slow_down_close_the_window() -> None:
    window = JobWindow(cap=64)
    for _ in range(10):
        window.finished(2.0)
    before = window.size
    for _ in range(2):
        window.finished(30.0, at_least=29.0)
    assert window.size == before // 2


def test_that_open_jobs_stop_growing_when_each_waits_longer_for_the_others() -> None:
    window = JobWindow(cap=64)
    for _ in range(300):  # a server that does one job after the other, three seconds each
        window.finished(3.0 * window.size, at_least=2.8 * window.size)
    assert 4 <= window.size <= 16


def test_that_small_jobs_make_no_large_one_slow() -> None:
    window, clock = JobWindow(cap=64), PollClock()
    window.finished(2.0, items=10)
    clock.finished(2.0, items=10)
    window.unfinished(50.0, items=1000)
    window.finished(60.0, at_least=50.0, items=1000)
    clock.finished(60.0, at_least=50.0, items=1000)
    assert window.size == START_WINDOW + 2
    assert clock.first(items=10) <= 2.0
    assert clock.first(items=700) == SLOWEST_POLL
    assert clock.first(items=100) == FIRST_POLL, "nothing is known of that size"


def test_that_a_job_which_hangs_closes_the_window_before_it_ends() -> None:
    window = JobWindow(cap=64)
    for _ in range(10):
        window.finished(2.0)
    before = window.size
    for age in (2.0, 4.0, 7.0, 9.0):
        window.unfinished(age)
    assert window.size == before // 2


def test_that_a_question_which_waited_for_its_turn_makes_no_job_slow() -> None:
    window, clock = JobWindow(cap=64), PollClock()
    for _ in range(10):
        window.finished(2.0)
        clock.finished(2.0, at_least=1.8)
    before, first = window.size, clock.first()
    for _ in range(6):
        window.finished(14.0)
        clock.finished(14.0)
    assert window.size == before + 6
    assert clock.first() == first


def test_that_most_jobs_are_asked_about_once() -> None:
    clock = PollClock()
    for _ in range(20):
        clock.finished(8.0, at_least=7.0)
    assert 7.0 <= clock.first() <= 9.0
    assert clock.next(1, 8.0) == 2.0


@pytest.mark.parametrize("took", [0.4, 3.0, 25.0])
def test_that_jobs_of_one_length_need_little_more_than_one_question_each(took: float) -> None:
    clock = PollClock()
    questions = []
    for _ in range(101):
        age, seen_unfinished, asked = clock.first(), 0.0, 1
        while age < took:
            seen_unfinished = age
            age += clock.next(asked, age)
            asked += 1
        clock.finished(age, seen_unfinished)
        questions.append(asked)
    assert sum(questions[1:]) <= 130  # the first one teaches how long they take
    assert max(questions[1:]) <= 2


def test_that_the_first_question_finds_its_way_back_from_a_time_of_waiting() -> None:
    clock = PollClock()
    clock.finished(30.0)
    for _ in range(40):
        clock.finished(clock.first())
    assert clock.first() < 1.0


def test_that_questions_are_never_too_seldom_nor_too_frequent() -> None:
    clock = PollClock()
    assert clock.next(1, 0.0) == 0.3
    assert clock.next(50, 10_000.0) == SLOWEST_POLL


def test_that_the_brake_waits_for_a_hundred_rows_and_forgets_earlier_failures() -> None:
    brake = FailureBrake(0.2, Counts(rows=1000, failed=500, not_sent=500))
    assert not brake.pulls(Counts(rows=1000, failed=599, not_sent=401))
    assert brake.pulls(Counts(rows=1000, failed=600, not_sent=400))
    assert not brake.pulls(Counts(rows=1000, failed=520, succeeded=80, not_sent=400))


def test_that_all_runs_of_an_account_in_this_app_share_one_limiter(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    mine, others, new = (replace(PRACTICE, fingerprint=name) for name in ("mine", "others", "new"))
    assert limiter_for(shelf, mine) is limiter_for(shelf, replace(mine, name="Renamed", unit="money"))
    assert limiter_for(shelf, mine) is not limiter_for(shelf, others)
    shelf.ledger.follow_keys(mine.fingerprint, new.fingerprint)
    assert limiter_for(shelf, new) is limiter_for(shelf, mine)


def test_that_an_account_keeps_to_what_the_settings_of_its_last_run_allow(tmp_path: Path) -> None:
    account = replace(PRACTICE, fingerprint="slower")
    allowed = windows_of(SendSettings(per_second=6, per_half_minute=45))
    limiter = limiter_for(shelf_in(tmp_path), account, allowed)
    assert allowed == ((5, 1.25), (44, 30.75))
    assert [limiter.acquire(wait=lambda _: True) for _ in range(6)] == [True] * 5 + [False]
    assert windows_of(SendSettings(per_second=1, per_half_minute=1)) == ((1, 1.25), (1, 30.75))


def test_that_our_share_of_the_rate_limit_leaves_room_for_requests_that_arrive_late() -> None:
    for (ours, span), (theirs, window) in zip(WINDOWS, DOCUMENTED, strict=True):
        assert ours < theirs
        assert span > window
