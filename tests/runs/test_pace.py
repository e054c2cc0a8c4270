"""How fast a run goes: open jobs, questions, and the brake."""

from __future__ import annotations

from gb_desktop.gameball.limiter import WINDOWS as DOCUMENTED
from gb_desktop.runs.events import Counts
from gb_desktop.runs.pace import SLOWEST_POLL, START_WINDOW, FailureBrake, JobWindow, PollClock
from gb_desktop.runs.sender import WINDOWS


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
        window.finished(30.0)
    assert window.size == before // 2


def test_that_most_jobs_are_asked_about_once() -> None:
    clock = PollClock()
    for _ in range(20):
        clock.finished(8.0)
    assert 7.0 <= clock.first() <= 9.0
    assert clock.next(1, 8.0) == 2.0


def test_that_the_first_question_finds_its_way_back_from_a_time_of_waiting() -> None:
    clock = PollClock()
    clock.finished(30.0, asked=1)
    for _ in range(40):
        clock.finished(clock.first(), asked=1)
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


def test_that_our_share_of_the_rate_limit_leaves_room_for_requests_that_arrive_late() -> None:
    for (ours, span), (theirs, window) in zip(WINDOWS, DOCUMENTED, strict=True):
        assert ours < theirs
        assert span > window
