"""The practice service as a child process of the app: started, found again, ended with its parent."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from types import MappingProxyType
from typing import IO, Any
from urllib.parse import urlsplit

from gb_desktop.practice import portfile
from gb_desktop.practice.command import IN_USE, state_file
from gb_desktop.text import tr

_ANSWER = 2.0  # seconds a running service gets to answer
_GRACE = 5.0  # seconds a stopped one gets to end
_AGAIN = 0.3  # seconds until somebody else's service is looked for again
_NOTHING: Mapping[str, Any] = MappingProxyType({})
if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    _NO_WINDOW = 0


class PracticeError(RuntimeError):
    """The practice service can't be used; the text is one sentence."""


class PracticeProcess:
    """A practice service at `url`: our child, or one that another process of this user runs (`owned` is False)."""

    def __init__(self, url: str, child: subprocess.Popen[bytes] | None = None) -> None:
        self.url = url
        self._child = child

    @property
    def owned(self) -> bool:
        """True when `stop` ends it."""
        return self._child is not None

    @property
    def alive(self) -> bool:
        """True while it runs: for our child a fact, for another's service a question over loopback."""
        if self._child is not None:
            return self._child.poll() is None
        return _hello(self.url) is not None

    def switch(self, changes: Mapping[str, Any]) -> None:
        """Switch the behaviour (names of `settings.Behaviour`); PracticeError when it refuses or doesn't answer."""
        status, answer = _ask(self.url, "POST", "/practice/scenario", json.dumps(dict(changes)))
        if status != 200:
            why = answer.get("message", "") if isinstance(answer, dict) else ""
            raise PracticeError(tr("The practice service can't be switched. {why}", why=why))

    def stop(self) -> None:
        """End our child; another's service is left alone."""
        if self._child is not None:
            _end(self._child)

    def __enter__(self) -> PracticeProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_practice(
    data_dir: Path,
    *,
    dialect: str | None = None,
    scenario: str | None = None,
    seed: Path | None = None,
    behaviour: Mapping[str, Any] = _NOTHING,
    wait: float = 60.0,
) -> PracticeProcess:
    """The practice service of a data directory: the one that runs already, else a new child process.

    `dialect`, `scenario` and `behaviour` (names of `settings.Behaviour`) are switched on either; what isn't given is
    left as it is. The child ends with this process. PracticeError after `wait` seconds or when it can't start.
    """
    state = state_file(data_dir)
    chosen = {"dialect": dialect, "scenario": scenario, **behaviour}
    changes = {name: value for name, value in chosen.items() if value is not None}
    until = time.monotonic() + wait
    found = _running(state)
    while found is None:
        found = _launched(state, seed, until) or _running(state)
        if found is None:
            # Another process was faster and has the state file open, but doesn't answer yet.
            time.sleep(_AGAIN)
    if changes:
        found.switch(changes)
    return found


def _running(state: Path) -> PracticeProcess | None:
    url = portfile.url(state)
    told = _hello(url) if url else None
    if url and told and told.get("state") == str(state.resolve()):
        return PracticeProcess(url)
    return None


def _launched(state: Path, seed: Path | None, until: float) -> PracticeProcess | None:
    """A new child, once it has told its URL; None when it gave up because another has the state file."""
    errors = state.with_name("practice.log")
    try:
        state.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with errors.open("wb") as log:
            child = _spawn([*_ourselves(), *_options(state, seed)], log)
    except OSError as error:  # a full disk, no more processes
        raise PracticeError(_cannot_start(error.strerror or str(error))) from error
    url = _first_line(child, max(0.0, until - time.monotonic()))
    if url:
        return PracticeProcess(url, child)
    _end(child)
    if url is None:
        raise PracticeError(tr("The practice service did not start in time."))
    if child.returncode == IN_USE:
        return None
    why = errors.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
    raise PracticeError(_cannot_start(why))


def _cannot_start(why: str) -> str:
    return tr("The practice service can't start. {why}", why=why)


def _ourselves() -> list[str]:
    """The command that starts this program; a frozen app is its own."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "gb_desktop"]


def _options(state: Path, seed: Path | None) -> Sequence[str]:
    seeded = ["--seed", str(seed)] if seed else []
    return ["practice", "--with-parent", "--state", str(state), *seeded]


def _spawn(command: Sequence[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    # The child's standard input ends when this process does, however it does: that is how the child learns of it.
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, creationflags=_NO_WINDOW
    )


def _first_line(child: subprocess.Popen[bytes], seconds: float) -> str | None:
    """The first line the child says, "" when it ends without a word, None when it says nothing for some seconds."""
    said: SimpleQueue[bytes] = SimpleQueue()

    def listen() -> None:
        if child.stdout:
            said.put(child.stdout.readline())

    Thread(target=listen, name="practice-url", daemon=True).start()
    try:
        return said.get(timeout=seconds).decode("utf-8", "replace").strip()
    except Empty:
        return None


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a child gently, then firmly, and let go of its pipes."""
    if child.stdin:
        child.stdin.close()
    try:
        child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout:
        child.stdout.close()


def _hello(url: str) -> Mapping[str, Any] | None:
    """What the practice service at `url` says about itself, or None when none answers there."""
    try:
        status, answer = _ask(url, "GET", "/practice/hello", None)
    except PracticeError:
        return None
    return answer if status == 200 and isinstance(answer, dict) else None


def _ask(url: str, method: str, path: str, body: str | None) -> tuple[int, Any]:
    """Status and JSON of one request; PracticeError when nothing readable comes back."""
    # http.client knows no proxies: those of the environment must not stand between us and loopback.
    connection = HTTPConnection(urlsplit(url).netloc, timeout=_ANSWER)
    headers = {"Content-Type": "application/json"} if body else {}
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, HTTPException, ValueError) as error:
        raise PracticeError(tr("The practice service at {url} doesn't answer.", url=url)) from error
    finally:
        connection.close()
