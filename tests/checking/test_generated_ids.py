"""Generated IDs: two equal rows get two, and an edit of one row is the business of rows like it alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.checking.model import ItemDraft
from gb_desktop.mapping.model import Source
from tests.checking.sheets import checked, mapping_of

HEADERS = ("Customer", "Amount", "Note")
Rows = list[tuple[str, float, str]]
MAPPING = mapping_of(
    "cashback",
    customerId="Customer",
    amount="Amount",
    transactionId=Source.generated("march"),
    transactionTime=Source.generated(),
)
rows = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C"]), st.sampled_from([1.0, 2.0, 3.5]), st.sampled_from(["x", "y"])),
    min_size=1,
    max_size=8,
)


def items(sheet: Rows) -> list[ItemDraft]:
    found = checked("cashback", HEADERS, sheet, MAPPING).store.items
    return [found[row] for row in range(2, len(sheet) + 2)]


def idents(sheet: Rows) -> list[str]:
    return [str(item.ident) for item in items(sheet)]


@settings(max_examples=150)
@given(rows)
def test_that_every_row_has_its_own_id_and_the_same_sheet_the_same_ids(sheet: Rows) -> None:
    found = idents(sheet)
    assert len(set(found)) == len(sheet)
    assert idents(sheet) == found
    for row, ident in zip(sheet, found, strict=True):
        same = [other for other, one in zip(found, sheet, strict=True) if one[:2] == row[:2]]
        assert sorted(one.rpartition("-")[2] for one in same) == [str(n) for n in range(1, len(same) + 1)]
        assert len({one.rpartition("-")[0] for one in same}) == 1
        assert ident.startswith("march-")


@settings(max_examples=150)
@given(rows, st.data())
def test_that_editing_a_row_changes_no_id_of_rows_unlike_it(sheet: Rows, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sheet) - 1))
    edited = list(sheet)
    edited[place] = data.draw(st.tuples(st.sampled_from(["A", "D"]), st.sampled_from([1.0, 9.0]), st.just("x")))
    touched = {sheet[place][:2], edited[place][:2]}
    before, after = idents(sheet), idents(edited)
    for at, row in enumerate(sheet):
        if at != place and row[:2] not in touched:
            assert after[at] == before[at]
    if sheet[place][:2] == edited[place][:2]:  # only the note changed, which is not sent
        assert before == after


@settings(max_examples=50)
@given(rows)
def test_that_made_times_are_apart_and_none_is_after_the_check(sheet: Rows) -> None:
    times = [str(item.time) for item in items(sheet)]
    assert len(set(times)) == len(times)
    assert sorted(times, reverse=True) == times
    assert max(times) < "2026-03-15T12:00:00.000Z"
