"""What the window promises about money, walked through with the practice service."""

from __future__ import annotations

import subprocess
import sys
from itertools import count
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QRadioButton, QWidget

from gb_desktop.desk import AppSettings
from gb_desktop.runs.model import RunState
from gb_desktop.ui.flow import Step
from tests import sheets
from tests.runs.test_locks_and_ledger import HOLDER
from tests.ui.whole_window import Whole

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton
_BATCHES = count(1)


def _load(whole: Whole, file: Path) -> None:
    whole.main.wizard.begin()
    whole.idle()
    whole.choose_type("cashback")
    whole.open_file(file)


def _words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def _click(whole: Whole, kind: type[QAbstractButton], name: str) -> None:
    button = next(found for found in whole.main.findChildren(kind, name) if found.isVisible())
    whole.until(button.isEnabled, name)
    QTest.mouseClick(button, LEFT)
    whole.idle()


def test_that_rows_sent_before_are_named_left_out_and_listed_with_their_reason(whole: Whole, tmp_path: Path) -> None:
    first = 1000 * next(_BATCHES)
    _load(whole, sheets.clean(tmp_path / "March.xlsx", 40, first))
    whole.next_to(Step.SEND)
    whole.sent()
    before = whole.desk.runs()[0].run
    _load(whole, sheets.clean(tmp_path / "April.xlsx", 40, first + 30))
    whole.next_to(Step.REVIEW)
    wizard = whole.main.wizard
    assert f"TRX-{first + 30:06d}" in _words(wizard.page)
    assert before in _words(wizard.page)
    assert not wizard.next_button.isEnabled()
    _click(whole, QRadioButton, "known_leave")
    assert "10 rows left out" in _words(wizard.page)
    whole.next_to(Step.SEND)
    whole.sent()
    after = whole.desk.runs()[0]
    assert (after.counts.succeeded, after.counts.excluded, after.counts.rows) == (30, 10, 40)
    out = whole.desk.write_report(after.run, tmp_path / "results.xlsx")
    said = [cell.value for row in openpyxl.load_workbook(out)["Results"].iter_rows() for cell in row]
    assert sum(before in str(value) for value in said) == 10


def test_that_rows_sent_before_go_again_only_by_choice(whole: Whole, tmp_path: Path) -> None:
    first = 1000 * next(_BATCHES)
    _load(whole, sheets.clean(tmp_path / "March.xlsx", 10, first))
    whole.next_to(Step.SEND)
    whole.sent()
    _load(whole, sheets.clean(tmp_path / "April.xlsx", 10, first + 5))
    whole.next_to(Step.REVIEW)
    assert not whole.main.wizard.next_button.isEnabled()
    _click(whole, QRadioButton, "known_send")
    whole.next_to(Step.SEND)
    whole.sent()
    counts = whole.desk.runs()[0].counts
    assert (counts.succeeded, counts.failed) == (5, 5), "Gameball takes an ID once"


def test_that_the_window_waits_in_line_behind_a_command_and_goes_on_by_itself(whole: Whole, tmp_path: Path) -> None:
    _load(whole, sheets.clean(tmp_path / "March.xlsx", 10, 1000 * next(_BATCHES)))
    whole.next_to(Step.REVIEW)
    facts = whole.session.facts
    assert facts is not None
    command = [sys.executable, "-c", HOLDER, str(whole.desk.shelf.account_lock(facts.fingerprint))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "True"
        whole.next_to(Step.SEND)
        page = whole.main.wizard.page
        whole.until(lambda: "Waiting in line: another window or command" in _words(page), "the line")
        assert whole.desk.runs()[0].counts.not_sent == 10
        other.kill()
    whole.sent()
    assert whole.desk.runs()[0].counts.succeeded == 10


def test_that_too_many_failures_pause_the_run_and_ask(whole: Whole, tmp_path: Path) -> None:
    whole.desk.save_settings(AppSettings(chunk_size=20, open_jobs=1, failure_share=0.3))
    whole.session.read_settings()
    whole.idle()
    _load(whole, sheets.clean(tmp_path / "March.xlsx", 200, 1000 * next(_BATCHES), strangers=2))
    whole.next_to(Step.SEND)
    whole.sent()
    run = whole.desk.runs()[0]
    assert run.state is RunState.PAUSED
    assert (run.counts.failed, run.counts.not_sent) == (50, 100)
    assert "More than 30% of the rows failed, so sending was paused." in _words(whole.main.wizard.page)
    _click(whole, QPushButton, "go_on")
    whole.sent()
    assert whole.desk.runs()[0].state is RunState.FINISHED
    assert whole.desk.runs()[0].counts.failed == 100
