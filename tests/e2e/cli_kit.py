"""The command line seen from outside: real processes, a practice service beside them, and what both left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import pytest

from gb_desktop.practice import KeyPair, PracticeServer
from tests.practice.fixtures import EVERYBODY, ledger, practice_settings

TEST_KEYS = KeyPair("gb_test_e2e_7f3a91c4d2", "e2e-hush-b85d0c6e17", account="test")
LIVE_KEYS = KeyPair("gb_live_e2e_19ac55e0f8", "e2e-hush-44c1f07b2a", account="live")
PLAIN_KEYS = KeyPair("e2e_of_no_kind_8c2f6d", "e2e-hush-90d7e3ab55", account="live")  # environment unknown
ALL_KEYS = (TEST_KEYS, LIVE_KEYS, PLAIN_KEYS)
ROOT = Path(__file__).resolve().parents[2]  # what is tested is the program beside these tests
OUTCOMES = ("succeeded", "failed", "already_applied", "unknown", "not_sent", "excluded")
SUMMARY = {"run", "state", "stopped", "type", "rows", *OUTCOMES, "chunks", "jobs", "report", "seconds"}
LISTED = {"run", "state", "type", "account", "file", "created", "rows", *OUTCOMES}
CHECKED = {"rows", "valid", "invalid", "excluded", "hidden", "mapping", "columns", "problems", "totals"}
PROBLEM = {"code", "severity", "field", "count", "message", "cells"}

Found = TypeVar("Found")

# For `pytest.mark.parametrize` and as decorators: what only the full profile runs.
FULL = (pytest.mark.full, pytest.mark.skipif("GB_DESKTOP_FULL" not in os.environ, reason="a large profile"))


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON value it must be."""
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The last line of standard error, where a refusal stands."""
        lines = self.err.strip().splitlines()
        return lines[-1] if lines else ""


@dataclass(frozen=True)
class Desktop:
    """`gb-desktop` with its own data directory, home and environment; `folder` holds all it may write."""

    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def at(self, url: str, keys: KeyPair = TEST_KEYS, **more: str) -> Desktop:
        """The same desktop with `--account env` meaning this address and these keys; `unit` is the adjustments'."""
        env = {
            "GB_DESKTOP_API_KEY": keys.api_key,
            "GB_DESKTOP_SECRET_KEY": keys.secret_key,
            "GB_DESKTOP_BASE_URL": url,
            **{f"GB_DESKTOP_{name.upper()}": value for name, value in more.items()},
        }
        return replace(self, env={**self.env, **env})

    def start(
        self, *arguments: str | Path, stdin: int = subprocess.PIPE, stderr: int = subprocess.PIPE, redirected: str = ""
    ) -> subprocess.Popen[str]:
        """A command under way; `finished` waits for it. stdin, stderr: as Popen takes them; redirected: by a shell."""
        for needed in (self.folder / "home", self.folder / "tmp"):
            needed.mkdir(parents=True, exist_ok=True)
        env = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONPATH": str(ROOT),
            "GB_DESKTOP_DATA_DIR": str(self.data),
            **self.env,
        }
        shell = ["sh", "-c", f'exec "$@" {redirected}', "sh"] if redirected else []
        return subprocess.Popen(
            [*shell, sys.executable, "-m", "gb_desktop", *map(str, arguments)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=self.folder,
            env=env,
            text=True,
            encoding="utf-8",
        )

    def run(self, *arguments: str | Path, stdin: str = "") -> Ran:
        return finished(self.start(*arguments), stdin)

    def submit(self, file: Path, batch_type: str, *options: str | Path) -> Ran:
        return self.run(*submission(file, batch_type), *options)

    def check(self, file: Path, batch_type: str, *options: str | Path) -> Ran:
        return self.run("check", file, "--type", batch_type, "--json", *options)

    def runs(self) -> list[dict[str, Any]]:
        ran = self.run("runs", "--json")
        assert ran.code == 0, ran.err
        return list(ran.json)

    def only_run(self) -> str:
        """The name of the one run file, without asking the program; "" while there is none."""
        found = sorted(self.data.glob("runs/*.gbrun"))
        assert len(found) < 2, found
        return found[0].stem if found else ""


def submission(file: Path, batch_type: str) -> tuple[str | Path, ...]:
    return ("submit", file, "--type", batch_type, "--account", "env", "--json")


def finished(process: subprocess.Popen[str], stdin: str = "", seconds: float = 90.0) -> Ran:
    """What a command said and how it ended. Never a traceback and never a key."""
    try:
        out, err = process.communicate(stdin, timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"The command did not end in {seconds} s.\n{err}") from None
    assert "Traceback" not in out + err, err
    for keys in ALL_KEYS:
        assert keys.api_key not in out + err
        assert keys.secret_key not in out + err
    return Ran(process.returncode, out, err)


def killed(process: subprocess.Popen[str]) -> None:
    """End a command as a power cut would."""
    process.send_signal(signal.SIGKILL)
    process.communicate()


def until(told: Callable[[], Found], what: str, seconds: float = 30.0) -> Found:
    """The first truthy answer; AssertionError naming what was waited for."""
    end, pause = time.monotonic() + seconds, Event()
    while not (found := told()):
        assert time.monotonic() < end, f"Not in {seconds} s: {what}"
        pause.wait(0.01)
    return found


def adds_up(summary: Mapping[str, Any], **expected: Any) -> None:
    """A summary of `submit` or `resume`: its keys, its sum, and the figures given; outcomes not given are 0."""
    assert set(summary) == SUMMARY
    assert sum(summary[name] for name in OUTCOMES) == summary["rows"]
    wanted = {**dict.fromkeys(OUTCOMES, 0), **expected}
    assert {name: summary[name] for name in wanted} == wanted


def applied(server: PracticeServer, endpoint: str) -> list[Any]:
    """The items that were carried out for an endpoint, in order, numbers exact."""
    return [entry["item"] for entry in ledger(server.url) if entry["endpoint"] == endpoint]


def secrets_in(folder: Path) -> list[Path]:
    """The files below a folder that hold a key, in any of the usual encodings."""
    words = [word for keys in ALL_KEYS for word in (keys.api_key, keys.secret_key)]
    needles = [word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le")]
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if any(needle in path.read_bytes() for needle in needles)]


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A desktop that has never been used; in the end no file of it may hold a key."""
    yield Desktop(tmp_path)
    assert secrets_in(tmp_path) == []


GameballFactory = Callable[..., PracticeServer]
Start = Callable[[Desktop], subprocess.Popen[str]]  # starts a command on a desktop made for it alone


@pytest.fixture
def gameball() -> Iterator[GameballFactory]:
    """Starts practice services that know everybody and the keys above: `gameball(dialect="b")`."""
    with ExitStack() as running:

        def start(**changes: Any) -> PracticeServer:
            settings = practice_settings(**{"keys": ALL_KEYS, "seed": EVERYBODY, **changes})
            return running.enter_context(PracticeServer(settings))

        yield start


def together(commands: Sequence[subprocess.Popen[str]]) -> list[Ran]:
    """The ends of commands that were started side by side."""
    return [finished(command) for command in commands]


AT_ONCE = 3


def side_by_side(desktop: Desktop, starts: Mapping[str, Start]) -> Iterator[tuple[str, Desktop, Ran]]:
    """Run commands some at a time, each on a desktop of its own: (name, its desktop, how it ended)."""
    names = list(starts)
    for first in range(0, len(names), AT_ONCE):
        batch = []
        for number, name in enumerate(names[first : first + AT_ONCE], start=first):
            own = replace(desktop, folder=desktop.folder / str(number))
            own.folder.mkdir()
            batch.append((name, own, starts[name](own)))
        for name, own, process in batch:
            yield name, own, finished(process)
