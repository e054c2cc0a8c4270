"""A disk that is really full: nothing more is sent, what is known stays, and a resume ends the run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from gb_desktop.gameball.model import Connection
from gb_desktop.runs import schema
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.events import ChunkAccepted, Event, RunPaused
from gb_desktop.runs.model import RunError, RunState, SendSettings
from gb_desktop.runs.sender import RESERVE, open_sender
from tests.runs.rig import PRACTICE, sending_of
from tests.runs.stand import Stand, end_of, figures
from tests.runs.stepping import Inbox, Pool

resource = pytest.importorskip("resource", reason="Windows can't limit a file's size")
ROWS = [f"customer-{number}" for number in range(300)]
SIZE = 12 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of twelve megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def sender(stand: Stand) -> tuple[Engine, Path]:
    """An engine with the reserve that `open_sender` keeps, and the reserve."""
    reserve = stand.shelf.folder / f"{stand.run}.reserve"
    reserve.write_bytes(b"\0" * RESERVE)
    db = schema.open_to_write(stand.shelf.path(stand.run))
    pool = Pool()
    sending = sending_of(
        stand.shelf, stand.run, stand.client, db, settings=stand.settings, clock=stand.clock, pool=pool,
        inbox=Inbox(pool, stand.clock),
    )  # fmt: skip
    sending.free_reserve = partial(reserve.unlink, missing_ok=True)
    return Engine(sending, on_close=db.close), reserve


def sent_until(engine: Engine, jobs: int, then: Callable[[], object]) -> list[Event]:
    told = []
    for event in engine.run():
        told.append(event)
        if isinstance(event, ChunkAccepted) and sum(isinstance(one, ChunkAccepted) for one in told) == jobs:
            then()
    return told


def fill(folder: Path) -> None:
    """Leave no byte free."""
    with (folder / "filler").open("wb", buffering=0) as filler:
        for piece in (1 << 16, 1 << 12, 1):
            try:
                while filler.write(b"\0" * piece) == piece:
                    pass
            except OSError:
                continue


def test_that_a_disk_that_fills_up_loses_no_job(small_disk: Path) -> None:
    """Events: a job whose ID was not written down could never be found again."""
    stand = Stand(small_disk, "events", ROWS, chunk_size=2, open_jobs=4)
    engine, reserve = sender(stand)
    last = end_of(sent_until(engine, 20, lambda: fill(small_disk)))
    assert isinstance(last, RunPaused)
    assert (last.reason, "Free some disk space" in last.sentence) == ("disk", True)
    assert not reserve.exists(), "its room was needed"
    sent = sum(stand.server.applied.values())
    assert 40 <= sent < len(ROWS)
    (small_disk / "filler").unlink()
    assert stand.facts.counts.succeeded + stand.facts.counts.resumable == sent
    assert figures(end_of(stand.send()).counts) == {"succeeded": len(ROWS)}
    assert not stand.server.wrongs


def test_that_a_full_disk_is_told_before_anything_is_sent(small_disk: Path) -> None:
    stand = Stand(small_disk, "events", ROWS[:4])
    fill(small_disk)
    connection = Connection("http://127.0.0.1:1", "v4.0", "gb_test_key", "secret")
    with pytest.raises(RunError) as refused:
        open_sender(stand.shelf, stand.run, PRACTICE, connection, SendSettings())
    assert (refused.value.reason, "free" in str(refused.value).lower()) == ("disk", True)
    (small_disk / "filler").unlink()
    assert stand.facts.state is RunState.READY
    assert figures(end_of(stand.send()).counts) == {"succeeded": 4}


def test_that_a_file_that_may_grow_no_more_stops_the_run_with_what_is_known(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", ROWS, chunk_size=1, open_jobs=4)
    engine, _ = sender(stand)
    log = stand.shelf.path(stand.run).with_suffix(".gbrun-wal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        told = sent_until(
            engine, 10, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 9_000, before[1]))
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    last = end_of(told)
    assert isinstance(last, RunPaused)
    assert last.reason == "disk"
    counts = stand.facts.counts
    assert counts.succeeded >= 5
    assert counts.succeeded + counts.unknown >= sum(stand.server.applied.values())
    after = end_of(stand.send()).counts
    assert after.succeeded + after.unknown == len(ROWS)
    assert after.unknown <= 4, "only requests that were under way"
    assert not stand.server.wrongs
