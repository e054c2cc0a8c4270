"""The sample workbooks are what their script makes: clean enough to send, in every batch type."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gb_desktop.catalog import BATCH_TYPES
from gb_desktop.places import resources_dir
from tests.samples import SAMPLES, write_samples

SHIPPED = resources_dir() / "samples"
LAST_KNOWN = "C-10999"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder)
    return folder


def _cells(path: Path) -> list[tuple[Any, ...]]:
    workbook = openpyxl.load_workbook(path)
    try:
        assert workbook.active is not None
        return list(workbook.active.iter_rows(values_only=True))
    finally:
        workbook.close()


def _column(key: str, header: str) -> list[Any]:
    headers, *rows = _cells(SHIPPED / f"{key}.xlsx")
    return [row[headers.index(header)] for row in rows]


def test_that_every_batch_type_has_a_sample() -> None:
    assert sorted(SAMPLES) == sorted(kind.key for kind in BATCH_TYPES)
    assert sorted(path.stem for path in SHIPPED.iterdir()) == sorted(SAMPLES)


@pytest.mark.parametrize("key", sorted(SAMPLES))
def test_that_a_shipped_sample_is_what_the_script_makes(key: str, made: Path) -> None:
    assert _cells(SHIPPED / f"{key}.xlsx") == _cells(made / f"{key}.xlsx")


def test_that_the_script_makes_the_same_bytes_every_time(made: Path, tmp_path: Path) -> None:
    write_samples(tmp_path)
    assert all((made / path.name).read_bytes() == path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize("key", sorted(SAMPLES))
def test_that_a_sample_has_40_to_200_rows_without_blanks_in_what_names_them(key: str) -> None:
    headers, *rows = _cells(SHIPPED / f"{key}.xlsx")
    assert 40 <= len(rows) <= 200
    assert None not in headers
    assert all(row[0] for row in rows)


@pytest.mark.parametrize("key", sorted(set(SAMPLES) - {"order-transactions"}))
def test_that_a_samples_customers_are_known_to_the_practice_service(key: str) -> None:
    assert all("C-10001" <= name <= LAST_KNOWN for name in _column(key, "Customer ID"))


@pytest.mark.parametrize(
    ("key", "ident", "time"),
    [("cashback", "Invoice No", "Invoice Date"), ("redeem", "Receipt No", "Transaction Time")],
)
def test_that_transaction_ids_and_times_are_unique_and_past(key: str, ident: str, time: str) -> None:
    for header in (ident, time):
        found = _column(key, header)
        assert len(set(found)) == len(found)
    assert all(dt.datetime(2026, 3, 1) <= moment < dt.datetime(2026, 4, 1) for moment in _column(key, time))  # noqa: DTZ001 - as Excel holds them


def test_that_each_redemption_has_points_or_money_and_never_both() -> None:
    pairs = list(zip(_column("redeem", "Points"), _column("redeem", "Redeem Amount"), strict=True))
    assert all((points is None) != (money is None) for points, money in pairs)


def test_that_the_rows_of_one_order_agree_on_everything_of_the_order() -> None:
    headers, *rows = _cells(SHIPPED / "orders.xlsx")
    shared = [headers.index(name) for name in ("Customer ID", "Order Date", "Total Paid", "Channel")]
    facts = {(row[0], *(row[index] for index in shared)) for row in rows}
    assert len(facts) == len({row[0] for row in rows}) < len(rows)


def test_that_the_order_inquiry_asks_for_the_sample_orders() -> None:
    assert set(_column("order-transactions", "Order ID")) == set(_column("orders", "Order ID"))
