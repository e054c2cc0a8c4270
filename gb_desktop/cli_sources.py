"""What a `--map` or `--word` option says: a column, columns joined or split, or what a word means."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from gb_desktop.mapping.model import Source, SourceKind
from gb_desktop.runs.model import RunError
from gb_desktop.text import tr
from gb_desktop.workbook.model import Column

_MADE = re.compile(r"\s*(join|before|after|prefix)\s*\((.*)\)\s*", re.DOTALL)
_KINDS = {
    "join": SourceKind.JOINED,
    "before": SourceKind.BEFORE,
    "after": SourceKind.AFTER,
    "prefix": SourceKind.PREFIXED,
}
_FORMS = {
    "join": 'join(" ",COLUMN,COLUMN)',
    "before": 'before("@",COLUMN)',
    "after": 'after("-",COLUMN)',
    "prefix": 'prefix("C-",COLUMN)',
}


def source_of(text: str, columns: Sequence[Column]) -> Source:
    """The source that `text` names: a column, or `join(" ",First name,Last name)` and its like. RunError for neither.

    A column that is called so wins. Texts and headers may stand in double quotes; a quote inside is doubled.
    """
    found = _MADE.fullmatch(text)
    if found is None or column_called(text, columns) is not None:
        return Source.column(known_column(text, columns))
    word, inside = found[1], found[2]
    given, *headers = next(csv.reader([inside], skipinitialspace=True), [""])
    fits = len(headers) > 1 if word == "join" else len(headers) == 1 and (given or word == "prefix")
    if not fits:
        raise RunError(tr("“{text}” must look like {form}.", text=text, form=_FORMS[word]))
    return Source(_KINDS[word], tuple(known_column(header.strip(), columns) for header in headers), given)


def known_column(name: str, columns: Sequence[Column]) -> str:
    """The header of the column called `name`. RunError when there is none, or several."""
    found = column_called(name, columns)
    if found is None:
        names = ", ".join(column.header for column in columns[:30])
        raise RunError(tr("The sheet has no column {header}; it has {names}.", header=name, names=names))
    return found


def column_called(name: str, columns: Sequence[Column]) -> str | None:
    """The header that `name` means, by itself, in another case, as it stands in the sheet, or as a letter."""
    folded = name.casefold().strip()
    for match in (
        [c for c in columns if c.header == name],
        [c for c in columns if c.header.casefold().strip() == folded],
        [c for c in columns if c.raw.casefold().strip() == folded],
        [c for c in columns if c.letter == name.upper()],
    ):
        if len(match) == 1:
            return match[0].header
    return None
