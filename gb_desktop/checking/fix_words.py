"""What a fix did, as the list of changes says it afterwards."""

from __future__ import annotations

from collections.abc import Callable

from gb_desktop.checking.fix_model import Fix, FixKind
from gb_desktop.text import cells_words, dates_words, emails_words, isolated, left_out_words, numbers_words, tr


def done_words(fix: Fix, count: int) -> str:
    """The sentence for a fix that changed `count` cells, or left `count` rows out."""
    sentence = _SENTENCES.get(fix.kind)
    return sentence(count, isolated(fix.header), fix.text) if sentence else fix.sentence


def _serials(n: int, column: str, _: str) -> str:
    if n == 1:
        return tr("Read 1 number in {column} as a date.", column=column)
    return tr("Read {count} numbers in {column} as dates.", count=n, column=column)


def _times(n: int, column: str, _: str) -> str:
    if n == 1:
        return tr("Moved 1 equal time in {column} by a millisecond.", column=column)
    return tr("Spaced {count} equal times in {column} by milliseconds.", count=n, column=column)


_SENTENCES: dict[FixKind, Callable[[int, str, str], str]] = {
    FixKind.CLEAN: lambda n, column, _: tr("Cleaned {cells} in {column}.", cells=cells_words(n), column=column),
    FixKind.PAD: lambda n, column, width: tr(
        "Padded {cells} in {column} to {width} digits.", cells=cells_words(n), column=column, width=width
    ),
    FixKind.DROP_POINT_ZERO: lambda n, column, _: tr(
        "Took “.0” off {cells} in {column}.", cells=cells_words(n), column=column
    ),
    FixKind.CLEAR: lambda n, column, _: tr("Emptied {cells} in {column}.", cells=cells_words(n), column=column),
    FixKind.EMAIL: lambda n, column, _: tr("Repaired {emails} in {column}.", emails=emails_words(n), column=column),
    FixKind.ONLY_NUMBER: lambda n, column, _: tr(
        "Took words off {cells} in {column}.", cells=cells_words(n), column=column
    ),
    FixKind.ONLY_PHONE: lambda n, column, _: tr(
        "Took words off {cells} in {column}.", cells=cells_words(n), column=column
    ),
    FixKind.OTHER_DECIMAL: lambda n, column, _: tr(
        "Wrote {numbers} in {column} with its decimal sign.", numbers=numbers_words(n), column=column
    ),
    FixKind.OTHER_ORDER: lambda n, column, _: tr(
        "Wrote {dates} in {column} with the year first.", dates=dates_words(n), column=column
    ),
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
    FixKind.LEAVE_OUT: lambda n, _column, _: left_out_words(n),
    FixKind.LEAVE_LATER_OUT: lambda n, _column, _: left_out_words(n),
}
