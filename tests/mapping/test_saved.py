"""Saved mappings: kept whole, found again by headers, and honest about what changed."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.mapping.applying import Fit
from gb_desktop.mapping.changes import Change
from gb_desktop.mapping.model import VERSION, Mapping, Settings, Source, SourceKind
from gb_desktop.mapping.saved import SavedMappings, export_mapping, import_mapping
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


def best(shelf: SavedMappings, *headers: str, key: str = "cashback") -> tuple[str, Fit] | None:
    found = shelf.best_for(key, columns(*headers))
    return None if found is None else (found[0].mapping.name, found[1])


def test_that_the_newest_mapping_for_the_same_headers_is_found(tmp_path: Path) -> None:
    shelf = SavedMappings(tmp_path)
    old = shelf.save(MAPPING, columns("Customer", "Amount"))
    os.utime(old, (1, 1))
    shelf.save(Mapping("cashback", {}, name="new"), columns("amount", "CUSTOMER"))
    assert best(shelf, "Amount", "Customer") == ("new", Fit.SAME)
    assert best(shelf, "Amount") is None
    assert best(shelf, "Amount", "Customer", key="orders") is None


def test_that_a_mapping_whose_columns_are_all_there_fits_a_sheet_with_other_columns_too(tmp_path: Path) -> None:
    shelf = SavedMappings(tmp_path)
    shelf.save(MAPPING, columns("Customer", "Amount"))
    assert best(shelf, "Note", "AMOUNT", "Customer") == (MAPPING.name, Fit.ALL_THERE)
    assert best(shelf, "Customers ID", "Amount") is None


def test_that_of_mappings_that_fit_the_one_for_more_of_the_sheets_columns_is_taken(tmp_path: Path) -> None:
    shelf = SavedMappings(tmp_path)
    shelf.save(replace(MAPPING, name="wide"), columns("Customer", "Amount", "Till", "Note"))
    shelf.save(replace(MAPPING, name="narrow"), columns("Customer", "Amount"))
    assert best(shelf, "Customer", "Amount", "Till", "Note", "Branch") == ("wide", Fit.ALL_THERE)


def test_that_a_mapping_fits_if_the_columns_that_are_gone_are_few_or_look_renamed(
    tmp_path: Path,
) -> None:
    shelf = SavedMappings(tmp_path)
    more = MAPPING.with_source("email", Source.column("E-mail address"))
    shelf.save(more, columns("Customer", "Amount", "E-mail address"))
    assert best(shelf, "Customer", "Amount", "Email adress") == (MAPPING.name, Fit.MOST)
    assert best(shelf, "Customer", "Amount", "Telephone") is None
    wider = more.with_source("mobile", Source.column("Mobile"))
    shelf.save(replace(wider, name="wider"), columns("Customer", "Amount", "E-mail address", "Mobile"))
    assert best(shelf, "Customer", "Amount", "E-mail address", "Telephone") == (MAPPING.name, Fit.ALL_THERE)
    assert best(shelf, "Customer", "Amount", "Mobile", "Telephone") == ("wider", Fit.MOST)


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


texts = st.text(max_size=12)
some_settings = st.builds(
    Settings,
    timezone=texts,
    date_order=st.sampled_from(["", "dmy", "mdy", "ymd"]),
    decimal=st.sampled_from(["", ".", ","]),
    country=texts,
    list_separator=texts,
    year_pivot=st.none() | st.integers(0, 99),
    reference=st.booleans(),
)
sources = st.builds(Source, st.sampled_from(SourceKind), st.lists(texts, max_size=3).map(tuple), texts)
counts = st.integers(0, 10**6)
changes = st.builds(Change.fix, texts, texts, texts, counts) | st.builds(Change.replaced, texts, texts, texts, counts)
mappings = st.builds(
    Mapping,
    st.sampled_from(["cashback", "customers", "orders"]),
    st.dictionaries(texts, sources, max_size=4),
    some_settings,
    st.dictionaries(texts, some_settings, max_size=3),
    st.dictionaries(texts, st.dictionaries(texts, texts, max_size=3), max_size=3),
    texts,
    st.lists(changes, max_size=4).map(tuple),
)


@settings(max_examples=150)
@given(mappings, st.lists(texts, max_size=4))
def test_that_a_round_trip_through_a_file_loses_nothing(mapping: Mapping, headers: list[str]) -> None:
    with TemporaryDirectory() as place:
        export_mapping(mapping, columns(*headers), Path(place) / "m.json")
        saved = import_mapping(Path(place) / "m.json")
    assert saved.mapping == mapping
    assert list(saved.mapping.sources) == list(mapping.sources)
    assert saved.headers == tuple(headers)


def test_that_a_header_with_half_a_character_survives_the_file(tmp_path: Path) -> None:
    broken = Mapping("cashback", {"customerId": Source.column("Kunde \ud83d")}, name="half \ud83d")
    path = SavedMappings(tmp_path).save(broken, columns("Kunde \ud83d"))
    assert import_mapping(path).mapping == broken


def test_that_a_file_of_the_first_version_is_read_and_a_newer_one_refused(tmp_path: Path) -> None:
    data = Mapping("cashback", {"amount": Source.column("A")}).to_json()
    old = {**{key: value for key, value in data.items() if key != "changes"}, "version": 1}
    (tmp_path / "old.json").write_text(json.dumps(old))
    assert import_mapping(tmp_path / "old.json").mapping.sources == {"amount": Source.column("A")}
    (tmp_path / "new.json").write_text(json.dumps({**data, "version": VERSION + 1}))
    with pytest.raises(ValueError, match="newer version"):
        import_mapping(tmp_path / "new.json")


@pytest.mark.parametrize(
    "wrong",
    [
        {"settings": {"decimal": 5}},
        {"settings": {"year_pivot": "30"}},
        {"settings": {"reference": "yes"}},
        {"changes": [{"kind": "explode"}]},
        {"changes": [{"kind": "replace", "find": 7}]},
        {"changes": 3},
    ],
)
def test_that_values_of_another_type_are_no_mapping(tmp_path: Path, wrong: dict[str, object]) -> None:
    (tmp_path / "m.json").write_text(json.dumps({**MAPPING.to_json(), **wrong}))
    with pytest.raises(ValueError, match="not a mapping"):
        import_mapping(tmp_path / "m.json")


def test_that_a_columns_own_settings_follow_the_sheets_where_nothing_else_was_chosen() -> None:
    own = {"Amount": Settings("Africa/Cairo", decimal=",", year_pivot=30)}
    mapping = replace(MAPPING, columns=own)
    found = mapping.with_settings(Settings(timezone="Asia/Riyadh", decimal=".", year_pivot=30))
    assert found.columns == {"Amount": Settings("Asia/Riyadh", decimal=",", year_pivot=30)}
    assert found.settings.decimal == "."
