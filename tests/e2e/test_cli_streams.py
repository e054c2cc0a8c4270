"""Standard streams that are closed, full, cut off or of another alphabet: what is told never stops what is done."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.cli_kit import Desktop, GameballFactory, adds_up, applied, finished, submission
from tests.e2e.cli_sheets import CAIRO, cashback_rows, write_sheet

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="redirects as a POSIX shell does")
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@pytest.fixture
def sheet(desktop: Desktop) -> Path:
    return write_sheet(desktop.folder / "cashback.xlsx", cashback_rows(10), sheet="مارس")


@pytest.mark.parametrize("redirected", ["2>&-", "<&-", ">&- 2>&- <&-", pytest.param("2>/dev/full", marks=full)])
def test_that_a_run_is_sent_whatever_its_streams_are(
    redirected: str, desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    service = gameball()
    account = desktop.at(service.url)
    ran = finished(account.start(*submission(sheet, "cashback"), *CAIRO, redirected=redirected))
    assert ran.code == 0, ran.err
    if ran.out:
        adds_up(ran.json, rows=10, succeeded=10)
    (listed,) = account.runs()
    assert (listed["state"], listed["succeeded"]) == ("finished", 10)
    assert len(applied(service, "cashback")) == 10


def test_that_a_run_goes_on_when_nobody_reads_what_it_says(
    desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    service = gameball()
    process = desktop.at(service.url).start(*submission(sheet, "cashback"), *CAIRO)
    for stream in (process.stdout, process.stderr):
        assert stream is not None
        stream.close()
    assert process.wait(60) == 0
    assert len(applied(service, "cashback")) == 10


@full
def test_that_a_result_that_cannot_be_written_is_said(desktop: Desktop, gameball: GameballFactory, sheet: Path) -> None:
    """Of a run the exit code still tells what became of the rows."""
    account = desktop.at(gameball().url)
    commands = ((2, ("check", sheet, "--type", "cashback")), (0, submission(sheet, "cashback")), (2, ("runs",)))
    for code, command in commands:
        options = CAIRO if len(command) > 1 else ()
        ran = finished(account.start(*command, *options, redirected=">/dev/full"))
        assert (ran.code, ran.out) == (code, ""), ran.err
        assert "can't be written: No space left on device" in ran.sentence


def test_that_wrong_options_are_refused_without_a_place_to_say_it(desktop: Desktop) -> None:
    assert finished(desktop.start("check", redirected="2>&-")).code == 2


def test_that_letters_which_the_output_cannot_hold_are_escaped(desktop: Desktop, sheet: Path) -> None:
    plain = replace(desktop, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    rows = [*cashback_rows(3), ("C-9", "T-9", "soon", 5)]
    ran = plain.run("check", write_sheet(sheet, rows, sheet="مارس"), "--type", "cashback")
    assert ran.code == 1, ran.err
    assert "\\u0645\\u0627\\u0631\\u0633!C5" in ran.out
