"""When an account's requests left, for the process that sends next: Gameball counts those of all processes."""

from __future__ import annotations

import secrets
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zlib import crc32

_RECORD = struct.Struct("<qII")  # UTC milliseconds, the server's address, the process
_RECORDS = 1024  # beyond the requests of the longest window
_LONGEST = 60.0  # seconds: older ones count nowhere


class PaceMemory:
    """A ring in a small file, written before each request goes: what a killed process sent is known too.

    One process at a time sends for an account; where two do all the same, some records may be lost, and no more.
    `server`: the address that the requests go to. `wall` is UTC seconds.
    """

    def __init__(self, path: Path, server: str, wall: Callable[[], float] = time.time) -> None:
        self._path = path
        self._server = crc32(server.encode())
        self._process = secrets.randbits(32)
        self._wall = wall
        self._next: int | None = None

    def note(self) -> None:
        """A request goes now. A disk that refuses this changes nothing for the request."""
        record = _RECORD.pack(int(self._wall() * 1000), self._server, self._process)
        with suppress(OSError):
            if self._next is None:
                self._next = self._after_newest()
            self._path.touch(mode=0o600)
            with self._path.open("r+b", buffering=0) as file:
                file.seek(self._next * _RECORD.size)
                file.write(record)
            self._next = (self._next + 1) % _RECORDS

    def ages(self) -> list[float]:
        """Seconds since each of the last requests of other processes."""
        now = self._wall()
        ages = [
            max(0.0, now - at / 1000)  # a clock that was set back a little: as if it went now
            for at, server, process in self._records()
            if server == self._server and process != self._process and abs(now - at / 1000) < _LONGEST
        ]
        self._next = None  # they wrote since
        return ages

    def _records(self) -> list[tuple[int, int, int]]:
        with suppress(OSError):
            content = self._path.read_bytes()
            return list(_RECORD.iter_unpack(content[: len(content) // _RECORD.size * _RECORD.size]))
        return []

    def _after_newest(self) -> int:
        times = [at for at, _, _ in self._records()]
        if len(times) < _RECORDS:
            return len(times)
        return (times.index(max(times)) + 1) % _RECORDS
