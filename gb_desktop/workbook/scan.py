"""Scans a sheet's XML for what its values don't say, in pieces, with no object per ordinary cell.

One pattern describes the ordinary cell: in a known column, of a style without a meaning, no error, no formula without
a value. Only cells that it does not match are looked at one by one. Whatever the patterns weren't made for (cells
without addresses, comments, odd quotes, other encodings) is left to `scan_slowly`, which parses every element.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gb_desktop.workbook.model import Mark
from gb_desktop.workbook.scan_slowly import scan_slowly
from gb_desktop.workbook.sheet_signs import Extent, add_merged, column_number, too_large
from gb_desktop.workbook.source import MOST_COLUMNS, MOST_ROWS, Signs
from gb_desktop.workbook.xml_events import doctype

MOST_CELLS = 80_000_000  # of the bounding box: calamine holds 32 bytes a cell of it
_LONGEST_HEAD = 64 << 20
_LONGEST_ROW = 64 << 20
_STEP = 256  # columns past which the pattern grows by more than one at a time

Pieces = Callable[[], Iterator[bytes]]


class Reader(Protocol):
    """Reads the rows of a sheet while they are scanned."""

    def begin(self, head: bytes, prefix: bytes) -> None:
        """What stands before the rows, and the prefix of the part's elements."""

    def take(self, rows: bytes) -> None:
        """The next whole rows, which are sound so far and reach no further than can be held."""

    def give_up(self) -> None:
        """Nothing that was taken holds."""


def scan_sheet(
    pieces: Pieces,
    meanings: Mapping[int, str],
    name: str,
    sheet: str,
    reader: Reader | None = None,
    *,
    zero_is_no_value: bool = False,
) -> tuple[Signs, Extent]:
    """The signs of a worksheet part and how far its cells reach. `meanings`: cell style -> number format that matters.

    reader: is given the rows on the way. zero_is_no_value: a formula that says 0 was never calculated. WorkbookError
    when the part isn't sound, or when its cells span more than any reader can hold.
    """
    try:
        signs, extent = _scan_quickly(pieces(), meanings, name, reader, zero_is_no_value)
    except (_OddError, ValueError):
        if reader:
            reader.give_up()
        signs, extent = scan_slowly(pieces(), meanings, name, zero_is_no_value)
    if extent.cells > MOST_CELLS or extent.outside:  # the quick scan counts styled blank cells too
        if reader:
            reader.give_up()
        signs, extent = scan_slowly(pieces(), meanings, name, zero_is_no_value)
    if extent.cells > MOST_CELLS or extent.outside:
        raise too_large(name, sheet, extent)
    return signs, extent


class _OddError(Exception):
    """The quick scan met something that it wasn't made for."""


def _scan_quickly(
    pieces: Iterator[bytes], meanings: Mapping[int, str], name: str, reader: Reader | None, zero_is_no_value: bool
) -> tuple[Signs, Extent]:
    head, rest = _head(pieces, name)
    prefix = _prefix(head)
    scan = _Quick(prefix, meanings, reader, zero_is_no_value)
    if reader:
        reader.begin(head, prefix)
    scan.hide_columns(head)
    kept = rest
    row = b"<" + prefix + b"row "
    end = b"</" + prefix + b"sheetData>"
    for piece in itertools.chain(pieces, [b""]):
        kept += piece
        cut = max(kept.rfind(row), 0)
        scan.rows(kept[:cut])
        kept = kept[cut:]
        closed = kept.find(end)  # it can only follow the last row
        if closed >= 0:
            scan.rows(kept[:closed])
            _tail(kept[closed:], pieces, prefix, scan.signs)
            if scan.unsure:
                break
            return scan.signs, scan.extent
        if len(kept) > _LONGEST_ROW:
            break
    raise _OddError


def _head(pieces: Iterator[bytes], name: str) -> tuple[bytes, bytes]:
    """What stands before the rows, and the start of the rows."""
    head = b""
    for piece in pieces:
        head += piece
        place = head.find(b"sheetData")
        if b"<!DOCTYPE" in head[: place if place >= 0 else None]:
            raise doctype(name)
        if place >= 0 and (close := head.find(b">", place)) >= 0:
            if head[close - 1 : close] == b"/":
                raise _OddError  # a sheet without rows
            return head[: close + 1], head[close + 1 :]
        if len(head) > _LONGEST_HEAD:
            break
    raise _OddError


_ROOT = re.compile(rb"<([A-Za-z0-9_.-]+:)?worksheet[ >]")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"']([^\"']*)")


def _prefix(head: bytes) -> bytes:
    """The prefix of the sheet's elements, "x:" or none."""
    declared = _ENCODING.search(head[:200])
    root = _ROOT.search(head)
    if not root or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")) or b"<!" in head:
        raise _OddError
    return root[1] or b""


