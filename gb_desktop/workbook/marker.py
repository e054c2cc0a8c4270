"""The hidden markers by which workbooks of ours are recognised when they are opened again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import xlsxwriter

from gb_desktop.workbook.model import Column
from gb_desktop.workbook.package import FAULTS

PROPERTY = "GB Desktop run"
COPY = "GB Desktop copy"
SOME_RUN = "-"  # of results whose mark was lost, because they were saved in a format that keeps none
OUTCOME_COLUMNS = ("Outcome", "Message", "Evidence", "Job")
_PARTS = ("docProps/custom.xml", "meta.xml")  # of Excel's formats and of OpenDocument
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class RunMark:
    """The run whose results a workbook holds."""

    run: str


def set_mark(workbook: xlsxwriter.Workbook, run: str) -> None:
    """Mark a workbook that is being written."""
    workbook.set_custom_property(PROPERTY, run, "text")


def mark_copy(workbook: xlsxwriter.Workbook) -> None:
    """Mark a workbook that is being written as an annotated copy of a sheet."""
    workbook.set_custom_property(COPY, "1", "text")


def recognise(source: Path | io.BytesIO) -> RunMark | None:
    """The mark of a workbook, None when it has none or is no workbook at all."""
    run = (_properties(source) or {}).get(PROPERTY, "").strip()
    return RunMark(run) if run else None


def is_copy(source: Path) -> bool:
    """Whether a workbook is an annotated copy of ours, whatever was changed in it since."""
    return bool((_properties(source) or {}).get(COPY, "").strip())


def _properties(source: Path | io.BytesIO) -> dict[str, str] | None:
    try:
        with zipfile.ZipFile(source) as package:
            part = next((part for part in _PARTS if part in package.namelist()), "")
            if not part or package.getinfo(part).file_size > _LARGEST:
                return None
            return _found(package.read(part))
    except (*FAULTS, expat.ExpatError):
        return None


def outcome_column(columns: Sequence[Column]) -> int | None:
    """The place of the first of our columns, which stand side by side behind the user's own; None without them."""
    titles = [column.raw.strip() for column in columns]
    width = len(OUTCOME_COLUMNS)
    for place in range(len(titles) - width, 0, -1):
        if tuple(titles[place : place + width]) == OUTCOME_COLUMNS:
            return place
    return None


def _found(part: bytes) -> dict[str, str]:
    values: dict[str, str] = {}
    name = ""

    def start(_: str, attributes: dict[str, str]) -> None:
        nonlocal name
        name = attributes.get("name") or attributes.get("meta:name", name)

    def end(tag: str) -> None:
        nonlocal name
        if tag.rpartition(":")[2] in ("property", "user-defined"):
            name = ""

    def text(data: str) -> None:
        values[name] = values.get(name, "") + data

    def refuse(*_: object) -> None:
        raise ValueError("a document type in a document's properties")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(part, True)
    return values
