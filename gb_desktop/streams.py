"""Standard streams as a command line may find them: closed, full, cut off, or unable to hold a letter."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO, cast


def open_closed() -> None:
    """Put the null device where a standard stream is closed: else the next file that is opened takes its number, and
    what is meant for people is written into it.
    """
    if os.name == "posix":
        for number in range(3):
            try:
                os.fstat(number)
            except OSError:
                os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - it stays open


class Sturdy:
    """A stream that no longer takes what is written when it can't be written: what is told never stops what is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.trouble: OSError | None = None
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")

    def write(self, text: str) -> int:
        self._try(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        self._try(self._stream.flush)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _try(self, work: Callable[[], object]) -> None:
        if self.trouble is None:
            try:
                work()
            except OSError as error:
                self.trouble = error
                self._go_nowhere()

    def _go_nowhere(self) -> None:
        """What Python still holds back for the stream is written to it when the process ends."""
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@contextmanager
def sturdy() -> Iterator[Sturdy]:
    """Output and errors that can't stop a command; gives the output."""
    before = sys.stdout, sys.stderr
    out, err = Sturdy(sys.stdout), Sturdy(sys.stderr)
    sys.stdout, sys.stderr = cast("TextIO", out), cast("TextIO", err)
    try:
        yield out
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr = before
