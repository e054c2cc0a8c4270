"""The steps of the wizard and their guards, without Qt."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from gb_desktop.ui.flow import STEPS, Flow, Standing, Step, title_of, why_not

READY = Standing(
    batch_type="cashback",
    account="Practice",
    account_known=True,
    loaded=True,
    rows=100,
    mapped=True,
    checked=True,
    ready=100,
    reviewed=True,
)


def test_that_the_flow_knows_no_qt() -> None:
    code = "import sys, gb_desktop.ui.flow; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("step", STEPS)
def test_that_next_may_be_pressed_on_every_step_when_everything_is_there(step: Step) -> None:
    assert why_not(step, READY) == ""
    assert title_of(step)


@pytest.mark.parametrize(
    ("step", "lack", "reason"),
    [
        (Step.TYPE, {"account": ""}, "Choose an account at the top of the window."),
        (Step.TYPE, {"batch_type": ""}, "Choose what you want to send."),
        (Step.WORKBOOK, {"loaded": False}, "Choose a workbook first."),
        (Step.WORKBOOK, {"rows": 0}, "This sheet has no rows below its header."),
        (Step.WORKBOOK, {"hidden_rows": 3}, "Say whether hidden rows are sent too."),
        (Step.COLUMNS, {"missing": ("Customer ID",)}, "Customer ID has no source yet."),
        (Step.COLUMNS, {"missing": ("Customer ID", "Amount")}, "2 required fields have no source yet."),
        (Step.COLUMNS, {"mapping_error": "Two columns are called Amount."}, "Two columns are called Amount."),
        (Step.COLUMNS, {"account_known": False}, "The keys of Practice are not there yet."),
        (Step.CHECK, {"checked": False}, "The rows are not checked yet."),
        (Step.CHECK, {"sheet_error": "Choose a decimal sign."}, "Choose a decimal sign."),
        (Step.CHECK, {"ready": 0}, "No row is ready to be sent."),
        (Step.CHECK, {"errors": 188}, "188 rows have errors: fix them, or say that they are left out."),
        (Step.CHECK, {"errors": 1}, "1 row has errors"),
        (Step.REVIEW, {"reviewed": False}, "The figures are not there yet."),
        (Step.REVIEW, {"account": ""}, "Choose an account at the top of the window."),
        (Step.REVIEW, {"busy": "The totals are added up."}, "The totals are added up."),
    ],
)
def test_that_next_says_why_it_is_disabled(step: Step, lack: dict[str, object], reason: str) -> None:
    assert why_not(step, replace(READY, **lack)).startswith(reason)  # type: ignore[arg-type]


def test_that_an_answered_question_lets_next_go_on() -> None:
    assert why_not(Step.WORKBOOK, replace(READY, hidden_rows=3, hidden_answered=True)) == ""
    assert why_not(Step.CHECK, replace(READY, errors=188, leave_out_errors=True)) == ""


def test_that_going_back_keeps_what_was_done() -> None:
    flow = Flow()
    for _ in range(3):
        flow.advance()
    assert flow.current is Step.CHECK
    assert flow.back() is Step.COLUMNS
    assert flow.done(Step.COLUMNS)
    assert flow.go(Step.TYPE)
    assert flow.go(Step.CHECK)


def test_that_a_step_can_only_be_gone_to_when_all_before_it_are_done() -> None:
    flow = Flow()
    flow.advance()
    assert not flow.can_go(Step.COLUMNS)
    assert not flow.go(Step.REVIEW)
    assert flow.current is Step.WORKBOOK


def test_that_a_changed_step_takes_the_ticks_of_what_followed() -> None:
    flow = Flow()
    for _ in range(4):
        flow.advance()
    flow.go(Step.WORKBOOK)
    flow.forget_after(Step.WORKBOOK)
    assert flow.done(Step.TYPE)
    assert not flow.done(Step.COLUMNS)
    assert not flow.can_go(Step.CHECK)


def test_that_there_is_no_way_back_once_sending_has_begun() -> None:
    flow = Flow()
    for _ in STEPS[1:]:
        flow.advance()
    assert flow.sent
    assert flow.back() is Step.SEND
    assert not any(flow.go(step) for step in STEPS[:-1])


def test_that_the_send_step_is_reached_by_next_alone() -> None:
    flow = Flow()
    flow.reopen(Step.REVIEW)
    assert not flow.can_go(Step.SEND)
    assert flow.advance() is Step.SEND


def test_that_a_reopened_draft_stands_where_it_was_left() -> None:
    flow = Flow()
    flow.reopen(Step.COLUMNS)
    assert flow.current is Step.COLUMNS
    assert [flow.done(step) for step in STEPS] == [True, True, False, False, False, False]
