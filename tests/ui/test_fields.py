"""Fields that are too narrow for their words say so with dots."""

from __future__ import annotations

from PySide6.QtWidgets import QStyleOptionComboBox
from pytestqt.qtbot import QtBot

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
