"""Which column feeds which field: suggestions with reasons, and the mapping that is certain enough to start with."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from gb_desktop.catalog import BatchType, Field, Kind
from gb_desktop.catalog.common import AMOUNT_WORDS
from gb_desktop.mapping.content import (
    Test,
    column_samples,
    fits,
    is_date,
    is_email,
    is_international,
    means_one_of,
    share,
)
from gb_desktop.mapping.generate import proposed_prefix
from gb_desktop.mapping.model import Mapping, Match, Source
from gb_desktop.mapping.names import name_key
from gb_desktop.text import tr
from gb_desktop.workbook.model import Column, Value

EXACT, TITLE, WORD, CONTENT, ALIKE = 1.0, 0.98, 0.9, 0.6, 0.5
_OFFERED = 0.82  # likeness from which a header is offered
_NEARLY_ALL = 0.98
_LOOKED_AT = 200  # values of a column; telling a phone number from others is slow
_UNIT = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")

# Words that name the right column in one batch type and a wrong one in another: there they are offered, not taken.
_NOT_CERTAIN = {
    ("redeem", "amount"): {*AMOUNT_WORDS, "discount"} - {"amount", "المبلغ", "مبلغ"},
    ("balance-adjustment", "amount"): {*AMOUNT_WORDS, "balance", "الرصيد"} - {"amount"},
    ("cashback", "amount"): {"price", "value", "sum", "القيمة"},
    ("orders", "totalPaid"): {"price", "value", "sum", "القيمة"},
    ("orders", "orderId"): {"name", "order"},
    ("order-transactions", "orderId"): {"name"},
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    match: Match
    column: Column
    field: Field


def suggest(batch_type: BatchType, columns: Sequence[Column], samples: Sequence[Sequence[Value]]) -> tuple[Match, ...]:
    """Matches for every field, the catalog's order, best first within a field; `sure` ones are safe to take.

    A match with an empty header offers generated values. A column is sure for one field only, and a field has at
    most one sure match. samples are rows as read, one entry a column index.
    """
    candidates = [
        found
        for field in batch_type.fields
        for column in columns
        if (found := _candidate(batch_type, field, column, column_samples(samples, column.index))) is not None
    ]
    candidates += _free(batch_type, columns)
    settled = _either_or(batch_type, _unambiguous(candidates), samples)
    rank = {field.path: number for number, field in enumerate(batch_type.fields)}
    matches = [found.match for found in settled]
    matches += _generated(batch_type, matches)
    return tuple(sorted(matches, key=lambda match: (rank.get(match.path, len(rank)), not match.sure, -match.score)))


def propose(
    batch_type: BatchType,
    columns: Sequence[Column],
    samples: Sequence[Sequence[Value]],
    now: dt.datetime | None = None,
) -> Mapping:
    """The mapping of all sure matches. `now` dates the prefix of generated IDs (default: the present, UTC)."""
    moment = now or dt.datetime.now(dt.UTC)
    sources = {
        match.path: Source.column(match.header)
        if match.header
        else Source.generated(proposed_prefix(batch_type.key, moment))
        for match in suggest(batch_type, columns, samples)
        if match.sure
    }
    return Mapping(batch_type.key, sources)


def suitability(batch_type: BatchType, columns: Sequence[Column], samples: Sequence[Sequence[Value]]) -> float:
    """How well a sheet's columns serve a batch type: required fields that have a sure column, then optional ones."""
    sure = {match.path for match in suggest(batch_type, columns, samples) if match.sure and match.header}
    required = {field.path for field in batch_type.required}
    return len(sure & required) + len(sure - required) / (len(batch_type.fields) + len(sure) + 1)


def _candidate(batch_type: BatchType, field: Field, column: Column, values: list[Value]) -> _Candidate | None:
    header = column.raw or column.header
    named = (_by_name(batch_type, field, column, header), _without_unit(batch_type, field, column, header))
    found = max(filter(None, named), key=lambda match: match.score, default=None)
    found = found or _by_content(field, column, values)
    if found is None:
        return None
    # A column that bears the field's own name is meant, however dirty it is: its cells get their own problems.
    if found.sure and found.score < TITLE and not fits(field, values):
        why = tr("The header fits, but its values don't look like {field}.", field=field.title)
        found = replace(found, sure=False, score=found.score / 2, why=why)
    if found.score <= ALIKE and not fits(field, values):
        return None  # a header that only looks alike, over values that are something else
    return _Candidate(found, column, field)


def _without_unit(batch_type: BatchType, field: Field, column: Column, text: str) -> Match | None:
    """A match of the header without what stands in brackets at its end: `Amount (KWD)`."""
    bare = _UNIT.sub("", text)
    if bare == text:
        return None
    found = _by_name(batch_type, field, column, bare)
    return None if found is None else replace(found, score=min(found.score, WORD) - 0.01)


def _by_name(batch_type: BatchType, field: Field, column: Column, text: str) -> Match | None:
    header = name_key(text)
    if not header:
        return None
    if header in _own_names(batch_type, field):
        return Match(field.path, column.header, True, EXACT, tr("The header is Gameball's own name for it."))
    if header == name_key(field.title):
        return Match(field.path, column.header, True, TITLE, tr("The header is this field's name."))
    words = {name_key(word): word for word in field.synonyms}
    if header in words:
        doubted = {name_key(word) for word in _NOT_CERTAIN.get((batch_type.key, field.path), ())}
        sure = header not in doubted
        why = tr("The header is a usual name for it.") if sure else tr("The header may mean it, or something else.")
        return Match(field.path, column.header, sure, WORD if sure else CONTENT, why)
    if header == "id" and field.path in (batch_type.customer, batch_type.ident):
        return Match(field.path, column.header, False, ALIKE, tr("The header says only that it is an ID."))
    alike = _likeness(header, [name_key(field.title), *words]) if len(header) >= 4 else 0.0
    if alike < _OFFERED:
        return None
    return Match(field.path, column.header, False, ALIKE * alike, tr("The header looks like a usual name for it."))


