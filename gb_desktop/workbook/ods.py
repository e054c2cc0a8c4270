"""Scans an OpenDocument spreadsheet for what its values don't say."""

from __future__ import annotations

from gb_desktop.workbook.model import Mark, is_error_text
from gb_desktop.workbook.package import Package
from gb_desktop.workbook.scan import MOST_CELLS
from gb_desktop.workbook.sheet_signs import Extent, too_large
from gb_desktop.workbook.source import MOST_COLUMNS, MOST_ROWS, Merged, Signs
from gb_desktop.workbook.xml_events import parse

_CONTENT = "content.xml"
_STYLES = "styles.xml"
_MOST_REPEATED = 1_000_000  # cells that one repeated mark may stand for


def ods_signs(package: Package) -> dict[str, Signs]:
    """The signs of every sheet by its name. WorkbookError when the document isn't sound or a sheet reaches too far."""
    formats = _Formats()
    if _STYLES in package:
        parse(package.pieces(_STYLES), package.name, formats.start, formats.end)
    sheets: dict[str, Signs] = {}
    scan = _Document(package.name, formats, sheets)
    parse(package.pieces(_CONTENT), package.name, scan.start, scan.end, scan.text)
    return sheets


class _Document:
    """Hands the elements of content.xml to the sheet that they are in."""

    def __init__(self, name: str, formats: _Formats, sheets: dict[str, Signs]) -> None:
        self._name = name
        self._formats = formats
        self._sheets = sheets
        self._sheet = _Sheet("", formats)
        self._depth = 0  # tables within tables are pictures of tables

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._sheet = _Sheet(attributes.get("table:name", ""), self._formats)
        elif not self._depth:
            self._formats.start(tag, attributes)
        elif self._depth == 1:
            self._sheet.start(tag, attributes)

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag == "table":
            self._depth -= 1
            if not self._depth:
                self._close()
        elif not self._depth:
            self._formats.end(tag)
        elif self._depth == 1:
            self._sheet.end(tag)

    def text(self, data: str) -> None:
        """Characters: what a cell shows."""
        if self._depth == 1:
            self._sheet.text(data)

    def _close(self) -> None:
        extent = self._sheet.extent
        if extent.cells > MOST_CELLS or extent.outside:
            raise too_large(self._name, self._sheet.name, extent)
        self._sheets[self._sheet.name] = self._sheet.signs


class _Sheet:
    def __init__(self, name: str, formats: _Formats) -> None:
        self.name = name
        self.signs = Signs()
        self.extent = Extent()
        self._formats = formats
        self._column_styles: list[tuple[int, str]] = []  # (first column after it, style)
        self._row = 0
        self._rows = 1
        self._column = 0
        self._column_place = 0
        self._groups: list[bool] = []
        self._cell: dict[str, str] = {}
        self._shown: list[str] = []
        self._in_text = 0
        self._in_note = 0

    def text(self, data: str) -> None:
        """Characters: what a cell shows."""
        if self._in_text and not self._in_note:
            self._shown.append(data)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element inside the table opens."""
        if tag in ("table-cell", "covered-table-cell"):
            self._cell, self._shown = attributes, []
        elif tag == "p":
            self._in_text += 1
        elif tag == "annotation":
            self._in_note += 1
        elif tag == "table-row":
            self._open_row(attributes)
        elif tag == "table-row-group":
            self._groups.append(attributes.get("table:display") == "false")
        elif tag == "table-column":
            self._open_column(attributes)

    def end(self, tag: str) -> None:
        """An element inside the table closes."""
        if tag in ("table-cell", "covered-table-cell"):
            self._close_cell()
        elif tag == "p":
            self._in_text -= 1
        elif tag == "annotation":
            self._in_note -= 1
        elif tag == "table-row":
            self._row += self._rows - 1
        elif tag == "table-row-group" and self._groups:
            self._groups.pop()

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._row += 1
        self._rows = _repeated(attributes, "table:number-rows-repeated")
        self._column = 0
        if attributes.get("table:visibility", "visible") != "visible" or any(self._groups):
            for row in range(self._row, min(self._row + self._rows, MOST_ROWS + 1)):
                self.signs.hide(row)

    def _open_column(self, attributes: dict[str, str]) -> None:
        columns = _repeated(attributes, "table:number-columns-repeated")
        if attributes.get("table:visibility", "visible") != "visible":
            last = min(self._column_place + columns, MOST_COLUMNS)
            self.signs.hidden_columns |= set(range(self._column_place, last))
        self._column_place += columns
        self._column_styles.append((self._column_place, attributes.get("table:default-cell-style-name", "")))

    def _close_cell(self) -> None:
        cell, column = self._cell, self._column
        columns = _repeated(cell, "table:number-columns-repeated")
        self._column += columns
        kind = cell.get("office:value-type", "")
        formula = "table:formula" in cell
        if not kind and not formula and not self._shown:
            return
        self.extent.reach(self._row + self._rows - 1, column + columns - 1)
        if self.extent.outside:
            return
        found = self._mark(kind, formula, column)
        if found and columns * self._rows <= _MOST_REPEATED:
            for row in range(self._row, self._row + self._rows):
                for place in range(column, column + columns):
                    self.signs.marks.add(row, place, *found)
        spanned = _repeated(cell, "table:number-rows-spanned")
        if spanned > 1:
            right = column + _repeated(cell, "table:number-columns-spanned") - 1
            self.signs.merged.append(Merged(self._row, column, self._row + spanned - 1, right))

    def _mark(self, kind: str, formula: bool, column: int) -> tuple[Mark, str] | None:
        shown = "".join(self._shown)
        if self._cell.get("calcext:value-type") == "error" or (formula and is_error_text(shown)):
            return Mark.ERROR, shown or "#N/A"
        if formula and not kind:
            return Mark.UNCACHED, ""
        if kind == "percentage":
            return Mark.FORMATTED, "0%"
        if kind == "float" and (padded := self._formats.padding(self._style(column))):
            return Mark.FORMATTED, padded
        return None

    def _style(self, column: int) -> str:
        """The open cell's style: its own, or its column's."""
        if "table:style-name" in self._cell:
            return self._cell["table:style-name"]
        return next((style for end, style in self._column_styles if column < end), "")


class _Formats:
    """The document's number styles that pad with zeros, by the cell style that uses them.

    They stand in styles.xml and at the head of content.xml.
    """

    def __init__(self) -> None:
        self._padded: dict[str, str] = {}
        self._of_cell: dict[str, str] = {}
        self._open = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element of the styles opens; they stand before the tables."""
        if tag == "number-style":
            self._open = attributes.get("style:name", "")
        elif tag == "number" and self._open:
            digits = _repeated(attributes, "number:min-integer-digits")
            if digits > 1:
                decimals = attributes.get("number:decimal-places", "0")
                tail = "." + "0" * int(decimals) if decimals.isdecimal() and 0 < int(decimals) < 16 else ""
                self._padded[self._open] = "0" * min(digits, 32) + tail
        elif tag == "style":
            parent = self._of_cell.get(attributes.get("style:parent-style-name", ""), "")
            self._of_cell[attributes.get("style:name", "")] = attributes.get("style:data-style-name", parent)

    def end(self, tag: str) -> None:
        """An element of the styles closes."""
        if tag == "number-style":
            self._open = ""

    def padding(self, cell_style: str) -> str:
        """The format such as "00000" of a cell style, "" for all others."""
        return self._padded.get(self._of_cell.get(cell_style, ""), "")


def _repeated(attributes: dict[str, str], name: str) -> int:
    """A count attribute, 1 when it isn't there or no number."""
    text = attributes.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 10 else 1
