"""Writes a file whole or not at all, and cells so that they read back as the same value."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from gb_desktop.text import tr
from gb_desktop.workbook.model import Mark, Marked, Value, WorkbookError

LONGEST_TEXT = 32_767  # characters (UTF-16 units) Excel keeps in a cell
DATE = "yyyy-mm-dd"
DATETIME = "yyyy-mm-dd hh:mm:ss"
_CUT = "…"
_EXACT_DIGITS = 15  # digits of a number that Excel keeps
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_FIRST_DATE = dt.date(1900, 3, 1)  # before it Excel counts a day that never was
_RETRIES = 10
_PAUSE = 0.1  # seconds: an antivirus program may hold a fresh file for a moment


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a temporary path beside `path`; at the end its bytes are on disk and take the name in one step.

    Anything that goes wrong leaves `path` as it was, and becomes a WorkbookError where the disk is the cause.
    """
    temporary = _temporary(path)
    try:
        yield temporary
        with temporary.open("r+b") as file:
            os.fsync(file.fileno())
        _replace(temporary, path)
    except XlsxWriterException as error:
        raise _cannot_write(path, error.__cause__ or error.__context__) from error
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _temporary(path: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    os.close(handle)
    return Path(name)


def _replace(temporary: Path, path: Path) -> None:
    for tries_left in reversed(range(_RETRIES)):
        try:
            temporary.replace(path)
        except PermissionError:
            if not tries_left or os.name != "nt":
                raise
            time.sleep(_PAUSE)
        else:
            return


def _cannot_write(path: Path, error: BaseException | None) -> WorkbookError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        sentence = tr(
            "There is no folder {folder}: choose another place for {name}.", folder=path.parent, name=path.name
        )
        return WorkbookError(sentence, "missing")
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return WorkbookError(tr("The disk is full: make room, then save {name} again.", name=path.name), "vanished")
    sentence = tr("{name} can't be written: close it in Excel, or choose another place.", name=path.name)
    return WorkbookError(sentence, "locked")


@contextmanager
def writing(path: Path) -> Iterator[tuple[xlsxwriter.Workbook, Path]]:
    """A workbook for `path` that is written row by row in flat memory, and the temporary path it is written to.

    Nothing in it is ever taken for a formula, a number or a link. Nothing of it stays behind if it isn't finished.
    """
    scratch = tempfile.TemporaryDirectory(prefix="gb-desktop-", ignore_cleanup_errors=True)
    with scratch as folder, replacing(path) as temporary:
        workbook = xlsxwriter.Workbook(str(temporary), {**_OPTIONS, "tmpdir": folder})
        try:
            yield workbook, temporary
        finally:
            for sheet in workbook.worksheets():
                if sheet.row_data_fh:
                    sheet.row_data_fh.close()


_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
    "remove_timezone": True,
}


class Cells:
    """Writes values into sheets of one workbook, each with the number format that keeps it what it is."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.cut = 0  # texts that were too long for a cell

    def style(self, **look: Any) -> Any:
        """A cell format, made once per look (XlsxWriter's property names)."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(look)
        return self._formats[key]

    def write(self, sheet: Any, row: int, column: int, value: Value | Decimal, **look: Any) -> None:
        """Write one cell (row and column from 0). Blank values write nothing unless they have a look."""
        text_format = {"num_format": "@", **look}
        if isinstance(value, Marked):
            value, look = _unmarked(value, look)
        if value is None or value == "":
            code = sheet.write_blank(row, column, None, self.style(**look)) if look else 0
        elif isinstance(value, bool):
            code = sheet.write_boolean(row, column, value, self.style(**look) if look else None)
        elif isinstance(value, str):
            code = sheet.write_string(row, column, self.text(value), self.style(**text_format))
        elif isinstance(value, int | float | Decimal):
            code = self._number(sheet, row, column, value, look)
        else:
            code = self._time(sheet, row, column, value, look)
        if code:
            raise ValueError(f"cell {row}, {column} was refused with code {code}")

    def text(self, value: str) -> str:
        """The text as a cell can hold it: what no XML file can hold is replaced, what is too long is cut."""
        text = cell_text(value)
        self.cut += text.endswith(_CUT) and not value.endswith(_CUT)
        return text

    def _number(self, sheet: Any, row: int, column: int, value: float | Decimal, look: dict[str, Any]) -> int:
        if not _fits_a_double(value):
            return int(sheet.write_string(row, column, str(value), self.style(**{**look, "num_format": "@"})))
        if "num_format" not in look and abs(float(value)) >= 1e11 and value == int(value):
            look = {**look, "num_format": "0"}  # General would show 2.01E+11
        return int(sheet.write_number(row, column, value, self.style(**look) if look else None))

    def _time(self, sheet: Any, row: int, column: int, value: Any, look: dict[str, Any]) -> int:
        day = value.date() if isinstance(value, dt.datetime) else value
        if isinstance(day, dt.date) and day < _FIRST_DATE:
            return int(sheet.write_string(row, column, value.isoformat(), self.style(**{**look, "num_format": "@"})))
        style = self.style(**{"num_format": _time_format(value), **look})
        return int(sheet.write_datetime(row, column, value, style))


def cell_text(value: str) -> str:
    """What of a text a cell holds."""
    text = _UNWRITABLE.sub("\ufffd", value) if not value.isascii() else value
    if len(text) * 2 > LONGEST_TEXT and len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        return text.encode("utf-16-le")[: (LONGEST_TEXT - 1) * 2].decode("utf-16-le", "ignore") + _CUT
    return text


def _unmarked(value: Marked, look: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The value beneath a mark: an error as its text, a formatted number in its own format."""
    if value.mark is Mark.ERROR:
        return value.text, look
    if value.mark is Mark.FORMATTED:
        return value.value, {"num_format": value.text, **look}
    return value.value, look


def _fits_a_double(value: float | Decimal) -> bool:
    """False for what Excel would round or refuse: more than 15 digits as an exact number, infinity, not a number."""
    if isinstance(value, float):
        return value - value == 0
    exact = Decimal(value)
    return (
        exact.is_finite() and len(str(exact.normalize()).strip("-").partition("E")[0].replace(".", "")) <= _EXACT_DIGITS
    )


def _time_format(value: dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.timedelta):
        return "[h]:mm:ss"
    if isinstance(value, dt.time):
        return "hh:mm:ss"
    if isinstance(value, dt.datetime):
        return "yyyy-mm-dd hh:mm:ss.000" if value.microsecond else DATETIME
    return DATE
