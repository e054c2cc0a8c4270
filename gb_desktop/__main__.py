"""The one entry point: a worker, the command line or the window, by the arguments."""

from __future__ import annotations

import os
import sys

from gb_desktop.streams import open_closed

COMMANDS = ("check", "submit", "runs", "resume", "stop", "resolve", "report", "template", "accounts")
NO_SCREEN = 3


def main(argv: list[str] | None = None) -> int:
    """Run what the arguments ask for and give its exit code.

    Imports are inside the branches on purpose: a worker or a command line without a screen must never load Qt.
    """
    open_closed()
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["--worker"]:
        from gb_desktop.runs.worker import serve

        return serve()
    if arguments[:1] == ["--check-beside"]:
        from gb_desktop.runs.crew_process import serve as check_beside

        return check_beside()
    if arguments[:1] == ["practice"]:
        from gb_desktop.practice.command import run as run_practice

        return run_practice(arguments[1:])
    if arguments and (arguments[0] in COMMANDS or arguments[0] in ("-h", "--help", "--version")):
        from gb_desktop.cli import run as run_command

        return run_command(arguments)
    if _without_screen():
        sys.stderr.write("There is no screen to open a window on: see gb-desktop --help for the commands.\n")
        return NO_SCREEN
    from gb_desktop.app import open_window

    return open_window(arguments)


def _without_screen() -> bool:
    """Whether Qt would end the process for want of a screen, with words that are not for people."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in names)


if __name__ == "__main__":
    sys.exit(main())
