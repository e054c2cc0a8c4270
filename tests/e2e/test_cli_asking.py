"""What needs a person's yes first: live accounts, hidden rows, a sheet sent before, rows with errors, a unit."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from gb_desktop.practice import KeyPair
from tests.e2e.cli_kit import FULL, LIVE_KEYS, PLAIN_KEYS, Desktop, GameballFactory, Ran, adds_up, applied, submission
from tests.e2e.cli_sheets import cashback_rows, write_sheet
from tests.practice.fixtures import ledger

ADJUSTMENTS = [("Customer ID", "Amount", "Reason"), ("C-1", 10, "a"), ("C-2", 20, "b"), ("C-3", 30, "c")]


@pytest.fixture
def sheet(desktop: Desktop) -> Path:
    return write_sheet(desktop.folder / "cashback.xlsx", cashback_rows(4))


@pytest.fixture
def adjustments(desktop: Desktop) -> Path:
    return write_sheet(desktop.folder / "adjustments.xlsx", ADJUSTMENTS)


def turned_down(ran: Ran, code: int, *named: str) -> None:
    """Refused before a run was made that could be continued, with one sentence."""
    assert ran.code == code, ran.err
    assert ran.out == ""
    for word in named:
        assert word in ran.sentence


@pytest.mark.parametrize("keys", [LIVE_KEYS, PLAIN_KEYS], ids=["live", "environment unknown"])
def test_that_live_customers_get_nothing_without_a_yes(
    keys: KeyPair, desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    service = gameball()
    live = desktop.at(service.url, keys)
    turned_down(live.submit(sheet, "cashback"), 3, "--yes")
    assert ledger(service.url) == []
    agreed = live.submit(sheet, "cashback", "--yes")
    assert agreed.code == 0, agreed.err
    adds_up(agreed.json, rows=4, succeeded=4)
    assert len(applied(service, "cashback")) == 4


@pytest.mark.parametrize(
    ("answer", "code", "sent"), [pytest.param("no", 3, 0, marks=FULL), ("\x04", 3, 0), ("4", 0, 4)]
)
def test_that_on_a_terminal_the_answer_decides(
    answer: str, code: int, sent: int, desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    """Four rows: their number is the yes, so that nobody agrees by habit. Ctrl+D ends the input."""
    service = gameball()
    person, terminal = pty.openpty()
    try:
        process = _on(terminal, desktop.at(service.url, LIVE_KEYS), *submission(sheet, "cashback"))
        os.write(person, f"{answer}\n".encode())
        out, _ = process.communicate(timeout=60)
    finally:
        os.close(person)
        os.close(terminal)
    assert process.returncode == code
    assert len(applied(service, "cashback")) == sent
    assert bool(out) is (code == 0)


def _on(terminal: int, desktop: Desktop, *arguments: str | Path) -> subprocess.Popen[str]:
    """A command with a terminal for its input and its progress."""
    return desktop.start(*arguments, stdin=terminal, stderr=terminal)


def test_that_hidden_rows_are_asked_about_and_counted(desktop: Desktop, gameball: GameballFactory) -> None:
    file = write_sheet(desktop.folder / "filtered.xlsx", cashback_rows(5), hidden=(3, 5))
    service = gameball()
    account = desktop.at(service.url)
    turned_down(account.submit(file, "cashback"), 2, "2", "--rows")
    assert ledger(service.url) == []
    visible = account.submit(file, "cashback", "--rows", "visible")
    assert visible.code == 0, visible.err
    adds_up(visible.json, rows=5, succeeded=3, excluded=2)
    assert [item["transactionId"] for item in applied(service, "cashback")] == ["T-1", "T-3", "T-5"]


def test_that_hidden_rows_are_sent_when_all_are_asked_for(desktop: Desktop, gameball: GameballFactory) -> None:
    file = write_sheet(desktop.folder / "filtered.xlsx", cashback_rows(5), hidden=(3, 5))
    ran = desktop.at(gameball().url).submit(file, "cashback", "--rows", "all")
    adds_up(ran.json, rows=5, succeeded=5)


def test_that_the_same_sheet_is_not_sent_twice_unless_asked_for(
    desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    service = gameball()
    account = desktop.at(service.url)
    assert account.submit(sheet, "cashback").code == 0
    renamed = write_sheet(desktop.folder / "other name.xlsx", [cashback_rows(4)[0], *cashback_rows(4)[:0:-1]])
    for copy in (sheet, renamed):
        turned_down(account.submit(copy, "cashback"), 2, "--again")
    assert len(applied(service, "cashback")) == 4
    assert [run["rows"] for run in desktop.runs()] == [4]
    again = account.submit(sheet, "cashback", "--again")
    assert again.code in (1, 5), again.err  # Gameball refuses the IDs: all fail, and the failure brake may pull
    assert again.json["succeeded"] == 0
    assert len(applied(service, "cashback")) == 4


def test_that_reading_twice_needs_no_leave(desktop: Desktop, gameball: GameballFactory) -> None:
    file = write_sheet(desktop.folder / "who.xlsx", [("Customer ID",), ("C-1",), ("C-2",)])
    account = desktop.at(gameball().url)
    for _ in range(2):
        ran = account.submit(file, "balance-inquiry")
        assert ran.code == 0, ran.err


def test_that_rows_with_errors_hold_everything_back_until_they_are_left_out(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    file = write_sheet(desktop.folder / "mixed.xlsx", [*cashback_rows(4), (None, "T-9", None, 5)])
    service = gameball()
    account = desktop.at(service.url)
    held = account.submit(file, "cashback")
    assert held.code == 1, held.err
    assert ledger(service.url) == []
    assert bool(held.out) is bool(desktop.runs())
    skipped = account.submit(file, "cashback", "--skip-invalid")  # nothing was sent: no --again
    assert skipped.code == 0, skipped.err
    adds_up(skipped.json, rows=5, succeeded=4, excluded=1)


def test_that_a_sheet_without_a_valid_row_is_invalid_whatever_is_skipped(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    rows = [*cashback_rows(0), (None, "T-1", None, 5), (None, "T-2", None, 6)]
    file = write_sheet(desktop.folder / "hopeless.xlsx", rows)
    service = gameball()
    options = ("--map", "customerId=Customer ID", "--map", "transactionTime=Transaction Time")
    for skipping in ((), ("--skip-invalid",)):
        ran = desktop.at(service.url).submit(file, "cashback", *options, *skipping)
        assert ran.code == 1, ran.err
    assert ledger(service.url) == []


def test_that_live_adjustments_wait_for_the_unit(
    desktop: Desktop, gameball: GameballFactory, adjustments: Path
) -> None:
    service = gameball()
    turned_down(desktop.at(service.url, LIVE_KEYS).submit(adjustments, "balance-adjustment", "--yes"), 3, "points")
    assert applied(service, "balance-adjustment") == []
    known = desktop.at(service.url, LIVE_KEYS, adjust_unit="points")
    ran = known.submit(adjustments, "balance-adjustment", "--yes")
    assert ran.code == 0, ran.err
    assert [item["amount"] for item in applied(service, "balance-adjustment")] == [10, 20, 30]


def test_that_a_test_accounts_first_adjustment_goes_alone_unless_the_unit_is_known(
    desktop: Desktop, gameball: GameballFactory, adjustments: Path
) -> None:
    for unit, sizes in (("", [1, 2]), ("money", [3])):
        service = gameball()
        own = Desktop(desktop.folder / (unit or "none"))
        own.folder.mkdir()
        more = {"adjust_unit": unit} if unit else {}
        ran = own.at(service.url, **more).submit(adjustments, "balance-adjustment")
        assert ran.code == 0, ran.err
        jobs = [entry["job"] for entry in ledger(service.url) if entry["endpoint"] == "balance-adjustment"]
        assert [jobs.count(job) for job in dict.fromkeys(jobs)] == sizes
