"""The tables below the counters: in the smallest window no number of a request is out of sight."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gb_desktop.runs.model import ChunkLine, ChunkState
from gb_desktop.ui.grid.chunks import NOTE, ROWS, STATE, SUCCEEDED, TIME
from gb_desktop.ui.steps.send_details import SendDetails
from gb_desktop.ui.theme import Theme

IN_THE_SMALLEST_WINDOW, USUAL = 632, 872  # pixels that the page has for it
LINES = [ChunkLine(at, ChunkState.ACCEPTED, str(100_000 + at), 1000, 1000, 0, 0, 0, 1, 12.5) for at in range(1, 40)]


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft], ids=["ltr", "rtl"])
def details(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication) -> Iterator[SendDetails]:
    qapp.setLayoutDirection(request.param)
    theme = Theme(qapp, "light")
    made = SendDetails()
    qtbot.addWidget(made)
    made.open_chunks(lambda first, count: LINES[first : first + count], len(LINES))
    yield made
    theme.deleteLater()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize("width", [IN_THE_SMALLEST_WINDOW, USUAL])
def test_that_every_number_of_a_request_is_in_sight(details: SendDetails, qtbot: QtBot, width: int) -> None:
    details.resize(width, 240)
    with qtbot.waitExposed(details):
        details.show()
    table = details.requests
    room = table.viewport().rect()
    last = table.visualRect(table.model().index(0, TIME))
    assert room.contains(last)
    heads = table.horizontalHeader()
    for column in range(TIME + 1):
        assert heads.sectionSizeHint(column) <= table.columnWidth(column), table.model().headerData(
            column, Qt.Orientation.Horizontal
        )
    assert table.isColumnHidden(NOTE) == (width == IN_THE_SMALLEST_WINDOW)


@pytest.mark.parametrize("size", [10, 11, 12])
def test_that_numbers_stay_in_sight_with_a_large_font_too(
    details: SendDetails, qtbot: QtBot, qapp: QApplication, size: int
) -> None:
    usual = qapp.font()
    qapp.setFont(QFont(usual.family(), size))
    try:
        details.resize(IN_THE_SMALLEST_WINDOW, 240)
        with qtbot.waitExposed(details):
            details.show()
        table = details.requests
        assert table.viewport().rect().contains(table.visualRect(table.model().index(0, TIME)))
        needed = table.fontMetrics().horizontalAdvance("1,000")
        assert all(table.columnWidth(column) > needed for column in range(ROWS, TIME + 1))
        heading = table.model().headerData(SUCCEEDED, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        assert heading == "Succeeded"
    finally:
        qapp.setFont(usual)


def test_that_a_state_cut_short_says_itself_whole(details: SendDetails) -> None:
    state = details.chunks.index(0, STATE)
    assert state.data(Qt.ItemDataRole.ToolTipRole) == state.data(Qt.ItemDataRole.DisplayRole) == "Accepted, in work"
