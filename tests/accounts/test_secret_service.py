"""A real Secret Service keeps the keys: GNOME Keyring in a D-Bus session and home of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
SCRIPT = Path(__file__).with_name("secret_service_script.py")
SESSION = 'printf pw | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null; exec "$@"'


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's keyring")
@pytest.mark.skipif(
    not all(shutil.which(program) for program in PROGRAMS),
    reason="needs the programs dbus-run-session and gnome-keyring-daemon (packages dbus and gnome-keyring)",
)
def test_that_a_real_keyring_keeps_rotates_and_when_locked_withholds_the_keys(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    seen = _in_session(tmp_path, [sys.executable, str(SCRIPT), str(folder)])
    assert "Secret Service" in seen["described"]
    assert (seen["kept"], seen["found"], seen["rotated"]) == (True, True, True)
    assert [label.split()[-1] for label in seen["labels"]] == ["key'", "key'"]  # nothing of the old pair, no probe
    assert seen["locked"] == "locked"
    assert "rotated" not in (folder / "accounts.json").read_text()


def _in_session(home: Path, command: list[str]) -> dict[str, Any]:
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_RUNTIME_DIR": str(runtime),
    }
    done = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", SESSION, "session", *command],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
