"""What a bulk fix is."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from enum import StrEnum

from gb_desktop.catalog import BatchType
from gb_desktop.catalog import Field as CatalogField
from gb_desktop.checking.row import RowChecker
from gb_desktop.mapping.model import Mapping, SourceKind


class FixKind(StrEnum):
    """What a fix does. The first kinds change cells one by one, the next ones cells of a set of rows together."""

    CLEAN = "clean"  # broken characters and line breaks out
    PAD = "pad"  # zeros before an ID, to `text` digits
    DROP_POINT_ZERO = "drop-point-zero"
    CLEAR = "clear"  # leave an optional value out
    EMAIL = "repair-email"  # spaces, doubled signs, commas for dots
    ONLY_NUMBER = "only-number"  # words around a number off
    ONLY_PHONE = "only-phone"  # words around a telephone number off
    OTHER_DECIMAL = "other-decimal"  # written with the column's decimal sign
    OTHER_ORDER = "other-order"  # a date that only another order allows, with its year first
    SERIAL = "serial"  # a number that Excel would show as a date
    ROUND = "round"  # to whole numbers, by `text`
    KEEP = "keep"  # of fields that exclude each other the one at `setting`; the others are cleared
    SPACE_TIMES = "space-times"  # equal times a millisecond apart, backwards
    SUM = "sum"  # every row of an order gets the sum of the rows
    FIRST = "first"  # every row of an order gets its first row's value
    LEAVE_OUT = "leave-out"  # rows, not cells
    LEAVE_LATER_OUT = "leave-later-out"  # all but the first of each set of rows alike
    SETTING = "setting"  # a setting of the column: `setting` = `text`
    MAP_VALUE = "map-value"  # the cell text `setting` means the choice `text`


SETS = frozenset({FixKind.SPACE_TIMES, FixKind.SUM, FixKind.FIRST, FixKind.LEAVE_LATER_OUT})
ROWS = frozenset({FixKind.LEAVE_OUT, FixKind.LEAVE_LATER_OUT})
MAPPINGS = frozenset({FixKind.SETTING, FixKind.MAP_VALUE})


@dataclass(frozen=True, slots=True)
class Group:
    """Problems with one cause, as the check groups them. `count` is rows."""

    code: str
    field: str
    column: int | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class FixFacts:
    """What fixes need to know of the check: `checker` is `row_checker(...)` with its evidence, `widths` its widths."""

    checker: RowChecker
    mapping: Mapping
    merge: frozenset[str] = frozenset()
    widths: ReadOnly[str, int] = field(default_factory=dict)

    @property
    def batch_type(self) -> BatchType:
        return self.checker.plan.batch_type

    def field_at(self, path: str) -> CatalogField | None:
        """The catalog's field at `path`."""
        return self.batch_type.field(path) if path else None

    def header(self, path: str) -> str:
        """The one column that feeds a field unchanged, "" where there is none."""
        source = self.mapping.sources.get(path)
        return source.columns[0] if source is not None and source.kind is SourceKind.COLUMN else ""

    def exclusive(self, path: str) -> tuple[int | None, tuple[int, ...]]:
        """Of the group of fields that exclude each other: the column of the one at `path`, and those of the others.

        Only columns that feed their field as they are count.
        """
        columns = {
            one.field.path: one.column
            for one in self.checker.plan.read
            if one.source.kind is SourceKind.COLUMN and one.column is not None
        }
        group = next((members for members in self.batch_type.exactly_one if path in members), ())
        others = {columns[member] for member in group if member != path and member in columns}
        return columns.get(path), tuple(sorted(others - {columns.get(path)}))


@dataclass(frozen=True, slots=True)
class Fix:
    """One fix that could be made. `key` tells it from the group's others.

    Of the rows looked at, `before` have the problem and `after` would keep it. samples are pairs of cell
    texts, before and after.
    """

    key: str
    kind: FixKind
    sentence: str
    path: str
    column: int | None = None
    header: str = ""
    setting: str = ""
    text: str = ""
    before: int = 0
    after: int = 0
    samples: tuple[tuple[str, str], ...] = ()
