"""Which format a file is, told from its content; its name is not trusted."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from gb_desktop.text import tr
from gb_desktop.workbook.model import WorkbookError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OWNER_FILE = "~$"  # how Excel's name for the file beside an open workbook begins
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_TEXT_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 11, 12, 13, 27))


def sniff(path: Path) -> str:
    """xlsx, xlsm, xlsb, ods, ole (an xls or a protected workbook) or text. WorkbookError for anything else."""
    start = _start(path)
    if start.startswith(b"PK"):
        return zip_format(path, path.name)
    if start.startswith(OLE):
        return "ole"
    if path.name.startswith(_OWNER_FILE):
        sentence = tr("{name} only says who has {workbook} open: choose {workbook} itself.",
                      name=path.name, workbook=path.name.removeprefix(_OWNER_FILE))  # fmt: skip
        raise WorkbookError(sentence, "format")
    _refuse_known(path, start)
    return "text"


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except FileNotFoundError as error:
        raise WorkbookError(tr("There is no file {name}: choose it again.", name=path.name), "missing") from error
    except IsADirectoryError as error:
        raise WorkbookError(
            tr("{name} is a folder: choose a file in it.", name=path.name or path), "missing"
        ) from error
    except OSError as error:
        sentence = tr("{name} can't be read: close it in Excel, or copy it to this computer first.", name=path.name)
        raise WorkbookError(sentence, "locked") from error
    if not start:
        raise WorkbookError(tr("{name} is empty (0 bytes): save or download it again.", name=path.name), "empty")
    return start


def zip_format(source: Path | io.BytesIO, file_name: str) -> str:
    """xlsx, xlsm, xlsb or ods. WorkbookError for any other zip."""
    try:
        with zipfile.ZipFile(source) as package:
            names = {name.lstrip("/").lower() for name in package.namelist()}
            macros = "xl/vbaproject.bin" in names
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged(file_name) from error
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names:
        return "xlsm" if macros else "xlsx"
    if names & {"content.xml", "encrypted-package"} and "meta-inf/manifest.xml" in names:
        return "ods"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise _nothing_for_excel(file_name, tr("a Word or PowerPoint document"))
    raise _nothing_for_excel(file_name, tr("a zip archive"))


def _refuse_known(path: Path, start: bytes) -> None:
    lowered = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_PICTURES):
        raise _nothing_for_excel(path.name, tr("a picture"))
    if start.startswith(b"%PDF"):
        raise _nothing_for_excel(path.name, tr("a PDF document"))
    if start.startswith(_ARCHIVES):
        raise _nothing_for_excel(path.name, tr("a compressed archive"))
    if start.startswith(_OLD_EXCEL):
        raise _not_a_workbook(path.name, tr("a workbook of Excel 4 or older"))
    if lowered.startswith((b"<!doctype", b"<html", b"<table", b"<meta", b"<head", b"<body", b"<style", b"<div")):
        raise _not_a_workbook(path.name, tr("a web page"))
    if lowered.startswith(b"<?xml"):
        raise _not_a_workbook(path.name, tr("an XML document"))
    if _is_binary(start):
        raise _nothing_for_excel(path.name, tr("a file of another kind"))


def _is_binary(start: bytes) -> bool:
    """Too many control characters for any text; UTF-16's zero bytes are counted apart."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or looks_utf16(start):
        return False
    controls = len(start) - len(start.translate(None, _TEXT_CONTROLS))
    return controls * 10 > len(start)


def looks_utf16(start: bytes) -> str:
    """The UTF-16 flavour of a text without a byte order mark, or "": its zero bytes sit on one side only."""
    even, odd = start[0:4000:2], start[1:4000:2]
    zeros_even, zeros_odd = even.count(0), odd.count(0)
    if odd and zeros_odd * 10 >= len(odd) * 3 and zeros_even * 50 <= zeros_odd:
        return "utf-16-le"
    if even and zeros_even * 10 >= len(even) * 3 and zeros_odd * 50 <= zeros_even:
        return "utf-16-be"
    return ""


def damaged(name: str) -> WorkbookError:
    """The sentence for a file that starts like a workbook and doesn't go on like one."""
    sentence = tr("{name} is damaged or was cut off: download it again, or open it in Excel and save it.", name=name)
    return WorkbookError(sentence, "damaged")


def _nothing_for_excel(name: str, what: str) -> WorkbookError:
    """For a file that Excel couldn't open either."""
    sentence = tr("{name} is {what}, not a workbook: choose the workbook itself.", name=name, what=what)
    return WorkbookError(sentence, "format")


def _not_a_workbook(name: str, what: str) -> WorkbookError:
    sentence = tr("{name} is {what}, not a workbook: open it in Excel and save it as .xlsx.", name=name, what=what)
    return WorkbookError(sentence, "format")
