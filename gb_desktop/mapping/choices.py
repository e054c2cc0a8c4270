"""Closed lists, yes and no, and several texts in one cell."""

from __future__ import annotations

from collections.abc import Mapping

from gb_desktop.catalog import Field
from gb_desktop.mapping.cleaning import cleaned, printable
from gb_desktop.mapping.names import simple
from gb_desktop.mapping.reading import Parsed, Reading, failed
from gb_desktop.mapping.texts import parse_text
from gb_desktop.workbook.model import Value

_YES = frozenset(map(simple, ("true", "yes", "y", "1", "on", "t", "x", "نعم", "صح", "ايوه", "أجل", "✓", "✔")))
_NO = frozenset(map(simple, ("false", "no", "n", "0", "off", "f", "لا", "خطأ", "كلا", "✗", "✘")))


def parse_boolean(value: Value) -> Parsed:
    """A BOOLEAN from TRUE, yes, 1, نعم and the like; None for an empty cell."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float | int):
        return bool(value) if value in (0, 1) else failed("not-a-boolean", f"{value:.15g}")
    if not isinstance(value, str):
        return failed("not-a-boolean", value)
    clean = cleaned(value, one_line=True)
    if isinstance(clean, Reading) and clean.codes:
        return clean
    word = simple(str(clean.value) if isinstance(clean, Reading) else clean)
    if not word:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    return failed("not-a-boolean", printable(value))


def parse_choice(value: Value, words: Mapping[str, str]) -> Parsed:
    """The choice that a cell's word means; `words` is made by `choice_words`."""
    found = parse_text(value)
    text = found.value if isinstance(found, Reading) else found
    if not isinstance(text, str):
        return found
    word = simple(text)
    choice = words.get(word)
    if choice is None:
        return failed("not-a-choice", printable(text))
    return choice if choice == value else Reading(choice, (), "mapped", printable(text))


def choice_words(field: Field, own: Mapping[str, str]) -> dict[str, str]:
    """Every word that means a choice of `field`, simple word -> choice; the user's own win.

    A mapping may come from anywhere: what it says a word means counts only where that is one of the choices.
    """
    words = {simple(word): choice for word, choice in field.choice_words}
    words.update({simple(choice): choice for choice in field.choices})
    allowed = field.choices
    words.update({simple(word): choice for word, choice in own.items() if not allowed or choice in allowed})
    return words


def parse_list(value: Value, separator: str) -> Parsed:
    """Several texts in one cell, split at `separator`, empty ones left out; None when nothing is left."""
    found = parse_text(value)
    text = found.value if isinstance(found, Reading) else found
    if not isinstance(text, str):
        return found
    parts = tuple(part for part in (piece.strip() for piece in text.split(separator)) if part)
    if not parts:
        return None
    if isinstance(found, Reading):
        return Reading(parts, found.codes, found.change, found.shown)
    return parts
