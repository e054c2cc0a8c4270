"""The scripts set up once, pass arguments and exit codes on, and say in one line what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
INSTALLER = ROOT / "installer"
BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None or sys.platform == "win32", reason="needs bash")


def _run(script: str, environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run bash code with only the variables given."""
    return subprocess.run(
        [BASH or "bash", "-c", script, "script", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def _lib(code: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return _run(f'set -euo pipefail; source "{INSTALLER}/lib.sh"; {code}', environ)


def _program(path: Path, code: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{code}\n")
    path.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder that is the whole PATH: the usual small programs, and what a test adds."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("sed", "grep", "cat", "cut", "sha256sum", "dirname", "ls", "rm", "mkdir", "env", "uname", "true"):
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    return folder


@pytest.fixture
def environ(tmp_path: Path, programs: Path) -> dict[str, str]:
    return {"PATH": str(programs), "HOME": str(tmp_path), "GB_DESKTOP_VENV": str(tmp_path / "venv")}


@pytest.fixture
def set_up(tmp_path: Path, environ: dict[str, str]) -> Path:
    """A virtual environment that is set up already, whose gb-desktop says how it was called and exits with 5."""
    venv = tmp_path / "venv"
    _program(venv / "bin" / "python", "exit 0")
    _program(venv / "bin" / "gb-desktop", 'for word; do echo "$word"; done; exit 5')
    (venv / "gb-desktop.stamp").write_text(_lib("stamp_of run", environ).stdout)
    return venv


@pytest.mark.parametrize("name", ["lib.sh", "run.sh", "test.sh"])
def test_that_the_scripts_are_bash_without_slips(name: str) -> None:
    assert _run(f'bash -n "{INSTALLER / name}"', dict(os.environ)).returncode == 0


def test_that_an_old_python_is_passed_over_for_a_newer_one(programs: Path, environ: dict[str, str]) -> None:
    _program(programs / "python3.12", "exit 1")
    (programs / "python3").symlink_to(sys.executable)
    assert _lib("find_python", environ).stdout.strip() == str(programs / "python3")


def test_that_without_a_python_one_sentence_says_what_to_install(programs: Path, environ: dict[str, str]) -> None:
    _program(programs / "python3", "exit 1")
    done = _lib("set_up run", environ)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "GB Desktop needs Python 3.11 or newer, and none was found: install python3 and python3-venv."
    ]


def test_that_only_missing_packages_are_named_whatever_their_name_in_newer_systems(
    programs: Path, environ: dict[str, str]
) -> None:
    listed = "installed libegl1\\ninstalled libglib2.0-0t64\\nnot-installed xvfb\\nconfig-files dbus"
    _program(programs / "dpkg-query", f"printf '{listed}\\n'")
    done = _lib("missing_packages libegl1 libglib2.0-0 xvfb dbus libgl1", environ)
    assert done.stdout.split() == ["xvfb", "dbus", "libgl1"]


def test_that_nothing_is_asked_of_apt_when_every_package_is_there(programs: Path, environ: dict[str, str]) -> None:
    _program(programs / "dpkg-query", "echo installed libegl1")
    _program(programs / "apt-get", "echo called >&2; exit 1")
    _program(programs / "sudo", "echo called >&2; exit 1")
    done = _lib("system_packages libegl1", environ)
    assert (done.returncode, done.stderr) == (0, "")


def test_that_packages_that_cannot_be_installed_are_named_in_one_line_and_it_goes_on(
    programs: Path, environ: dict[str, str]
) -> None:
    _program(programs / "dpkg-query", "echo installed libegl1")
    _program(programs / "apt-get", "exit 100")
    _program(programs / "sudo", "exit 1")
    done = _lib("system_packages libegl1 libgl1", environ)
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1].endswith("Install them with: sudo apt-get install libgl1")


def test_that_apt_is_never_left_waiting_for_an_answer(programs: Path, environ: dict[str, str]) -> None:
    _program(programs / "dpkg-query", "echo installed libegl1")
    _program(programs / "sudo", '[ "$1" = -n ] && shift; exec "$@"')
    _program(programs / "apt-get", 'echo "$DEBIAN_FRONTEND $*" >"$HOME/asked"; exec cat')
    assert _lib("system_packages libgl1", environ).returncode == 0
    asked = (Path(environ["HOME"]) / "asked").read_text()
    assert asked == "noninteractive -y -q install --no-install-recommends libgl1\n"


def test_that_a_folder_of_something_else_is_never_cleared(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "thesis.docx").write_text("years of work")
    done = _lib("set_up run", environ)
    assert done.returncode == 1
    assert "is not a virtual environment" in done.stderr
    assert (tmp_path / "venv" / "thesis.docx").exists()


@pytest.mark.usefixtures("set_up")
def test_that_a_second_run_installs_nothing(environ: dict[str, str]) -> None:
    done = _lib("set_up run", environ)
    assert (done.returncode, done.stderr) == (0, "")


def test_that_an_environment_for_tests_can_run_the_app_and_not_the_other_way_round(
    set_up: Path, environ: dict[str, str]
) -> None:
    assert _lib("is_set_up test", environ).returncode == 1
    (set_up / "gb-desktop.stamp").write_text(_lib("stamp_of test", environ).stdout)
    assert _lib("is_set_up run && is_set_up test", environ).returncode == 0


def test_that_changed_pins_another_checkout_or_a_dead_python_mean_setting_up_again(
    set_up: Path, environ: dict[str, str]
) -> None:
    stamp = set_up / "gb-desktop.stamp"
    kind, pins, root = stamp.read_text().split()
    for other in (f"{kind} {'0' * 64} {root}", f"{kind} {pins} /elsewhere"):
        stamp.write_text(other + "\n")
        assert _lib("is_set_up run", environ).returncode == 1
    stamp.write_text(f"{kind} {pins} {root}\n")
    _program(set_up / "bin" / "python", "exit 1")
    assert _lib("is_set_up run", environ).returncode == 1


@pytest.mark.usefixtures("set_up")
def test_that_without_a_screen_the_sample_is_sent_from_the_command_line(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "Downloads").mkdir()
    results = tmp_path / "Downloads" / "cashback-results.xlsx"
    results.touch()
    done = _run(f'exec bash "{INSTALLER}/run.sh"', environ | {"PATH": environ["PATH"] + ":/usr/bin:/bin"})
    assert done.returncode == 5
    assert done.stdout.split() == [
        "submit",
        str(ROOT / "resources" / "samples" / "cashback.xlsx"),
        *("--type", "cashback", "--practice", "--yes", "--again", "--report"),
        str(results),
    ]
    assert done.stderr.splitlines()[-1] == f"The results workbook is {results}"


@pytest.mark.usefixtures("set_up")
@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_that_with_a_screen_the_window_opens_on_the_sample(variable: str, environ: dict[str, str]) -> None:
    environ |= {variable: ":7"}
    (Path(environ["PATH"]) / "bash").symlink_to(BASH or "bash")
    done = _run(f'exec bash "{INSTALLER}/run.sh"', environ)
    assert done.returncode == 5
    assert done.stdout.split() == [str(ROOT / "resources" / "samples" / "cashback.xlsx"), "--practice"]


@pytest.mark.usefixtures("set_up")
def test_that_arguments_go_to_the_app_as_they_are(environ: dict[str, str]) -> None:
    done = _run(f'exec "{BASH}" "{INSTALLER}/run.sh" "$@"', environ, "check", "my file.xlsx", "--type", "redeem")
    assert done.returncode == 5
    assert done.stdout.splitlines() == ["check", "my file.xlsx", "--type", "redeem"]


def test_that_every_check_runs_and_the_first_failure_is_the_exit_code(tmp_path: Path, environ: dict[str, str]) -> None:
    venv = tmp_path / "venv"
    _program(venv / "bin" / "python", '[ "$1" = -m ] && echo "$2 full=$GB_DESKTOP_FULL"; exit 0')
    for name, code in {"ruff": 0, "mypy": 7, "lint-imports": 3}.items():
        _program(venv / "bin" / name, f"echo {name}; exit {code}")
    (venv / "gb-desktop.stamp").write_text(_lib("stamp_of test", environ).stdout)
    done = _run(f'exec "{BASH}" "{INSTALLER}/test.sh" --full', environ)
    assert done.returncode == 7
    assert done.stdout.splitlines() == ["ruff", "ruff", "mypy", "lint-imports", "pytest full=1"]
    assert done.stderr.splitlines()[-1] == "Failed: mypy lint-imports"
