"""Turns a table pasted from the clipboard into a file that is read like any other."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from gb_desktop.text import tr
from gb_desktop.workbook.model import WorkbookError

_CELL = re.compile(r'"((?:[^"]++|"")*+)"(?=[\t\r\n]|\Z)|[^\t\r\n]*+')
_BREAK = re.compile(r"\t|\r\n?|\n")


def paste(text: str, folder: Path) -> Path:
    """Write what Excel, LibreOffice or a web table put on the clipboard into `folder` as a tab-separated file.

    Spreadsheets put a cell between quotes only when it holds a tab or a line break, and double the quotes inside it;
    any other cell is taken as it is, quotes included. WorkbookError (empty) when there is nothing to paste.
    """
    text = text.strip("\ufeff\x00")
    if not text.strip():
        raise WorkbookError(tr("The clipboard holds no rows: copy cells in Excel first, then paste."), "empty")
    path = _free_path(folder)
    with path.open("x", encoding="utf-8-sig", errors="surrogatepass", newline="") as file:
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(_records(text))
    return path


def _free_path(folder: Path) -> Path:
    path = folder / "Pasted rows.tsv"
    number = 2
    while path.exists():
        path = folder / f"Pasted rows ({number}).tsv"
        number += 1
    return path


def _records(text: str) -> Iterator[list[str]]:
    place = 0
    record: list[str] = []
    while place < len(text):
        cell = _CELL.match(text, place)
        place = cell.end() if cell else place
        record.append(_value(cell) if cell else "")
        separator = _BREAK.match(text, place)
        place = separator.end() if separator else place
        if not separator or separator[0] != "\t":
            yield record
            record = []
        elif place == len(text):
            record.append("")
    if record:
        yield record


def _value(cell: re.Match[str]) -> str:
    inside: str | None = cell[1]
    return inside.replace('""', '"') if inside is not None and _BREAK.search(inside) else cell[0]
