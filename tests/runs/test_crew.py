"""A long sheet is checked by several processes as it is by one, whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

import pytest

from gb_desktop.checking.check import batch_checker
from gb_desktop.checking.checked import Checked, CheckFacts
from gb_desktop.mapping.model import Settings
from gb_desktop.runs import schema
from gb_desktop.runs.crew import Helper, checked_together, helpers
from gb_desktop.runs.draft import Draft
from gb_desktop.runs.model import Progress, RunError
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.staged import ROWS, Span, Staged
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.model import Mark, Marked, ReadOptions, Row, RowFlag, Value
from tests.bench.staging import ACCOUNT
from tests.checking.sheets import CONTEXT, columns, mapping_of
from tests.e2e.cli_sheets import cashback_rows, write_sheet

HEADERS = ("Customer", "Transaction", "Time", "Amount")
MAPPING = mapping_of(
    "cashback",
    Settings(timezone="Africa/Cairo", decimal="."),
    customerId="Customer",
    transactionId="Transaction",
    transactionTime="Time",
    amount="Amount",
)
FACTS = CheckFacts("cashback", tuple(columns(*HEADERS)), MAPPING, CONTEXT, ())
BATCHES = 12
ODD: tuple[Value, ...] = (None, "nonsense", -1.0, "  7 ", Marked(Mark.ERROR, None, "#N/A"))


def _rows() -> Iterator[Row]:
    for number in range(2, 2 + BATCHES * ROWS - 700):
        amount = ODD[number // 997 % len(ODD)] if number % 997 == 0 else number / 4
        customer = f" C{number % 50}" if number % 400 == 0 else f"C{number % 50}"
        flag = RowFlag.HIDDEN if number % 3001 == 0 else RowFlag.DATA
        yield Row(number, [customer, f"T{number}", "2025-11-01 10:00", amount], flag)


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shelf = Shelf(tmp_path_factory.mktemp("runs"))
    path = shelf.path(shelf.create())
    with closing(RunStore.open(path)) as store:
        store.stage(_rows())
        store.connection.execute("INSERT INTO left_out VALUES (17), (9000)")
    return path


def _checked(path: Path, processes: int, at: Callable[[int], None] = lambda number: None) -> list[Checked]:
    with closing(schema.open_to_read(path)) as db:
        staged, checker = Staged(db), batch_checker(FACTS)
        found: list[Checked] = []

        def own(span: Span) -> Checked:
            return checker.checked(staged.batch(span))

        for one in checked_together(path, FACTS, staged.spans(), own, processes):
            at(len(found))
            found.append(one)
        return found


def _told(found: Sequence[Checked]) -> list[object]:
    return [
        (one.rows, [list(part) for part in one.parts], sorted(one.changes.items()), sorted(map(str, one.types.items())))
        for one in found
    ]


@pytest.mark.parametrize("processes", [1, 2])
def test_that_several_processes_find_what_one_finds(run_file: Path, processes: int) -> None:
    alone, together = _checked(run_file, 0), _checked(run_file, processes)

    assert len(alone) == BATCHES
    assert sum(one.changes.total() for one in alone) > 20
    assert _told(together) == _told(alone)


def _helper_processes(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            is_child = int(status.read_text().rpartition(")")[2].split()[1]) == parent
            if is_child and b"--check-beside" in status.with_name("cmdline").read_bytes():
                found.append(int(status.parent.name))
        except OSError:
            continue  # it has just ended
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_that_a_helper_that_dies_loses_nothing(run_file: Path) -> None:
    killed: list[int] = []

    def at(number: int) -> None:
        if number == 1:
            killed.extend(_helper_processes(os.getpid()))
            for process in killed:
                os.kill(process, signal.SIGKILL)

    found = _checked(run_file, 2, at)

    assert len(killed) == 2
    assert _told(found) == _told(_checked(run_file, 0))
    assert not _helper_processes(os.getpid())


def test_that_a_helper_that_can_not_read_the_run_file_says_that_it_is_gone(tmp_path: Path) -> None:
    answers: SimpleQueue[tuple[Helper, Checked | None]] = SimpleQueue()
    with closing(Helper(tmp_path / "missing.sqlite", FACTS, answers)) as helper:
        helper.ask(0, (1, ROWS))

        assert answers.get(timeout=30) == (helper, None)


ANSWERS_NONSENSE = "import sys; sys.stdout.buffer.write(b'cno_such_module\\nX\\n.'); sys.stdout.buffer.flush()"


def test_that_a_helper_whose_answer_can_not_be_read_is_gone(
    run_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(ANSWERS_NONSENSE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))

    assert _told(_checked(run_file, 1)) == _told(_checked(run_file, 0))


def test_that_a_short_sheet_is_not_worth_another_process() -> None:
    assert helpers(3) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_that_cancelling_a_check_ends_the_helpers_too(tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "long.xlsx", cashback_rows(20 * ROWS))
    shelf = Shelf(tmp_path / "data")
    seen: list[int] = []
    with closing(Draft(shelf, shelf.create())) as draft:
        draft.set_type("cashback")
        draft.look(sheet, ReadOptions())
        draft.load(ReadOptions())

        def cancel(progress: Progress) -> None:
            process = draft._link._process
            assert process is not None
            if progress.done and not seen:
                seen.extend(_helper_processes(process.pid))
                draft.cancel()

        with pytest.raises(RunError, match="Cancelled"):
            draft.check(draft.suggest().mapping, ACCOUNT, cancel)

        assert len(seen) == helpers(20)
        until = time.monotonic() + 30
        while any(Path(f"/proc/{one}/cmdline").exists() and _is_helper(one) for one in seen):
            assert time.monotonic() < until, "a helper outlived the worker"


def _is_helper(process: int) -> bool:
    try:
        return b"--check-beside" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def test_that_the_log_of_a_run_file_is_copied_while_nobody_waits(tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "long.xlsx", cashback_rows(20_000))
    shelf = Shelf(tmp_path / "data")
    run = shelf.create()
    with closing(Draft(shelf, run)) as draft:
        draft.set_type("cashback")
        draft.look(sheet, ReadOptions())
        draft.load(ReadOptions())
        draft.check(draft.suggest().mapping, ACCOUNT)

        log = shelf.path(run).with_name(f"{shelf.path(run).name}-wal")
        until = time.monotonic() + 30
        while shelf.path(run).stat().st_size < log.stat().st_size // 4:
            assert time.monotonic() < until, "the log was never copied"
