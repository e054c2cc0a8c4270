"""A hundred rows of each batch type, most of them dirty: every problem is found, none is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from gb_desktop.catalog import BATCH_TYPES
from gb_desktop.checking.model import RowState, Severity
from gb_desktop.mapping.model import Settings
from gb_desktop.workbook.model import Mark, Marked, Value
from tests.checking.sheets import checked, mapping_of

THEN = dt.datetime.fromisoformat("2026-03-01 09:30")
ROWS = 100
ERROR_CELL = Marked(Mark.ERROR, None, "#N/A")
EMPTY_FORMULA = Marked(Mark.UNCACHED, None, "")
SETTINGS = Settings(timezone="Africa/Cairo", country="EG", decimal=".", date_order="dmy")

Case = tuple[Value, str]  # a cell and the code it must get, "" for none

IDS: tuple[Case, ...] = (
    (12345.0, ""), ("00017", ""), ("١٢٣", ""), (" A-1 ", ""), ("A\u200b-2", ""), ("a b", ""), ("😀-1", ""),
    (Marked(Mark.FORMATTED, 42.0, "00000"), ""), ("1E5", ""), ("'7", ""),
    (1e16, "digits-lost"), ("1.23E+11", "number-shortened"), (12.5, "id-fraction"), (True, "id-not-text"),
    (THEN, "date-in-field"), (dt.time(1, 2), "date-in-field"), ("A\x00B", "broken-character"),
    ("A\udc00", "broken-character"), ("A\nB", "line-break"), (ERROR_CELL, "cell-error"),
    ("#N/A", "cell-error"), ("Err:502", "cell-error"), ("#1001", ""), ("#VIP!", ""),
    (EMPTY_FORMULA, "formula-empty"), ("99.0", "id-point-zero"),
)  # fmt: skip
NEEDED: tuple[Case, ...] = ((None, "required-empty"), (" \u00a0", "required-empty"))
NUMBERS: tuple[Case, ...] = (
    (57.699999999999996, ""), ("1,234.56", ""), ("EGP 12.75", ""), ("١٢٫٥٠", ""), ("12", ""), ("+7.25", ""),
    ("ten", "not-a-number"), (True, "not-a-number"), ("1,5", "other-decimal"), ("1.5e3", "number-shortened"),
    (2e15, "digits-lost"), (THEN, "date-in-field"), (ERROR_CELL, "cell-error"), (EMPTY_FORMULA, "formula-empty"),
    (Marked(Mark.MERGED, 300.0, "B2"), "merged-amount"), ("12.5%", "percent"),
)  # fmt: skip
NONZERO: tuple[Case, ...] = ((0.0, "zero"), ("0.00", "zero"), (-0.0, "zero"))
POSITIVE: tuple[Case, ...] = ((-5.0, "negative"), ("(5)", "negative"), ("5-", "negative"))
TIMES: tuple[Case, ...] = (
    ("13/02/2026 10:00", ""), ("02/03/2026 9:30 PM", ""), ("2026-02-28T10:00:00Z", ""), ("5 Feb 2026", ""),
    ("١٤/٠٢/٢٠٢٦", ""), (dt.date.fromisoformat("2026-02-03"), ""), ("31/02/2026", "no-such-date"),
    ("02/13/2026", "other-date-order"), ("soon", "not-a-date"), (46082.0, "number-not-date"),
    (dt.time(9, 30), "time-without-date"), (dt.datetime.fromisoformat("1900-01-05"), "date-out-of-range"),
    (True, "not-a-date"), (ERROR_CELL, "cell-error"), (EMPTY_FORMULA, "formula-empty"),
)  # fmt: skip
PAST: tuple[Case, ...] = ((dt.datetime.fromisoformat("2026-03-16"), "future-time"), ("16/03/2026", "future-time"))
EMAILS: tuple[Case, ...] = (
    ("Mona@Example.COM", ""), (" x@y.co ", ""), ("ｍ@x.com", ""), ("mona", "not-an-email"), ("a@b", "not-an-email"),
    ("a@x.com,b@x.com", "not-an-email"), (5.0, "not-an-email"), (ERROR_CELL, "cell-error"),
)  # fmt: skip
MOBILES: tuple[Case, ...] = (
    ("01001234567", ""), (1001234567.0, ""), ("+20 100 123 4567", ""), ("٠١٠٠١٢٣٤٥٦٧", ""), ("+966501234567", ""),
    ("12", "mobile-invalid"), ("none", "not-a-mobile"), (1e15, "digits-lost"), ("2.01E+11", "number-shortened"),
    (966501234567.0, "mobile-read-international"), (THEN, "not-a-mobile"), (ERROR_CELL, "cell-error"),
)  # fmt: skip
TEXTS: tuple[Case, ...] = (
    ("Eid gift", ""), ("سبب", ""), (12.0, ""), ("two\nlines", ""), (" trimmed ", ""), ("x" * 32_767, ""), (None, ""),
    (THEN, "date-in-field"), ("bad\x07", "broken-character"), (ERROR_CELL, "cell-error"),
    ("#REF!", "cell-error"), ("#1 of all", ""), (Marked(Mark.MERGED, "same", "C2"), "merged"),
)  # fmt: skip
DATES: tuple[Case, ...] = (
    ("21/05/1990", ""), (dt.datetime.fromisoformat("1990-05-21"), ""), (None, ""), ("31/04/1990", "no-such-date"),
    (33014.0, "number-not-date"), ("1990", "not-a-date"),
)  # fmt: skip
CHANNELS: tuple[Case, ...] = (("Online", ""), ("POS", ""), (None, ""), ("pigeon", "not-a-choice"))
GUESTS: tuple[Case, ...] = (("yes", ""), ("لا", ""), (1.0, ""), (None, ""), ("perhaps", "not-a-boolean"))
COUNTS: tuple[Case, ...] = ((5.0, ""), ("1,200", ""), (2.5, "not-whole"), (-1.0, "negative"), ("x", "not-a-number"))
FREE: tuple[Case, ...] = (
    (12.5, ""), ("12", ""), (True, ""), (THEN, ""), (None, ""), (1e15, "digits-lost"), (ERROR_CELL, "cell-error"),
)  # fmt: skip


@dataclass
class Kinds:
    """The columns of one batch type: what a good cell is by row, and the cases tried in it."""

    good: dict[str, list[Value]]
    cases: dict[str, tuple[Case, ...]]


def ids(prefix: str) -> list[Value]:
    return [f"{prefix}-{n}" for n in range(ROWS)]


def times() -> list[Value]:
    return [THEN - dt.timedelta(minutes=n) for n in range(ROWS)]


def amounts() -> list[Value]:
    return [float(n) + 0.25 for n in range(ROWS)]


def nothing() -> list[Value]:
    return [None] * ROWS


PAID = {
    "customerId": ids("C"),
    "transactionId": ids("T"),
    "transactionTime": times(),
    "email": nothing(),
    "mobile": nothing(),
}
PAID_CASES = {
    "customerId": (*IDS, *NEEDED),
    "transactionTime": (*TIMES, *PAST, *NEEDED),
    "email": EMAILS,
    "mobile": MOBILES,
}
MONEY = (*NUMBERS, *NONZERO)
SHEETS: dict[str, Kinds] = {
    "cashback": Kinds({**PAID, "amount": amounts()}, {**PAID_CASES, "amount": (*MONEY, *POSITIVE, *NEEDED)}),
    "redeem": Kinds(
        {**PAID, "amount": amounts()}, {**PAID_CASES, "amount": (*MONEY, *POSITIVE, (None, "one-of-missing"))}
    ),
    "balance-adjustment": Kinds(
        {"customerId": ids("C"), "amount": amounts(), "reason": ids("R")},
        {"customerId": (*IDS, *NEEDED), "amount": (*MONEY, *NEEDED), "reason": TEXTS},
    ),
    "orders": Kinds(
        {"customerId": ids("C"), "orderId": ids("O"), "orderDate": times(), "totalPaid": amounts(),
         "channel": nothing(), "guest": nothing(), "extra.note": nothing()},
        {"customerId": (*IDS, *NEEDED), "orderDate": (*TIMES, *PAST, *NEEDED),
         "totalPaid": (*NUMBERS, *POSITIVE, *NEEDED), "channel": CHANNELS, "guest": GUESTS, "extra.note": FREE},
    ),
    "customers": Kinds(
        {"customerId": ids("C"), "email": nothing(), "mobile": nothing(), "customerAttributes.firstName": ids("N"),
         "customerAttributes.dateOfBirth": nothing(), "customerAttributes.totalOrders": nothing(),
         "customerAttributes.channel": nothing(), "guest": nothing(), "custom.size": nothing()},
        {"customerId": (*IDS, *NEEDED), "email": EMAILS, "mobile": MOBILES, "customerAttributes.firstName": TEXTS,
         "customerAttributes.dateOfBirth": DATES, "customerAttributes.totalOrders": COUNTS,
         "customerAttributes.channel": CHANNELS, "guest": GUESTS, "custom.size": FREE},
    ),
    "events": Kinds(
        {"customerId": ids("C"), "event": ["view"] * ROWS, "metadata.page": ids("P")},
        {"customerId": (*IDS, *NEEDED), "metadata.page": FREE},
    ),
    "balance-inquiry": Kinds({"customerId": ids("C")}, {"customerId": (*IDS, *NEEDED)}),
    "order-transactions": Kinds({"orderId": ids("O")}, {"orderId": (*IDS, *NEEDED)}),
}  # fmt: skip


def dirty(kinds: Kinds) -> tuple[list[list[Value]], dict[int, str]]:
    """A hundred rows with one case each (clean ones in between), and what must be found by row."""
    table = [list(cells) for cells in zip(*kinds.good.values(), strict=True)]
    paths = list(kinds.good)
    expected: dict[int, str] = {}
    tried: Iterable[tuple[str, Case]] = ((path, case) for path, cases in kinds.cases.items() for case in cases)
    for place, (path, (cell, code)) in enumerate(tried):
        table[place][paths.index(path)] = cell
        if code:
            expected[place + 2] = code
    return table, expected


@pytest.mark.parametrize("key", [one.key for one in BATCH_TYPES])
def test_that_every_problem_is_found_and_none_is_invented(key: str) -> None:
    kinds = SHEETS[key]
    rows, expected = dirty(kinds)
    mapping = mapping_of(key, SETTINGS, **{path: path for path in kinds.good})
    found = checked(key, tuple(kinds.good), rows, mapping)
    assert len(rows) == ROWS
    assert found.outcome.problems == ()
    told = {one.row: one.code for one in found.store.problems}
    assert told == expected
    assert len(found.store.problems) == len(expected)
    wrong = {one.row for one in found.store.problems if one.severity is Severity.ERROR}
    for number in range(2, ROWS + 2):
        assert found.store.states[number] is (RowState.ERROR if number in wrong else RowState.READY)
        assert (number in found.store.items) == (number not in wrong)


def test_that_the_dirty_sheets_try_nearly_every_code_of_a_cell() -> None:
    tried = {code for kinds in SHEETS.values() for cases in kinds.cases.values() for _, code in cases}
    assert len(tried) > 30
