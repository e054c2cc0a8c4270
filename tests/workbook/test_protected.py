"""Workbooks locked with a password, and containers that only look like workbooks."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt

from gb_desktop.workbook.model import ReadOptions, WorkbookError
from gb_desktop.workbook.reader import look, read
from tests.workbook.files import HEADER, b_number, b_text, values_of, xls, xlsb, xlsx
from tests.workbook.locks import lock_ods_whole, lock_package, lock_package_of_2007, lock_xls_by_rc4, lock_xls_by_xor
from tests.workbook.test_same_meaning import write_ods

ROWS = (HEADER, ("C1", 5, "gift"))
FIXTURES = Path(__file__).with_name("fixtures")


def reason(path: Path, password: str | None = None) -> str:
    with pytest.raises(WorkbookError) as looked:
        look(path, ReadOptions(password=password))
    with pytest.raises(WorkbookError):
        list(read(path, ReadOptions(password=password)).rows)
    assert path.name in str(looked.value)
    return looked.value.reason


def binary(path: Path, rows: object) -> Path:
    xlsb(path, [[b_text(name) for name in HEADER], [b_text("C1"), b_number(5), b_text("gift")]])
    with zipfile.ZipFile(path, "a") as package:  # as large as any real one: below 4,096 bytes locking goes wrong
        package.writestr("docProps/thumbnail.jpeg", bytes(6_000), zipfile.ZIP_STORED)
    return path


def open_document(path: Path, rows: object) -> Path:
    write_ods(path, [HEADER, ("C1", 5.0, "gift")])
    return path


LOCKS: dict[str, tuple[str, Callable[..., Path], Callable[..., Path]]] = {
    "xlsx": ("xlsx", xlsx, lock_package),
    "xlsx of Excel 2007": ("xlsx", xlsx, lock_package_of_2007),
    "xlsb": ("xlsb", binary, lock_package),
    "xls, XOR": ("xls", xls, lock_xls_by_xor),
    "xls, RC4 CryptoAPI": ("xls", xls, lock_xls_by_rc4),
    "xls, RC4 CryptoAPI of 40 bits": ("xls", xls, lambda *given: lock_xls_by_rc4(*given, bits=40)),
    "ods, locked as one part": ("ods", open_document, lock_ods_whole),
}


@pytest.mark.parametrize("kind", list(LOCKS))
def test_that_a_locked_workbook_asks_for_its_password_and_opens_with_it(tmp_path: Path, kind: str) -> None:
    found, make, lock = LOCKS[kind]
    path = lock(make(tmp_path / f"plain.{found}", ROWS), tmp_path / f"locked.{found}", "Pass word 1")
    assert reason(path) == "protected"
    assert reason(path, "wrong") == "password"
    assert values_of(path, password="Pass word 1") == [["C1", 5.0, "gift"]]
    assert look(path, ReadOptions(password="Pass word 1")).format == found


@pytest.mark.parametrize("lock", [lock_package, lock_xls_by_xor, lock_xls_by_rc4])
def test_that_excels_own_read_only_lock_needs_no_password(tmp_path: Path, lock: Callable[..., Path]) -> None:
    make, ending = (xlsx, "xlsx") if lock is lock_package else (xls, "xls")
    path = lock(make(tmp_path / f"plain.{ending}", ROWS), tmp_path / f"r.{ending}", "VelvetSweatshop")
    assert values_of(path) == [["C1", 5.0, "gift"]]


@pytest.mark.timeout(20)
def test_that_a_lock_that_would_take_hours_to_open_is_said(tmp_path: Path) -> None:
    path = lock_package(xlsx(tmp_path / "plain.xlsx", ROWS), tmp_path / "slow.xlsx", "Pass 1")
    before, after = b'spinCount="100000" saltSize="16"', b'spinCount="999999999" saltSize="16"'
    blanks = b'blockSize="16" keyBits="256"\n   '  # three fewer, so that all else stays in its place
    content = path.read_bytes()
    assert before + b" " + blanks in content
    path.write_bytes(content.replace(before + b" " + blanks, after + b" " + blanks[:-3]))
    with pytest.raises(WorkbookError, match="locked in a way that can't be opened here"):
        look(path, ReadOptions(password="Pass 1"))


def test_that_a_locked_xls_is_recognised(tmp_path: Path) -> None:
    path = xls(tmp_path / "old.xls", ROWS)
    content = bytearray(path.read_bytes())
    place = content.index(struct.pack("<HH", 0xE1, 2))  # the record after the first one, made a FILEPASS
    content[place] = 0x2F
    content[place + 1] = 0
    path.write_bytes(content)
    assert reason(path) == "protected"


def test_that_a_locked_xls_opens_with_its_password() -> None:
    path = FIXTURES / "locked.xls"  # made by LibreOffice, password "Pass 1"
    assert reason(path) == "protected"
    assert reason(path, "wrong") == "password"
    assert values_of(path, password="Pass 1") == [["C1", 5]]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("locked.ods", ["C1", 5.0]),  # made by LibreOffice 7, password "Pass 1"
        ("locked-1.1.ods", ["C1", 5.0, "gift"]),  # the same of OpenDocument 1.1: Blowfish
    ],
)
def test_that_a_locked_ods_opens_with_its_password(name: str, row: list[object]) -> None:
    path = FIXTURES / name
    assert reason(path) == "protected"
    assert reason(path, "wrong") == "password"
    assert values_of(path, password="Pass 1") == [row]
    assert look(path, ReadOptions(password="Pass 1")).format == "ods"


def rewritten(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """The locked ods with its manifest changed."""
    with zipfile.ZipFile(FIXTURES / "locked.ods") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == "META-INF/manifest.xml" else content)
    return path


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b"http://www.w3.org/2001/04/xmlenc#aes256-cbc", b"Serpent CBC", "protected"),
        (b"http://www.w3.org/2001/04/xmlenc#aes256-cbc", b"Blowfish CFB", "protected"),  # with a key of 32 bytes
        (b"PBKDF2", b"PGP", "protected"),
        (b'iteration-count="100000"', b'iteration-count="999999999"', "protected"),
        (b'size="5180"', b'size="99999999999"', "bomb"),
        (b'size="5180"', b'size="100"', "bomb"),
        (b'size="5180"', b'size="6000"', "damaged"),
    ],
)
def test_that_a_lock_of_another_kind_or_a_lying_one_is_said(
    tmp_path: Path, before: bytes, after: bytes, said: str
) -> None:
    path = rewritten(tmp_path / "other.ods", lambda manifest: manifest.replace(before, after))
    assert reason(path) == "protected"
    assert reason(path, "Pass 1") == said


def test_that_other_ole_files_are_no_workbooks(tmp_path: Path) -> None:
    workbook = xlwt.Workbook()
    workbook.add_sheet("S").write(0, 0, "x")
    buffer = io.BytesIO()
    workbook.save(buffer)
    content = buffer.getvalue().replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    path = tmp_path / "letter.xls"
    path.write_bytes(content)
    assert reason(path) == "format"


@pytest.mark.parametrize("kept", [8, 100, 512, 1000, 2000])
def test_that_an_xls_cut_off_is_one_sentence(tmp_path: Path, kept: int) -> None:
    path = xls(tmp_path / "old.xls", ROWS)
    path.write_bytes(path.read_bytes()[:kept])
    assert reason(path) in ("damaged", "format", "empty")


def test_that_the_password_never_shows_in_the_options() -> None:
    assert "secret" not in repr(ReadOptions(password="secret"))
