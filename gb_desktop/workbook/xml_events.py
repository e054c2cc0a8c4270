"""A small expat reader: element names without prefixes, no document types, no entities of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

from gb_desktop.text import tr
from gb_desktop.workbook.formats import damaged
from gb_desktop.workbook.model import WorkbookError

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def parse(
    pieces: Iterable[bytes],
    name: str,
    start: Start,
    end: End | None = None,
    text: Text | None = None,
    aside: Callable[[], None] | None = None,
) -> None:
    """Call the handlers for every element of an XML part of the file `name`. WorkbookError when it isn't sound.

    `aside` is called for comments and CDATA sections.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text

    if aside:
        parser.CommentHandler = lambda _: aside()
        parser.StartCdataSectionHandler = aside

    def refuse(*_: object) -> None:
        raise doctype(name)

    parser.StartDoctypeDeclHandler = refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise damaged(name) from error


def doctype(name: str) -> WorkbookError:
    """The sentence for a part with a document type, through which entity bombs come; Excel writes none."""
    sentence = tr("{name} holds a document type, which no workbook needs: save it again in Excel.", name=name)
    return WorkbookError(sentence, "bomb")


def local(attributes: dict[str, str], name: str) -> str:
    """An attribute's value whatever its prefix, "" when it isn't there."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if key.endswith(":" + name)), "")


def is_true(value: str) -> bool:
    """An XML Schema boolean."""
    return value in ("1", "true", "on")
