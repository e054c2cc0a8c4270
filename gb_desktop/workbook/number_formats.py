"""Number formats that change what a number means to the person who typed it."""

from __future__ import annotations

import re

_BUILT_IN = {9: "0%", 10: "0.00%"}
_ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # literals, padding, colours and conditions
_PADDING = re.compile(r"0(?:[^;.0]*0)+")
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)


def meaning(number_format: str) -> str:
    """The format itself when it pads with zeros or shows a percentage ("00000", "0.0%"), else ""."""
    bare = _ASIDE.sub("", number_format.split(";", 1)[0])
    if "%" in bare:
        return number_format
    if _DATE_LETTERS.search(bare) or "E" in bare.upper():
        return ""
    whole = bare.partition(".")[0]
    return number_format if _PADDING.match(whole.lstrip("#?, -+(")) else ""


def meanings(format_ids: list[int], own: dict[int, str]) -> dict[int, str]:
    """For cell styles given by their number format's ID: style index -> format, only where it has a meaning."""
    found = {}
    for style, format_id in enumerate(format_ids):
        text = own.get(format_id) or _BUILT_IN.get(format_id, "")
        if text and meaning(text):
            found[style] = text
    return found
