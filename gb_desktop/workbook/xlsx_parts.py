"""The small parts of an xlsx package: its list of sheets, its cell styles, its shared texts."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from gb_desktop.workbook.formats import damaged
from gb_desktop.workbook.model import SheetFacts
from gb_desktop.workbook.number_formats import meanings
from gb_desktop.workbook.package import Package
from gb_desktop.workbook.xml_events import is_true, local, parse

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
_VISIBILITY = {"hidden": "hidden", "veryHidden": "very hidden"}
_MOST_ESTIMATED = 12  # sheets whose beginning is opened for an estimate
_HEAD = 8192
_DIMENSION = re.compile(rb"dimension ref=\"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}(\d{1,7})\"")
_NOT_ROWS = re.compile(r"/(chartsheet|dialogsheet|xlMacrosheet|xlIntlMacrosheet)$")


@dataclass(frozen=True, slots=True)
class Parts:
    """Where things are: sheet name -> part, and the parts beside them ("" where there is none)."""

    sheets: dict[str, str]
    facts: tuple[SheetFacts, ...]
    shared: str
    styles: str
    uncalculated: bool = False  # the workbook asks to be calculated when it is opened: a formula's 0 may be no value


def find_parts(package: Package) -> Parts:
    """Read the list of sheets. WorkbookError when it is missing or broken."""
    targets = relations(package, RELATIONS)
    sheets: dict[str, str] = {}
    facts: list[SheetFacts] = []
    uncalculated = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal uncalculated
        if tag == "calcPr":
            uncalculated = is_true(attributes.get("fullCalcOnLoad", ""))
        if tag != "sheet":
            return
        kind, part = targets.get(local(attributes, "id"), ("", ""))
        name = attributes.get("name", "")
        if part in package and not _NOT_ROWS.search(kind) and name not in sheets:
            sheets[name] = part
            visibility = _VISIBILITY.get(attributes.get("state", ""), "visible")
            rows = declared_rows(package, part) if len(facts) < _MOST_ESTIMATED else None
            facts.append(SheetFacts(name, visibility, rows))

    parse(package.pieces(WORKBOOK), package.name, start)
    by_kind = {kind.rpartition("/")[2]: part for kind, part in targets.values()}
    shared, styles = by_kind.get("sharedStrings", ""), by_kind.get("styles", "")
    shared, styles = (part if part in package else "" for part in (shared, styles))
    return Parts(sheets, tuple(facts), shared, styles, uncalculated)


def declared_rows(package: Package, part: str) -> int | None:
    """The last row that a sheet says it has, None when it says nothing; often wrong, good for a first estimate."""
    start = next(package.pieces(part), b"")[:_HEAD]
    found = _DIMENSION.search(start)
    return int(found[1]) if found else None


def relations(package: Package, relations_part: str) -> dict[str, tuple[str, str]]:
    """Relation ID -> (kind, part). WorkbookError when the part that lists them is missing."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            found[attributes.get("Id", "")] = (attributes.get("Type", ""), part)

    if relations_part not in package:
        raise damaged(package.name)
    parse(package.pieces(relations_part), package.name, start)
    return found


def style_meanings(package: Package, part: str) -> dict[int, str]:
    """Cell style -> number format, for the formats that change what a number means."""
    own: dict[int, str] = {}
    format_ids: list[int] = []
    inside = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside = tag
        elif tag == "numFmt" and inside != "dxfs":
            own[_number(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        elif tag == "xf" and inside == "cellXfs":
            format_ids.append(_number(attributes.get("numFmtId", "")))

    if not part:
        return {}
    parse(package.pieces(part), package.name, start)
    return meanings(format_ids, own)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