_ATTRIBUTE = re.compile(rb'([A-Za-z]+)="([^"]*)"')
_QUOTED_ODDLY = re.compile(rb"<[^<>]*='")


@dataclass(slots=True)
class _Quick:
    prefix: bytes
    meanings: Mapping[int, str]
    reader: Reader | None
    zero_is_no_value: bool
    signs: Signs = field(default_factory=Signs)
    extent: Extent = field(default_factory=Extent)
    _bound: int = 0  # columns that the pattern knows
    _row: re.Pattern[bytes] = field(init=False)
    _hidden: re.Pattern[bytes] = field(init=False)
    _meant: re.Pattern[bytes] = field(init=False)  # the commonest of the cells that aren't ordinary
    _tag: re.Pattern[bytes] = field(init=False)
    _not_ordinary: re.Pattern[bytes] = field(init=False)
    _chunks: int = 0  # scanned by their last row alone
    unsure: bool = False  # the sheet turned out to be wide after such chunks

    def __post_init__(self) -> None:
        prefix = re.escape(self.prefix)
        self._row = re.compile(rb"<%brow(?: r=\"(\d{1,7})\")?" % prefix)
        self._hidden = re.compile(rb"<%brow r=\"(\d+)\"[^>]* hidden=\"(?:1|true)\"" % prefix)
        self._meant = re.compile(
            rb'<%bc r="([A-Z]{1,3})(\d{1,7})" s="(%b)"(?: t="n")?><%bv>[^<]+</%bv></%bc>'
            % (prefix, b"|".join(str(style).encode() for style in self.meanings) or b"(?!)", prefix, prefix, prefix)
        )
        self._tag = re.compile(rb"<%bc([^<>]*)>" % prefix)
        self._not_ordinary = ordinary_cell(self.prefix, 0, self.meanings, self.zero_is_no_value)

    def hide_columns(self, head: bytes) -> None:
        """Take the hidden columns from the part's head."""
        hidden: set[int] = set()
        for tag in re.findall(rb"<%bcol ([^>]*)>" % re.escape(self.prefix), head):
            found = dict(_ATTRIBUTE.findall(tag))
            if found.get(b"hidden") in (b"1", b"true"):
                hidden.update(range(int(found.get(b"min", b"1")) - 1, min(int(found.get(b"max", b"1")), 16_384)))
        self.signs.hidden_columns = frozenset(hidden)

    def rows(self, chunk: bytes) -> None:
        """Scan whole rows, or none."""
        if (b"!" in chunk and b"<!" in chunk) or (b"'" in chunk and b"='" in chunk and _QUOTED_ODDLY.search(chunk)):
            raise _OddError
        if b' hidden="' in chunk:
            for number in self._hidden.findall(chunk):
                self.signs.hide(min(int(number), 1 << 20))
        self._special_cells(chunk)
        self._number_rows(chunk)
        if self.reader:
            if self.extent.cells > MOST_CELLS or self.extent.outside:
                raise _OddError
            self.reader.take(chunk)

    def _number_rows(self, chunk: bytes) -> None:
        """Note how far down the rows reach.

        A narrow sheet can't span too much even if its rows were out of order, so its last row is enough.
        """
        if self._bound * MOST_ROWS <= MOST_CELLS:
            self._chunks += 1
            last = self._row.match(chunk, max(chunk.rfind(b"<" + self.prefix + b"row "), 0))
            numbers = [int(last[1] or 0)] if last else []
        else:
            self.unsure = self._chunks > 0
            numbers = list(map(int, filter(None, self._row.findall(chunk))))
        if numbers:
            self.extent.reach(max(numbers), -1)

    def _special_cells(self, chunk: bytes) -> None:
        place = 0
        while match := self._not_ordinary.search(chunk, place):
            place = self._cell(chunk, match.start())

    def _cell(self, chunk: bytes, start: int) -> int:
        """Look at one cell; returns where to go on."""
        if meant := self._meant.match(chunk, start):
            column, row = column_number(meant[1].decode()), int(meant[2])
            self._reach(row, column)
            self.signs.marks.add(row, column, Mark.FORMATTED, self.meanings[int(meant[3])])
            return meant.end()
        tag = self._tag.match(chunk, start)
        if not tag:
            raise _OddError
        found = dict(_ATTRIBUTE.findall(tag[1]))
        if tag[1].endswith(b"/"):
            return tag.end()
        reference = _REFERENCE.fullmatch(found.get(b"r", b""))
        end = chunk.find(b"</" + self.prefix + b"c>", tag.end())
        if not reference or end < 0:
            raise _OddError
        column, row = column_number(reference[1].decode()), int(reference[2])
        content = chunk[tag.end() : end]
        if content:
            self._reach(row, column)
            self._mark(row, column, found, content)
        return end

    def _reach(self, row: int, column: int) -> None:
        if column >= self._bound:
            self._bound = column + 1 if column < _STEP else column + column // 8
            column = max(column, min(self._bound, MOST_COLUMNS) - 1)  # cells up to there are not looked at any more
            self._not_ordinary = ordinary_cell(self.prefix, self._bound, self.meanings, self.zero_is_no_value)
        self.extent.reach(row, column)

    def _mark(self, row: int, column: int, found: Mapping[bytes, bytes], content: bytes) -> None:
        kind = found.get(b"t", b"n")
        value = _VALUE.search(content)
        text = (value[1] or b"") if value else None
        if kind == b"e":
            shown = (text or b"#N/A").decode("utf-8", "replace")
            self.signs.marks.add(row, column, Mark.ERROR, shown)
        elif _FORMULA.search(content) and self._has_no_value(kind, text) and b"<is" not in content:
            self.signs.marks.add(row, column, Mark.UNCACHED, "")
        elif kind == b"n" and text and (meant := self.meanings.get(int(found.get(b"s", b"0")))):
            self.signs.marks.add(row, column, Mark.FORMATTED, meant)

    def _has_no_value(self, kind: bytes, text: bytes | None) -> bool:
        if self.zero_is_no_value and kind == b"n" and text == b"0":
            return True
        return text is None or (not text and kind != b"str")


