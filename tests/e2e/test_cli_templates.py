"""A template of every type, filled in and sent: its own headers are matched without a word of help."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl

from gb_desktop.catalog import batch_type
from gb_desktop.practice import PracticeServer
from tests.e2e.cli_kit import TEST_KEYS, Desktop, GameballFactory, Start, adds_up, applied, side_by_side, submission
from tests.e2e.cli_sheets import CAIRO, CASES
from tests.practice.fixtures import job_of


def test_that_every_types_template_is_matched_and_sent_as_it_is_written(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    """One template after the other is written, and each one's example rows are sent to a service of its own."""
    services = {key: gameball() for key in CASES}
    _orders_exist(services["order-transactions"])

    def write(key: str) -> Start:
        return lambda own: own.start("template", key, desktop.folder / f"{key}.xlsx")

    def send(key: str) -> Start:
        command = submission(desktop.folder / f"{key}.xlsx", key)
        url = services[key].url
        return lambda own: own.at(url, adjust_unit="points").start(*command, *CAIRO)

    for _, _, made in side_by_side(_place(desktop, "written"), {key: write(key) for key in CASES}):
        assert made.code == 0, made.err
    for key, _, ran in side_by_side(_place(desktop, "sent"), {key: send(key) for key in CASES}):
        assert ran.code == 0, (key, ran.err)
        assert _filled(desktop.folder / f"{key}.xlsx") == 2
        adds_up(ran.json, rows=2, succeeded=2, type=key)
        endpoint = "orders/transactions" if key == "order-transactions" else key
        assert len(applied(services[key], endpoint)) == 2


def _place(desktop: Desktop, name: str) -> Desktop:
    """The same desktop in a folder of its own, for several commands side by side."""
    own = replace(desktop, folder=desktop.folder / name)
    own.folder.mkdir()
    return own


def _filled(path: Path) -> int:
    """The rows below the header of a template."""
    page = openpyxl.load_workbook(path).worksheets[0]
    return sum(any(cell is not None for cell in row) for row in page.iter_rows(values_only=True)) - 1


def _orders_exist(service: PracticeServer) -> None:
    """Order transactions can only be read of orders that exist."""
    wanted = [example for field in batch_type("order-transactions").fields for example in field.examples]
    orders = [
        {"customerId": "C", "orderId": order, "orderDate": "2026-03-01T09:30:00.000Z", "totalPaid": 1}
        for order in wanted
    ]
    job_of(service.url, "orders", orders, keys=TEST_KEYS)


def test_that_a_template_never_replaces_a_file_it_cannot_write(desktop: Desktop) -> None:
    folder = desktop.folder / "taken.xlsx"
    folder.mkdir()
    ran = desktop.run("template", "cashback", folder)
    assert ran.code == 2
    assert "taken.xlsx" in ran.sentence
    assert list(folder.iterdir()) == []
