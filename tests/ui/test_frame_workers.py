"""The queue of blocking calls and the thread that drives a sending run, with real threads."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from gb_desktop.runs.control import Control
from gb_desktop.runs.events import ChunkAccepted, Counts, Event, Note, RunFinished, RunPaused
from gb_desktop.runs.model import Progress, RunError
from gb_desktop.ui.engine_thread import Ended, EngineThread, News
from gb_desktop.ui.housekeeping import GarbageTimer
from gb_desktop.ui.workers import Tasks


@pytest.fixture
def unexpected() -> list[Exception]:
    return []


@pytest.fixture
def tasks(qtbot: QtBot, unexpected: list[Exception]) -> Iterator[Tasks]:
    made = Tasks("test", unexpected.append)
    yield made
    made.begin_close()
    qtbot.waitUntil(made.closed)


def test_that_a_call_runs_off_the_gui_thread_and_its_result_comes_back_on_it(qtbot: QtBot, tasks: Tasks) -> None:
    seen: list[Any] = []
    here = QThread.currentThread()

    def done(there: QThread) -> None:
        seen.extend([there is here, QThread.currentThread() is here])

    tasks.run(QThread.currentThread, done)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [False, True]


def test_that_calls_are_done_one_after_another_in_their_order(qtbot: QtBot, tasks: Tasks) -> None:
    begun: list[int] = []
    for number in range(50):
        tasks.run(lambda number=number: begun.append(number))
    assert tasks.busy
    qtbot.waitUntil(lambda: not tasks.busy)
    assert begun == list(range(50))


def _refuse() -> None:
    raise RunError("No.")


def test_that_an_error_reaches_whoever_asked(qtbot: QtBot, tasks: Tasks, unexpected: list[Exception]) -> None:
    heard: list[Exception] = []
    tasks.run(_refuse, failed=heard.append)
    tasks.run(_refuse)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert [str(error) for error in heard] == ["No."]
    assert [str(error) for error in unexpected] == ["No."]


def test_that_a_page_that_is_gone_is_told_nothing(qtbot: QtBot, tasks: Tasks) -> None:
    owner, told = QObject(), []
    go = threading.Event()
    tasks.run(lambda: go.wait(10), told.append, owner=owner)
    delete(owner)
    go.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told == []


def test_that_cancelling_calls_the_stop_of_the_call(qtbot: QtBot, tasks: Tasks) -> None:
    stopped, heard = threading.Event(), []

    def work() -> None:
        stopped.wait(10)
        raise RunError("It was cancelled.", "cancelled")

    task = tasks.run(work, failed=heard.append, stop=stopped.set)
    task.cancel()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert heard[0].reason == "cancelled"


def test_that_a_call_that_gives_way_ends_when_another_is_queued(qtbot: QtBot, tasks: Tasks) -> None:
    way, order = threading.Event(), list[str]()

    def try_out(_report: object) -> None:
        order.append("gave way" if way.wait(10) else "waited in vain")

    tasks.run_reporting(try_out, gives_way=way.set)
    tasks.run(lambda: order.append("the other one"))
    qtbot.waitUntil(lambda: not tasks.busy)
    assert order == ["gave way", "the other one"]


def test_that_a_dropped_call_that_waits_is_never_begun(qtbot: QtBot, tasks: Tasks) -> None:
    go, begun = threading.Event(), []
    tasks.run(lambda: go.wait(10))
    tasks.run(lambda: begun.append(1)).drop()
    go.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert begun == []


def test_that_progress_is_told_at_most_ten_times_a_second_and_the_latest_counts(qtbot: QtBot, tasks: Tasks) -> None:
    heard: list[Progress] = []
    told = threading.Event()

    def work(report: Any) -> str:
        for number in range(10_000):
            report(Progress("reading", number, 10_000))
        told.wait(10)
        return "done"

    tasks.run_reporting(work, progress=heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    told.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert len(heard) < 20
    assert heard[-1].done == 9999


def test_that_closing_drops_what_waits_and_stops_what_runs(qtbot: QtBot) -> None:
    made = Tasks("closing", lambda _error: None)
    stopped, told = threading.Event(), []
    made.run(lambda: stopped.wait(10), told.append, stop=stopped.set)
    made.run(lambda: told.append("begun"), told.append)
    made.begin_close()
    qtbot.waitUntil(made.closed)
    assert told == []


class Engine:
    """An engine of a hundred chunks that waits at the end until it is let go."""

    def __init__(self) -> None:
        self.control = Control()
        self.at_end = threading.Event()

    def counts(self) -> Counts:
        return Counts(rows=100, succeeded=100)

    def run(self) -> Iterator[Event]:
        for number in range(100):
            yield ChunkAccepted(number, f"job-{number}")
        yield Note("Half way.")
        self.at_end.wait(10)
        if self.control.may_send:
            yield RunFinished("finished", self.counts(), 1.0)
        else:
            yield RunPaused("user", "Sending is paused.", self.counts())


def _drive(engine: Engine) -> tuple[EngineThread, list[News], list[Ended]]:
    thread = EngineThread("run-1", lambda: engine)  # type: ignore[arg-type, return-value]
    news: list[News] = []
    ended: list[Ended] = []
    thread.news.connect(news.append)
    thread.ended.connect(ended.append)
    thread.start()
    return thread, news, ended


def test_that_many_small_events_come_as_few_news(qtbot: QtBot) -> None:
    engine = Engine()
    thread, news, ended = _drive(engine)
    qtbot.waitUntil(lambda: bool(news))
    engine.at_end.set()
    qtbot.waitUntil(lambda: bool(ended) and thread.closed())
    assert len(news) <= 3
    assert set().union(*(one.chunks for one in news)) == set(range(100))
    assert [type(event) for one in news for event in one.events] == [Note, RunFinished]
    assert ended[0].event == RunFinished("finished", engine.counts(), 1.0)


def test_that_a_pause_reaches_the_engine_even_before_it_is_made(qtbot: QtBot) -> None:
    engine = Engine()
    thread = EngineThread("run-1", lambda: engine)  # type: ignore[arg-type, return-value]
    thread.pause()
    thread.start()
    qtbot.waitUntil(lambda: engine.control.paused)
    engine.at_end.set()
    qtbot.waitUntil(thread.closed)
    qtbot.waitUntil(lambda: thread.outcome is not None)
    assert isinstance(thread.outcome.event, RunPaused)  # type: ignore[union-attr]


def test_that_a_run_that_can_not_begin_says_why(qtbot: QtBot) -> None:
    def make() -> Any:
        raise RunError("Another run is being sent.", "locked")

    thread = EngineThread("run-1", make)
    thread.start()
    qtbot.waitUntil(lambda: thread.outcome is not None)
    qtbot.waitUntil(thread.closed)
    assert str(thread.outcome.error) == "Another run is being sent."  # type: ignore[union-attr]


def collections() -> int:
    """Of any generation: which one is due depends on what was allocated before."""
    return sum(generation["collections"] for generation in gc.get_stats())


def test_that_garbage_is_collected_on_the_gui_thread_only(qtbot: QtBot) -> None:
    timer = GarbageTimer(every_ms=1)
    try:
        assert not gc.isenabled()
        before = collections()
        junk = [[] for _ in range(2000)]  # type: ignore[var-annotated]
        qtbot.waitUntil(lambda: collections() > before)
        assert junk
    finally:
        timer.stop()
    assert not gc.isenabled()  # what is left would be collected in whichever thread allocates
