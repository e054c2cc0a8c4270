"""An edit is checked by itself: the result must be exactly that of checking the whole sheet again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.checking.model import RowState
from gb_desktop.mapping.model import Source
from gb_desktop.runs import indexes
from gb_desktop.runs.drafting import Drafting
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.model import AccountFacts, CheckSummary, RunError, SendSettings
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.store import STATE_NUMBER
from gb_desktop.runs.wire import from_wire
from gb_desktop.workbook.model import ReadOptions

FACTS = AccountFacts("Practice", "practice", "http://127.0.0.1", "v4.0", "f")
HEADER = "Customer ID,Transaction ID,Transaction time,Amount"
ROWS = 12
IDS, TIMES, AMOUNTS = 1, 2, 3
NEW = {
    0: ("P-1", "P-2", ""),
    IDS: ("T-1", "T-2", "t-1", "T-9", ""),
    TIMES: ("2026-03-01 10:00", "2026-03-01 10:01", "2026-03-02 10:00"),
    AMOUNTS: ("12.5", "0", "abc", "7", "77", "-7", "100000000000000000", ""),
}


@contextmanager
def drafting(sheet: str, batch_type: str = "cashback") -> Iterator[Drafting]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sheet.csv"
        file.write_text(sheet, encoding="utf-8")
        shelf = Shelf(Path(folder))
        run = shelf.create()
        found = Drafting(lambda _: None)
        found.open(shelf.path(run), shelf.copies(run), shelf.folder / "ledger.sqlite", shelf.mappings, False)
        call = found.command
        call("set_type")(batch_type)
        call("look")(file, ReadOptions())
        call("load")(ReadOptions())
        call("check")(call("suggest")().mapping, FACTS)
        try:
            yield found
        finally:
            found.close()


def sheet() -> str:
    lines = [f"P-{n % 5},T-{n},2026-03-01 10:{n:02d},{n + 1}.5" for n in range(ROWS)]
    return "\n".join([HEADER, *lines])


def one_day() -> str:
    """Equal times nearly everywhere: no sentence may grow old when one of many rows changes."""
    lines = [f"P-{n % 5},T-{n % 9},2026-03-01 10:0{n // 10},{n + 1}.5" for n in range(ROWS)]
    return "\n".join([HEADER, *lines])


def summed() -> str:
    """The last row is the sum of those above, and IDs differ in case."""
    lines = [
        f"P-1,{'Tt'[n % 2]}-{n // 2},2026-03-0{n % 9 + 1} 10:00,{'77' if n == ROWS - 1 else 7}" for n in range(ROWS)
    ]
    return "\n".join([HEADER, *lines])


SHEETS = {"apart": sheet, "one day": one_day, "summed": summed}


def everything(found: Drafting) -> dict[str, list[Any]]:
    """All that a check leaves behind, in an order that does not depend on how it was found."""
    db = found._drafted.store.connection
    queries = {
        "checked": "SELECT row, state, item, reason FROM checked ORDER BY row",
        "items": "SELECT item, customer, ident, time, amount, body FROM items ORDER BY item",
        "blocked": "SELECT item, ident FROM blocked_items ORDER BY item",
        "problems": "SELECT row, field, col, code, severity, message FROM problems ORDER BY row, code, field, message",
    }
    return {name: db.execute(query).fetchall() for name, query in queries.items()}


cells = st.one_of(
    *(st.tuples(st.integers(2, ROWS + 1), st.just(column), st.sampled_from(texts)) for column, texts in NEW.items())
)
several_rows = st.lists(st.integers(2, ROWS + 1), min_size=1, max_size=4)
steps = st.lists(
    st.one_of(
        cells,
        cells,
        st.tuples(st.just("out"), several_rows),
        st.tuples(st.just("in"), several_rows),
        st.tuples(st.just("replace"), st.sampled_from(["T-", "2026", "P-1"]), st.sampled_from(["t-", "2025", "P-1"])),
        st.sampled_from(["undo", "redo"]),
        st.just("idle"),
    ),
    min_size=1,
    max_size=10,
)


def do(found: Drafting, step: Any) -> CheckSummary:
    """One operation of a person; "idle": none, in the time that it takes to make one index."""
    command = found.command
    if step == "idle":
        found.use_the_time(lambda: False)
        kept = found._drafted.store.meta.get("summary")
        done = from_wire(CheckSummary, kept)
    elif isinstance(step, str):
        done = command(step)()
    elif step[0] in ("out", "in"):
        done = command("exclude")(step[1], step[0] == "out")
    elif step[0] == "replace":
        done = command("replace")(None, step[1], step[2])
    else:
        done = command("edit")(*step)
    assert isinstance(done, CheckSummary)
    return done


@pytest.mark.parametrize("name", SHEETS)
@settings(max_examples=40)
@given(done=steps)
def test_that_checking_the_edited_rows_gives_what_checking_the_whole_sheet_gives(name: str, done: list[Any]) -> None:
    with drafting(SHEETS[name]()) as found:
        for step in done:
            summary = do(found, step)
        alone = everything(found)
        whole = found._parts[1]._check()
        assert alone == everything(found)
        assert (summary.counts, summary.groups) == (whole.counts, whole.groups)


@pytest.mark.parametrize("name", SHEETS)
def test_that_an_enormous_amount_leaves_no_trace_in_the_sum(name: str) -> None:
    with drafting(SHEETS[name]()) as found:
        before = everything(found)
        do(found, (3, AMOUNTS, "9" * 300))
        do(found, "undo")
        assert everything(found) == before


@settings(max_examples=30)
@given(done=steps)
def test_that_adjustments_alike_are_followed_by_content_and_customer(done: list[Any]) -> None:
    lines = [f"P-{n % 3},{n % 4},T-{n % 2},x" for n in range(ROWS)]
    with drafting("\n".join(["Customer ID,Amount,Reason,Note", *lines]), "balance-adjustment") as found:
        for step in done:
            summary = do(found, step)
        alone = everything(found)
        whole = found._parts[1]._check()
        assert alone == everything(found)
        assert (summary.counts, summary.groups) == (whole.counts, whole.groups)


def test_that_a_short_id_stays_one_when_another_cell_of_its_row_is_edited() -> None:
    lines = [f"{n:08},T-{n},2026-03-01 10:{n:02d},5" for n in range(8)] + ["77,T-9,2026-03-02 10:00,6"]
    with drafting("\n".join([HEADER, *lines])) as found:
        store = found._drafted.store
        Edits(store).change_cells([(10, 0, 77.0)], "as Excel would hold it")
        found._parts[1]._check()
        before = everything(found)["problems"]
        assert [row[:4] for row in before] == [(10, "customerId", 0, "id-short")]
        found.command("edit")(10, AMOUNTS, "8")
        assert everything(found)["problems"] == before


@settings(max_examples=25)
@given(steps)
def test_that_undoing_everything_gives_the_original_and_redoing_everything_the_same_again(done: list[Any]) -> None:
    with drafting(sheet()) as found:
        original = everything(found)
        for step in done:
            do(found, step)
        while found.command("history")()[1]:
            found.command("redo")()
        edited = everything(found)
        while found.command("history")()[0]:
            found.command("undo")()
        assert everything(found) == original
        while found.command("history")()[1]:
            found.command("redo")()
        assert everything(found) == edited


def test_that_an_edit_of_one_duplicate_makes_its_partner_sendable() -> None:
    with drafting(sheet()) as found:
        assert found.command("edit")(3, IDS, "T-0").counts.errors == 2
        summary = found.command("edit")(3, IDS, "T-77")
        assert (summary.counts.ready, summary.counts.errors, summary.groups) == (ROWS, 0, ())


def summed_adjustments() -> str:
    """The last row is the sum of those above, where amounts may be below zero."""
    lines = [f"P-{n},T-{n},x,{'77' if n == ROWS - 1 else 7}" for n in range(ROWS)]
    return "\n".join(["Customer ID,Reason,Note,Amount", *lines])


@pytest.mark.parametrize(
    ("made", "batch_type", "slip"),
    [
        (summed, "cashback", "100000000000000000"),
        (summed_adjustments, "balance-adjustment", "-100000000000000000"),
    ],
)
def test_that_a_slip_of_many_digits_taken_back_leaves_the_word_about_a_total(
    made: Callable[[], str], batch_type: str, slip: str
) -> None:
    with drafting(made(), batch_type) as found:
        before = found.command("edit")(3, AMOUNTS, "7.0"), everything(found)
        assert "looks-like-total" in {group.code for group in before[0].groups}
        with_slip = found.command("edit")(4, AMOUNTS, slip)
        assert "looks-like-total" not in {group.code for group in with_slip.groups}
        assert with_slip.counts.errors == 0  # it counts in the sum
        found.command("edit")(5, AMOUNTS, "7.5")  # beside the slip such an amount is lost in the sum
        found.command("undo")()
        assert found.command("undo")().groups == before[0].groups
        assert everything(found) == before[1]


def test_that_generated_ids_of_other_rows_stay_when_one_row_is_edited() -> None:
    lines = [f"P-{n // 2},2026-03-01 10:00,5" for n in range(6)]
    with drafting("\n".join(["Customer ID,Transaction time,Amount", *lines])) as found:
        mapping = found.command("suggest")().mapping.with_source("transactionId", Source.generated("march"))
        found.command("check")(mapping, FACTS)
        before = {item: ident for item, _, ident, *_ in everything(found)["items"]}
        assert len(set(before.values())) == 6
        found.command("edit")(2, 2, "6")
        after = {item: ident for item, _, ident, *_ in everything(found)["items"]}
        assert {item for item in before if before[item] != after[item]} == {2}


def test_that_nothing_is_planned_from_rows_that_changed_after_the_check() -> None:
    with drafting(sheet()) as found:
        store = found._drafted.store
        found.command("review")(FACTS, SendSettings())
        store.meta.set("stale", True)  # as an edit leaves it when the process dies before the check
        with pytest.raises(RunError, match="check them again"):
            found.command("prepare")(FACTS, SendSettings(), False)


def test_that_a_duplicate_left_out_makes_its_partner_sendable() -> None:
    with drafting(sheet()) as found:
        found.command("edit")(3, IDS, "T-0")
        summary = found.command("exclude")([3], True)
        assert (summary.counts.ready, summary.counts.errors, summary.counts.excluded) == (ROWS - 1, 0, 1)
        assert {row: state for row, state, *_ in everything(found)["checked"]}[2] == STATE_NUMBER[RowState.READY]


def test_that_numbers_are_found_as_they_are_shown_and_stay_numbers() -> None:
    with drafting(sheet()) as found:
        store = found._drafted.store
        Edits(store).change_cells([(2, AMOUNTS, 12.25), (3, AMOUNTS, 12.0)], "as Excel would hold them")
        found._parts[1]._check()
        offer = found.command("replace_dry")(AMOUNTS, "12", "13")
        assert (offer.count, offer.samples[:2]) == (3, (("12.25", "13.25"), ("12", "13")))
        found.command("replace")(AMOUNTS, "12", "13")
        amounts = {row.row: row.values[AMOUNTS] for row in store.staged_rows()}
        assert (amounts[2], amounts[3]) == (13.25, 13.0)
        assert found.command("replace_dry")(None, "nowhere", "x").count == 0
        assert found.command("replace")(0, "P-1", "").counts.errors == 3


def test_that_samples_of_a_replacement_differ() -> None:
    with drafting(sheet()) as found:
        offer = found.command("replace_dry")(0, "P-", "Q-")
        assert (offer.count, offer.samples) == (ROWS, (("P-0", "Q-0"), ("P-1", "Q-1"), ("P-2", "Q-2")))


def missing(found: Drafting) -> list[tuple[str, str]]:
    return indexes.missing(found._drafted.store.connection, ("ident", "time"))


def make_indexes(found: Drafting) -> None:
    while found.use_the_time(lambda: False):
        pass


def test_that_a_change_which_was_never_checked_is_checked_with_the_next_one() -> None:
    with drafting(sheet()) as found:
        store = found._drafted.store
        Edits(store).leave_out([2, 3], True, "2 rows were left out.")  # and the process died before it checked them
        found.command("edit")(9, AMOUNTS, "77")
        states = dict(store.connection.execute("SELECT row, state FROM checked").fetchall())
        assert (states[2], states[3]) == (STATE_NUMBER[RowState.EXCLUDED],) * 2
        assert store.connection.execute("SELECT count(*) FROM items WHERE item IN (2, 3)").fetchone() == (0,)
        assert store.meta.get("stale") is False
