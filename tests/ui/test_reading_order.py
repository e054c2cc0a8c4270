"""Tab goes through every page as it is read, and the focus never gets lost: keys alone, in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar, cast

import openpyxl
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPushButton, QToolButton, QWidget

from gb_desktop.ui import rail
from gb_desktop.ui.flow import Step
from gb_desktop.ui.steps.check_step import CheckPage
from tests.ui.whole_window import Whole

W = TypeVar("W", bound=QWidget)
HEADERS = ("Customer", "Receipt", "Transaction date", "Amount", "Branch")
MOST = 150  # controls of one page


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Good rows, three bad ones, a hidden one."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(HEADERS)
    for at in range(30):
        page.append(
            [f"C-{10_001 + at}", f"R-{tmp_path.name}-{at:03d}", f"2026-03-{1 + at % 28:02d} 10:00", 10 + at, "Cairo"]
        )
    page["A5"], page["D6"], page["C7"] = None, "abc", "soon"
    page.row_dimensions[20].hidden = True
    path = tmp_path / "order.xlsx"
    book.save(path)
    return path


# ------------------------------------------------------------------ walking


def walk(whole: Whole, *, backwards: bool = False) -> list[QWidget]:
    """Where Tab stops, from the page's first control until it comes round."""
    whole.main.stack.currentWidget().setFocus()
    stops: list[QWidget] = []
    for _ in range(MOST):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab if backwards else Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None, f"the focus was lost after {names(stops)}"
        assert now.isVisible(), now.objectName()
        assert now.isEnabled(), now.objectName()
        if stops and now is stops[0]:
            return stops
        assert now not in stops, f"{now.objectName()} comes twice: {names(stops)}"
        stops.append(now)
    raise AssertionError(f"Tab never came round: {names(stops)}")


def names(stops: list[QWidget]) -> list[str]:
    return [stop.objectName() or type(stop).__name__ for stop in stops]


def expect_reading_order(whole: Whole, stops: list[QWidget]) -> None:
    page = whole.main.stack.currentWidget()
    own = [stop for stop in stops if page.isAncestorOf(stop)]
    assert own
    for one, other in pairwise(own):
        assert one.isAncestorOf(other) or follows(*apart(one, other), mirrored=page.isRightToLeft()), (
            one,
            other,
            names(own),
        )
    expect_no_way_back(own)


def apart(one: QWidget, other: QWidget) -> tuple[QRect, QRect]:
    """Where the two stand, or what holds each of them in the smallest widget that holds both."""
    above = [one, *ancestors(one)]
    below = next(holder for holder in (other, *ancestors(other)) if holder.parentWidget() in above or holder in above)
    common = below if below in above else below.parentWidget()
    mine = next(holder for holder in above if holder is common or holder.parentWidget() is common)
    return mine.geometry(), below.geometry()


def follows(one: QRect, other: QRect, *, mirrored: bool) -> bool:
    """Whether a reader comes to `other` after `one`: it stands below, or further on in the line or in a next column."""
    onwards = other.right() <= one.left() if mirrored else other.left() >= one.right()
    return other.top() >= one.bottom() or onwards


def expect_no_way_back(own: list[QWidget]) -> None:
    """Whoever has left a card, a column or a bar doesn't come back to it."""
    left: set[QWidget] = set()
    inside: list[QWidget] = []
    for stop in own:
        above = list(ancestors(stop))
        assert not left.intersection(above), (stop.objectName(), names(own))
        left.update(one for one in inside if one not in above)
        inside = above


def ancestors(widget: QWidget) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()


def expect_a_good_walk(whole: Whole) -> list[str]:
    whole.idle()
    QApplication.processEvents()  # what was just shown is laid out
    stops = walk(whole)
    expect_reading_order(whole, stops)
    back = walk(whole, backwards=True)[::-1]
    at = back.index(stops[0])
    assert names(back[at:] + back[:at]) == names(stops)
    return names(stops)


def named(whole: Whole, kind: type[W], name: str) -> W:
    (found,) = (one for one in whole.main.findChildren(kind, name) if one.isVisible())
    return found


# ------------------------------------------------------------------ every page


