"""A draft inside the worker process: what its commands share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from gb_desktop.catalog import BatchType, batch_type
from gb_desktop.checking.model import CheckContext
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.model import CheckSummary, Loaded, Progress, RunError, Say
from gb_desktop.runs.store import RunStore
from gb_desktop.runs.wire import from_wire
from gb_desktop.text import tr
from gb_desktop.workbook.model import Column


def never() -> bool:
    """Nobody waits."""
    return False


@dataclass
class Drafted:
    """The open run file, and where things beside it are."""

    say: Say
    opened: RunStore | None = None
    copies: Path = field(default_factory=Path)
    ledger: Path = field(default_factory=Path)
    mappings: Path = field(default_factory=Path)
    somebody_waits: Callable[[], bool] = never

    @contextmanager
    def giving_way(self) -> Iterator[None]:
        """What happens inside ends with RunError(reason="gave-way") soon after another call has come."""
        say = self.say

        def unless_somebody_waits(progress: Progress) -> None:
            if self.somebody_waits():
                raise RunError(tr("Something else was asked for meanwhile."), "gave-way")
            say(progress)

        self.say = unless_somebody_waits
        try:
            yield
        finally:
            self.say = say

    @property
    def store(self) -> RunStore:
        if self.opened is None:
            raise RunError(tr("No run is open."), "state")
        return self.opened

    @property
    def type(self) -> BatchType:
        key = self.store.meta.get("type", "")
        if not key:
            raise RunError(tr("Choose the batch type first."), "options")
        return batch_type(key)

    def loaded(self) -> Loaded:
        kept = self.store.meta.get("loaded")
        if kept is None:
            raise RunError(tr("Load a workbook first."), "options")
        found: Loaded = from_wire(Loaded, kept)
        return found

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.loaded().columns

    def mapping(self) -> Mapping:
        kept = self.store.meta.get("mapping")
        if kept is None:
            raise RunError(tr("Map the columns first."), "options")
        return Mapping.from_json(kept)

    def use_mapping(self, mapping: Mapping) -> None:
        """Keep a mapping. Where it says anything else than the last one, what that one's check found is void."""
        kept = self.store.meta.get("mapping")
        with self.store.transaction():
            if kept is None or _without_name(Mapping.from_json(kept)) != _without_name(mapping):
                self.store.forget_check()
            self.store.meta.set("mapping", mapping.to_json())

    def standing(self) -> CheckSummary | None:
        """The last check's summary, if no row has changed since."""
        kept = None if self.store.meta.get("stale") else self.store.meta.get("summary")
        return None if kept is None else from_wire(CheckSummary, kept)

    def context(self, now_ms: int | None = None) -> CheckContext:
        """What a check needs beside sheet and mapping; its `now` is fixed here unless an earlier one holds."""
        meta = self.store.meta
        return CheckContext(
            sheet=self.loaded().sheet,
            now_ms=now_ms or time.time_ns() // 1_000_000,
            merge=frozenset(meta.get("merge", [])),
            rows=meta.get("rows_choice"),
        )

    def close(self) -> None:
        if self.opened is not None:
            self.opened.close()
            self.opened = None


def _without_name(mapping: Mapping) -> Mapping:
    return replace(mapping, name="", changes=())
