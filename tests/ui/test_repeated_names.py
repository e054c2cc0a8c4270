"""Two columns of one name, on the Columns step of the real window."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from gb_desktop.mapping.model import Source
from gb_desktop.text import without_isolation
from gb_desktop.ui.flow import Step
from gb_desktop.ui.steps.columns_step import ColumnsPage
from tests import sheets
from tests.columns_tour import book
from tests.ui.stage import words_on
from tests.ui.whole_window import Whole

pytestmark = pytest.mark.window
HEADERS = ("Customer ID", "Amount", "Transaction ID", "Transaction time", "Branch", "Amount")


def _columns(whole: Whole, file: Path) -> ColumnsPage:
    whole.choose_type("cashback")
    whole.open_file(file)
    whole.next_to(Step.COLUMNS)
    return cast(ColumnsPage, whole.main.wizard.page)


def test_that_a_name_that_stands_twice_is_explained_with_the_column_in_use(whole: Whole, tmp_path: Path) -> None:
    file = book(tmp_path / "Twice.xlsx", HEADERS, lambda n: (f"C-{n}", 20.5, f"T-{n}", "2026-03-03 10:00", "Cairo", 7))
    page = _columns(whole, file)
    page._source_changed(("amount", Source.column("Amount")))
    whole.idle()
    assert page.repeated.isVisible()
    told = "Two columns are called Amount: B and F. Here F is called Amount (2)."
    assert without_isolation(words_on(page.repeated)) == f"{told} Amount spent uses B."
    page._source_changed(("amount", Source.column("Amount (2)")))
    whole.idle()
    assert without_isolation(words_on(page.repeated)) == f"{told} Amount spent uses F."
    page._source_changed(("amount", None))
    whole.idle()
    assert without_isolation(words_on(page.repeated)) == f"{told} No field uses either of them."


def test_that_nothing_is_said_where_every_column_has_its_own_name(whole: Whole, tmp_path: Path) -> None:
    page = _columns(whole, sheets.clean(tmp_path / "March.xlsx", 12))
    assert not page.repeated.isVisible()
