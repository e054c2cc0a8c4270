"""Changes of one sheet made again on the next: counted truly before, made as one step, and taken back as one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.mapping.changes import Change, merged
from gb_desktop.mapping.model import Mapping, Source
from gb_desktop.runs import schema
from gb_desktop.runs.draft import Draft
from gb_desktop.runs.drafting import Drafting
from gb_desktop.runs.model import Progress, RunError
from gb_desktop.runs.replayed import ReplayOffer
from gb_desktop.runs.shelf import Shelf
from gb_desktop.text import without_isolation
from gb_desktop.workbook.model import ReadOptions
from tests.runs.test_rechecking import FACTS, drafting, everything

HEADER = "Customer ID,Transaction ID,Transaction time,Amount"
FEBRUARY = [
    "P-1,T-1,2026-02-01 09:00,10 pts",
    "P-2,T-2,2026-02-01 09:01,20 pts",
    "P-3,T-3,2026-02-01 09:02,none",
    "P-4,T-2,2026-02-01 09:03,40",
]
MARCH = [
    "P-1,T-11,2026-03-01 09:00,15 pts",
    "P-2,T-12,2026-03-01 09:01,25 pts",
    "P-3,T-13,2026-03-01 09:02,35 pts",
    "P-4,T-14,2026-03-01 09:03,none",
    "P-5,T-15,2026-03-01 09:04,nothing",
    "P-6,T-16,2026-03-01 09:05,5",
    "P-7,T-16,2026-03-01 09:06,6",
]
REPLACED = Change.replaced("Amount", " pts", "", 2, "amount")
LEFT_OUT = Change.fix("not-a-number", "amount", "leave-out", 1)
LATER_OUT = Change.fix("duplicate-id", "transactionId", "leave-later-out", 1)


def sheet(lines: list[str]) -> str:
    return "\n".join([HEADER, *lines])


def mapped(found: Drafting, *changes: Change) -> Mapping:
    """A check with the mapping of last month, its changes with it."""
    mapping = replace(found.command("suggest")().mapping, name="Monthly", changes=changes)
    found.command("check")(mapping, FACTS)
    return mapping


def done_in_february(found: Drafting) -> tuple[Change, ...]:
    """What a person does to the first sheet."""
    mapped(found)
    found.command("replace")(3, " pts", "")
    found.command("apply_fix")("not-a-number", "amount", "leave-out")
    found.command("apply_fix")("duplicate-id", "transactionId", "leave-later-out")
    found.command("edit")(2, 0, "P-100")
    changes: tuple[Change, ...] = found.command("changes")()
    return changes


def lines(offer: ReplayOffer) -> list[tuple[int, int, bool]]:
    return [(line.count, line.before, line.leaves_out) for line in offer.lines]


def test_that_changes_to_many_rows_are_kept_and_single_edits_are_not() -> None:
    with drafting(sheet(FEBRUARY)) as found:
        assert done_in_february(found) == (REPLACED, LEFT_OUT, LATER_OUT)
        found.command("undo")()
        found.command("undo")()
        assert found.command("changes")() == (REPLACED, LEFT_OUT)
        found.command("edit")(2, 0, "P-200")
        assert found.command("changes")() == (REPLACED, LEFT_OUT)


def test_that_leaving_a_whole_problem_group_out_is_kept() -> None:
    with drafting(sheet(FEBRUARY)) as found:
        mapped(found)
        found.command("exclude_group")("not-a-number", "amount", True)
        assert found.command("changes")() == (replace(LEFT_OUT, count=3),)
        found.command("exclude")([2], True)
        assert len(found.command("changes")()) == 1


def test_that_an_offer_counts_what_each_change_does_after_those_before_it_and_changes_nothing() -> None:
    with drafting(sheet(MARCH)) as found:
        mapped(found, REPLACED, LEFT_OUT, LATER_OUT)
        before = everything(found)
        offer = found.command("replay_offer")()
        assert lines(offer) == [(3, 2, False), (2, 1, True), (1, 1, True)]
        assert (offer.cells, offer.rows, offer.name) == (3, 3, "Monthly")
        assert [without_isolation(line.sentence) for line in offer.lines] == [
            "Take “ pts” out of Amount",
            "Leave rows out whose Amount spent is no number",
            "Keep the first row of each Transaction ID and leave the others out",
        ]
        assert everything(found) == before
        assert found.command("history")() == (None, None)


def test_that_the_changes_are_made_as_one_step_and_taken_back_as_one() -> None:
    with drafting(sheet(MARCH)) as found:
        mapped(found, REPLACED, LEFT_OUT, LATER_OUT)
        before = everything(found)
        summary = found.command("replay")()
        assert (summary.counts.ready, summary.counts.errors, summary.counts.excluded) == (4, 0, 3)
        after = everything(found)
        undo, redo = found.command("history")()
        assert without_isolation(undo) == "Changes of Monthly were made again: 3 cells changed, 3 rows left out."
        assert undo in summary.changes
        assert redo is None
        found.command("undo")()
        assert everything(found) == before
        assert found.command("history")() == (None, undo)
        found.command("redo")()
        assert everything(found) == after


def test_that_the_counts_of_the_offer_are_those_of_doing_it_by_hand() -> None:
    with drafting(sheet(FEBRUARY)) as february:
        changes = done_in_february(february)
    with drafting(sheet(MARCH)) as by_hand:
        done_in_february(by_hand)
        by_hand.command("undo")()
        expected = everything(by_hand)
    with drafting(sheet(MARCH)) as found:
        mapped(found, *changes)
        found.command("replay")()
        assert everything(found) == expected


def test_that_changes_are_offered_once_and_not_when_they_were_made_already() -> None:
    with drafting(sheet(MARCH)) as found:
        mapped(found, REPLACED, LEFT_OUT)
        found.command("replace")(3, " pts", "")
        assert lines(found.command("replay_offer")()) == [(2, 1, True)]
        found.command("decline_replay")()
        assert found.command("replay_offer")().lines == ()
        found.command("undo")()
        assert found.command("replay_offer")().lines == ()


def test_that_a_replacement_follows_its_field_to_a_column_of_another_name() -> None:
    other = "\n".join([HEADER.replace("Amount", "Spent on points"), *MARCH])
    with drafting(other) as found:
        mapping = found.command("suggest")().mapping.with_source("amount", Source.column("Spent on points"))
        found.command("check")(replace(mapping, changes=(REPLACED,)), FACTS)
        assert lines(found.command("replay_offer")()) == [(3, 2, False)]


def test_that_a_change_without_a_cause_on_this_sheet_does_nothing() -> None:
    with drafting(sheet(MARCH[:3])) as found:
        gone = Change.replaced("Till", "a", "b", 4)
        unknown = Change.fix("duplicate-id", "transactionId", "polish", 9)
        setting = Change.fix("decimal-undecided", "amount", "setting:decimal:,", 9)
        mapping = mapped(found, gone, LATER_OUT, unknown, setting)
        assert lines(found.command("replay_offer")()) == [(0, 4, False), (0, 1, True)]
        found.command("replay")()
        assert found.command("history")() == (None, None)
        assert found._drafted.mapping().columns == mapping.columns


def test_that_nothing_is_replayed_on_rows_that_were_not_checked() -> None:
    with drafting(sheet(MARCH)) as found:
        mapped(found, REPLACED)
        found._drafted.store.meta.set("stale", True)
        assert found.command("replay_offer")().lines == ()
        with pytest.raises(RunError, match="check them again"):
            found.command("replay")()


def test_that_undone_steps_before_a_replay_do_not_come_back() -> None:
    with drafting(sheet(MARCH)) as found:
        mapped(found, REPLACED)
        found.command("edit")(2, 0, "P-100")
        found.command("edit")(3, 0, "P-200")
        found.command("undo")()
        assert lines(found.command("replay_offer")()) == [(3, 2, False)]
        assert found.command("history")()[1] is not None
        found.command("replay")()
        assert found.command("history")()[1] is None
        rows = {row: cells for _, row, cells, *_ in _rows(found)}
        assert "P-100" in rows[2]
        assert "P-200" not in rows[3]
        assert not any("pts" in cells for cells in rows.values())


def _rows(found: Drafting) -> list[tuple[int, int, str]]:
    return found._drafted.store.connection.execute("SELECT position, row, cells FROM rows").fetchall()


def test_that_a_corrected_copy_keeps_what_was_done_and_another_sheet_does_not(tmp_path: Path) -> None:
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(sheet(["P-1,T-1,2026-02-01 09:00,10"]))
    with drafting(sheet(FEBRUARY)) as found:
        changes = done_in_february(found)
        found.command("reload")(corrected)
        assert found.command("changes")() == changes
        found.command("look")(corrected, ReadOptions())
        found.command("load")(ReadOptions())
        assert found.command("changes")() == ()


def test_that_the_changes_known_before_come_first_with_their_latest_counts() -> None:
    again = replace(REPLACED, count=7)
    assert merged((REPLACED, LEFT_OUT), (LATER_OUT, again)) == (again, LEFT_OUT, LATER_OUT)


def test_that_a_run_file_of_the_first_version_becomes_a_current_one(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    path = shelf.path(shelf.create())
    with sqlite3.connect(path) as db:
        db.execute("ALTER TABLE steps DROP COLUMN recipe")
        db.execute("INSERT INTO steps (kind, sentence) VALUES ('cells', 'Something was done.')")
        db.execute("PRAGMA user_version = 1")
    db.close()
    schema.open_to_read(path).close()
    opened = schema.open_to_write(path)
    assert opened.execute("SELECT sentence, recipe FROM steps").fetchall() == [("Something was done.", "")]
    assert opened.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION
    opened.close()


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(2, 8), st.integers(0, 3), st.sampled_from(["P-1", "T-11", "12", "x"])),
        st.tuples(st.just("exclude"), st.lists(st.integers(2, 8), min_size=1, max_size=3), st.booleans()),
        st.tuples(st.just("undo")),
        st.tuples(st.just("redo")),
        st.tuples(st.just("replay_offer")),
        st.tuples(st.just("replay")),
    ),
    max_size=7,
)


@settings(max_examples=30)
@given(deeds)
def test_that_whatever_is_done_around_a_replay_undoing_all_gives_the_sheet_as_it_was(deeds: list[tuple]) -> None:  # type: ignore[type-arg]
    with drafting(sheet(MARCH)) as found:
        mapped(found, REPLACED, LEFT_OUT, LATER_OUT)
        original = everything(found)
        for name, *arguments in deeds:
            found.command(name)(*arguments)
        done = everything(found)
        while found.command("history")()[0]:
            found.command("undo")()
        assert everything(found) == original
        while found.command("history")()[1]:
            found.command("redo")()
        if not {"undo", "redo"} & {name for name, *_ in deeds}:
            assert everything(found) == done


def test_that_trying_the_changes_gives_way_at_once_and_leaves_nothing_behind(tmp_path: Path) -> None:
    many = [f"P-{row},T-{row},2026-03-01 09:00,{row % 90 + 1} pts" for row in range(20_000)]
    (tmp_path / "march.csv").write_text(sheet(many))
    shelf = Shelf(tmp_path)
    with closing(Draft(shelf, shelf.create())) as draft:
        draft.set_type("cashback")
        draft.look(tmp_path / "march.csv", ReadOptions())
        draft.load(ReadOptions())
        mapping = replace(draft.suggest().mapping, changes=(REPLACED,))
        before = draft.check(mapping, FACTS).counts
        pid = draft._link._process.pid  # type: ignore[union-attr]
        heard: list[Progress] = []

        def wish(progress: Progress) -> None:
            if not heard:
                draft.give_way()
            heard.append(progress)

        with pytest.raises(RunError) as refused:
            draft.replay_offer(wish)
        assert refused.value.reason == "gave-way"
        assert heard[-1].done < len(many), "it went on to the end"
        assert draft.history() == (None, None)
        assert lines(draft.replay_offer()) == [(20_000, 2, False)]
        assert draft._link._process.pid == pid  # type: ignore[union-attr]
        draft.give_way()  # a wish that comes too late is for the next one, which is asked for again then
        assert draft.check(mapping, FACTS).counts == before
        with pytest.raises(RunError):
            draft.replay_offer()
        assert len(draft.replay_offer().lines) == 1
