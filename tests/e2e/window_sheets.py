"""Sheets as they reach a marketing team, 2,500 rows each, with what must become of every row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.e2e.cli_sheets import NBSP, ZERO_WIDTH, local, write_sheet

ROWS = 2500
BLANK_EVERY = 600
HIDDEN = 14
# A figure as a sheet holds it, and the exact amount that must be sent for it.
HELD: Sequence[tuple[Any, str]] = (
    (57.699999999999996, "57.7"),
    ("1,234.50", "1234.5"),
    (12, "12"),
    (f"{NBSP}2,000.00 ", "2000"),
    (0.1 + 0.2, "0.3"),
)


@dataclass(frozen=True)
class Messy:
    """A workbook and its truth. Row numbers are Excel's; `items` holds what each row must send, were all well."""

    file: Path
    header: int
    rows: int  # with any value below the header: hidden ones and the total included
    items: Mapping[int, Mapping[str, Any]]
    hidden: frozenset[int]
    total_row: int
    broken: tuple[int, ...]  # rows with an error, the first of which is mended by hand
    mended: str  # what is typed into the first broken row's amount
    amount_column: int  # of the sheet, from 0
    customers: int

    def sent(self, *, with_hidden: bool) -> dict[int, Mapping[str, Any]]:
        """By row: what goes out once the first broken row is mended and the others are left out."""
        out = set(self.broken[1:]) | (set() if with_hidden else self.hidden)
        return {row: item for row, item in self.items.items() if row not in out}


@dataclass
class _Writer:
    """Grows the sheet below its header, blank rows in between."""

    lines: list[Sequence[Any]]
    written: int = 0

    @property
    def next_row(self) -> int:
        return len(self.lines) + 1

    def add(self, line: Sequence[Any]) -> None:
        self.lines.append(line)
        self.written += 1
        if self.written % BLANK_EVERY == 0:
            self.lines.append((None,) * len(line))


def _spoiled(number: int, good: Any) -> Any:
    """An amount nobody can read, in a few rows."""
    return {400: "12O.50", 401: "see note", 1402: "-"}.get(number, good)


def cashback(file: Path) -> Messy:
    """Arabic headers below two title rows; 1,700 customers, so that 800 stand on two rows."""
    writer = _Writer([("كاش باك الفروع",), ("All branches", None, "2026"), (None,)])
    header = writer.next_row
    writer.lines.append((f" رقم العميل{NBSP}", "رقم الفاتورة", "تاريخ الفاتورة", "المبلغ المدفوع", "الفرع"))
    items: dict[int, dict[str, Any]] = {}
    broken: list[int] = []
    for number in range(ROWS):
        held, sent = HELD[number % len(HELD)]
        moment = local(2026, 6 if number % 2 else 3, 1, 8, 0, 5) + dt.timedelta(minutes=number)
        customer = 20_000 + number % 1700
        row, held = writer.next_row, _spoiled(number, held)
        named = None if number == 1800 else (float(customer) if number % 3 else f"{customer}{ZERO_WIDTH} ")
        writer.add((named, f"{NBSP}INV-{number:05d} ", moment, held, "المعادي"))
        if named is None or number in (400, 401, 1402):
            broken.append(row)
        away = dt.timedelta(hours=3 if number % 2 else 2)  # Egypt's summer time begins in April
        items[row] = {
            "customerId": str(customer),
            "transactionId": f"INV-{number:05d}",
            "transactionTime": f"{moment - away:%Y-%m-%dT%H:%M:%S}.000Z",
            "amount": Decimal("120.5") if number == 400 else Decimal(sent),
        }
    hidden = frozenset(sorted(items)[1000 : 1000 + HIDDEN])
    writer.lines.append((None,) * 5)
    total_row = writer.next_row
    writer.lines.append(("المجموع", None, None, 999_999.0, None))
    write_sheet(file, writer.lines, "مارس", hidden)
    return Messy(file, header, ROWS + 1, items, hidden, total_row, tuple(broken), "120.50", 3, 1700)


def adjustments(file: Path) -> Messy:
    """The columns of Gameball's own importer below a title; deductions in brackets; 2,000 customers."""
    writer = _Writer([("Goodwill, March 2026", None, "made by Sara"), (None,)])
    header = writer.next_row
    writer.lines.append(("Player ID", "Player Bonus Points", "Reason"))
    items: dict[int, dict[str, Any]] = {}
    broken: list[int] = []
    for number in range(ROWS):
        held, sent = ("(12.00)", "-12") if number % 7 == 6 else HELD[number % len(HELD)]
        customer = f"M-{number % 2000:05d}"
        row, held = writer.next_row, _spoiled(number, held)
        named = None if number == 1800 else f" {customer}{NBSP}"
        writer.add((named, held, f"Late delivery {number}"))
        if named is None or number in (400, 401, 1402):
            broken.append(row)
        amount = Decimal("120.5") if number == 400 else Decimal(sent)
        items[row] = {"customerId": customer, "amount": amount, "reason": f"Late delivery {number}"}
    hidden = frozenset(sorted(items)[700 : 700 + HIDDEN])
    writer.lines.append((None,) * 3)
    total_row = writer.next_row
    writer.lines.append(("Total", 999_999.0, None))
    write_sheet(file, writer.lines, "Sheet1", hidden)
    return Messy(file, header, ROWS + 1, items, hidden, total_row, tuple(broken), "120.50", 1, 2000)