def test_that_the_steps_are_walked_as_they_are_read(whole: Whole, sheet: Path) -> None:
    expect_a_good_walk(whole)
    whole.choose_type("cashback")
    expect_a_good_walk(whole)
    whole.open_file(sheet)
    expect_a_good_walk(whole)
    named(whole, QWidget, "hidden_all").click()
    whole.next_to(Step.COLUMNS)
    columns = expect_a_good_walk(whole)
    assert columns.index("source_mobile") < columns.index("setting_timezone") < columns.index("wizard_back")
    whole.next_to(Step.CHECK)
    check = expect_a_good_walk(whole)
    assert check.index("load_corrected") < check.index("group_0_show") < check.index("sheet")
    named(whole, QCheckBox, "leave_out_errors").click()
    whole.next_to(Step.REVIEW)
    expect_a_good_walk(whole)
    whole.next_to(Step.SEND)
    whole.sent()
    expect_a_good_walk(whole)


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2], ids=lambda direction: direction.name)
@pytest.mark.parametrize("where", [rail.RUNS, rail.ACCOUNTS, rail.SETTINGS, rail.HELP])
def test_that_every_place_is_walked_as_it_is_read(whole: Whole, where: str, direction: Qt.LayoutDirection) -> None:
    whole.main.show_place(where)
    whole.main.setLayoutDirection(direction)
    try:
        expect_a_good_walk(whole)
    finally:
        whole.main.unsetLayoutDirection()


def test_that_a_key_scrolls_the_page_to_the_control_it_reaches(whole: Whole) -> None:
    whole.main.show_place(rail.SETTINGS)
    whole.idle()
    folder = named(whole, QPushButton, "settings_open_folder")
    assert folder.visibleRegion().isEmpty()
    assert folder in walk(whole)
    folder.setFocus()
    QTest.keyClick(folder, Qt.Key.Key_Backtab)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is folder
    assert folder.visibleRegion().boundingRect() == folder.rect()


# ------------------------------------------------------------------ a control that goes away under the focus


def test_that_a_hidden_control_gives_the_focus_to_its_neighbour(whole: Whole, sheet: Path) -> None:
    to_check(whole, sheet)
    named(whole, QPushButton, "group_1_show").setFocus()
    named(whole, QPushButton, "group_1_show").hide()
    assert focused() == "group_2_show"
    named(whole, QPushButton, "group_2_show").parentWidget().hide()
    assert focused() == "group_3_show"
    named(whole, QPushButton, "group_3_show").hide()
    assert focused() == "group_0_show"  # what is left in the same list, not what comes after it


def test_that_undo_pressed_to_its_end_leaves_the_focus_beside_it(whole: Whole, sheet: Path) -> None:
    to_check(whole, sheet)
    cast(CheckPage, whole.main.wizard.page).changes.leave_out_group(("not-a-number", "amount"))
    whole.idle()
    undo = named(whole, QToolButton, "undo")
    undo.setFocus()
    while undo.isEnabled():
        QTest.keyClick(undo, Qt.Key.Key_Space)
        whole.idle()
    assert focused() in ("redo", "replace")


def test_that_a_card_that_is_switched_off_gives_the_focus_to_what_stands_beside_it(whole: Whole) -> None:
    whole.main.show_place(rail.ACCOUNTS)
    whole.idle()
    whole.main.accounts.begin_new()
    name = named(whole, QLineEdit, "account_name")
    name.setFocus()
    name.parentWidget().parentWidget().setEnabled(False)
    try:
        whole.until(lambda: QApplication.focusWidget() is not None, "a place for the focus")
        assert QApplication.focusWidget().window() is whole.main
        assert not focused().startswith(("rail", "wizard"))
    finally:
        name.parentWidget().parentWidget().setEnabled(True)


def to_check(whole: Whole, sheet: Path) -> None:
    whole.choose_type("cashback")
    whole.open_file(sheet)
    named(whole, QWidget, "hidden_all").click()
    whole.next_to(Step.CHECK)


def focused() -> str:
    now = QApplication.focusWidget()
    return now.objectName() if now is not None else ""
