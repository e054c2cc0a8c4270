"""Orders: rows with one order ID become one item, or say why they can't."""

from __future__ import annotations

import datetime as dt

from gb_desktop.checking.model import RowState, StagedRow
from gb_desktop.workbook.model import Mark, Marked, RowFlag, Value
from tests.checking.sheets import Checked, checked

THEN = dt.datetime.fromisoformat("2026-03-01 09:30")
HEADERS = ("Order ID", "Customer ID", "Order date", "Total paid", "SKU", "Quantity", "Item price")
SINGLE = HEADERS[:4]
Rows = list[list[Value]]


def orders(rows: Rows) -> Checked:
    return checked("orders", HEADERS, rows)


def test_that_rows_of_one_order_become_one_item_with_its_lines() -> None:
    found = orders(
        [
            ["O1", "C1", THEN, 250.0, "A", 1.0, 100.0],
            ["O2", "C2", THEN, 99.0, "B", 1.0, 99.0],
            ["O1", None, None, None, "C", 2.0, 75.0],
        ]
    )
    assert found.store.problems == []
    assert found.body(2) == (
        '{"customerId":"C1","orderId":"O1","orderDate":"2026-03-01T09:30:00.000Z","totalPaid":250,"lineItems":['
        '{"quantity":1,"price":100,"sku":"A"},{"quantity":2,"price":75,"sku":"C"}]}'
    )
    assert {row: one.item_number for row, one in found.store.results.items()} == {2: 2, 3: 3, 4: 2}
    item = found.store.items[2]
    assert (item.customer, item.ident, item.amount, item.time) == ("C1", "O1", "250", None)


def test_that_an_order_may_have_a_row_without_a_line() -> None:
    found = orders([["O1", "C1", THEN, 250.0, None, None, None]])
    assert "lineItems" not in found.body(2)


def test_that_equal_values_on_every_row_are_no_conflict() -> None:
    found = orders([["O1", "C1", THEN, 250.0, "A", 1.0, 1.0], ["O1", "C1", THEN, "250.00", "B", 1.0, 1.0]])
    assert found.store.problems == []


def test_that_different_values_in_one_order_are_an_error_on_the_rows_that_hold_them() -> None:
    found = orders(
        [
            ["O1", "C1", THEN, 100.0, "A", 1.0, 1.0],
            ["O1", "C1", THEN, 150.0, "B", 1.0, 1.0],
            ["O1", None, None, None, "C", 1.0, 1.0],
            ["O2", "C1", THEN, 150.0, "B", 1.0, 1.0],
        ]
    )
    assert found.codes(2) == found.codes(3) == {"order-conflict"}
    assert found.codes(4) == {"order-incomplete"}
    assert found.codes(5) == set()
    assert set(found.store.items) == {5}


def test_that_one_bad_row_keeps_its_whole_order_back_and_no_other() -> None:
    found = orders(
        [
            ["O1", "C1", THEN, 100.0, "A", "many", 1.0],
            ["O1", "C1", THEN, 100.0, "B", 1.0, 1.0],
            ["O2", "C2", THEN, 150.0, "B", 1.0, 1.0],
        ]
    )
    assert found.codes(2) == {"not-a-number"}
    assert found.codes(3) == {"order-incomplete"}
    assert found.store.problems[-1].message == "Order O1 can't be sent: there is an error in row 2 of it."
    assert set(found.store.items) == {4}


def test_that_what_no_row_of_an_order_holds_is_missing_once() -> None:
    found = orders([["O1", None, THEN, 100.0, "A", 1.0, 1.0], ["O1", None, None, None, "B", 1.0, 1.0]])
    assert found.codes(2) == {"required-empty"}
    assert found.codes(3) == {"order-incomplete"}


def test_that_a_row_without_an_order_id_stands_alone_with_its_error() -> None:
    found = orders([["O1", "C1", THEN, 100.0, "A", 1.0, 1.0], [None, "C1", THEN, 100.0, "B", 1.0, 1.0],
                    [1e16, "C1", THEN, 100.0, "B", 1.0, 1.0]])  # fmt: skip
    assert found.codes(3) == {"required-empty"}
    assert found.codes(4) == {"digits-lost"}
    assert set(found.store.items) == {2}