def _likeness(header: str, words: Sequence[str]) -> float:
    """How alike the header and the likest word are, 0 to 1; below what is offered it is 0."""
    matcher = SequenceMatcher(None, "", header)
    best = 0.0
    for word in words:
        if 2 * min(len(word), len(header)) < _OFFERED * (len(word) + len(header)):
            continue
        matcher.set_seq1(word)
        if matcher.quick_ratio() >= _OFFERED:
            best = max(best, matcher.ratio())
    return best


def _own_names(batch_type: BatchType, field: Field) -> set[str]:
    """The path, and an attribute's last key where no other field is called so (`email` is the customer's own)."""
    family, _, short = field.path.rpartition(".")
    plain = family == "customerAttributes" and batch_type.field(short) is None
    return {name_key(field.path), name_key(short)} if plain else {name_key(field.path)}


def _by_content(field: Field, column: Column, values: list[Value]) -> Match | None:
    """What a column's values offer where its header says nothing; never taken by itself."""
    found = _content_test(field)
    if found is None or not values:
        return None
    test, sentence = found
    part = share(values[:_LOOKED_AT], test)
    if part < _NEARLY_ALL:
        return None
    return Match(field.path, column.header, False, CONTENT, sentence(int(part * 100)))


def _content_test(field: Field) -> tuple[Test, Callable[[int], str]] | None:
    """What speaks for a field in a column's values, and the sentence that says it."""
    if field.extended:
        return None
    if field.kind is Kind.EMAIL:
        return is_email, lambda percent: tr("{percent} % of its values are e-mail addresses.", percent=percent)
    if field.kind is Kind.MOBILE:
        return is_international, lambda percent: tr("{percent} % of its values are phone numbers.", percent=percent)
    if field.kind is Kind.DATETIME and field.required:
        return is_date, lambda percent: tr("{percent} % of its values are dates.", percent=percent)
    if field.choice_words:
        test = means_one_of(field)
        return test, lambda percent: tr(
            "{percent} % of its values are words for {field}.", percent=percent, field=field.title
        )
    return None


def _free(batch_type: BatchType, columns: Sequence[Column]) -> list[_Candidate]:
    """Headers that are literally a free key's path, such as `custom.size`."""
    found = []
    for column in columns:
        path = (column.raw or column.header).strip()
        field = batch_type.field(path)
        if field is None or any(field.path == known.path for known in batch_type.fields):
            continue
        match = Match(field.path, column.header, True, EXACT, tr("The header is the key itself."))
        found.append(_Candidate(match, column, field))
    return found


def _unambiguous(candidates: list[_Candidate]) -> list[_Candidate]:
    """Sure matches kept where one column and one field belong to each other beyond doubt; the others are offered."""
    best_of_field = _best(candidates, lambda found: found.match.path)
    best_of_column = _best(candidates, lambda found: found.match.header)
    kept = []
    for found in candidates:
        one = best_of_field.get(found.match.path) is found and best_of_column.get(found.match.header) is found
        kept.append(found if one or not found.match.sure else _offered(found))
    return kept


def _best(candidates: list[_Candidate], key: Callable[[_Candidate], str]) -> dict[str, _Candidate]:
    """The sure candidate with the highest score for each key; none where two are equally good."""
    groups: dict[str, list[_Candidate]] = {}
    for found in candidates:
        if found.match.sure:
            groups.setdefault(key(found), []).append(found)
    best = {}
    for name, group in groups.items():
        top = max(found.match.score for found in group)
        leaders = [found for found in group if found.match.score == top]
        if len(leaders) == 1:
            best[name] = leaders[0]
    return best


def _offered(found: _Candidate) -> _Candidate:
    why = tr("Another column or field fits as well: choose one.")
    return replace(found, match=replace(found.match, sure=False, why=why))


def _either_or(
    batch_type: BatchType, candidates: list[_Candidate], samples: Sequence[Sequence[Value]]
) -> list[_Candidate]:
    """Of fields that exclude each other, none is taken silently where most sample rows fill two of their columns."""
    for group in batch_type.exactly_one:
        inside = [found for found in candidates if found.match.sure and found.match.path in group]
        filled = [_filled(row, inside) for row in samples]
        if len(inside) > 1 and 2 * sum(count > 1 for count in filled) > sum(count > 0 for count in filled):
            candidates = [_offered(found) if found in inside else found for found in candidates]
    return candidates


def _filled(row: Sequence[Value], found: list[_Candidate]) -> int:
    return sum(bool(column_samples([row], one.column.index)) for one in found)


def _generated(batch_type: BatchType, matches: list[Match]) -> list[Match]:
    """Generated values for required fields without a sure column: IDs by themselves, times only as an offer."""
    found = []
    for field in batch_type.required:
        offered = [match for match in matches if match.path == field.path]
        if not field.generated or any(match.sure for match in offered):
            continue
        if field.kind is Kind.DATETIME:
            why = tr("The time of the check can stand for every row, a millisecond apart.")
        else:
            why = tr("No column holds it: IDs are made from each row's content, the same ones every time.")
        found.append(Match(field.path, "", field.kind is Kind.ID and not offered, ALIKE, why))
    return found
