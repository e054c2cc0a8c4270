"""Reads any spreadsheet: the first look at a file, and its rows one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gb_desktop.text import tr
from gb_desktop.workbook.books import open_book
from gb_desktop.workbook.headers import WINDOW, as_shown, guess_header, looks_like_data, name_columns
from gb_desktop.workbook.marker import SOME_RUN, outcome_column
from gb_desktop.workbook.model import Column, Look, Plain, ReadOptions, Row, SheetFacts, Skipped, WorkbookError
from gb_desktop.workbook.rows import Tally, data_rows, skipped
from gb_desktop.workbook.source import Book, Table

FIRST_ROWS = 100
_ABOVE = 12  # rows around the header that are shown to click another one
_MOST_SUGGESTED = 12  # sheets that are compared before one is suggested
_SCORED_ROWS = 25
_FAR_MORE = 3
_MERE_WORDS = 0.02


class Reading:
    """A sheet being read. `rows` can be iterated once; `skipped` is complete when it is exhausted."""

    def __init__(self, book: Book, table: Table, header_row: int, progress: Callable[[int], None] | None) -> None:
        self.format = book.format
        self.encoding = book.encoding
        self.delimiter = book.delimiter
        self.sheet = table.sheet
        self.header_row = header_row
        self.last_row = table.last_row  # None when it isn't known yet
        self.columns = _columns(table, header_row)
        self._tally = Tally()
        self._notes = table.signs.notes
        self.rows: Iterator[Row] = data_rows(table, header_row, self._tally, progress)

    @property
    def skipped(self) -> Skipped:
        """What was left out or noticed so far."""
        return skipped(self._tally, self._notes)


Suits = Callable[[Sequence[Column], Sequence[Row]], float]  # how well a sheet's columns and first rows fit the purpose


def look(path: Path, options: ReadOptions, suits: Suits | None = None) -> Look:
    """The first look at a file: its sheets, the suggested one's header and first 100 rows. WorkbookError.

    Of several sheets that one is suggested for which `suits` says most; else the one that looks most like a table.
    """
    book = open_book(path, options, whole=False)
    window = max(WINDOW, options.header_row or 0) + 2 * FIRST_ROWS
    table, header_row = _chosen_table(book, path.name, options, window, suits)
    tally = Tally()
    rows = tuple(islice(data_rows(table, header_row, tally), FIRST_ROWS))
    columns = _columns(table, header_row)
    run = book.run
    if run is None and outcome_column(columns) is not None:
        run = SOME_RUN
    return Look(
        path=str(path),
        format=book.format,
        sheets=book.sheets,
        sheet=table.sheet,
        header_row=header_row,
        columns=columns,
        rows=rows,
        above=_above(table, header_row),
        encoding=book.encoding,
        delimiter=book.delimiter,
        run=run,
    )


def read(
    path: Path,
    options: ReadOptions,
    progress: Callable[[int], None] | None = None,
    ahead: Callable[[], None] | None = None,
) -> Reading:
    """The whole sheet. `progress` is called with the Excel row number reached, every few thousand rows.

    ahead: called when the sheet is so long that it is parsed before it is known to be safe. From then on a stray cell
    far outside may end this process, during the call or after its WorkbookError; or take so much memory that the error
    is "crashed", and only a new process finds out why. None: never, the scan is waited for.
    """
    book = open_book(path, options, whole=True, ahead=ahead)
    sheet = options.sheet
    if sheet is None and len(book.sheets) > 1:
        sheet = _suggested(book, options).sheet
    table = book.table(_known_sheet(book, sheet or book.sheets[0].name, path.name))
    header_row = _header_row(table, options, path.name)
    return Reading(book, table, header_row, progress)


@dataclass(frozen=True, slots=True)
class _Candidate:
    sheet: str
    table: Table
    header_row: int
    score: float
    rows: Sequence[Row]


def _chosen_table(book: Book, name: str, options: ReadOptions, window: int, suits: Suits | None) -> tuple[Table, int]:
    if options.sheet is None and len(book.sheets) > 1:
        suggested = _suggested(book, options, window, suits)
        table = suggested.table
    else:
        sheet = _known_sheet(book, options.sheet or book.sheets[0].name, name)
        table = book.head(sheet, window)
    return table, _header_row(table, options, name)


def _suggested(
    book: Book, options: ReadOptions, window: int = WINDOW + 2 * FIRST_ROWS, suits: Suits | None = None
) -> _Candidate:
    """The first visible sheet that looks like a table, unless a later one looks far more like one or suits better."""
    visible = [facts for facts in book.sheets if facts.visibility == "visible"] or list(book.sheets)
    candidates = [_candidate(book, facts, options, window) for facts in visible[:_MOST_SUGGESTED]]
    if suits:
        candidates = [candidate for candidate in candidates if candidate.rows] or candidates
        fitness = [suits(_columns(found.table, found.header_row), found.rows) for found in candidates]
        candidates = [found for found, fit in zip(candidates, fitness, strict=True) if fit == max(fitness)]
    best = max(candidate.score for candidate in candidates)
    return next(candidate for candidate in candidates if candidate.score * _FAR_MORE >= best)


def _candidate(book: Book, facts: SheetFacts, options: ReadOptions, window: int) -> _Candidate:
    """A sheet with its score: its named columns times its first rows, rows of mere words counting next to nothing."""
    table = book.head(facts.name, window)
    header_row = options.header_row or guess_header(_first_rows(table))
    named = sum(1 for column in _columns(table, header_row) if column.raw)
    rows = list(islice(data_rows(table, header_row, Tally()), _SCORED_ROWS))
    data = sum(1.0 if any(map(looks_like_data, row.values)) else _MERE_WORDS for row in rows)
    return _Candidate(facts.name, table, header_row, min(named, 8) * data, rows)


def _known_sheet(book: Book, sheet: str, name: str) -> str:
    names = [facts.name for facts in book.sheets]
    if sheet in names:
        return sheet
    folded = [known for known in names if known.casefold() == sheet.casefold()]
    if folded:
        return folded[0]
    sentence = tr("{name} has no sheet {sheet}; it has: {names}.", name=name, sheet=sheet, names=", ".join(names[:20]))
    raise WorkbookError(sentence, "sheet")


def _header_row(table: Table, options: ReadOptions, name: str) -> int:
    if not table.width:
        sentence = tr("Sheet {sheet} of {name} is empty: choose another sheet.", sheet=table.sheet, name=name)
        raise WorkbookError(sentence, "empty")
    if options.header_row is None:
        return guess_header(_first_rows(table))
    last = table.last_row
    if options.header_row < 1 or (last is not None and options.header_row > last):
        sentence = tr(
            "Row {row} can't be the header of sheet {sheet}: choose a row between 1 and {last}.",
            row=options.header_row,
            sheet=table.sheet,
            last=last or options.header_row,
        )
        raise WorkbookError(sentence, "header")
    return options.header_row


def _first_rows(table: Table) -> list[tuple[int, Sequence[Plain]]]:
    return [(number, values) for number, values in enumerate(islice(table.rows(), WINDOW), 1)]


def _columns(table: Table, header_row: int) -> tuple[Column, ...]:
    header: Sequence[Plain] = next(islice(table.rows(), header_row - 1, None), [""] * table.width)
    return name_columns([None if value == "" else value for value in header], table.signs.hidden_columns)


def _above(table: Table, header_row: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
    first = max(1, header_row - _ABOVE // 2)
    around = islice(table.rows(), first - 1, first - 1 + _ABOVE)
    return tuple((number, as_shown(values)) for number, values in enumerate(around, first))
