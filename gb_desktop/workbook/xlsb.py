"""Scans the records of an xlsb workbook for what its values don't say.

Source: [MS-XLSB]; a record is a number of one or two bytes, a size of up to four bytes with seven bits each, its data.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from gb_desktop.workbook.formats import damaged
from gb_desktop.workbook.model import Mark
from gb_desktop.workbook.number_formats import meanings
from gb_desktop.workbook.package import Package
from gb_desktop.workbook.scan import MOST_CELLS
from gb_desktop.workbook.sheet_signs import Extent, Uncalculated, too_large
from gb_desktop.workbook.source import MOST_ROWS, Merged, Signs
from gb_desktop.workbook.xls import ERRORS
from gb_desktop.workbook.xlsx_parts import relations

WORKBOOK = "xl/workbook.bin"
_RELATIONS = "xl/_rels/workbook.bin.rels"
_ROW, _BLANK, _RK, _ERROR, _REAL = 0, 1, 2, 3, 5
_FORMULA_STRING, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR = 8, 9, 10, 11
_CELLS = frozenset([_RK, _ERROR, 4, _REAL, 6, 7, _FORMULA_STRING, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR])
_FORMULAS = frozenset([_FORMULA_STRING, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR])
_FORMAT, _XF, _COLUMN, _SHEET, _CALCULATION, _MERGED = 44, 47, 60, 156, 157, 176
_RICH_TEXT = 62  # a text with its own formats in its cell: rare, and blank to the library
_CALCULATE_ON_LOAD = 1  # of the flags after the calculation's ID, mode, counts, step and threads
_BEGIN_CELL_XFS, _END_CELL_XFS = 617, 618


@dataclass(frozen=True, slots=True)
class XlsbParts:
    """Sheet name -> part, the cell styles whose format has a meaning, and whether anybody calculated the workbook."""

    sheets: dict[str, str]
    meanings: dict[int, str]
    calculated: bool


def xlsb_parts(package: Package) -> XlsbParts:
    """Read the list of sheets and the styles. WorkbookError when they are broken."""
    targets = relations(package, _RELATIONS)
    sheets: dict[str, str] = {}
    calculated = False
    try:
        for kind, data in _records(package, WORKBOOK):
            if kind == _SHEET:
                relation, place = _text(data, 8)
                name, _ = _text(data, place)
                sheets[name] = targets.get(relation, ("", ""))[1]
            elif kind == _CALCULATION:
                (engine,), (flags,) = struct.unpack_from("<I", data), struct.unpack_from("<H", data, 24)
                calculated = bool(engine) and not flags & _CALCULATE_ON_LOAD
        styles = next((part for kind, part in targets.values() if kind.endswith("/styles") and part in package), "")
        return XlsbParts(sheets, _style_meanings(package, styles) if styles else {}, calculated)
    except (struct.error, IndexError, UnicodeError) as error:
        raise damaged(package.name) from error


def xlsb_signs(package: Package, parts: XlsbParts, sheet: str) -> Signs:
    """The signs of a sheet. WorkbookError when it is broken or reaches too far."""
    part = parts.sheets.get(sheet, "")
    if part not in package:
        raise damaged(package.name)
    try:
        signs, extent = _scan(_records(package, part), parts.meanings, Uncalculated(parts.calculated))
    except (struct.error, IndexError, _UnreadError) as error:
        raise damaged(package.name) from error
    if extent.cells > MOST_CELLS or extent.outside:
        raise too_large(package.name, sheet, extent)
    return signs


class _UnreadError(Exception):
    """A cell whose value the library would pass over."""


def _records(package: Package, part: str) -> Iterator[tuple[int, bytes]]:
    """Every record of a part as (number, data)."""
    kept = b""
    for piece in package.pieces(part):
        kept += piece
        place = 0
        while (found := _record_at(kept, place)) is not None:
            kind, start, end = found
            if end > len(kept):
                break
            yield kind, kept[start:end]
            place = end
        kept = kept[place:]


def _record_at(data: bytes, place: int) -> tuple[int, int, int] | None:
    """A record's number, and where its data starts and ends; None when its head isn't all there."""
    if place + 6 > len(data):
        if place + 2 > len(data):
            return None
        data = data + bytes(6)  # the last record of a part may be shorter than the longest head
    kind = data[place]
    place += 1
    if kind & 0x80:
        kind = (kind & 0x7F) | (data[place] & 0x7F) << 7
        place += 1
    size = shift = 0
    for _ in range(4):
        byte = data[place]
        place += 1
        size |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    return kind, place, place + size


def _text(data: bytes, place: int) -> tuple[str, int]:
    """A text (32-bit length, 16-bit characters) and where it ends."""
    (length,) = struct.unpack_from("<I", data, place)
    if length == 0xFFFFFFFF:
        return "", place + 4
    end = place + 4 + 2 * length
    return data[place + 4 : end].decode("utf-16-le", "replace"), end


def _style_meanings(package: Package, part: str) -> dict[int, str]:
    own: dict[int, str] = {}
    format_ids: list[int] = []
    inside = False
    for kind, data in _records(package, part):
        if kind == _FORMAT:
            own[struct.unpack_from("<H", data)[0]] = _text(data, 2)[0]
        elif kind in (_BEGIN_CELL_XFS, _END_CELL_XFS):
            inside = kind == _BEGIN_CELL_XFS
        elif kind == _XF and inside:
            format_ids.append(struct.unpack_from("<H", data, 2)[0])
    return meanings(format_ids, own)


def _scan(records: Iterator[tuple[int, bytes]], meant: dict[int, str], formulas: Uncalculated) -> tuple[Signs, Extent]:
    signs, extent, row = Signs(), Extent(), 0
    hidden_columns: set[int] = set()
    for kind, data in records:
        if kind == _ROW:
            row = _row(signs, data)
        elif kind in _CELLS:
            column, style = struct.unpack_from("<II", data)
            extent.reach(row, column)
            if extent.outside:
                break
            _mark(signs, kind, row, column, meant.get(style & 0xFFFFFF), data)
            if kind in _FORMULAS:
                formulas.add(row, column, blank=_is_blank_result(kind, data))
        elif kind == _RICH_TEXT:
            raise _UnreadError
        elif kind == _MERGED:
            first, last, left, right = struct.unpack_from("<4I", data)
            signs.merged.append(Merged(first + 1, left, last + 1, right))
        elif kind == _COLUMN:
            first, last = struct.unpack_from("<II", data)
            if struct.unpack_from("<H", data, 16)[0] & 1:
                hidden_columns.update(range(first, min(last, 16_383) + 1))
    signs.hidden_columns = frozenset(hidden_columns)
    formulas.mark_all(signs)
    return signs, extent


def _is_blank_result(kind: int, data: bytes) -> bool:
    """The formula's stored result is 0 or an empty text."""
    size = {_FORMULA_STRING: 4, _FORMULA_NUMBER: 8}.get(kind, 0)
    return bool(size) and not any(data[8 : 8 + size])


def _row(signs: Signs, data: bytes) -> int:
    """The row's number; notes it when it is hidden (bit 12 of the flags after style and height)."""
    row: int = struct.unpack_from("<I", data)[0] + 1
    if struct.unpack_from("<H", data, 10)[0] & 0x1000 and row <= MOST_ROWS:
        signs.hide(row)
    return row


def _mark(signs: Signs, kind: int, row: int, column: int, meant: str | None, data: bytes) -> None:
    if kind in (_ERROR, _FORMULA_ERROR):
        signs.marks.add(row, column, Mark.ERROR, ERRORS.get(data[8], "#N/A"))
    elif meant and kind in (_RK, _REAL, _FORMULA_NUMBER):
        signs.marks.add(row, column, Mark.FORMATTED, meant)
