"""Old containers: xls files, and workbooks locked with a password."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import msoffcrypto
import olefile  # type: ignore[import-untyped]
from msoffcrypto.exceptions import InvalidKeyError

from gb_desktop.text import tr
from gb_desktop.workbook.compound import LARGEST
from gb_desktop.workbook.formats import damaged
from gb_desktop.workbook.model import WorkbookError

_EXCELS_OWN = "VelvetSweatshop"  # what Excel itself locks read-only recommended workbooks with, and never asks for


def opened(path: Path, password: str | None) -> tuple[str, io.BytesIO | None]:
    """("xls", None) for a plain xls; ("xls" or "zip", bytes) for a workbook that the password opened.

    WorkbookError with reason protected or password when it can't be opened, format when it is no workbook.
    """
    streams = _streams(path)
    if "EncryptedPackage" in streams:
        return "zip", _decrypted(path, password)
    if not streams & {"Workbook", "Book", "WORKBOOK", "BOOK"}:
        sentence = tr("{name} is not a workbook: open it in Excel and save it as .xlsx.", name=path.name)
        raise WorkbookError(sentence, "format")
    if _is_locked(path):
        return "xls", _decrypted(path, password)
    return "xls", None


def workbook_stream(source: Path | io.BytesIO, name: str) -> bytes:
    """The records of an xls file."""
    try:
        with olefile.OleFileIO(str(source) if isinstance(source, Path) else source) as container:
            stream = "Workbook" if container.exists("Workbook") else "Book"
            content: bytes = container.openstream(stream).read()
    except _OLE_FAULTS as error:
        raise damaged(name) from error
    if len(content) > LARGEST:
        raise WorkbookError(tr("{name} is too large to be read: save it as .xlsx in Excel.", name=name), "too-large")
    return content


_OLE_FAULTS = (
    struct.error,
    RecursionError,
    OSError,
    ValueError,
    IndexError,
    TypeError,
    AttributeError,
    KeyError,
    OverflowError,
)


def _streams(path: Path) -> set[str]:
    try:
        with olefile.OleFileIO(str(path)) as container:
            return {entry[0] for entry in container.listdir()}
    except _OLE_FAULTS as error:
        raise damaged(path.name) from error


def _is_locked(path: Path) -> bool:
    """An xls whose globals hold a FILEPASS record (0x002F)."""
    stream = workbook_stream(path, path.name)
    place = 0
    while place + 4 <= len(stream):
        kind, size = int.from_bytes(stream[place : place + 2], "little"), stream[place + 2] | stream[place + 3] << 8
        if kind == 0x2F:
            return True
        if kind == 0x0A:  # the end of the globals
            return False
        place += 4 + size
    return False


def _decrypted(path: Path, password: str | None) -> io.BytesIO:
    for candidate in (password,) if password else (_EXCELS_OWN,):
        try:
            with path.open("rb") as file:
                locked = msoffcrypto.OfficeFile(file)
                _unlock(locked, candidate)
                plain = io.BytesIO()
                locked.decrypt(plain)
        except InvalidKeyError:
            continue
        except MemoryError:
            raise
        except Exception as error:
            raise _unknown_lock(path.name) from error
        plain.seek(0)
        return plain
    raise _refused(path.name, password)


def _unlock(locked: msoffcrypto.format.base.BaseOfficeFile, password: str) -> None:
    if locked.format == "ooxml":
        locked.load_key(password=password, verify_password=True)
    else:
        locked.load_key(password=password)


def _refused(name: str, password: str | None) -> WorkbookError:
    if password:
        return WorkbookError(tr("This password doesn't open {name}: type it again.", name=name), "password")
    return WorkbookError(tr("{name} is locked with a password: type the password to open it.", name=name), "protected")


def _unknown_lock(name: str) -> WorkbookError:
    sentence = tr("{name} is locked in a way that can't be opened here: remove its password in Excel.", name=name)
    return WorkbookError(sentence, "protected")
