"""Cells as Excel keeps them, in a real workbook, up to the JSON that would be sent: nothing that was not meant."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from gb_desktop.mapping.model import Settings, Source
from gb_desktop.runs.drafting import Drafting
from gb_desktop.runs.model import AccountFacts
from gb_desktop.runs.shelf import Shelf
from gb_desktop.workbook.model import ReadOptions

FACTS = AccountFacts("Practice", "practice", "http://127.0.0.1", "v4.0", "f")
HEADERS = {
    "customerId": "Customer ID", "transactionId": "Transaction ID", "transactionTime": "Transaction time",
    "amount": "Amount", "email": "E-mail", "mobile": "Mobile",
}  # fmt: skip
PATHS = list(HEADERS)
MOMENT = dt.datetime.fromisoformat("2026-03-01 09:30")
LONG = "ش" * 32_767  # as long as a cell can be
SENT: list[tuple[str, Any, str, Any]] = [  # field, cell, number format, what goes out
    ("customerId", 12345.0, "General", "12345"),
    ("customerId", 123456789012345, "0", "123456789012345"),
    ("customerId", 42, "00000", "00042"),
    ("customerId", 20100, '"C-"00000', "C-20100"),
    ("customerId", "0017", "@", "0017"),
    ("customerId", "\u00a0A\u200b-1\ufeff", "@", "A-1"),
    ("customerId", "عميل 🎁", "@", "عميل 🎁"),
    ("customerId", LONG, "@", LONG),
    ("transactionId", "=1+1", "@", "=1+1"),
    ("amount", 57.699999999999996, "General", Decimal("57.7")),
    ("amount", 0.1 + 0.2, "0.00", Decimal("0.3")),
    ("amount", "1,234.56", "@", Decimal("1234.56")),
    ("amount", "EGP 12", "@", Decimal(12)),
    ("amount", "١٢٫٥٠", "@", Decimal("12.5")),
    ("amount", "'12", "@", Decimal(12)),
    ("transactionTime", MOMENT, "dd/mm/yyyy hh:mm", "2026-03-01T07:30:00.000Z"),
    ("transactionTime", "13/02/2026 10:00", "@", "2026-02-13T08:00:00.000Z"),
    ("transactionTime", "01/02/2026", "@", "2026-01-31T22:00:00.000Z"),
    ("email", " Mona@Example.COM. ", "@", "Mona@example.com"),
    ("email", "mo\u200dna@example.com", "@", "mona@example.com"),
    ("mobile", 1001234567, "0", "+201001234567"),
    ("mobile", "0100\u200c123\u202f4567", "@", "+201001234567"),
    ("email", None, "General", None),
    ("mobile", " ", "@", None),
]
HELD_BACK: list[tuple[str, Any, str, str]] = [  # field, cell, number format, code
    ("customerId", 1234567890123456, "0", "digits-lost"),
    ("customerId", "1.23E+11", "@", "number-shortened"),
    ("customerId", dt.datetime.fromisoformat("2026-03-01"), "d-mmm", "date-in-field"),
    ("amount", dt.datetime.fromisoformat("2026-02-01"), "d-mmm", "date-in-field"),
    ("amount", "(12.00)", "@", "negative"),
    ("amount", 0, "General", "zero"),
    ("amount", "12,5", "@", "other-decimal"),
    ("amount", "#N/A", "General", "cell-error"),
    ("transactionTime", "31/02/2026", "@", "no-such-date"),
    ("transactionTime", dt.datetime.fromisoformat("2099-01-01"), "yyyy-mm-dd", "future-time"),
    ("transactionTime", None, "General", "required-empty"),
    ("mobile", 1234567890123456, "0", "digits-lost"),
    ("email", "mona", "@", "not-an-email"),
]
NUMBERED = {path: place + 1 for place, path in enumerate(PATHS)}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drafting]:
    """One row for each case, good but for the cell that is tried, in a workbook that is loaded and checked."""
    folder = tmp_path_factory.mktemp("traps")
    book = openpyxl.Workbook()
    page = book.active
    page.append(list(HEADERS.values()))
    for row, (path, cell, number_format, _) in enumerate([*SENT, *HELD_BACK], 2):
        page.append([f"C-{row}", f"T-{row}", MOMENT + dt.timedelta(minutes=row), 5])
        tried = page.cell(row, NUMBERED[path])
        tried.value = cell
        if number_format == "@" and isinstance(cell, str):
            tried.data_type = "s"  # no formula and no error, whatever it begins with
        tried.number_format = number_format
    book.save(folder / "traps.xlsx")
    shelf = Shelf(folder / "data")
    run = shelf.create()
    drafting = Drafting(lambda _: None)
    drafting.open(shelf.path(run), shelf.copies(run), shelf.folder / "ledger.sqlite", shelf.mappings, False)
    call = drafting.command
    call("set_type")("cashback")
    call("look")(folder / "traps.xlsx", ReadOptions())
    call("load")(ReadOptions())
    sources = {path: Source.column(header) for path, header in HEADERS.items()}
    settings = Settings(timezone="Africa/Cairo", country="EG", decimal=".")
    call("check")(replace(call("suggest")().mapping, sources=sources, settings=settings), FACTS)
    yield drafting
    drafting.close()


def problems(checked: Drafting, row: int) -> list[str]:
    db = checked._drafted.store.connection
    return [code for (code,) in db.execute("SELECT code FROM problems WHERE row = ?", (row,))]


@pytest.mark.parametrize("place", range(len(SENT)))
def test_that_a_cell_goes_out_as_it_is_meant(checked: Drafting, place: int) -> None:
    path, _, _, sent = SENT[place]
    row = place + 2
    assert problems(checked, row) == []
    [(body,)] = checked._drafted.store.connection.execute("SELECT body FROM items WHERE item = ?", (row,)).fetchall()
    item = json.loads(body, parse_float=Decimal)
    assert item.get(path) == sent
    assert (path in item) == (sent is not None)


@pytest.mark.parametrize("place", range(len(HELD_BACK)))
def test_that_a_damaged_or_wrong_cell_keeps_its_row_back(checked: Drafting, place: int) -> None:
    row = place + 2 + len(SENT)
    assert problems(checked, row) == [HELD_BACK[place][3]]
    db = checked._drafted.store.connection
    assert db.execute("SELECT count(*) FROM items WHERE item = ?", (row,)).fetchone() == (0,)
