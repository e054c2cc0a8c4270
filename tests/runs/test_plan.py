"""The chunk planner: layers, order, and the bound on extra requests."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gb_desktop.runs.plan import LARGEST, PlannedChunk, layered, plan

SHEETS = st.lists(st.one_of(st.none(), st.sampled_from("abcdefgh")), max_size=80)


def planned(customers: list[str | None], size: int, first: int = 0, unit: bool = False) -> list[PlannedChunk]:
    layers, _ = layered(enumerate(customers, 2))
    return list(plan(layers, size, first, unit))


@given(customers=SHEETS, size=st.integers(1, 9), first=st.integers(0, 5), unit=st.booleans())
def test_that_every_item_is_in_exactly_one_chunk(
    customers: list[str | None], size: int, first: int, unit: bool
) -> None:
    items = [item for chunk in planned(customers, size, first, unit) for item in chunk.items]
    assert sorted(items) == list(range(2, 2 + len(customers)))


@given(customers=SHEETS, size=st.integers(1, 9))
def test_that_the_requests_stay_within_twice_the_minimum(customers: list[str | None], size: int) -> None:
    assert len(planned(customers, size)) <= 2 * -(-len(customers) // size)


@given(customers=SHEETS, size=st.integers(1, 9), first=st.integers(0, 5), unit=st.booleans())
def test_that_chunks_outside_the_tail_hold_a_customer_once(
    customers: list[str | None], size: int, first: int, unit: bool
) -> None:
    for chunk in planned(customers, size, first, unit):
        assert 1 <= len(chunk.items) <= size
        named = [who for item in chunk.items if (who := customers[item - 2]) is not None]
        assert chunk.kind == "tail" or len(named) == len(set(named))


@given(customers=SHEETS, size=st.integers(1, 9), first=st.integers(0, 5))
def test_that_a_customers_rows_keep_their_order(customers: list[str | None], size: int, first: int) -> None:
    order = [item for chunk in planned(customers, size, first) for item in chunk.items]
    for who in {who for who in customers if who is not None}:
        mine = [item for item in order if customers[item - 2] == who]
        assert mine == sorted(mine)


@given(customers=SHEETS, size=st.integers(1, 9), first=st.integers(0, 5), unit=st.booleans())
def test_that_planning_twice_gives_the_same_chunks(
    customers: list[str | None], size: int, first: int, unit: bool
) -> None:
    assert planned(customers, size, first, unit) == planned(customers, size, first, unit)


@given(customers=SHEETS)
def test_that_each_item_knows_the_customers_item_before_it(customers: list[str | None]) -> None:
    _, previous = layered(enumerate(customers, 2))
    for item, who in enumerate(customers, 2):
        earlier = [other for other in range(2, item) if who is not None and customers[other - 2] == who]
        assert previous.get(item) == (earlier[-1] if earlier else None)


def test_that_the_unit_chunk_and_the_first_chunk_go_before_all_others() -> None:
    chunks = planned([str(n) for n in range(30)], size=10, first=5, unit=True)
    assert [(chunk.kind, len(chunk.items)) for chunk in chunks] == [
        ("unit", 1),
        ("first", 5),
        ("main", 10),
        ("main", 10),
        ("main", 4),
    ]


def test_that_one_customer_alone_shares_chunks_instead_of_one_request_a_row() -> None:
    chunks = planned(["a"] * 2_000, size=1_000)
    assert len(chunks) <= 4
    assert chunks[-1].kind == "tail"


@pytest.mark.parametrize("size", [0, -1, LARGEST + 1])
def test_that_a_request_holds_one_to_a_thousand_items(size: int) -> None:
    with pytest.raises(ValueError, match="1 to 1,000"):
        list(plan([array("q", [2])], size))
