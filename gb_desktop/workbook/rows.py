"""Turns a table's bare values into rows: blanks skipped, marks set, merged cells filled down, totals flagged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, repeat

from gb_desktop.workbook.cells import column_letter
from gb_desktop.workbook.headers import is_blank
from gb_desktop.workbook.model import Mark, Marked, Plain, Row, RowFlag, Skipped, Value, tuples
from gb_desktop.workbook.source import Merged, Table
from gb_desktop.workbook.totals import Sums, is_bare_total, is_named_total, label_column

BLOCK = 512  # small enough that the garbage collector has little to look at
_REPORTED = 4096  # rows between two reports of progress
_TAIL = 20  # rows held back at the end, among which totals are looked for


@dataclass(slots=True)
class Tally:
    """What was left out or noticed so far."""

    blank_rows: int = 0
    hidden_rows: int = 0
    total_rows: int = 0
    merged_cells: int = 0


def data_rows(
    table: Table, header_row: int, tally: Tally, progress: Callable[[int], None] | None = None
) -> Iterator[Row]:
    """The rows below the header, blank ones left out. `progress` gets the number of each block's last row."""
    held: list[Row] = []
    for block in _blocks(table, header_row, tally, progress):
        if len(block) < _TAIL:
            held += block
        else:
            yield from held
            held = block
    yield from held[:-_TAIL]
    yield from _with_totals(held[-_TAIL:], table, header_row, tally)


def _blocks(table: Table, header_row: int, tally: Tally, progress: Callable[[int], None] | None) -> Iterator[list[Row]]:
    source = table.rows()
    first = header_row + 1
    marker = _Marker(table, header_row, tally)
    next(islice(source, header_row, header_row), None)
    since = 0
    while block := list(islice(source, BLOCK)):
        last = first + len(block) - 1
        if marker.concerns(last):
            yield [row for number, values in enumerate(block, first) if (row := marker.row(number, values))]
        else:
            yield _plain_rows(block, first, tally)
        since += len(block)
        if progress and since >= _REPORTED:
            since = 0
            progress(last)
        first = last + 1


def _plain_rows(block: list[Sequence[Plain]], first: int, tally: Tally) -> list[Row]:
    """The hot loop: a block of a million-row sheet in which no cell and no row is special."""
    blank = set()
    for index, values in enumerate(block):
        if "" in values:
            block[index] = cleared = [None if value == "" else value for value in values]
            if _is_blank_row(cleared):
                blank.add(index)
    if not blank:
        return list(tuples(Row, zip(range(first, first + len(block)), block, repeat(RowFlag.DATA), strict=False)))
    tally.blank_rows += len(blank)
    return [Row(first + index, values) for index, values in enumerate(block) if index not in blank]


def _is_blank_row(values: Sequence[Value]) -> bool:
    for value in values:  # noqa: SIM110  (a generator costs twice as much here)
        if value is not None and not (isinstance(value, str) and is_blank(value)):
            return False
    return True


