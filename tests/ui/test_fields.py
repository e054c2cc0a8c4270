"""Fields that are too narrow for their words say so with dots."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from gb_desktop.ui.theme import Theme
from gb_desktop.ui.widgets import Chooser


def test_that_a_drop_down_shortens_with_dots_what_does_not_fit(qtbot: QtBot) -> None:
    box = Chooser("column", "In which column")
    qtbot.addWidget(box)
    box.addItem("Transaction time of the receipt")
    shown = QStyleOptionComboBox()
    box.resize(110, 32)
    box.initStyleOption(shown)
    assert shown.currentText.endswith("…")
    assert box.currentText() == "Transaction time of the receipt"
    box.resize(600, 32)
    box.initStyleOption(shown)
    assert shown.currentText == "Transaction time of the receipt"


def test_that_the_list_of_a_narrow_field_shows_its_lines_whole_and_its_last_one(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme = Theme(qapp, "light")
    box = Chooser("column", "In which column")
    qtbot.addWidget(box)
    box.addItems(["Date", "The part of a column before the first hyphen", "Not sent"])
    box.resize(110, 32)
    with qtbot.waitExposed(box):
        box.show()
    box.showPopup()
    view = box.view()
    last = view.visualRect(view.model().index(2, 0))
    assert view.viewport().rect().contains(last.center())
    assert last.bottom() <= view.viewport().height()
    assert last.width() >= box.fontMetrics().horizontalAdvance(box.itemText(1))
    box.hidePopup()
    theme.deleteLater()
