"""Which fixes are offered for which problem: a sentence each, before anything is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

from gb_desktop.checking.fix_cells import cell_text
from gb_desktop.checking.fix_model import Fix, FixFacts, FixKind, Group
from gb_desktop.checking.messages import WARNINGS
from gb_desktop.checking.model import StagedRow
from gb_desktop.mapping.contacts import HOME_COUNTRIES, parse_mobile
from gb_desktop.mapping.countries import country_name
from gb_desktop.mapping.evidence import NUMBERS
from gb_desktop.mapping.reading import Reading
from gb_desktop.text import cells_words, rows_words, tr

_BETTER_EMPTY = ("mobile-invalid", "mobile-no-country")  # warnings on values that help nobody
_TEXTS = 3  # different words for which a meaning is offered

Offer = Callable[[Group, FixFacts], Iterator[Fix]]
OfferFromRows = Callable[[Group, Sequence[StagedRow], FixFacts], Iterator[Fix]]


def offered(group: Group, rows: Sequence[StagedRow], facts: FixFacts) -> Iterator[Fix]:
    """The fixes that make sense for a group, best first; leaving rows out is always last."""
    if group.code in _OFFERS:
        yield from _OFFERS[group.code](group, facts)
    if group.code in _FROM_ROWS:
        yield from _FROM_ROWS[group.code](group, rows, facts)
    yield from _clearing(group, facts)
    yield from _leaving(group)


def _fix(group: Group, facts: FixFacts, kind: FixKind, sentence: str, text: str = "", setting: str = "") -> Fix:
    key = ":".join(part for part in (kind.value, setting, text) if part)
    return Fix(key, kind, sentence, group.field, group.column, facts.header(group.field), setting, text)


def _title(group: Group, facts: FixFacts) -> str:
    field = facts.field_at(group.field)
    return field.title if field else group.field


def _own_column(group: Group, facts: FixFacts) -> bool:
    """Cells can be fixed only where one column feeds the field as it is."""
    return group.column is not None and bool(facts.header(group.field))


def _cleaning(group: Group, facts: FixFacts) -> Iterator[Fix]:
    if _own_column(group, facts):
        sentence = tr("Clean {cells} in {field}", cells=cells_words(group.count), field=_title(group, facts))
        yield _fix(group, facts, FixKind.CLEAN, sentence)


def _padding(group: Group, facts: FixFacts) -> Iterator[Fix]:
    width = facts.widths.get(facts.header(group.field))
    if width and _own_column(group, facts):
        sentence = tr("Pad {cells} to {width} digits", cells=cells_words(group.count), width=width)
        yield _fix(group, facts, FixKind.PAD, sentence, str(width))


def _point_zero(group: Group, facts: FixFacts) -> Iterator[Fix]:
    if _own_column(group, facts):
        sentence = tr("Take “.0” off {cells}", cells=cells_words(group.count))
        yield _fix(group, facts, FixKind.DROP_POINT_ZERO, sentence)


def _spacing(group: Group, facts: FixFacts) -> Iterator[Fix]:
    if _own_column(group, facts):
        sentence = tr("Space equal times by a millisecond, backwards")
        yield _fix(group, facts, FixKind.SPACE_TIMES, sentence)


def _conflicts(group: Group, facts: FixFacts) -> Iterator[Fix]:
    field = facts.field_at(group.field)
    if field is None or not _own_column(group, facts):
        return
    if field.kind in NUMBERS:
        yield _fix(group, facts, FixKind.SUM, tr("Sum the rows of each order into {field}", field=field.title))
    yield _fix(group, facts, FixKind.FIRST, tr("Use the first row's {field} for the whole order", field=field.title))


def _mending(kind: FixKind, sentence: Callable[[str], str], text: str = "") -> Offer:
    """An offer to repair cells of a group by `kind`; the sentence gets the field's title."""

    def offer(group: Group, facts: FixFacts) -> Iterator[Fix]:
        if _own_column(group, facts):
            yield _fix(group, facts, kind, sentence(_title(group, facts)), text)

    return offer


def _both(*several: Offer) -> Offer:
    def offer(group: Group, facts: FixFacts) -> Iterator[Fix]:
        for one in several:
            yield from one(group, facts)

    return offer


def _keeping(group: Group, facts: FixFacts) -> Iterator[Fix]:
    """Which of the fields that exclude each other stays filled."""
    for path in next((members for members in facts.batch_type.exactly_one if group.field in members), ()):
        column, others = facts.exclusive(path)
        field = facts.field_at(path)
        if column is not None and others and field is not None:
            sentence = tr("Keep {field} and clear the others", field=field.title)
            key = f"{FixKind.KEEP.value}:{path}"
            yield Fix(key, FixKind.KEEP, sentence, path, column, facts.header(path), path)


def _yes_or_no(group: Group, rows: Sequence[StagedRow], facts: FixFacts) -> Iterator[Fix]:
    if group.column is None or not _own_column(group, facts):
        return
    words = Counter(cell_text(row.values[group.column]).strip() for row in rows)
    for word, _ in words.most_common(_TEXTS):
        for meant, sentence in (
            ("yes", tr("Read “{word}” as yes", word=word)),
            ("no", tr("Read “{word}” as no", word=word)),
        ):
            yield _fix(group, facts, FixKind.MAP_VALUE, sentence, meant, word)


