"""Small sheets for tests: columns, rows and a check in one call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from gb_desktop.catalog import batch_type
from gb_desktop.checking.check import CheckOutcome, check
from gb_desktop.checking.model import CheckContext, StagedRow
from gb_desktop.mapping.matching import propose
from gb_desktop.mapping.model import Mapping, Settings, Source
from gb_desktop.workbook.cells import column_letter
from gb_desktop.workbook.model import Column, RowFlag, Value
from tests.checking.memory_store import MemoryStore

NOW = dt.datetime(2026, 3, 15, 12, 0, tzinfo=dt.UTC)
NOW_MS = int(NOW.timestamp() * 1000)
CONTEXT = CheckContext(sheet="Sheet1", now_ms=NOW_MS)
UTC = Settings(timezone="UTC")


def columns(*headers: str) -> list[Column]:
    """Columns A, B, C... with these headers."""
    return [Column(index, column_letter(index), header, header) for index, header in enumerate(headers)]


def staged(rows: Sequence[Sequence[Value]], flag: RowFlag = RowFlag.DATA) -> list[StagedRow]:
    """Rows from sheet row 2 on."""
    return [StagedRow(number, list(values), flag) for number, values in enumerate(rows, 2)]


def mapping_of(key: str, settings: Settings = UTC, **sources: str | Source) -> Mapping:
    """A mapping of fields (dots written as two underscores) to headers or sources."""
    made = {
        path.replace("__", "."): Source.column(source) if isinstance(source, str) else source
        for path, source in sources.items()
    }
    return Mapping(key, made, settings)


@dataclass(frozen=True, slots=True)
class Checked:
    store: MemoryStore
    outcome: CheckOutcome

    def codes(self, row: int) -> set[str]:
        return self.store.codes(row)

    def body(self, row: int) -> str:
        return self.store.items[row].body


def checked(
    key: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[Value]] | Sequence[StagedRow],
    mapping: Mapping | None = None,
    context: CheckContext = CONTEXT,
    settings: Settings = UTC,
) -> Checked:
    """The check of a small sheet; without a mapping the one that is proposed by itself."""
    wanted, sheet = batch_type(key), columns(*headers)
    made = [
        row if isinstance(row, StagedRow) else StagedRow(n, list(row), RowFlag.DATA) for n, row in enumerate(rows, 2)
    ]
    if mapping is None:
        proposed = propose(wanted, sheet, [row.values for row in made[:100]], NOW)
        mapping = Mapping(key, proposed.sources, settings)
    store = MemoryStore(made)
    return Checked(store, check(store, wanted, sheet, mapping, context))
