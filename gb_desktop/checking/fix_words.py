"""What a fix did, as the list of changes says it afterwards."""

from __future__ import annotations

from collections.abc import Callable

from gb_desktop.checking.fix_model import Fix, FixKind
from gb_desktop.text import isolated, tr


def done_words(fix: Fix, count: int) -> str:
    """The sentence for a fix that changed `count` cells, or left `count` rows out."""
    sentence = _SENTENCES.get(fix.kind)
    return sentence(count, isolated(fix.header), fix.text) if sentence else fix.sentence


_SENTENCES: dict[FixKind, Callable[[int, str, str], str]] = {
    FixKind.CLEAN: lambda n, column, _: tr("Cleaned {count} cells in {column}.", count=n, column=column),
    FixKind.PAD: lambda n, column, width: tr(
        "Padded {count} cells in {column} to {width} digits.", count=n, column=column, width=width
    ),
    FixKind.DROP_POINT_ZERO: lambda n, column, _: tr(
        "Took “.0” off {count} cells in {column}.", count=n, column=column
    ),
    FixKind.CLEAR: lambda n, column, _: tr("Emptied {count} cells in {column}.", count=n, column=column),
    FixKind.EMAIL: lambda n, column, _: tr("Repaired {count} e-mails in {column}.", count=n, column=column),
    FixKind.ONLY_NUMBER: lambda n, column, _: tr("Took words off {count} cells in {column}.", count=n, column=column),
    FixKind.ONLY_PHONE: lambda n, column, _: tr("Took words off {count} cells in {column}.", count=n, column=column),
    FixKind.OTHER_DECIMAL: lambda n, column, _: tr(
        "Wrote {count} numbers in {column} with its decimal sign.", count=n, column=column
    ),
    FixKind.OTHER_ORDER: lambda n, column, _: tr(
        "Wrote {count} dates in {column} with the year first.", count=n, column=column
    ),
    FixKind.SERIAL: lambda n, column, _: tr("Read {count} numbers in {column} as dates.", count=n, column=column),
    FixKind.ROUND: lambda n, column, _: tr("Rounded {count} cells in {column}.", count=n, column=column),
    FixKind.KEEP: lambda n, column, _: tr("Emptied {count} cells beside {column}.", count=n, column=column),
    FixKind.SPACE_TIMES: lambda n, column, _: tr(
        "Spaced {count} equal times in {column} by milliseconds.", count=n, column=column
    ),
    FixKind.SUM: lambda n, column, _: tr(
        "Summed the rows of orders in {count} cells of {column}.", count=n, column=column
    ),
    FixKind.FIRST: lambda n, column, _: tr(
        "Took the first row's value in {count} cells of {column}.", count=n, column=column
    ),
    FixKind.LEAVE_OUT: lambda n, _column, _: tr("{count} rows were left out.", count=n),
    FixKind.LEAVE_LATER_OUT: lambda n, _column, _: tr("{count} rows were left out.", count=n),
}
