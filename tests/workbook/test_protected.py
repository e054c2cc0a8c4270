"""Workbooks locked with a password, and containers that only look like workbooks."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from gb_desktop.workbook.model import ReadOptions, WorkbookError
from gb_desktop.workbook.reader import look, read
from tests.workbook.files import HEADER, values_of, xls, xlsx

ROWS = (HEADER, ("C1", 5, "gift"))
FIXTURES = Path(__file__).with_name("fixtures")


def locked(path: Path, password: str) -> Path:
    plain = xlsx(path.with_name("plain.xlsx"), ROWS)
    with plain.open("rb") as read_from, path.open("wb") as write_to:
        OOXMLFile(read_from).encrypt(password, write_to)
    return path


def reason(path: Path, password: str | None = None) -> str:
    with pytest.raises(WorkbookError) as looked:
        look(path, ReadOptions(password=password))
    with pytest.raises(WorkbookError):
        list(read(path, ReadOptions(password=password)).rows)
    assert path.name in str(looked.value)
    return looked.value.reason


def test_that_a_locked_workbook_asks_for_its_password_and_opens_with_it(tmp_path: Path) -> None:
    path = locked(tmp_path / "locked.xlsx", "Pass word 1")
    assert reason(path) == "protected"
    assert reason(path, "wrong") == "password"
    assert values_of(path, password="Pass word 1") == [["C1", 5.0, "gift"]]
    assert look(path, ReadOptions(password="Pass word 1")).format == "xlsx"


def test_that_excels_own_read_only_lock_needs_no_password(tmp_path: Path) -> None:
    assert values_of(locked(tmp_path / "r.xlsx", "VelvetSweatshop")) == [["C1", 5.0, "gift"]]


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


def test_that_a_locked_ods_says_what_to_do() -> None:
    path = FIXTURES / "locked.ods"
    assert reason(path) == "protected"
    assert reason(path, "Pass 1") == "protected"


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
