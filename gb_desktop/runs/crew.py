"""Processes beside the worker that check some of a long sheet's batches, so that every processor has work.

Each reads the run file by itself; a batch goes over as its span and comes back checked. What one of them does not
answer is done here, so a check never depends on them. They end when their pipe closes, and so with the worker.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

from gb_desktop.checking.checked import Checked, CheckFacts
from gb_desktop.runs.link import own_command, own_environment
from gb_desktop.runs.staged import Span

FLAG = "--check-beside"
MOST = 2  # processes: beside more, this one would be busy writing
_WORTH = 15  # batches from which starting one pays
_ASKED = 4  # batches that each has to do at a time: this process may be waiting for its writer
_AHEAD = 6  # batches that are kept while an earlier one is waited for

Own = Callable[[Span], Checked]


def helpers(batches: int) -> int:
    """How many processes are to help with so many batches."""
    return min(MOST, (os.cpu_count() or 1) - 1) if batches >= _WORTH else 0


def checked_together(
    path: Path, facts: CheckFacts, spans: Sequence[Span], own: Own, processes: int
) -> Iterator[Checked]:
    """All spans of a run file, checked in order by `own` and by so many processes."""
    with ExitStack() as stack:
        answers: SimpleQueue[tuple[Helper, Checked | None]] = SimpleQueue()
        crew = [stack.enter_context(closing(Helper(path, facts, answers))) for _ in range(processes)]
        yield from _Sharing(spans, own, crew, answers).results()


class Helper:
    """One process. Every answer of it is put into the queue; None when it is gone."""

    def __init__(self, path: Path, facts: CheckFacts, answers: SimpleQueue[tuple[Helper, Checked | None]]) -> None:
        self.asked: deque[int] = deque()  # numbers of spans, in the order of their answers
        self.gone = False
        self._answers = answers
        self._process = subprocess.Popen(
            own_command(FLAG), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=own_environment(),
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, name="helper", daemon=True)
        self._reader.start()
        self._send((path, facts))

    def ask(self, number: int, span: Span) -> None:
        """Give it one span more."""
        self.asked.append(number)
        self._send(span)

    def close(self) -> None:
        """End it, whatever it is doing: it only reads."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _send(self, what: object) -> None:
        pipe = self._process.stdin
        with suppress(OSError):  # it is gone, and the reader says so
            if pipe is not None:
                pickle.dump(what, pipe)
                pipe.flush()

    def _read(self) -> None:
        try:
            while self._process.stdout is not None:
                self._answers.put((self, receive(self._process.stdout, Checked)))
        except Exception:  # noqa: BLE001 - closed, cut off, not an answer, want of memory: it is of no more use
            self._answers.put((self, None))


def receive(pipe: IO[bytes], _kind: Any) -> Any:
    """The next object of a pipe between two processes of our own; EOFError when it is closed."""
    return pickle.load(pipe)  # noqa: S301 - nobody else can write to it


class _Sharing:
    """Gives spans to helpers, does the others here, and brings them into order."""

    def __init__(
        self,
        spans: Sequence[Span],
        own: Own,
        crew: Sequence[Helper],
        answers: SimpleQueue[tuple[Helper, Checked | None]],
    ) -> None:
        self._spans = spans
        self._own = own
        self._crew = crew
        self._answers = answers
        self._next = 0  # the first span that nobody has
        self._back: list[int] = []  # spans of helpers that are gone
        self._done: dict[int, Checked] = {}

    def results(self) -> Iterator[Checked]:
        for number in range(len(self._spans)):
            while number not in self._done:
                self._give_out()
                if not self._arrived(wait=False) and not self._did_one(number):
                    self._arrived(wait=True)
            yield self._done.pop(number)

    def _give_out(self) -> None:
        for helper in self._crew:
            while not helper.gone and len(helper.asked) < _ASKED and self._next < len(self._spans):
                helper.ask(self._next, self._spans[self._next])
                self._next += 1

    def _arrived(self, wait: bool) -> bool:
        """Take one answer, if there is one."""
        try:
            helper, answer = self._answers.get(block=wait)
        except Empty:
            return False
        if answer is None:
            helper.gone = True
            self._back += helper.asked
        else:
            self._done[helper.asked.popleft()] = answer
        return True

    def _did_one(self, wanted: int) -> bool:
        """Check one span here; False when all are given out, or enough of them wait for an earlier one."""
        if self._back:
            number = self._back.pop(0)
        elif self._next < len(self._spans) and (self._next == wanted or len(self._done) < _AHEAD):
            number, self._next = self._next, self._next + 1
        else:
            return False
        self._done[number] = self._own(self._spans[number])
        return True
