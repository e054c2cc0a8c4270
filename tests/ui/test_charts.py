"""The painted charts: what they say to those who can't see them, and the numbers above the bars."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gb_desktop.ui.charts import Histogram
from gb_desktop.ui.theme import Theme, colours


def test_that_the_ends_of_ranges_are_written_as_the_figures_are(qtbot: QtBot) -> None:
    histogram = Histogram()
    qtbot.addWidget(histogram)
    histogram.set_bars([("0.30", "1000.00", 1490), ("1000.00", "1999.50", 2)])
    assert histogram.accessibleDescription() == "0.3 to 1,000: 1,490 rows\n1,000 to 1,999.5: 2 rows"


def test_that_the_highest_number_is_painted_where_its_bar_is_narrower(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    histogram = Histogram()
    qtbot.addWidget(histogram)
    histogram.resize(200, 150)
    histogram.set_bars([("1.00", "2.00", 1_234_567), *((f"{n}.00", f"{n + 1}.00", 0) for n in range(2, 14))])
    picture = histogram.grab().toImage()
    ground = QColor(colours(histogram.palette()).muted)
    above = [picture.pixelColor(x, y) for x in range(80) for y in range(histogram.fontMetrics().height())]
    assert ground in above
    theme.deleteLater()
