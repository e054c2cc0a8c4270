"""Run files with values that this version doesn't know: listed with a sentence, and never in the way of the others."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.cli_show import print_runs
from gb_desktop.gameball.model import Connection
from gb_desktop.runs import schema
from gb_desktop.runs.draft_anew import AnewCommands
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.drafting import _opened_to_change
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import RunError, RunState, SendSettings
from gb_desktop.runs.sender import open_sender
from gb_desktop.runs.shelf import Shelf
from tests.runs.rig import PRACTICE, planned_run, shelf_in

CONNECTION = Connection("http://127.0.0.1:1", "v4.0", "key", "secret")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return shelf_in(tmp_path)


def with_value(shelf: Shelf, **values: object) -> str:
    run = planned_run(shelf, "events", "ab")
    with closing(schema.open_to_write(shelf.path(run))) as db:
        Meta(db).update(**values)
    return run


def test_that_a_state_of_a_newer_version_is_listed_as_such_and_hides_no_other(shelf: Shelf) -> None:
    plain, strange = planned_run(shelf, "events", "ab"), with_value(shelf, state="scheduled")
    listed = {facts.run: facts for facts in shelf.runs()}
    assert set(listed) == {plain, strange}
    assert listed[plain].state is RunState.READY
    assert listed[strange].state is RunState.NEEDS_ATTENTION
    assert listed[strange].sentence == f"The run {strange} was made by a newer version of GB Desktop: update the app."


def test_that_a_run_in_such_a_state_is_neither_sent_nor_changed_nor_tried_again(shelf: Shelf) -> None:
    strange = with_value(shelf, state="scheduled")
    with pytest.raises(RunError) as opened:
        _opened_to_change(shelf.path(strange))
    with pytest.raises(RunError) as sent:
        open_sender(shelf, strange, PRACTICE, CONNECTION, SendSettings())
    with pytest.raises(RunError) as shown:
        shelf.facts(strange)
    anew = AnewCommands(Drafted(lambda _: None, ledger=shelf.folder / "ledger.sqlite"))
    with pytest.raises(RunError) as taken:  # its failed rows, of which nobody knows whether they were sent since
        anew._run(strange)
    assert {error.value.reason for error in (opened, sent, shown, taken)} == {"newer"}
    assert anew._run("20260101-000000-aaaa") is None


def test_that_the_command_line_says_why_too(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    strange = with_value(shelf, state="scheduled")
    print_runs(shelf.runs(), as_json=False)
    assert f"The run {strange} was made by a newer version" in capsys.readouterr().out


@pytest.mark.parametrize("values", [{"seconds": "long"}, {"counts": {"postponed": 3}}, {"account": "Shop"}])
def test_that_other_values_that_nobody_understands_hide_no_run_either(shelf: Shelf, values: dict[str, object]) -> None:
    plain, strange = planned_run(shelf, "events", "ab"), with_value(shelf, **values)
    listed = {facts.run: facts for facts in shelf.runs()}
    assert listed[plain].state is RunState.READY
    assert listed[strange].state is RunState.NEEDS_ATTENTION
    assert "can't be opened" in listed[strange].sentence
