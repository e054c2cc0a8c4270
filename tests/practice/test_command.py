"""`gb-desktop practice`: its first line, its options, its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from gb_desktop.practice.command import run
from tests.practice.fixtures import PRACTICE_KEYS, ask, job_of, status

POSIX = sys.platform != "win32"


@contextmanager
def started(folder: Path, *options: str, stdin: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, with its own data directory."""
    command = [sys.executable, "-m", "gb_desktop", "practice", *options]
    environment = {**os.environ, "GB_DESKTOP_DATA_DIR": str(folder)}
    with subprocess.Popen(
        command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as child:
        try:
            yield child
        finally:
            if child.poll() is None:
                child.kill()


def first_line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def ended(child: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Its exit code and what else it said."""
    said, errors = child.communicate(timeout=10)
    return child.returncode, said, errors


@pytest.mark.skipif(not POSIX, reason="Windows ends a process without asking it")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_its_url_comes_first_and_a_signal_ends_it_with_0(tmp_path: Path, number: signal.Signals) -> None:
    with started(tmp_path, "--state", "memory", "--dialect", "b") as child:
        url = first_line(child)
        job = job_of(url, "balance-inquiry", [{"customerId": "C-10001"}])
        assert ask(url, f"batches/{job}/status").status == 200
        child.send_signal(number)
        code, said, errors = ended(child)
    assert (code, said) == (0, "")
    assert PRACTICE_KEYS.api_key in errors
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def test_that_its_options_are_obeyed(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"customers": [{"customerId": "Only", "balance": 5}]}))
    options = ["--scenario", "slow", "--seed", str(seed), "--state", str(tmp_path / "s.jsonl")]
    with started(tmp_path, *options) as child:
        url = first_line(child)
        assert ask(url, "/practice/scenario", keys=None).json["scenario"] == "slow"
        assert ask(url, "/practice/hello", keys=None).json["state"] == str(tmp_path / "s.jsonl")


def test_that_state_and_port_are_kept_in_the_data_directory(tmp_path: Path) -> None:
    with started(tmp_path) as child:
        url = first_line(child)
        job = job_of(url, "balance-inquiry", [{"customerId": "C-10001"}])
        child.kill()
        child.wait()
    with started(tmp_path) as child:
        assert first_line(child) == url
        assert status(url, job)["totalCount"] == 1


def test_that_another_port_is_taken_when_the_last_one_is_gone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        place = tmp_path / "s.jsonl"
        place.with_name("s.jsonl.port").write_text(json.dumps({"url": url, "pid": 1}))
        with started(tmp_path, "--state", str(place)) as child:
            assert first_line(child) not in (url, "")


def test_that_the_end_of_a_parents_pipe_ends_it(tmp_path: Path) -> None:
    with started(tmp_path, "--with-parent", stdin=subprocess.PIPE) as child:
        assert first_line(child)
        assert ended(child)[0] == 0


def test_that_the_end_of_standard_input_alone_does_not_end_it(tmp_path: Path) -> None:
    with started(tmp_path) as child:
        url = first_line(child)
        assert ask(url, "/practice/hello", keys=None).status == 200
        assert child.poll() is None


def refusal(capsys: pytest.CaptureFixture[str], options: Sequence[str]) -> str:
    """The one sentence with which it refuses to start, on stderr alone."""
    assert run(options) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "Errno" not in said.err
    return said.err


def test_that_a_taken_port_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in refusal(capsys, ["--state", "memory", "--port", port])


def test_that_a_port_that_is_none_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert "70000" in refusal(capsys, ["--state", "memory", "--port", "70000"])


def test_that_a_wrong_seed_or_state_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    seed = tmp_path / "seed.json"
    assert "seed.json" in refusal(capsys, ["--state", "memory", "--seed", str(seed)])
    seed.write_text("{")
    assert "seed.json" in refusal(capsys, ["--state", "memory", "--seed", str(seed)])
    assert str(tmp_path) in refusal(capsys, ["--state", str(tmp_path)])


@pytest.mark.parametrize("options", [["--dialect", "c"], ["--scenario", "stormy"], ["--port", "x"], ["extra"]])
def test_that_wrong_options_exit_with_2_and_one_sentence(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        run(options)
    assert stop.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
