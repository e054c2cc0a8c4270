"""A bulk fix of very many cells in the real window: the new cells are shown while they are checked again."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt

from gb_desktop.ui.flow import Step
from gb_desktop.ui.steps.check_step import CheckPage
from tests.runs.test_rechecking_many import MANY, many
from tests.ui.whole_window import Whole

pytestmark = pytest.mark.window


def test_that_fixed_cells_are_shown_while_they_are_checked_again(whole: Whole, tmp_path: Path) -> None:
    whole.choose_type("cashback")
    whole.open_file(many(tmp_path / "many.csv"))
    whole.next_to(Step.CHECK)
    page = cast(CheckPage, whole.main.wizard.page)
    seen: list[tuple[bool, str]] = []

    def look() -> None:
        cell = page.sheet.model.index(0, 1).data(Qt.ItemDataRole.DisplayRole)
        seen.append((page.jobs.running, cell))

    page.jobs.made.connect(look)
    page.changes.fix((("line-break", "customerId"), "clean"))
    whole.until(lambda: seen, "the new cells")
    assert page.busy.sentence.text().replace("\u00a0", " ").startswith("Checking the changed rows: ")
    assert not whole.main.wizard.next_button.isEnabled()
    whole.idle()
    assert seen == [(True, "P-0 x")]
    assert page.tools.counts.text().startswith(f"{4 * MANY:,}")
    page.changes.undo()
    whole.idle()
    assert [running for running, _ in seen] == [True, True]
    assert seen[1][1] != "P-0 x"
