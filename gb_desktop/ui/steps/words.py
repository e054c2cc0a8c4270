"""Words that several step pages show."""

from __future__ import annotations

from gb_desktop.text import tr


def rows_words(count: int) -> str:
    """`1 row`, `9,812 rows`."""
    return tr("1 row") if count == 1 else tr("{count} rows", count=count)
