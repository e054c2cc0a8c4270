"""From a mapping's source to the cell value a field reads: one column, several joined, or a part of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

from gb_desktop.mapping.cleaning import error_in
from gb_desktop.mapping.model import Source, SourceKind
from gb_desktop.mapping.texts import formatted, shown_text
from gb_desktop.workbook.model import Column, Mark, Marked, Value

Fetch = Callable[[Sequence[Value]], Value]


def column_indexes(source: Source, columns: Sequence[Column]) -> tuple[int, ...] | None:
    """The sheet's column indexes of a source's headers, None when one of them is not in the sheet."""
    found = {column.header: column.index for column in columns}
    indexes = tuple(found[header] for header in source.columns if header in found)
    return indexes if len(indexes) == len(source.columns) else None


def fetcher(source: Source, indexes: Sequence[int]) -> Fetch:
    """How a field's cell value comes out of a row's values; for constants it is the text itself."""
    if source.kind is SourceKind.COLUMN:
        return itemgetter(indexes[0])
    if source.kind is SourceKind.CONSTANT:
        return lambda _values: source.text
    return lambda values: derived(source, [values[index] for index in indexes])


def derived(source: Source, cells: Sequence[Value]) -> Value:
    """The text made of `cells`; a cell that can't be used (an Excel error) stands for the whole.

    Nothing is made of empty cells: a prefix alone, or a join of nothing, is an empty cell.
    """
    bad = next(filter(_is_bad, cells), None)
    if bad is not None:
        return bad
    text = _made(source, [_text(cell) for cell in cells]) or None
    merged = next((cell for cell in cells if isinstance(cell, Marked) and cell.mark is Mark.MERGED), None)
    return Marked(Mark.MERGED, text, merged.text) if merged is not None and text else text


def _is_bad(cell: Value) -> bool:
    if isinstance(cell, Marked):
        return cell.mark in (Mark.ERROR, Mark.UNCACHED)
    return isinstance(cell, str) and error_in(cell) is not None


def _made(source: Source, texts: Sequence[str]) -> str:
    if source.kind is SourceKind.JOINED:
        return source.text.join(text for text in texts if text)
    whole = texts[0] if texts else ""
    if source.kind is SourceKind.PREFIXED:
        return source.text + whole if whole else ""
    before, found, after = whole.partition(source.text) if source.text else (whole, "", "")
    if source.kind is SourceKind.BEFORE:
        return before.strip()
    return after.strip() if found else ""


def _text(cell: Value) -> str:
    if isinstance(cell, Marked):
        if cell.mark is Mark.FORMATTED:
            shown = formatted(cell.value, cell.text)
            return shown if shown is not None else shown_text(cell.value)
        return shown_text(cell.value).strip()
    return shown_text(cell).strip()
