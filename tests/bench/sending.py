"""How well a run uses Gameball's limits: `python -m tests.bench.sending [rows]`. Prints figures; judges nothing.

The practice service runs as a process of its own, with the documented limits. A ratio of 1.0 is as fast as the limits
and the jobs themselves allow: two requests a chunk, and the last job's time.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from gb_desktop.catalog import batch_type
from gb_desktop.gameball.client import Client
from gb_desktop.gameball.limiter import Limiter
from gb_desktop.gameball.model import Connection, Dialect
from gb_desktop.practice import PRACTICE_KEYS
from gb_desktop.runs import schema
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.events import Counts, RunFinished
from gb_desktop.runs.model import SendSettings
from gb_desktop.runs.pace import PollClock
from gb_desktop.runs.sender import WINDOWS
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.state import Sending
from tests.practice.fixtures import requests_seen
from tests.runs.model_server import ModelClient, ModelServer
from tests.runs.rig import PRACTICE, engine_of, planned_run, sending_of
from tests.runs.stepping import Inbox, JumpingClock, Pool

A_WINDOW, WINDOW, A_SECOND = 360, 30.0, 30.0  # 360 requests in 30 seconds, 30 of them in one
QUEUE, PACE = 0.3, 2000.0  # of the service's usual scenario


@contextmanager
def practice_process(folder: Path) -> Iterator[str]:
    """The practice service's URL."""
    seed = folder / "seed.json"
    seed.write_text(json.dumps({"accept_unknown": True, "balance": 1000}))
    command = [sys.executable, "-m", "gb_desktop", "practice", "--with-parent", "--port", "0"]
    command += ["--state", "memory", "--seed", str(seed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        yield child.stdout.readline().decode().strip()
        child.stdin.close()


def send(folder: Path, key: str, customers: Sequence[str], size: int) -> None:
    """Send rows with the app's own pace and print how far from the ideal it was."""
    with practice_process(folder) as url:
        shelf = Shelf(folder / "data")
        account = replace(PRACTICE, base_url=url)
        settings = SendSettings(chunk_size=size)
        run = planned_run(shelf, key, customers, account=account, settings=settings, again=True)
        connection = Connection(url, "v4.0", PRACTICE_KEYS.api_key, PRACTICE_KEYS.secret_key)
        client = Client(connection, Limiter(time.monotonic, WINDOWS), dialect=Dialect.A)
        db = schema.open_to_write(shelf.path(run))
        sending = sending_of(shelf, run, client, db, account=account, settings=settings, retry_base=1.0)
        sending.polls = PollClock()
        began, cpu = time.monotonic(), time.process_time()
        counts = _drive(sending, db)
        took, cpu = time.monotonic() - began, time.process_time() - cpu
        _tell(key, size, counts, took, cpu, requests_seen(url))


def _drive(sending: Sending, db: sqlite3.Connection) -> Counts:
    last = list(Engine(sending, on_close=db.close).run())[-1]
    assert isinstance(last, RunFinished)
    return last.counts


def _tell(key: str, size: int, counts: Counts, took: float, cpu: float, seen: dict[tuple[str, str, int], int]) -> None:
    kinds: Counter[str] = Counter()
    for (method, path, status), count in seen.items():
        if path.startswith("batch/") or "batch" in path:
            kinds["refused" if status == 429 else method] += count
    chunks = kinds["POST"]
    full, rest = divmod(2 * chunks - 1, A_WINDOW)
    ideal = full * WINDOW + rest / A_SECOND + QUEUE + min(size, counts.rows) / PACE
    print(
        f"{key}, {counts.rows:,} rows in chunks of {size:,}: {took:.1f} s, {counts.rows / took:,.0f} rows/s; ideal "
        f"{ideal:.1f} s, ratio {took / ideal:.2f}; {chunks:,} posts, {kinds['GET']:,} polls "
        f"({kinds['GET'] / max(1, chunks):.2f} a job), {kinds['refused']} x 429; processor {cpu:.1f} s; "
        f"succeeded {counts.succeeded:,}"
    )


def overhead(folder: Path, rows: int, size: int) -> None:
    """The engine's own work a chunk: no network, no waiting, the run file on the same disk as ever."""
    shelf = Shelf(folder / "data")
    settings = SendSettings(chunk_size=size)
    run = planned_run(shelf, "cashback", [f"c{n}" for n in range(rows)], settings=settings, again=True)
    clock, pool = JumpingClock(), Pool()
    client = ModelClient(ModelServer(batch_type("cashback")))
    engine = engine_of(shelf, run, client, settings=settings, clock=clock, pool=pool, inbox=Inbox(pool, clock))
    began, cpu = time.monotonic(), time.process_time()
    for _ in engine.run():
        pass
    took, cpu = time.monotonic() - began, time.process_time() - cpu
    chunks = -(-rows // size)
    each, work = took / chunks * 1000, cpu / chunks * 1000
    print(f"overhead: {chunks:,} chunks of {size:,}: {each:.1f} ms a chunk ({work:.1f} ms processor)")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory() as name:
        for number, (key, count, customers, size) in enumerate(
            (
                ("balance-inquiry", rows, rows, 1000),
                ("cashback", rows, max(1, rows // 3), 1000),
                ("cashback", min(rows, 400), 400, 1),
                ("cashback", min(rows, 2_000), 2_000, 10),
                ("cashback", min(rows, 10_000), 10_000, 100),
                ("cashback", min(rows, 30_000), 30_000, 1000),
            )
        ):
            folder = Path(name) / str(number)
            folder.mkdir()
            send(folder, key, [f"c{row % customers}" for row in range(count)], size)
        for size in (10, 1000):
            overhead(Path(name), min(rows, 50 * size), size)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
