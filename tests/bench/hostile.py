"""Workbooks that mean harm or are merely huge, and long results workbooks: `python -m tests.bench.hostile [ROWS]`.

Each case runs in a process of its own; its largest memory and its processor time are printed, with what it said.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

from gb_desktop.workbook.headers import name_columns
from gb_desktop.workbook.model import ReadOptions, WorkbookError
from gb_desktop.workbook.package import Package
from gb_desktop.workbook.reader import look, read
from gb_desktop.workbook.results import ResultsWriter
from tests.bench.reading import HEADER, make_xlsx
from tests.workbook.files import header_row, raw_xlsx

MEGABYTE = 1 << 20
SHEET = "xl/worksheets/sheet1.xml"


def zip_bomb(path: Path) -> None:
    """One part of 1 GB from 1 MB."""
    raw_xlsx(path, header_row() + '<row r="2"><c r="A2"><v>1</v></c></row>')
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as package,
        package.open("xl/media/image1.bin", "w", force_zip64=True) as part,
    ):
        for _ in range(1024):
            part.write(bytes(MEGABYTE))


def sheet_bomb(path: Path) -> None:
    """The sheet itself is 1 GB of blanks."""
    raw_xlsx(path, "")
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist() if name != SHEET}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in parts.items():
            package.writestr(name, content)
        with package.open(SHEET, "w", force_zip64=True) as part:
            part.write(b"<worksheet><sheetData>")
            for _ in range(1024):
                part.write(b" " * MEGABYTE)


def lying_bomb(path: Path) -> None:
    """The same, its size given as 100 bytes."""
    sheet_bomb(path)
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    path.write_bytes(content)


def xml_bomb(path: Path) -> None:
    """A billion laughs in the sheet."""
    entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    row = '<row r="1"><c r="A1" t="str"><v>&a9;</v></c></row>'
    raw_xlsx(path, sheet=f"<!DOCTYPE x [{entities}]><worksheet><sheetData>{row}</sheetData></worksheet>")


def phantom_rows(path: Path) -> None:
    """Two rows, and formatting down to the end of the grid."""
    workbook = openpyxl.Workbook()
    page = workbook["Sheet"]
    page.append(["Customer ID", "Amount"])
    page.append(["C1", 5])
    page.cell(1_048_576, 16_384).number_format = "0.00"
    workbook.save(path)


def many_texts(path: Path) -> None:
    """124 MB of shared texts."""
    texts = "".join(f"<si><t>{'text ' * 18}{number:09d}</t></si>" for number in range(1_080_000))
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="s"><v>{n + 1_000_000}</v></c></row>'
        for n in range(2, 60_000)
    )
    raw_xlsx(path, header_row() + rows, shared=texts)


def huge_sheet(path: Path) -> None:
    """A sheet that fills Excel's grid, honestly."""
    make_xlsx(path, 1_048_575, marked=False)


def only_look(path: Path) -> str:
    return f"{len(look(path, ReadOptions()).rows)} rows seen"


def everything(path: Path) -> str:
    rows = sum(1 for _ in read(path, ReadOptions()).rows)
    return f"{rows:,} rows read of {Package(path, path.name).size(SHEET) / 1e6:.0f} MB"


def results(path: Path) -> str:
    rows = int(path.stem)
    columns = name_columns(HEADER)
    with ResultsWriter(path, columns, ["Points"], run="bench") as writer:
        for row in range(rows):
            values = (
                f"CUST-{row}",
                row / 100,
                f"TX-{row:010d}",
                46_000.5,
                "Ramadan",
                f"u{row}@x.com",
                2e11 + row,
                "web",
            )
            failed = row % 50 == 0
            message = f"Customer CUST-{row} is unknown" if failed else ""
            reason = "Unknown customer" if failed else ""
            writer.add(values, "failed" if failed else "succeeded", message, "listed", "job-1", [row], reason=reason)
        writer.finish()
    return f"{rows:,} rows written, {path.stat().st_size / 1e6:.0f} MB"


CASES: dict[str, tuple[Callable[[Path], None] | None, Callable[[Path], str]]] = {
    "zip bomb, 1 GB in a picture": (zip_bomb, only_look),
    "zip bomb, 1 GB in the sheet": (sheet_bomb, only_look),
    "zip bomb that lies about its size": (lying_bomb, only_look),
    "XML bomb": (xml_bomb, only_look),
    "phantom rows, 7 KB": (phantom_rows, everything),
    "124 MB of shared texts, first look": (many_texts, only_look),
    "a sheet as large as the grid, first look": (huge_sheet, only_look),
    "a sheet as large as the grid, whole": (huge_sheet, everything),
}


def measured(case: str, path: Path) -> None:
    """Run one case here and print what it cost."""
    work = results if case == "results" else CASES[case][1]
    started, cpu = time.perf_counter(), time.process_time()
    try:
        said = work(path)
    except WorkbookError as error:
        said = f"refused ({error.reason})"
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    print(f"{case}: {said}; {seconds:.2f} s ({cpu:.2f} s of processor), {peak} MB at most")


def main() -> None:
    if len(sys.argv) == 3:
        measured(sys.argv[1], Path(sys.argv[2]))
        return
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        made: dict[Callable[[Path], None], Path] = {}
        for case, (make, _) in CASES.items():
            assert make is not None
            if make not in made:
                made[make] = Path(folder) / f"{make.__name__}.xlsx"
                make(made[make])
            _run(case, made[make])
        for rows in (most // 10, most):
            _run("results", Path(folder) / f"{rows}.xlsx")


def _run(case: str, path: Path) -> None:
    subprocess.run([sys.executable, "-m", "tests.bench.hostile", case, str(path)], check=True, env=os.environ)


if __name__ == "__main__":
    main()
