"""Finds the header row and names the columns so that every one has a name of its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from statistics import median

from gb_desktop.workbook.cells import column_letter
from gb_desktop.workbook.model import Column, Plain, Value

_JOINERS = "\u200c\u200d"  # meaningful inside Persian and Indic words and some emoji
_UNSEEN = "\ufeff\u200b\u200e\u200f\u2060\u00ad\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = _UNSEEN + _JOINERS
WINDOW = 200  # rows of the sheet that are looked at
_CANDIDATES = 30
_DATA_LIKE = re.compile(r"@|\d{3}|^\W*[\d٠-٩.,/:-]+\W*$")

NumberedRow = tuple[int, Sequence[Plain]]


def is_blank(value: Plain) -> bool:
    """True for an empty cell and for one that holds nothing visible."""
    return value is None or (isinstance(value, str) and not value.strip().strip(INVISIBLE).strip())


def guess_header(rows: Sequence[NumberedRow]) -> int:
    """The row number of the header among a sheet's first rows (numbers are Excel's); 1 when they are all blank.

    The header is the first row that is filled about as wide as the rows below it, with texts that differ and that
    look like names rather than data. Title lines and banners above it are narrower.
    """
    filled = [(number, [value for value in values if not is_blank(value)]) for number, values in rows]
    filled = [(number, values) for number, values in filled if values]
    if not filled:
        return 1
    fits = [index for index in range(min(len(filled), _CANDIDATES)) if _could_be_header(filled, index)]
    if not fits:
        return filled[_first_wide(filled)][0]
    first = fits[0]
    if first + 1 in fits and _is_better(filled, first + 1):
        first += 1
    return filled[first][0]


def _width_below(filled: Sequence[tuple[int, list[Plain]]], index: int) -> float:
    below = [len(values) for _, values in filled[index + 1 : index + 11]]
    return median(below) if below else 0


def _could_be_header(filled: Sequence[tuple[int, list[Plain]]], index: int) -> bool:
    values = filled[index][1]
    width = _width_below(filled, index)
    names = [value.strip().casefold() for value in values if isinstance(value, str) and not _DATA_LIKE.search(value)]
    wide_enough = len(values) * 2 > width if width > 1 else len(values) >= width
    return wide_enough and len(names) * 10 >= len(values) * 7 and len(set(names)) * 2 > len(names)


def _first_wide(filled: Sequence[tuple[int, list[Plain]]]) -> int:
    for index, (_, values) in enumerate(filled[:_CANDIDATES]):
        if len(values) * 2 > _width_below(filled, index):
            return index
    return 0


def _is_better(filled: Sequence[tuple[int, list[Plain]]], index: int) -> bool:
    """The row after a fitting row is the header after all: the first was a group line, narrower than this one."""
    above, here = filled[index - 1][1], filled[index][1]
    below = filled[index + 1][1] if index + 1 < len(filled) else []
    return len(here) > len(above) and any(looks_like_data(value) for value in below)


def looks_like_data(value: Value) -> bool:
    """True for numbers, dates, and texts with digits or an @: what names of columns are not."""
    return value is not None and (not isinstance(value, str) or bool(_DATA_LIKE.search(value)))


def name_columns(header: Sequence[Plain], hidden: frozenset[int] = frozenset()) -> tuple[Column, ...]:
    """A column for every cell of the header row, each shown name unique whatever its case.

    An empty header is named after its place ("Column D"), a repeated one is numbered ("Amount (2)").
    """
    taken = {_shown(value).casefold() for value in header if _shown(value)}
    used: set[str] = set()
    columns = []
    for index, value in enumerate(header):
        letter = column_letter(index)
        shown = _shown(value)
        name = _unique(shown, used, taken) if shown else _unique(f"Column {letter}", used | taken, taken)
        used.add(name.casefold())
        columns.append(Column(index, letter, name, _text(value), index in hidden))
    return tuple(columns)


def _unique(name: str, used: set[str], taken: set[str]) -> str:
    """`name`, or `name (2)` and so on: never one that is used, nor one that another header holds itself."""
    if name.casefold() not in used:
        return name
    number = 2
    while (candidate := f"{name} ({number})").casefold() in used or candidate.casefold() in taken:
        number += 1
    return candidate


def _shown(value: Plain) -> str:
    return " ".join(_text(value).translate(_WITHOUT).split())


_WITHOUT = dict.fromkeys(map(ord, _UNSEEN))


def _text(value: Plain) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)


def as_shown(values: Sequence[Plain]) -> tuple[str, ...]:
    """A row as short texts, for the list in which another header row can be clicked."""
    return tuple(_shown(value) for value in values)
