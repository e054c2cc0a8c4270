"""Workbooks as people send them, one for each batch type, with the exact items that must come out of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

Row = Sequence[Any]
NBSP, ZERO_WIDTH = "\u00a0", "\u200b"
CAIRO = ("--timezone", "Africa/Cairo")
# Three figures as sheets hold them, and what must be sent for each.
MONEY = ((57.699999999999996, "57.7"), (1234.5, "1234.5"), ("١٢٫٥٠", "12.5"))


def local(*parts: int) -> dt.datetime:
    """A time as a sheet holds it: of no zone."""
    return dt.datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


@dataclass(frozen=True)
class Styled:
    """A cell with a number format of its own."""

    value: Any
    format: str


def write_sheet(path: Path, rows: Iterable[Row], sheet: str = "Sheet1", hidden: Iterable[int] = ()) -> Path:
    """A workbook with one sheet; texts stay texts, dates are Excel dates, None leaves a cell out.

    `hidden` are row numbers as Excel shows them.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    page = book.add_worksheet(sheet)
    formats: dict[str, Any] = {}
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            value, look = _look(cell)
            if value is not None:
                style = formats.setdefault(look, book.add_format({"num_format": look})) if look else None
                _put(page, down, across, value, style)
    for number in hidden:
        page.set_row(number - 1, None, None, {"hidden": True})
    book.close()
    return path


def _look(cell: Any) -> tuple[Any, str]:
    if isinstance(cell, Styled):
        return cell.value, cell.format
    if isinstance(cell, dt.datetime):
        return cell, "dd/mm/yyyy hh:mm:ss"
    return (cell, "dd/mm/yyyy") if isinstance(cell, dt.date) else (cell, "")


def _put(page: Any, down: int, across: int, value: Any, style: Any) -> None:
    if isinstance(value, dt.date | dt.datetime):
        page.write_datetime(down, across, value, style)
    else:
        page.write(down, across, value, style)


@dataclass(frozen=True)
class Case:
    """A batch type's sheet: rows with their header, options, and what arrives. `rows` counts those with a value."""

    sheet: tuple[Row, ...]
    rows: int
    items: tuple[Any, ...]
    options: tuple[str, ...] = ()

    def write(self, path: Path) -> Path:
        return write_sheet(path, self.sheet)


def _customers() -> Case:
    sheet = (
        ("رقم العميل", f" الاسم{NBSP}", "Email", "رقم الموبايل", "تاريخ الميلاد", "Sales Channel", "VIP Tier"),
        (12345.0, "منى عادل", "mona@example.com ", "01001234567", dt.date(1990, 5, 21), "Online", "Gold"),
        (f"{NBSP}C-2{ZERO_WIDTH}", " Omar  ", None, "+201112345678", None, "فرع", None),
        (None,) * 7,
        ("٣-c", "نور 🌙", "nour@example.com", None, dt.date(1985, 11, 2), None, "Silver"),
    )
    one = {
        "customerId": "12345",
        "email": "mona@example.com",
        "mobile": "+201001234567",
        "customerAttributes": {
            "displayName": "منى عادل",
            "dateOfBirth": "1990-05-21",
            "channel": "web",
            "custom": {"tier": "Gold"},
        },
    }
    two = {
        "customerId": "C-2",
        "mobile": "+201112345678",
        "customerAttributes": {"displayName": "Omar", "channel": "pos"},
    }
    three = {
        "customerId": "٣-c",
        "email": "nour@example.com",
        "customerAttributes": {"displayName": "نور 🌙", "dateOfBirth": "1985-11-02", "custom": {"tier": "Silver"}},
    }
    return Case(sheet, 3, (one, two, three), ("--country", "EG", "--map", "custom.tier=VIP Tier"))


