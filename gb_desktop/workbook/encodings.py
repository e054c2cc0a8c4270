"""Which encoding a text file is in: proposed from its bytes, never guessed behind the user's back."""

from __future__ import annotations

import codecs
import itertools
from pathlib import Path

from gb_desktop.text import tr
from gb_desktop.workbook.formats import looks_utf16
from gb_desktop.workbook.model import WorkbookError

PIECE = 1 << 20
_ARABIC = frozenset([*range(0xC0, 0xD7), *range(0xD8, 0xE0), 0xE1, *range(0xE3, 0xE7), 0xEC, 0xED]) | frozenset(
    [*range(0xF0, 0xF4), 0xF5, 0xF6, 0xF8, 0xFA, 0x81, 0x8D, 0x8E, 0x90, 0x98, 0x9A, 0xAA]
)
_UNDEFINED_IN_1252 = frozenset([0x81, 0x8D, 0x8F, 0x90, 0x9D])


def propose_encoding(path: Path, limit: int | None = None) -> str:
    """A name for `open`: utf-8-sig, utf-8, utf-16, utf-16-le, utf-16-be, cp1256 or cp1252.

    Looks at `limit` bytes (None: at all). A byte order mark decides, then strict UTF-8, then the letters' neighbours.
    """
    with path.open("rb") as file:
        start = file.read(PIECE)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if flavour := looks_utf16(start):
            return flavour
        decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
        piece, seen = start, 0
        while piece and (limit is None or seen < limit):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return _by_letters(piece)
            seen += len(piece)
            piece = file.read(PIECE)
    return "utf-8"


def _by_letters(piece: bytes) -> str:
    """windows-1256 when the high bytes stand in words of their own, as Arabic does; else windows-1252.

    In Western text an accented letter stands among plain ones; the letters that both pages share prove nothing.
    """
    together = apart = 0
    for before, here in itertools.pairwise(piece):
        if here in _ARABIC and before in _ARABIC:
            together += 1
        elif here >= 0xC0 and 97 <= before | 0x20 <= 122:
            apart += 1
    if together > apart or (not together and any(code in _UNDEFINED_IN_1252 for code in set(piece))):
        return "cp1256"
    return "cp1252"


def check_encoding(name: str, encoding: str) -> str:
    """The encoding's Python name. WorkbookError when there is no such text encoding."""
    try:
        found = codecs.lookup(encoding)
        "".encode(found.name)
    except LookupError as error:
        sentence = tr(
            "{encoding} is no text encoding: choose utf-8, utf-16, windows-1256 or windows-1252 for {name}.",
            encoding=encoding,
            name=name,
        )
        raise WorkbookError(sentence, "encoding") from error
    return found.name


def errors_for(encoding: str) -> str:
    """How to decode: strictly, but for a lone surrogate, which passes so that checking can name its cell."""
    return "surrogatepass" if encoding.replace("_", "-").startswith(("utf-8", "utf-16", "utf-32")) else "strict"
