"""Pause and stop in real time: heeded at once whatever the engine waits for, and the request under way finishes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.gameball.client import Client
from gb_desktop.gameball.limiter import Limiter
from gb_desktop.gameball.model import Connection, Dialect
from gb_desktop.practice import PRACTICE_KEYS, PracticeServer
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.events import (
    ChunkAccepted,
    ChunkSending,
    ChunkUnsure,
    Event,
    Finishing,
    Note,
    RunFinished,
    RunPaused,
    Waiting,
)
from gb_desktop.runs.model import SendSettings
from gb_desktop.runs.shelf import Shelf
from tests.gameball.fault_server import FaultServer, RefusedPort, silence
from tests.practice.fixtures import EVERYBODY, PracticeFactory, ledger, practice, requests_seen, switch
from tests.runs.rig import PRACTICE, engine_of, planned_run
from tests.runs.stand import figures

__all__ = ["practice"]

AT_ONCE = 1.5  # seconds: the promise is 0.2, a busy machine gets more
SETTINGS = SendSettings(chunk_size=1, look_up_seconds=60.0, wait_network=60.0)


class Driven:
    """An engine that a thread steps, as the window's does; `events` as they come."""

    def __init__(self, folder: Path, url: str, key: str = "cashback", rows: str = "abcd", **more: Any) -> None:
        account = replace(PRACTICE, base_url=url, dialect=more.pop("dialect", "a"))
        self.shelf = Shelf(folder / "data")
        self.run = planned_run(self.shelf, key, rows, account=account, settings=SETTINGS)
        connection = Connection(url, "v4.0", PRACTICE_KEYS.api_key, PRACTICE_KEYS.secret_key)
        dialect = Dialect(account.dialect) if account.dialect else None
        limiter = Limiter(time.monotonic, ((100_000, 1.0),))
        request = self.shelf.stop_request(self.run)
        self.engine: Engine = engine_of(
            self.shelf, self.run, Client(connection, limiter, dialect=dialect), account=account, settings=SETTINGS,
            stop_requested=request.take, **more,
        )  # fmt: skip
        self.events: list[Event] = []
        self._seen = threading.Condition()
        self._thread = threading.Thread(target=self._drive)
        self._thread.start()

    def _drive(self) -> None:
        for event in self.engine.run():
            with self._seen:
                self.events.append(event)
                self._seen.notify_all()

    def wait_for(self, wanted: Callable[[Event], bool]) -> None:
        with self._seen:
            assert self._seen.wait_for(lambda: any(map(wanted, self.events)), 10.0), self.events

    def ended_after(self, act: Callable[[], None]) -> float:
        """Seconds from an act to the engine's end."""
        began = time.monotonic()
        act()
        self._thread.join(20.0)
        assert not self._thread.is_alive()
        return time.monotonic() - began

    @property
    def last(self) -> RunPaused | RunFinished:
        last = self.events[-1]
        assert isinstance(last, RunPaused | RunFinished)
        return last


def is_a(kind: type) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, kind)


def slowed(practice: PracticeFactory, seconds: float) -> PracticeServer:
    wait = {"do": "wait", "on": "POST batch/cashback", "times": 99, "seconds": seconds}
    server = practice(seed=EVERYBODY)
    switch(server.url, faults=[wait])
    return server


def test_that_a_stop_lets_the_request_under_way_finish_and_reads_its_job(
    tmp_path: Path, practice: PracticeFactory
) -> None:
    server = slowed(practice, 0.3)
    driven = Driven(tmp_path, server.url)
    driven.wait_for(is_a(ChunkSending))
    assert driven.ended_after(driven.engine.control.stop) < AT_ONCE
    assert (driven.last.reason, figures(driven.last.counts)) == ("stop", {"succeeded": 1, "not_sent": 3})  # type: ignore[union-attr]
    assert len(ledger(server.url)) == 1


@pytest.mark.parametrize("wish", ["pause", "stop"])
def test_that_a_wish_is_answered_at_once_while_a_request_is_let_finish(
    wish: str, tmp_path: Path, practice: PracticeFactory
) -> None:
    server = slowed(practice, 3.0)
    driven = Driven(tmp_path, server.url)
    driven.wait_for(is_a(ChunkSending))
    began = time.monotonic()
    getattr(driven.engine.control, wish)()
    driven.wait_for(lambda event: event == Finishing(requests=1, jobs=0))
    assert time.monotonic() - began < AT_ONCE
    assert not any(map(is_a(ChunkAccepted), driven.events)), "its answer was not waited for"
    driven.ended_after(lambda: None)
    assert figures(driven.last.counts) == {"succeeded": 1, "not_sent": 3}
    assert len(ledger(server.url)) == 1


