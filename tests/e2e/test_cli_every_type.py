"""Every batch type, in both of Gameball's dialects: what the sheet says is what arrives, to the last digit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gb_desktop.practice import Seed
from gb_desktop.practice.seed import SeedCustomer
from tests.e2e.cli_kit import TEST_KEYS, Desktop, GameballFactory, Ran, adds_up, applied, submission, together
from tests.e2e.cli_sheets import CASES, KNOWN_ORDERS, Case
from tests.practice.fixtures import job_of

SEED = Seed(
    accept_unknown=True,
    balance=Decimal(5000),
    customers={"C-3": SeedCustomer(Decimal(500), {"HOLD-9": Decimal(100)})},
)
ENDPOINTS = {"order-transactions": "orders/transactions"}
DIALECTS = ("a", "b")


def _sent(case: Case, batch_type: str, desktop: Desktop, gameball: GameballFactory) -> list[tuple[Ran, list[Any]]]:
    """The sheet sent to a service of each dialect, side by side: what the command said and what was carried out."""
    file = case.write(desktop.folder / "the sheet.xlsx")
    services = [gameball(dialect=dialect, seed=SEED) for dialect in DIALECTS]
    commands = []
    for dialect, service in zip(DIALECTS, services, strict=True):
        _orders_exist(service.url)
        own = Desktop(desktop.folder / dialect).at(service.url, adjust_unit="points")
        own.folder.mkdir()
        commands.append(own.start(*submission(file, batch_type), *case.options))
    endpoint = ENDPOINTS.get(batch_type, batch_type)
    skip = len(KNOWN_ORDERS) if batch_type == "orders" else 0
    ended = together(commands)
    return [(ran, applied(service, endpoint)[skip:]) for ran, service in zip(ended, services, strict=True)]


def _orders_exist(url: str) -> None:
    """Order transactions can only be read of orders that exist."""
    orders = [
        {"customerId": "C-1", "orderId": ident, "orderDate": "2026-03-01T09:30:00.000Z", "totalPaid": 10}
        for ident in KNOWN_ORDERS
    ]
    job_of(url, "orders", orders, keys=TEST_KEYS)


@pytest.mark.parametrize("batch_type", sorted(set(CASES) - {"balance-adjustment", "cashback"}))
def test_that_a_sheet_arrives_exactly_as_it_is_meant(
    batch_type: str, desktop: Desktop, gameball: GameballFactory
) -> None:
    case = CASES[batch_type]()
    for ran, items in _sent(case, batch_type, desktop, gameball):
        assert ran.code == 0, ran.err
        adds_up(ran.json, rows=case.rows, succeeded=case.rows, type=batch_type, state="finished", stopped=False)
        assert _sorted(items) == _sorted(case.items)


def _sorted(items: Any) -> list[Any]:
    return sorted(items, key=lambda item: str(item if isinstance(item, str) else sorted(item.items(), key=repr)))


def test_that_adjustments_arrive_exactly_and_carry_a_reference_of_their_own(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    case = CASES["balance-adjustment"]()
    for ran, items in _sent(case, "balance-adjustment", desktop, gameball):
        assert ran.code == 0, ran.err
        adds_up(ran.json, rows=4, succeeded=4)
        bare = [{**item, "reason": item["reason"].partition("gb:")[0].strip()} for item in items]
        assert _sorted(bare) == _sorted(case.items)
        references = {item["reason"].partition("gb:")[2] for item in items}
        assert len(references) == 4
        assert "" not in references


def test_that_more_rows_than_a_request_holds_arrive_in_several_and_keep_a_customers_order(
    desktop: Desktop, gameball: GameballFactory
) -> None:
    case = CASES["cashback"]()
    for ran, items in _sent(case, "cashback", desktop, gameball):
        assert ran.code == 0, ran.err
        summary = ran.json
        adds_up(summary, rows=1203, succeeded=1203)
        assert summary["chunks"] >= 2
        assert len(set(summary["jobs"])) == summary["chunks"]
        assert all(isinstance(job, str) for job in summary["jobs"])
        assert _by_ident(items) == _by_ident(case.items)
        assert len(items) == 1203
        for customer in ("20000", "20102"):
            idents = [item["transactionId"] for item in items if item["customerId"] == customer]
            assert idents == sorted(idents)
            assert len(idents) == 2


def _by_ident(items: Any) -> dict[str, Any]:
    return {item["transactionId"]: item for item in items}
