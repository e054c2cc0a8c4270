"""Where things end at the smallest window, read from the left and from the right."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QWidget

from gb_desktop.app import Wanted
from gb_desktop.ui import tokens
from gb_desktop.ui.widgets import ScrollPage
from tests.ui.stage import child
from tests.ui.whole_window import Whole, made_desk, whole_window

pytestmark = pytest.mark.window
LIVE_LINE = 1


@pytest.fixture(scope="module", params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def whole(
    request: pytest.FixtureRequest, qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Whole]:
    qapp.setLayoutDirection(request.param)
    with whole_window(qapp, made_desk(tmp_path_factory.mktemp("data")), Wanted()) as opened:
        opened.main.resize(*tokens.MINIMUM_WINDOW)
        yield opened
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def end_of(widget: QWidget, within: QWidget) -> int:
    """Where a widget ends, counted from the edge that reading starts at."""
    left = widget.mapTo(within, QPoint(0, 0)).x()
    return within.width() - left if within.isRightToLeft() else left + widget.width()


def first_card(page: QWidget) -> QFrame:
    return next(card for card in page.findChildren(QFrame) if card.property("card") and card.isVisible())


@pytest.mark.parametrize(
    ("place", "area", "button"),
    [("settings", "settings_area", "settings_save"), ("accounts", "account_area", "account_save")],
)
def test_that_the_last_button_ends_where_the_cards_end(whole: Whole, place: str, area: str, button: str) -> None:
    whole.main.show_place(place)
    whole.idle()
    whole.main.accounts.list.setCurrentRow(LIVE_LINE)
    QTest.qWait(0)
    page = child(whole.main, ScrollPage, area)
    assert page.verticalScrollBar().isVisible()
    save = child(whole.main, QPushButton, button)
    assert end_of(save, whole.main) == end_of(first_card(page), whole.main)


def test_that_cards_keep_their_distance_from_the_scroll_bar(whole: Whole) -> None:
    whole.main.show_place("settings")
    whole.idle()
    page = child(whole.main, ScrollPage, "settings_area")
    bar = page.verticalScrollBar()
    before_the_bar = end_of(bar, whole.main) - bar.width()
    assert before_the_bar - end_of(first_card(page), whole.main) == tokens.SMALL


def test_that_the_practice_account_stands_at_the_top_of_its_form(whole: Whole) -> None:
    whole.main.show_place("accounts")
    whole.idle()
    form = whole.main.accounts.form
    for line in (LIVE_LINE, 0):  # shown after one with fields, too
        whole.main.accounts.list.setCurrentRow(line)
    QApplication.processEvents()
    lines = (form.title, form.about, form.test_button)
    tops = [shown.mapTo(form, QPoint(0, 0)).y() for shown in lines]
    assert tops[0] == 0
    assert all(low - high < 3 * form.test_button.height() for high, low in pairwise(tops))
