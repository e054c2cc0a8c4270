"""Find and replace: which cells hold a text, as they are shown, and what they would become."""

from __future__ import annotations

from collections.abc import Iterator

from gb_desktop.mapping.texts import shown_text
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.cells import decode_row
from gb_desktop.workbook.model import Value


def replacements(
    store: RunStore, column: int | None, find: str, replacement: str
) -> Iterator[tuple[int, int, str, str]]:
    """(row, column, text, new text) of every cell that holds `find`, in one column or in all.

    Numbers are found as they are shown; dates, marked cells and yes and no are left alone.
    """
    if not find:
        return
    digits = any(letter.isdigit() for letter in find)
    quick = "" if digits or not find.isascii() or not find.isprintable() or set(find) & set('"\\') else find
    query = "SELECT row, cells FROM rows WHERE :quick = '' OR instr(cells, :quick) > 0 ORDER BY position"
    for row, cells in store.connection.execute(query, {"quick": quick}):
        for index, value in enumerate(decode_row(cells)):
            if (column is None or index == column) and find in (text := _text(value)):
                yield row, index, text, text.replace(find, replacement)


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return shown_text(value) if number else ""
