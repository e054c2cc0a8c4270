"""Saved mappings: kept whole, found again by headers, and honest about what changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gb_desktop.mapping.model import Mapping, Settings, Source
from gb_desktop.mapping.saved import (
    SavedMappings,
    apply_saved,
    export_mapping,
    header_fingerprint,
    import_mapping,
    new_columns,
)
from tests.checking.sheets import columns

MAPPING = Mapping(
    "cashback",
    {
        "customerId": Source.column("Customer"),
        "amount": Source.column("Amount"),
        "transactionId": Source.generated("x"),
    },
    Settings(timezone="Africa/Cairo", year_pivot=30),
    {"Amount": Settings(decimal=",")},
    {"channel": {"Online": "web"}},
    name="Monthly / كاش",
)


def test_that_a_mapping_survives_its_file(tmp_path: Path) -> None:
    export_mapping(MAPPING, columns("Customer", "Amount"), tmp_path / "m.json")
    saved = import_mapping(tmp_path / "m.json")
    assert saved.mapping == MAPPING
    assert saved.headers == ("Customer", "Amount")
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


def test_that_mappings_are_kept_by_type_and_name(tmp_path: Path) -> None:
    shelf = SavedMappings(tmp_path / "mappings")
    assert shelf.all("cashback") == []
    shelf.save(MAPPING, columns("Customer", "Amount"))
    shelf.save(Mapping("cashback", {}, name="monthly - كاش"), columns("A"))
    shelf.save(Mapping("orders", {}, name="Monthly / كاش"), columns("A"))
    shelf.save(MAPPING, columns("Customer", "Amount", "Note"))
    assert sorted(one.mapping.name for one in shelf.all("cashback")) == ["Monthly / كاش", "monthly - كاش"]
    shelf.delete("cashback", "Monthly / كاش")
    shelf.delete("cashback", "Monthly / كاش")
    assert [one.mapping.name for one in shelf.all("cashback")] == ["monthly - كاش"]


def test_that_the_newest_mapping_for_the_same_headers_is_found(tmp_path: Path) -> None:
    shelf = SavedMappings(tmp_path)
    old = shelf.save(MAPPING, columns("Customer", "Amount"))
    os.utime(old, (1, 1))
    shelf.save(Mapping("cashback", {}, name="new"), columns("amount", "CUSTOMER"))
    found = shelf.for_headers("cashback", columns("Amount", "Customer"))
    assert found is not None
    assert found.mapping.name == "new"
    assert shelf.for_headers("cashback", columns("Amount")) is None
    assert shelf.for_headers("orders", columns("Amount", "Customer")) is None


def test_that_a_damaged_file_hides_no_other(tmp_path: Path) -> None:
    shelf = SavedMappings(tmp_path)
    shelf.save(MAPPING, columns("Customer"))
    (tmp_path / "broken.mapping.json").write_text("{")
    (tmp_path / "other.mapping.json").write_text("[]")
    assert len(shelf.all("cashback")) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 1}', '{"version": 99, "batch_type": "x"}', "\x00"])
def test_that_a_file_that_is_no_mapping_gets_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(ValueError, match=r"(not a mapping|newer version)"):
        import_mapping(tmp_path / "m.json")


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"gone\.json can't be read"):
        import_mapping(tmp_path / "gone.json")


def test_that_moved_columns_are_followed_silently() -> None:
    assert apply_saved(MAPPING, columns("New", "Amount", "Customer")) == (MAPPING, ())


def test_that_a_header_written_differently_is_followed_and_told() -> None:
    mapping, notes = apply_saved(MAPPING, columns("customer ", "Amount"))
    assert mapping.sources["customerId"] == Source.column("customer ")
    assert notes == ("Column Customer is now called customer .",)


def test_that_a_header_that_is_gone_loses_its_field_and_is_told() -> None:
    mapping, notes = apply_saved(MAPPING, columns("Customer", "Amounts paid"))
    assert "amount" not in mapping.sources
    assert "Amount" not in mapping.columns
    assert notes == ("Column Amount for amount is not in this sheet: choose another.",)
    _, alike = apply_saved(MAPPING, columns("Custommer", "Amount"))
    assert "Custommer looks like it" in alike[0]


def test_that_settings_of_a_renamed_column_go_with_it() -> None:
    mapping, _ = apply_saved(MAPPING, columns("Customer", "AMOUNT"))
    assert mapping.columns == {"AMOUNT": Settings(decimal=",")}


def test_that_two_headers_alike_are_not_guessed_between() -> None:
    mapping, notes = apply_saved(MAPPING, columns("CUSTOMER", "customer", "Amount"))
    assert "customerId" not in mapping.sources
    assert len(notes) == 1


def test_that_the_order_and_case_of_headers_make_no_other_sheet() -> None:
    assert header_fingerprint(["A", "B"]) == header_fingerprint(["b", "a"])
    assert header_fingerprint(["A", "B"]) != header_fingerprint(["A"])


def test_that_columns_added_since_are_listed(tmp_path: Path) -> None:
    export_mapping(MAPPING, columns("Customer", "Amount"), tmp_path / "m.json")
    saved = import_mapping(tmp_path / "m.json")
    assert [one.header for one in new_columns(saved, columns("customer", "Amount", "Note"))] == ["Note"]
