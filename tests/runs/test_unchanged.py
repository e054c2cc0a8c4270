"""What is checked again only because something changed, and what a change that changes nothing leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gb_desktop.mapping.model import Source
from gb_desktop.runs.drafting import Drafting
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.model import RunError, RunState, SendSettings
from tests.runs.test_rechecking import AMOUNTS, FACTS, ROWS, do, drafting, make_indexes, sheet


def mark(found: Drafting) -> Callable[[], bool]:
    """Change what a whole check would make anew; whether it is still there."""
    db = found._drafted.store.connection
    marked = "SELECT count(*) FROM items WHERE body = 'as it was'"
    db.execute("UPDATE items SET body = 'as it was'")
    before = db.execute(marked).fetchone()
    return lambda: before != (0,) and db.execute(marked).fetchone() == before


def test_that_a_change_which_changes_nothing_checks_nothing_and_forgets_nothing() -> None:
    with drafting(sheet()) as found:
        call = found.command
        call("exclude")([4, 5], True)
        call("edit")(3, AMOUNTS, "9")
        before, history = call("undo")(), call("history")()
        untouched = mark(found)
        assert call("exclude")([4, 5], True) == before
        assert call("exclude")([6], False) == before
        assert call("edit")(3, 0, "P-1") == before
        assert call("replace")(None, "nowhere", "x") == before
        assert (call("history")(), untouched()) == (history, True)
        done, untouched = call("redo")(), mark(found)
        assert (call("redo")(), untouched()) == (done, True)


def test_that_a_change_which_changes_nothing_leaves_a_prepared_run_as_it_is() -> None:
    with drafting(sheet()) as found:
        do(found, (2, AMOUNTS, "77"))
        found.command("prepare")(FACTS, SendSettings(), False)
        do(found, (2, AMOUNTS, "77"))
        do(found, ("in", [4]))
        assert found._drafted.store.meta.state() is RunState.READY


def test_that_a_check_is_made_if_needed_where_rows_mapping_or_rules_are_others() -> None:
    with drafting(sheet()) as found:
        call, mapping = found.command, found._drafted.mapping()
        before, untouched = call("check")(mapping, FACTS), mark(found)
        assert call("check")(mapping, FACTS, False) == before
        assert untouched()
        call("check")(mapping.with_source("amount", Source.constant("5")), FACTS, False)
        assert not untouched()
        untouched = mark(found)
        call("check")(found._drafted.mapping(), replace(FACTS, merge=frozenset({"email"})), False)
        assert not untouched()
        call("check")(found._drafted.mapping(), FACTS, False)
        untouched = mark(found)
        Edits(found._drafted.store).leave_out([2], True, "and the process died before it checked it")
        assert call("check")(found._drafted.mapping(), FACTS, False).counts.excluded == 1
        assert not untouched()


def test_that_rows_of_a_sheet_that_lacks_a_mapped_column_can_be_edited() -> None:
    with drafting(sheet()) as found:
        call, mapping = found.command, found._drafted.mapping()
        lacking = mapping.with_source("amount", Source.column("Amount of last month"))
        before = call("check")(lacking, FACTS)
        assert [problem.code for problem in before.sheet_problems] == ["column-missing"]
        make_indexes(found)
        assert {offer.count for offer in call("fixes")("column-missing", "amount")} <= {0}
        assert call("edit")(3, AMOUNTS, "8").sheet_problems == before.sheet_problems
        assert call("check")(mapping, FACTS).counts.ready == ROWS


def test_that_nothing_is_checked_before_the_columns_are_mapped() -> None:
    with drafting(sheet()) as found:
        found.command("set_type")("redeem")
        with pytest.raises(RunError, match="Map the columns first"):
            found.command("edit")(3, AMOUNTS, "8")
