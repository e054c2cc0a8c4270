"""Words of a column that mean one of a few values: which values there are, and what each word means now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from gb_desktop.catalog import Field, Kind
from gb_desktop.mapping.choices import choice_words, parse_boolean
from gb_desktop.mapping.cleaning import cleaned
from gb_desktop.mapping.names import simple
from gb_desktop.mapping.reading import Reading
from gb_desktop.mapping.texts import shown_text
from gb_desktop.text import tr
from gb_desktop.workbook.model import Mark, Marked, Value

YES, NO = "TRUE", "FALSE"
MOST = 5_000  # different words that are counted; a column of more holds no words of a list


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """The different words that feed one field, the most frequent first, with how many rows hold each.

    `more` rows hold words beyond those that are counted; `empty` rows hold none.
    """

    words: tuple[tuple[str, int], ...] = ()
    more: int = 0
    empty: int = 0


def takes_words(field: Field) -> bool:
    """True for a field of few values: a closed list, yes or no, or a text with usual words (gender)."""
    return field.kind in (Kind.CHOICE, Kind.BOOLEAN) or bool(field.choice_words)


def is_closed(field: Field) -> bool:
    """True when a word that means none of the values can't be sent."""
    return field.kind in (Kind.CHOICE, Kind.BOOLEAN)


def allowed_words(field: Field) -> tuple[tuple[str, str], ...]:
    """The values that a word may mean: (as shown, as a mapping holds it)."""
    if field.kind is Kind.BOOLEAN:
        return ((tr("Yes"), YES), (tr("No"), NO))
    values = field.choices or tuple(dict.fromkeys(choice for _, choice in field.choice_words))
    return tuple((value, value) for value in values)


def value_of(field: Field, text: str) -> str | None:
    """The value that a person names, in any case; None when it is none of the allowed ones."""
    names = {simple(word): value for shown, value in allowed_words(field) for word in (shown, value)}
    return names.get(simple(text))


def meaning(field: Field, own: Mapping[str, str], word: str) -> str | None:
    """The allowed value that a word means now, by the user's own words first; None when it means none."""
    values = {value for _, value in allowed_words(field)}
    if field.kind is Kind.BOOLEAN:
        parsed = parse_boolean({simple(text): value for text, value in own.items()}.get(simple(word), word))
        return None if not isinstance(parsed, bool) else YES if parsed else NO
    found = choice_words(field, own).get(simple(word))
    return found if found in values else None


class WordCount:
    """Counts the words of one column. Cells that can't be used (an Excel error) count as empty."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._more = self._empty = 0

    def add(self, value: Value) -> None:
        """Take one cell into account."""
        word = _word(value)
        if not word:
            self._empty += 1
        elif word in self._counts or len(self._counts) < MOST:
            self._counts[word] += 1
        else:
            self._more += 1

    def found(self) -> ColumnWords:
        """What was counted; a word in another case is the same word, under its most frequent writing."""
        together: Counter[str] = Counter()
        first: dict[str, str] = {}
        for word, count in self._counts.most_common():
            together[first.setdefault(simple(word), word)] += count
        return ColumnWords(tuple(together.most_common()), self._more, self._empty)


def _word(value: Value) -> str:
    if isinstance(value, Marked):
        if value.mark in (Mark.ERROR, Mark.UNCACHED):
            return ""
        value = value.value
    clean = cleaned(shown_text(value), one_line=False)
    return str(clean.value or "") if isinstance(clean, Reading) else clean
