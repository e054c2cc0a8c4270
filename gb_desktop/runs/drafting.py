"""The commands that a worker process takes for its draft, by name."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gb_desktop.runs.draft_anew import AnewCommands
from gb_desktop.runs.draft_check import CheckCommands
from gb_desktop.runs.draft_finish import FinishCommands
from gb_desktop.runs.draft_replay import ReplayCommands
from gb_desktop.runs.draft_sheet import SheetCommands
from gb_desktop.runs.drafted import Drafted, never
from gb_desktop.runs.model import RunError, RunState, Say
from gb_desktop.runs.rechecking import make_an_index
from gb_desktop.runs.schema import open_to_read
from gb_desktop.runs.store import RunStore
from gb_desktop.text import tr


class Drafting:
    """One draft. A command is a public method of one of its parts; nothing else can be called."""

    def __init__(self, say: Say, somebody_waits: Callable[[], bool] = never) -> None:
        self._drafted = Drafted(say, somebody_waits=somebody_waits)
        self._reading = False
        check = CheckCommands(self._drafted)
        self._parts = (
            SheetCommands(self._drafted), check, ReplayCommands(self._drafted, check), FinishCommands(self._drafted),
            AnewCommands(self._drafted),
        )  # fmt: skip

    def command(self, name: str) -> Callable[..., Any]:
        """The method that a call of the pipe names."""
        if name == "open":
            return self.open
        for part in self._parts:
            if not name.startswith("_") and callable(found := getattr(part, name, None)):
                return found  # type: ignore[no-any-return]
        raise RunError(tr("The reading process does not know {name}.", name=name), "crashed")

    def open(self, path: Path, copies: Path, ledger: Path, mappings: Path, reading: bool) -> None:
        """Open the run file; the first call of every worker. reading: beside the engine, which writes."""
        self.close()
        drafted = self._drafted
        self._reading = reading
        drafted.opened = RunStore(open_to_read(path)) if reading else _opened_to_change(path)
        drafted.copies, drafted.ledger, drafted.mappings = copies, ledger, mappings

    def use_the_time(self, somebody_waits: Callable[[], bool]) -> bool:
        """Do something that makes a later call faster; False when nothing is left to do, or somebody waits."""
        if self._drafted.opened is None or self._reading:
            return False
        self._drafted.opened.use_the_time()
        try:
            return make_an_index(self._drafted, somebody_waits)
        except (RunError, ValueError, sqlite3.Error):  # it is made when it is needed, and its error is said then
            return False

    def close(self) -> None:
        self._drafted.close()


def _opened_to_change(path: Path) -> RunStore:
    """A run that nothing was sent of. A planned one stays so until something of it changes: see `RunStore.unplan`."""
    store = RunStore.open(path)
    try:
        if store.meta.state() not in (RunState.DRAFT, RunState.READY):
            raise RunError(tr("This run was sent already: open it under Runs."), "state")
    except RunError:
        store.close()
        raise
    return store
