"""The real command, killed for real at seeded moments, and resumed to its end."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.catalog import Resend, batch_type
from gb_desktop.practice import PRACTICE_KEYS
from tests.practice.fixtures import EVERYBODY, PracticeFactory, ledger, practice

__all__ = ["practice"]

KINDS = ("cashback", "events", "redeem", "balance-adjustment", "orders", "customers")
LONGEST_RESUME = 90.0  # seconds, on a busy machine
LONGEST = 0.08  # seconds after a line: far enough for the next POST, poll and commits
CUSTOMERS, ROWS = 20, 60
HEADERS = {
    "cashback": "customerId,transactionId,transactionTime,amount",
    "redeem": "customerId,transactionId,transactionTime,points",
    "orders": "customerId,orderId,orderDate,totalPaid",
    "customers": "customerId,email",
    "events": "customerId,event,metadata.number",
    "balance-adjustment": "customerId,amount,reason",
}


def line_of(key: str, number: int) -> str:
    customer, time = f"c{number % CUSTOMERS}", f"2026-03-01T10:{number // 60:02d}:{number % 60:02d}Z"
    if key == "customers":
        return f"c{number},c{number}@example.com"
    if key == "events":
        return f"{customer},visit,{number}"
    if key == "balance-adjustment":
        return f"{customer},5,Gift {number}"
    return f"{customer},N-{number},{time},10"


class Command:
    """`gb-desktop` against a practice service of the test, in a data directory of its own."""

    def __init__(self, folder: Path, key: str, url: str) -> None:
        self.key = key
        self.sheet = folder / f"{key}.csv"
        self.sheet.write_text("\n".join([HEADERS[key], *(line_of(key, number) for number in range(ROWS))]) + "\n")
        self.data = data = folder / "gb"
        data.mkdir()
        (data / "settings.json").write_text(json.dumps({"chunk_size": 5, "look_up_seconds": 3}))
        self.environment = {
            **os.environ,
            "GB_DESKTOP_DATA_DIR": str(data),
            "GB_DESKTOP_BASE_URL": url,
            "GB_DESKTOP_API_KEY": PRACTICE_KEYS.api_key,
            "GB_DESKTOP_SECRET_KEY": PRACTICE_KEYS.secret_key,
            "GB_DESKTOP_ADJUST_UNIT": "points",
        }

    def submit(self) -> list[str]:
        return ["submit", str(self.sheet), "--type", self.key, "--account", "env", "--timezone", "UTC", "--json"]

    def killed_after(self, arguments: list[str], chance: random.Random, most_lines: int) -> None:
        """Run it, and kill it at a moment after it has said some lines about its sending (or let it end by itself)."""
        lines, moment = chance.randint(1, most_lines), chance.uniform(0.0, LONGEST)
        with self._start(arguments) as child:
            assert child.stderr is not None
            for said in child.stderr:
                lines -= "Sending " in said or "job" in said.lower()
                if lines <= 0:
                    with suppress(subprocess.TimeoutExpired):
                        child.wait(moment)
                    child.kill()
                    break
            child.communicate()

    def is_whole(self, run: str) -> bool:
        """Whether the run file is sound: a kill must never damage it."""
        with closing(sqlite3.connect(self.data / "runs" / f"{run}.gbrun")) as db:
            return bool(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")

    def ended(self, arguments: list[str]) -> tuple[int, Any]:
        with self._start(arguments) as child:
            out, err = child.communicate(timeout=LONGEST_RESUME)
            assert out, err
            return child.returncode, json.loads(out)

    def the_run(self) -> str | None:
        with self._start(["runs", "--json"]) as child:
            found = [one["run"] for one in json.loads(child.communicate(timeout=60)[0]) if one["state"] != "draft"]
            return found[0] if found else None

    def _start(self, arguments: list[str]) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "gb_desktop", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, stdout=pipe, stderr=pipe, text=True)


def kill_and_resume(seed: int, folder: Path, practice: PracticeFactory) -> None:
    chance = random.Random(seed)
    key = KINDS[seed % len(KINDS)]
    server = practice(seed=EVERYBODY, queue=0.02, pace=400)
    command = Command(folder, key, server.url)
    command.killed_after(command.submit(), chance, most_lines=20)
    run = command.the_run()
    assert run is not None
    assert command.is_whole(run)
    if chance.random() < 0.5:
        command.killed_after(["resume", run, "--json"], chance, most_lines=12)
        assert command.is_whole(run)
    code, told = command.ended(["resume", run, "--json"])
    settled = told["succeeded"] + told["already_applied"]
    assert settled + told["failed"] + told["unknown"] + told["not_sent"] + told["excluded"] == told["rows"] == ROWS
    applied = [json.dumps(one["item"], default=str) for one in ledger(server.url) if one["endpoint"] == key]
    most = max(Counter(applied).values())
    assert most == 1 or batch_type(key).resend is Resend.HARMLESS, "nothing is applied twice"
    assert settled <= len(set(applied)) <= settled + told["unknown"]
    assert told["failed"] == 0
    assert code == (4 if told["unknown"] else 0)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(5))
def test_that_a_killed_submit_resumes_without_sending_twice_or_losing_a_row(
    seed: int, tmp_path: Path, practice: PracticeFactory
) -> None:
    kill_and_resume(seed, tmp_path, practice)


@pytest.mark.full
@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(5, 55))
def test_that_fifty_killed_submits_resume_without_sending_twice_or_losing_a_row(
    seed: int, tmp_path: Path, practice: PracticeFactory
) -> None:
    kill_and_resume(seed, tmp_path, practice)
