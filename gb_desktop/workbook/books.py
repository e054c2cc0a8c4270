"""Opens a file with the reader of its format."""

from __future__ import annotations

import io
from pathlib import Path

from gb_desktop.text import tr
from gb_desktop.workbook import ole
from gb_desktop.workbook.calamine_sheet import open_workbook, sheet_facts, values_of
from gb_desktop.workbook.delimited import DelimitedBook
from gb_desktop.workbook.formats import sniff, zip_format
from gb_desktop.workbook.model import ReadOptions, WorkbookError
from gb_desktop.workbook.source import Book, Signs, Table
from gb_desktop.workbook.xlsx import XlsxBook


def open_book(path: Path, options: ReadOptions, *, whole: bool) -> Book:
    """The file as a book; `whole` says that it will be read to its end. WorkbookError when it can't be used."""
    found = sniff(path)
    if found == "text":
        return DelimitedBook(path, options, whole=whole)
    source: Path | io.BytesIO = path
    if found == "ole":
        found, decrypted = ole.opened(path, options.password)
        source = decrypted or path
    if found == "zip":
        found = zip_format(source, path.name)
    if found in ("xlsx", "xlsm"):
        return XlsxBook(source, path.name, found)
    return _CalamineBook(source, path.name, found)


class _CalamineBook:
    """xls, xlsb and ods."""

    encoding = ""
    delimiter = ""
    run: str | None = None

    def __init__(self, source: Path | io.BytesIO, name: str, found: str) -> None:
        self.format = found
        self._name = name
        self._workbook = open_workbook(source, name)
        self.sheets = sheet_facts(self._workbook)
        if not self.sheets:
            raise WorkbookError(tr("{name} has no sheet with rows.", name=name), "empty")

    def table(self, sheet: str) -> Table:
        """The whole sheet."""
        return values_of(self._workbook, sheet, self._name, Signs())

    def head(self, sheet: str, rows: int) -> Table:  # noqa: ARG002
        """The whole sheet: these formats can't be read in part."""
        return self.table(sheet)
