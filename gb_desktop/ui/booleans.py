"""Keeps Python's True and False alive under PySide.

On Python 3.11, `Signal.emit` of PySide6 6.12 gives True back without taking a reference to it, so that each emission
costs one. After some thousands the interpreter ends the process: "deallocating True or False". From Python 3.12 on
both are immortal, and nothing has to be done.
"""

from __future__ import annotations

import ctypes
import sys

_ENOUGH = 1 << 40  # a thousand signals a second for thirty years


def keep() -> None:
    """Give True and False more references than signals can ever take. Calling it again does no harm."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for value in (True, False):
        if sys.getrefcount(value) < _ENOUGH:
            # An object begins with its reference count: the one place that ctypes can reach it by.
            ctypes.c_ssize_t.from_address(id(value)).value += _ENOUGH