class _Marker:
    """Sets what the scan noted, row by row; rows must be asked for in ascending order."""

    def __init__(self, table: Table, header_row: int, tally: Tally) -> None:
        signs = table.signs
        self._tally = tally
        self._hidden = signs.hidden_rows
        self._marks = iter(signs.marks)
        self._mark = next((mark for mark in self._marks if mark[0] > header_row), None)
        downward = [merged for merged in signs.merged if merged.last_row > max(header_row, merged.first_row)]
        self._waiting = sorted(downward, key=lambda merged: merged.first_row, reverse=True)
        self._open: list[tuple[Merged, Value]] = []
        self._header_row = header_row

    def concerns(self, last: int) -> bool:
        """True when a row up to `last` may be special; only asked once all rows before are done."""
        return bool(
            self._open
            or (self._mark and self._mark[0] <= last)
            or (self._waiting and self._waiting[-1].first_row <= last)
            or self._hidden.find(1, max(0, last - BLOCK), last + 1) >= 0
        )

    def row(self, number: int, plain: Sequence[Plain]) -> Row | None:
        """The row with its marks, or None when it is blank."""
        values: list[Value] = [None if value == "" else value for value in plain]
        self._set_marks(number, values)
        if self._waiting and self._waiting[-1].first_row <= number:
            self._open_merges(number, values)
        blank = _is_blank_row(values)
        if self._open:
            self._fill_down(number, values, blank)
        if blank:
            self._tally.blank_rows += 1
            return None
        if number < len(self._hidden) and self._hidden[number]:
            self._tally.hidden_rows += 1
            return Row(number, values, RowFlag.HIDDEN)
        return Row(number, values)

    def _set_marks(self, number: int, values: list[Value]) -> None:
        while self._mark and self._mark[0] <= number:
            row, column, mark, text = self._mark
            if row == number and column < len(values):
                values[column] = _marked(values[column], mark, text)
            self._mark = next(self._marks, None)

    def _open_merges(self, number: int, values: Sequence[Value]) -> None:
        while self._waiting and self._waiting[-1].first_row <= number:
            merged = self._waiting.pop()
            above_data = merged.first_row <= self._header_row
            if not above_data and merged.first_row == number and merged.first_column < len(values):
                self._open.append((merged, values[merged.first_column]))

    def _fill_down(self, number: int, values: list[Value], blank: bool) -> None:
        for merged, value in self._open:
            fills = merged.first_row < number <= merged.last_row
            if fills and not blank and values[merged.first_column] is None and value is not None:
                values[merged.first_column] = _filled_down(value, merged)
                self._tally.merged_cells += 1
        self._open = [entry for entry in self._open if entry[0].last_row > number]


def _marked(value: Value, mark: Mark, text: str) -> Value:
    if mark is not Mark.FORMATTED:
        return Marked(mark, None, text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Marked(mark, value, text)
    return value  # a text or a date in such a format means what it says


def _filled_down(value: Value, merged: Merged) -> Value:
    """The origin's value under a MERGED mark; an error stays an error, a padded number becomes its padded text."""
    origin = f"{column_letter(merged.first_column)}{merged.first_row}"
    if not isinstance(value, Marked):
        return Marked(Mark.MERGED, value, origin)
    if value.mark is not Mark.FORMATTED:
        return value
    return Marked(Mark.MERGED, _padded(value.value, value.text), origin)


def _padded(value: Plain, number_format: str) -> Plain:
    padded = set(number_format) == {"0"}
    if padded and (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
        return f"{int(value):0{len(number_format)}d}"
    return value


def _with_totals(tail: list[Row], table: Table, header_row: int, tally: Tally) -> list[Row]:
    """The last rows, totals among them flagged: named ones anywhere, bare ones at the very end."""
    named = [is_named_total(row.values) for row in tail]
    bare_from = len(tail)
    label = label_column([row.values for row, total in zip(tail, named, strict=True) if not total][:-1])
    if label is not None:
        while bare_from and (named[bare_from - 1] or is_bare_total(tail[bare_from - 1].values, label)):
            bare_from -= 1
    bare = [index for index in range(bare_from, len(tail)) if not named[index]]
    if bare:
        bare = _adding_up(tail, bare, table, header_row)
    return [_flagged(row, tally) if named[index] or index in bare else row for index, row in enumerate(tail)]


def _adding_up(tail: Sequence[Row], bare: Sequence[int], table: Table, header_row: int) -> list[int]:
    """Those of the bare rows that hold the sum of a column; reads the sheet once more, for its sums alone."""
    columns = [column for column in range(table.width) if any(tail[index].values[column] is not None for index in bare)]
    sums = Sums(columns)
    until = min(tail[index].number for index in bare)
    hidden = table.signs.hidden_rows
    for number, values in enumerate(islice(table.rows(), header_row, until - 1), header_row + 1):
        if not is_named_total([value if value != "" else None for value in values]):
            sums.add(values, bool(number < len(hidden) and hidden[number]))
    return [index for index in bare if sums.match(tail[index].values)]


def _flagged(row: Row, tally: Tally) -> Row:
    """The row as a total. A hidden one stays hidden: it is left out for that reason already."""
    if row.flag is RowFlag.HIDDEN:
        return row
    tally.total_rows += 1
    return row._replace(flag=RowFlag.TOTAL)


def skipped(tally: Tally, notes: Sequence[str]) -> Skipped:
    """The tally as the screen's facts."""
    return Skipped(tally.blank_rows, tally.hidden_rows, tally.total_rows, tally.merged_cells, tuple(notes))
