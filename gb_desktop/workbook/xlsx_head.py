"""The start of a large sheet as a small workbook of its own, so that a first look costs the same at any size.

The sheet's XML is cut after some rows, and of the shared texts only those that these rows use are taken along.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping

from gb_desktop.workbook.package import Package
from gb_desktop.workbook.xlsx_parts import RELATIONS, WORKBOOK, Parts

_ENOUGH = 2 << 20  # bytes of XML: sheets up to this size are looked at whole
_AT_MOST = 16 << 20  # a cut ends here however few rows it has
_ROW = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?row[ >/]")
_SHEET_DATA = re.compile(rb"<((?:[A-Za-z0-9_.-]+:)?)sheetData[ >]")
_SHARED_CELL = re.compile(
    rb"(<(?:[A-Za-z0-9_.-]+:)?c [^<>]*t=\"s\"[^<>]*>\s*<(?:[A-Za-z0-9_.-]+:)?v>\s*)(\d+)(?=\s*</)"
)
_UNKNOWN_ERROR = re.compile(
    rb"(<(?:[A-Za-z0-9_.-]+:)?c [^<>]*t=\"e\"[^<>]*>"
    rb"(?:<(?:[A-Za-z0-9_.-]+:)?f(?:[^<>]*/>|[^<>]*>[^<]*</[^<>]*>))?<(?:[A-Za-z0-9_.-]+:)?v>)"
    rb"(?!#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)<)[^<]*(?=</)"
)
_ALWAYS = ("[Content_Types].xml", "_rels/.rels", WORKBOOK, RELATIONS)
_ROOT = re.compile(rb"<((?:[A-Za-z0-9_.-]+:)?)sst(?: [^<>]*)?(?<!/)>")


def first_rows(package: Package, part: str, rows: int) -> tuple[bytes, bool]:
    """The sheet's XML up to about its first `rows` rows, and whether that is all of it."""
    taken = b""
    for piece in package.pieces(part):
        taken += piece
        if len(taken) < _ENOUGH:
            continue
        cut = _cut(taken, rows)
        if cut is not None:
            return cut, False
        if len(taken) >= _AT_MOST:
            break
    else:
        return taken, True
    return _cut(taken, 0) or taken, False


def _cut(taken: bytes, rows: int) -> bytes | None:
    """The XML closed before row `rows` + 1, or before its last row for 0; None when there aren't that many."""
    opened = _SHEET_DATA.search(taken)
    if not opened:
        return None
    place = None
    for count, match in enumerate(_ROW.finditer(taken, opened.end())):
        place = match.start() if not rows or count == rows else None
        if place is not None and rows:
            break
    if place is None:
        return None
    return taken[:place] + b"</%bsheetData></%bworksheet>" % (opened[1], opened[1])


def small_workbook(package: Package, parts: Parts, part: str, sheet_xml: bytes) -> io.BytesIO:
    """A workbook with that one sheet, its styles and the shared texts that it uses."""
    sheet_xml, wanted = _renumbered(with_known_errors(sheet_xml))
    kept = kept_parts(package, parts)
    if parts.shared:
        kept[parts.shared] = _texts(package, parts.shared, wanted)
    return zipped(kept, part, sheet_xml)


def with_known_errors(sheet_xml: bytes) -> bytes:
    """The XML with #N/A for errors that the library refuses: `#GETTING_DATA`, and those younger than it."""
    return _UNKNOWN_ERROR.sub(rb"\1#N/A", sheet_xml) if b't="e"' in sheet_xml else sheet_xml


def kept_parts(package: Package, parts: Parts, others: Iterable[str] = ()) -> dict[str, bytes]:
    """The parts that every small workbook needs beside its sheet, and others of the package."""
    return {kept: package.read(kept) for kept in (*_ALWAYS, parts.styles, *others) if kept in package}


def zipped(kept: Mapping[str, bytes], part: str, sheet_xml: bytes) -> io.BytesIO:
    """A workbook in memory, of parts and one sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as small:
        for name, content in kept.items():
            small.writestr(name, content)
        small.writestr(part, sheet_xml)
    file.seek(0)
    return file


def _renumbered(sheet_xml: bytes) -> tuple[bytes, list[int]]:
    """The XML with its shared texts numbered anew, and the old numbers in the new order."""
    new: dict[int, int] = {}

    def renumber(match: re.Match[bytes]) -> bytes:
        return match[1] + str(new.setdefault(int(match[2]), len(new))).encode()

    return _SHARED_CELL.sub(renumber, sheet_xml), list(new)


def _texts(package: Package, part: str, wanted: list[int]) -> bytes:
    """A shared texts part with the wanted texts alone; the part is read no further than the last of them."""
    pieces = package.pieces(part)
    head = next(pieces, b"")
    root = _ROOT.search(head)
    if not root:
        return head + b"".join(pieces)  # in an encoding of its own: taken whole
    prefix = root[1]
    found = _wanted_texts(itertools.chain([head[root.end() :]], pieces), prefix, wanted)
    texts = b"".join(found.get(index, b"<%bsi/>" % prefix) for index in wanted)
    return head[: root.end()] + texts + b"</%bsst>" % prefix


def _wanted_texts(pieces: Iterable[bytes], prefix: bytes, wanted: list[int]) -> dict[int, bytes]:
    """The wanted `<si>` elements by their number. Pieces without one are only counted."""
    closing, empty = b"</%bsi>" % prefix, b"<%bsi/>" % prefix
    end = re.compile(re.escape(closing) + b"|" + re.escape(empty))
    missing = sorted(wanted, reverse=True)
    found: dict[int, bytes] = {}
    kept = b""
    index = 0
    for piece in pieces:
        kept += piece
        cut = kept.rfind(closing) + len(closing)
        if cut < len(closing):
            continue
        chunk, kept = kept[:cut], kept[cut:]
        following = index + chunk.count(closing) + chunk.count(empty)
        if missing and missing[-1] < following:
            for number, text in enumerate(_cut_after(chunk, end), index):
                if missing and missing[-1] == number:
                    found[missing.pop()] = text
        if not missing:
            break
        index = following
    return found


def _cut_after(chunk: bytes, end: re.Pattern[bytes]) -> Iterator[bytes]:
    start = 0
    for match in end.finditer(chunk):
        yield chunk[start : match.end()]
        start = match.end()
