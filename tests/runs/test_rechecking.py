"""An edit is checked by itself: the result must be exactly that of checking the whole sheet again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
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
from gb_desktop.runs.model import AccountFacts, CheckSummary, RunError, RunState, SendSettings
from gb_desktop.runs.remembered import MOST_LIKELY
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


READS = {
    "balance-inquiry": ("Customer ID,Note", [f"P-{n % 4},x" for n in range(ROWS)]),
    "order-transactions": ("Order ID,Note", [f"P-{n % 4},x" for n in range(ROWS)]),
}


@pytest.mark.parametrize("key", READS)
@settings(max_examples=30)
@given(done=st.lists(
    st.one_of(
        st.tuples(st.integers(2, ROWS + 1), st.just(0), st.sampled_from(["P-0", "P-1", "P-9", "", "a\nb"])),
        st.tuples(st.just("out"), several_rows),
        st.tuples(st.just("in"), several_rows),
        st.tuples(st.just("replace"), st.just("P-"), st.sampled_from(["p", "P-1"])),
        st.sampled_from(["undo", "redo"]),
        st.just("idle"),
    ), min_size=1, max_size=8,
))  # fmt: skip
def test_that_types_that_ask_once_regroup_the_rows_of_the_customers_concerned(key: str, done: list[Any]) -> None:
    header, lines = READS[key]
    with drafting("\n".join([header, *lines]), key) as found:
        db = found._drafted.store.connection
        for step in done:
            summary = do(found, step)
        alone = everything(found), db.execute("SELECT item, rows FROM items ORDER BY item").fetchall()
        whole = found._parts[1]._check()
        assert alone == (everything(found), db.execute("SELECT item, rows FROM items ORDER BY item").fetchall())
        assert (summary.counts, summary.groups) == (whole.counts, whole.groups)


def missing(found: Drafting) -> list[tuple[str, str]]:
    return indexes.missing(found._drafted.store.connection, ("ident", "time"))


def make_indexes(found: Drafting) -> None:
    while found.use_the_time(lambda: False):
        pass


ORDERS = "Order ID,Customer ID,Order date,Total paid,SKU,Quantity,Item price,Note"
ORDER_ID, CUSTOMER, ORDER_DATE, PAID = 0, 1, 2, 3
ORDER_CELLS = {
    ORDER_ID: ("O-1", "O-2", "o-2", "O-3", "O-9", "", "#N/A"),
    CUSTOMER: ("C-1", "C-2", ""),
    ORDER_DATE: ("2026-03-01 10:00", "2026-03-02 10:00", "soon", ""),
    PAID: ("12.5", "99", "-7", "", "x"),
    4: ("A", ""),
    5: ("1", "0", "x"),
    6: ("3", "x", ""),
}


def order_lines(several: bool) -> str:
    """Orders of three rows each, or of one each."""
    lines = []
    for n in range(ROWS):
        order, first = (n // 3, n % 3 == 0) if several else (n, True)
        whole = f"C-{order % 2},2026-03-0{order % 9 + 1} 10:00,{order + 10}" if first else ",,"
        lines.append(f"O-{order},{whole},A{n},1,{n + 1},x")
    return "\n".join([ORDERS, *lines])


@pytest.mark.parametrize("several", [True, False])
@settings(max_examples=60)
@given(done=st.lists(
    st.one_of(
        *(st.tuples(st.integers(2, ROWS + 1), st.just(at), st.sampled_from(new)) for at, new in ORDER_CELLS.items()),
        st.tuples(st.just("out"), several_rows),
        st.tuples(st.just("in"), several_rows),
        st.tuples(st.just("replace"), st.sampled_from(["O-", "C-1"]), st.sampled_from(["o-", "O-1", "C-1"])),
        st.sampled_from(["undo", "redo", "idle"]),
    ), min_size=1, max_size=10,
))  # fmt: skip
def test_that_orders_of_several_rows_are_joined_anew_where_rows_of_them_changed(several: bool, done: list[Any]) -> None:
    with drafting(order_lines(several), "orders") as found:
        db = found._drafted.store.connection
        for step in done:
            summary = do(found, step)
        counted = "SELECT item, rows FROM items ORDER BY item"
        alone = everything(found), db.execute(counted).fetchall()
        whole = found._parts[1]._check()
        assert alone == (everything(found), db.execute(counted).fetchall())
        assert (summary.counts, summary.groups) == (whole.counts, whole.groups)


def test_that_an_edit_of_an_order_looks_at_that_order_alone() -> None:
    with drafting(order_lines(True), "orders") as found:
        db = found._drafted.store.connection
        db.execute("UPDATE items SET body = 'as it was' WHERE item = 5")  # a whole check would make it anew
        found.command("edit")(3, ORDER_ID, "O-3")
        kept = "SELECT item, rows, body = 'as it was' FROM items ORDER BY item"
        assert db.execute(kept).fetchall() == [(2, 2, 0), (3, 4, 0), (5, 3, 1), (8, 3, 0)]


def test_that_orders_of_a_draft_that_an_earlier_version_checked_are_checked_whole() -> None:
    with drafting(order_lines(True), "orders") as found:
        found._drafted.store.connection.execute("DELETE FROM lines")  # as it left them
        assert found.command("edit")(3, 5, "x").counts.errors == 3
        alone = everything(found)
        found._parts[1]._check()
        assert alone == everything(found)


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


def test_that_a_change_which_was_never_checked_is_checked_with_the_next_one() -> None:
    with drafting(sheet()) as found:
        store = found._drafted.store
        Edits(store).leave_out([2, 3], True, "2 rows were left out.")  # and the process died before it checked them
        found.command("edit")(9, AMOUNTS, "77")
        states = dict(store.connection.execute("SELECT row, state FROM checked").fetchall())
        assert (states[2], states[3]) == (STATE_NUMBER[RowState.EXCLUDED],) * 2
        assert store.connection.execute("SELECT count(*) FROM items WHERE item IN (2, 3)").fetchone() == (0,)
        assert store.meta.get("stale") is False