def test_that_a_line_left_out_is_no_part_of_its_order() -> None:
    rows = [
        StagedRow(2, ["O1", "C1", THEN, 100.0, "A", 1.0, 1.0], RowFlag.DATA),
        StagedRow(3, ["O1", None, None, None, "B", 1.0, 1.0], RowFlag.DATA, True),
    ]
    found = checked("orders", HEADERS, rows)
    assert '"sku":"B"' not in found.body(2)
    assert found.store.states[3] is RowState.EXCLUDED


def test_that_a_total_merged_over_an_orders_lines_is_that_orders() -> None:
    merged = Marked(Mark.MERGED, 250.0, "D2")
    found = orders([["O1", "C1", THEN, 250.0, "A", 1.0, 1.0], ["O1", "C1", THEN, merged, "B", 1.0, 1.0]])
    assert found.codes(3) == {"merged"}
    assert found.store.states[3] is RowState.READY
    price = Marked(Mark.MERGED, 5.0, "G2")
    assert orders([["O1", "C1", THEN, 250.0, "A", 1.0, price]]).codes(2) == {"merged-amount"}


def test_that_without_line_fields_a_repeated_order_is_a_duplicate() -> None:
    rows: Rows = [["O1", "C1", THEN, 100.0], ["O1", "C1", THEN, 100.0], ["o1", "C1", THEN, 100.0]]
    found = checked("orders", SINGLE, rows)
    assert "duplicate-id" in found.codes(2) & found.codes(3)
    assert found.codes(4) == {"id-case"}
    assert set(found.store.items) == {4}


def test_that_orders_whose_ids_differ_in_case_stay_two() -> None:
    found = orders([["O1", "C1", THEN, 100.0, "A", 1.0, 1.0], ["o1", "C1", THEN, 100.0, "B", 1.0, 1.0]])
    assert found.codes(2) == found.codes(3) == {"id-case"}
    assert len(found.store.items) == 2


def test_that_lists_and_free_keys_of_lines_go_into_their_line() -> None:
    headers = (*SINGLE, "Tags", "lineItems.extra.gift", "extra.note", "Coupon codes")
    rows: Rows = [["O1", "C1", THEN, 10.0, "a;b", True, "n", "X;Y"], ["O1", "C1", THEN, 10.0, None, 2.0, "n", None]]
    found = checked("orders", headers, rows)
    assert found.body(2).endswith(
        '"totalPaid":10,"redemption":{"couponCodes":["X","Y"]},"extra":{"note":"n"},'
        '"lineItems":[{"tags":["a","b"],"extra":{"gift":true}},{"extra":{"gift":2}}]}'
    )


def test_that_an_undecided_column_of_lines_is_asked_about() -> None:
    found = orders([["O1", "C1", THEN, 100.0, "A", 1.0, "1.000"]])
    assert found.codes(0) == {"decimal-undecided"}
    assert found.codes(2) == {"decimal-undecided"}


def test_that_an_order_whose_row_is_left_out_goes_out_with_a_warning_and_a_whole_one_without() -> None:
    lines: Rows = [
        ["O1", "C1", THEN, 100.0, "A", 1.0, 1.0],
        ["O1 ", "C1", THEN, 100.0, "B", 1.0, 1.0],
        ["O2", "C1", THEN, 50.0, "A", 1.0, 1.0],
        ["O2", "C1", THEN, 50.0, "B", 1.0, 1.0],
        ["O3", "C1", THEN, 20.0, "A", 1.0, 1.0],
        ["O4", "C1", THEN, 20.0, "A", 1.0, 1.0],
        ["Total", None, None, 170.0, None, None, None],
    ]
    flags = {5: RowFlag.HIDDEN, 8: RowFlag.TOTAL}
    rows = [
        StagedRow(number, list(values), flags.get(number, RowFlag.DATA), number in (3, 6))
        for number, values in enumerate(lines, 2)
    ]
    found = checked("orders", HEADERS, rows)
    told = {one.row: (one.code, one.message) for one in found.store.problems}
    assert told == {
        2: ("order-shortened", "Order O1 goes out without row 3, which you left out or which is hidden."),
        4: ("order-shortened", "Order O2 goes out without row 5, which you left out or which is hidden."),
    }
    assert set(found.store.items) == {2, 4, 7}