_REFERENCE = re.compile(rb"([A-Z]{1,3})(\d{1,7})")
_VALUE = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?v(?: [^<>]*)?(?:/>|>([^<]*)</)")
_FORMULA = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?f[ />]")


def ordinary_cell(
    prefix: bytes, columns: int, meanings: Mapping[int, str], zero_is_no_value: bool = False
) -> re.Pattern[bytes]:
    """A pattern that finds the cells which are not ordinary in a sheet of that many columns.

    Its alternatives are spelled out: optional groups would make it three times slower.
    """
    name = re.escape(prefix)
    no_formula = rb"(?!<%bf[ />])" % name
    plain = rb'>%b| t="[bdis][^<>]*+>%b| t="n">%b|/>' % (no_formula, no_formula, no_formula)
    styles = b"|".join(str(style).encode() for style in meanings)
    meant = rb'(?:%b)"' % styles if styles else rb"(?!)"
    value = rb"(?!0<)[^<]" if zero_is_no_value else rb"[^<]"
    cached = rb"<%bf[^>]*+>(?:[^<]*+</%bf>)?+<%bv>%b" % (name, name, name, value)
    formula = rb'(?![^<>]* (?:t="e"|s="%b))[^<>]*+>%b' % (meant, cached)
    known = rb' r="%b(?:\d{1,6}+|10[0-4]\d{4})"(?:%b| s="(?!%b)\d++"(?:%b)|%b)' % (
        _up_to(columns),
        plain,
        meant,
        plain,
        formula,
    )
    blank = rb"[^<>]*+(?<=/)>"
    return re.compile(rb"<%bc(?!%b|%b|[a-z])" % (name, known, blank))


def _up_to(columns: int) -> bytes:
    """A pattern for the letters of the first `columns` columns."""
    if not columns:
        return rb"(?!)"
    letters: list[int] = []
    index = columns
    while index:
        index, rest = divmod(index - 1, 26)
        letters.insert(0, 65 + rest)
    shorter = rb"[A-Z]{1,%d}(?=\d)|" % (len(letters) - 1) if len(letters) > 1 else b""
    return rb"(?:%b%b)" % (shorter, _letters_up_to(letters))


def _letters_up_to(letters: list[int]) -> bytes:
    first, others = letters[0], letters[1:]
    if not others:
        return rb"[A-%c]" % first
    any_others = rb"[A-Z]{%d}" % len(others)
    below = rb"[A-%c]%b|" % (first - 1, any_others) if first > 65 else b""
    return rb"(?:%b%c%b)" % (below, first, _letters_up_to(others))


def _tail(first: bytes, pieces: Iterator[bytes], prefix: bytes, signs: Signs) -> None:
    """What stands after the rows: merged ranges."""
    merged = re.compile(rb"<%bmergeCell [^<>]*ref=\"([A-Z0-9:$]+)\"" % re.escape(prefix))
    kept = first
    for piece in pieces:
        cut = kept.rfind(b"<")
        _take_merged(merged, kept[:cut], signs)
        kept = kept[cut:] + piece
    _take_merged(merged, kept, signs)


def _take_merged(merged: re.Pattern[bytes], chunk: bytes, signs: Signs) -> None:
    if b"<!" in chunk:
        raise _OddError
    for reference in merged.findall(chunk):
        add_merged(signs, reference.decode())
