"""Writes the Excel template of a batch type: headers that are matched with certainty, examples, drop-downs, notes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import xlsxwriter

from gb_desktop.text import tr
from gb_desktop.workbook.model import Value
from gb_desktop.workbook.safe_write import DATE, DATETIME, Cells, replacing
from gb_desktop.workbook.source import MOST_ROWS

TemplateKind = Literal["text", "number", "date", "datetime", "choice", "boolean"]
_FORMATS = {"text": "@", "number": "General", "date": DATE, "datetime": DATETIME, "choice": "@", "boolean": "General"}
_LONGEST_LIST = 255  # characters of a drop-down that are kept in the cell itself
_REQUIRED = {"bg_color": "#1F4E78", "font_color": "#FFFFFF"}
_OPTIONAL = {"bg_color": "#DDEBF7"}
_EXAMPLE = {"italic": True, "font_color": "#7F7F7F"}


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of a template. `examples` are two cells as a person would type them, dates as ISO."""

    title: str
    path: str
    note: str
    required: bool = False
    kind: TemplateKind = "text"
    choices: tuple[str, ...] = ()
    examples: tuple[str, str] = ("", "")


def write_template(columns: Sequence[TemplateColumn], path: Path, sheet: str = "Data") -> None:
    """Write the template: the sheet to fill (two example rows), `How to fill`, and the lists behind long drop-downs.

    A header is the field's title, or its path where two fields share a title: both are matched exactly.
    """
    with replacing(path) as temporary:
        workbook = xlsxwriter.Workbook(str(temporary), {"strings_to_formulas": False, "strings_to_urls": False})
        cells = Cells(workbook)
        page = workbook.add_worksheet(sheet[:31])
        page.freeze_panes(1, 0)
        lists = _Lists(workbook, cells)
        for index, (column, header) in enumerate(zip(columns, _headers(columns), strict=True)):
            _write_column(page, cells, index, column, header)
            _limit(page, index, column, lists)
        _write_help(workbook, cells, columns)
        workbook.close()


def _headers(columns: Sequence[TemplateColumn]) -> list[str]:
    titles = Counter(column.title.casefold() for column in columns)
    return [column.title if titles[column.title.casefold()] == 1 else column.path for column in columns]


def _write_column(page: Any, cells: Cells, index: int, column: TemplateColumn, header: str) -> None:
    number_format = _FORMATS[column.kind]
    widest = max(len(header), *(len(example) for example in column.examples))
    page.set_column(index, index, min(max(widest + 3, 12), 40), cells.style(num_format=number_format))
    look = _REQUIRED if column.required else _OPTIONAL
    cells.write(page, 0, index, header, bold=True, border=1, **look)
    page.write_comment(0, index, _note(column), {"width": 300, "height": 110})
    for row, example in enumerate(column.examples, 1):
        value = _typed(example, column.kind)
        look_of_value = _EXAMPLE if isinstance(value, str) else {**_EXAMPLE, "num_format": number_format}
        cells.write(page, row, index, value, **look_of_value)


def _note(column: TemplateColumn) -> str:
    need = tr("Required.") if column.required else tr("Optional: leave it empty where it doesn't apply.")
    lines = [column.note, need, tr("Gameball's name: {path}", path=column.path)]
    if column.choices:
        lines.append(tr("One of: {choices}", choices=", ".join(column.choices)))
    return "\n".join(line for line in lines if line)


def _typed(example: str, kind: TemplateKind) -> Value:
    """The example as the cell a person would make of it; text where it can't be read as the kind."""
    try:
        if kind == "number":
            return float(example)
        if kind == "date":
            return dt.date.fromisoformat(example)
        if kind == "datetime":
            return dt.datetime.fromisoformat(example.replace("Z", "")).replace(tzinfo=None)
    except ValueError:
        return example
    if kind == "boolean" and example.upper() in ("TRUE", "FALSE"):
        return example.upper() == "TRUE"
    return example


class _Lists:
    """Long drop-down lists, each a column of a hidden sheet that is made when the first one is needed."""

    def __init__(self, workbook: Any, cells: Cells) -> None:
        self._workbook = workbook
        self._cells = cells
        self._sheet: Any = None
        self._count = 0

    def source(self, choices: Sequence[str]) -> list[str] | str:
        """What a drop-down is made from: the choices themselves, or where they stand."""
        if len(",".join(choices)) <= _LONGEST_LIST and not any("," in choice for choice in choices):
            return list(choices)
        if self._sheet is None:
            self._sheet = self._workbook.add_worksheet("Lists")
            self._sheet.hide()
        column = self._count
        self._count += 1
        for row, choice in enumerate(choices):
            self._cells.write(self._sheet, row, column, choice)
        last = xlsxwriter.utility.xl_rowcol_to_cell(len(choices) - 1, column, row_abs=True, col_abs=True)
        first = xlsxwriter.utility.xl_rowcol_to_cell(0, column, row_abs=True, col_abs=True)
        return f"=Lists!{first}:{last}"


def _limit(page: Any, index: int, column: TemplateColumn, lists: _Lists) -> None:
    """A drop-down for closed lists. It warns and doesn't forbid: other words can be matched while mapping."""
    choices = ("TRUE", "FALSE") if column.kind == "boolean" else column.choices
    if not choices:
        return
    page.data_validation(
        1,
        index,
        MOST_ROWS - 1,
        index,
        {
            "validate": "list",
            "source": lists.source(choices),
            "error_type": "warning",
            "error_title": column.title[:32],
            "error_message": tr("Gameball takes only the values of the list here."),
        },
    )


def _write_help(workbook: Any, cells: Cells, columns: Sequence[TemplateColumn]) -> None:
    page = workbook.add_worksheet("How to fill")
    page.set_column(0, 2, 24)
    page.set_column(3, 4, 70)
    cells.write(
        page, 0, 0, tr("Write over the two grey example rows, one row per entry, then load this file."), bold=True
    )
    titles = (tr("Column"), tr("Gameball's name"), tr("Needed"), tr("Meaning"), tr("Allowed values"))
    for index, title in enumerate(titles):
        cells.write(page, 2, index, title, bold=True)
    for row, column in enumerate(columns, 3):
        need = tr("Required") if column.required else tr("Optional")
        for index, text in enumerate((column.title, column.path, need, column.note, ", ".join(column.choices))):
            cells.write(page, row, index, text)
