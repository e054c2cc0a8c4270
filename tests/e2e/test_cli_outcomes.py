"""How a run ends: every exit code, in its order, and what the summary, the ledger and the report say then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gb_desktop.practice import KeyPair, PracticeServer
from gb_desktop.practice.settings import Fault
from tests.e2e.cli_kit import (
    ALL_KEYS,
    FULL,
    LISTED,
    OUTCOMES,
    TEST_KEYS,
    Desktop,
    GameballFactory,
    Start,
    adds_up,
    applied,
    finished,
    side_by_side,
    submission,
    until,
)
from tests.e2e.cli_network import detour, free_port
from tests.e2e.cli_sheets import CAIRO, cashback_rows, write_sheet
from tests.practice.fixtures import EVERYBODY, ledger, practice_settings, switch

EVENTS = [("Customer ID", "Event Name"), *((f"C-{n}", "visit") for n in range(1, 6))]
LOST_ANSWER = Fault("cut-after", on="POST batch/events")
APP_COLUMNS = ["Outcome", "Message", "Evidence", "Job"]


@pytest.fixture
def sheet(desktop: Desktop) -> Path:
    return write_sheet(desktop.folder / "cashback.xlsx", cashback_rows(10))


def report_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a results workbook, below its header."""
    page = openpyxl.load_workbook(path).worksheets[0]
    assert page.title == "Results"
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    header = next(number for number, row in enumerate(rows) if "Outcome" in row)
    return [dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]]


