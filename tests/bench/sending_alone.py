"""Sends one planned run in a process of its own, and says on stdout, as JSON, what that took: for the sending bench.

`python -m tests.bench.sending_alone FOLDER RUN URL [--unlimited]`. The engine is the app's own, composed as the app
composes it; `--unlimited` only takes the rate limiter away, for what is measured without the network's pace.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from gb_desktop.gameball.model import Connection
from gb_desktop.practice import PRACTICE_KEYS
from gb_desktop.runs import schema
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import SendSettings
from gb_desktop.runs.sender import open_sender
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.wire import from_wire
from tests.runs.rig import PRACTICE

UNLIMITED = 1_000_000


def peak_mb() -> float:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def settings_of(shelf: Shelf, run: str) -> SendSettings:
    """The settings that the run was planned with."""
    with closing(schema.open_to_read(shelf.path(run))) as db:
        planned: SendSettings = from_wire(SendSettings, Meta(db).get("settings"))
        return planned


def send(folder: Path, run: str, url: str, unlimited: bool) -> dict[str, object]:
    """What sending took. Seconds; `engine` is the engine's own thread, `process` all of them with the HTTP threads."""
    account = replace(PRACTICE, base_url=url)
    connection = Connection(url, "v4.0", PRACTICE_KEYS.api_key, PRACTICE_KEYS.secret_key)
    shelf = Shelf(folder)
    settings = settings_of(shelf, run)
    if unlimited:
        settings = replace(settings, per_second=UNLIMITED, per_half_minute=UNLIMITED)
    engine = open_sender(shelf, run, account, connection, settings)
    kinds: Counter[str] = Counter()
    before = peak_mb()
    began, process, own = time.monotonic(), time.process_time(), time.thread_time()
    for event in engine.run():
        kinds[type(event).__name__] += 1
    return {
        "seconds": time.monotonic() - began,
        "engine": time.thread_time() - own,
        "process": time.process_time() - process,
        "before_mb": before,
        "peak_mb": peak_mb(),
        "ended": type(event).__name__,
        "succeeded": engine.counts().succeeded,
        "events": kinds,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("run")
    parser.add_argument("url")
    parser.add_argument("--unlimited", action="store_true")
    options = parser.parse_args()
    print(json.dumps(send(options.folder, options.run, options.url, options.unlimited)))


if __name__ == "__main__":
    main()
