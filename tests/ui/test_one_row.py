"""A sheet whose counts are all one: no screen says "1 rows"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import cast

import pytest
from openpyxl import Workbook
from PySide6.QtWidgets import QAbstractButton, QWidget

from gb_desktop.ui.flow import STEPS, Step
from gb_desktop.ui.steps.check_step import CheckPage
from tests import sheets
from tests.ui.stage import words_on
from tests.ui.whole_window import Whole

pytestmark = pytest.mark.window
_KINDS = "rows|cells|columns|values|numbers|times|words|items|requests|jobs|customers|days|changes|runs|problems"
MANY_OF_ONE = re.compile(rf"(?<![\d,.])1 (\w+ )?({_KINDS})\b")
_FIRST = count(900_000)


def _said(whole: Whole) -> str:
    """Everything that labels and buttons say; what only a screen reader hears too."""
    main = whole.main
    buttons = [button.text() for button in main.findChildren(QAbstractButton) if button.isVisibleTo(main)]
    heard = [part.accessibleDescription() for part in main.wizard.page.findChildren(QWidget)]
    return "\n".join((words_on(main), *buttons, *heard))


def _walk(whole: Whole, file: Path, last: Step) -> Iterator[str]:
    whole.choose_type("cashback")
    whole.open_file(file)
    if whole.main.wizard.page.hidden.isVisible():
        yield _said(whole)
        whole.main.wizard.page.hidden.all_rows.click()
        whole.idle()
    for step in STEPS[1 : STEPS.index(last) + 1]:
        whole.next_to(step)
        yield _said(whole)


def test_that_one_row_is_told_as_one_from_the_workbook_to_the_end(whole: Whole, tmp_path: Path) -> None:
    file = sheets.clean(tmp_path / "One.xlsx", 1, first=next(_FIRST))
    said = list(_walk(whole, file, Step.SEND))
    whole.sent()
    said.append(_said(whole))
    assert "1 row in 5 columns is loaded." in said[0]
    assert "The first 1" not in said[0]
    assert "ten largest" not in "".join(said), "there is one"
    assert "Finished: 1 row succeeded." in said[-1]
    assert [found.group() for words in said if (found := MANY_OF_ONE.search(words))] == []


def _one_of_each(path: Path) -> Path:
    """One row to send, one with an error, one hidden."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(sheets.SURE_HEADERS)
    for amount in (20.5, "soon", 30.5):
        row = sheets._row(next(_FIRST))
        row[3] = amount
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    book.save(path)
    return path


def test_that_one_error_and_one_hidden_row_are_told_as_one(whole: Whole, tmp_path: Path) -> None:
    said = list(_walk(whole, _one_of_each(tmp_path / "Each.xlsx"), Step.CHECK))
    page = cast(CheckPage, whole.main.wizard.page)
    assert whole.session.summary is not None
    group = whole.session.summary.groups[0]
    page._show_group((group.code, group.field))
    whole.until(lambda: "Leave out 1 row" in _said(whole), "the way to leave the row out")
    said.append(_said(whole))
    page.leave_out.click()
    whole.idle()
    whole.next_to(Step.REVIEW)
    said.append(_said(whole))
    assert "2 visible rows, 1 hidden row. Which are to be sent?" in said[0]
    assert "1 row of the sheet is left out." in said[-1]
    assert [found.group() for words in said if (found := MANY_OF_ONE.search(words))] == []


def test_that_results_are_kept_for_one_day(whole: Whole) -> None:
    whole.main.show_place("settings")
    whole.idle()
    whole.main.settings.keep_days.setValue(1)
    assert whole.main.settings.keep_days.text() == "1 day"
    whole.main.settings.keep_days.setValue(2)
    assert whole.main.settings.keep_days.text() == "2 days"
