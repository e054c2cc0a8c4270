"""Makes the sample workbooks of resources/samples, the same bytes every time: `python -m tests.samples [FOLDER]`."""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import xlsxwriter

Value = str | int | Decimal | dt.datetime | dt.date | None

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "samples"
MADE = dt.datetime(2026, 3, 31, 9, 0, tzinfo=dt.UTC)  # the workbooks' own creation date
FIRST_CUSTOMER = 10001
ORDERS = 70

GIVEN = ("Mona", "Omar", "Layla", "Youssef", "Nour", "Karim", "Salma", "Hassan", "Dina", "Tarek", "Farida", "Amr")
FAMILY = ("Adel", "Said", "Fouad", "Mansour", "Helmy", "Naguib", "Ezzat", "Shaker", "Galal", "Rashad", "Zaki")
ARABIC = ("منى عادل", "عمر سعيد", "ليلى فؤاد", "يوسف منصور", "نور حلمي", "كريم نجيب")
CITIES = ("Cairo", "Giza", "Alexandria", "Mansoura", "Tanta", "Aswan")
STORES = ("Maadi", "Zamalek", "Heliopolis", "New Cairo", "Smouha")
PRODUCTS = (
    ("P-204", "Linen shirt", "Shirts", "749.00"),
    ("P-117", "Running shoes", "Shoes", "1899.00"),
    ("P-331", "Canvas tote", "Bags", "349.50"),
    ("P-088", "Cotton socks, 3 pairs", "Basics", "129.99"),
    ("P-412", "Rain jacket", "Jackets", "1599.00"),
    ("P-256", "Leather belt", "Accessories", "459.00"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One workbook: its sheet's name, its headers, and a generator of rows that gets its own randomness."""

    sheet: str
    headers: tuple[str, ...]
    rows: Callable[[random.Random], Iterator[tuple[Value, ...]]]


def customer(number: int) -> str:
    """The number-th customer that the practice service knows, counted from 0."""
    return f"C-{FIRST_CUSTOMER + number}"


def order_id(number: int) -> str:
    return f"ORD-{26001 + number}"


def moments(chance: random.Random, first: dt.date) -> Iterator[dt.datetime]:
    """Times of shopping hours, ever later and never the same. Daytime: no zone skips or repeats any of them."""
    moment = dt.datetime.combine(first, dt.time(9, 30))
    while True:
        moment += dt.timedelta(minutes=chance.randint(7, 95), seconds=chance.randint(1, 59))
        if moment.hour >= 21:
            moment = dt.datetime.combine(moment.date() + dt.timedelta(days=1), dt.time(9, chance.randint(0, 59)))
        yield moment


def money(chance: random.Random, low: int, high: int) -> Decimal:
    """A price as shops make them: mostly ending in .00, .50, .95 or .99."""
    return Decimal(chance.randint(low, high)) + Decimal(chance.choice(("0", "0", "0.50", "0.95", "0.99")))


def email(number: int) -> str:
    return f"{GIVEN[number % len(GIVEN)]}.{FAMILY[number % len(FAMILY)]}{number + 1}@example.com".lower()


def cashback(chance: random.Random) -> Iterator[tuple[Value, ...]]:
    times = moments(chance, dt.date(2026, 3, 2))
    shoppers = [*range(112), *chance.sample(range(112), 8)]  # a few came twice
    for row, who in enumerate(shoppers):
        spent = money(chance, 80, 2400)
        yield customer(who), f"INV-{260301 + row}", next(times), spent, chance.choice(STORES), email(who)


def balance_adjustment(chance: random.Random) -> Iterator[tuple[Value, ...]]:
    reasons = ("Compensation for a late delivery", "Goodwill after a complaint", "Spring competition winner")
    for who in range(80):
        if who % 10 == 9:
            yield customer(who), -chance.randrange(10, 60, 5), "Correction of a double entry"
        else:
            yield customer(who), chance.randrange(50, 500, 25), chance.choice(reasons)


def redeem(chance: random.Random) -> Iterator[tuple[Value, ...]]:
    times = moments(chance, dt.date(2026, 3, 9))
    for who in range(60):
        in_money = who % 6 == 5
        yield (
            customer(who),
            f"RED-{7001 + who}",
            next(times),
            None if in_money else chance.randrange(50, 300, 10),
            Decimal(chance.randint(5, 20)) if in_money else None,
        )


def orders(chance: random.Random) -> Iterator[tuple[Value, ...]]:
    times = moments(chance, dt.date(2026, 3, 3))
    for number in range(ORDERS):
        lines = [(*product, chance.randint(1, 3)) for product in chance.sample(PRODUCTS, chance.choice((1, 1, 2, 3)))]
        total = sum((Decimal(price) * quantity for *_, price, quantity in lines), Decimal(0))
        moment, channel = next(times), chance.choice(("web", "mobile", "pos"))
        for product, title, category, price, quantity in lines:
            yield (
                order_id(number),
                customer(number * 3 % 150),
                moment,
                total,
                channel,
                product,
                title,
                category,
                quantity,
                Decimal(price),
            )


def customers(chance: random.Random) -> Iterator[tuple[Value, ...]]:
    for who in range(150):
        name = f"{GIVEN[who % len(GIVEN)]} {FAMILY[who % len(FAMILY)]}"
        arabic = who % 12 == 7
        yield (
            customer(who),
            ARABIC[who % len(ARABIC)] if arabic else name,
            email(who),
            f"+2010{20000000 + who * 7919 % 9999999:08d}",
            dt.date(1965, 1, 1) + dt.timedelta(days=chance.randrange(0, 14000)),
            dt.date(2023, 1, 1) + dt.timedelta(days=chance.randrange(0, 1100)),
            chance.choice(CITIES),
            "Egypt",
            "ar" if arabic else chance.choice(("en", "ar")),
        )


def events(chance: random.Random) -> Iterator[tuple[Value, ...]]:
    for number in range(90):
        product, title, _, _ = chance.choice(PRODUCTS)
        if number % 3 == 0:
            yield customer(number), "write_review", product, title, chance.randint(3, 5)
        else:
            yield customer(number), "view_product", product, title, None


def balance_inquiry(chance: random.Random) -> Iterator[tuple[Value, ...]]:
    for who in chance.sample(range(300), 200):
        yield customer(who), f"{GIVEN[who % len(GIVEN)]} {FAMILY[who % len(FAMILY)]}"


def order_transactions(_chance: random.Random) -> Iterator[tuple[Value, ...]]:
    for number in range(ORDERS):
        yield (order_id(number),)


SAMPLES = {
    "cashback": Sample(
        "Cashback", ("Customer ID", "Invoice No", "Invoice Date", "Amount Spent", "Store", "Email"), cashback
    ),
    "balance-adjustment": Sample("Adjustments", ("Customer ID", "Amount", "Reason"), balance_adjustment),
    "redeem": Sample(
        "Redemptions", ("Customer ID", "Receipt No", "Transaction Time", "Points", "Redeem Amount"), redeem
    ),
    "orders": Sample(
        "Orders",
        (
            "Order ID",
            "Customer ID",
            "Order Date",
            "Total Paid",
            "Channel",
            "Product ID",
            "Product Name",
            "Category",
            "Quantity",
            "Unit Price",
        ),
        orders,
    ),
    "customers": Sample(
        "Customers",
        (
            "Customer ID",
            "Full Name",
            "Email",
            "Mobile",
            "Date of Birth",
            "Join Date",
            "City",
            "Country",
            "Preferred Language",
        ),
        customers,
    ),
    "events": Sample("Events", ("Customer ID", "Event", "Product ID", "Product", "Rating"), events),
    "balance-inquiry": Sample("Customers", ("Customer ID", "Name"), balance_inquiry),
    "order-transactions": Sample("Orders", ("Order ID",), order_transactions),
}


def write_samples(folder: Path) -> None:
    """Write every sample to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, sample in SAMPLES.items():
        write_sample(folder / f"{key}.xlsx", sample, random.Random(key))


def write_sample(path: Path, sample: Sample, chance: random.Random) -> None:
    """Write one workbook: a bold header that stays in sight, then the rows."""
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False})
    workbook.set_properties({"created": MADE, "title": f"Sample: {sample.sheet}"})
    formats = {
        dt.datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        dt.date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
        Decimal: workbook.add_format({"num_format": "#,##0.00"}),
    }
    sheet = workbook.add_worksheet(sample.sheet)
    sheet.freeze_panes(1, 0)
    widths = [len(header) + 3 for header in sample.headers]
    sheet.write_row(0, 0, sample.headers, workbook.add_format({"bold": True, "bottom": 1}))
    for row, values in enumerate(sample.rows(chance), 1):
        for column, value in enumerate(values):
            if value is not None:
                sheet.write(row, column, value, formats.get(type(value)))
                widths[column] = max(widths[column], len(str(value)) + 2)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    workbook.close()


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
