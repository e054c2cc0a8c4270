"""A run is changed or sent, never both: what goes to Gameball is what was planned."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.runs.draft import Draft
from gb_desktop.runs.events import RunFinished
from gb_desktop.runs.model import RunError, RunState, SendSettings
from gb_desktop.runs.sender import open_sender
from gb_desktop.runs.shelf import Shelf
from tests.runs.rig import planned_run, shelf_in
from tests.runs.stand import Stand, end_of
from tests.runs.test_refusals import CONNECTION, TEST, refused


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return shelf_in(tmp_path)


def test_that_a_run_that_is_sent_or_waits_in_line_is_not_opened_to_be_changed(shelf: Shelf) -> None:
    run = planned_run(shelf, "events", "ab", account=TEST)
    with closing(open_sender(shelf, run, TEST, CONNECTION, SendSettings())), pytest.raises(RunError) as caught:
        Draft(shelf, run)
    assert caught.value.reason == "locked"
    Draft(shelf, run).close()


def test_that_a_run_that_is_being_changed_is_not_sent(shelf: Shelf) -> None:
    run = planned_run(shelf, "events", "ab", account=TEST)
    with closing(Draft(shelf, run)):
        assert refused(shelf, run).reason == "locked"
    open_sender(shelf, run, TEST, CONNECTION, SendSettings()).close()


def test_that_a_planned_run_that_was_only_looked_at_is_sent_as_it_was_planned(shelf: Shelf) -> None:
    run = planned_run(shelf, "events", "ab", account=TEST)
    with closing(Draft(shelf, run)) as draft:
        draft.remember_step("check")
    assert shelf.facts(run).state is RunState.READY
    open_sender(shelf, run, TEST, CONNECTION, SendSettings()).close()


def test_that_a_planned_run_that_is_changed_has_to_be_planned_anew(shelf: Shelf) -> None:
    run = planned_run(shelf, "events", "ab", account=TEST)
    with closing(Draft(shelf, run)) as draft:
        draft.choose_rows("all")
    assert shelf.facts(run).state is RunState.DRAFT
    assert refused(shelf, run).reason == "state"


def test_that_a_run_that_was_let_go_is_not_changed_behind_a_senders_back(shelf: Shelf) -> None:
    run = planned_run(shelf, "events", "ab", account=TEST)
    draft = Draft(shelf, run)
    draft.remember_step("review")
    draft.close()
    with pytest.raises(RunError, match="was closed"), closing(draft):
        draft.choose_rows("all")
    assert shelf.facts(run).state is RunState.READY


def test_that_a_run_that_was_sent_is_not_changed_any_more(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "events", "ab")
    assert isinstance(end_of(stand.send()), RunFinished)
    with closing(Draft(stand.shelf, stand.run)) as draft, pytest.raises(RunError) as caught:
        draft.remember_step("check")
    assert caught.value.reason == "state"
    assert stand.facts.state is RunState.FINISHED
