"""What holds for every process that reads what comes from outside."""

from __future__ import annotations

import gc
import sys

if sys.platform != "win32":
    import resource

MOST_MEMORY = 4 * 1024**3  # of address space; honest sheets of a million rows stay far below


def limit_memory() -> None:
    """Let this process have no more than that; does nothing on Windows."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def collect_by_hand() -> None:
    """No garbage collection by itself: a sheet is millions of values and no cycles."""
    gc.freeze()  # what the program itself is made of need not be looked at again
    gc.disable()
