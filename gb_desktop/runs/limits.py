"""What holds for every process that reads what comes from outside."""

from __future__ import annotations

import gc
import os
import sys

if sys.platform == "win32":
    import ctypes
else:
    import resource

_BELOW_NORMAL = 0x4000  # a priority class of Windows
_NO_BOX = 0x0001 | 0x0002  # SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX
_LESS = 5  # niceness: a third of what a process of usual niceness gets where both have work

MOST_MEMORY = 4 * 1024**3  # of address space; honest sheets of a million rows stay far below
LIMITED = sys.platform == "linux"  # macOS knows the limit and doesn't keep it, Windows has none


def limit_memory() -> None:
    """Let this process have no more than that, where the system keeps it."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def leave_no_core() -> None:
    """Let no picture of this process's memory, which holds customers' rows, be left on the disk when it is lost.

    The processes that this one starts leave none either. On Windows no box tells of it, for the window goes on.
    """
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetErrorMode(_NO_BOX)
    else:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def give_the_window_precedence() -> None:
    """Compute when the window's process has nothing to do, and so do the processes that this one starts."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_LESS)


def collect_by_hand() -> None:
    """No garbage collection by itself: a sheet is millions of values and no cycles."""
    gc.freeze()  # what the program itself is made of need not be looked at again
    gc.disable()
