"""Locks between processes: one writer a run, one sender an account. The system frees them when a process dies."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from gb_desktop.runs.model import RunError
from gb_desktop.text import tr

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOOKERS_LEAVE = 1.0  # seconds: far more than anybody needs who only looks whether a lock is held
_ANOTHER_LOOKER = 0.03
_AGAIN = 0.01


class FileLock:
    """An exclusive lock on a file of the data directory, held until `release` or the process's end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire(self, patience: float = 0.0) -> bool:
        """Take the lock; False when somebody else holds it for `patience` seconds.

        Whoever only looks (`is_locked`) holds it for an instant too: one refusal alone doesn't prove an owner.
        """
        until = time.monotonic() + patience
        while not self._take():
            if time.monotonic() >= until:
                return False
            time.sleep(_AGAIN)
        return True

    def _take(self) -> bool:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        opened = self._path.open("a+b")
        try:
            _lock(opened)
        except OSError:
            opened.close()
            return False
        self._file = opened
        return True

    @property
    def held(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> FileLock:
        if not self.acquire(LOOKERS_LEAVE):
            raise RunError(tr("Another window or command is using {name} now.", name=self._path.stem), "locked")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class LockTogether:
    """Several locks, taken all or none; which they are is asked anew at each try."""

    def __init__(self, paths: Callable[[], Iterable[Path]]) -> None:
        self._paths = paths
        self._held: list[FileLock] = []

    def acquire(self) -> bool:
        """Take them; False when somebody else holds one of them."""
        for path in self._paths():
            lock = FileLock(path)
            if not lock.acquire():
                self.release()
                return False
            self._held.append(lock)
        return True

    def release(self) -> None:
        while self._held:
            self._held.pop().release()


def is_locked(path: Path) -> bool:
    """Whether some process holds the lock now."""
    lock = FileLock(path)
    if lock.acquire(_ANOTHER_LOOKER):
        lock.release()
        return False
    return True


def _lock(opened: IO[bytes]) -> None:
    if sys.platform == "win32":
        opened.seek(0)
        msvcrt.locking(opened.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(opened.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class StopRequest:
    """A note for the process that sends a run: send no more. Left by `stop`, seen by the sender."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def leave(self, also_jobs: bool) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps({"also_jobs": also_jobs}), encoding="utf-8")
        draft.replace(self._path)

    def take(self) -> bool | None:
        """None when there is no request; else whether the jobs are to be stopped too. The note is gone afterwards."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except OSError:
            return None
        self._path.unlink(missing_ok=True)
        return bool(json.loads(text).get("also_jobs")) if text else False
