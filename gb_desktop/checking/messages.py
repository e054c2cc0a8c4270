"""Every problem's code, how bad it is, and its sentence for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gb_desktop.checking.model import Problem, Severity
from gb_desktop.mapping.cleaning import printable
from gb_desktop.text import tr

Sentence = Callable[[dict[str, object]], str]

_CELLS: dict[str, Sentence] = {
    "cell-error": lambda w: tr("{field} holds Excel's error {value}: correct the formula, or type the value.", **w),
    "formula-empty": lambda w: tr(
        "{field} holds a formula without a value: open the workbook in Excel, save it, and load it again.", **w
    ),
    "broken-character": lambda w: tr("{field} holds a broken or control character ({value}): type it again.", **w),
    "line-break": lambda w: tr("{field} holds a line break or tab inside ({value}): take it out.", **w),
    "number-shortened": lambda w: tr(
        "{field} is {value}: Excel has shortened it and its digits are lost. Get the value from its origin as text.",
        **w,
    ),
    "digits-lost": lambda w: tr(
        "{field} has 16 digits or more as a number ({value}): Excel keeps only 15. Get it from its origin as text.", **w
    ),
    "date-in-field": lambda w: tr(
        "{field} is a date ({value}): Excel turned the value into one. Type it again in a cell formatted as text.", **w
    ),
    "merged-amount": lambda w: tr(
        "{field} is merged with {value}: unmerge the cells and give every row its own value.", **w
    ),
}
_IDS_AND_TEXTS: dict[str, Sentence] = {
    "id-not-text": lambda w: tr("{field} is {value}, which is no ID.", **w),
    "id-fraction": lambda w: tr(
        "{field} is the number {value}: format the column as text and type the ID again, or correct it.", **w
    ),
    "not-an-email": lambda w: tr("{field} is “{value}”, which is not an e-mail address.", **w),
    "not-a-mobile": lambda w: tr("{field} is “{value}”, which is not a mobile number.", **w),
    "mobile-needs-country": lambda w: tr(
        "{field} {value} has no country code: your account merges by mobile, so choose a default country.", **w
    ),
    "not-a-boolean": lambda w: tr("{field} is “{value}”: only yes and no can be read (TRUE, FALSE, 1, 0).", **w),
    "not-a-choice": lambda w: tr("{field} is “{value}”, which is none of {choices}.", **w),
    "required-empty": lambda w: tr("{field} is empty, and every row needs it.", **w),
    "required-by-account": lambda w: tr("{field} is empty, and your account merges customers by it.", **w),
    "one-of-missing": lambda w: tr("One of {fields} is needed, and all are empty.", **w),
    "one-of-many": lambda w: tr("Only one of {fields} may be filled: clear the others.", **w),
}
_NUMBERS: dict[str, Sentence] = {
    "not-a-number": lambda w: tr("{field} is “{value}”, which is not a number.", **w),
    "other-decimal": lambda w: tr("{field} is “{value}”, which does not fit the column's decimal sign.", **w),
    "decimal-undecided": lambda w: tr(
        "{field} is “{value}”: choose whether a point or a comma is the decimal sign of this column.", **w
    ),
    "not-whole": lambda w: tr("{field} is {value}, and only whole numbers can be sent.", **w),
    "nearly-zero": lambda w: tr("{field} is {value}, the rounding rest of a formula: type the amount.", **w),
    "zero": lambda w: tr("{field} is zero.", **w),
    "negative": lambda w: tr("{field} is {value}, and it can't be negative.", **w),
    "too-small": lambda w: tr("{field} is {value}: the smallest that can be sent is {minimum}.", **w),
    "too-large": lambda w: tr("{field} is {value}: the largest that can be sent is {maximum}.", **w),
}
_TIMES: dict[str, Sentence] = {
    "not-a-date": lambda w: tr("{field} is “{value}”, which is not a date.", **w),
    "no-such-date": lambda w: tr("{field} is “{value}”: there is no such day.", **w),
    "date-order-undecided": lambda w: tr(
        "{field} is “{value}”: choose whether the day or the month comes first in this column.", **w
    ),
    "other-date-order": lambda w: tr("{field} is “{value}”, which does not fit the column's order of dates.", **w),
    "years-undecided": lambda w: tr(
        "{field} is “{value}”, with a year of two digits: choose which century such years belong to.", **w
    ),
    "date-out-of-range": lambda w: tr("{field} is {value}: a year before 1901 or after 2199 is surely a mistake.", **w),
    "time-without-date": lambda w: tr("{field} is {value}, a time without a date.", **w),
    "number-not-date": lambda w: tr("{field} is the number {value}: format the column as a date in Excel.", **w),
    "future-time": lambda w: tr("{field} is {value}, which is in the future: Gameball refuses it.", **w),
}
_ROWS: dict[str, Sentence] = {
    "duplicate-id": lambda w: tr("{field} {value} is also on {rows}: Gameball accepts it once.", **w),
    "order-conflict": lambda w: tr("{field} differs between the rows of order {value}: {values}.", **w),
    "order-incomplete": lambda w: tr("Order {value} can't be sent: there is an error in {rows} of it.", **w),
    "mapping-incomplete": lambda w: tr("The columns are not ready yet: {why}", **w),
}
_WARNINGS: dict[str, Sentence] = {
    "percent": lambda w: tr("{field} is {value}: it goes out as a fraction of one.", **w),
    "id-point-zero": lambda w: tr("{field} is {value}: the “.0” at its end was likely added by a program.", **w),
    "id-short": lambda w: tr(
        "{field} {value} has fewer than the column's usual {width} digits: leading zeros may be lost.", **w
    ),
    "dates-swapped": lambda w: tr(
        "Column {field}: all texts have a day over 12 and no real date has one. Excel may have swapped day and month "
        "of the real dates: compare some with their origin.",
        **w,
    ),
    "merged": lambda w: tr("{field} is filled down from the merged cell {value}.", **w),
    "time-missing": lambda w: tr("{field} is {value}: the clocks skipped this time; it goes out an hour later.", **w),
    "time-twice": lambda w: tr("{field} is {value}: the clocks showed this time twice; the first one goes out.", **w),
    "mobile-no-country": lambda w: tr(
        "{field} {value} has no country code and no default country is chosen: it goes out as it is written.", **w
    ),
    "mobile-read-international": lambda w: tr("{field} {value} is read with its country code, after a plus.", **w),
    "mobile-invalid": lambda w: tr("{field} {value} is not a valid number: it goes out as it is written.", **w),
    "id-case": lambda w: tr("{field} {value} differs only in upper and lower case from {rows}.", **w),
    "same-row": lambda w: tr("This row is alike in every mapped field with {rows}.", **w),
    "same-time": lambda w: tr("{field} {value} is also on {rows}: Gameball may refuse equal times.", **w),
    "same-customer": lambda w: tr("Customer {value} is also on {rows}.", **w),
    "order-shortened": lambda w: tr(
        "Order {value} goes out without {rows}, which you left out or which is hidden.", **w
    ),
    "looks-like-total": lambda w: tr("{field} {value} is the sum of the rows above: is this a total?", **w),
}
ERRORS: dict[str, Sentence] = {**_CELLS, **_IDS_AND_TEXTS, **_NUMBERS, **_TIMES, **_ROWS}
WARNINGS: dict[str, Sentence] = _WARNINGS


def severity(code: str) -> Severity:
    """How bad `code` is; codes that nobody knows are errors."""
    return Severity.WARNING if code in WARNINGS else Severity.ERROR


def problem(row: int, path: str, column: int | None, code: str, **words: object) -> Problem:
    """A problem with its sentence; `words` fill it (field, value, rows, ...). Cell texts are shortened to be shown."""
    for name in ("value", "values"):
        if isinstance(text := words.get(name), str):
            words[name] = printable(text)
    sentence = WARNINGS.get(code) or ERRORS[code]
    return Problem(row, path, column, code, severity(code), sentence(words))


def others_in_words(rows: Sequence[int], own: int) -> str:
    """The rows but `own` in words. Of more than five rows only the first are named and none is counted.

    So that one row more or less changes nothing of what is said about a hundred thousand others.
    """
    others = [row for row in rows[:6] if row != own]
    if len(rows) > 5:
        return tr("rows {rows} and more", rows=", ".join(map(str, others[:3])))
    return rows_in_words(others)


def rows_in_words(rows: Sequence[int]) -> str:
    """`row 5`, `rows 5 and 9`, `rows 5, 9, 12 and 40 more`."""
    if len(rows) > 4:
        return tr("rows {rows} and {count} more", rows=", ".join(map(str, rows[:3])), count=len(rows) - 3)
    if len(rows) == 1:
        return tr("row {row}", row=str(rows[0]))
    if len(rows) == 2:
        return tr("rows {first} and {second}", first=str(rows[0]), second=str(rows[1]))
    return tr("rows {rows} and {last}", rows=", ".join(map(str, rows[:-1])), last=str(rows[-1]))
