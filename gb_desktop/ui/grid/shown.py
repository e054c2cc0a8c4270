"""How a cell's value reads in a grid: as exactly as it is held, never rounded."""

from __future__ import annotations

import datetime as dt

from gb_desktop.mapping.texts import shown_number, shown_text
from gb_desktop.workbook.model import Mark, Marked, Value

_LONGEST = 500  # a cell can hold 32,767 characters; no grid shows more than these


def shown(value: Value) -> str:
    """The text of one cell. Long texts are cut at 500 characters; line breaks become spaces."""
    if isinstance(value, str):
        return " ".join(value[:_LONGEST].splitlines()) if "\n" in value or "\r" in value else value[:_LONGEST]
    if value is None:
        return ""
    if isinstance(value, Marked):
        return _marked(value)
    return _plain(value)


def mirrored(text: str, value: Value) -> str:
    """A cell's text for a window that reads from right to left: dates and numbers keep their order, texts their own."""
    if not text:
        return text
    inner = value.value if isinstance(value, Marked) else value
    return f"\u2068{text}\u2069" if isinstance(inner, str) else f"\u2066{text}\u2069"


def is_number(value: Value) -> bool:
    """True for what stands at the right edge of its cell, as in Excel."""
    inner = value.value if isinstance(value, Marked) else value
    return isinstance(inner, int | float) and not isinstance(inner, bool)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return shown_text(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes" if not value.second and not value.microsecond else "seconds")
    return str(value)


def _marked(value: Marked) -> str:
    if value.mark is Mark.ERROR:
        return value.text
    if value.mark is Mark.FORMATTED and isinstance(value.value, int | float):
        return shown_number(value.value, value.text)
    return shown(value.value)
