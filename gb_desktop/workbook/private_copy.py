"""Takes a private copy of a file, so that reading never meets a lock, a half-saved file or a lost network."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from gb_desktop.text import tr
from gb_desktop.workbook.model import WorkbookError

_PIECE = 1 << 20
_TRIES = 2  # a file that is being saved is copied once more; after that it is said
_SHARING_VIOLATION = (32, 33)  # Windows: another program holds the file, or a part of it
_CLOUD = (362, 389, 395)  # Windows: a placeholder whose content can't be fetched now


class Heard(Protocol):
    """Hears how many bytes of how many are copied."""

    def __call__(self, done: int, total: int) -> None: ...


def _unheard(done: int, total: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A private copy. size in bytes, sha256 as hex, modified: the source's time in UTC."""

    path: Path
    size: int
    sha256: str
    modified: datetime


def private_copy(source: Path, folder: Path, said: Heard = _unheard) -> Copied:
    """Copy `source` into `folder` under its own name. WorkbookError: missing, empty, locked, changed or vanished.

    `said` hears how many bytes of how many are copied, at the start and after each piece.
    """
    target = folder / source.name
    try:
        for _ in range(_TRIES):
            before = source.stat()
            digest, size = _copied(source, target, partial(said, total=before.st_size))
            after = source.stat()
            if _same(before, after) and size == after.st_size:
                return Copied(target, size, digest, datetime.fromtimestamp(after.st_mtime, UTC))
    except OSError as error:
        raise sentence_for(source, error) from error
    sentence = tr("{name} changed while it was read: finish saving it, then load it again.", name=source.name)
    raise WorkbookError(sentence, "changed")


def _same(before: os.stat_result, after: os.stat_result) -> bool:
    return (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)


def _copied(source: Path, target: Path, said: Callable[[int], object]) -> tuple[str, int]:
    """The digest and the size of what was copied; the copy is this user's alone."""
    digest = hashlib.sha256()
    size = 0
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source.open("rb") as read, os.fdopen(_private(target), "wb") as write:
        said(0)
        while piece := read.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            write.write(piece)
            said(size)
    if not size:
        raise _empty(source.name)
    return digest.hexdigest(), size


def _private(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, 0o600)


def _empty(name: str) -> WorkbookError:
    return WorkbookError(tr("{name} is empty (0 bytes): save or download it again.", name=name), "empty")


def sentence_for(source: Path, error: OSError) -> WorkbookError:
    """What the system's error means to a person, and what to do."""
    name = source.name or str(source)  # a folder may be called “.”
    windows = getattr(error, "winerror", None)
    if isinstance(error, FileNotFoundError):
        return WorkbookError(tr("There is no file {name}: choose it again.", name=name), "missing")
    if isinstance(error, IsADirectoryError) or source.is_dir():
        return WorkbookError(tr("{name} is a folder: choose a file in it.", name=name), "missing")
    if error.errno == errno.ENOSPC:
        return WorkbookError(tr("The disk is full: make room, then load {name} again.", name=name), "vanished")
    if windows in _SHARING_VIOLATION:
        return WorkbookError(
            tr("{name} is open in another program: close it in Excel, then load it again.", name=name), "locked"
        )
    if windows in _CLOUD:
        sentence = tr("{name} is not on this computer yet: wait until OneDrive has downloaded it.", name=name)
        return WorkbookError(sentence, "vanished")
    if isinstance(error, PermissionError):
        sentence = tr("{name} can't be opened: close it in Excel, or ask for permission to read it.", name=name)
        return WorkbookError(sentence, "locked")
    sentence = tr("{name} can't be read any more: copy it to this computer, then load that copy.", name=name)
    return WorkbookError(sentence, "vanished")
