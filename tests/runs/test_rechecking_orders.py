"""An edit where rows make an item together: orders of several lines, and types that ask once for a customer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs.test_rechecking import ROWS, do, drafting, everything, several_rows

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
