"""A keyring for the command line: GNOME Keyring in a D-Bus session of its own, for as long as a test lasts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
SESSION = (
    "printf pw | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null; "
    'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'
)
needs_keyring = pytest.mark.skipif(
    sys.platform != "linux" or not all(shutil.which(program) for program in PROGRAMS),
    reason="needs the programs dbus-run-session and gnome-keyring-daemon (packages dbus and gnome-keyring)",
)


@contextmanager
def keyring(folder: Path) -> Iterator[Mapping[str, str]]:
    """The environment in which commands find an unlocked keyring, which is kept in `folder`."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, parents=True)
    own = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "share"), "XDG_RUNTIME_DIR": str(runtime)}
    session = subprocess.Popen(
        ["dbus-run-session", "--", "bash", "-c", SESSION],
        env={"PATH": os.environ["PATH"], **own},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert session.stdout is not None
    try:
        yield {"DBUS_SESSION_BUS_ADDRESS": session.stdout.readline().strip(), "XDG_RUNTIME_DIR": str(runtime)}
    finally:
        session.communicate()  # its input ends, and with it the session and the keyring
