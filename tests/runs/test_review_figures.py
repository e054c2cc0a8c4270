"""The figures of the review: amounts and points, each added up by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from gb_desktop.catalog import batch_type
from gb_desktop.checking.model import ItemDraft, RowResult, RowState
from gb_desktop.runs.freeze import freeze
from gb_desktop.runs.model import Review, SendSettings
from gb_desktop.runs.reader import RunReader
from gb_desktop.runs.references import reference
from gb_desktop.runs.repeats import KEYS
from gb_desktop.runs.review import review_of
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.model import Row
from tests.runs.rig import PRACTICE, planned_run


def drafted(row: int, field: str, number: str) -> ItemDraft:
    body = f'{{"customerId":"C-{row}","{field}":{number}}}'
    content = row.to_bytes(16, "big")
    return ItemDraft(row, f"C-{row}", f"T-{row}", None, number if field == "amount" else None, content, body)


def reviewed(folder: Path, key: str, given: Sequence[tuple[str, str]]) -> Review:
    """The review of rows that hold a field and its number as JSON."""
    shelf = Shelf(folder / "data")
    run = planned_run(shelf, key, ["C-1"])
    with closing(RunStore.open(shelf.path(run))) as store:
        store.stage(Row(row, ["x"]) for row, _ in enumerate(given, 2))
        store.begin_check(KEYS)
        store.add_results(RowResult(row, RowState.READY, drafted(row, *one)) for row, one in enumerate(given, 2))
        store.finish_check()
        return review_of(store, batch_type(key), PRACTICE, SendSettings(), shelf.ledger)


def test_that_points_to_redeem_are_added_up(tmp_path: Path) -> None:
    review = reviewed(tmp_path, "redeem", [("points", "100"), ("points", "90000"), ("points", "250")])
    assert (review.points, review.total, review.largest, review.smallest) == ("90350", "", "90000", "100")
    assert [(row.row, row.amount) for row in review.biggest] == [(3, "90000"), (4, "250"), (2, "100")]


def test_that_points_are_never_added_to_amounts(tmp_path: Path) -> None:
    review = reviewed(tmp_path, "redeem", [("amount", "12.5"), ("points", "500"), ("amount", "7.5")])
    assert (review.total, review.points, review.largest) == ("20", "500", "12.5")


@pytest.mark.parametrize(("amounts", "total"), [(("0.5", "1.5"), "2"), (("0.25", "10.25"), "10.5"), (("600",), "600")])
def test_that_a_total_is_written_as_single_amounts_are(tmp_path: Path, amounts: Sequence[str], total: str) -> None:
    assert reviewed(tmp_path, "cashback", [("amount", one) for one in amounts]).total == total


def test_that_the_json_shown_before_sending_holds_the_reference_it_will_have(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "data")
    run = planned_run(shelf, "balance-adjustment", ["C-1", "C-2"])
    with closing(RunStore.open(shelf.path(run))) as store:
        store.begin_check(KEYS)
        store.add_results(RowResult(row, RowState.READY, drafted(row, "amount", "5")) for row in (2, 3))
        store.finish_check()
        store.meta.set("referenced", False)
    with closing(RunReader(shelf.path(run), shelf.sender_lock(run))) as reader:
        shown = [reader.item_json(row) for row in (2, 3, 4)]
    assert reference(run, 2) in shown[0]
    assert shown[2] == ""
    kind, settings = batch_type("balance-adjustment"), SendSettings()
    with closing(RunStore.open(shelf.path(run))) as store:
        review = review_of(store, kind, PRACTICE, settings, shelf.ledger)
        freeze(store, kind, PRACTICE, settings, review, False, lambda _: None)
    with closing(RunReader(shelf.path(run), shelf.sender_lock(run))) as reader:
        assert [reader.item_json(row) for row in (2, 3, 4)] == shown
