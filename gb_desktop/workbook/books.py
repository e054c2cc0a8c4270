"""Opens a file with the reader of its format."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from gb_desktop.text import tr
from gb_desktop.workbook import ole
from gb_desktop.workbook.calamine_sheet import open_workbook, sheet_facts, sheet_of, values_of
from gb_desktop.workbook.compound import wrapped
from gb_desktop.workbook.delimited import DelimitedBook
from gb_desktop.workbook.formats import sniff, zip_format
from gb_desktop.workbook.marker import recognise
from gb_desktop.workbook.model import ReadOptions, WorkbookError
from gb_desktop.workbook.ods import ods_signs
from gb_desktop.workbook.ods_lock import unlocked
from gb_desktop.workbook.package import Package
from gb_desktop.workbook.source import Book, Signs, Table
from gb_desktop.workbook.xls import XlsSigns
from gb_desktop.workbook.xlsb import xlsb_parts, xlsb_signs
from gb_desktop.workbook.xlsx import XlsxBook

Source = Path | io.BytesIO


def open_book(path: Path, options: ReadOptions, *, whole: bool, ahead: Callable[[], None] | None = None) -> Book:
    """The file as a book; `whole` says that it will be read to its end. WorkbookError when it can't be used.

    ahead: see `reader.read`.
    """
    found = sniff(path)
    if found == "text":
        return DelimitedBook(path, options, whole=whole)
    source: Source = path
    if found == "ole":
        found, decrypted = ole.opened(path, options.password)
        source = decrypted or path
    if found == "zip":
        found = zip_format(source, path.name)
    if found == "ods":
        source = unlocked(Package(source, path.name), options.password) or source
    if found in ("xlsx", "xlsm"):
        return XlsxBook(source, path.name, found, ahead)
    return _WholeBook(source, path.name, found)


class _WholeBook:
    """xls, xlsb and ods: formats that can't be read in part."""

    encoding = ""
    delimiter = ""

    def __init__(self, source: Source, name: str, found: str) -> None:
        self.format = found
        mark = recognise(source)
        self.run: str | None = mark.run if mark else None
        self._name = name
        if found == "xls":
            signs = XlsSigns(ole.workbook_stream(source, name), name)
            self._signs: _Scanner = lambda _, position: signs.of_sheet(position)
            source = wrapped(signs.stream)
        else:
            self._signs = _scanner(source, name, found)
        self._workbook = open_workbook(source, name, found)
        self.sheets = sheet_facts(self._workbook)
        self._tables: dict[str, Table] = {}
        if not self.sheets:
            raise WorkbookError(tr("{name} has no sheet with rows.", name=name), "empty")

    def table(self, sheet: str) -> Table:
        """The whole sheet, scanned before the library opens it."""
        if sheet not in self._tables:
            position = [facts.name for facts in self.sheets].index(sheet)
            signs = self._signs(sheet, position)
            self._tables[sheet] = values_of(sheet_of(self._workbook, sheet, self._name), self._name, signs)
        return self._tables[sheet]

    def head(self, sheet: str, rows: int) -> Table:  # noqa: ARG002
        """The whole sheet."""
        return self.table(sheet)


_Scanner = Callable[[str, int], Signs]  # the signs of a sheet by its name and its position among the worksheets


def _scanner(source: Source, name: str, found: str) -> _Scanner:
    package = Package(source, name)
    if found == "xlsb":
        parts = xlsb_parts(package)
        return lambda sheet, _: xlsb_signs(package, parts, sheet)
    signs_by_name = ods_signs(package)  # all at once: the library reads all sheets when it opens the document
    return lambda sheet, _: signs_by_name.get(sheet, Signs())
