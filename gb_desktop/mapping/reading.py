"""What reading one cell comes to: a clean value, nothing, or a value with something to say about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from gb_desktop.workbook.model import Value

Typed = str | Decimal | int | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell that is more than its clean value.

    `codes` name problems (checking knows their severity and words); with an error among them `value` is None.
    `change` names what was done to the text, "" when nothing: trimmed, invisible, mapped, domain, international.
    `shown` is the cell as a person sees it, for the sentence.
    """

    value: Typed | None = None
    codes: tuple[str, ...] = ()
    change: str = ""
    shown: str = ""

    @property
    def is_nothing(self) -> bool:
        """True of a cell that comes to nothing without a problem: a word that means nothing, say."""
        return self.value is None and not self.codes

    def also(self, code: str) -> Reading:
        """The same reading with one more code."""
        return replace(self, codes=(*self.codes, code))


Parsed = Typed | None | Reading
Parser = Callable[[Value], Parsed]
Decisions = Mapping[tuple[str, str], str]  # (header, "decimal" | "date_order" | "years") -> choice


def is_empty(parsed: Parsed) -> bool:
    """True when a cell comes to nothing and no problem says why."""
    return parsed.is_nothing if isinstance(parsed, Reading) else parsed is None


def failed(code: str, shown: object = "") -> Reading:
    """A cell that can't be read, for the reason `code`."""
    return Reading(None, (code,), "", str(shown))


def noted(parsed: Parsed, code: str, shown: object = "") -> Reading:
    """`parsed` with one more code."""
    if isinstance(parsed, Reading):
        return parsed.also(code)
    return Reading(parsed, (code,), "", str(shown))
