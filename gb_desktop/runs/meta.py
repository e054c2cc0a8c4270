"""A run's own facts: small named values in the run file, each with its type."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
from typing import Any

from gb_desktop.runs.events import Counts
from gb_desktop.runs.model import RunFacts, RunState
from gb_desktop.runs.schema import newer

_LONE = re.compile("[\ud800-\udfff]")


def now_iso() -> str:
    """The time now, UTC, ISO 8601 to the second."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Meta:
    """Named JSON values of one run file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, key: str, default: Any = None) -> Any:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return default if row is None else json.loads(row[0])

    def set(self, key: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if _LONE.search(text):  # half of a character, which no database keeps as it is
            text = json.dumps(value, separators=(",", ":"))
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, text))

    def update(self, **values: Any) -> None:
        for key, value in values.items():
            self.set(key, value)

    def state(self) -> RunState:
        """The run's state. RunError(reason="newer") for one that only a newer version knows."""
        return _state(self.get("state", RunState.DRAFT.value), self.get("run", ""))

    def log(self, sentence: str) -> None:
        """A line in the run's log."""
        self._connection.execute("INSERT INTO log (at, sentence) VALUES (?, ?)", (now_iso(), sentence))

    def facts(self) -> RunFacts:
        """The run's facts as lists and headers show them. RunError(reason="newer") as for `state`."""
        values = {key: json.loads(value) for key, value in self._connection.execute("SELECT key, value FROM meta")}
        account = values.get("account") or {}
        return RunFacts(
            run=values.get("run", ""),
            state=_state(values.get("state", RunState.DRAFT.value), values.get("run", "")),
            type=values.get("type", ""),
            created=values.get("created", ""),
            file=values.get("file", ""),
            sheet=values.get("sheet", ""),
            account=account.get("name", ""),
            environment=account.get("environment", ""),
            step=values.get("step", "type"),
            counts=Counts(**values.get("counts", {})),
            stopped=bool(values.get("stopped", False)),
            sentence=values.get("sentence", ""),
            finished=values.get("finished", ""),
            seconds=float(values.get("seconds", 0.0)),
        )


def _state(word: Any, run: str) -> RunState:
    if word not in set(RunState):
        raise newer(run)
    return RunState(word)
