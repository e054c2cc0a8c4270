"""Writes the results workbook: the user's own columns, what became of each row, and a summary."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

from gb_desktop.text import tr
from gb_desktop.workbook.headers import is_blank
from gb_desktop.workbook.marker import OUTCOME_COLUMNS, set_mark
from gb_desktop.workbook.model import Column, Value, WorkbookError
from gb_desktop.workbook.safe_write import Cells, writing

ROWS_A_SHEET = 1_048_575  # below the header
_MOST_REASONS = 500
_COLOURS = {
    "succeeded": "#E2F0D9",
    "already applied": "#E2F0D9",
    "failed": "#F8D7DA",
    "unknown": "#FFE8B3",
    "not sent": "#E7E6E6",
    "excluded": "#E7E6E6",
}


class ResultsWriter:
    """Writes rows one by one in flat memory. Use as a context manager; nothing is left behind if it isn't finished.

    The sheets: `Results` (then `Results (2)` and so on past 1,048,575 rows), `Summary`.
    """

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column],
        extra: Sequence[str] = (),
        *,
        run: str,
        rows_a_sheet: int = ROWS_A_SHEET,
    ) -> None:
        self._path = path
        self._headers = [column.raw if not is_blank(column.raw) else column.header for column in columns]
        self._headers += [*OUTCOME_COLUMNS, *extra]
        self._own = len(columns)
        self._finished = False
        self._most = rows_a_sheet
        self._outcomes: Counter[str] = Counter()
        self._reasons: Counter[tuple[str, str]] = Counter()
        self._sheets: list[Any] = []
        self._rows: list[int] = []
        self._stack = ExitStack()
        self._workbook, self._temporary = self._stack.enter_context(writing(path))
        self._cells = Cells(self._workbook)
        set_mark(self._workbook, run)
        self._next_sheet()

    def __enter__(self) -> ResultsWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._finished or kind is not None:
            self._stack.__exit__(kind, error, trace)
        else:
            unfinished = RuntimeError("finish() was not called")
            self._stack.__exit__(RuntimeError, unfinished, None)
            raise unfinished

    def add(
        self,
        values: Sequence[Value],
        outcome: str,
        message: str = "",
        evidence: str = "",
        job: str = "",
        extra: Sequence[Value | Decimal] = (),
        *,
        reason: str = "",
    ) -> None:
        """Write a row. `reason` is what failures are grouped by in the summary; without one it is the message."""
        if self._rows[-1] == self._most:
            self._next_sheet()
        self._rows[-1] += 1
        sheet, row = self._sheets[-1], self._rows[-1]
        write = self._cells.write
        for column, value in enumerate(values):
            write(sheet, row, column, value)
        write(sheet, row, self._own, outcome, bg_color=_COLOURS.get(outcome, "#FFFFFF"))
        for column, text in enumerate((message, evidence, job), self._own + 1):
            write(sheet, row, column, text)
        for column, returned in enumerate(extra, self._own + len(OUTCOME_COLUMNS)):
            write(sheet, row, column, returned)
        self._count(outcome, reason or message)

    def finish(self, facts: Sequence[tuple[str, str]] = ()) -> None:
        """Add the summary (`facts` are its first lines), close, read back, compare, and take the name."""
        for sheet, rows in zip(self._sheets, self._rows, strict=True):
            sheet.autofilter(0, 0, max(rows, 1), len(self._headers) - 1)
        self._write_summary(facts)
        self._workbook.close()
        verify_rows(self._temporary, [rows + 1 for rows in self._rows])
        self._finished = True
        self._stack.close()

    def _count(self, outcome: str, reason: str) -> None:
        self._outcomes[outcome] += 1
        if reason and outcome != "succeeded":
            known = (outcome, reason) in self._reasons or len(self._reasons) < _MOST_REASONS
            self._reasons[(outcome, reason if known else tr("Other reasons"))] += 1

    def _next_sheet(self) -> None:
        name = "Results" if not self._sheets else f"Results ({len(self._sheets) + 1})"
        sheet = self._workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, header in enumerate(self._headers):
            sheet.set_column(column, column, min(max(len(header) + 2, 12), 40))
            ours = column >= self._own
            self._cells.write(sheet, 0, column, header, bold=True, bg_color="#DDEBF7" if ours else "#F2F2F2")
        self._sheets.append(sheet)
        self._rows.append(0)

    def _write_summary(self, facts: Sequence[tuple[str, str]]) -> None:
        sheet = self._workbook.add_worksheet("Summary")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 60)
        lines: list[tuple[Value, ...]] = [*facts, (tr("Rows"), sum(self._rows)), ()]
        lines += [(tr("Outcome"), tr("Rows")), *sorted(self._outcomes.items()), ()]
        if self._reasons:
            lines.append((tr("Outcome"), tr("Reason"), tr("Rows")))
            lines += [(outcome, reason, count) for (outcome, reason), count in self._reasons.most_common()]
        if self._cells.cut:
            lines += [(), (tr("Texts too long for an Excel cell, cut at its limit"), self._cells.cut)]
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                self._cells.write(sheet, row, column, value, **({"bold": True} if column == 0 else {}))


def verify_rows(path: Path, expected: Sequence[int]) -> None:
    """Read the first sheets of a written workbook back and count their rows. WorkbookError when one is short."""
    with zipfile.ZipFile(path) as package:
        for number, rows in enumerate(expected, 1):
            with package.open(f"xl/worksheets/sheet{number}.xml") as part:
                found = _count_rows(part)
            if found != rows:
                sentence = tr(
                    "{name} was not written whole ({found} of {rows} rows): save it again, in another place.",
                    name=path.name,
                    found=found,
                    rows=rows,
                )
                raise WorkbookError(sentence, "damaged")


def _count_rows(part: Any) -> int:
    rows = 0
    kept = b""
    while piece := part.read(1 << 20):
        rows += (kept + piece).count(b"<row ")
        kept = piece[-4:]  # one byte short of what is counted, so that nothing counts twice
    return rows
