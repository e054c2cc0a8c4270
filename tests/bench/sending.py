"""How well a run uses Gameball's limits, and what it costs: `python -m tests.bench.sending [PART...] [--rows N]`.

Prints figures; judges nothing. The parts are `pace`, `curve`, `cost` and `memory`; all of them without one. Planning,
the practice service and the sender are processes of their own, so that the sender's figures are the sender's alone.
CPU seconds and ratios of one run are what other work on the machine disturbs least.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gb_desktop.runs.model import SendSettings
from gb_desktop.runs.shelf import Shelf
from tests.practice.fixtures import requests_seen, switch
from tests.runs.rig import planned_run

A_WINDOW, WINDOW, A_SECOND = 360, 30.0, 30.0  # 360 requests in 30 seconds, 30 of them in one
STEADY = A_WINDOW / WINDOW
QUEUE, PACE = 0.3, 2000.0  # of the service's usual scenario
SIZES = (1_000, 10_000, 100_000, 1_000_000)


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


def plan_alone(folder: Path, key: str, rows: int, customers: int, size: int) -> str:
    """A run planned by a process of its own; its name."""
    command = [sys.executable, "-m", "tests.bench.sending", "plan", "--folder", str(folder), "--type", key]
    command += ["--rows", str(rows), "--customers", str(customers), "--size", str(size)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode().strip()


def send_alone(
    key: str, rows: int, *, customers: int = 0, size: int = 1000, unlimited: bool = False
) -> tuple[dict[str, Any], Counter[str]]:
    """What sending took (`sending_alone`), and the service's requests: POST, GET and refused."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = plan_alone(folder, key, rows, customers or rows, size)
        with practice_process(folder) as url:
            if unlimited:
                switch(url, limits=0, pace=0, queue=0)
            command = [sys.executable, "-m", "tests.bench.sending_alone", str(folder), run, url]
            command += ["--unlimited"] if unlimited else []
            told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            return told, _kinds(requests_seen(url))


def _kinds(seen: dict[tuple[str, str, int], int]) -> Counter[str]:
    kinds: Counter[str] = Counter()
    for (method, path, status), count in seen.items():
        if "batch" in path:
            kinds["refused" if status == 429 else method] += count
    return kinds


def pace(key: str, rows: int, *, customers: int = 0, size: int = 1000) -> None:
    """Send at the app's own pace and print how far from the ideal it was, by two floors.

    At 12 a second: a request and one question a chunk at the lasting rate, and one job's time; what a long run is
    measured by. With bursts: the least that the two windows allow; shorter runs live from the burst of the beginning.
    """
    told, kinds = send_alone(key, rows, customers=customers, size=size)
    chunks, took, job = kinds["POST"], told["seconds"], QUEUE + min(size, rows) / PACE
    full, rest = divmod(2 * chunks - 1, A_WINDOW)
    steady, burst = 2 * chunks / STEADY + job, full * WINDOW + rest / A_SECOND + job
    print(
        f"{key}, {rows:,} rows in {chunks:,} chunks of {size:,}: {took:.1f} s = {took / steady:.2f} x the floor at 12 "
        f"a second ({steady:.1f} s), {took / burst:.2f} x the floor with bursts ({burst:.1f} s); "
        f"{kinds['GET'] / max(1, chunks):.2f} polls a job, {kinds['refused']} x 429; a chunk costs the engine "
        f"{_ms(told['engine'], chunks)}, with its HTTP threads {_ms(told['process'], chunks)} of processor time; "
        f"succeeded {told['succeeded']:,}",
        flush=True,
    )


def _ms(seconds: float, chunks: int) -> str:
    return f"{seconds / max(1, chunks) * 1000:.1f} ms"


def paces(rows: int) -> None:
    pace("balance-inquiry", rows)
    pace("cashback", rows, customers=max(1, rows // 3))


def curve(rows: int) -> None:
    """The cost of 1, 10, 100 and 1,000 chunks."""
    for chunks in (1, 10, 100, 1000):
        if chunks * 100 <= max(rows, 100):
            pace("cashback", chunks * 100, size=100)


def cost(rows: int) -> None:
    """Processor time a chunk of 1,000 with no rate limit: the engine's thread, and the whole sender process."""
    for key in ("balance-inquiry", "cashback", "customers", "balance-adjustment"):
        told, kinds = send_alone(key, min(rows, 50_000), unlimited=True)
        print(
            f"cost: {key}, {kinds['POST']} chunks of 1,000: the engine's thread {_ms(told['engine'], kinds['POST'])}, "
            f"the whole process {_ms(told['process'], kinds['POST'])} a chunk",
            flush=True,
        )


def memory(rows: int) -> None:
    """Peak memory (ru_maxrss) of the sender process, from opening the run to its last outcome."""
    for count in SIZES:
        if count <= rows:
            told, _ = send_alone("cashback", count, customers=max(1, count // 3), unlimited=True)
            print(
                f"memory: {count:>9,} rows: {told['peak_mb']:.0f} MB at most, {told['before_mb']:.0f} MB before the "
                f"first request; {told['seconds']:.0f} s; succeeded {told['succeeded']:,}",
                flush=True,
            )


PARTS: dict[str, tuple[Callable[[int], None], int]] = {
    "pace": (paces, 300_000),
    "curve": (curve, 100_000),
    "cost": (cost, 50_000),
    "memory": (memory, 1_000_000),
}


def plan(options: argparse.Namespace) -> None:
    """Plan a run and print its name."""
    customers = [f"c{row % options.customers}" for row in range(options.rows)]
    settings = SendSettings(chunk_size=options.size)
    print(planned_run(Shelf(options.folder), options.type, customers, settings=settings, again=True))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", choices=[*PARTS, "plan"])
    parser.add_argument("--rows", type=int, help="at most this many rows")
    for name in ("--folder", "--type", "--customers", "--size"):  # of `plan`, which the parts call
        parser.add_argument(name, type={"--folder": Path, "--type": str}.get(name, int), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if "plan" in options.parts:
        plan(options)
        return
    for name in options.parts or PARTS:
        measure, usual = PARTS[name]
        measure(options.rows or usual)


if __name__ == "__main__":
    main()
