"""Scans the records of an xls file (BIFF8, and BIFF5 where it is alike) for what its values don't say.

Source: [MS-XLS], the record names are its own.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from gb_desktop.workbook.formats import damaged
from gb_desktop.workbook.model import Mark
from gb_desktop.workbook.number_formats import meanings
from gb_desktop.workbook.sheet_signs import Uncalculated
from gb_desktop.workbook.source import Merged, Signs

_FORMULA, _EOF, _BOUND_SHEET, _COL_INFO = 0x06, 0x0A, 0x85, 0x7D
_MUL_RK, _XF, _MERGED, _FORMAT = 0xBD, 0xE0, 0xE5, 0x41E
_NUMBER, _BOOL_ERR, _ROW, _RK, _BOF = 0x203, 0x205, 0x208, 0x27E, 0x809
_STRING, _RECALC_ID = 0x207, 0x1C1
_WITH_A_FORMULA = frozenset([0x3C, 0x221, 0x236, 0x4BC])  # what may stand between a formula and its text
_CELLS = frozenset([_FORMULA, _MUL_RK, _NUMBER, _BOOL_ERR, _RK, 0x204, 0xFD, 0xD6])  # and three kinds of texts
_DIMENSIONS = 0x200
_WORKSHEET = 0
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_ROW_HIDDEN = 0x20
_RESULT_TEXT, _RESULT_ERROR, _RESULT_BLANK = 0, 2, 3
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


class XlsSigns:
    """The signs of every worksheet of an xls file, by position among its worksheets.

    All sheets are scanned at once, because the library reads all of them when it opens the file. `stream` is what it
    may be given: the same records, but for dimensions that no sheet has, for which it would reserve memory.
    """

    def __init__(self, stream: bytes, name: str) -> None:
        self.stream = bytearray(stream)
        self._worksheets: list[Signs] = []
        self._calculated = False
        try:
            places, meant = self._globals()
            scans = [(_sheet_scan(self._records(place), meant), is_worksheet) for place, is_worksheet in places]
        except (struct.error, IndexError, ValueError) as error:
            raise damaged(name) from error
        self._calculated = self._calculated or any(scan.formulas.calculated for scan, _ in scans)
        for scan, is_worksheet in scans:
            if not self._calculated:
                scan.formulas.mark_all(scan.signs)
            if is_worksheet:
                self._worksheets.append(scan.signs)

    def of_sheet(self, position: int) -> Signs:
        """The signs of a worksheet."""
        return self._worksheets[position] if position < len(self._worksheets) else Signs()

    def _records(self, place: int) -> Iterator[tuple[int, bytes]]:
        """Records from a place on, up to the end of the part that starts there, embedded charts left out."""
        depth = 0
        while place + 4 <= len(self.stream):
            kind, size = struct.unpack_from("<HH", self.stream, place)
            data = bytes(self.stream[place + 4 : place + 4 + size])
            self._guard(place, kind, data)
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth == 1:
                yield kind, data
            place += 4 + size

    def _guard(self, place: int, kind: int, data: bytes) -> None:
        if kind in _CELLS and data[3:4] > b"\0":
            raise ValueError("a column beyond the 256 of the format")
        if kind == _DIMENSIONS and len(data) >= 8:
            _, rows, _, columns = struct.unpack_from("<IIHH" if len(data) >= 12 else "<4H", data)
            if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
                self.stream[place + 4 : place + 4 + len(data)] = bytes(len(data))

    def _globals(self) -> tuple[list[tuple[int, bool]], dict[int, str]]:
        places: list[tuple[int, bool]] = []
        own: dict[int, str] = {}
        format_ids: list[int] = []
        for kind, data in self._records(0):
            if kind == _BOUND_SHEET:
                places.append((struct.unpack_from("<I", data)[0], data[5] == _WORKSHEET))
            elif kind == _FORMAT:
                own[struct.unpack_from("<H", data)[0]] = _text(data[2:])
            elif kind == _XF:
                format_ids.append(struct.unpack_from("<H", data, 2)[0])
            elif kind == _RECALC_ID:
                self._calculated = True  # Excel calculated it when it was saved
        return places, meanings(format_ids, own)


def _text(data: bytes) -> str:
    """A Unicode text: 16-bit length, a flag for wide characters, the characters."""
    length, wide = struct.unpack_from("<HB", data)
    if wide & 1:
        return data[3 : 3 + 2 * length].decode("utf-16-le", "replace")
    return data[3 : 3 + length].decode("latin-1")


class _SheetScan:
    """Reads the records of one worksheet."""

    def __init__(self, meant: dict[int, str]) -> None:
        self.signs = Signs()
        self.hidden_columns: set[int] = set()
        self.formulas = Uncalculated()
        self._meant = meant
        self._awaits_text: tuple[int, int] | None = None
        self.readers = {
            _FORMULA: self._formula,
            _BOOL_ERR: self._error,
            _ROW: self._row,
            _COL_INFO: self._columns,
            _MERGED: self._merged,
        }
        if meant:
            self.readers |= {_RK: self._number, _NUMBER: self._number, _MUL_RK: self._numbers}

    def _number(self, data: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", data)
        self._formatted(row, column, style)

    def _numbers(self, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        for offset, (style, _) in enumerate(struct.iter_unpack("<HI", data[4:-2])):
            self._formatted(row, column + offset, style)

    def _formatted(self, row: int, column: int, style: int) -> None:
        if style in self._meant:
            self.signs.marks.add(row + 1, column, Mark.FORMATTED, self._meant[style])

    def read(self, kind: int, data: bytes) -> None:
        """Take a record in; those of a sheet come in order."""
        if self._awaits_text and kind not in _WITH_A_FORMULA:
            if kind == _STRING:
                self.formulas.calculated = True
            else:
                self.signs.marks.add(*self._awaits_text, Mark.UNCACHED, "")
            self._awaits_text = None
        if reader := self.readers.get(kind):
            reader(data)

    def _formula(self, data: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", data)
        if data[12:14] != b"\xff\xff":
            self._formatted(row, column, style)
            self.formulas.add(row + 1, column, blank=not any(data[6:14]))
        elif data[6] == _RESULT_TEXT:
            self._awaits_text = (row + 1, column)
        else:
            self.formulas.add(row + 1, column, blank=data[6] == _RESULT_BLANK)
            if data[6] == _RESULT_ERROR:
                self.signs.marks.add(row + 1, column, Mark.ERROR, ERRORS.get(data[8], "#N/A"))

    def _error(self, data: bytes) -> None:
        row, column, _, value, is_error = struct.unpack_from("<HHHBB", data)
        if is_error:
            self.signs.marks.add(row + 1, column, Mark.ERROR, ERRORS.get(value, "#N/A"))

    def _row(self, data: bytes) -> None:
        if struct.unpack_from("<I", data, 12)[0] & _ROW_HIDDEN:
            self.signs.hide(struct.unpack_from("<H", data)[0] + 1)

    def _columns(self, data: bytes) -> None:
        first, last, _, _, options = struct.unpack_from("<5H", data)
        if options & 1:
            self.hidden_columns.update(range(first, last + 1))

    def _merged(self, data: bytes) -> None:
        count = struct.unpack_from("<H", data)[0]
        for first, last, left, right in struct.iter_unpack("<4H", data[2 : 2 + 8 * count]):
            self.signs.merged.append(Merged(first + 1, left, last + 1, right))


def _sheet_scan(records: Iterator[tuple[int, bytes]], meant: dict[int, str]) -> _SheetScan:
    scan = _SheetScan(meant)
    for kind, data in records:
        scan.read(kind, data)
    scan.read(_EOF, b"")
    scan.signs.hidden_columns = frozenset(scan.hidden_columns)
    return scan
