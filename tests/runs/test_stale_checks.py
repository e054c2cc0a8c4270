"""What was checked, and what was planned from it, stands only as long as nothing of it has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gb_desktop.mapping.model import Mapping, Source
from gb_desktop.runs.drafting import Drafting
from gb_desktop.runs.model import AccountFacts, RunError, RunState, SendSettings
from gb_desktop.workbook.model import ReadOptions
from tests.runs.test_rechecking import AMOUNTS, FACTS, drafting, sheet

MERGING = replace(FACTS, merge=frozenset({"mobile"}))


def _mapping(found: Drafting) -> Mapping:
    return found._drafted.mapping()


def _reviewed(found: Drafting, account: AccountFacts = FACTS) -> Any:
    return found.command("review")(account, SendSettings())


def _other_amount(mapping: Mapping) -> Mapping:
    return mapping.with_source("amount", Source.constant("5"))


def test_that_another_mapping_makes_the_last_check_void() -> None:
    with drafting(sheet()) as found:
        _reviewed(found)
        found.command("view_mapping")(_other_amount(_mapping(found)))

        with pytest.raises(RunError, match="check them again"):
            _reviewed(found)

        found.command("edit")(2, AMOUNTS, "77")  # checks every row again, by the new mapping
        assert {amount for (amount,) in _rows(found, "SELECT amount FROM items")} == {"5"}


def _rows(found: Drafting, query: str) -> list[Any]:
    return found._drafted.store.connection.execute(query).fetchall()


def test_that_the_same_mapping_under_a_name_leaves_the_check_as_it_is() -> None:
    with drafting(sheet()) as found:
        found.command("view_mapping")(replace(_mapping(found), name="Every month"))
        found.command("keep_changes")("Another name")

        assert _reviewed(found).rows == 12


def test_that_a_check_which_is_broken_off_leaves_none() -> None:
    with drafting(sheet()) as found:

        def cancelled(_progress: object) -> None:
            raise KeyboardInterrupt

        found._drafted.say = cancelled
        with pytest.raises(KeyboardInterrupt):
            found.command("check")(_other_amount(_mapping(found)), FACTS)
        found._drafted.say = lambda _: None

        with pytest.raises(RunError, match="check them again"):
            _reviewed(found)


def test_that_rows_checked_for_an_account_are_not_reviewed_for_one_with_other_needs() -> None:
    with drafting("Customer ID,Email\nP-1,a@example.com\n", "customers") as found:
        assert _reviewed(found).rows == 1

        with pytest.raises(RunError, match="check them again"):
            _reviewed(found, MERGING)

    with drafting("Customer ID,Amount\nP-1,5\n", "balance-adjustment") as found:  # which have no mobile anyway
        assert _reviewed(found, MERGING).rows == 1


CHANGES: list[Callable[[Drafting], object]] = [
    lambda found: found.command("edit")(2, AMOUNTS, "77"),
    lambda found: found.command("exclude")([3], True),
    lambda found: found.command("undo")(),
    lambda found: found.command("check")(_mapping(found), FACTS),
    lambda found: found.command("view_mapping")(_other_amount(_mapping(found))),
    lambda found: found.command("choose_rows")("all"),
    lambda found: found.command("set_type")("redeem"),
    lambda found: found.command("load")(ReadOptions()),
    lambda found: found.command("paste")("Customer ID\nP-1"),
    lambda found: found.command("check")(_mapping(found), replace(FACTS, fingerprint="e"), False),
]


@pytest.mark.parametrize("change", CHANGES)
def test_that_a_prepared_run_whose_rows_change_is_a_draft_again(change: Callable[[Drafting], object]) -> None:
    with drafting(sheet()) as found:
        found.command("edit")(4, AMOUNTS, "7")
        found.command("prepare")(FACTS, SendSettings(), False)
        meta = found._drafted.store.meta
        assert meta.state() is RunState.READY

        change(found)

        assert meta.state() is RunState.DRAFT


def test_that_a_trial_of_changes_leaves_a_prepared_run_as_it_is() -> None:
    with drafting(sheet()) as found:
        found.command("prepare")(FACTS, SendSettings(), False)
        found.command("replay_offer")()
        found.command("view_mapping")(_mapping(found))

        assert found._drafted.store.meta.state() is RunState.READY
