"""Sending a run from the command line: progress, signals, and how it ended."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from gb_desktop.accounts.model import Account
from gb_desktop.cli_show import ProgressPrinter, exit_code, print_summary, say
from gb_desktop.desk import Desk
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.events import Event, RunPaused
from gb_desktop.runs.model import RunError
from gb_desktop.runs.sender import OtherKeysError
from gb_desktop.text import tr
from gb_desktop.workbook.model import WorkbookError


def submitted(desk: Desk, run: str, account: Account, options: argparse.Namespace) -> int:
    """Send a run that was just planned; refused as sent before, it leaves nothing behind, unless it sent something."""
    try:
        return send(desk, run, account, options, tr("Add --again if that is meant."))
    except RunError as error:
        if error.reason == "again" and not _has_begun(desk, run):
            desk.delete_run(run)
        raise


def _has_begun(desk: Desk, run: str) -> bool:
    with closing(desk.reader(run)) as reader:
        return bool(reader.meta("first_sent"))


def send(desk: Desk, run: str, account: Account, options: argparse.Namespace, again: str = "") -> int:
    """Send a run and tell how it ended. RunError(reason="again") when its rows were sent by another run meanwhile."""
    settings = replace(desk.send_settings(), wait_network=options.wait, wait_line=options.wait)
    rotated = getattr(options, "new_keys", False)
    with naming_new_keys(f"resume {run}"):
        engine = desk.sender(run, account, settings, rotated=rotated)
    last = drive(engine)
    if isinstance(last, RunPaused) and last.reason == "again":
        hint = again or tr("Open the run in the window if it is meant to be sent all the same.")
        raise RunError(f"{last.sentence} {hint}", "again")
    return told_end(desk, run, options)


@contextmanager
def naming_new_keys(command: str) -> Iterator[None]:
    """Where a run is refused for its keys, say how a person tells that they were replaced."""
    try:
        yield
    except OtherKeysError as error:
        hint = tr("If the keys of this account were replaced since, use: {command} --new-keys", command=command)
        raise RunError(f"{error} {hint}", error.reason) from error


def drive(engine: Engine) -> Event | None:
    """Step the engine to its end, telling what it says; its last event."""
    printer = ProgressPrinter()
    last: Event | None = None
    with _stop_on_signals(engine):
        for last in engine.run():
            printer.event(last)
    return last


@contextmanager
def _stop_on_signals(engine: Engine) -> Iterator[None]:
    """Ctrl+C and a polite kill stop the run; what is in flight is let finish. A second Ctrl+C leaves at once."""

    def stop(number: int, frame: object) -> None:  # noqa: ARG001 - the signature that signal wants
        if engine.control.stopped:
            raise KeyboardInterrupt
        engine.control.stop()
        say(tr("Stopping: no more is sent, requests under way are finished."))

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def told_end(desk: Desk, run: str, options: argparse.Namespace) -> int:
    """Write the results workbook, print the summary; the exit code."""
    report = _written(desk, run, options.report)
    with closing(desk.reader(run)) as reader:
        print_summary(reader, report, options.json)
        return exit_code(reader)


def _written(desk: Desk, run: str, report: Path | None) -> Path | None:
    """The results workbook, or None when it can't be written: how the run ended is told all the same."""
    if report is None:
        return None
    try:
        desk.write_report(run, report)
    except (RunError, WorkbookError, OSError) as error:
        say(str(error))
        return None
    return report
