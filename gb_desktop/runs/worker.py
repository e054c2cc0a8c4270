"""The worker process: reads, checks and writes workbooks beside the window, so that the window never waits.

It takes one JSON line a call on its standard input and answers on its standard output. It never loads Qt.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import IO, Any, get_type_hints

from gb_desktop.runs.drafting import Drafting
from gb_desktop.runs.limits import collect_by_hand, give_the_window_precedence, leave_no_core, limit_memory
from gb_desktop.runs.link import DEBUG, GIVE_WAY
from gb_desktop.runs.model import RunError
from gb_desktop.runs.wire import from_wire, to_wire
from gb_desktop.text import tr
from gb_desktop.workbook.model import WorkbookError


def serve() -> int:
    """Answer calls until the pipe closes. The exit code is 0."""
    limit_memory()
    leave_no_core()
    give_the_window_precedence()
    collect_by_hand()  # after each call
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing a library prints may reach the pipe
    calls = _Calls(sys.stdin.buffer)
    drafting = Drafting(
        lambda progress: _say(answers, {"progress": [progress.what, progress.done, progress.total]}),
        calls.somebody_waits,
    )
    while line := calls.next(drafting.use_the_time):
        try:
            _say(answers, _answer(drafting, json.loads(line)))
        except BrokenPipeError:
            break
        gc.collect()
    drafting.close()
    return 0


class _Calls:
    """The lines of a pipe, read by a thread of their own, so that the time between two calls can be used."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        threading.Thread(target=self._read, name="calls", daemon=True).start()

    def next(self, use_the_time: Callable[[Callable[[], bool]], bool]) -> bytes:
        """The next call, b"" when the pipe is closed. use_the_time works on as long as it says True."""
        while self._lines.empty() and use_the_time(self.somebody_waits):
            pass
        line = self._lines.get()
        while line == GIVE_WAY:  # to a call that had just ended
            line = self._lines.get()
        return line

    def somebody_waits(self) -> bool:
        """Whether anything came since the last call was taken: a call, the end, or a wish that this one give way."""
        return not self._lines.empty()

    def _read(self) -> None:
        while line := self._pipe.readline():
            self._lines.put(line)
        self._lines.put(b"")


def _answer(drafting: Drafting, request: dict[str, Any]) -> dict[str, Any]:
    try:
        command = drafting.command(request["call"])
        hints = get_type_hints(command)
        arguments = {name: from_wire(hints[name], value) for name, value in request["with"].items()}
        return {"result": to_wire(command(**arguments))}
    except (RunError, WorkbookError) as error:
        return {"error": str(error), "reason": error.reason}
    except MemoryError:
        return {"error": tr("The sheet is too large for this computer's memory."), "reason": "too-large"}
    except Exception as error:  # noqa: BLE001 - a fault of ours must become a sentence, and the run file stays whole
        _to_stderr()
        kind = type(error).__name__
        return {"error": tr("Something unexpected went wrong in the app ({kind}).", kind=kind), "reason": "crashed"}


def _to_stderr() -> None:
    if os.environ.get(DEBUG):
        sys.excepthook(*sys.exc_info())


def _say(answers: IO[bytes], answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()
