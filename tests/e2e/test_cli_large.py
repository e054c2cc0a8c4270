"""Profiles that take minutes: many rows through a bad network, and what is waited for before it is called unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gb_desktop.practice.settings import Fault
from tests.e2e.cli_kit import FULL, Desktop, GameballFactory, adds_up, applied, finished, submission
from tests.e2e.cli_sheets import CAIRO, Row, cashback_rows, local, write_sheet

pytestmark = [*FULL, pytest.mark.timeout(900)]
DUST = (57.699999999999996, "57.7"), (1234.5, "1234.5"), (0.1 + 0.2, "0.3")


@pytest.mark.parametrize(("scenario", "dialect"), [("flaky", "a"), ("flaky", "b"), ("busy", "b")])
def test_that_twenty_thousand_rows_arrive_exactly_through_a_bad_network(
    scenario: str, dialect: str, desktop: Desktop, gameball: GameballFactory
) -> None:
    count = 20_000
    rows: list[Row] = cashback_rows(0)
    for number in range(count):
        spent = DUST[number % len(DUST)][0]
        # Every customer comes twice, at different times.
        moment = local(2026, 1 + number % 2, 1 + number % 28, 12, number % 60)
        rows.append((f"C-{number // 2}", f"T-{number}", moment, spent))
    file = write_sheet(desktop.folder / "large.xlsx", rows)
    service = gameball(scenario=scenario, dialect=dialect, pace=4000, queue=0.1, timestamps="off", limits=1.0)
    process = desktop.at(service.url).start(*submission(file, "cashback"), *CAIRO)
    ran = finished(process, seconds=800)
    assert ran.code == 0, ran.err[-2000:]
    assert ran.json["succeeded"] + ran.json["already_applied"] == count
    items = applied(service, "cashback")
    assert len(items) == count
    amounts = {item["transactionId"]: item["amount"] for item in items}
    assert amounts == {f"T-{number}": Decimal(DUST[number % len(DUST)][1]) for number in range(count)}


def test_that_an_adjustment_not_seen_in_two_minutes_is_unknown_and_never_sent_again(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    rows = [("Customer ID", "Amount"), *((f"C-{number}", 10) for number in range(3))]
    file = write_sheet(desktop.folder / "adjustments.xlsx", rows)
    service = gameball(faults=(Fault("cut-before", on="POST batch/balance-adjustment"),))
    account = desktop.at(service.url, adjust_unit="points")
    ran = finished(account.start(*submission(file, "balance-adjustment")), seconds=300)
    assert ran.code == 4, ran.err
    adds_up(ran.json, rows=3, unknown=3, state="needs_attention")
    assert ran.json["seconds"] >= 100
    assert applied(service, "balance-adjustment") == []
    decided = account.run("resolve", ran.json["run"], "--send-again", "--json")
    assert decided.code == 0, decided.err
    assert len(applied(service, "balance-adjustment")) == 3
