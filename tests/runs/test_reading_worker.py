"""Reading in the worker process: progress, a private copy, Cancel, and a worker that dies."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.vault import Vault
from gb_desktop.desk import Desk
from gb_desktop.runs.draft import Draft
from gb_desktop.runs.limits import LIMITED, MOST_MEMORY
from gb_desktop.runs.model import Progress, RunError
from gb_desktop.workbook.model import ReadOptions
from tests.e2e.cli_sheets import cashback_rows, write_sheet
from tests.workbook.files import HEADER, header_row, raw_xlsx, xls

ROWS = 30_000


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data", Vault(MemoryBackend()))


@pytest.fixture
def draft(desk: Desk) -> Iterator[Draft]:
    with closing(desk.new_draft()) as made:
        made.set_type("cashback")
        yield made


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sheet(tmp_path_factory.mktemp("large") / "large.xlsx", cashback_rows(ROWS))


def copies(desk: Desk, draft: Draft) -> list[str]:
    folder = desk.shelf.copies(draft.run)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def staged(desk: Desk, draft: Draft) -> int:
    with closing(sqlite3.connect(f"file:{desk.shelf.path(draft.run)}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM rows").fetchone()[0])


def worker(draft: Draft) -> int:
    process = draft._link._process
    assert process is not None
    return process.pid


def reason(error: pytest.ExceptionInfo[RunError]) -> str:
    assert "\n" not in str(error.value)
    return error.value.reason


@pytest.mark.skipif(sys.platform == "win32", reason="niceness is POSIX")
def test_that_reading_and_checking_let_the_window_go_first(draft: Draft) -> None:
    draft.remember_step("type")
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, worker(draft)) == min(ours + 5, 19)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the limits of another process")
def test_that_a_worker_that_is_lost_leaves_no_picture_of_its_memory(draft: Draft) -> None:
    draft.remember_step("type")
    assert "Max core file size 0 0 bytes" in " ".join(Path(f"/proc/{worker(draft)}/limits").read_text().split())


@pytest.mark.skipif(not LIMITED, reason="nothing limits a worker's memory there")
def test_that_a_worker_may_have_so_much_memory_and_no_more(draft: Draft) -> None:
    draft.remember_step("type")
    limits = " ".join(Path(f"/proc/{worker(draft)}/limits").read_text().split())
    assert f"Max address space {MOST_MEMORY} {MOST_MEMORY} bytes" in limits


def test_that_a_private_copy_is_read_and_its_digest_kept(desk: Desk, draft: Draft, tmp_path: Path) -> None:
    file = write_sheet(tmp_path / "march.xlsx", cashback_rows(5))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    draft.look(file, ReadOptions())
    assert copies(desk, draft) == ["march.xlsx"]
    file.unlink()  # a network drive that went away
    assert draft.load(ReadOptions()).rows == 5
    with closing(desk.reader(draft.run)) as reader:
        assert reader.meta("sha256") == digest
    other = write_sheet(tmp_path / "april.xlsx", cashback_rows(5))
    draft.look(other, ReadOptions())
    assert copies(desk, draft) == ["april.xlsx"]


def test_that_every_format_says_how_far_it_is_before_it_has_rows(desk: Desk, draft: Draft, tmp_path: Path) -> None:
    said: list[Progress] = []
    draft.look(
        xls(tmp_path / "old.xls", [HEADER, *((f"C{n}", n, "x") for n in range(500))]), ReadOptions(), said.append
    )
    assert [progress.what for progress in said] == ["copying", "copying", "opening"]
    draft.load(ReadOptions(), said.append)
    assert (said[3].what, said[3].done) == ("reading", 0)


@pytest.mark.parametrize("before", [0, 5])
def test_that_cancel_kills_the_worker_and_leaves_nothing_half_done(
    desk: Desk, draft: Draft, large: Path, tmp_path: Path, before: int
) -> None:
    if before:
        draft.look(write_sheet(tmp_path / "before.xlsx", cashback_rows(before)), ReadOptions())
        assert draft.load(ReadOptions()).rows == before
    draft.look(large, ReadOptions())
    process, asked = worker(draft), [0.0]

    def cancel(progress: Progress) -> None:
        if progress.done > ROWS // 4 and not asked[0]:
            asked[0] = time.monotonic()
            draft.cancel()

    with pytest.raises(RunError) as cancelled:
        draft.load(ReadOptions(), cancel)
    assert reason(cancelled) == "cancelled"
    assert time.monotonic() - asked[0] < 2
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert copies(desk, draft) == []
    assert staged(desk, draft) == before
    assert draft.load(ReadOptions()).rows == ROWS
    assert staged(desk, draft) == ROWS
    assert draft.suggest().mapping.sources


def test_that_cancel_of_a_first_look_leaves_no_copy(desk: Desk, draft: Draft, large: Path) -> None:
    with pytest.raises(RunError) as cancelled:
        draft.look(large, ReadOptions(), lambda _: draft.cancel())
    assert reason(cancelled) == "cancelled"
    assert copies(desk, draft) == []
    assert draft.look(large, ReadOptions()).rows


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL])
def test_that_a_worker_that_dies_is_one_sentence_and_the_draft_goes_on(
    desk: Desk, draft: Draft, large: Path, number: signal.Signals
) -> None:
    draft.look(large, ReadOptions())
    dead: list[int] = []

    def die(progress: Progress) -> None:
        if progress.done > ROWS // 4 and not dead:
            dead.append(worker(draft))
            os.kill(dead[0], number)

    with pytest.raises(RunError) as crashed:
        draft.load(ReadOptions(), die)
    assert reason(crashed) == "crashed"
    assert "stopped unexpectedly" in str(crashed.value)
    assert "Nothing was sent" in str(crashed.value)
    assert copies(desk, draft) == []
    assert draft.load(ReadOptions()).rows == ROWS
    assert worker(draft) != dead[0]


def test_that_a_file_changed_after_a_cancelled_reading_is_not_taken_for_the_one_that_was_seen(
    desk: Desk, draft: Draft, large: Path, tmp_path: Path
) -> None:
    file = tmp_path / "march.xlsx"
    file.write_bytes(large.read_bytes())
    draft.look(file, ReadOptions())
    with pytest.raises(RunError):
        draft.load(ReadOptions(), lambda _: draft.cancel())
    write_sheet(file, cashback_rows(6))
    with pytest.raises(RunError, match=r"march\.xlsx changed since it was opened") as changed:
        draft.load(ReadOptions())
    assert reason(changed) == "changed"
    assert copies(desk, draft) == []


def test_that_a_cancel_that_comes_after_the_end_of_its_call_harms_no_later_one(draft: Draft) -> None:
    for number in range(10):
        draft.paste(f"Customer ID\tAmount\nC-{number}\t5\n")
        draft.cancel()
        assert draft.look(Path("Pasted cells"), ReadOptions(delimiter="\t")).rows[0].values[0] == f"C-{number}"


def test_that_a_file_that_can_not_be_used_leaves_no_copy(desk: Desk, draft: Draft, tmp_path: Path) -> None:
    picture = tmp_path / "photo.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    with pytest.raises(RunError, match="is a picture"):
        draft.look(picture, ReadOptions())
    assert copies(desk, draft) == []


def test_that_a_cell_at_the_end_of_the_grid_is_refused_by_the_same_worker(draft: Draft, tmp_path: Path) -> None:
    """The library would ask for 550 GB and take the process with it."""
    stray = header_row() + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    file = raw_xlsx(tmp_path / "stray.xlsx", stray)
    draft.remember_step("workbook")
    before = worker(draft)
    for _ in range(2):
        with pytest.raises(RunError, match="XFD1048576") as refused:
            draft.look(file, ReadOptions())
        assert reason(refused) == "too-large"
    assert worker(draft) == before


@pytest.mark.parametrize(
    ("path", "said", "words"),
    [
        ("/proc/self/mem", "vanished", "can't be read any more"),  # every read of it fails as that of a lost drive does
        ("/proc/self/status", "changed", "changed while it was read"),
        ("/proc/self", "missing", "is a folder"),
        ("/nowhere/march.xlsx", "missing", "There is no file march.xlsx"),
    ],
)
@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs files that fail as they do on Linux")
def test_that_a_file_that_can_not_be_copied_says_why(
    desk: Desk, draft: Draft, path: str, said: str, words: str
) -> None:
    with pytest.raises(RunError, match=words) as refused:
        draft.look(Path(path), ReadOptions())
    assert reason(refused) == said
    assert os.strerror(errno.EIO) not in str(refused.value)


def test_that_pasted_cells_survive_a_cancel_because_they_are_nowhere_else(desk: Desk, draft: Draft) -> None:
    seen = draft.paste("Customer ID, name\n" + "".join(f"C-{number}, Mona\n" for number in range(1, ROWS + 1)))
    assert [column.header for column in seen.columns] == ["Customer ID, name"]
    with pytest.raises(RunError):
        draft.load(ReadOptions(delimiter=seen.delimiter), lambda _: draft.cancel())
    assert copies(desk, draft) == [str(Path("pasted") / "Pasted rows.tsv")]
    assert draft.load(ReadOptions(delimiter=seen.delimiter)).rows == ROWS
    again = draft.look(Path("Pasted cells"), ReadOptions(header_row=2, delimiter=seen.delimiter))
    assert [column.header for column in again.columns] == ["C-1, Mona"]


def test_that_the_sheet_that_serves_the_batch_type_is_suggested_and_loaded(draft: Draft, tmp_path: Path) -> None:
    import openpyxl

    workbook = openpyxl.Workbook()
    first = workbook["Sheet"]
    first.title = "Customers"
    for row in [("Customer ID", "Email", "First name"), *((f"C{n}", f"{n}@x.com", "Mona") for n in range(50))]:
        first.append(row)
    hidden = workbook.create_sheet("Old")
    hidden.sheet_state = "hidden"
    second = workbook.create_sheet("March")
    for page in (hidden, second):
        for row in cashback_rows(3):
            page.append(row)
    workbook.save(tmp_path / "several.xlsx")
    for batch_type, sheet, rows in (("cashback", "March", 3), ("customers", "Customers", 50)):
        draft.set_type(batch_type)
        seen = draft.look(tmp_path / "several.xlsx", ReadOptions())
        assert seen.sheet == sheet
        loaded = draft.load(ReadOptions())
        assert (loaded.sheet, loaded.rows) == (sheet, rows)
