"""Light and dark while the window is open: quick, and nothing on the screen moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from gb_desktop.ui.flow import Step
from gb_desktop.ui.widgets import ScrollPage
from tests import sheets
from tests.ui.whole_window import Whole

pytestmark = pytest.mark.window


class _Dressings(QObject):
    """Counts how often a widget is dressed anew."""

    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.StyleChange
        return False


def _shown(whole: Whole) -> QImage:
    QTest.qWait(50)
    return whole.main.grab().toImage()


def test_that_a_widget_deep_in_a_page_is_dressed_no_more_than_twice(whole: Whole) -> None:
    theme, deep = whole.window.theme, whole.main.settings.chunk_size
    theme.choose("light")
    dressings = _Dressings()
    deep.installEventFilter(dressings)
    theme.choose("dark")
    deep.removeEventFilter(dressings)
    theme.choose("light")
    assert dressings.count == 2, "without the old sheet, and with the new one"


def test_that_a_page_stays_where_it_was_scrolled_to(whole: Whole) -> None:
    theme = whole.window.theme
    theme.choose("light")
    whole.main.resize(1024, 700)
    whole.main.show_place("settings")
    whole.idle()
    area = whole.main.settings.findChild(ScrollPage, "settings_area")
    assert area is not None
    bar = area.verticalScrollBar()
    bar.setValue(bar.maximum())
    before = (bar.value(), bar.maximum())
    for scheme in ("dark", "light"):
        theme.choose(scheme)
        QTest.qWait(50)
        assert (bar.value(), bar.maximum()) == before


def test_that_a_window_looks_the_same_after_dark_and_back(whole: Whole, tmp_path: Path) -> None:
    theme = whole.window.theme
    theme.choose("light")
    whole.choose_type("cashback")
    whole.open_file(sheets.clean(tmp_path / "March.xlsx", 200))
    whole.next_to(Step.CHECK)
    before = _shown(whole)
    theme.choose("dark")
    assert _shown(whole) != before
    theme.choose("light")
    assert _shown(whole) == before