def _later(group: Group, facts: FixFacts) -> Iterator[Fix]:
    yield _fix(group, facts, FixKind.LEAVE_LATER_OUT, tr("Keep the first row of each and leave the others out"))


def _decimals(group: Group, facts: FixFacts) -> Iterator[Fix]:
    for sign, sentence in ((".", tr("Read the point as decimal sign")), (",", tr("Read the comma as decimal sign"))):
        yield _fix(group, facts, FixKind.SETTING, sentence, sign, "decimal")


def _orders(group: Group, facts: FixFacts) -> Iterator[Fix]:
    for order, sentence in (("dmy", tr("Read the day first")), ("mdy", tr("Read the month first"))):
        yield _fix(group, facts, FixKind.SETTING, sentence, order, "date_order")


def _years(group: Group, facts: FixFacts) -> Iterator[Fix]:
    yield _fix(group, facts, FixKind.SETTING, tr("Read all such years as 20xx"), "99", "year_pivot")
    sentence = tr("Read years up to 30 as 20xx and later ones as 19xx")
    yield _fix(group, facts, FixKind.SETTING, sentence, "30", "year_pivot")


def _countries(group: Group, rows: Sequence[StagedRow], facts: FixFacts) -> Iterator[Fix]:
    cells = [row.values[group.column] for row in rows[:20]] if group.column is not None else []
    for country in HOME_COUNTRIES:
        parsed = [parse_mobile(cell, country) for cell in cells]
        good = [one for one in parsed if one is not None and not (isinstance(one, Reading) and one.codes)]
        if cells and len(good) * 5 >= len(cells) * 4:
            sentence = tr("Read numbers without a country code as those of {country}", country=country_name(country))
            yield _fix(group, facts, FixKind.SETTING, sentence, country, "country")


def _meanings(group: Group, rows: Sequence[StagedRow], facts: FixFacts) -> Iterator[Fix]:
    field = facts.field_at(group.field)
    if field is None or group.column is None:
        return
    words = Counter(cell_text(row.values[group.column]).strip() for row in rows)
    for word, _ in words.most_common(_TEXTS):
        close = get_close_matches(word.lower(), field.choices, 1, 0.6)
        for choice in sorted(field.choices, key=lambda one: one not in close):
            sentence = tr("Read “{word}” as {choice}", word=word, choice=choice)
            yield _fix(group, facts, FixKind.MAP_VALUE, sentence, choice, word)


def _clearing(group: Group, facts: FixFacts) -> Iterator[Fix]:
    field = facts.field_at(group.field)
    optional = field is not None and not field.required and field.path not in facts.merge
    alone = field is not None and not any(field.path in members for members in facts.batch_type.exactly_one)
    wrong = group.code not in WARNINGS or group.code in _BETTER_EMPTY
    if optional and alone and wrong and _own_column(group, facts) and not _asks(group.code):
        sentence = tr("Leave {field} out in {rows}", field=_title(group, facts), rows=rows_words(group.count))
        yield _fix(group, facts, FixKind.CLEAR, sentence)


def _asks(code: str) -> bool:
    return code.endswith("-undecided") or code in ("order-conflict", "other-decimal", "other-date-order")


def _leaving(group: Group) -> Iterator[Fix]:
    sentence = tr("Exclude {rows}", rows=rows_words(group.count))
    yield Fix(FixKind.LEAVE_OUT.value, FixKind.LEAVE_OUT, sentence, group.field, group.column)


_OFFERS: dict[str, Offer] = {
    "broken-character": _cleaning,
    "line-break": _cleaning,
    "id-short": _padding,
    "id-point-zero": _point_zero,
    "same-time": _spacing,
    "order-conflict": _conflicts,
    "duplicate-id": _later,
    "same-row": _later,
    "same-customer": _later,
    "not-an-email": _mending(FixKind.EMAIL, lambda field: tr("Repair the writing of {field}", field=field)),
    "not-a-mobile": _mending(FixKind.ONLY_PHONE, lambda field: tr("Take the words off {field}", field=field)),
    "not-a-number": _mending(FixKind.ONLY_NUMBER, lambda field: tr("Take the words off {field}", field=field)),
    "other-decimal": _mending(
        FixKind.OTHER_DECIMAL, lambda field: tr("Write {field} with the column's decimal sign", field=field)
    ),
    "other-date-order": _mending(
        FixKind.OTHER_ORDER, lambda field: tr("Read {field} in the only order that makes a date", field=field)
    ),
    "number-not-date": _mending(
        FixKind.SERIAL, lambda field: tr("Read the numbers in {field} as Excel's dates", field=field)
    ),
    "not-whole": _both(
        _mending(FixKind.ROUND, lambda field: tr("Round {field} to the nearest whole number", field=field), "nearest"),
        _mending(FixKind.ROUND, lambda field: tr("Cut the decimals off {field}", field=field), "down"),
    ),
    "one-of-many": _keeping,
    "decimal-undecided": _decimals,
    "date-order-undecided": _orders,
    "years-undecided": _years,
}
_FROM_ROWS: dict[str, OfferFromRows] = {
    "mobile-no-country": _countries,
    "mobile-needs-country": _countries,
    "not-a-choice": _meanings,
    "not-a-boolean": _yes_or_no,
}
