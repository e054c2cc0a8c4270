"""Broken files end in one sentence, never in a crash, a wait or a traceback: all of them read by one worker process."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.vault import Vault
from gb_desktop.desk import Desk
from gb_desktop.runs.draft import Draft
from gb_desktop.runs.model import RunError
from gb_desktop.workbook.headers import name_columns
from gb_desktop.workbook.model import ReadOptions
from gb_desktop.workbook.results import ResultsWriter
from tests.workbook.files import HEADER, b_error, b_number, b_text, record, xls, xlsb, xlsx
from tests.workbook.locks import lock_ods_whole, lock_package, lock_xls_by_rc4
from tests.workbook.test_formulas import b_formula, by_xlsxwriter, xls_with_formulas
from tests.workbook.test_other_formats import xls_with_signs
from tests.workbook.test_same_meaning import write_ods

ROWS = (HEADER, ("C1", 5, "gift"), ("C2", 6.5, "منى"), (None, 11.5, None))
PASSWORD = "Pass 1"
SENTENCES = ("missing", "empty", "format", "damaged", "protected", "password", "locked", "too-large", "bomb", "sheet",
             "header", "encoding", "options")  # fmt: skip


def text_file(path: Path) -> Path:
    path.write_text('ID,Amount,"No\nte"\nC1,5,gift\nC2,"6,5",منى\n', encoding="utf-8")
    return path


def wide_text(path: Path) -> Path:
    path.write_text("ID\tAmount\tNote\nC1\t5\tgift\nC2\t6\tمنى\n", encoding="utf-16")
    return path


def arabic_text(path: Path) -> Path:
    path.write_text("رقم;المبلغ;السبب\nC1;5;عرض رمضان\nC2;6;تعويض\n", encoding="cp1256")
    return path


def binary(path: Path) -> Path:
    head = [b_text(name) for name in HEADER]
    merged = record(177, b"\1\0\0\0") + record(176, bytes(8) + b"\1\0\0\0\1\0\0\0") + record(178, b"")
    rows = [[b_text("C1"), b_number(5, 1), b_error(7)], [b_text("C2"), b_formula(2.5), b_number(42, 2)]]
    xlsb(path, [head, *rows], hidden_rows=[2], after=merged)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("docProps/thumbnail.jpeg", bytes(6_000), zipfile.ZIP_STORED)
    return path


def open_document(path: Path) -> Path:
    write_ods(path, [HEADER, ("C1", 5.0, "gift"), ("C2", 6.5, "منى")])
    return path


def results(path: Path) -> Path:
    with ResultsWriter(path, name_columns(HEADER), run="r1") as writer:
        for values in ROWS[1:]:
            writer.add(list(values), "failed", "Unknown customer")
        writer.finish()
    return path


def with_formulas(path: Path) -> Path:
    by_xlsxwriter(path)
    return path


def locked(lock: Callable[[Path, Path, str], Path], make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    return lambda path: lock(make(path.with_name(f"plain{path.suffix}")), path, PASSWORD)


MAKERS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "xlsx": ("xlsx", lambda path: xlsx(path, ROWS)),
    "xlsx with formulas": ("xlsx", with_formulas),
    "results": ("xlsx", results),
    "xls": ("xls", lambda path: xls(path, ROWS)),
    "xls with signs": ("xls", xls_with_signs),
    "xls with formulas": ("xls", xls_with_formulas),
    "xlsb": ("xlsb", binary),
    "ods": ("ods", open_document),
    "csv": ("csv", text_file),
    "utf-16": ("tsv", wide_text),
    "windows-1256": ("csv", arabic_text),
    "locked xlsx": ("xlsx", locked(lock_package, lambda path: xlsx(path, ROWS))),
    "locked xlsb": ("xlsb", locked(lock_package, binary)),
    "locked xls": ("xls", locked(lock_xls_by_rc4, lambda path: xls(path, ROWS))),
    "locked ods": ("ods", locked(lock_ods_whole, open_document)),
}
SLOW = ("locked xlsx", "locked xlsb", "locked ods")  # their key alone takes a good part of a second
HARMLESS = ("csv", "utf-16", "windows-1256")  # most mutations of a text are still a text


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


def broken_file(path: Path, content: bytes, chance: random.Random) -> None:
    """A mutation of the file itself, or for zips of a part in it, so that the damage lies deeper."""
    if content.startswith(b"PK") and chance.random() < 0.7:
        _mutate_part(content, path, chance)
    else:
        path.write_bytes(mutated(content, chance))


def _mutate_part(content: bytes, path: Path, chance: random.Random) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(path, "w") as broken:
        names = whole.namelist()
        chosen = chance.choice([name for name in names if "theme" not in name and "thumbnail" not in name])
        for name in names:
            part = whole.read(name)
            broken.writestr(name, mutated(part, chance) if name == chosen else part)


class Reader:
    """One draft whose worker reads file after file; a new worker only after one that died."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        draft.set_type("cashback")
        self.workers = {self._worker()}
        self.aborts = 0
        self.refused: dict[str, int] = {}

    def _worker(self) -> int:
        process = self._draft._link._process
        assert process is not None
        return process.pid

    def survives(self, path: Path, options: ReadOptions) -> bool:
        """True when the file could still be read. Anything but a sentence with a known reason fails the test."""
        try:
            found = self._draft.look(path, options)
            self._draft.load(options)
            if found.run:
                self._draft.load_failed(options)
        except RunError as error:
            self._judge(error)
            return False
        finally:
            self.workers.add(self._worker())
        return True

    def pastes(self, text: str) -> None:
        """Pasted cells are never damaged: they are a sheet, or there is nothing in them."""
        try:
            found = self._draft.paste(text)
            self._draft.load(ReadOptions(encoding=found.encoding, delimiter=found.delimiter))
        except RunError as error:
            self._judge(error)
        self.workers.add(self._worker())

    def _judge(self, error: RunError) -> None:
        sentence = str(error)
        assert "\n" not in sentence
        assert "Traceback" not in sentence
        if error.reason == "crashed":
            assert "stopped unexpectedly" in sentence, sentence  # the process died; never a fault of our own code
            self.aborts += 1
        else:
            assert error.reason in SENTENCES, (error.reason, sentence)
        self.refused[error.reason] = self.refused.get(error.reason, 0) + 1


