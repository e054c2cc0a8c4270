"""The pipe to a worker process: one call at a time, progress on the way, cancelled by killing it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import IO, Any, TypeVar

from gb_desktop.runs.model import Progress, RunError, Say, silent
from gb_desktop.runs.wire import from_wire, to_wire
from gb_desktop.text import tr

Result = TypeVar("Result")

SECRETS = ("GB_DESKTOP_API_KEY", "GB_DESKTOP_SECRET_KEY")
DEBUG = "GB_DESKTOP_DEBUG"  # set: the worker's tracebacks go to our own standard error
GIVE_WAY = b"give way\n"  # to a worker that is at a call which gives way: another one waits


def own_command(flag: str) -> list[str]:
    """The command line of a process of our own program that does one thing."""
    return [sys.executable, flag] if getattr(sys, "frozen", False) else [sys.executable, "-m", "gb_desktop", flag]


def own_environment() -> dict[str, str]:
    """The environment of such a process: ours without the account's keys."""
    return {key: value for key, value in os.environ.items() if key not in SECRETS}


class WorkerLink:
    """A worker process of our own program, started when first needed and again after a cancel or a crash."""

    def __init__(self, opening: Callable[[WorkerLink], None]) -> None:
        self._opening = opening  # what a fresh worker has to be told first
        self._process: subprocess.Popen[bytes] | None = None
        self._calls = threading.Lock()
        self._asking = threading.Lock()
        self._gives_way = False  # the call under way does
        self._wished = False  # somebody wishes that it did
        self._cancelled = False
        self._killed: subprocess.Popen[bytes] | None = None  # by a cancel, perhaps after its call had ended

    def call(
        self,
        name: str,
        hint: type[Result],
        arguments: Mapping[str, object],
        progress: Say = silent,
        *,
        gives_way: bool = False,
        goes_on: bool = False,
    ) -> Result:
        """Call a command of the worker and wait for its result of type `hint`. RunError for everything it refuses.

        gives_way: the method `give_way` ends it. goes_on: it is the call before once more, a cancel since then ends it.
        """
        with self._calls:
            self._cancelled = self._cancelled and goes_on
            process = self._process
            if process is None or process is self._killed or process.poll() is not None:
                self._start()
            if self._cancelled:  # while there was no worker to kill
                raise self._gone()
            sent = self._giving_way() if gives_way else nullcontext()
            found: Result = self._exchange(name, hint, arguments, progress, sent)
            return found

    def give_way(self) -> None:
        """From any thread: end a call that gives way, under way or about to be; it raises RunError("gave-way") soon."""
        with self._asking:
            self._wished = True
            if self._gives_way:
                self._ask()

    @contextmanager
    def _giving_way(self) -> Iterator[None]:
        with self._asking:
            self._gives_way = True
            if self._wished:
                self._ask()
        try:
            yield
        finally:
            with self._asking:
                self._gives_way = self._wished = False

    def _ask(self) -> None:
        process = self._process
        if process is not None and process.stdin is not None:
            with suppress(OSError, ValueError):  # it is gone, and its call says so
                process.stdin.write(GIVE_WAY)
                process.stdin.flush()

    def cancel(self) -> None:
        """From any thread: kill the worker. The call under way raises RunError at once."""
        self._cancelled = True
        process = self._process
        if process is not None:
            self._killed = process
            process.kill()

    def renew(self) -> None:
        """Kill the worker, between two calls; the next one starts another."""
        with self._calls:
            if self._process is not None:
                self._killed = self._process
                self._process.kill()

    def close(self) -> None:
        """End the worker: its pipe closes, it leaves; killed when it does not within five seconds."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> None:
        self.close()
        errors = None if os.environ.get(DEBUG) else subprocess.DEVNULL
        self._process = subprocess.Popen(
            own_command("--worker"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=own_environment()
        )
        self._opening(self)

    def exchange(self, name: str, arguments: Mapping[str, object]) -> None:
        """A call inside `opening`, while the link is held already."""
        self._exchange(name, type(None), arguments, silent, nullcontext())

    def _exchange(
        self,
        name: str,
        hint: Any,
        arguments: Mapping[str, object],
        progress: Say,
        sent: AbstractContextManager[None],
    ) -> Any:
        """Send a call and wait for its answer inside `sent`."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise self._gone()
        try:
            process.stdin.write(json.dumps({"call": name, "with": to_wire(arguments)}).encode() + b"\n")
            process.stdin.flush()
            with sent:
                return self._answer(process.stdout, hint, progress)
        except (OSError, ValueError, EOFError) as error:
            raise self._gone() from error

    def _answer(self, pipe: IO[bytes], hint: Any, progress: Say) -> Any:
        while line := pipe.readline():
            answer = json.loads(line)
            if "progress" in answer:
                progress(Progress(*answer["progress"]))
            elif "error" in answer:
                raise RunError(answer["error"], answer["reason"])
            else:
                return from_wire(hint, answer["result"])
        raise EOFError

    def _gone(self) -> RunError:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._cancelled:
            return RunError(tr("Cancelled. Nothing was changed."), "cancelled")
        return RunError(
            tr("The process that reads workbooks stopped unexpectedly, perhaps for want of memory. "
               "Nothing was sent; try again, or save the sheet as a new workbook first."),
            "crashed",
        )  # fmt: skip
