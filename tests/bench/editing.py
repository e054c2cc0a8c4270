"""How long changes of a checked sheet take: `python -m tests.bench.editing [ROWS]`. Prints figures; judges nothing.

With `--scattered` IDs come in no order, so that a change of many rows touches every page of their index. A draft's
own worker process checks a cashback sheet of ROWS rows (1,048,575 unless told), every tenth with a line break in its
customer ID. Seconds are of the clock, from asking the worker to its answer, the re-check included.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from gb_desktop.catalog import batch_type
from gb_desktop.mapping.model import Mapping, Settings, Source
from gb_desktop.runs import indexes, schema
from gb_desktop.runs.draft import Draft
from gb_desktop.runs.model import AccountFacts, CheckSummary, Loaded, Progress
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.store import RunStore
from gb_desktop.runs.wire import to_wire
from gb_desktop.workbook.cells import column_letter
from gb_desktop.workbook.model import Column, Row, Skipped, Value

HEADERS = ("Customer ID", "Transaction ID", "Transaction time", "Amount", "E-mail", "Store", "Cashier", "Campaign")
FIELDS = ("customerId", "transactionId", "transactionTime", "amount", "email")
START = dt.datetime.fromisoformat("2023-01-01 08:00:00")
ACCOUNT = AccountFacts("Bench", "practice", "", "v4.0", "bench")
CUSTOMER, TRANSACTION, AMOUNT = 0, 1, 3
EDITS = 20


def ident(row: int, scattered: bool) -> str:
    """The transaction ID of a row."""
    return f"TRX-{row * 2_654_435_761 % 2**32 if scattered else row:08d}"


def rows(count: int, scattered: bool) -> Iterator[Row]:
    """Cashback rows from sheet row 2 on."""
    for n in range(2, count + 2):
        broken = "\n" if n % 10 == 0 else ""
        values: list[Value] = [
            f"P-{n // 2:07d}{broken}x", ident(n, scattered), START + dt.timedelta(minutes=n), 5 + n % 10_000 / 100,
            f"user{n // 2}@example.com", f"Store {n % 40}", f"K{n % 300}", "campaign march",
        ]  # fmt: skip
        yield Row(n, values)


def staged(shelf: Shelf, count: int, scattered: bool) -> str:
    """A draft that holds the rows, as after loading; its name."""
    run = shelf.create()
    columns = tuple(Column(i, column_letter(i), header, header) for i, header in enumerate(HEADERS))
    with closing(RunStore.open(shelf.path(run))) as store:
        held = store.stage(rows(count, scattered))
        loaded = Loaded("Cashback", 1, columns, held, Skipped())
        store.meta.update(type="cashback", loaded=to_wire(loaded), sheet="Cashback", file="bench.xlsx")
    return run


def timed(name: str, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    print(f"{name:44} {took * 1000:10,.1f} ms", flush=True)
    return took


def changed_first(name: str, work: Callable[[Callable[[Progress], None]], object]) -> None:
    """A change of very many cells: when they are changed and can be read, and when they are checked too."""
    began = time.perf_counter()
    changed: list[float] = []
    work(lambda _progress: changed or changed.append(time.perf_counter() - began))
    whole = time.perf_counter() - began
    first = f", changed after {changed[0] * 1000:,.1f} ms" if changed else ""
    print(f"{name:44} {whole * 1000:10,.1f} ms{first}", flush=True)


def edits(name: str, change: Callable[[int], object], pause: float = 0.0) -> None:
    """The median and the worst of several edits, so many seconds apart."""
    took = []
    for place in range(EDITS):
        time.sleep(pause)
        began = time.perf_counter()
        change(place)
        took.append(time.perf_counter() - began)
    took.sort()
    print(
        f"{name:44} {took[EDITS // 2] * 1000:10,.1f} ms in the middle, {took[-1] * 1000:,.1f} ms at worst", flush=True
    )


def until_indexed(run_file: Path) -> None:
    """Wait as a person does who reads what the check found."""
    with closing(schema.open_to_read(run_file)) as db:
        while indexes.missing(db, ("ident", "time")):
            time.sleep(0.05)


def measure(draft: Draft, count: int, run_file: Path, scattered: bool) -> None:
    """All figures, in the order in which a person would cause them."""
    mapping = Mapping(
        "cashback", {path: Source.column(header) for path, header in zip(FIELDS, HEADERS, strict=False)},
        Settings(timezone="Africa/Cairo"),
    )  # fmt: skip
    assert not [field for field in FIELDS if batch_type("cashback").field(field) is None]
    timed("the first check of the sheet", lambda: draft.check(mapping, ACCOUNT))
    timed("edit right after the check", lambda: draft.edit(3, AMOUNT, "12"))
    timed("check again", lambda: draft.check(mapping, ACCOUNT))
    edits("edit while indexes are made", lambda n: draft.edit(901 + n, AMOUNT, "76"), 0.06)
    timed("the worker, making indexes while nobody asks", lambda: until_indexed(run_file))
    timed("first edit after that", lambda: draft.edit(3, AMOUNT, "12.5"))
    edits("edit of an amount", lambda n: draft.edit(1001 + n, AMOUNT, "77"))
    edits(
        "edit of an ID into another row's",
        lambda n: draft.edit(2001 + n, TRANSACTION, ident(3001 + n, scattered)),
    )
    edits("undo of one of them", lambda _: draft.undo())
    offer: list[object] = []
    timed("offers of the group of every tenth row", lambda: offer.extend(draft.fixes("line-break", "customerId")))
    before = draft.undo().counts
    draft.redo()
    changed_first(
        f"bulk fix of {count // 10:,} cells", lambda say: draft.apply_fix("line-break", "customerId", "clean", say)
    )
    edits("edit of an amount after it", lambda n: draft.edit(1101 + n, AMOUNT, "78"))
    for _ in range(EDITS):
        draft.undo()
    changed_first("undo of the bulk fix", draft.undo)
    changed_first("redo of the bulk fix", draft.redo)
    timed("find in all columns", lambda: draft.replace(None, "K299", "K-299", True))
    timed("replace in all columns", lambda: draft.replace(None, "K299", "K-299", False))
    found: list[CheckSummary] = []
    timed("leave every tenth row out", lambda: found.append(draft.exclude(range(10, count, 10), True)))
    timed("edit after that", lambda: draft.edit(3, AMOUNT, "13"))
    assert before.errors == count // 10 + (count % 10 > 7)
    assert found[0].counts.excluded == len(range(10, count, 10))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=1_048_575)
    parser.add_argument("--scattered", action="store_true", help="IDs in no order")
    asked = parser.parse_args()
    count: int = asked.rows
    scattered: bool = asked.scattered
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        run = staged(shelf, count, scattered)
        print(f"{count:,} rows, a run file of {shelf.path(run).stat().st_size / 1e6:.0f} MB")
        draft = Draft(shelf, run)
        try:
            measure(draft, count, shelf.path(run), scattered)
        finally:
            draft.close()


if __name__ == "__main__":
    main()
