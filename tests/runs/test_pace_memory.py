"""Processes that send for one account one after the other keep to its limits together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gb_desktop.gameball.limiter import Limiter
from gb_desktop.runs.pace_memory import PaceMemory

SERVER = "https://api.gameball.co"
HALF_MINUTE = ((300, 30.0),)

SENDER = """
import os, signal, sys, time
from pathlib import Path
from gb_desktop.gameball.limiter import Limiter
from gb_desktop.runs.pace_memory import PaceMemory
path, server, requests, end = sys.argv[1:]
limiter = Limiter(time.monotonic, ((300, 30.0),), memory=PaceMemory(Path(path), server))
limiter.recall()
print(sum(limiter.acquire(wait=lambda _: True) for _ in range(int(requests))), flush=True)
if end == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
"""


def another_process(path: Path, requests: int, end: str = "", server: str = SERVER) -> int:
    """How many of so many requests a process of its own may send at once."""
    command = [sys.executable, "-c", SENDER, str(path), server, str(requests), end]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == (-signal.SIGKILL if end else 0)
    return int(ran.stdout)


def here(path: Path) -> Limiter:
    limiter = Limiter(time.monotonic, HALF_MINUTE, memory=PaceMemory(path, SERVER))
    limiter.recall()
    return limiter


@pytest.mark.skipif(os.name == "nt", reason="no such kill there")
@pytest.mark.parametrize("end", ["", "kill"])
def test_that_a_process_counts_what_the_ones_before_it_sent(end: str, tmp_path: Path) -> None:
    path = tmp_path / "locks" / "account.pace"
    path.parent.mkdir()
    assert another_process(path, 200, end) == 200
    assert another_process(path, 60) == 60
    assert another_process(path, 60) == 40
    waits: list[float] = []
    assert not here(path).acquire(wait=lambda seconds: not waits.append(seconds))
    assert 0 < waits[0] <= 30


def test_that_requests_to_another_address_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "account.pace"
    assert another_process(path, 300) == 300
    assert another_process(path, 300, server="http://127.0.0.1:4711") == 300
    assert path.stat().st_mode & 0o777 == 0o600 or os.name == "nt"


def test_that_a_process_does_not_count_its_own_requests_twice(tmp_path: Path) -> None:
    limiter = here(tmp_path / "account.pace")
    for _ in range(200):
        assert limiter.acquire(wait=lambda _: True)
        limiter.recall()
    assert sum(limiter.acquire(wait=lambda _: True) for _ in range(150)) == 100


def test_that_only_the_last_half_minute_counts_whatever_the_file_holds(tmp_path: Path) -> None:
    path, now = tmp_path / "account.pace", [1_700_000_000.0]
    first, second = (PaceMemory(path, SERVER, wall=lambda: now[0]) for _ in range(2))
    for _ in range(3_000):  # the ring goes round
        first.note()
        now[0] += 0.1
    ages = sorted(second.ages())
    assert ages[:2] == pytest.approx([0.1, 0.2], abs=0.01)
    assert 299 < len(ages) <= 600
    now[0] += 3600
    assert second.ages() == []
    second.note()
    now[0] -= 10.0  # the clock was set back
    assert first.ages() == [0.0]
    path.write_bytes(b"\xff" * 99)
    assert first.ages() == []
    first.note()


def test_that_a_folder_that_cannot_be_written_holds_no_request_back(tmp_path: Path) -> None:
    limiter = here(tmp_path / "missing" / "account.pace")
    assert limiter.acquire(wait=lambda _: True)
