"""The one entry point for every sentence a person reads, so that a translation can follow."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

_lookup: Callable[[str], str] | None = None


def install(lookup: Callable[[str], str] | None) -> None:
    """Use `lookup` (sentence -> translated sentence) from now on; None goes back to English."""
    global _lookup
    _lookup = lookup


def tr(sentence: str, /, **names: object) -> str:
    """The sentence in the user's language, its `{name}` placeholders filled.

    Whole numbers get thousands separators (`9,812`); everything else is shown with `str`.
    """
    found = _lookup(sentence) if _lookup else sentence
    if not names:
        return found
    return found.format(**{name: _shown(value) for name, value in names.items()})


def isolated(text: str) -> str:
    """Text whose own direction must not mix with the sentence around it: a header, a path, an ID, an amount."""
    return f"\u2068{text}\u2069"


def without_isolation(text: str) -> str:
    """A sentence for a terminal, which shows the marks of `isolated` as odd characters."""
    return text.replace("\u2068", "").replace("\u2069", "")


def amount_words(amount: str) -> str:
    """`1234567.50` as `1,234,567.50`; nothing is rounded, and what is no number stays as it is."""
    try:
        return f"{Decimal(amount):,f}" if amount else ""
    except InvalidOperation:
        return amount


def rows_words(count: int) -> str:
    """`1 row`, `9,812 rows`."""
    return tr("1 row") if count == 1 else tr("{count} rows", count=count)


def cells_words(count: int) -> str:
    """`1 cell`, `212 cells`."""
    return tr("1 cell") if count == 1 else tr("{count} cells", count=count)


def columns_words(count: int) -> str:
    """`1 column`, `12 columns`."""
    return tr("1 column") if count == 1 else tr("{count} columns", count=count)


def values_words(count: int) -> str:
    """`1 value`, `2,000 values`."""
    return tr("1 value") if count == 1 else tr("{count} values", count=count)


def numbers_words(count: int) -> str:
    """`1 number`, `212 numbers`."""
    return tr("1 number") if count == 1 else tr("{count} numbers", count=count)


def dates_words(count: int) -> str:
    """`1 date`, `212 dates`."""
    return tr("1 date") if count == 1 else tr("{count} dates", count=count)


def emails_words(count: int) -> str:
    """`1 e-mail`, `212 e-mails`."""
    return tr("1 e-mail") if count == 1 else tr("{count} e-mails", count=count)


def left_out_words(rows: int) -> str:
    """That rows were left out, for the list of changes."""
    return tr("1 row was left out.") if rows == 1 else tr("{count} rows were left out.", count=rows)


def items_words(count: int) -> str:
    """`1 item`, `1,000 items`: what requests are made of."""
    return tr("1 item") if count == 1 else tr("{count} items", count=count)


def _shown(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
