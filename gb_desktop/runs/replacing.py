"""Find and replace: which cells hold a text, as they are shown, and what they would become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from gb_desktop.mapping.texts import shown_text
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.cells import decode_row
from gb_desktop.workbook.model import Value

_OF_NUMBERS = frozenset("0123456789.-")  # what a number is shown with
Found = tuple[int, int, str]


def replacements(
    store: RunStore, column: int | None, find: str, replacement: str
) -> Iterator[tuple[int, int, str, str]]:
    """(row, column, text, new text) of every cell that holds `find`, in one column or in all.

    Numbers are found as they are shown; dates, marked cells and yes and no are left alone.
    """
    if not find:
        return
    numbers = _OF_NUMBERS.issuperset(find)
    is_stored_so = find.isascii() and find.isprintable() and not set(find) & set('"\\')
    found = _in_few_rows(store, column, find) if is_stored_so and not numbers else _in_all(store, column, find, numbers)
    for row, index, text in found:
        yield row, index, text, text.replace(find, replacement)


def _in_few_rows(store: RunStore, column: int | None, find: str) -> Iterator[Found]:
    """Looks into the rows alone whose stored text holds it."""
    query = "SELECT row, cells FROM rows WHERE instr(cells, ?) > 0 ORDER BY position"
    for row, cells in store.connection.execute(query, (find,)):
        for index, value in enumerate(decode_row(cells)):
            if column in (None, index) and isinstance(value, str) and find in value:
                yield row, index, value


def _in_all(store: RunStore, column: int | None, find: str, numbers: bool) -> Iterator[Found]:
    for batch in store.staged_batches():
        found = [
            (place, index, text)
            for index, values in enumerate(batch.columns)
            if column in (None, index)
            for place, text in _holding(values, find, numbers)
        ]
        yield from ((batch.numbers[place], index, text) for place, index, text in sorted(found))


def _holding(values: Sequence[Value], find: str, numbers: bool) -> Iterable[tuple[int, str]]:
    """(place, text) of the cells of a column that hold it."""
    joined = "\n".join([value for value in values if isinstance(value, str)])
    if find in joined:
        yield from ((place, value) for place, value in enumerate(values) if isinstance(value, str) and find in value)
    if numbers:
        for place, value in enumerate(values):
            if type(value) in (int, float) and find in (text := _shown(value)):
                yield place, text


_shown = lru_cache(maxsize=65_536)(shown_text)  # 1 and 1.0 are shown alike, and so are 0.0 and -0.0
