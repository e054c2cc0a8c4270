"""Opens the zip of a workbook without trusting it: sizes are counted while inflating, never believed."""

from __future__ import annotations

import copy
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from gb_desktop.text import tr
from gb_desktop.workbook.formats import damaged
from gb_desktop.workbook.model import WorkbookError

PIECE = 1 << 20
MOST_IN_ALL = 4 << 30  # bytes inflated
LARGE_PART = 100 << 20
MOST_RATIO = 200  # honest sheets measure 8 to 23
_MOST_PARTS = 50_000
_MOST_SMALL_PART = 64 << 20  # for parts that are read whole: the list of sheets, styles
FAULTS = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError)


class Package:
    """The parts of a zip by their lower-case names. WorkbookError for a bomb or a damaged file."""

    def __init__(self, source: Path | io.BytesIO, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(source)
        except FAULTS as error:
            raise damaged(name) from error
        self._parts = {info.filename.lstrip("/").lower(): info for info in self._zip.infolist()}
        self._refuse_bombs()

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def size(self, part: str) -> int:
        """The part's inflated size in bytes, as the zip declares it."""
        return self._parts[part.lower()].file_size

    def pieces(self, part: str) -> Iterator[bytes]:
        """The part's bytes in pieces of about 1 MiB, counted: it must be exactly as long as it says."""
        info = self._parts.get(part.lower())
        if info is None:
            raise damaged(self.name)
        unlimited = copy.copy(info)
        unlimited.file_size = MOST_IN_ALL  # else the zip's own word would cut the part off unseen
        size = 0
        try:
            with self._zip.open(unlimited) as file:
                while piece := file.read(PIECE):
                    size += len(piece)
                    if size > info.file_size:
                        raise self.bomb()
                    yield piece
        except FAULTS as error:
            raise damaged(self.name) from error
        if size != info.file_size:
            raise damaged(self.name)

    def read(self, part: str) -> bytes:
        """A small part, whole."""
        if part in self and self.size(part) > _MOST_SMALL_PART:
            raise self.bomb()
        return b"".join(self.pieces(part))

    def close(self) -> None:
        self._zip.close()

    def _refuse_bombs(self) -> None:
        infos = self._zip.infolist()
        if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > MOST_IN_ALL:
            raise self.bomb()
        for info in infos:
            if info.file_size > LARGE_PART and info.file_size > MOST_RATIO * max(info.compress_size, 1):
                raise self.bomb()

    def bomb(self) -> WorkbookError:
        """The sentence for a file that would unpack to too much."""
        sentence = tr(
            "{name} would unpack to far more than a workbook holds, so it is not opened: save it again in Excel.",
            name=self.name,
        )
        return WorkbookError(sentence, "bomb")
