"""The rate limiter, on a clock of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.gameball.limiter import WINDOWS, Limiter


class Time:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []
        self._lock = threading.Lock()

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        with self._lock:
            self.waits.append(seconds)
            self.now += seconds
        return False


def most_in(times: list[float], span: float) -> int:
    """The most grants in any window of `span` seconds, its end excluded."""
    return max(sum(1 for other in times if start <= other < start + span) for start in times)


def test_that_the_first_thirty_go_at_once_and_the_next_waits_a_second() -> None:
    time = Time()
    limiter = Limiter(time.clock, wait=time.wait)
    for _ in range(30):
        assert limiter.acquire()
    assert time.waits == []
    limiter.acquire()
    assert time.waits == [1.0]


@settings(derandomize=True, deadline=None, max_examples=15)
@given(st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.0, 0.01, 0.3, 2.0]), min_size=400, max_size=500))
def test_that_no_window_ever_holds_more_than_its_share(gaps: list[float]) -> None:
    time = Time()
    limiter = Limiter(time.clock, wait=time.wait)
    granted = []
    for gap in gaps:
        time.now += gap
        limiter.acquire()
        granted.append(time.now)
    for count, span in WINDOWS:
        # A hair less than the window: adding a float to the clock may round to just below its end.
        assert most_in(granted, span - 1e-6) <= count


def test_that_a_burst_is_as_fast_as_the_windows_allow() -> None:
    time = Time()
    limiter = Limiter(time.clock, wait=time.wait)
    for _ in range(720):
        limiter.acquire()
    assert time.now - 1000.0 == pytest.approx(30.0 + 11.0)


def test_that_other_windows_still_count_what_was_granted_before() -> None:
    time = Time()
    limiter = Limiter(time.clock, windows=((3, 10.0),), wait=time.wait)
    for _ in range(3):
        limiter.acquire()
    limiter.set_windows(((4, 10.0), (5, 60.0)))
    for _ in range(2):
        limiter.acquire()
    assert time.waits == [10.0]
    limiter.acquire()
    assert time.waits == [10.0, 50.0]


def test_that_an_interrupted_wait_takes_no_turn() -> None:
    time = Time()
    limiter = Limiter(time.clock, windows=((1, 10.0),), wait=time.wait)
    assert limiter.acquire()
    assert not limiter.acquire(wait=lambda _: True)
    time.now += 10.0
    assert limiter.acquire(wait=lambda _: True), "the turn is free: nothing to wait for"


def test_that_a_429_holds_everybody_back() -> None:
    time, heard = Time(), []
    limiter = Limiter(time.clock, wait=time.wait, on_pause=heard.append)
    assert limiter.paused_until < time.now
    limiter.slow_down(20.0)
    limiter.slow_down(2.0)
    assert (limiter.paused_until, heard) == (1020.0, [20.0, 2.0])
    limiter.acquire()
    assert time.waits == [20.0]


def test_that_a_429_without_a_time_waits_five_seconds() -> None:
    time = Time()
    limiter = Limiter(time.clock, wait=time.wait)
    limiter.slow_down()
    assert limiter.paused_until == 1005.0


def test_that_threads_share_the_limit() -> None:
    time = Time()
    limiter = Limiter(time.clock, windows=((5, 1.0),), wait=time.wait)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: limiter.acquire(), range(20)))
    assert time.now >= 1003.0
