"""Tab goes through a window as it is read: along the layouts, found anew at each press, so no list can grow stale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QBoxLayout, QFormLayout, QGridLayout, QLayout, QScrollArea, QWidget

from gb_desktop.ui import tokens

_REASONS = {
    True: Qt.FocusReason.TabFocusReason,
    False: Qt.FocusReason.BacktabFocusReason,
    None: Qt.FocusReason.OtherFocusReason,
}


class ReadingOrder(QObject):
    """Moves the focus within a window, and finds it a place nearby when its control was hidden or switched off.

    The window's own `focusNextPrevChild` has to call `move`: every widget's ends there.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._lost: QWidget | None = None
        if isinstance(app := QApplication.instance(), QApplication):
            app.focusChanged.connect(self._focus_changed)

    def move(self, forward: bool) -> bool:
        """Give the focus to the next control that is read, or to the one before; False when there is none."""
        now = self._window.focusWidget()
        if now is not None and now is not self._window and not _usable(now):
            return self._give(_near(now, self._window))
        walk = _after(now or self._window, self._window) if forward else _before(now or self._window, self._window)
        return self._give(next(filter(_takes_tab, walk), None), forward)

    @Slot("QWidget*", "QWidget*")
    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        """A control whose card was switched off loses the focus to nobody: it is found a place after that."""
        if new is None and old is not None and old.window() is self._window and not old.isEnabled():
            self._lost = old
            old.destroyed.connect(self._forget)
            QTimer.singleShot(0, self, self._find_again)

    @Slot()
    def _forget(self) -> None:
        self._lost = None

    @Slot()
    def _find_again(self) -> None:
        lost, self._lost = self._lost, None
        if lost is not None and QApplication.focusWidget() is None and self._window.isActiveWindow():
            self._give(lost if _takes_tab(lost) else _near(lost, self._window))

    def _give(self, widget: QWidget | None, forward: bool | None = None) -> bool:
        if widget is None:
            return False
        widget.setFocus(_REASONS[forward])
        _scroll_to(widget)
        return True


def read(widget: QWidget) -> list[QWidget]:
    """The visible widgets that stand in a widget, in the order in which they are read."""
    layout = widget.layout()
    managed = _laid_out(layout) if layout is not None else []
    known = set(managed)
    loose = [child for child in widget.children() if isinstance(child, QWidget) and child not in known]
    loose.sort(key=_place)
    return [child for child in (*managed, *loose) if not child.isHidden() and not child.isWindow()]


def _laid_out(layout: QLayout) -> list[QWidget]:
    """A layout's widgets, inner layouts opened. Empty for layouts that keep their items in no order of reading."""
    if not isinstance(layout, QBoxLayout | QGridLayout | QFormLayout):
        return []
    found: list[QWidget] = []
    for item in map(layout.itemAt, _places(layout)):
        if item is None:
            continue
        if widget := item.widget():
            found.append(widget)
        elif inner := item.layout():
            found += _laid_out(inner)
    return found


def _places(layout: QLayout) -> list[int]:
    """The numbers of a layout's items in the order of reading: a grid row by row."""
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        positions: Any = layout.getItemPosition  # a tuple, which PySide's stubs don't know
        places.sort(key=lambda at: tuple(positions(at)[:2]))
    return places


def _place(widget: QWidget) -> tuple[int, int]:
    mirrored = widget.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return widget.y(), -widget.geometry().right() if mirrored else widget.x()


def _after(widget: QWidget, window: QWidget) -> Iterator[QWidget]:
    """Everything that is read after a widget, what stands in it first; then the window from its beginning."""
    yield from _inside(widget)
    for ancestor, child in _upwards(widget, window):
        standing = _with(ancestor, child)
        for sibling in standing[standing.index(child) + 1 :]:
            yield sibling
            yield from _inside(sibling)
    yield from _inside(window)


def _before(widget: QWidget, window: QWidget) -> Iterator[QWidget]:
    """Everything that is read before a widget, the nearest first; then the window from its end."""
    for ancestor, child in _upwards(widget, window):
        standing = _with(ancestor, child)
        for sibling in reversed(standing[: standing.index(child)]):
            yield from _inside_backwards(sibling)
        yield ancestor
    yield from _inside_backwards(window)


def _near(lost: QWidget, window: QWidget) -> QWidget | None:
    """What can take the focus of a control that lost it: the next in the same card, else before it, else wider."""
    for ancestor, child in _upwards(lost, window):
        standing = _with(ancestor, child)
        at = standing.index(child)
        following = (found for sibling in standing[at + 1 :] for found in (sibling, *_inside(sibling)))
        earlier = (found for sibling in reversed(standing[:at]) for found in _inside_backwards(sibling))
        for found in (*following, *earlier):
            if _takes_tab(found):
                return found
    return None


def _upwards(widget: QWidget, window: QWidget) -> Iterator[tuple[QWidget, QWidget]]:
    """(ancestor, the child of it on the way down to the widget), from the widget's parent up to the window."""
    child = widget
    while child is not window and (parent := child.parentWidget()) is not None:
        yield parent, child
        child = parent


def _with(parent: QWidget, child: QWidget) -> list[QWidget]:
    """What stands in the parent, the child among it although it may be hidden."""
    standing = read(parent)
    if child in standing:
        return standing
    layout = parent.layout()
    everything = _laid_out(layout) if layout is not None else []
    if child not in everything:
        return sorted([*standing, child], key=_place)
    return [one for one in everything if one is child or one in standing]


def _inside(widget: QWidget) -> Iterator[QWidget]:
    for child in read(widget):
        yield child
        yield from _inside(child)


def _inside_backwards(widget: QWidget) -> Iterator[QWidget]:
    for child in reversed(read(widget)):
        yield from _inside_backwards(child)
    yield widget


def _usable(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled()


def _takes_tab(widget: QWidget) -> bool:
    """Whether Tab stops here: on macOS maybe at text fields and lists alone, at a page if nothing in it can be used."""
    every = QApplication.styleHints().tabFocusBehavior() is Qt.TabFocusBehavior.TabFocusAllControls
    wanted = Qt.FocusPolicy.TabFocus if every else Qt.FocusPolicy.StrongFocus
    if widget.focusPolicy() & wanted != wanted or widget.focusProxy() is not None or not _usable(widget):
        return False
    return not isinstance(widget, QScrollArea) or not any(map(_takes_tab, _inside(widget)))


def _scroll_to(widget: QWidget) -> None:
    """Every page that scrolls shows the widget; Qt would scroll only those that the focus was in before."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget, 0, tokens.HUGE)
        parent = parent.parentWidget()
