"""The window's size and place from one start to the next: always on a screen, and never larger than it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

from gb_desktop.habits import WindowPlace
from gb_desktop.ui import tokens


def place_of(window: QWidget) -> WindowPlace:
    """Where the window is; of a maximised one, where it would be otherwise."""
    rect = window.normalGeometry()
    if not rect.isValid():
        rect = window.geometry()
    return WindowPlace(rect.x(), rect.y(), rect.width(), rect.height(), window.isMaximized())


def put_back(window: QWidget, place: WindowPlace, rooms: Sequence[QRect]) -> None:
    """Give the window, not shown yet, its place again. rooms: what each screen has free, the main one first."""
    wanted = QRect(place.x, place.y, place.width, place.height)
    window.setGeometry(inside(wanted, rooms, window.minimumSize()))
    if place.maximised:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def inside(wanted: QRect, rooms: Sequence[QRect], least: QSize) -> QRect:
    """The place nearest to the wanted one that is whole on the screen that shows most of it, its title bar too.

    Where no screen shows it any more, in the middle of the main one. `least` is kept on screens that are too small.
    """
    room = max(rooms, key=lambda free: _area(free.intersected(wanted)))
    seen = room.intersects(wanted)
    room = room.adjusted(0, tokens.TITLE_BAR, 0, 0)
    size = wanted.size().boundedTo(room.size()).expandedTo(least)
    spare = QPoint(max(0, room.width() - size.width()), max(0, room.height() - size.height()))
    offset = wanted.topLeft() - room.topLeft() if seen else spare / 2
    corner = QPoint(_within(offset.x(), spare.x()), _within(offset.y(), spare.y()))
    return QRect(room.topLeft() + corner, size)


def _within(offset: int, spare: int) -> int:
    return min(max(0, offset), spare)


def _area(rect: QRect) -> int:
    return max(0, rect.width()) * max(0, rect.height())
