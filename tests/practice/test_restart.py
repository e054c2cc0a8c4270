"""What a restarted service finds: everything it acknowledged, each item carried out exactly once."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.practice import PracticeServer, Seed
from gb_desktop.practice.journal import InUseError
from tests.practice.fixtures import EVERYBODY, Clock, ask, job_of, ledger, practice_settings, status, switch

ITEMS = [{"customerId": f"C-{number}", "amount": 1} for number in range(10)]


@contextmanager
def running(state: Path, **changes: Any) -> Iterator[str]:
    """A server in this process on a state file."""
    with PracticeServer(practice_settings(**{"state": state, "seed": EVERYBODY, **changes})) as server:
        yield server.url


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "inner" / "state.jsonl"


def test_that_jobs_results_points_and_the_ledger_are_found_again(state: Path) -> None:
    with running(state) as url:
        job = job_of(url, "balance-adjustment", ITEMS)
        before = [status(url, job), ledger(url), ask(url, "transactions").json]
    with running(state) as url:
        assert [status(url, job), ledger(url), ask(url, "transactions").json] == before


def test_that_digits_are_found_again_as_received(state: Path) -> None:
    body = b'{"body":[{"customerId":"A",\n"amount":1.50},{"customerId":"B","amount":1e2}]}'
    with running(state) as url:
        ask(url, "batch/balance-adjustment", method="POST", body=body)
    with running(state) as url:
        text = ask(url, "/practice/ledger", keys=None).text
    assert '{"customerId":"A", "amount":1.50}' in text
    assert '{"customerId":"B","amount":1e2}' in text


def test_that_a_transaction_id_stays_used(state: Path) -> None:
    item = {"customerId": "A", "transactionId": "T", "transactionTime": "2026-03-01T09:30:00.000Z", "amount": 1}
    with running(state) as url:
        job_of(url, "cashback", [item])
    with running(state) as url:
        job = job_of(url, "cashback", [item])
        assert status(url, job)["response"]["failed"][0]["code"] == 9004


def test_that_a_running_job_goes_on_by_the_clock(state: Path) -> None:
    clock = Clock()
    with running(state, clock=clock, pace=1) as url:
        job = job_of(url, "balance-adjustment", ITEMS)
        clock.move(3.5)
        assert status(url, job)["finishedCount"] == 3
    clock.move(2)
    with running(state, clock=clock, pace=1) as url:
        assert status(url, job)["finishedCount"] == 5
        clock.move(60)
        assert status(url, job)["finishedCount"] == 10
        assert [one["item"] for one in ledger(url)] == ITEMS


def test_that_what_was_seen_as_done_stays_done_when_the_clock_goes_back(state: Path) -> None:
    clock = Clock()
    with running(state, clock=clock, pace=1) as url:
        job = job_of(url, "balance-adjustment", ITEMS)
        clock.move(60)
        assert status(url, job)["status"] == "completed"
    clock.move(-3600)
    with running(state, clock=clock, pace=1) as url:
        assert status(url, job)["status"] == "completed"


def test_that_a_stopped_job_stays_stopped(state: Path) -> None:
    clock = Clock()
    with running(state, clock=clock, pace=1) as url:
        job = job_of(url, "balance-adjustment", ITEMS)
        clock.move(3.5)
        ask(url, f"batch/{job}", method="DELETE")
    clock.move(60)
    with running(state, clock=clock, pace=1) as url:
        assert status(url, job)["status"] == "stopped"
        assert len(ledger(url)) == 3


def test_that_switches_are_replayed_where_they_happened(state: Path) -> None:
    with running(state) as url:
        job_of(url, "balance-adjustment", [{"customerId": "A", "amount": 1}])
        switch(url, unit="money", scenario="picky", chance=3)
        for number in range(20):
            job_of(url, "balance-adjustment", [{"customerId": f"B-{number}", "amount": 1}])
        before = ask(url, "transactions?limit=200").json
    with running(state) as url:
        assert ask(url, "transactions?limit=200").json == before
        assert ask(url, "/practice/scenario", keys=None).json["unit"] == "points"


def test_that_the_seed_of_the_first_start_holds(state: Path) -> None:
    first = Seed(accept_unknown=True, balance=Decimal("12.50"), currency="SAR")
    with running(state, seed=first):
        pass
    with running(state) as url:
        [entry] = status(url, job_of(url, "balance-inquiry", [{"customerId": "X"}]))["response"]["successful"]
        assert (entry["pointsBalance"], entry["currency"]) == (Decimal("12.50"), "SAR")


@pytest.mark.parametrize("kept", [1, 20, -1])
def test_that_a_line_torn_by_a_kill_is_cut_off_and_written_over(state: Path, kept: int) -> None:
    with running(state) as url:
        job = job_of(url, "balance-adjustment", ITEMS)
    whole = state.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    state.write_bytes(whole + last[:kept])
    with running(state) as url:
        assert status(url, job)["finishedCount"] == 10
        other = job_of(url, "balance-inquiry", [{"customerId": "A"}])
    with running(state) as url:
        assert status(url, other)["finishedCount"] == 1
        assert len(ledger(url)) == 11


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"hello\n", "was not written by GB Desktop"),
        (b'{"a":1}\n', "was not written by GB Desktop"),
        (b'{"do":"open","version":2,"seed":{}}\n', "newer version"),
        (b'{"do":"open","version":1,"seed":{"x":1}}\n', "setting x is not known"),
        (b'{"do":"open","version":1,"seed":{}}\nhello\n', "Line 2"),
        (b'{"do":"open","version":1,"seed":{}}\n{"do":"dance","at":1}\n', "Line 2"),
        (b'{"do":"open","version":1,"seed":{}}\n\xff\n', "Line 2"),
        (b'{"do":"open","version":1,"seed":{}}\n{"do":"stop","at":1,"job":5}\n', "Line 2"),
    ],
)
def test_that_another_file_is_refused_with_a_sentence_and_left_as_it_is(
    state: Path, content: bytes, sentence: str
) -> None:
    state.parent.mkdir()
    state.write_bytes(content)
    with pytest.raises(ValueError, match=sentence):
        PracticeServer(practice_settings(state=state)).start()
    assert state.read_bytes() == content


def test_that_a_state_file_has_one_service_at_a_time(state: Path) -> None:
    with running(state) as url, pytest.raises(InUseError, match="Another practice service"), running(state):
        pass
    with running(state) as url:
        assert ask(url, "/practice/hello", keys=None).json["state"] == str(state)


def test_that_only_its_owner_may_read_the_state_file(state: Path) -> None:
    with running(state):
        assert stat.S_IMODE(state.stat().st_mode) == 0o600


def test_that_a_state_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="can't be used"):
        PracticeServer(practice_settings(state=tmp_path)).start()


class Killable:
    """The service as a process of its own, with customers whom everybody knows."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state.jsonl"
        self._seed = folder / "seed.json"
        self._seed.write_text(json.dumps({"accept_unknown": True}))
        self._child: subprocess.Popen[str] | None = None

    @contextmanager
    def started(self) -> Iterator[str]:
        """Its URL; it is killed at the end, without a chance to say good-bye."""
        options = ["--port", "0", "--state", str(self.state), "--seed", str(self._seed)]
        command = [sys.executable, "-m", "gb_desktop", "practice", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
            assert child.stdout is not None
            try:
                yield child.stdout.readline().strip()
            finally:
                os.kill(child.pid, signal.SIGKILL) if sys.platform != "win32" else child.kill()


def test_that_a_killed_service_has_lost_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    service = Killable(tmp_path)
    jobs: list[str] = []
    seen = 0
    for start in range(3):
        with service.started() as url:
            switch(url, pace=400, queue=0, limits=0)
            items = [{"customerId": f"C-{start}-{number}", "amount": 1} for number in range(100)]
            jobs += [job_of(url, "balance-adjustment", items[half : half + 50]) for half in (0, 50)]
            while (now := len(ledger(url))) < 100 * start + 20:
                pass
            assert now >= seen
            seen = now
    with service.started() as url:
        switch(url, pace=0, queue=0, limits=0)
        assert [status(url, job)["finishedCount"] for job in jobs] == [50] * 6
        found = [one["item"]["customerId"] for one in ledger(url)]
        assert sorted(found) == sorted(f"C-{start}-{number}" for start in range(3) for number in range(100))
        assert len(ask(url, "transactions?customerId=C-0-0").json["transactions"]) == 1