def test_that_a_stop_request_of_another_process_is_seen(tmp_path: Path, practice: PracticeFactory) -> None:
    server = slowed(practice, 1.0)
    driven = Driven(tmp_path, server.url, rows="abcdefghijklmnopqrstuvwxyz")
    driven.wait_for(is_a(ChunkSending))
    script = "import sys; from pathlib import Path; from gb_desktop.runs.shelf import Shelf;"
    script += "Shelf(Path(sys.argv[1])).stop_request(sys.argv[2]).leave(also_jobs=False)"
    folder = str(tmp_path / "data")
    driven.ended_after(lambda: subprocess.run([sys.executable, "-c", script, folder, driven.run], check=True) and None)
    assert driven.last.reason == "stop"  # type: ignore[union-attr]
    assert driven.last.counts.not_sent >= 1


def test_that_a_stop_ends_the_wait_after_too_many_requests(tmp_path: Path, practice: PracticeFactory) -> None:
    server = practice(seed=EVERYBODY)
    switch(server.url, faults=[{"do": "limit", "on": "POST", "times": 99, "seconds": 60}])
    driven = Driven(tmp_path, server.url)
    driven.wait_for(is_a(Waiting))
    assert driven.ended_after(driven.engine.control.stop) < AT_ONCE
    assert figures(driven.last.counts) == {"not_sent": 4}


@pytest.mark.parametrize("dialect", ["a", ""])
def test_that_a_stop_and_a_pause_end_the_wait_for_a_dead_network(dialect: str, tmp_path: Path) -> None:
    with RefusedPort() as port:
        driven = Driven(tmp_path / "stop", port.url, dialect=dialect)
        driven.wait_for(is_a(Waiting))
        assert driven.ended_after(driven.engine.control.stop) < AT_ONCE
        driven = Driven(tmp_path / "pause", port.url, dialect=dialect)
        driven.wait_for(is_a(Waiting))
        assert driven.ended_after(driven.engine.control.pause) < AT_ONCE
        assert figures(driven.last.counts) == {"not_sent": 4}


def test_that_a_stop_does_not_wait_for_the_question_about_the_dialect(tmp_path: Path) -> None:
    with FaultServer(silence) as server:
        driven = Driven(tmp_path, server.url, dialect="")
        driven.wait_for(lambda event: type(event).__name__ == "RunStarted")
        assert driven.ended_after(driven.engine.control.stop) < AT_ONCE
        assert figures(driven.last.counts) == {"not_sent": 4}


def test_that_a_stop_ends_the_look_up_of_lost_rows(tmp_path: Path, practice: PracticeFactory) -> None:
    server = practice(seed=EVERYBODY)
    switch(server.url, faults=[{"do": "cut-before", "on": "POST batch/balance-adjustment", "times": 99}])
    driven = Driven(tmp_path, server.url, "balance-adjustment", "a")
    driven.wait_for(lambda event: isinstance(event, Note) and "looked up at Gameball." in event.sentence)
    assert driven.ended_after(driven.engine.control.stop) < AT_ONCE
    assert figures(driven.last.counts) == {"unknown": 1}


def test_that_stopping_the_jobs_too_takes_no_zero_count_as_proof(tmp_path: Path, practice: PracticeFactory) -> None:
    server = practice(seed=EVERYBODY, queue=60, pace=1)
    driven = Driven(tmp_path, server.url, "events", "abc")
    driven.wait_for(is_a(ChunkAccepted))
    assert driven.ended_after(lambda: driven.engine.control.stop(also_jobs=True)) < 2 * AT_ONCE
    assert figures(driven.last.counts) == {"unknown": 1, "not_sent": 2}
    assert requests_seen(server.url)["DELETE", "batch/{job}", 200] == 1


def test_that_an_unsure_chunk_is_told_before_the_run_goes_on(tmp_path: Path, practice: PracticeFactory) -> None:
    server = practice(seed=EVERYBODY)
    switch(server.url, faults=[{"do": "cut-after", "on": "POST batch/events"}])
    driven = Driven(tmp_path, server.url, "events", "ab")
    driven.ended_after(lambda: None)
    assert any(map(is_a(ChunkUnsure), driven.events))
    assert figures(driven.last.counts) == {"unknown": 1, "succeeded": 1}
