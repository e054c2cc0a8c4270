"""The wizard's six pages, made for one window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gb_desktop.ui.flow import Step
from gb_desktop.ui.session import Session
from gb_desktop.ui.step_page import StepPage
from gb_desktop.ui.steps.check_step import CheckPage
from gb_desktop.ui.steps.columns_step import ColumnsPage
from gb_desktop.ui.steps.review_step import ReviewPage
from gb_desktop.ui.steps.send_step import SendPage
from gb_desktop.ui.steps.type_step import TypePage
from gb_desktop.ui.steps.workbook_step import WorkbookPage


def made_pages(session: Session) -> dict[Step, StepPage]:
    """A page a step."""
    return {
        Step.TYPE: TypePage(session),
        Step.WORKBOOK: WorkbookPage(session),
        Step.COLUMNS: ColumnsPage(session),
        Step.CHECK: CheckPage(session),
        Step.REVIEW: ReviewPage(session),
        Step.SEND: SendPage(session),
    }


def made_send_page(session: Session) -> Callable[[str], QWidget]:
    """What makes the send screen of a run that is opened from the list."""

    def make(run: str) -> QWidget:
        page = SendPage(session, run)
        page.enter()
        return page

    return make
