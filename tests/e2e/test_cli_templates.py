"""A template of every type, filled in and sent: its own headers are matched without a word of help."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.e2e.cli_kit import TEST_KEYS, Desktop, GameballFactory, adds_up, applied, together
from tests.e2e.cli_sheets import CAIRO, CASES
from tests.practice.fixtures import job_of

ORDERS = ("ORD-5001", "ORD-5002")


def _filled(path: Path) -> tuple[int, list[str]]:
    """Keep the template's two example rows as a person's own; (how many rows, the headers)."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    filled = [row for row in rows if any(value is not None for value in row)]
    book.save(path)
    return len(filled) - 1, [str(value) for value in filled[0] if value is not None]


@pytest.mark.parametrize("batch_type", sorted(CASES))
def test_that_a_template_as_it_is_written_is_matched_and_sent(
    batch_type: str, desktop: Desktop, gameball: GameballFactory
) -> None:
    out = desktop.folder / "template.xlsx"
    made = desktop.run("template", batch_type, out)
    assert made.code == 0, made.err
    rows, headers = _filled(out)
    service = gameball()
    if batch_type == "order-transactions":
        items = [
            {"customerId": "C", "orderId": order, "orderDate": "2026-03-01T09:30:00.000Z", "totalPaid": 1}
            for order in ORDERS
        ]
        job_of(service.url, "orders", items, keys=TEST_KEYS)
    account = desktop.at(service.url, adjust_unit="points")
    checked, ran = together(
        [
            account.start("check", out, "--type", batch_type, "--json", *CAIRO),
            account.start("submit", out, "--type", batch_type, "--account", "env", "--json", *CAIRO),
        ]
    )
    assert checked.code == 0, checked.err + checked.out
    assert ran.code == 0, ran.err
    assert set(checked.json["mapping"].values()) <= set(headers)
    adds_up(ran.json, rows=rows, succeeded=rows)
    assert rows >= 1
    endpoint = "orders/transactions" if batch_type == "order-transactions" else batch_type
    assert len(applied(service, endpoint)) == rows


def test_that_a_template_never_replaces_a_file_it_cannot_write(desktop: Desktop) -> None:
    folder = desktop.folder / "taken.xlsx"
    folder.mkdir()
    ran = desktop.run("template", "cashback", folder)
    assert ran.code == 2
    assert "taken.xlsx" in ran.sentence
    assert list(folder.iterdir()) == []
