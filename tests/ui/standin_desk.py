"""The desk itself for tests of single pages: drafts, readers and engines as given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from gb_desktop.mapping.applying import Applied, apply_saved
from gb_desktop.mapping.model import Mapping
from gb_desktop.places import data_dir
from gb_desktop.runs.events import Counts, Event
from gb_desktop.runs.model import (
    AccountFacts,
    ChunkLine,
    ChunkState,
    FailureGroup,
    Outcome,
    Progress,
    RunFacts,
    RunState,
    SendSettings,
)
from gb_desktop.workbook.model import Column
from tests.ui.standin import PRACTICE, StandInDraft, StandInReader, mapping


class StandInControl:
    def __init__(self) -> None:
        self.said: list[str] = []

    def pause(self) -> None:
        self.said.append("pause")

    def resume(self) -> None:
        self.said.append("resume")

    def stop(self, also_jobs: bool = False) -> None:
        self.said.append("stop jobs" if also_jobs else "stop")


class StandInEngine:
    """Yields the events it was given."""

    def __init__(self, events: Sequence[Event], totals: Counts) -> None:
        self.control = StandInControl()
        self._events = events
        self._totals = totals

    def run(self) -> Iterator[Event]:
        yield from self._events

    def counts(self) -> Counts:
        return self._totals

    def close(self) -> None:
        pass


@dataclass
class StandInDesk:
    """Runs, drafts and readers as given."""

    facts_of_runs: list[RunFacts] = field(default_factory=list)
    draft: StandInDraft = field(default_factory=StandInDraft)
    readers: dict[str, StandInReader] = field(default_factory=dict)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)
    events: Sequence[Event] = ()
    names: list[str] = field(default_factory=list)
    unit: str = ""
    folder: Path = field(default_factory=data_dir)

    def _ask(self, what: str, *arguments: Any) -> None:
        self.asked.append((what, *arguments))
        error = self.failing.pop(what, None)
        if error is not None:
            raise error

    def runs(self) -> list[RunFacts]:
        return self.facts_of_runs

    def new_draft(self) -> StandInDraft:
        self._ask("new_draft")
        return self.draft

    def reader(self, run: str) -> StandInReader:
        return self.readers.get(run, self.draft.reader)

    def facts(self, account: Any) -> AccountFacts:
        return replace(PRACTICE, name=account.name, environment=account.environment)

    def sender(self, run: str, account: Any, settings: SendSettings, *, rotated: bool = False) -> StandInEngine:
        self._ask("sender", run, rotated)
        return StandInEngine(self.events, self.reader(run).counts())

    def write_report(self, run: str, out: Path, progress: Callable[[Progress], None]) -> Path:
        self._ask("write_report", run, out)
        return out

    def retry_failed(self, run: str) -> str:
        self._ask("retry_failed", run)
        return "r2"

    def stop_elsewhere(self, run: str) -> None:
        self._ask("stop_elsewhere", run)

    def resolve(self, run: str, how: str, account: Any) -> Counts:
        self._ask("resolve", run, how)
        return self.reader(run).counts()

    def allow_again(self, run: str) -> None:
        self._ask("allow_again", run)

    @property
    def accounts(self) -> Any:
        return SimpleNamespace(remember_unit=self._remember_unit)

    def _remember_unit(self, name: str, unit: str) -> None:
        self._ask("remember_unit", name, unit)
        self.unit = unit

    def send_settings(self) -> SendSettings:
        return SendSettings(chunk_size=500)

    def account_of(self, run: str) -> Any:
        return SimpleNamespace(name="Acme live", environment="live", merge=frozenset(), unit=self.unit)

    def write_template(self, batch_type: str, out: Path) -> None:
        self._ask("write_template", batch_type, out)

    def saved_mappings(self, batch_type: str) -> list[str]:
        return list(self.names)

    def load_mapping(self, key: str, name: str, columns: Sequence[Column]) -> Applied:
        self._ask("load_mapping", name)
        return apply_saved(replace(mapping(), name=name), columns)

    def save_mapping(self, wanted: Mapping, columns: Sequence[Column]) -> None:
        self._ask("save_mapping", wanted)
        self.names.append(wanted.name)

    def delete_mapping(self, key: str, name: str) -> None:
        self._ask("delete_mapping", name)
        self.names.remove(name)

    def import_mapping(self, path: Path, key: str, columns: Sequence[Column]) -> Applied:
        self._ask("import_mapping", path)
        return apply_saved(replace(mapping(), name="Shared"), columns)

    def export_mapping(self, wanted: Mapping, columns: Sequence[Column], path: Path) -> None:
        self._ask("export_mapping", wanted, path)

    def close(self) -> None:
        pass


def finished_reader() -> StandInReader:
    """A run that ended with every outcome there is."""
    totals = Counts(400, succeeded=350, failed=12, already_applied=5, unknown=8, not_sent=5, excluded=20)
    lines = [
        ChunkLine(1, ChunkState.FINISHED, "100001", 10, 10, 10, 0, 0, 1, 1.4),
        ChunkLine(2, ChunkState.FINISHED, "100002", 365, 365, 345, 12, 0, 1, 8.2),
        ChunkLine(3, ChunkState.UNSURE, "", 8, 8, 0, 0, 8, 2, 30.0, "The answer never came."),
    ]
    groups = [
        FailureGroup(Outcome.FAILED, "Customer not found", 9),
        FailureGroup(Outcome.FAILED, "Insufficient points", 3),
        FailureGroup(Outcome.UNKNOWN, "The answer never came.", 8),
    ]
    return StandInReader(RunState.NEEDS_ATTENTION, totals, lines=lines, groups=groups)
