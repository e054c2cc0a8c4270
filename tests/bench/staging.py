"""How long a sheet takes from file to checked: `python -m tests.bench.staging [--million] [--shared] [FILE.xlsx]`.

The sheet goes through a draft's own worker process, as in the app. Seconds are of the clock, with the processors' time
of the worker beside them; ratios are of one run. Nothing else should run meanwhile. openpyxl is only measured up to
100,000 rows and extrapolated beyond. --shared: texts stand in a table of their own, as Excel saves them.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import xlsxwriter

from gb_desktop.runs.draft import Draft
from gb_desktop.runs.model import AccountFacts
from gb_desktop.runs.shelf import Shelf
from gb_desktop.workbook.model import ReadOptions
from tests.bench.reading import library_alone

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_048_575
MOST_FOR_OPENPYXL = 100_000
ACCOUNT = AccountFacts("Bench", "practice", "", "v4.0", "bench")


HEADER = ("Customer ID", "Transaction ID", "Transaction time", "Amount", "Email", "Store", "Cashier", "Campaign")


def make_cashback(path: Path, rows: int, shared: bool = False) -> None:
    """A clean cashback sheet of 8 columns below its header; one customer in five comes twice."""
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": not shared})
    page = workbook.add_worksheet("Cashback")
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    page.write_row(0, 0, HEADER)
    for row in range(1, rows + 1):
        customer = row if row % 10 else row - 1
        page.write_string(row, 0, f"P-{customer:07d}")
        page.write_string(row, 1, f"TRX-{row:08d}")
        page.write_number(row, 2, 45_000 + row / 1440, moment)
        page.write_number(row, 3, 5 + row % 10_000 / 100)
        page.write_string(row, 4, f"user{customer}@example.com")
        page.write_string(row, 5, f"Store {row % 40}")
        page.write_string(row, 6, f"K{row % 300}")
        page.write_string(row, 7, "campaign march")
    workbook.close()


def clock(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def with_openpyxl(path: Path) -> None:
    with closing(openpyxl.load_workbook(path, read_only=True)) as workbook:
        for _ in workbook.worksheets[0].iter_rows(values_only=True):
            pass


def staged_and_checked(path: Path, folder: Path) -> tuple[float, float, float]:
    """Seconds of looking at the file, staging it, and checking it, each waited for."""
    shelf = Shelf(folder)
    with closing(Draft(shelf, shelf.create())) as draft:
        draft.set_type("cashback")
        first = clock(lambda: draft.look(path, ReadOptions()))
        staging = clock(lambda: draft.load(ReadOptions()))
        mapping = draft.suggest().mapping
        checking = clock(lambda: draft.check(mapping, ACCOUNT))
    return first, staging, checking


def measure(path: Path, rows: int) -> None:
    """Print the figures of one sheet; the worker is this process's only child before the others are measured."""
    with tempfile.TemporaryDirectory() as folder:
        first, staging, checking = staged_and_checked(path, Path(folder))
    worker = resource.getrusage(resource.RUSAGE_CHILDREN)
    window = resource.getrusage(resource.RUSAGE_SELF)
    alone = min(clock(lambda: library_alone(path)) for _ in range(2))
    total = first + staging + checking
    print(
        f"{rows:>9,} rows: look {first:.2f} s, stage {staging:.2f} s, check {checking:.2f} s, together {total:.2f} s"
        f" = {total / alone:.2f} x calamine's {alone:.2f} s; worker {worker.ru_utime + worker.ru_stime:.2f} s of"
        f" processors, {worker.ru_maxrss // 1024} MB at most; the process that waits {window.ru_maxrss // 1024} MB",
        flush=True,
    )
    if rows <= MOST_FOR_OPENPYXL:
        slow = clock(lambda: with_openpyxl(path))
        print(f"{'':>9}  = {total / slow:.2f} x openpyxl's {slow:.2f} s", end="")
        if rows == MOST_FOR_OPENPYXL:
            print(f" (which makes some {slow * MILLION / rows:.0f} s of {MILLION:,} rows, extrapolated)", end="")
        print(flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--million", action="store_true", help="a sheet of 1,048,575 rows too")
    parser.add_argument("--rows", type=int, help="only this many rows")
    parser.add_argument("--shared", action="store_true", help="texts in a table of their own, as Excel saves them")
    parser.add_argument("file", nargs="?", type=Path, help="a sheet of --rows rows to measure instead of a made one")
    options = parser.parse_args()
    if options.rows is None:
        for rows in (*SIZES, *([MILLION] if options.million else [])):  # each in a process of its own, for its peak
            more = ["--shared"] if options.shared else []
            subprocess.run([sys.executable, "-m", "tests.bench.staging", "--rows", str(rows), *more], check=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "sheet.xlsx"
        if options.file is None:
            make_cashback(path, options.rows, options.shared)
        measure(path, options.rows)


if __name__ == "__main__":
    main()
