"""What a workbook looks like to the rest of the app: sheets, columns, rows and cell-exact values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple, TypeVar

Named = TypeVar("Named", bound=tuple[Any, ...])


def tuples(kind: type[Named], rows: Iterable[Iterable[object]]) -> Iterator[Named]:
    """Named tuples of a kind, from all of their values in order; three times as fast as calling it for each."""
    return map(partial(tuple.__new__, kind), rows)


class WorkbookError(Exception):
    """A file that can't be used; `str()` is one plain sentence that names it and what to do.

    `reason` is a stable word: missing, empty, format, damaged, protected, password, locked, too-large, bomb, changed,
    sheet, header, encoding, vanished, crashed.
    """

    def __init__(self, sentence: str, reason: str = "damaged") -> None:
        super().__init__(sentence)
        self.reason = reason


class Mark(StrEnum):
    """Why a cell is more than its value."""

    ERROR = "error"  # an Excel error; text is "#N/A"
    UNCACHED = "uncached"  # a formula that holds no value yet
    FORMATTED = "formatted"  # a number whose format changes its meaning; text is the format: "00000", "0%"
    MERGED = "merged"  # filled down from a merged range; text is the address of its first cell


@dataclass(frozen=True, slots=True)
class Marked:
    """A value with a fact beside it that a rule needs."""

    mark: Mark
    value: Plain
    text: str


Plain = None | str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta
Value = Plain | Marked

_ERRORS = (
    "N/A REF! NAME? VALUE! DIV/0! NUM! NULL! SPILL! CALC! FIELD! BLOCKED! CONNECT! BUSY! UNKNOWN! GETTING_DATA ERROR!"
)
_ERROR_TEXT = re.compile(rf"#(?:{'|'.join(map(re.escape, _ERRORS.split()))})|Err:\d{{3}}", re.ASCII)


def is_error_text(text: str) -> bool:
    """True for `#N/A` and its like of Excel, Google Sheets and LibreOffice: all that text files keep of an error."""
    return _ERROR_TEXT.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet below its header."""

    index: int  # 0 for Excel's column A
    letter: str  # "A"
    header: str  # as shown and mapped by, unique in the sheet: "Amount", "Amount (2)", "Column D"
    raw: str  # the header cell's own text, "" when empty
    hidden: bool = False


class RowFlag(StrEnum):
    """Why a row below the header is not simply data. Blank rows are never given out."""

    DATA = ""
    HIDDEN = "hidden"  # hidden by hand or by a filter
    TOTAL = "total"  # a trailing total


class Row(NamedTuple):
    """A row as read. `number` is Excel's row number; `values` has one entry a column."""

    number: int
    values: Sequence[Value]
    flag: RowFlag = RowFlag.DATA


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A sheet of the workbook, for the list of sheets. rows is an estimate, None when unknown before reading."""

    name: str
    visibility: str = "visible"  # visible, hidden, very hidden
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user chose about reading; None means: find out. Row numbers are Excel's, from 1."""

    sheet: str | None = None
    header_row: int | None = None
    rows: str | None = None  # "visible", "all", None: not asked yet (hidden rows are read and flagged)
    encoding: str | None = None
    delimiter: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Look:
    """The first look at a file, before it is read whole."""

    path: str
    format: str  # xlsx xlsm xlsb xls ods csv tsv
    sheets: tuple[SheetFacts, ...]
    sheet: str  # the sheet looked at
    header_row: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]  # the first 100 data rows
    above: tuple[
        tuple[int, tuple[str, ...]], ...
    ] = ()  # rows before and around the header, to click another header row
    encoding: str = ""  # csv only
    delimiter: str = ""  # csv only
    run: str | None = None  # of a results workbook of ours: the run that it holds; "-" when that isn't known


@dataclass(frozen=True, slots=True)
class Skipped:
    """What the reader left out or noticed, for the screen: blank rows, totals, phantom rows, merged ranges."""

    blank_rows: int = 0
    hidden_rows: int = 0
    total_rows: int = 0
    merged_cells: int = 0
    notes: tuple[str, ...] = ()
