"""What a fix did, as the list of changes says it afterwards."""

from __future__ import annotations

from collections.abc import Callable

from gb_desktop.checking.fix_model import Fix, FixKind
from gb_desktop.text import cells_words, isolated, tr


def done_words(fix: Fix, count: int) -> str:
    """The sentence for a fix that changed `count` cells, or left `count` rows out."""
    sentence = _SENTENCES.get(fix.kind)
    return sentence(count, isolated(fix.header), fix.text) if sentence else fix.sentence


def _emails(n: int, column: str, _: str) -> str:
    if n == 1:
        return tr("Repaired 1 e-mail in {column}.", column=column)
    return tr("Repaired {count} e-mails in {column}.", count=n, column=column)


def _decimals(n: int, column: str, _: str) -> str:
    if n == 1:
        return tr("Wrote 1 number in {column} with its decimal sign.", column=column)
    return tr("Wrote {count} numbers in {column} with its decimal sign.", count=n, column=column)


def _dates(n: int, column: str, _: str) -> str:
    if n == 1:
        return tr("Wrote 1 date in {column} with the year first.", column=column)
    return tr("Wrote {count} dates in {column} with the year first.", count=n, column=column)


def _serials(n: int, column: str, _: str) -> str:
    if n == 1:
        return tr("Read 1 number in {column} as a date.", column=column)
    return tr("Read {count} numbers in {column} as dates.", count=n, column=column)


def _times(n: int, column: str, _: str) -> str:
    if n == 1:
        return tr("Moved 1 equal time in {column} by a millisecond.", column=column)
    return tr("Spaced {count} equal times in {column} by milliseconds.", count=n, column=column)


def _left_out(n: int, _column: str, _: str) -> str:
    return tr("1 row was left out.") if n == 1 else tr("{count} rows were left out.", count=n)


_SENTENCES: dict[FixKind, Callable[[int, str, str], str]] = {
    FixKind.CLEAN: lambda n, column, _: tr("Cleaned {cells} in {column}.", cells=cells_words(n), column=column),
    FixKind.PAD: lambda n, column, width: tr(
        "Padded {cells} in {column} to {width} digits.", cells=cells_words(n), column=column, width=width
    ),
    FixKind.DROP_POINT_ZERO: lambda n, column, _: tr(
        "Took “.0” off {cells} in {column}.", cells=cells_words(n), column=column
    ),
    FixKind.CLEAR: lambda n, column, _: tr("Emptied {cells} in {column}.", cells=cells_words(n), column=column),
    FixKind.EMAIL: _emails,
    FixKind.ONLY_NUMBER: lambda n, column, _: tr(
        "Took words off {cells} in {column}.", cells=cells_words(n), column=column
    ),
    FixKind.ONLY_PHONE: lambda n, column, _: tr(
        "Took words off {cells} in {column}.", cells=cells_words(n), column=column
    ),
    FixKind.OTHER_DECIMAL: _decimals,
    FixKind.OTHER_ORDER: _dates,
    FixKind.SERIAL: _serials,
    FixKind.ROUND: lambda n, column, _: tr("Rounded {cells} in {column}.", cells=cells_words(n), column=column),
    FixKind.KEEP: lambda n, column, _: tr("Emptied {cells} beside {column}.", cells=cells_words(n), column=column),
    FixKind.SPACE_TIMES: _times,
    FixKind.SUM: lambda n, column, _: tr(
        "Summed the rows of orders in {cells} of {column}.", cells=cells_words(n), column=column
    ),
    FixKind.FIRST: lambda n, column, _: tr(
        "Took the first row's value in {cells} of {column}.", cells=cells_words(n), column=column
    ),
    FixKind.LEAVE_OUT: _left_out,
    FixKind.LEAVE_LATER_OUT: _left_out,
}
