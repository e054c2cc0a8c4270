"""Reads a long sheet in pieces while it is scanned, several at a time: the library lets the interpreter go meanwhile.

A piece is some thousand rows of the sheet's XML in a small workbook of their own, so that no more than a few
pieces of XML are in memory at once. A piece is only parsed after its rows were scanned, and whatever is not plain
(rows out of order, a piece that can't be read) is left to the reader of whole sheets.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from python_calamine import CalamineSheet

from gb_desktop.workbook.calamine_sheet import read_sheet, translated
from gb_desktop.workbook.model import Plain, WorkbookError
from gb_desktop.workbook.package import Package
from gb_desktop.workbook.source import Signs, Table
from gb_desktop.workbook.xlsx_head import kept_parts, with_known_errors, zipped
from gb_desktop.workbook.xlsx_parts import Parts

LONG = 16 << 20  # bytes of XML from which a sheet is parsed while it is scanned
_PIECE = 8 << 20
_MOST_SHARED = 256 << 10  # bytes of shared texts: every piece has them all
_MOST_THREADS = 3
_WAITING = 2  # pieces a thread that may wait for it


def is_long(package: Package, parts: Parts, sheet: str) -> bool:
    """Whether parsing takes so long that the scan must not be waited for."""
    return package.size(parts.sheets[sheet]) >= LONG


def worth_pieces(package: Package, parts: Parts, sheet: str) -> bool:
    """Whether reading the sheet in pieces pays: it is long, and its texts stand in its cells."""
    shared = package.size(parts.shared) if parts.shared else 0
    return is_long(package, parts, sheet) and shared <= _MOST_SHARED


class SheetPieces:
    """Takes a sheet's rows as they are scanned and parses them meanwhile. To be closed."""

    def __init__(self, package: Package, parts: Parts, sheet: str, found: str, piece: int = _PIECE) -> None:
        self._kept = kept_parts(package, parts, [parts.shared] if parts.shared else [])
        self._part = parts.sheets[sheet]
        self._sheet = sheet
        self._name = package.name
        self._format = found
        threads = max(1, min(_MOST_THREADS, os.cpu_count() or 1))
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pieces")
        self._room = threads * (_WAITING + 1)
        self._parsing: deque[Future[CalamineSheet]] = deque()
        self._sheets: list[CalamineSheet] = []
        self._head = self._tail = b""
        self._rows: list[bytes] = []
        self._size = 0
        self._piece = piece  # bytes of XML
        self._usable = True

    def begin(self, head: bytes, prefix: bytes) -> None:
        """What stands before the rows, and the prefix of the part's elements."""
        self._head = head
        self._tail = b"</%bsheetData></%bworksheet>" % (prefix, prefix)

    def take(self, rows: bytes) -> None:
        """The next whole rows, scanned. Waits while too many pieces are under way."""
        if not self._usable:
            return
        self._rows.append(rows)
        self._size += len(rows)
        if self._size >= self._piece:
            self._parse()

    def give_up(self) -> None:
        """The scan met something odd: the sheet is to be read whole."""
        self._usable = False
        self._rows.clear()  # and none are kept from now on
        self._pool.shutdown(cancel_futures=True)
        self._parsing.clear()
        self._sheets.clear()

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(cancel_futures=True)

    def table(self, signs: Signs) -> Table | None:
        """The whole sheet, None when it has to be read whole."""
        self._parse()
        self._settled(0)
        sheets = [one for one in self._sheets if one.start is not None and one.end is not None]
        if not self._usable or not _in_order(sheets):
            self.give_up()
            return None
        width = max((one.end[1] + 1 for one in sheets if one.end), default=0)
        last_row = sheets[-1].end[0] + 1 if sheets and sheets[-1].end else 0
        name = self._name

        def rows() -> Iterator[Sequence[Plain]]:
            with translated(name):
                yield from _rows_of(sheets, width)

        return Table(self._sheet, width, rows, signs, last_row)

    def _parse(self) -> None:
        if not self._rows or not self._settled(self._room - 1):
            return
        xml = b"".join((self._head, *self._rows, self._tail))
        self._rows.clear()
        self._size = 0
        self._parsing.append(self._pool.submit(self._parsed, xml))

    def _parsed(self, xml: bytes) -> CalamineSheet:
        small = zipped(self._kept, self._part, with_known_errors(xml))
        return read_sheet(small, self._name, self._format, self._sheet)

    def _settled(self, most: int) -> bool:
        """Wait until at most that many pieces are under way; False when one of them can't be read."""
        while len(self._parsing) > most:
            try:
                self._sheets.append(self._parsing.popleft().result())
            except WorkbookError:  # the reader of whole sheets finds better words for it, or reads it
                self.give_up()
        return self._usable


def _in_order(sheets: Sequence[CalamineSheet]) -> bool:
    """Whether every piece begins below the one before."""
    ends = [one.end[0] for one in sheets if one.end]
    starts = [one.start[0] for one in sheets if one.start]
    return all(end < start for end, start in zip(ends, starts[1:], strict=False))


def _rows_of(sheets: Sequence[CalamineSheet], width: int) -> Iterator[Sequence[Plain]]:
    """All rows from the sheet's first one, each `width` values long; blank ones between the pieces too."""
    above = 0
    for one in sheets:
        start, end = one.start or (0, 0), one.end or (0, 0)
        for _ in range(above, start[0]):
            yield [""] * width
        before, after = [""] * start[1], [""] * (width - end[1] - 1)
        rows = one.to_python()
        yield from ([*before, *row, *after] for row in rows) if before or after else rows
        above = end[0] + 1
