"""A practice service that the system doesn't let start: one sentence, and a run that waits instead of breaking off."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.vault import Vault
from gb_desktop.desk import Desk
from gb_desktop.practice.process import PracticeError, start_practice
from gb_desktop.runs.events import Event, RunFinished, Waiting
from gb_desktop.runs.model import RunError
from tests.runs.rig import planned_run


def in_the_way(folder: Path) -> Path:
    """A folder where the service's log has to be written."""
    place = folder / "practice" / "practice.log"
    place.unlink(missing_ok=True)
    place.mkdir(parents=True)
    return place


def test_that_what_the_system_refuses_is_a_sentence(tmp_path: Path) -> None:
    in_the_way(tmp_path)
    with pytest.raises(PracticeError, match=r"The practice service can't start\. \w"):
        start_practice(tmp_path)
    desk = Desk(tmp_path, Vault(MemoryBackend()))
    with closing(desk), pytest.raises(RunError) as refused:
        desk.facts(desk.accounts.get("Practice"))
    assert refused.value.reason == "keys"


def test_that_a_run_waits_for_a_service_that_can_not_start_again_yet(tmp_path: Path) -> None:
    with closing(Desk(tmp_path, Vault(MemoryBackend()), {"pace": 0, "queue": 0})) as desk:
        account = desk.accounts.get("Practice")
        run = planned_run(desk.shelf, "customers", "ab", account=desk.facts(account))
        engine = desk.sender(run, account, desk.send_settings())
        assert desk._practice is not None
        desk._practice.stop()
        blocked = in_the_way(tmp_path)
        told: list[Event] = []
        for event in engine.run():
            told.append(event)
            if isinstance(event, Waiting) and blocked.is_dir():
                blocked.rmdir()
        assert any(isinstance(event, Waiting) for event in told)
        last = told[-1]
        assert isinstance(last, RunFinished)
        assert last.counts.succeeded == 2
