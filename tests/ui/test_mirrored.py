"""A mirrored window: sentences keep the order of their words and numbers, and what is measured runs from the right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QTextLayout
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)
from pytestqt.qtbot import QtBot

from gb_desktop.ui.charts import Histogram
from gb_desktop.ui.widgets import SecondaryButton, Text, isolated
from gb_desktop.ui.widgets.bidi import InOrder, in_order, unbroken

RTL, LTR = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(RTL)
    yield
    qapp.setLayoutDirection(LTR)


def painted(label: QLabel) -> str:
    return QLabel.text(label)


def left_to_right(text: str) -> list[str]:
    """The words of a line as they stand on the screen of a mirrored window, by their places."""
    layout = QTextLayout(text)
    option = layout.textOption()
    option.setTextDirection(RTL)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(10_000)
    layout.endLayout()
    starts = [at for at, sign in enumerate(text) if sign.isalnum() and not text[at - 1 : at].isalnum()]
    words = {at: text[at:].replace("\u2069", " ").split()[0] for at in starts}
    return [
        words[at]
        for at in sorted(starts, key=lambda at: min(run.boundingRect().x() for run in layout.glyphRuns(at, 1)))
    ]


def test_that_a_number_and_its_unit_keep_their_order() -> None:
    assert left_to_right("6 s") == ["s", "6"]
    assert left_to_right(in_order("6 s", RTL)) == ["6", "s"]
    assert left_to_right(in_order("348 succeeded · 24 failed", RTL)) == ["348", "succeeded", "24", "failed"]


def test_that_values_follow_each_other_from_the_right() -> None:
    values = "   ".join(map(isolated, ("C1", "C2", "C3")))
    assert left_to_right(in_order(values, RTL)) == ["C3", "C2", "C1"]


@pytest.mark.usefixtures("mirrored")
@pytest.mark.parametrize("words", ["24 rows failed.", "فشل 24 صفا."])
def test_that_sentences_begin_where_the_window_is_read_from(words: str, qtbot: QtBot) -> None:
    label = Text(words)
    qtbot.addWidget(label)
    assert painted(label) == isolated(words)
    assert label.text() == words
    label.resize(400, 30)
    assert ink(label, QRect(200, 0, 200, 30))
    assert not ink(label, QRect(0, 0, 200, 30))


def test_that_sentences_follow_a_window_that_is_turned(qtbot: QtBot) -> None:
    label = Text("24 rows failed.")
    qtbot.addWidget(label)
    assert painted(label) == "24 rows failed."
    label.setLayoutDirection(RTL)
    assert painted(label) == isolated("24 rows failed.")
    assert label.alignment() & Qt.AlignmentFlag.AlignRight


@pytest.mark.usefixtures("mirrored")
def test_that_buttons_and_cells_paint_sentences_in_their_order(qtbot: QtBot) -> None:
    button = SecondaryButton("3 of 6 words mean nothing yet", "words")
    table = QTableWidget(1, 1)
    for widget in (button, table):
        qtbot.addWidget(widget)
    table.setItem(0, 0, QTableWidgetItem("2.1 s"))
    face, cell = QStyleOptionButton(), QStyleOptionViewItem()
    button.initStyleOption(face)
    cell.direction = RTL
    InOrder(table).initStyleOption(cell, table.model().index(0, 0))
    assert face.text == isolated("3 of 6 words mean nothing yet")
    assert cell.text == isolated("2.1 s")


@pytest.mark.usefixtures("mirrored")
def test_that_the_ends_of_a_chart_stand_below_its_own_bars(qtbot: QtBot) -> None:
    histogram = Histogram()
    qtbot.addWidget(histogram)
    histogram.resize(400, 150)
    histogram.set_bars([("1", "5", 9), ("5", "1000000", 0)])
    line = histogram.fontMetrics().height()
    below = QRect(0, histogram.height() - line, 200, line)
    assert ink(histogram, QRect(200, line, 200, 80)), "the first bar begins at the right"
    assert ink(histogram, below) > 3 * ink(histogram, below.translated(200, 0)), "so 1,000,000 stands at the left"


def ink(widget: Text | Histogram, part: QRect) -> int:
    """How many pixels of a part are painted."""
    picture = widget.grab(part).toImage()
    ground = picture.pixelColor(picture.width() // 2, 0)
    every = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    return sum(abs(picture.pixelColor(x, y).lightness() - ground.lightness()) > 60 for x, y in every)


def test_that_e_mail_is_never_broken_at_its_hyphen(qtbot: QtBot) -> None:
    label = Text("Merges customers by e-mail")
    qtbot.addWidget(label)
    assert painted(label) == "Merges customers by e\u2011mail"
    assert label.text() == "Merges customers by e-mail"
    assert unbroken("C-10001, E-mails") == "C-10001, E\u2011mails"
    wide = label.fontMetrics().horizontalAdvance("Merges customers by e-")
    lines = label.style().itemTextRect(
        label.fontMetrics(), QRect(0, 0, wide + 1, 1000), int(Qt.TextFlag.TextWordWrap), True, painted(label)
    )
    assert lines.width() < wide - label.fontMetrics().horizontalAdvance("e-") + 1
