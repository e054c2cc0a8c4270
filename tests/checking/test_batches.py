"""A batch of rows gives what its rows give one by one."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from gb_desktop.catalog import batch_type
from gb_desktop.checking.batch import BatchChecker
from gb_desktop.checking.check import row_checker
from gb_desktop.checking.model import RowState, StagedBatch, StagedRow
from gb_desktop.checking.row import RowChecker
from gb_desktop.mapping.model import Mapping, Settings, Source, SourceKind
from gb_desktop.workbook.model import Mark, Marked, RowFlag, Value
from tests.checking.sheets import CONTEXT, columns, mapping_of

HEADERS = ("Customer", "Transaction", "Time", "Amount", "Email", "Mobile")
SETTINGS = Settings(timezone="UTC", country="EG", decimal=".")
KNOWN = mapping_of(
    "cashback",
    SETTINGS,
    customerId="Customer",
    transactionId="Transaction",
    transactionTime="Time",
    amount="Amount",
    email="Email",
    mobile="Mobile",
)
MADE = mapping_of(
    "cashback",
    SETTINGS,
    customerId="Customer",
    transactionId=Source(SourceKind.GENERATED, text="GB"),
    transactionTime=Source(SourceKind.GENERATED),
    amount="Amount",
    email="Email",
)
CHOICES = mapping_of(
    "redeem",
    SETTINGS,
    customerId="Customer",
    transactionId="Transaction",
    transactionTime="Time",
    amount="Amount",
    holdReference="Email",
)
THEN = dt.datetime.fromisoformat("2026-03-01 09:30")
CLEAN: tuple[tuple[Value, ...], ...] = (
    ("C1", "C2", 'C"3', "C\\4"),
    ("T1", "T2", "T3", 12.0),
    (THEN, "2026-03-01 10:00"),
    (5.0, 7.25, "3"),
    ("a@example.com", None),
    ("+201000000000", None),
)
ODD: tuple[Value, ...] = (None, "", "  C9 ", "nonsense", -1.0, Marked(Mark.ERROR, None, "#N/A"), "01000000000", True)


def _row(chance: random.Random, number: int, trouble: float) -> StagedRow:
    values = [chance.choice(ODD if chance.random() < trouble else known) for known in CLEAN]
    flag = chance.choice((RowFlag.HIDDEN, RowFlag.TOTAL)) if chance.random() < trouble else RowFlag.DATA
    return StagedRow(number, values, flag, chance.random() < trouble)


def _checker(mapping: Mapping) -> RowChecker:
    return row_checker(batch_type(mapping.batch_type), columns(*HEADERS), mapping, CONTEXT)


@pytest.mark.parametrize("trouble", [0.0, 0.01, 0.3])
@pytest.mark.parametrize("mapping", [KNOWN, MADE, CHOICES], ids=["mapped", "made", "either or"])
def test_that_a_batch_gives_what_its_rows_give_one_by_one(mapping: Mapping, trouble: float) -> None:
    chance = random.Random(f"{mapping.batch_type} {trouble}")
    rows = [_row(chance, number, trouble) for number in range(2, 302)]
    single, together = _checker(mapping), _checker(mapping)
    batches = BatchChecker(together)

    expected = [single.check(row) for row in rows]
    found = [
        result for start in range(0, 300, 100) for result in batches.check(StagedBatch.of(rows[start : start + 100]))
    ]

    assert found == expected
    assert together.changes == single.changes
    assert together.asking == single.asking
    assert any(result.state is RowState.READY for result in found)


def test_that_the_rows_of_a_batch_that_are_alike_get_ids_of_their_own() -> None:
    rows = [StagedRow(number, ["C1", None, None, 5.0, None, None], RowFlag.DATA) for number in range(2, 6)]

    found = BatchChecker(_checker(MADE)).check(StagedBatch.of(rows))

    assert len({result.item.ident for result in found if result.item}) == 4
