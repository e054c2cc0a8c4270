"""The wizard: the rail of steps, the page of the current one, Back and Next."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.flow import Flow, Step
from gb_desktop.ui.reopening import Reopened, reopen
from gb_desktop.ui.retry_account import RetryAccount
from gb_desktop.ui.session import Session
from gb_desktop.ui.step_page import StepPage
from gb_desktop.ui.step_rail import StepRail
from gb_desktop.ui.widgets import PrimaryButton, SecondaryButton, Text, named


class Wizard(QWidget):
    """Shows one page at a time and moves between them as the flow allows."""

    moved = Signal(object)  # Step: the one shown now

    def __init__(self, session: Session, pages: Mapping[Step, StepPage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "wizard")
        self._session = session
        self._pages = pages
        self.flow = Flow()
        self._advancing = False
        self.rail = StepRail(self)
        self.rail.chosen.connect(self._rail_chosen)
        self._stack = QStackedWidget(self)
        for page in pages.values():
            self._stack.addWidget(page)
            page.changed.connect(self.refresh)
            page.invalidated.connect(self._invalidated)
            page.finished.connect(self.next)
        self._lay_out()
        self._add_shortcuts()
        session.account_changed.connect(self.refresh)
        session.busy_changed.connect(self.refresh)
        session.open_draft.connect(self.open_draft)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        self.proposal = RetryAccount(self._session, self)
        beside.addWidget(self.proposal)
        beside.addWidget(self._stack, 1)
        row.addLayout(beside, 1)
        column.addLayout(row, 1)
        column.addWidget(self._made_foot())

    def _made_foot(self) -> QFrame:
        self.foot = QFrame(self)
        self.foot.setProperty("part", "foot")
        line = QHBoxLayout(self.foot)
        line.setContentsMargins(tokens.HUGE, tokens.MEDIUM, tokens.HUGE, tokens.MEDIUM)
        line.setSpacing(tokens.LARGE)
        self.back_button = SecondaryButton(tr("Back"), "wizard_back", "chevron-left", self.foot)
        self.back_button.clicked.connect(self.back)
        self.why = named(Text("", "muted", self.foot), "wizard_why")
        self.why.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.next_button = PrimaryButton(tr("Next"), "wizard_next", parent=self.foot)
        self.next_button.clicked.connect(self.next)
        line.addWidget(self.back_button)
        line.addWidget(self.why, 1)
        line.addWidget(self.next_button)
        return self.foot

    def _add_shortcuts(self) -> None:
        for keys, slot in (("Alt+Left", self.back), ("Ctrl+Return", self.next), ("Ctrl+Enter", self.next)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    @property
    def page(self) -> StepPage:
        """The page of the current step."""
        return self._pages[self.flow.current]

    # ------------------------------------------------------------------ moving

    def begin(self, file: Path | None = None, batch_type: str = "") -> None:
        """A new batch. `file` is kept for the Workbook step; a known batch type skips the question."""
        self._session.drop_empty_draft()
        self._session.use_draft(None)
        self._session.proposed_file = file
        self._session.batch_type = batch_type
        self.flow = Flow()
        self._show()
        if batch_type and self._session.account is not None:
            self.next()

    @Slot(str)
    def open_draft(self, run: str) -> None:
        """Go on with a draft where it was left; the one that is open already is simply shown.

        One that left the line before anything was sent comes back to the steps before sending.
        """
        session = self._session
        if run == session.run and not self.flow.sent:
            return
        session.drop_empty_draft()
        session.desk_tasks.run(lambda: reopen(session.desk, run), self._reopened, owner=self)

    def _reopened(self, reopened: Reopened) -> None:
        session = self._session
        session.use_draft(reopened.draft)
        reopened.fill(session)
        self.flow = Flow()
        self.flow.reopen(reopened.step)
        self._show()

    @Slot()
    def next(self) -> None:
        """What Next stands for, if it may be pressed."""
        if self.next_button.isHidden() or not self._may_advance():
            return
        self._advancing = True
        self.page.advance(self._advanced)
        self.refresh()

    def _may_advance(self) -> bool:
        return not self._advancing and not self.page.why_not()

    def _advanced(self) -> None:
        self._advancing = False
        if self.page.leave():
            self.flow.advance()
            self._show()

    @Slot()
    def back(self) -> None:
        if (
            self.back_button.isEnabled()
            and not self.back_button.isHidden()
            and not self.foot.isHidden()
            and self.page.leave()
        ):
            self.flow.back()
            self._show()

    @Slot(object)
    def _rail_chosen(self, step: Step) -> None:
        if step is not self.flow.current and self.flow.can_go(step) and self.page.leave():
            self.flow.go(step)
            self._show()

    @Slot()
    def _invalidated(self) -> None:
        page = self.sender()
        if isinstance(page, StepPage):
            self.flow.forget_after(page.step)
            self.refresh()

    # ------------------------------------------------------------------ showing

    def _show(self) -> None:
        self._advancing = False
        self._stack.setCurrentWidget(self.page)
        self.page.setFocus()  # not a button of the foot, which the next Enter would press
        self._remember()
        self.page.enter()
        if self.flow.sent:
            self.proposal.forget()
        else:
            self.proposal.look()
        self.refresh()
        self.moved.emit(self.flow.current)

    def _remember(self) -> None:
        draft, step = self._session.draft, self.flow.current
        if draft is not None and step is not Step.SEND:
            self._session.tasks.run(lambda: draft.remember_step(step.value))

    @Slot()
    def refresh(self) -> None:
        """Ask the page again whether Next may be pressed, and say why not."""
        if self._advancing and not self._session.tasks.busy:
            self._advancing = False  # the work of Next ended without moving on: the page has said why
        why = self.page.why_not()
        words = self.page.next_text()
        self.rail.show_flow(self.flow)
        self.foot.setVisible(bool(words))
        self.back_button.setVisible(self.flow.current is not Step.TYPE)
        self.back_button.setEnabled(not self.flow.sent and not self._advancing)
        if self.next_button.hasFocus() and (why or self._advancing):
            self.page.setFocus()  # else it would jump to Back, where the next Enter would press it
        self.next_button.setText(words)
        self.next_button.setEnabled(not why and not self._advancing)
        self.why.setText(why)
        self.next_button.setAccessibleDescription(why)
