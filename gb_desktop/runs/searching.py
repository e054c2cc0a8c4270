"""Which rows hold a text in one of their cells, as the grid shows them, in capital letters or small ones."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from gb_desktop.mapping.texts import shown_number, shown_text
from gb_desktop.workbook.cells import decode_columns
from gb_desktop.workbook.model import Mark, Marked, Value

_BATCH = 2_000  # rows looked at together
_STORED_OTHERWISE = re.compile(r"""[\s"'\\\x00-\x1f\x7f]|[^\x00-\x7f]""")  # in JSON, or in capitals SQLite can't make
_NUMBER = re.compile(r"-?[\d.]*")
_MAY_BE_NO_WORD = re.compile(r"[\d.:-]*[te][\d.:+-]*|[\d.:+-]*")  # of a date or a number, as JSON has it
_OF_JSON = ("null", "merged", "formatted", "error", "uncached")
_SHOWN_OTHERWISE = (
    """instr(cells, '"formatted"') OR instr(cells, '"u"') OR instr(cells, '\\u')"""  # formats, spans, escapes
)
_OTHER_DIGITS = " OR ".join(  # fifteen digits are shown: nines are rounded up; and no exponent is
    f"instr(cells, '{sign}')" for sign in ("99999", "e-", "e+", "e1", "e2", "e3")
)


def rows_holding(db: sqlite3.Connection, among: str, bound: Mapping[str, str], text: str) -> Iterator[int]:
    """The rows that hold `text`, in the order of the sheet, of those that the query `among` gives."""
    wanted = text.lower()
    parts = _STORED_OTHERWISE.split(wanted)
    part = max(parts, key=len)
    maybe = "1"
    if part:
        maybe = f"instr(lower(cells), :part) OR {_SHOWN_OTHERWISE}"
        if _NUMBER.fullmatch(part):
            maybe += f" OR {_OTHER_DIGITS}"
    sure = "instr(cells, '\"m\"') = 0 AND instr(lower(cells), :part)" if part == wanted and _is_word(part) else "0"
    found = db.execute(
        f"SELECT row, CASE WHEN {sure} THEN NULL ELSE cells END FROM rows "
        f"WHERE row IN ({among}) AND ({maybe}) ORDER BY position",
        {**bound, "part": part},
    )
    while batch := list(islice(found, _BATCH)):
        held = _held([cells for _, cells in batch if cells is not None], wanted)
        yield from (row for row, cells in batch if cells is None or next(held))


def _is_word(part: str) -> bool:
    """Whether JSON can hold it nowhere but in a text, where no cell is marked."""
    own = not _MAY_BE_NO_WORD.fullmatch(part) and not any(part in word for word in _OF_JSON)
    return own and not set(part) & set("[]{},:") and len(part) > 1


def _held(texts: Sequence[str], wanted: str) -> Iterator[bool]:
    """Of each of these rows, stored as they are, whether a cell shows it."""
    if not texts:
        return iter(())
    columns = decode_columns(",".join(texts).encode())
    left = list(range(len(texts)))
    for column in columns:
        left = [place for place in left if (cell := column[place]) is None or wanted not in _words(cell)]
    without = set(left)
    return iter([place not in without for place in range(len(texts))])


def _words(value: Value) -> str:
    """A cell as the grid shows it, in small letters and with the seconds of every time."""
    if type(value) is str:
        return " ".join(value.lower().splitlines()) if "\n" in value or "\r" in value else value.lower()
    if type(value) is float:
        return _number(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if not isinstance(value, Marked):
        return str(value).lower()
    if value.mark is Mark.ERROR:
        return value.text.lower()
    if value.mark is Mark.FORMATTED and isinstance(value.value, int | float):
        return shown_number(value.value, value.text).lower()
    return _words(value.value)


_number = lru_cache(maxsize=65_536)(shown_text)  # 1 and 1.0 are shown alike, and so are 0.0 and -0.0
