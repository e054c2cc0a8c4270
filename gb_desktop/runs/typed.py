"""What a person types into a cell, as the value that a spreadsheet would make of it."""

from __future__ import annotations

import re

from gb_desktop.catalog import Kind
from gb_desktop.mapping.model import Evidence, SourceKind
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.wire import from_wire
from gb_desktop.workbook.model import Value

PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
EITHER_WAY = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}")  # 1.500 may be fifteen hundred
MOST_DIGITS = 15
NUMBERS = frozenset({Kind.NUMBER, Kind.INTEGER})


def typed_value(drafted: Drafted, column: int, text: str) -> Value:
    """None for nothing, a number for plain digits in a column that feeds numbers only, else the text itself."""
    if not text:
        return None
    return float(text) if is_number(text) and holds_numbers(drafted, column) else text


def is_number(text: str) -> bool:
    """Whether a text is a number in every reading, short enough for Excel to keep it whole."""
    plain = PLAIN.fullmatch(text) and not EITHER_WAY.fullmatch(text)
    return bool(plain) and sum(letter.isdigit() for letter in text) <= MOST_DIGITS


def holds_numbers(drafted: Drafted, column: int) -> bool:
    """Whether the column feeds number fields and nothing else, and a point is its decimal sign if it has one."""
    header = next((one.header for one in drafted.columns if one.index == column), None)
    mapping = drafted.mapping()
    fed = [(path, source) for path, source in mapping.sources.items() if header in source.columns]
    fields = [drafted.type.field(path) for path, source in fed if source.kind is SourceKind.COLUMN]
    if not fed or len(fields) != len(fed) or any(field is None or field.kind not in NUMBERS for field in fields):
        return False
    kept: tuple[Evidence, ...] = from_wire(tuple[Evidence, ...], drafted.store.meta.get("evidence") or [])
    found = {one.choice for one in kept if one.header == header and one.what == "decimal"}
    return "," not in {*found, mapping.settings_for(header or "").decimal}