def _orders() -> Case:
    """A shop's export: the order stands on its first line alone, its further lines follow it."""
    head = ("Name", "Created at", "Total", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku")
    sheet = (
        (*head, "Customer ID"),
        ("#1001", "2026-03-01 09:30:00 +0200", 1234.5, 2, "Linen shirt", "600.00", "LS-1", 901.0),
        ("#1001", None, None, 1, "Sticker; round", 34.5, "0042", None),
        ("#1002", "2026-06-15 12:00:00 +0300", 57.699999999999996, 3, "قميص", 19.233333, "LS-1", "C-902"),
        ("#1003", "2026-03-02 23:59:59 +0200", 0, 1, "Gift", 0, "G", "C-902"),
    )
    first = {
        "customerId": "901",
        "orderId": "#1001",
        "orderDate": "2026-03-01T07:30:00.000Z",
        "totalPaid": Decimal("1234.5"),
        "lineItems": [
            {"quantity": 2, "title": "Linen shirt", "price": 600, "sku": "LS-1"},
            {"quantity": 1, "title": "Sticker; round", "price": Decimal("34.5"), "sku": "0042"},
        ],
    }
    second = {
        "customerId": "C-902",
        "orderId": "#1002",
        "orderDate": "2026-06-15T09:00:00.000Z",
        "totalPaid": Decimal("57.7"),
        "lineItems": [{"quantity": 3, "title": "قميص", "price": Decimal("19.233333"), "sku": "LS-1"}],
    }
    third = {
        "customerId": "C-902",
        "orderId": "#1003",
        "orderDate": "2026-03-02T21:59:59.000Z",
        "totalPaid": 0,
        "lineItems": [{"quantity": 1, "title": "Gift", "price": 0, "sku": "G"}],
    }
    return Case(sheet, 4, (first, second, third), ("--map", "orderId=Name"))


def _order_transactions() -> Case:
    return Case((("رقم الطلب",), (5001.0,), (" ORD-2 ",), ("ord-3",)), 3, KNOWN_ORDERS)


KNOWN_ORDERS = ("5001", "ORD-2", "ord-3")


def _balance_inquiry() -> Case:
    sheet = (("Member No", "Name"), (Styled(42, "00000"), "A"), ("C-7", "B"), (Styled(42, "00000"), "A, again"))
    return Case(sheet, 3, ({"customerId": "00042"}, {"customerId": "C-7"}))


def _balance_adjustment() -> Case:
    """The columns of Gameball's own importer."""
    sheet = (
        ("Player ID", "Player Bonus Points", "Reason"),
        (1001.0, "1,234.50", "Late delivery"),
        ("C-2", 57.699999999999996, "تعويض"),
        ("C-2", "(12.00)", "Double entry"),
        ("C-3", "1,000", None),
    )
    items = (
        {"customerId": "1001", "amount": Decimal("1234.5"), "reason": "Late delivery"},
        {"customerId": "C-2", "amount": Decimal("57.7"), "reason": "تعويض"},
        {"customerId": "C-2", "amount": -12, "reason": "Double entry"},
        {"customerId": "C-3", "amount": 1000, "reason": ""},
    )
    return Case(sheet, 4, items)


def _cashback() -> Case:
    """1,203 rows of 1,100 customers: more than one request holds, and several rows for some customers."""
    rows, items = [], []
    for number in range(1203):
        held, sent = MONEY[number % len(MONEY)]
        moment = local(2026, 6 if number % 2 else 3, 1, 0, 0, 5) + dt.timedelta(minutes=number)
        away = dt.timedelta(hours=3 if number % 2 else 2)  # Egypt's summer time begins in April
        customer = 20000 + number % 1100
        rows.append((float(customer), f"INV-{number:05d} ", moment, held, "Maadi"))
        items.append(
            {
                "customerId": str(customer),
                "transactionId": f"INV-{number:05d}",
                "transactionTime": f"{moment - away:%Y-%m-%dT%H:%M:%S}.000Z",
                "amount": Decimal(sent),
            }
        )
    sheet = (("رقم العميل", "رقم الفاتورة", "تاريخ الفاتورة", "المبلغ المدفوع", "Store"), *rows)
    return Case(sheet, 1203, tuple(items), CAIRO)


def _redeem() -> Case:
    moment = local(2026, 3, 9, 13, 45, 30)
    sheet = (
        ("Customer Code", "Receipt No", "Transaction Time", "Points", "Redeem Amount", "Hold Reference"),
        ("C-1", "R-1", moment, "1,000", None, None),
        (2.0, 7002.0, moment + dt.timedelta(minutes=1), None, "57.25", None),
        ("C-3", "R-3", moment + dt.timedelta(minutes=2), None, None, " HOLD-9 "),
    )
    items = (
        {"customerId": "C-1", "transactionId": "R-1", "transactionTime": "2026-03-09T11:45:30.000Z", "points": 1000},
        {
            "customerId": "2",
            "transactionId": "7002",
            "transactionTime": "2026-03-09T11:46:30.000Z",
            "amount": Decimal("57.25"),
        },
        {
            "customerId": "C-3",
            "transactionId": "R-3",
            "transactionTime": "2026-03-09T11:47:30.000Z",
            "holdReference": "HOLD-9",
        },
    )
    return Case(sheet, 3, items, (*CAIRO, "--decimal", "."))


def _events() -> Case:
    sheet = (
        ("Customer ID", "Event Name", "Product", "Rating", "First visit"),
        ("C-1", "write_review", "P 204", 4.5, True),
        ("C-1", "view_product", "قميص", None, False),
        (7.0, "view_product", None, 5, None),
    )
    items = (
        {
            "customerId": "C-1",
            "events": {"write_review": {"product": "P 204", "rating": Decimal("4.5"), "first": True}},
        },
        {"customerId": "C-1", "events": {"view_product": {"product": "قميص", "first": False}}},
        {"customerId": "7", "events": {"view_product": {"rating": 5}}},
    )
    mapped = (("product", "Product"), ("rating", "Rating"), ("first", "First visit"))
    return Case(
        sheet, 3, items, tuple(part for key, column in mapped for part in ("--map", f"metadata.{key}={column}"))
    )


CASES: Mapping[str, Callable[[], Case]] = {
    "customers": _customers,
    "orders": _orders,
    "order-transactions": _order_transactions,
    "balance-inquiry": _balance_inquiry,
    "balance-adjustment": _balance_adjustment,
    "cashback": _cashback,
    "redeem": _redeem,
    "events": _events,
}


def cashback_rows(count: int, first: int = 1) -> list[Row]:
    """A plain cashback sheet with its header: every row another customer."""
    moment = local(2026, 3, 1, 9, 0)
    rows: list[Row] = [("Customer ID", "Transaction ID", "Transaction Time", "Amount")]
    for number in range(first, first + count):
        rows.append((f"C-{number}", f"T-{number}", moment + dt.timedelta(minutes=number), 10 + number))
    return rows