def test_that_failed_rows_end_a_finished_run_with_1_and_are_told_apart_in_the_report(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    service = gameball(seed=replace(EVERYBODY, accept_prefix="C-"))
    rows = [*cashback_rows(9), ("X-10", "T-10", cashback_rows(1)[1][2], 5), (None, None, None, None)]
    rows.append((None, "T-11", None, 7))
    file = write_sheet(desktop.folder / "one stranger.xlsx", rows)
    out = desktop.folder / "results.xlsx"
    ran = desktop.at(service.url).submit(file, "cashback", "--skip-invalid", "--report", out)
    assert ran.code == 1, ran.err
    adds_up(ran.json, rows=11, succeeded=9, failed=1, excluded=1, state="finished", stopped=False, report=str(out))
    results = report_of(out)
    assert list(results[0])[:8] == ["Customer ID", "Transaction ID", "Transaction Time", "Amount", *APP_COLUMNS]
    assert [row["Outcome"] for row in results] == [*["succeeded"] * 9, "failed", "excluded"]
    assert "not found" in results[9]["Message"]
    assert results[10]["Message"].startswith("Left out: Customer ID is empty, and every row needs it.")
    summary = [[cell.value for cell in row] for row in openpyxl.load_workbook(out)["Summary"].iter_rows()]
    assert ["excluded", "Left out: the row has an error.", 1] in summary, "one reason, however many rows"
    assert {row["Job"] for row in results[:10]} <= set(ran.json["jobs"])
    assert results[0]["Customer ID"] == "C-1"
    (listed,) = desktop.runs()
    assert set(listed) == LISTED
    assert {name: listed[name] for name in OUTCOMES} == {name: ran.json[name] for name in OUTCOMES}
    assert (listed["run"], listed["state"], listed["type"]) == (ran.json["run"], "finished", "cashback")


def test_that_a_lost_answer_of_a_once_type_ends_with_4_and_the_others_still_go(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    """Five rows are one request, so a customer's further row is what waits; a second customer of that layer goes."""
    rows = [*EVENTS, ("C-1", "again")]
    service = gameball(faults=(LOST_ANSWER,))
    file = write_sheet(desktop.folder / "events.xlsx", rows)
    account = desktop.at(service.url)
    ran = account.submit(file, "events")
    assert ran.code == 4, ran.err
    adds_up(ran.json, rows=6, unknown=5, not_sent=1, state="needs_attention")
    assert len(applied(service, "events")) == 5
    resumed = account.run("resume", ran.json["run"], "--json")
    assert resumed.code == 4, resumed.err
    assert len(applied(service, "events")) == 5


def test_that_an_unsure_request_holds_back_its_own_customers_alone(desktop: Desktop, gameball: GameballFactory) -> None:
    rows = [EVENTS[0], *((f"C-{n}", "visit") for n in range(1, 1041))]
    service = gameball(faults=(LOST_ANSWER,))
    file = write_sheet(desktop.folder / "many events.xlsx", rows)
    ran = desktop.at(service.url).submit(file, "events")
    assert ran.code == 4, ran.err
    summary = ran.json
    assert summary["unknown"] + summary["succeeded"] == summary["rows"] == 1040
    assert summary["succeeded"] >= 40
    customers = [item["customerId"] for item in applied(service, "events")]
    assert len(customers) == len(set(customers)) == 1040


@pytest.mark.parametrize(
    ("decision", "code", "sent", "expected"),
    [
        ("--sent", 0, 5, {"already_applied": 5}),
        ("--send-again", 0, 10, {"succeeded": 5}),
        pytest.param("--look-up", 4, 5, {"unknown": 5}, marks=FULL),
    ],
)
def test_that_a_person_decides_over_unknown_rows(
    decision: str, code: int, sent: int, expected: dict[str, int], desktop: Desktop, gameball: GameballFactory
) -> None:
    service = gameball(faults=(LOST_ANSWER,))
    file = write_sheet(desktop.folder / "events.xlsx", EVENTS)
    account = desktop.at(service.url)
    run = account.submit(file, "events").json["run"]
    ran = account.run("resolve", run, decision, "--json")
    assert ran.code == code, ran.err
    adds_up(ran.json, rows=5, **expected)
    assert len(applied(service, "events")) == sent


def test_that_too_many_failures_pause_the_run_until_somebody_resumes_it(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    head, *rows = cashback_rows(200)
    strangers = [(f"X-{n}", *row[1:]) if n % 2 else row for n, row in enumerate(rows)]
    file = write_sheet(desktop.folder / "half strangers.xlsx", [head, *strangers])
    desktop.data.mkdir()
    (desktop.data / "settings.json").write_text('{"chunk_size": 20, "open_jobs": 1, "failure_share": 0.3}')
    service = gameball(seed=replace(EVERYBODY, accept_prefix="C-"))
    account = desktop.at(service.url)
    ran = account.submit(file, "cashback", *CAIRO)
    assert ran.code == 5, ran.err
    adds_up(ran.json, rows=200, succeeded=50, failed=50, not_sent=100, state="paused")
    assert "More than 30% of the rows failed" in ran.err
    ran = account.run("resume", ran.json["run"], "--json")
    assert ran.code == 1, ran.err
    adds_up(ran.json, rows=200, succeeded=100, failed=100, state="finished")


def test_that_a_lost_adjustment_is_found_by_its_reference_and_not_sent_again(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    rows = [("Customer ID", "Amount", "Reason"), *((f"C-{n}", n * 10, "Sorry") for n in range(1, 6))]
    service = gameball(faults=(Fault("half-answer", on="POST batch/balance-adjustment"),))
    file = write_sheet(desktop.folder / "adjustments.xlsx", rows)
    ran = desktop.at(service.url, adjust_unit="points").submit(file, "balance-adjustment")
    assert ran.code == 0, ran.err
    assert ran.json["succeeded"] + ran.json["already_applied"] == 5
    assert [item["amount"] for item in applied(service, "balance-adjustment")] == [10, 20, 30, 40, 50]


def test_that_lost_adjustments_go_again_only_after_gameball_could_be_asked_about_them(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    rows = [("Customer ID", "Amount", "Reason"), ("C-1", 10, "Sorry"), ("C-2", 20, "Sorry")]
    lost = Fault("cut-after", on="POST batch/balance-adjustment")
    service = gameball(faults=(lost, Fault("cut-before", on="GET transactions", times=1000)))
    desktop.data.mkdir()
    (desktop.data / "settings.json").write_text('{"look_up_seconds": 0.5}')
    account = desktop.at(service.url, adjust_unit="points")
    ran = account.submit(write_sheet(desktop.folder / "a.xlsx", rows), "balance-adjustment")
    adds_up(ran.json, rows=2, unknown=2)
    run = ran.json["run"]
    refused = account.run("resolve", run, "--send-again", "--json")
    assert (refused.code, "not planned again" in refused.sentence) == (3, True), refused.err
    assert len(applied(service, "balance-adjustment")) == 2
    adds_up(account.run("resolve", run, "--sent", "--json").json, rows=2, already_applied=2)


def test_that_a_keyed_request_whose_answer_is_lost_goes_again_with_the_same_ids(
    desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    losses = ("cut-before", "cut-after", "half-answer", "html-after")
    ways = {loss: {"faults": (Fault(loss, on="POST batch/cashback"),)} for loss in losses}
    _all_arrive_once(ways, desktop, gameball, sheet)


def test_that_results_written_otherwise_still_account_for_every_row(
    desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    ways = {
        f"{results}, dialect {dialect}": {"results": results, "dialect": dialect}
        for results in ("partial", "empty", "renamed")
        for dialect in ("a", "b")
    }
    _all_arrive_once(ways, desktop, gameball, sheet)


def _all_arrive_once(
    ways: Mapping[str, Mapping[str, Any]], desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    """The sheet's ten rows, sent to a service of each way to behave."""
    services = {way: gameball(**changes) for way, changes in ways.items()}

    def send(way: str) -> Start:
        return lambda own: own.at(services[way].url).start(*submission(sheet, "cashback"), *CAIRO)

    for way, _, ran in side_by_side(desktop, {way: send(way) for way in ways}):
        assert ran.code == 0, (way, ran.err)
        assert ran.json["succeeded"] + ran.json["already_applied"] == ran.json["rows"] == 10
        idents = {item["transactionId"] for item in applied(services[way], "cashback")}
        assert (len(idents), len(applied(services[way], "cashback"))) == (10, 10)


def test_that_wrong_keys_end_with_3_and_a_run_that_sent_nothing(
    desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    service = gameball()
    ran = desktop.at(service.url, KeyPair(TEST_KEYS.api_key, "mistyped")).submit(sheet, "cashback", *CAIRO)
    assert ran.code == 3, ran.err
    if ran.out:
        adds_up(ran.json, rows=10, not_sent=10)
    assert ledger(service.url) == []
    right = desktop.at(service.url)
    twin = right.submit(sheet, "cashback", *CAIRO)
    assert (twin.code, twin.out) == (2, "")  # two runs of the same rows could both be continued
    assert f"{desktop.only_run()} " in twin.sentence
    resumed = right.run("resume", desktop.only_run(), "--json")
    assert resumed.code == 0, resumed.err
    adds_up(resumed.json, rows=10, succeeded=10)


def test_that_a_plan_without_api_access_ends_with_3(desktop: Desktop, gameball: GameballFactory, sheet: Path) -> None:
    service = gameball(refuse=8000)
    ran = desktop.at(service.url).submit(sheet, "cashback", *CAIRO)
    assert ran.code == 3, ran.err
    adds_up(ran.json, rows=10, not_sent=10)
    switch(service.url, refuse=None)
    resumed = desktop.at(service.url).run("resume", ran.json["run"], "--json")
    assert resumed.code == 0, resumed.err
    adds_up(resumed.json, rows=10, succeeded=10)


def test_that_a_redirected_request_leaves_its_rows_unknown_and_ends_with_3(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    service = gameball()
    file = write_sheet(desktop.folder / "events.xlsx", EVENTS)
    with detour(service.url, "batch/events") as url:
        ran = desktop.at(url).submit(file, "events")
    assert ran.code == 3, ran.err
    adds_up(ran.json, rows=5, unknown=5)
    assert applied(service, "events") == []


def test_that_a_dead_network_ends_with_5_and_resume_goes_on(
    desktop: Desktop, gameball: GameballFactory, sheet: Path
) -> None:
    port = free_port()
    account = desktop.at(f"http://127.0.0.1:{port}")
    ran = account.submit(sheet, "cashback", *CAIRO, "--wait", "1")
    assert ran.code == 5, ran.err
    adds_up(ran.json, rows=10, not_sent=10)
    assert ran.json["state"] in ("paused", "interrupted")
    service = gameball(port=port)
    resumed = account.run("resume", ran.json["run"], "--json")
    assert resumed.code == 0, resumed.err
    adds_up(resumed.json, rows=10, succeeded=10, state="finished")
    assert len(applied(service, "cashback")) == 10


def test_that_unknown_rows_count_more_than_failed_ones(desktop: Desktop, gameball: GameballFactory) -> None:
    """The job breaks off after fifteen of its twenty items, at least one of which has failed by then."""
    rows = [EVENTS[0], *((f"C-{n}", "visit") for n in range(1, 21))]
    file = write_sheet(desktop.folder / "events.xlsx", rows)
    service = gameball(scenario="picky", chance=3, breaks_after=15)
    ran = desktop.at(service.url).submit(file, "events")
    assert ran.code == 4, ran.err
    summary = ran.json
    adds_up(summary, rows=20, unknown=5, failed=summary["failed"], succeeded=15 - summary["failed"])
    assert summary["failed"] > 0
    assert len(applied(service, "events")) == summary["succeeded"]


def test_that_an_interruption_counts_more_than_unknown_rows(desktop: Desktop, gameball: GameballFactory) -> None:
    """The first answer never comes and nothing answers after it: rows are unknown and others are not sent."""
    rows = [EVENTS[0], *((f"C-{n}", "visit") for n in range(1, 6)), ("C-6", "visit"), ("C-6", "again")]
    file = write_sheet(desktop.folder / "events.xlsx", rows)
    port = free_port()
    account = desktop.at(f"http://127.0.0.1:{port}")
    with PracticeServer(practice_settings(keys=ALL_KEYS, seed=EVERYBODY, port=port, pace=10)) as service:
        process = account.start(*submission(file, "events"), "--wait", "1")
        until(lambda: applied(service, "events"), "the first job running")
    ran = finished(process)
    assert ran.code == 5, ran.err
    summary = ran.json
    assert sum(summary[name] for name in OUTCOMES) == summary["rows"] == 7
    assert summary["not_sent"] >= 1
    assert summary["state"] in ("paused", "interrupted")


def test_that_too_many_requests_are_waited_out(desktop: Desktop, gameball: GameballFactory, sheet: Path) -> None:
    service = gameball(faults=(Fault("limit", on="POST batch/cashback", seconds=1),))
    ran = desktop.at(service.url).submit(sheet, "cashback", *CAIRO)
    assert ran.code == 0, ran.err
    adds_up(ran.json, rows=10, succeeded=10)
    assert len(applied(service, "cashback")) == 10


def test_that_a_refused_row_is_found_and_its_neighbours_go(desktop: Desktop, gameball: GameballFactory) -> None:
    """The account wants a mobile with each row, which one row lacks."""
    rows = [(*cashback_rows(0)[0], "Mobile")]
    rows += [
        (*row, None if number == 3 else f"+2010012345{number:02d}") for number, row in enumerate(cashback_rows(8)[1:])
    ]
    file = write_sheet(desktop.folder / "mobiles.xlsx", rows)
    service = gameball(merge="mobile", names_items=False)
    ran = desktop.at(service.url).submit(file, "cashback", *CAIRO)
    assert ran.code == 1, ran.err
    adds_up(ran.json, rows=8, succeeded=7, failed=1)
    assert len(applied(service, "cashback")) == 7
