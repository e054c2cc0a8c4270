"""What a file that can't be read or written says about the disk, and what a person can do about it."""

from __future__ import annotations

import sqlite3

from gb_desktop.text import tr

PRIMARY = 0xFF  # of SQLite's extended error codes
NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
NO_LEAVE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})


def is_the_disk(error: Exception) -> bool:
    """Whether it is the disk that failed, and not what stands in the file."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & PRIMARY in NO_ROOM | NO_LEAVE


def disk_sentence(error: Exception) -> str:
    """Why a run can't go on when its file can't be written, and what to do about it."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code & PRIMARY in NO_ROOM:
        return tr(
            "The run file can't be written ({reason}), so nothing more is sent. Free some disk space, then go on.",
            reason=error,
        )
    if code & PRIMARY in NO_LEAVE:
        return tr(
            "The run file may not be written ({reason}), so nothing more is sent. Allow writing to it, then go on.",
            reason=error,
        )
    return tr(
        "The run file could not be used ({reason}), so nothing more is sent. Go on; if it happens again, ask for help.",
        reason=error,
    )
