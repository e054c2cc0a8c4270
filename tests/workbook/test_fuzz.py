"""Broken files end in one sentence, never in a traceback, a crash or a wait."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gb_desktop.workbook.model import ReadOptions, WorkbookError
from gb_desktop.workbook.reader import look, read
from tests.workbook.files import HEADER, b_error, b_number, b_text, xls, xlsb, xlsx
from tests.workbook.test_same_meaning import write_ods

ROWS = (HEADER, ("C1", 5, "gift"), ("C2", 6.5, "منى"), (None, 11.5, None))


def text_file(path: Path, rows: object) -> Path:
    path.write_text('ID,Amount,"No\nte"\nC1,5,gift\nC2,"6,5",منى\n', encoding="utf-8")
    return path


def binary(path: Path, rows: object) -> Path:
    head = [b_text(name) for name in HEADER]
    return xlsb(path, [head, [b_text("C1"), b_number(5, 1), b_error(7)]], hidden_rows=[2])


def open_document(path: Path, rows: object) -> Path:
    write_ods(path, [HEADER, ("C1", 5.0, "gift"), ("C2", 6.5, "منى")])
    return path


MAKERS: dict[str, Callable[..., Path]] = {
    "xlsx": xlsx,
    "xls": xls,
    "xlsb": binary,
    "ods": open_document,
    "csv": text_file,
}


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The bytes with a few of them changed, repeated, left out or cut off."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(data) or 1)
        kind = chance.randrange(5)
        if kind == 0:
            data[place : place + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            data[place : place + chance.randint(1, 40)] = b""
        elif kind == 2:
            data[place:place] = data[place : place + chance.randint(1, 60)]
        elif kind == 3:
            data[place:place] = chance.choice(
                [b"<", b">", b'"', b"\x00", b"99999999", b"<!--", b"\xff\xff\xff\xff", b"'"]
            )
        elif chance.random() < 0.2:
            del data[place:]
    return bytes(data)


def broken_files(path: Path, good: Path, count: int, seed: str) -> Iterator[Path]:
    """Mutations of the file itself, and for zips of a part in it, so that the damage lies deeper."""
    chance = random.Random(seed)
    content = good.read_bytes()
    for _ in range(count):
        if zipfile.is_zipfile(good) and chance.random() < 0.7:
            _mutate_part(good, path, chance)
        else:
            path.write_bytes(mutated(content, chance))
        yield path


def _mutate_part(good: Path, path: Path, chance: random.Random) -> None:
    with zipfile.ZipFile(good) as whole, zipfile.ZipFile(path, "w") as broken:
        names = whole.namelist()
        chosen = chance.choice([name for name in names if "theme" not in name and "docProps" not in name])
        for name in names:
            part = whole.read(name)
            broken.writestr(name, mutated(part, chance) if name == chosen else part)


def survive(path: Path) -> bool:
    """True when the file could still be read; anything but a WorkbookError fails the test."""
    try:
        look(path, ReadOptions())
        for _ in read(path, ReadOptions()).rows:
            pass
    except WorkbookError as error:
        return "\n" in str(error)
    return True


def run(tmp_path: Path, kind: str, count: int) -> None:
    good = MAKERS[kind](tmp_path / f"good.{kind}", ROWS)
    assert survive(good)
    results = [survive(path) for path in broken_files(tmp_path / f"broken.{kind}", good, count, kind)]
    assert len(results) == count
    assert not all(results) or kind == "csv"


@pytest.mark.parametrize("kind", list(MAKERS))
def test_that_damaged_bytes_end_in_a_sentence(tmp_path: Path, kind: str) -> None:
    run(tmp_path, kind, 200)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", list(MAKERS))
def test_that_many_damaged_files_end_in_a_sentence(tmp_path: Path, kind: str) -> None:
    run(tmp_path, kind, 2000)