def run(folder: Path, files: int) -> Reader:
    """Read that many broken files of all kinds in turn, and a tenth as many broken texts from the clipboard."""
    desk = Desk(folder / "data", Vault(MemoryBackend()))
    good = {}
    for kind, (ending, make) in MAKERS.items():
        (folder / kind).mkdir()
        good[kind] = make(folder / kind / f"good.{ending}").read_bytes()
    with closing(desk.new_draft()) as draft:
        reader = Reader(draft)
        for kind in MAKERS:
            path = folder / kind / f"good.{MAKERS[kind][0]}"
            assert reader.survives(path, _options(kind)), kind
        for number, kind in enumerate(_kinds(files)):
            chance = random.Random(f"{kind} {number}")
            path = folder / f"broken.{MAKERS[kind][0]}"
            broken_file(path, good[kind], chance)
            reader.survives(path, _options(kind))
            if number % 10 == 0:
                reader.pastes(mutated(good["csv"], chance).decode("utf-8", "surrogateescape"))
    assert len(reader.workers) <= 1 + reader.aborts
    return reader


def _options(kind: str) -> ReadOptions:
    return ReadOptions(password=PASSWORD if kind.startswith("locked") else None)


def _kinds(files: int) -> Iterator[str]:
    """The kinds in turn, the slow ones once in twenty rounds."""
    given = turn = 0
    while True:
        turn += 1
        for kind in MAKERS:
            if kind in SLOW and turn % 20:
                continue
            if given == files:
                return
            given += 1
            yield kind


def test_that_damaged_bytes_end_in_a_sentence(tmp_path: Path) -> None:
    reader = run(tmp_path, 1_000)
    assert reader.refused.get("damaged", 0) > 100
    assert reader.aborts == 0


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_that_many_damaged_files_end_in_a_sentence(tmp_path: Path) -> None:
    reader = run(tmp_path, 10_000)
    print(reader.refused, "aborts:", reader.aborts, "workers:", len(reader.workers))
    assert reader.refused.get("damaged", 0) > 1_000
    assert reader.aborts < 10
