"""The columns step's states for `tests.screenshots`: doubt, words, questions, saved mappings, changes made again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from PySide6.QtTest import QTest

from gb_desktop.mapping.model import Source, SourceKind
from gb_desktop.ui.flow import Step

if TYPE_CHECKING:
    from tests.screenshots import Tour

ROWS = 240
HEADER = ("Customer ID", "Receipt", "Transaction time", "Amount", "Branch")
CHANNELS = ("Online", "Kiosk", "App", "Kiosk", "Store", "Telesales", "online", "Pop-up shop")
GENDERS = ("Female", "Male", "أنثى", "n/a")


def book(path: Path, header: Sequence[str], row: Callable[[int], Sequence[object]], rows: int = ROWS) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(list(header))
    for number in range(rows):
        sheet.append(list(row(number)))
    made.save(path)
    return path


def customers(path: Path) -> Path:
    """Words of closed lists, mobiles without a country code, a doubtful header, dates that decide nothing."""
    header = ("Custmer ID", "Given name", "Surname", "Contact", "Mobile", "Gender", "Channel", "Guest?", "DOB")
    channels, genders = list(islice(cycle(CHANNELS), ROWS)), list(islice(cycle(GENDERS), ROWS))
    return book(
        path,
        header,
        lambda n: (
            f"C-{10_001 + n}", "Mona", "Adel", f"mona{n}@example.com", f"0100123{4000 + n}", genders[n], channels[n],
            "yes" if n % 3 else "nope", f"{1 + n % 12:02d}/{1 + n % 9:02d}/90",
        ),
    )  # fmt: skip


def month(path: Path, number: int, header: Sequence[str]) -> Path:
    def row(n: int) -> Sequence[object]:
        amount = "refund" if n % 40 == 7 else f"{n + 5} pts" if n % 3 == 0 else n + 5.5
        return (f"C-{10_001 + n}", f"R{number}-{n:04d}", f"2026-{number:02d}-03 10:{n % 60:02d}", amount, "Cairo")[
            : len(header)
        ]

    return book(path, header, row)


def columns_doubtful(tour: Tour) -> None:
    tour.begin("customers")
    tour.open(customers(tour.files / "Customers.xlsx"))
    tour.next_to(Step.COLUMNS)
    tour.page.fields.more.click()
    tour.settle()
    tour.picture("columns-doubtful")
    tour.page._source_changed(("customerId", Source.column("Custmer ID")))
    tour.page._source_changed(("guest", Source.column("Guest?")))
    name = Source(SourceKind.JOINED, ("Given name", "Surname"), " ")
    tour.page._source_changed(("customerAttributes.displayName", name))
    tour.settle()
    scroll(tour, "customerAttributes.displayName")
    tour.picture("columns-joined")
    scroll(tour, "customerAttributes.gender")
    tour.picture("columns-words")
    scroll(tour, "customerAttributes.channel")
    tour.picture("columns-words-undecided")
    line = tour.page.fields.lines["customerAttributes.channel"]
    for word, value in (("Kiosk", "pos"), ("Pop-up shop", "pos"), ("Telesales", "callcenter")):
        line.words.changed.emit((word, value))
        tour.settle()
    tour.picture("columns-words-decided")
    tour.page.settings._column_chosen(("Mobile", "country", "EG"))
    tour.page.settings._column_chosen(("DOB", "date_order", "dmy"))
    tour.settle()
    bar(tour).setValue(0)
    tour.picture("columns-answered")


def columns_last_used(tour: Tour) -> None:
    tour.switch(scenario="smooth", pace=0, queue=0)
    tour.begin("cashback")
    tour.open(month(tour.files / "February.xlsx", 2, HEADER))
    tour.next_to(Step.COLUMNS)
    tour.page._source_changed(("transactionId", Source.generated("cashback-202601")))
    tour.page._source_changed(("email", Source.constant("shop@example.com")))
    tour.settle()
    tour.next_to(Step.CHECK)
    tour.page.leave_out.click()
    tour.settle()
    tour.next_to(Step.SEND)
    tour.whole.until(lambda: not tour.whole.session.sendings.active(), "the end of the run")
    tour.begin("cashback")
    tour.open(month(tour.files / "March.xlsx", 3, HEADER))
    tour.next_to(Step.COLUMNS)
    tour.picture("columns-last-used")


def columns_saved(tour: Tour) -> None:
    tour.begin("cashback")
    tour.open(month(tour.files / "February.xlsx", 2, HEADER))
    tour.next_to(Step.COLUMNS)
    tour.page.saved.name.setText("Monthly cashback")
    tour.page.saved.save.click()
    tour.settle()
    tour.picture("columns-saved")
    tour.next_to(Step.CHECK)
    draft = tour.whole.session.draft
    assert draft is not None
    tour.page.changes.replace((3, " pts", ""))
    tour.settle()
    tour.page.changes.leave_out_group(("not-a-number", "amount"))
    tour.settle()
    bottom(tour)
    tour.picture("check-keep-changes")
    tour.page.again.keep.button.click()
    tour.settle()
    tour.picture("check-kept")
    tour.begin("cashback")
    other = ("Amount paid", "CUSTOMER ID", "Receipt", "Transaction time", "Note")
    tour.open(moved(tour.files / "March.xlsx", other))
    tour.next_to(Step.COLUMNS)
    tour.picture("columns-renamed")
    tour.page._source_changed(("amount", Source.column("Amount paid")))
    tour.settle()
    tour.picture("columns-with-changes")
    tour.next_to(Step.CHECK)
    tour.picture("check-replay")
    tour.page.again.replay.make.click()
    tour.settle()
    tour.picture("check-replayed")


def moved(path: Path, header: Sequence[str]) -> Path:
    """Next month's sheet: columns in another order, one called otherwise, one new."""

    def row(n: int) -> Sequence[object]:
        amount = "refund" if n % 30 == 7 else f"{n + 5} pts" if n % 4 == 0 else n + 5.5
        return (amount, f"C-{10_001 + n}", f"R3-{n:04d}", f"2026-03-03 10:{n % 60:02d}", "by phone")

    return book(path, header, row)


def bar(tour: Tour):  # type: ignore[no-untyped-def]
    return tour.page.fields.parent().parent().parent().verticalScrollBar()


def scroll(tour: Tour, path: str) -> None:
    """Let the line of a field stand at the top."""
    line = tour.page.fields.lines[path]
    QTest.qWait(50)
    bar(tour).setValue(line.mapTo(tour.page.fields.parent(), line.rect().topLeft()).y())


def bottom(tour: Tour) -> None:
    area = tour.page.again.parent().parent()
    QTest.qWait(50)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


def columns_repeated(tour: Tour) -> None:
    """Two columns of one name, and three of another."""
    header = ("Customer ID", "Amount", "Transaction ID", "Transaction time", "Note", "Amount", "Note", "NOTE")
    tour.begin("cashback")
    row = ("C-1", 20.5, "T-1", "2026-03-03 10:00", "a", 18.25, "b", "c")
    tour.open(book(tour.files / "Twice.xlsx", header, lambda n: (row[0], 20.5 + n, f"T-{n:04d}", *row[3:])))
    tour.next_to(Step.COLUMNS)
    tour.picture("columns-repeated")


STOPS: tuple[Callable[[Tour], None], ...] = (columns_doubtful, columns_last_used, columns_saved, columns_repeated)
