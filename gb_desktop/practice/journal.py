"""What happened, one JSON line each, so that a killed practice service finds everything it acknowledged.

A line is handed to the operating system before its answer is sent: that outlives a kill of the process at any moment.
It is not forced to the disk (fsync), so a power cut may cost the last lines; nothing real hangs on them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from gb_desktop.catalog import batch_type
from gb_desktop.practice import exact
from gb_desktop.practice.seed import Seed
from gb_desktop.practice.settings import Behaviour
from gb_desktop.practice.state import State
from gb_desktop.text import tr

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

VERSION = 1
_BODY = ',"body":['


class InUseError(OSError):
    """Another practice service has the state file open."""


class Journal(Protocol):
    """Where the lines go."""

    def lines(self) -> Iterator[str]:
        """The lines written so far, oldest first."""

    def append(self, line: str) -> None:
        """Keep one more line; it is safe when this returns."""

    def close(self) -> None:
        """Let others use it."""


class NoJournal:
    """Keeps nothing: the state lives as long as the process."""

    def lines(self) -> Iterator[str]:
        return iter(())

    def append(self, line: str) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is open."""


class FileJournal:
    """A JSON-lines file of mode 0600 that only one process may have open.

    InUseError when another has, ValueError with one sentence when it can't be opened.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._file = path.open("r+b", buffering=0)
        except OSError as error:
            why = error.strerror or str(error)
            raise ValueError(tr("The practice state file {path} can't be used: {why}.", path=path, why=why)) from error
        try:
            _lock(self._file)
        except OSError:
            self._file.close()
            raise InUseError(tr("Another practice service is using {path}.", path=path)) from None

    def lines(self) -> Iterator[str]:
        """The whole lines; what a kill left of a last one was never acknowledged and is cut off."""
        whole = 0
        self._file.seek(0)
        with open(self._file.fileno(), "rb", closefd=False) as reader:
            for line in reader:
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                yield line.decode("utf-8", "surrogateescape")
        self._file.truncate(whole)
        self._file.seek(whole)

    def append(self, line: str) -> None:
        whole = self._file.tell()
        left = memoryview(line.encode("utf-8") + b"\n")
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            # On a full disk part of the line may stand there: the next one must not continue it.
            self._file.truncate(whole)
            self._file.seek(whole)
            raise

    def close(self) -> None:
        self._file.close()


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        # Far behind the end: a lock there keeps nobody from reading the file.
        file.seek(2**40)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def opened(seed: Seed) -> str:
    """The first line of a journal."""
    return exact.write({"do": "open", "version": VERSION, "seed": seed.to_json()})


def behaved(at: float, behaviour: Behaviour) -> str:
    return json.dumps({"do": "behave", "at": at, "behaviour": behaviour.to_json()})


def accepted(at: float, account: str, kind: str, items: Sequence[tuple[Any, str]]) -> str:
    """A job's line: its items stand last, each as received."""
    head = json.dumps({"do": "job", "at": at, "account": account, "type": kind})
    return head[:-1] + _BODY + ",".join(text for _, text in items) + "]}"


def stopped(at: float, job: int) -> str:
    return json.dumps({"do": "stop", "at": at, "job": job})


def ticked(at: float) -> str:
    """Somebody saw what was carried out until `at`: it stays carried out, whatever the clock says later."""
    return json.dumps({"do": "tick", "at": at})


def replay(lines: Iterator[str]) -> State | None:
    """The state that the lines of a journal lead to; None when there are none.

    ValueError with one sentence when they are not a journal, or a newer one.
    """
    first = next(lines, None)
    if first is None:
        return None
    state = State(_seed_of(first))
    for number, line in enumerate(lines, start=2):
        try:
            _redo(state, line)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(tr("Line {number} of the practice state file is damaged.", number=number)) from error
    return state


def _seed_of(line: str) -> Seed:
    try:
        head = exact.read(line)
        version, seed = head["version"], head["seed"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(tr("The practice state file was not written by GB Desktop.")) from error
    if version > VERSION:
        raise ValueError(tr("The practice state file was written by a newer version of GB Desktop."))
    return Seed.from_json(seed)


def _redo(state: State, line: str) -> None:
    line.encode("utf-8")  # raises for bytes that were no UTF-8
    head, body, items = line.partition(_BODY)
    event = json.loads(head + "}" if body else line)
    at = event["at"]
    match event["do"]:
        case "job":
            state.accept(at, event["account"], batch_type(event["type"]), list(exact.cut('{"body":[' + items)))
        case "behave":
            state.behave(at, Behaviour().switched(event["behaviour"]))
        case "stop":
            state.stop(at, state.jobs[event["job"]])
        case "tick":
            state.advance(at)
        case other:
            raise ValueError(other)
