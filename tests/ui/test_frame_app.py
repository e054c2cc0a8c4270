"""Starting and ending the app: arguments, one window a data folder, no stray output."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import QLockFile

from gb_desktop.app import Wanted, wanted
from gb_desktop.places import resources_dir

SAMPLE = resources_dir() / "samples" / "cashback.xlsx"


def test_that_a_file_and_practice_may_come_in_any_order() -> None:
    assert wanted([]) == Wanted()
    assert (
        wanted(["--practice", "a.xlsx"]) == wanted(["a.xlsx", "--practice"]) == Wanted(Path("a.xlsx").absolute(), True)
    )


@pytest.mark.parametrize("arguments", [["--live"], ["a.xlsx", "b.xlsx"]])
def test_that_other_arguments_are_refused_in_one_sentence(arguments: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+[.:] ?[^\n]*$"):
        wanted(arguments)


def _started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "GB_DESKTOP_DATA_DIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-m", "gb_desktop", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_for_a_run(data: Path, process: subprocess.Popen[bytes], before: int = 0) -> None:
    """Until the app holds more runs than before. AssertionError when it has ended instead."""
    given_up = monotonic() + 30
    while len(list(data.glob("runs/*.gbrun"))) <= before:
        assert monotonic() < given_up
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(process.communicate())


@pytest.mark.window
def test_that_the_app_opens_a_sample_and_ends_politely_without_stray_output(tmp_path: Path) -> None:
    process = _started(tmp_path, str(SAMPLE), "--practice")
    wait_for_a_run(tmp_path, process)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=30)
    lines = [line for line in errors.splitlines() if b"propagateSizeHints" not in line]
    assert (output, lines, process.returncode) == (b"", [], 0)
    assert (tmp_path / "logs" / "gb-desktop.log").is_file()


@pytest.mark.window
def test_that_a_second_window_on_the_same_data_says_so(tmp_path: Path) -> None:
    lock = QLockFile(str(tmp_path / "window.lock"))
    assert lock.tryLock(0)
    process = _started(tmp_path)
    assert process.stderr is not None
    said = process.stderr.readline().decode()
    process.kill()
    process.communicate()
    lock.unlock()
    assert said.startswith("GB Desktop is open already with the data folder")


@pytest.mark.window
def test_that_an_unknown_option_ends_with_two_and_one_sentence(tmp_path: Path) -> None:
    process = _started(tmp_path, "--nothing")
    output, errors = process.communicate(timeout=30)
    assert (output, process.returncode) == (b"", 2)
    assert errors.decode() == "--nothing is no option of GB Desktop: try gb-desktop --help.\n"
