"""What is told about columns that the sheet calls by one name: the app tells them apart by a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gb_desktop.catalog import BatchType
from gb_desktop.mapping.model import Mapping
from gb_desktop.text import isolated, tr
from gb_desktop.workbook.headers import as_shown
from gb_desktop.workbook.model import Column

MOST_NAMES, MOST_COLUMNS = 5, 4  # that sentences name


def repeated_words(columns: Sequence[Column], mapping: Mapping, kind: BatchType) -> tuple[str, ...]:
    """For each name that several columns have: which they are, what they are called here, and what uses them."""
    groups = [group for group in _groups(columns) if len(group) > 1]
    told = [f"{_which(group)} {_used(group, mapping, kind)}" for group in groups[:MOST_NAMES]]
    more = len(groups) - len(told)
    if more == 1:
        told.append(tr("1 more name stands on several columns."))
    elif more:
        told.append(tr("{count} more names stand on several columns.", count=more))
    return tuple(told)


def _groups(columns: Sequence[Column]) -> Iterable[list[Column]]:
    found: dict[str, list[Column]] = {}
    for column in columns:
        name = as_shown([column.raw])[0].casefold()
        if name:
            found.setdefault(name, []).append(column)
    return found.values()


def _which(group: list[Column]) -> str:
    name, letters = isolated(group[0].header), _listed([column.letter for column in group])
    called = [
        tr("{letter} is called {name}", letter=column.letter, name=isolated(column.header))
        for column in group[1:MOST_COLUMNS]
    ]
    if len(group) == 2:
        return tr(
            "Two columns are called {name}: {letters}. Here {called}.", name=name, letters=letters, called=called[0]
        )
    return tr(
        "{count} columns are called {name}: {letters}. Here {called}.",
        count=len(group),
        name=name,
        letters=letters,
        called=", ".join(called),
    )


def _listed(letters: list[str]) -> str:
    """`B and F`, `B, F and H`, `B, F, H, J and 3 more`."""
    if len(letters) > MOST_COLUMNS:
        first, more = ", ".join(letters[:MOST_COLUMNS]), len(letters) - MOST_COLUMNS
        return tr("{letters} and {count} more", letters=first, count=more)
    return tr("{letters} and {last}", letters=", ".join(letters[:-1]), last=letters[-1])


def _used(group: list[Column], mapping: Mapping, kind: BatchType) -> str:
    """Which field takes its values from which of them."""
    letters = {column.header: column.letter for column in group}
    uses = []
    for path, source in mapping.sources.items():
        field = kind.field(path)
        for header in source.columns:
            if field is not None and header in letters:
                uses.append(tr("{field} uses {letter}.", field=isolated(field.title), letter=letters[header]))
    if uses:
        return " ".join(uses)
    return tr("No field uses either of them.") if len(group) == 2 else tr("No field uses any of them.")
