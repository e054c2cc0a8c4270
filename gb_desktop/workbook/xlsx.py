"""Opens xlsx and xlsm workbooks: values through calamine, everything else through our own scan."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from gb_desktop.text import tr
from gb_desktop.workbook.calamine_sheet import open_workbook, read_sheet, sheet_of, values_of
from gb_desktop.workbook.marker import recognise
from gb_desktop.workbook.model import Mark, WorkbookError
from gb_desktop.workbook.package import Package
from gb_desktop.workbook.scan import Pieces, Reader, scan_sheet
from gb_desktop.workbook.source import Signs, Table
from gb_desktop.workbook.xlsx_head import first_rows, small_workbook, with_known_errors
from gb_desktop.workbook.xlsx_parts import find_parts, style_meanings
from gb_desktop.workbook.xlsx_pieces import SheetPieces, is_long, worth_pieces
from gb_desktop.workbook.xml_events import doctype


class XlsxBook:
    """An xlsx or xlsm workbook, at a path or decrypted in memory.

    ahead: see `reader.read`.
    """

    encoding = ""
    delimiter = ""

    def __init__(
        self, source: Path | io.BytesIO, name: str, found: str, ahead: Callable[[], None] | None = None
    ) -> None:
        self.format = found
        self._ahead = ahead
        self._source = source
        self._name = name
        self._package = Package(source, name)
        self._parts = find_parts(self._package)
        self.sheets = self._parts.facts
        if not self.sheets:
            raise WorkbookError(tr("{name} has no sheet with rows.", name=name), "empty")
        self._meanings = style_meanings(self._package, self._parts.styles)
        self._refuse_doctype(self._parts.shared)
        mark = recognise(source)
        self.run = mark.run if mark else None

    def table(self, sheet: str) -> Table:
        """The whole sheet, scanned so that no cells are read that can't be held: first, or of a long one meanwhile."""
        try:
            return self._table(sheet)
        except WorkbookError as error:
            if error.reason != "damaged" or not (table := self._with_known_errors(sheet)):
                raise
            return table

    def _with_known_errors(self, sheet: str) -> Table | None:
        """The sheet without the errors that the library refuses; None when it has none of them."""
        signs = self._scanned(sheet)
        if not any(mark is Mark.ERROR for _, _, mark, _ in signs.marks):
            return None
        sheet_xml = b"".join(self._package.pieces(self._parts.sheets[sheet]))
        return None if with_known_errors(sheet_xml) == sheet_xml else self._small(sheet, sheet_xml, signs)

    def _small(self, sheet: str, sheet_xml: bytes, signs: Signs) -> Table:
        """The values of a sheet whose XML is given."""
        small = small_workbook(self._package, self._parts, self._parts.sheets[sheet], sheet_xml)
        return values_of(read_sheet(small, self._name, self.format, sheet), self._name, signs)

    def _table(self, sheet: str) -> Table:
        if worth_pieces(self._package, self._parts, sheet):
            self._count_shared()
            with closing(SheetPieces(self._package, self._parts, sheet, self.format)) as pieces:
                signs = self._scanned(sheet, pieces)
                if found := pieces.table(signs):
                    return found
                return values_of(read_sheet(self._source, self._name, self.format, sheet), self._name, signs)
        own = self._source if isinstance(self._source, Path) else io.BytesIO(self._source.getvalue())
        if self._ahead is not None and is_long(self._package, self._parts, sheet):
            self._ahead()
            return self._table_ahead(own, sheet)
        self._count_shared()
        with ThreadPoolExecutor(1, thread_name_prefix="texts") as thread:  # opening reads the shared texts alone
            opening = thread.submit(open_workbook, own, self._name, self.format)
            signs = self._scanned(sheet)
            return values_of(sheet_of(opening.result(), sheet, self._name), self._name, signs)

    def _table_ahead(self, own: Path | io.BytesIO, sheet: str) -> Table:
        """The sheet, parsed while it is scanned. Nothing waits for the parsing of one that the scan refuses."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="sheet")
        try:
            parsing = thread.submit(read_sheet, own, self._name, self.format, sheet)
            self._count_shared()
            signs = self._scanned(sheet)
            return values_of(parsing.result(), self._name, signs)
        except MemoryError as error:  # all of it is taken by the parsing, perhaps of what the scan would refuse by name
            raise WorkbookError(tr("{name} takes too much memory at once.", name=self._name), "crashed") from error
        finally:
            thread.shutdown(wait=False)

    def _scanned(self, sheet: str, reader: Reader | None = None) -> Signs:
        part = self._parts.sheets[sheet]
        return self._signs(lambda: self._package.pieces(part), sheet, reader)

    def head(self, sheet: str, rows: int) -> Table:
        """The first rows, at a cost that doesn't grow with the sheet."""
        part = self._parts.sheets[sheet]
        sheet_xml, whole = first_rows(self._package, part, rows)
        signs = self._signs(lambda: iter([sheet_xml]), sheet)
        table = self._small(sheet, sheet_xml, signs)
        return table if whole else _cut_off(table)

    def _signs(self, pieces: Pieces, sheet: str, reader: Reader | None = None) -> Signs:
        uncalculated = self._parts.uncalculated
        return scan_sheet(pieces, self._meanings, self._name, sheet, reader, zero_is_no_value=uncalculated)[0]

    def _refuse_doctype(self, part: str) -> None:
        """Our own reader refuses document types elsewhere; the shared texts are read by the library alone."""
        head = next(self._package.pieces(part), b"") if part else b""
        if b"<!DOCTYPE" in head[: head.find(b"<si")]:
            raise doctype(self._name)

    def _count_shared(self) -> None:
        """Inflate the shared texts once, so that a part which is longer than it says is refused before it is parsed."""
        if self._parts.shared:
            for _ in self._package.pieces(self._parts.shared):
                pass


def _cut_off(table: Table) -> Table:
    """A table whose end isn't known."""
    signs: Signs = table.signs
    return Table(table.sheet, table.width, table.rows, signs, None)
