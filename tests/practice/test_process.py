"""The practice service as a child: started, found again, switched, ended with its parent."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from gb_desktop.practice.process import PracticeError, start_practice
from tests.practice.fixtures import ask, job_of, status

ITEM = {"customerId": "C-10001"}


def test_that_a_child_is_started_and_stopped(tmp_path: Path) -> None:
    with start_practice(tmp_path, dialect="b", scenario="slow", behaviour={"limits": 0, "pace": 7}) as process:
        assert process.owned
        assert process.alive
        found = ask(process.url, "/practice/scenario", keys=None).json
        assert (found["dialect"], found["scenario"], found["limits"], found["pace"]) == ("b", "slow", 0, 7)
    assert not process.alive


def test_that_a_restarted_service_has_the_same_url_and_jobs(tmp_path: Path) -> None:
    with start_practice(tmp_path) as process:
        url = process.url
        job = job_of(url, "balance-inquiry", [ITEM])
    with start_practice(tmp_path) as process:
        assert process.url == url
        assert status(url, job)["totalCount"] == 1


def test_that_a_running_service_is_found_and_left_running(tmp_path: Path) -> None:
    with start_practice(tmp_path, scenario="slow") as first:
        with start_practice(tmp_path, dialect="b") as second:
            assert (second.url, second.owned, second.alive) == (first.url, False, True)
        assert first.alive
        found = ask(first.url, "/practice/scenario", keys=None).json
        assert (found["scenario"], found["dialect"]) == ("slow", "b")
    assert not second.alive


def test_that_services_of_different_data_directories_are_kept_apart(tmp_path: Path) -> None:
    with start_practice(tmp_path / "one") as one:
        other_port_file = tmp_path / "two" / "practice" / "state.jsonl.port"
        other_port_file.parent.mkdir(parents=True)
        other_port_file.write_bytes((tmp_path / "one" / "practice" / "state.jsonl.port").read_bytes())
        with start_practice(tmp_path / "two") as two:
            assert two.owned
            assert two.url != one.url


def test_that_starting_many_at_once_makes_one_service(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool, ExitStack() as running:
        found = list(pool.map(lambda _: running.enter_context(start_practice(tmp_path)), range(3)))
        assert len({process.url for process in found}) == 1
        assert [process.owned for process in found].count(True) == 1


def test_that_a_service_that_cannot_start_says_why(tmp_path: Path) -> None:
    place = tmp_path / "practice" / "state.jsonl"
    place.parent.mkdir()
    place.write_text("hello\n")
    with pytest.raises(PracticeError, match="was not written by GB Desktop"):
        start_practice(tmp_path)


def test_that_a_missing_seed_is_named(tmp_path: Path) -> None:
    with pytest.raises(PracticeError, match=r"none\.json"):
        start_practice(tmp_path, seed=tmp_path / "none.json")


def test_that_no_time_to_start_is_said(tmp_path: Path) -> None:
    with pytest.raises(PracticeError, match="in time"):
        start_practice(tmp_path, wait=0)


def test_that_a_switch_that_is_not_understood_is_said(tmp_path: Path) -> None:
    with start_practice(tmp_path) as process, pytest.raises(PracticeError, match="scenario"):
        process.switch({"scenario": "stormy"})
    with pytest.raises(PracticeError, match="doesn't answer"):
        process.switch({"scenario": "slow"})


def test_that_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from gb_desktop.practice.process import start_practice\n"
        f"print(start_practice(Path({str(tmp_path)!r})).url, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        assert ask(url, "/practice/hello", keys=None).status == 200
        parent.kill()
    # Its state file is free again only when it is gone.
    with start_practice(tmp_path, wait=10) as process:
        assert process.url
