"""One run against a model server, with time in the test's hands: for tests of single situations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gb_desktop.catalog import batch_type
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.events import Counts, Event, RunFinished, RunPaused
from gb_desktop.runs.model import AccountFacts, RunFacts, SendSettings
from gb_desktop.runs.shelf import Shelf
from tests.runs.model_server import ModelClient, ModelServer
from tests.runs.rig import PRACTICE, engine_of, outcomes, planned_run
from tests.runs.stepping import Inbox, JumpingClock, Pool


class Stand:
    """A planned run; `send` opens an engine and drives it to its end."""

    def __init__(
        self,
        folder: Path,
        key: str,
        customers: Sequence[str],
        *,
        account: AccountFacts = PRACTICE,
        client: type[ModelClient] = ModelClient,
        **settings: Any,
    ) -> None:
        self.shelf = Shelf(folder / "data")
        self.settings = SendSettings(**{"chunk_size": 2, "look_up_seconds": 0.5, "wait_network": 5.0, **settings})
        self.account = account
        self.run = planned_run(self.shelf, key, customers, account=account, settings=self.settings)
        self.server = ModelServer(batch_type(key))
        self.client = client(self.server)
        self.clock = JumpingClock()

    def engine(self, **more: Any) -> Engine:
        pool = Pool()
        inbox = Inbox(pool, self.clock)
        account = more.pop("account", self.account)
        return engine_of(
            self.shelf, self.run, self.client, account=account, settings=self.settings, clock=self.clock, pool=pool,
            inbox=inbox, **more,
        )  # fmt: skip

    def send(self, **more: Any) -> list[Event]:
        return list(self.engine(**more).run())

    @property
    def outcomes(self) -> dict[int, str]:
        return outcomes(self.shelf, self.run)

    @property
    def facts(self) -> RunFacts:
        return self.shelf.facts(self.run)


def end_of(events: Sequence[Event]) -> RunPaused | RunFinished:
    last = events[-1]
    assert isinstance(last, RunPaused | RunFinished)
    return last


def figures(counts: Counts) -> dict[str, int]:
    names = ("succeeded", "failed", "already_applied", "unknown", "not_sent")
    return {name: count for name in names if (count := getattr(counts, name))}
