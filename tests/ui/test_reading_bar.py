"""The line that says how a workbook is read: what it says, and that all of it can be read in the smallest window."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QComboBox

from gb_desktop.ui import tokens
from gb_desktop.ui.steps.workbook_step import WorkbookPage
from gb_desktop.workbook.model import SheetFacts, Skipped
from tests.ui import standin
from tests.ui.stage import Stage, child, stage, words_on
from tests.ui.test_steps_workbook import opened, page

__all__ = ["page", "stage"]

TEXT = {"encoding": "cp1256", "delimiter": ";", "sheets": (SheetFacts("Cashback"),)}


def test_that_the_list_of_sheets_says_how_many_rows_are_loaded(page: WorkbookPage, stage: Stage) -> None:
    stage.draft.skipped = Skipped(total_rows=3)
    opened(page, stage)
    assert child(page, QComboBox, "sheet").itemText(0) == "\u2068Cashback\u2069 · 397 rows"
    assert "397 rows in 5 columns are loaded." in words_on(page)


@pytest.mark.parametrize("width", [652, 908, 1400])
@pytest.mark.parametrize("facts", [{}, TEXT], ids=["sheets", "text"])
def test_that_everything_about_reading_can_be_read(
    page: WorkbookPage, stage: Stage, width: int, facts: dict[str, Any]
) -> None:
    stage.draft.looks = [replace(standin.look("/data/Cashback of all branches in March.xlsx"), **facts)]
    page.setFixedWidth(width + 2 * tokens.HUGE)
    opened(page, stage)
    QApplication.processEvents()
    bar = page.reading
    assert bar.width() == width
    assert bar.other.width() >= bar.other.sizeHint().width()
    for field in (bar.sheet, bar.encoding, bar.delimiter):
        if field.isVisible():
            needed = field.fontMetrics().horizontalAdvance(field.currentText())
            assert field.width() >= needed + 2 * tokens.SMALL, field.objectName()
    assert bar.file.width() >= bar.file.fontMetrics().horizontalAdvance("Cashback…xlsx")
    fields = bar._fields.geometry()
    assert not fields.intersects(bar.other.geometry())
    assert bar.rect().contains(fields)
