"""A job that can't be written down is refused, and what was written of it does no harm."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gb_desktop.practice import PracticeServer
from tests.practice.fixtures import EVERYBODY, create, job_of, ledger, practice_settings, status

resource = pytest.importorskip("resource", reason="Windows can't limit a file's size")
ITEMS = [{"customerId": f"C-{number}", "amount": 1} for number in range(10)]


@contextmanager
def full_disk(state: Path, left: int) -> Iterator[None]:
    """No file of this process may grow beyond the state file's size and `left` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (state.stat().st_size + left, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_that_a_job_that_cannot_be_written_down_is_not_accepted(tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    settings = practice_settings(state=state, seed=EVERYBODY)
    with PracticeServer(settings) as server:
        url = server.url
        job = job_of(url, "balance-adjustment", ITEMS[:5])
        status(url, job)
        with full_disk(state, left=40):
            got = create(url, "balance-adjustment", ITEMS)
        assert (got.status, got.json["code"]) == (500, 5000)
        other = job_of(url, "balance-adjustment", ITEMS[5:])
    with PracticeServer(settings) as server:
        url = server.url
        assert [status(url, one)["finishedCount"] for one in (job, other)] == [5, 5]
        assert [one["item"] for one in ledger(url)] == ITEMS
