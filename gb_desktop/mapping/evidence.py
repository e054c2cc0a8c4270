"""How a column's texts are to be read: decimal sign, order of day and month, two-digit years. Evidence, no guesses."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from gb_desktop.catalog import Field, Kind
from gb_desktop.mapping.cleaning import cleaned, printable
from gb_desktop.mapping.date_text import take_date_apart
from gb_desktop.mapping.model import Evidence
from gb_desktop.mapping.numbers import take_apart
from gb_desktop.mapping.reading import Reading
from gb_desktop.text import tr, values_words
from gb_desktop.workbook.model import Marked, Value

NUMBERS = frozenset({Kind.NUMBER, Kind.INTEGER})
DATES = frozenset({Kind.DATE, Kind.DATETIME})
_CACHE = 50_000
_SWAPPED_FROM = 3  # texts and dates each, before their days say anything
_TIMED = re.compile(r"(\d\d?([-/.])\d\d?\2\d{4}) (?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?", re.ASCII)
_POINT = re.compile(r"\d+([.,])(?:\d\d?|\d{4,})", re.ASCII)  # three digits behind it could be a thousand


class Tally:
    """Counts, for one column, the readings that its texts allow."""

    def __init__(self, header: str, field: Field) -> None:
        self.header = header
        self._numbers = field.kind in NUMBERS
        self._allowed: Counter[frozenset[str]] = Counter()
        self._short_years = 0
        self._cells = 0  # real dates
        self._latest_day = 0  # of the month, among them
        self._samples: dict[frozenset[str], list[str]] = {}
        self._short_samples: list[str] = []
        self._seen: dict[str, tuple[frozenset[str], bool] | None] = {}

    def add(self, value: Value) -> None:
        """Take one cell into account; only texts say anything."""
        if isinstance(value, Marked):
            value = value.value
        if not isinstance(value, str):
            if isinstance(value, dt.date):
                self._cells += 1
                self._latest_day = max(self._latest_day, value.day)
            return
        timed = None if self._numbers else _TIMED.fullmatch(value)
        key = timed[1] if timed else value  # a plain time beside a date says nothing of its order
        if key not in self._seen:
            if len(self._seen) >= _CACHE:
                self._seen.clear()
            self._seen[key] = self._look(key)
        found = self._seen[key]
        if found is not None:
            self._count(value, *found)

    def _look(self, text: str) -> tuple[frozenset[str], bool] | None:
        """(possible readings, has a two-digit year), or None for a text that depends on nothing."""
        clean = cleaned(text, one_line=True)
        bare = clean.value if isinstance(clean, Reading) else clean
        if not isinstance(bare, str) or not bare:
            return None
        if self._numbers:
            if plain := _POINT.fullmatch(bare):
                return (frozenset(plain[1]), False)
            number = take_apart(bare)
            return (number.readable(), False) if number and number.decides and number.readable() else None
        date = take_date_apart(bare)
        if date is None or not date.orders() or not (date.decides or date.short_year):
            return None
        return (date.orders() if date.decides else frozenset(), date.short_year)

    def _count(self, text: str, allowed: frozenset[str], short_year: bool) -> None:
        if allowed:
            self._allowed[allowed] += 1
            samples = self._samples.setdefault(allowed, [])
            if len(samples) < 3 and text not in samples:
                samples.append(text)
        if short_year:
            self._short_years += 1
            if len(self._short_samples) < 3:
                self._short_samples.append(text)

    def evidence(self) -> list[Evidence]:
        """What the column's texts say; nothing where they depend on nothing."""
        found = []
        if self._allowed:
            found.append(self._decimal() if self._numbers else self._order())
        if self._short_years:
            one = tr("1 value has a year of two digits.")
            many = tr("{count} values have a year of two digits.", count=self._short_years)
            sentence = one if self._short_years == 1 else many
            found.append(Evidence(self.header, "years", "", sentence, tuple(map(printable, self._short_samples))))
        return found

    @property
    def swapped(self) -> bool:
        """True when day and month of the real dates were likely swapped on opening.

        Excel with another order of dates turns 01/02 into 2 January and leaves 13/02 a text: then every text has a
        day over 12, and no real date has one.
        """
        settled = [len(allowed) == 1 for allowed in self._allowed]
        enough = self._allowed.total() >= _SWAPPED_FROM and self._cells >= _SWAPPED_FROM
        return not self._numbers and enough and all(settled) and self._latest_day <= 12

    def _choice(self) -> str:
        left = frozenset.intersection(*self._allowed)
        return next(iter(left)) if len(left) == 1 else ""

    def _only(self, choice: str) -> int:
        return self._allowed[frozenset({choice})]

    def _shown(self, choice: str) -> tuple[str, ...]:
        """Samples that settle it first, then others."""
        ordered = sorted(self._samples, key=lambda allowed: (choice not in allowed, len(allowed)))
        return tuple(printable(text) for allowed in ordered for text in self._samples[allowed])[:3]

    def _decimal(self) -> Evidence:
        choice, values = self._choice(), values_words(self._allowed.total())
        points, commas = self._only("."), self._only(",")
        if choice:
            count = points if choice == "." else commas
            sentence = (
                tr("{count} of {values} can only have a decimal point.", count=count, values=values)
                if choice == "."
                else tr("{count} of {values} can only have a decimal comma.", count=count, values=values)
            )
        elif points and commas:
            sentence = tr(
                "{points} can only have a decimal point and {commas} only a decimal comma.",
                points=values_words(points),
                commas=commas,
            )
        else:
            sentence = tr("None of {values} says whether a point or a comma is the decimal sign.", values=values)
        return Evidence(self.header, "decimal", choice, sentence, self._shown(choice))

    def _order(self) -> Evidence:
        choice, values = self._choice(), values_words(self._allowed.total())
        counts = {order: self._only(order) for order in ("dmy", "mdy", "ymd")}
        settled = sum(count for allowed, count in self._allowed.items() if len(allowed) < 2)
        if choice == "dmy":
            sentence = tr("{count} of {values} can only be day/month.", count=settled, values=values)
        elif choice == "mdy":
            sentence = tr("{count} of {values} can only be month/day.", count=settled, values=values)
        elif choice == "ymd":
            sentence = tr("{count} of {values} can only be year/month/day.", count=settled, values=values)
        elif settled:
            sentence = tr(
                "{days} can only be day/month and {months} only month/day.",
                days=values_words(counts["dmy"]),
                months=counts["mdy"],
            )
        else:
            sentence = tr("None of {values} says whether the day or the month comes first.", values=values)
        return Evidence(self.header, "date_order", choice, sentence, self._shown(choice))


def decisions(found: list[Evidence] | tuple[Evidence, ...]) -> dict[tuple[str, str], str]:
    """What evidence has settled, for the parsers."""
    return {(one.header, one.what): one.choice for one in found if one.choice}
