"""Killed in the middle of sending, then resumed: each row arrives once, and what can't be known is said."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from gb_desktop.practice import PracticeServer
from gb_desktop.practice.settings import Fault
from tests.e2e.cli_kit import (
    FULL,
    LIVE_KEYS,
    SUMMARY,
    Desktop,
    GameballFactory,
    Ran,
    adds_up,
    applied,
    finished,
    killed,
    submission,
    until,
)
from tests.e2e.cli_network import black_hole, free_port
from tests.e2e.cli_sheets import CAIRO, Row, cashback_rows, write_sheet
from tests.practice.fixtures import ask, ledger, switch

ROWS = 60
HELD = 30.0  # seconds an answer is held back, for the command to be killed meanwhile


def twice_each(count: int) -> list[Row]:
    """Cashback whose customers come twice: at least two requests, the second waiting for the first."""
    head, *rows = cashback_rows(count)
    return [head, *((f"C-{number % (count // 2)}", *row[1:]) for number, row in enumerate(rows))]


@pytest.fixture
def sheet(desktop: Desktop) -> Path:
    return write_sheet(desktop.folder / "cashback.xlsx", twice_each(ROWS))


def made(service: PracticeServer, endpoint: str, jobs: int = 1) -> Callable[[], bool]:
    """True once Gameball has made so many jobs, whether or not their answers arrived."""

    def told() -> bool:
        found = ask(service.url, "/practice/jobs", keys=None).json["jobs"]
        return sum(job["endpoint"] == endpoint for job in found) >= jobs

    return told


def held_answer(endpoint: str, nth: int = 1) -> Fault:
    return Fault("wait", on=f"POST batch/{endpoint}", nth=nth, seconds=HELD)


def resumed(desktop: Desktop) -> Ran:
    return desktop.run("resume", desktop.only_run(), "--json")


def each_once(service: PracticeServer, count: int = ROWS) -> None:
    idents = [item["transactionId"] for item in applied(service, "cashback")]
    assert len(idents) == len(set(idents)) == count


# The fault that holds the moment still, the service's pace (items a second), and what shows that the moment has come.
MOMENTS = {
    "the first answer is on its way": ((held_answer("cashback"),), 0, lambda service: made(service, "cashback")),
    "the first job is running": ((), 30, lambda service: lambda: len(ledger(service.url)) > 5),
    "the second answer is on its way": (
        (held_answer("cashback", nth=2),),
        0,
        lambda service: made(service, "cashback", 2),
    ),
    "a status is on its way": (
        (Fault("wait", on="GET batch/{job}", nth=2, times=50, seconds=HELD),),
        0,
        lambda service: made(service, "cashback"),
    ),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_that_a_killed_run_of_a_keyed_type_is_finished_by_resume_with_each_row_once(
    moment: str, desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    faults, pace, come = MOMENTS[moment]
    service = gameball(faults=faults, pace=pace)
    account = desktop.at(service.url)
    process = account.start(*submission(sheet, "cashback"), *CAIRO)
    until(come(service), moment)
    killed(process)
    (listed,) = desktop.runs()
    assert listed["state"] == "interrupted"
    switch(service.url, faults=[], pace=0)
    ran = resumed(account)
    assert ran.code == 0, ran.err
    assert ran.json["succeeded"] + ran.json["already_applied"] == ran.json["rows"] == ROWS
    each_once(service)


@FULL[0]
@FULL[1]
def test_that_a_run_killed_twice_still_sends_each_row_once(
    desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    service = gameball(faults=(held_answer("cashback"), held_answer("cashback", nth=2)))
    account = desktop.at(service.url)
    process = account.start(*submission(sheet, "cashback"), *CAIRO)
    until(made(service, "cashback"), "the first job")
    killed(process)
    process = account.start("resume", desktop.only_run(), "--json")
    until(made(service, "cashback", 2), "the second job")
    killed(process)
    ran = resumed(account)
    assert ran.code == 0, ran.err
    each_once(service)


def test_that_killed_events_are_never_sent_again_by_themselves(desktop: Desktop, gameball: GameballFactory) -> None:
    """The customer's second event waits for a person's word on the first."""
    rows = [("Customer ID", "Event Name"), *((f"C-{n}", "visit") for n in range(5)), ("C-0", "leave")]
    file = write_sheet(desktop.folder / "events.xlsx", rows)
    service = gameball(faults=(held_answer("events"),))
    account = desktop.at(service.url)
    process = account.start(*submission(file, "events"))
    until(made(service, "events"), "the job")
    killed(process)
    for _ in range(2):
        ran = resumed(account)
        assert ran.code == 4, ran.err
        adds_up(ran.json, rows=6, unknown=5, not_sent=1, state="needs_attention")
    assert len(applied(service, "events")) == 5
    decided = account.run("resolve", desktop.only_run(), "--sent", "--json")
    assert decided.code == 5, decided.err  # `resume` sends what waited
    adds_up(decided.json, rows=6, already_applied=5, not_sent=1)
    ran = resumed(account)
    assert ran.code == 0, ran.err
    adds_up(ran.json, rows=6, succeeded=1, already_applied=5)
    assert [list(item["events"]) for item in applied(service, "events")] == [["visit"]] * 5 + [["leave"]]


def test_that_events_that_never_arrived_are_not_sent_again_either(desktop: Desktop, gameball: GameballFactory) -> None:
    """Nobody can tell them from events that did."""
    rows = [("Customer ID", "Event Name"), ("C-1", "visit"), ("C-2", "visit")]
    file = write_sheet(desktop.folder / "events.xlsx", rows)
    service = gameball()
    with black_hole(service.url, "batch/events") as (url, arrived):
        account = desktop.at(url)
        process = account.start(*submission(file, "events"))
        assert arrived.wait(30)
        killed(process)
        ran = resumed(account)
    assert ran.code == 4, ran.err
    adds_up(ran.json, rows=2, unknown=2)
    assert applied(service, "events") == []


def test_that_killed_adjustments_are_looked_up_and_moved_once(desktop: Desktop, gameball: GameballFactory) -> None:
    rows = [("Customer ID", "Amount"), *((f"C-{n % 4}", 10 + n) for n in range(8))]
    file = write_sheet(desktop.folder / "adjustments.xlsx", rows)
    service = gameball(faults=(held_answer("balance-adjustment"),))
    account = desktop.at(service.url, adjust_unit="points")
    process = account.start(*submission(file, "balance-adjustment"))
    until(made(service, "balance-adjustment"), "the job")
    killed(process)
    ran = resumed(account)
    assert ran.code == 0, ran.err
    assert ran.json["succeeded"] + ran.json["already_applied"] == 8
    assert sorted(item["amount"] for item in applied(service, "balance-adjustment")) == list(range(10, 18))


def test_that_rows_to_be_sent_again_are_looked_up_first(desktop: Desktop, gameball: GameballFactory) -> None:
    """A person who asks for it a minute after a crash must not pay what had arrived."""
    rows = [("Customer ID", "Amount"), *((f"C-{n}", 10 + n) for n in range(8))]
    file = write_sheet(desktop.folder / "adjustments.xlsx", rows)
    service = gameball(faults=(held_answer("balance-adjustment"),))
    account = desktop.at(service.url, adjust_unit="points")
    process = account.start(*submission(file, "balance-adjustment"))
    until(made(service, "balance-adjustment"), "the job")
    until(lambda: len(applied(service, "balance-adjustment")) == 8, "its rows")
    killed(process)
    switch(service.url, faults=[])
    ran = account.run("resolve", desktop.only_run(), "--send-again", "--json")
    assert ran.code == 0, ran.err
    adds_up(ran.json, rows=8, already_applied=8)
    assert len(applied(service, "balance-adjustment")) == 8


def test_that_a_run_killed_before_anything_was_sent_is_submitted_anew_without_more_ado(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    file = write_sheet(desktop.folder / "long.xlsx", cashback_rows(2000))
    service = gameball()
    account = desktop.at(service.url)
    process = account.start(*submission(file, "cashback"), *CAIRO)
    run = until(desktop.only_run, "the run's file")
    killed(process)
    assert ledger(service.url) == []
    ran = account.run("resume", run, "--json")
    assert ran.code in (0, 2), ran.err
    assert bool(ran.out) is (ran.code == 0)
    if ran.code == 2:
        anew = account.submit(file, "cashback", *CAIRO)
        assert anew.code == 0, anew.err
    each_once(service, 2000)


def test_that_ctrl_c_ends_with_5_and_resume_goes_on(desktop: Desktop, gameball: GameballFactory, sheet: Path) -> None:
    service = gameball(pace=20)
    account = desktop.at(service.url)
    process = account.start(*submission(sheet, "cashback"), *CAIRO)
    until(lambda: len(ledger(service.url)) > 3, "the first job running")
    process.send_signal(signal.SIGINT)
    ran = finished(process)
    assert ran.code == 5, ran.err
    assert set(ran.json) == SUMMARY
    switch(service.url, pace=0)
    again = resumed(account)
    assert again.code == 0, again.err
    adds_up(again.json, rows=ROWS, succeeded=ROWS)
    each_once(service)


def test_that_an_account_with_other_keys_cannot_resume(desktop: Desktop, gameball: GameballFactory) -> None:
    """Neither at another address nor with live keys: the rows were meant for the first account."""
    file = write_sheet(desktop.folder / "cashback.xlsx", cashback_rows(5))
    port = free_port()
    ran = desktop.at(f"http://127.0.0.1:{port}").submit(file, "cashback", *CAIRO, "--wait", "0")
    assert ran.code == 5, ran.err
    service = gameball()
    for account in (desktop.at(service.url), desktop.at(f"http://127.0.0.1:{port}", LIVE_KEYS)):
        refused = resumed(account)
        assert refused.code in (2, 3), refused.err
    assert ledger(service.url) == []


@FULL[0]
@FULL[1]
@pytest.mark.timeout(900)
def test_that_a_large_run_killed_at_random_moments_sends_each_row_once(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    count = 6000
    chance = random.Random(7)
    file = write_sheet(desktop.folder / "large.xlsx", twice_each(count))
    service = gameball(scenario="flaky", pace=1500)
    account = desktop.at(service.url)
    process = account.start(*submission(file, "cashback"), *CAIRO)
    until(made(service, "cashback"), "the first job")
    for _ in range(8):
        so_far = len(ledger(service.url))
        step = chance.randrange(1, 700)
        until(lambda: len(ledger(service.url)) >= min(count, so_far + step), "progress", 120)  # noqa: B023
        killed(process)
        process = account.start("resume", desktop.only_run(), "--json")
    ran = finished(process, seconds=600)
    while ran.code == 5:
        ran = resumed(account)
    assert ran.code == 0, ran.err
    each_once(service, count)
