"""The list of runs: what it shows and what may be done with a run."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from gb_desktop.runs.events import Counts
from gb_desktop.runs.model import RunFacts, RunState
from gb_desktop.ui.run_actions import Action, allowed, undecided
from gb_desktop.ui.runs_model import ACCOUNT, FILE, OUTCOME, ROWS, RUN_ROLE, STATE, TYPE, WHEN, RunsModel, fits, outcome
from gb_desktop.ui.words import when

SENT = RunFacts(
    "r1",
    RunState.FINISHED,
    "cashback",
    "2026-03-02T10:00:00Z",
    "/home/me/March cashback.xlsx",
    "Sheet1",
    "My shop",
    "live",
    counts=Counts(rows=9812, succeeded=9800, failed=12),
)
DRAFT = RunFacts("r2", RunState.DRAFT, "", "2026-03-02T10:00:00Z")


@pytest.fixture
def model(qapp: QApplication) -> RunsModel:
    made = RunsModel(qapp.palette)
    made.show_runs([SENT, DRAFT])
    return made


def _texts(model: QAbstractItemModel, row: int) -> list[str]:
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


def test_that_the_model_keeps_qts_own_rules(model: RunsModel) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.search("march", frozenset())
    model.search("", frozenset({RunState.DRAFT}))
    model.show_runs([])


def test_that_a_line_tells_a_run_in_words_and_figures(model: RunsModel) -> None:
    texts = _texts(model, 0)
    assert texts[STATE] == "Finished"
    assert texts[FILE] == "March cashback.xlsx"
    assert texts[TYPE] == "Cashback rewards"
    assert texts[ACCOUNT] == "My shop · LIVE"
    assert texts[ROWS] == "9,812"
    assert texts[OUTCOME] == "9,800\u00a0succeeded\u00a0· 12\u00a0failed", "a number stays beside what it counts"
    assert model.index(0, STATE).data(RUN_ROLE) is SENT


def test_that_a_draft_without_a_workbook_says_so(model: RunsModel) -> None:
    texts = _texts(model, 1)
    assert (texts[FILE], texts[ROWS], texts[OUTCOME]) == ("No workbook yet", "–", "")


def test_that_a_run_whose_file_can_not_be_read_says_why_instead_of_a_workbook(model: RunsModel) -> None:
    why = "The run r9 was made by a newer version of GB Desktop: update the app."
    model.show_runs([RunFacts("r9", RunState.NEEDS_ATTENTION, "", "", sentence=why)])
    assert _texts(model, 0)[FILE] == why
    assert model.index(0, FILE).data(Qt.ItemDataRole.ToolTipRole) == why


def test_that_the_whole_path_and_the_reason_are_in_the_tooltip(model: RunsModel) -> None:
    assert model.index(0, FILE).data(Qt.ItemDataRole.ToolTipRole) == "/home/me/March cashback.xlsx"
    assert model.index(1, STATE).data(Qt.ItemDataRole.ToolTipRole) is None


@pytest.mark.parametrize("text", ["march", "CASHBACK shop", "live", "r1", ""])
def test_that_every_searched_word_must_be_in_the_run(text: str) -> None:
    assert fits(SENT, text, frozenset())
    assert not fits(SENT, text + " nowhere", frozenset())


def test_that_a_filter_hides_other_states(model: RunsModel) -> None:
    model.search("", frozenset({RunState.DRAFT}))
    assert model.rowCount() == 1
    assert model.run_at(0) is DRAFT
    assert (model.row_of("r1"), model.row_of("r2")) == (-1, 0)
    assert model.total == 2


def test_that_applied_before_counts_as_succeeded_and_unknown_is_said() -> None:
    assert outcome(Counts(rows=9, succeeded=3, already_applied=2, unknown=4)) == "5 succeeded · 4 unknown"
    assert outcome(Counts(rows=9)) == ""


def test_that_an_outcome_adds_up_to_the_rows_of_the_run() -> None:
    counts = Counts(rows=401, succeeded=344, failed=20, unknown=3, not_sent=5, excluded=29)
    assert outcome(counts) == "344 succeeded · 20 failed · 3 unknown · 5 not sent · 29 left out"
    assert outcome(Counts(rows=20, succeeded=4, not_sent=14, in_flight=8, excluded=2)) == (
        "4 succeeded · 8 under way · 6 not sent · 2 left out"
    )
    assert outcome(Counts(rows=20, not_sent=18, excluded=2)) == ""


STATES = {
    RunState.DRAFT: {Action.CONTINUE, Action.DELETE},
    RunState.READY: {Action.CONTINUE, Action.DELETE},
    RunState.SENDING: {Action.OPEN, Action.SAVE},
    RunState.PAUSED: {Action.OPEN, Action.SAVE, Action.DELETE, Action.CONTINUE},
    RunState.INTERRUPTED: {Action.OPEN, Action.SAVE, Action.DELETE, Action.CONTINUE},
    RunState.NEEDS_ATTENTION: {Action.OPEN, Action.SAVE, Action.DELETE, Action.RETRY},
    RunState.FINISHED: {Action.OPEN, Action.SAVE, Action.DELETE, Action.RETRY},
}


@pytest.mark.parametrize("state", list(RunState))
def test_that_each_state_offers_what_makes_sense(state: RunState) -> None:
    run = RunFacts("r", state, "cashback", "2026-03-02T10:00:00Z", counts=Counts(rows=2, succeeded=1, failed=1))
    assert allowed(run, sending_here=False) == STATES[state]


def test_that_a_run_being_sent_is_only_opened() -> None:
    assert allowed(SENT, sending_here=True) == {Action.OPEN}
    assert allowed(None, sending_here=False) == frozenset()


def test_that_nothing_is_retried_where_nothing_failed() -> None:
    run = RunFacts("r", RunState.FINISHED, "cashback", "", counts=Counts(rows=2, succeeded=2))
    assert Action.RETRY not in allowed(run, sending_here=False)


def test_that_rows_under_way_count_as_undecided_when_a_run_is_deleted() -> None:
    run = RunFacts("r", RunState.PAUSED, "cashback", "", counts=Counts(rows=9, unknown=2, not_sent=7, in_flight=3))
    assert undecided(run) == 5


def test_that_recent_times_are_told_by_day() -> None:
    now = dt.datetime(2026, 3, 2, 15, 0).astimezone()
    today = now.replace(hour=9, minute=5)
    assert when(today.isoformat(), now) == "Today 09:05"
    assert when((today - dt.timedelta(days=1)).isoformat(), now) == "Yesterday 09:05"
    assert when((today - dt.timedelta(days=9)).isoformat(), now) == "2026-02-21 09:05"


def test_that_the_column_of_times_is_the_last(model: RunsModel) -> None:
    assert model.columnCount() == WHEN + 1
