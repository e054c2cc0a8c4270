"""A saved mapping on another month's sheet: followed where that is certain, offered where not, told in every case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.mapping.applying import apply_saved, new_columns
from gb_desktop.mapping.changes import Change
from gb_desktop.mapping.model import Mapping, Settings, Source
from gb_desktop.mapping.names import name_key
from gb_desktop.text import without_isolation
from tests.checking.sheets import columns
from tests.mapping.test_saved import MAPPING

HEADERS = ("Customer", "Amount")


def notes(mapping: Mapping, *headers: str, saved: Sequence[str] = HEADERS) -> list[str]:
    return [without_isolation(note) for note in apply_saved(mapping, columns(*headers), saved).notes]


def test_that_a_sheet_with_the_same_headers_changes_nothing() -> None:
    applied = apply_saved(MAPPING, columns(*HEADERS), HEADERS)
    assert (applied.mapping, applied.notes, applied.offers, applied.lost) == (MAPPING, (), (), ())


def test_that_moved_columns_are_followed_and_told() -> None:
    applied = apply_saved(MAPPING, columns("Amount", "Customer"), HEADERS)
    assert applied.mapping == MAPPING
    assert notes(MAPPING, "Amount", "Customer") == [
        "Columns stand in another order than before; each was found by its header."
    ]


def test_that_a_header_written_differently_is_followed_and_told() -> None:
    applied = apply_saved(MAPPING, columns("customer ", "Amount"))
    assert applied.mapping.sources["customerId"] == Source.column("customer ")
    assert notes(MAPPING, "customer ", "Amount") == ["Column Customer is now called customer ."]


def test_that_a_header_that_is_gone_loses_its_field_and_is_told() -> None:
    applied = apply_saved(MAPPING, columns("Customer", "Sum paid"))
    assert "amount" not in applied.mapping.sources
    assert "Amount" not in applied.mapping.columns
    assert applied.lost == ("amount",)
    assert notes(MAPPING, "Customer", "Sum paid")[0] == (
        "Column Amount for Amount spent is not in this sheet: choose another."
    )


def test_that_a_header_that_only_looks_alike_is_offered_and_not_taken() -> None:
    applied = apply_saved(MAPPING, columns("Custommer", "Amount"))
    assert "customerId" not in applied.mapping.sources
    [offer] = applied.offers
    assert (offer.path, offer.header, offer.sure) == ("customerId", "Custommer", False)
    assert "Customer" in offer.why
    assert "Custommer looks like it" in notes(MAPPING, "Custommer", "Amount")[0]


def test_that_settings_and_changes_of_a_renamed_column_go_with_it() -> None:
    changed = replace(MAPPING, changes=(Change.replaced("Amount", "EGP", ""),))
    applied = apply_saved(changed, columns("Customer", "AMOUNT"))
    assert applied.mapping.columns == {"AMOUNT": Settings(decimal=",")}
    assert applied.mapping.changes == (Change.replaced("AMOUNT", "EGP", ""),)


def test_that_two_headers_alike_are_not_guessed_between() -> None:
    applied = apply_saved(MAPPING, columns("CUSTOMER", "customer", "Amount"))
    assert "customerId" not in applied.mapping.sources
    assert applied.lost == ("customerId",)


def test_that_new_columns_are_named_and_not_sent() -> None:
    found = notes(MAPPING, "Customer", "Amount", "Note", "Till")
    assert found == ["New columns, not sent until you choose them: Note, Till."]
    many = notes(MAPPING, "Customer", "Amount", *"ABCDEFG")
    assert many == ["New columns, not sent until you choose them: A, B, C, D, E and 2 more."]
    assert [one.header for one in new_columns(HEADERS, columns("customer", "Amount", "Note"))] == ["Note"]


HEADER = st.sampled_from(["Customer", "customer", "CUSTOMER ID", "Amount", "amounts", "Amuont", "Till", "Note", "نقاط"])


@settings(max_examples=200)
@given(st.lists(HEADER, unique=True, max_size=7), st.permutations(range(7)))
def test_that_no_field_ever_gets_a_column_with_another_name(headers: list[str], order: Sequence[int]) -> None:
    there = [headers[place] for place in order if place < len(headers)]
    applied = apply_saved(MAPPING, columns(*there), HEADERS)
    for path, source in MAPPING.sources.items():
        kept = applied.mapping.sources.get(path)
        assert (kept is None) == (path in applied.lost)
        if kept is not None:
            assert set(kept.columns) <= set(there)
            assert list(map(name_key, kept.columns)) == list(map(name_key, source.columns))
