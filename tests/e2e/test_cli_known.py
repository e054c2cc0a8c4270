"""Transaction and order IDs that were sent before: named, refused, left out or sent again as the user says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.cli_kit import Desktop, GameballFactory, adds_up, applied
from tests.e2e.cli_sheets import CAIRO, Row, cashback_rows, write_sheet
from tests.practice.fixtures import EVERYBODY

ORDERS: list[Row] = [
    ("Customer ID", "Order ID", "Order Date", "Total Paid"),
    ("C-1", "O-1", "2026-03-01T10:00:00Z", 10),
    ("C-2", "O-2", "2026-03-01T10:00:01Z", 20),
]


@pytest.fixture
def sheet(desktop: Desktop) -> Path:
    return write_sheet(desktop.folder / "first.xlsx", cashback_rows(4))


@pytest.fixture
def longer(desktop: Desktop) -> Path:
    """The same four rows, and two more."""
    return write_sheet(desktop.folder / "longer.xlsx", cashback_rows(6))


def test_that_ids_sent_before_are_named_one_by_one_and_nothing_is_sent(
    desktop: Desktop, gameball: GameballFactory, sheet: Path, longer: Path
) -> None:
    service = gameball()
    account = desktop.at(service.url)
    first = account.submit(sheet, "cashback", *CAIRO)
    assert first.code == 0, first.err
    refused = account.submit(longer, "cashback", *CAIRO)
    assert (refused.code, refused.out) == (2, ""), refused.err
    for row, item in enumerate(applied(service, "cashback"), start=2):
        assert f"{item['transactionId']} (row {row}, run {first.json['run']})" in refused.sentence
    assert "--again" in refused.sentence
    assert len(applied(service, "cashback")) == 4
    assert len(desktop.runs()) == 1


def test_that_rows_sent_before_can_be_left_out_with_their_reason(
    desktop: Desktop, gameball: GameballFactory, sheet: Path, longer: Path
) -> None:
    service = gameball()
    account = desktop.at(service.url)
    first = account.submit(sheet, "cashback", *CAIRO).json["run"]
    out = desktop.folder / "results.xlsx"
    ran = account.submit(longer, "cashback", *CAIRO, "--skip-sent", "--report", out)
    assert ran.code == 0, ran.err
    adds_up(ran.json, succeeded=2, excluded=4)
    page = openpyxl.load_workbook(out)["Results"]
    names = [cell.value for cell in page[1]]
    told = [(row[names.index("Outcome")].value, row[names.index("Message")].value) for row in page.iter_rows(min_row=2)]
    assert [outcome for outcome, _ in told] == ["excluded"] * 4 + ["succeeded"] * 2
    assert all(first in message for _, message in told[:4])
    nothing = account.submit(longer, "cashback", *CAIRO, "--skip-sent")
    assert (nothing.code, "nothing is left to send" in nothing.sentence) == (2, True)
    assert len(applied(service, "cashback")) == 6


def test_that_rows_sent_before_go_again_when_that_is_meant(
    desktop: Desktop, gameball: GameballFactory, sheet: Path, longer: Path
) -> None:
    service = gameball()
    account = desktop.at(service.url)
    assert account.submit(sheet, "cashback", *CAIRO).code == 0
    ran = account.submit(longer, "cashback", *CAIRO, "--again")
    assert ran.code == 1, ran.err
    adds_up(ran.json, succeeded=2, failed=4)
    assert len(applied(service, "cashback")) == 6


def test_that_refused_rows_go_again_without_more_ado_once_mended(desktop: Desktop, gameball: GameballFactory) -> None:
    head, *rows = cashback_rows(3)
    rows[2] = ("X-3", *rows[2][1:])
    service = gameball(seed=replace(EVERYBODY, accept_prefix="C-"))
    account = desktop.at(service.url)
    ran = account.submit(write_sheet(desktop.folder / "a.xlsx", [head, *rows]), "cashback", *CAIRO)
    adds_up(ran.json, succeeded=2, failed=1)
    mended = write_sheet(desktop.folder / "b.xlsx", [head, (rows[0][0], *rows[2][1:])])
    ran = account.submit(mended, "cashback", *CAIRO)
    assert ran.code == 0, ran.err
    adds_up(ran.json, succeeded=1)


def test_that_an_order_sent_before_is_left_out_with_all_its_lines(desktop: Desktop, gameball: GameballFactory) -> None:
    service = gameball()
    account = desktop.at(service.url)
    assert account.submit(write_sheet(desktop.folder / "o.xlsx", ORDERS[:2]), "orders").code == 0
    lines = [(*row, sku) for row, sku in zip((ORDERS[1], ORDERS[1], ORDERS[2]), "abc", strict=True)]
    both = write_sheet(desktop.folder / "o2.xlsx", [(*ORDERS[0], "Sku"), *lines])
    ran = account.submit(both, "orders", "--map", "lineItems.sku=Sku", "--skip-sent")
    assert ran.code == 0, ran.err
    adds_up(ran.json, succeeded=1, excluded=2)
    assert sorted(item["orderId"] for item in applied(service, "orders")) == ["O-1", "O-2"]
