"""Small private files: written whole or not at all, readable by their owner only, one writer at a time."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gb_desktop.accounts.model import AccountError
from gb_desktop.text import tr

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # asks for ten seconds, then OSError

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn an OSError inside into an AccountError that names the file."""
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise AccountError(
            tr("The file {path} can't be used ({why}): free some space or mend its permissions.", path=path, why=why),
            "disk",
        ) from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`: every process and thread that asks for it waits its turn. Keep it for moments."""
    with disk_errors(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with disk_errors(path):
            _lock(handle)
        try:
            yield
        finally:
            _unlock(handle)
    finally:
        os.close(handle)


def write_private(path: Path, content: bytes) -> None:
    """Replace `path` by `content` with mode 0600: whole, and on the disk when this returns."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with disk_errors(path):
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
        _settle(path.parent)


def _settle(folder: Path) -> None:
    """Make a rename in `folder` outlive a power cut. Windows offers no such call for folders."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
