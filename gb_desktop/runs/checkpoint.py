"""Copies a run file's write-ahead log into the file itself, in a thread of its own, so that nobody waits for it."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

_WORTH = 4 << 20  # bytes of the log


class Checkpoints:
    """Of one run file, whose writer leaves them to this. To be closed."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._copied = 0  # changes that the connection had made then
        self._thread: threading.Thread | None = None
        connection.execute("PRAGMA wal_autocheckpoint = 0")

    def begin(self) -> None:
        """Copy what is new, if it is worth it; returns at once."""
        changes = self._connection.total_changes
        if changes == self._copied or (self._thread is not None and self._thread.is_alive()):
            return
        with suppress(OSError):
            if self._log.stat().st_size >= _WORTH:
                self._copied = changes
                self._thread = threading.Thread(target=self._copy, name="checkpoint")
                self._thread.start()

    def close(self) -> None:
        """Wait until nothing is under way."""
        if self._thread is not None:
            self._thread.join()

    def _copy(self) -> None:
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(self._path)) as db,
        ):  # what isn't copied now is copied later
            db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
