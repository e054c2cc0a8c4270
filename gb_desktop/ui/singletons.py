"""Keeps None, True and False alive under PySide.

PySide6 6.12 is built for Pythons whose None, True and False are immortal (3.12 and later), and gives them back
without taking a reference. On Python 3.11 each such call costs one: after some hundred thousand the interpreter ends
the process with "deallocating None". Giving the five singletons references enough mends that for good.
"""

from __future__ import annotations

import ctypes
import sys

_ENOUGH = 1 << 60  # a million calls a second for thirty thousand years
_SINGLETONS: tuple[object, ...] = (None, True, False, NotImplemented, Ellipsis)


def keep() -> None:
    """Make the singletons as good as immortal. Calling it again does no harm."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for value in _SINGLETONS:
        if sys.getrefcount(value) < _ENOUGH // 2:
            # An object begins with its reference count: the one place that ctypes can reach it by.
            ctypes.c_ssize_t.from_address(id(value)).value += _ENOUGH
