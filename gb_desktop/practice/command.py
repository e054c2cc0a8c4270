"""`gb-desktop practice`: the practice service alone, until Ctrl+C, SIGTERM or the end of its parent."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from types import FrameType

from gb_desktop.arguments import Parser
from gb_desktop.places import data_dir
from gb_desktop.practice import portfile
from gb_desktop.practice.journal import InUseError
from gb_desktop.practice.seed import DEFAULT_SEED, Seed
from gb_desktop.practice.server import PracticeServer
from gb_desktop.practice.settings import PRACTICE_KEYS, SCENARIOS, Behaviour, PracticeSettings
from gb_desktop.text import tr

UNUSABLE = 2
IN_USE = 75  # for our own processes alone: another service has the state file open, look for that one
_GLANCE = 0.5  # seconds: Windows lets no Ctrl+C through an endless wait


def run(argv: Sequence[str]) -> int:
    """Serve until told to stop; 0 then, 2 with one sentence on stderr when it can't start.

    The first line on stdout is the URL. Options: see `_arguments`.
    """
    options = _arguments().parse_args(argv)
    try:
        _serve(options)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return IN_USE if options.with_parent and isinstance(error, InUseError) else UNUSABLE
    return 0


def state_file(folder: Path) -> Path:
    """Where a data directory keeps the practice service's state."""
    return folder / "practice" / "state.jsonl"


def _arguments() -> argparse.ArgumentParser:
    parser = Parser(prog="gb-desktop practice", description=tr("A local stand-in for Gameball, until Ctrl+C."))
    parser.add_argument("--port", type=int, metavar="N", help=tr("the port; a free one without it"))
    parser.add_argument("--dialect", choices=("a", "b"), default="a", help=tr("how a job is watched"))
    parser.add_argument("--scenario", choices=tuple(SCENARIOS), default="smooth", help=tr("how well it goes"))
    parser.add_argument(
        "--state",
        metavar="FILE|memory",
        help=tr("where jobs and customers are kept; in the data directory without it"),
    )
    parser.add_argument("--seed", type=Path, metavar="FILE.json", help=tr("the customers to begin with"))
    # For our own child processes: their standard input is a pipe that ends with the parent.
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    return parser


def _serve(options: argparse.Namespace) -> None:
    settings = _settings(options)
    stop = Event()
    with _signals(stop):  # before the URL is said: whoever reads it may ask to stop at once
        server = _started(settings, chosen=options.port is not None)
        try:
            _announce(server.url, settings.state)
            _wait(stop, with_parent=options.with_parent)
        finally:
            server.stop()


def _settings(options: argparse.Namespace) -> PracticeSettings:
    state = _state(options.state)
    remembered = portfile.port(state) if state else 0
    return PracticeSettings(
        behaviour=Behaviour(scenario=options.scenario, dialect=options.dialect),
        state=state,
        seed=Seed.from_file(options.seed) if options.seed else DEFAULT_SEED,
        port=remembered if options.port is None else options.port,
    )


def _state(option: str | None) -> Path | None:
    if option == "memory":
        return None
    return Path(option) if option else state_file(data_dir())


def _started(settings: PracticeSettings, *, chosen: bool) -> PracticeServer:
    """The server, listening. A port that nobody chose but the last time's is given up when it is taken."""
    server = PracticeServer(settings)
    try:
        server.start()
    except (OSError, OverflowError) as error:
        if not settings.port or not _about_port(error):
            raise
        if chosen:
            raise ValueError(tr("Port {port} can't be used.", port=str(settings.port))) from error
        return _started(replace(settings, port=0), chosen=True)
    return server


def _about_port(error: Exception) -> bool:
    return isinstance(error, OverflowError | PermissionError) or getattr(error, "errno", None) in portfile.TAKEN


def _announce(url: str, state: Path | None) -> None:
    if state:
        portfile.write(state, url)
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    sentence = tr(
        "Practice service: API key {api_key}, secret key {secret_key}. Ctrl+C stops it.",
        api_key=PRACTICE_KEYS.api_key,
        secret_key=PRACTICE_KEYS.secret_key,
    )
    sys.stderr.write(f"{sentence}\n")


def _wait(stop: Event, *, with_parent: bool) -> None:
    if with_parent:
        Thread(target=_watch_parent, args=(stop,), name="parent", daemon=True).start()
    while not stop.wait(_GLANCE):
        pass


def _watch_parent(stop: Event) -> None:
    # Not sys.stdin: its lock, held by this thread, would abort the interpreter when it ends.
    while os.read(0, 1024):
        pass
    stop.set()


@contextmanager
def _signals(stop: Event) -> Iterator[None]:
    """Ctrl+C and SIGTERM set `stop` in the meantime."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
