"""The one place that talks to python-calamine: values of a sheet, its failures as sentences."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import python_calamine

from gb_desktop.text import tr
from gb_desktop.workbook.formats import damaged
from gb_desktop.workbook.model import Plain, SheetFacts, WorkbookError
from gb_desktop.workbook.source import Signs, Table

_VISIBILITY = (
    (python_calamine.SheetVisibleEnum.Hidden, "hidden"),
    (python_calamine.SheetVisibleEnum.VeryHidden, "very hidden"),
)


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turns every failure of the library into one sentence about the file `name`."""
    try:
        yield
    except python_calamine.PasswordError as error:
        sentence = tr("{name} is locked with a password: remove the password where it was made.", name=name)
        raise WorkbookError(sentence, "protected") from error
    except (python_calamine.CalamineError, OSError, ValueError, TypeError, OverflowError) as error:
        raise damaged(name) from error
    except BaseException as error:
        # A panic of the Rust code comes as a BaseException of its own; an interrupt must go through.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(name) from error


def open_workbook(source: Path | io.BytesIO, name: str, found: str) -> python_calamine.CalamineWorkbook:
    """The workbook at a path or in memory. `found` is its format: the library believes a path's ending."""
    with translated(name):
        if isinstance(source, Path) and source.suffix.lower() != f".{found}":
            source = io.BytesIO(source.read_bytes())
        if isinstance(source, io.BytesIO):
            source.seek(0)
        return python_calamine.load_workbook(source)


def sheet_facts(workbook: python_calamine.CalamineWorkbook) -> tuple[SheetFacts, ...]:
    """The worksheets in order; chart and macro sheets hold no rows and are left out."""
    return tuple(
        SheetFacts(facts.name, next((word for kind, word in _VISIBILITY if facts.visible == kind), "visible"))
        for facts in workbook.sheets_metadata
        if facts.typ == python_calamine.SheetTypeEnum.WorkSheet
    )


def sheet_of(workbook: python_calamine.CalamineWorkbook, sheet: str, name: str) -> python_calamine.CalamineSheet:
    """The sheet, parsed; the interpreter is let go meanwhile."""
    with translated(name):
        return workbook.get_sheet_by_name(sheet)


def read_sheet(source: Path | io.BytesIO, name: str, found: str, sheet: str) -> python_calamine.CalamineSheet:
    """A sheet of the workbook at a path or in memory, as `open_workbook` and `sheet_of` give it."""
    return sheet_of(open_workbook(source, name, found), sheet, name)


def values_of(values: python_calamine.CalamineSheet, name: str, signs: Signs) -> Table:
    """The sheet's values; rows are made one by one while they are asked for."""
    sheet, start, end = values.name, values.start, values.end
    before = [""] * start[1] if start else []  # the library's rows start at row 1, but at the first used column

    def rows() -> Iterator[Sequence[Plain]]:
        with translated(name):
            if before:
                yield from (before + row for row in values.iter_rows())
            else:
                yield from values.iter_rows()

    if end is None:
        return Table(sheet, 0, lambda: iter(()), signs, 0)
    return Table(sheet, end[1] + 1, rows, signs, end[0] + 1)
