"""How long reading takes beside the library alone: `python -m tests.bench.reading [ROWS]`.

Prints ratios of one run, which mean something on any machine; seconds alone don't.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import python_calamine
import xlsxwriter

from gb_desktop.workbook.model import ReadOptions
from gb_desktop.workbook.package import Package
from gb_desktop.workbook.reader import look, read
from gb_desktop.workbook.scan import scan_sheet

HEADER = ("Customer ID", "Amount", "Transaction ID", "Transaction time", "Reason", "Email", "Mobile", "Channel")


def make_xlsx(path: Path, rows: int, *, marked: bool) -> None:
    """A sheet of 8 columns; `marked` pads every amount's format with zeros, the worst case for the scan."""
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = workbook.add_worksheet("Data")
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    amount = workbook.add_format({"num_format": "00000"}) if marked else None
    page.write_row(0, 0, HEADER)
    for row in range(1, rows):
        page.write_string(row, 0, f"CUST-{row % 300_000:07d}")
        page.write_number(row, 1, row % 10_000 / 100, amount)
        page.write_string(row, 2, f"TX-{row:010d}")
        page.write_number(row, 3, 46_000 + row / 1440, moment)
        page.write_string(row, 4, "Ramadan campaign")
        page.write_string(row, 5, f"user{row % 300_000}@example.com")
        page.write_number(row, 6, 201_000_000_000 + row)
        page.write_string(row, 7, ("web", "pos", "mobile")[row % 3])
    workbook.close()


def make_csv(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEADER) + "\n")
        for row in range(1, rows):
            file.write(f"CUST-{row % 300_000:07d},{row % 10_000 / 100},TX-{row:010d},2026-01-02 10:00,")
            file.write(f"Ramadan campaign,user{row % 300_000}@example.com,{201_000_000_000 + row},web\n")


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def library_alone(path: Path) -> None:
    for _ in python_calamine.load_workbook(path).get_sheet_by_index(0).iter_rows():
        pass


def scan_alone(path: Path) -> None:
    package = Package(path, path.name)
    scan_sheet(lambda: package.pieces("xl/worksheets/sheet1.xml"), {}, path.name, "Data")


def everything(path: Path) -> None:
    for _ in read(path, ReadOptions()).rows:
        pass


def compare(path: Path, title: str) -> None:
    first = seconds(lambda: look(path, ReadOptions()))
    whole = seconds(lambda: everything(path))
    if path.suffix == ".csv":
        print(f"{title}: first look {first:.2f} s, reading {whole:.1f} s")
        return
    alone, scan = seconds(lambda: library_alone(path)), seconds(lambda: scan_alone(path))
    print(
        f"{title}: first look {first:.2f} s, reading {whole:.1f} s = {whole / alone:.2f} x the library's {alone:.1f} s"
    )
    print(f"  of which the scan {scan:.1f} s = {scan / alone:.2f} x")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        for name, marked in (("plain", False), ("marked", True)):
            path = Path(folder) / f"{name}.xlsx"
            make_xlsx(path, rows, marked=marked)
            compare(path, f"xlsx, {rows:,} rows, {name}")
        text = Path(folder) / "text.csv"
        make_csv(text, rows)
        compare(text, f"csv, {rows:,} rows")
    print(f"largest memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
