"""What both scans of a worksheet share: how far it reaches, addresses, merged ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gb_desktop.text import tr
from gb_desktop.workbook.cells import column_letter
from gb_desktop.workbook.model import Mark, WorkbookError
from gb_desktop.workbook.source import MOST_COLUMNS, MOST_ROWS, Merged, Signs

MOST_MERGED = 1_000_000
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")


@dataclass(slots=True)
class Extent:
    """The last row (Excel's number) and the last column (from 0) that hold cells."""

    last_row: int = 0
    last_column: int = -1

    def reach(self, row: int, column: int) -> None:
        """Take a cell in."""
        if row > self.last_row:
            self.last_row = row
        if column > self.last_column:
            self.last_column = column

    @property
    def outside(self) -> bool:
        """True when a cell stands where no Excel sheet has one."""
        return self.last_row > MOST_ROWS or self.last_column >= MOST_COLUMNS

    @property
    def cells(self) -> int:
        """The cells of the bounding box from A1."""
        return self.last_row * (self.last_column + 1)


class Uncalculated:
    """The formulas of a binary sheet whose stored result is 0 or nothing.

    The binary formats have no formula without a result: a program that can't calculate stores 0 or an empty text. Where
    nothing says that anybody ever calculated the workbook, and no formula has another result, none of them has one.
    """

    def __init__(self, calculated: bool = False) -> None:
        self.calculated = calculated  # known to be, or a formula has another result
        self._cells: list[tuple[int, int]] = []

    def add(self, row: int, column: int, *, blank: bool) -> None:
        """Note a formula; `blank`: its result is 0 or an empty text."""
        if not blank:
            self.calculated = True
            self._cells.clear()
        elif not self.calculated:
            self._cells.append((row, column))

    def mark_all(self, signs: Signs) -> None:
        """Say of each of them that it has no value."""
        for row, column in self._cells:
            signs.marks.add(row, column, Mark.UNCACHED, "")


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """A column counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def add_merged(signs: Signs, reference: str) -> None:
    """Note a merged range such as `A5:A7`."""
    found = _RANGE.fullmatch(reference)
    if found and found[3] and len(signs.merged) < MOST_MERGED:
        signs.merged.append(Merged(int(found[2]), column_number(found[1]), int(found[4]), column_number(found[3])))


def too_large(name: str, sheet: str, extent: Extent) -> WorkbookError:
    """The sentence for a sheet whose cells span more than can be held."""
    sentence = tr(
        "Sheet {sheet} of {name} reaches to cell {cell}, too far to be read: delete what stands outside of the table.",
        sheet=sheet,
        name=name,
        cell=f"{column_letter(extent.last_column)}{extent.last_row}",
    )
    return WorkbookError(sentence, "too-large")
