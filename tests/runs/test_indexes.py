"""Edits before, between and after the indexes are made that find what rows share."""

from __future__ import annotations

from gb_desktop.runs.remembered import MOST_LIKELY
from tests.runs.test_rechecking import (
    AMOUNTS,
    HEADER,
    IDS,
    ROWS,
    TIMES,
    drafting,
    everything,
    make_indexes,
    missing,
    sheet,
)


def test_that_the_indexes_of_later_edits_are_made_while_nobody_asks() -> None:
    with drafting(sheet()) as found:
        assert len(missing(found)) == 4
        make_indexes(found)
        assert (missing(found), found._drafted.store.remembered) == ([], None)
        found._parts[1]._check()  # inserts are faster without
        assert len(missing(found)) == 4


def test_that_making_an_index_stops_for_an_edit_that_does_not_need_it_and_is_begun_again_later() -> None:
    lines = [f"P-{n},T-{n},2026-03-01 10:00,5" for n in range(20_000)]
    with drafting("\n".join([HEADER, *lines])) as found:
        assert not found.use_the_time(lambda: True)
        before = missing(found)
        assert ("items", "time") in before or ("items", "ident-folded") in before
        assert found.command("edit")(2, AMOUNTS, "8").counts.ready == 20_000
        assert missing(found) == before
        make_indexes(found)
        assert missing(found) == []


def test_that_a_change_of_many_rows_makes_the_indexes_it_needs() -> None:
    with drafting("\n".join([sheet(), *(f"P-9,T-{n},2026-03-02 10:00,5" for n in range(100, 150))])) as found:
        found.command("exclude")(range(20, 50), True)
        assert missing(found) == []


def test_that_an_edit_beside_very_many_that_share_its_key_tells_them_anew() -> None:
    """More than are named from memory: what it can't say of them an index says."""
    lines = [f"P-{n},T-{n},{'2026-03-01 10:00' if n else '2026-03-02 10:00'},5" for n in range(MOST_LIKELY + 10)]
    with drafting("\n".join([HEADER, *lines])) as found:
        found.command("edit")(MOST_LIKELY + 9, AMOUNTS, "8")
        assert ("items", "time") in missing(found)
        for row, text in ((2, "2026-03-01 10:00"), (2, "2026-03-02 10:00"), (5, "2026-03-02 10:00")):
            found.command("edit")(row, TIMES, text)
        alone = everything(found)
        found._parts[1]._check()
        assert alone == everything(found)


def test_that_a_trial_of_changes_leaves_what_the_check_remembers() -> None:
    with drafting(sheet()) as found:
        before = found._drafted.store.remembered
        with found._drafted.store.held(keep=False):
            found._parts[1]._check()
        assert found._drafted.store.remembered is before
        found.command("edit")(3, IDS, "T-0")
        alone = everything(found)
        found._parts[1]._check()
        assert alone == everything(found)


def test_that_an_index_that_cannot_be_made_ends_nothing() -> None:
    with drafting(sheet()) as found:
        found._drafted.store.connection.execute("PRAGMA query_only = ON")
        assert not found.use_the_time(lambda: False)
        found._drafted.store.connection.execute("PRAGMA query_only = OFF")
        assert found.command("edit")(2, AMOUNTS, "8").counts.ready == ROWS
