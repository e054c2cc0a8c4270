"""The Send step's time: what is left, what a wait takes away, and the chart of a run that is over at once."""

from __future__ import annotations

import pytest

from gb_desktop.runs.events import (
    Counts,
    Waiting,
)
from gb_desktop.ui.engine_thread import News
from gb_desktop.ui.steps.pace import Pace
from gb_desktop.ui.steps.send_progress import ProgressPart, WaitingLine
from gb_desktop.ui.steps.send_words import shares_of
from tests.ui.stage import Stage, stage
from tests.ui.test_steps_send import paused, shown

__all__ = ["stage"]


def test_that_a_wait_counts_down(stage: Stage) -> None:
    line = WaitingLine()
    stage.qtbot.addWidget(line)
    line.wait(Waiting("The network can't be reached.", 2.0))
    assert line.words.text() == "The network can't be reached. Trying again in 2 s."
    line._tick()
    line.go_on()
    assert line.isVisible(), "an answer to an earlier question does not end a wait"
    line._tick()
    assert line.words.text() == "The network can't be reached. Trying again now."
    line.go_on()
    assert not line.isVisible()


def test_that_no_time_left_is_told_while_the_run_only_waits(stage: Stage) -> None:
    part = ProgressPart()
    stage.qtbot.addWidget(part)
    for second in range(20):
        part.show_progress(shares_of(Counts(10_000, succeeded=100 * second, not_sent=10_000 - 100 * second)), second)
    assert part.pace.text() == "19 s so far · 6,000 rows a minute · about 1 min 21 s left"
    part.tick(25.0, moves=False)
    assert part.pace.text() == "25 s so far"
    part.show_progress(shares_of(Counts(10_000, succeeded=2000, not_sent=8000)), 300.0)
    assert part.pace.text() == "5 min 0 s so far", "the pace is taken anew: the wait is no part of it"


def test_that_no_empty_chart_is_left_of_a_sending_that_was_over_at_once(stage: Stage) -> None:
    part = ProgressPart()
    stage.qtbot.addWidget(part)
    part.show_progress(shares_of(Counts(120, succeeded=108, failed=12)), 0.0)
    part.end(11.0)
    assert part.chart.isHidden()


def test_that_news_of_a_wait_take_the_time_left_away(stage: Stage) -> None:
    page = shown(stage, paused())
    page.controls.show()
    assert page._moves()
    page._news(News(paused().totals, (Waiting("The network can't be reached.", 30.0),)))
    assert not page._moves()
    assert "left" not in page.progress.pace.text()


def test_that_time_left_is_told_only_when_it_can_be_believed() -> None:
    pace = Pace()
    for second in range(5):
        pace.note(float(second), second * 100)
    assert pace.per_minute() == 6000
    assert pace.seconds_left(10_000) is None
    for second in range(5, 20):
        pace.note(float(second), second * 100)
    assert pace.seconds_left(10_000) == pytest.approx(81.0)


def test_that_the_pace_is_that_of_the_last_half_minute() -> None:
    pace = Pace()
    for second in range(100):
        pace.note(float(second), min(second, 50) * 10)
    assert pace.per_minute() == 0
    assert pace.seconds_left(1000) is None
