"""What went wrong, in words; and that nothing is silent and no key is written down."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from pytestqt.qtbot import QtBot

from gb_desktop.accounts.model import AccountError
from gb_desktop.runs.model import RunError
from gb_desktop.ui.errors import Mishap, Reporter, close_log, guarded, mishap_of, open_log
from gb_desktop.workbook.model import WorkbookError


@pytest.fixture
def reporter() -> Iterator[Reporter]:
    before = sys.excepthook, threading.excepthook
    made = Reporter()
    made.install()
    yield made
    made.uninstall()
    sys.excepthook, threading.excepthook = before


@pytest.mark.parametrize(
    "error",
    [RunError("It is locked.", "locked"), WorkbookError("It is locked.", "locked"), AccountError("It is locked.")],
)
def test_that_a_rooms_own_sentence_is_shown_as_it_is(error: Exception) -> None:
    mishap = mishap_of(error)
    assert mishap.title == "It is locked."
    assert mishap.details == ""


def test_that_a_fault_says_what_it_means_and_keeps_its_details() -> None:
    mishap = mishap_of(ZeroDivisionError("division by zero"))
    assert mishap.title == "Something went wrong inside GB Desktop."
    assert "nothing is sent twice" in mishap.meaning
    assert "ZeroDivisionError" in mishap.details


def test_that_a_guarded_slot_reports_its_fault_at_once(reporter: Reporter) -> None:
    heard: list[Mishap] = []
    reporter.fault.connect(heard.append)

    @guarded
    def slot() -> int:
        return 1 // 0

    assert slot() is None
    assert "ZeroDivisionError" in heard[0].details


def test_that_a_fault_of_a_thread_reaches_the_window(qtbot: QtBot, reporter: Reporter) -> None:
    heard: list[Mishap] = []
    reporter.fault.connect(heard.append)

    def fail() -> None:
        raise OSError("disk")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(heard))
    assert "OSError" in heard[0].details


def test_that_the_log_holds_no_key_and_is_its_owners_alone(tmp_path: Path) -> None:
    handler = open_log(tmp_path / "logs")
    try:
        try:
            raise ValueError("refused gb_live_abc123XYZ")
        except ValueError:
            logging.getLogger("test").exception("headers: {'apikey': 'gb_test_999', 'secretkey': 'hush-hush'}")
    finally:
        close_log(handler)
    path = tmp_path / "logs" / "gb-desktop.log"
    text = path.read_text("utf-8")
    assert "refused" in text
    assert not any(secret in text for secret in ("abc123XYZ", "999", "hush-hush"))
    assert path.stat().st_mode & 0o077 == 0


def test_that_qts_own_warnings_land_in_the_log(reporter: Reporter, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "qt"):
        qWarning("a plain warning")
    assert "a plain warning" in caplog.text
