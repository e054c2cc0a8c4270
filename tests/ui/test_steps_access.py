"""Every page can be used without a mouse and read aloud: names, focus and a way to every control."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QScrollArea, QTableView, QWidget

from gb_desktop.runs.model import EarlierRun, RunState
from gb_desktop.ui.step_page import StepPage
from gb_desktop.ui.steps.check_step import CheckPage
from gb_desktop.ui.steps.columns_step import ColumnsPage
from gb_desktop.ui.steps.review_step import ReviewPage
from gb_desktop.ui.steps.send_step import SendPage
from gb_desktop.ui.steps.type_step import TypePage
from gb_desktop.ui.steps.workbook_step import WorkbookPage
from gb_desktop.ui.widgets import Text
from gb_desktop.workbook.model import Skipped
from tests.ui import standin, standin_desk
from tests.ui.stage import Stage, stage

__all__ = ["stage"]
_INTERACTIVE = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QTableView)


def _type(stage: Stage) -> StepPage:
    return TypePage(stage.session)


def _workbook(stage: Stage) -> StepPage:
    stage.loaded(skipped=Skipped(hidden_rows=3))
    return WorkbookPage(stage.session)


def _columns(stage: Stage) -> StepPage:
    stage.mapped()
    return ColumnsPage(stage.session)


def _check(stage: Stage) -> StepPage:
    stage.mapped()
    return CheckPage(stage.session)


def _review(stage: Stage) -> StepPage:
    stage.mapped()
    stage.use_account("Acme", "live")
    earlier = (EarlierRun("r0", RunState.FINISHED, "2026-03-02T10:00:00Z", True, "The same rows."),)
    stage.draft.reader.kept_review = standin.review(earlier=earlier)
    return ReviewPage(stage.session)


def _send(stage: Stage) -> StepPage:
    stage.desk.readers["r9"] = standin_desk.finished_reader()
    stage.desk.readers["r9"].run = "r9"
    return SendPage(stage.session, "r9")


PAGES = (_type, _workbook, _columns, _check, _review, _send)


def _controls(page: QWidget) -> list[QWidget]:
    """What a person can operate, without the parts that Qt puts into its own widgets."""
    found = [widget for widget in page.findChildren(QWidget) if isinstance(widget, _INTERACTIVE)]
    return [widget for widget in found if widget.isVisible() and not widget.objectName().startswith("qt_")]


def _own(widget: QWidget) -> bool:
    """False for the line inside a spin box or drop-down and for a table's corner: their owner has the name."""
    parent = widget.parent()
    inner = isinstance(parent, QAbstractSpinBox | QComboBox | QLineEdit)
    return not inner and type(widget).__name__ != "QAbstractButton"


def _in_a_group(widget: QWidget) -> bool:
    """One of several to choose from is reached with the arrows."""
    return isinstance(widget, QAbstractButton) and widget.group() is not None


@pytest.mark.parametrize("make", PAGES, ids=lambda make: make.__name__.strip("_"))
def test_that_every_control_has_a_name_for_tests_and_for_screen_readers(
    stage: Stage, make: Callable[[Stage], StepPage]
) -> None:
    page = stage.show(make(stage))
    controls = [widget for widget in _controls(page) if _own(widget)]
    assert controls
    unnamed = [
        f"{type(widget).__name__} {widget.objectName()!r}"
        for widget in controls
        if not widget.objectName() or not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert unnamed == []


@pytest.mark.parametrize("make", PAGES, ids=lambda make: make.__name__.strip("_"))
def test_that_every_control_can_be_reached_with_the_keyboard(stage: Stage, make: Callable[[Stage], StepPage]) -> None:
    page = stage.show(make(stage))
    unreachable = [
        widget.objectName()
        for widget in _controls(page)
        if _own(widget)
        and widget.isEnabled()
        and not _in_a_group(widget)
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert unreachable == []


@pytest.mark.parametrize("make", PAGES, ids=lambda make: make.__name__.strip("_"))
def test_that_no_page_needs_more_room_than_the_smallest_window_gives(
    stage: Stage, make: Callable[[Stage], StepPage]
) -> None:
    page = stage.show(make(stage))
    page.resize(700, 560)
    stage.idle()
    assert page.minimumSizeHint().width() <= 700
    assert page.minimumSizeHint().height() <= 560


@pytest.mark.parametrize("make", PAGES, ids=lambda make: make.__name__.strip("_"))
def test_that_the_title_stays_in_sight_when_a_page_is_scrolled(stage: Stage, make: Callable[[Stage], StepPage]) -> None:
    page = stage.show(make(stage))
    page.resize(700, 560)
    stage.idle()
    for area in page.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    titles = [text for text in page.findChildren(Text) if text.property("textKind") == "title" and not text.isHidden()]
    assert titles
    assert all(title.visibleRegion().boundingRect() == title.rect() for title in titles)
