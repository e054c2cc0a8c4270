"""What the wizard asks of a step's page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gb_desktop.text import tr
from gb_desktop.ui.flow import Step, why_not
from gb_desktop.ui.session import Session


class StepPage(QWidget):
    """One step of the wizard. It shows a session and changes it; the rules are in `flow`."""

    step: Step
    title: str = ""

    changed = Signal()  # something changed: the wizard asks `why_not` again
    invalidated = Signal()  # what later steps made of this one no longer stands
    finished = Signal()  # like a press on Next: a double click on a card, Enter

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session

    def enter(self) -> None:
        """The page is shown, perhaps again: show what the session holds now."""

    def leave(self) -> bool:
        """The page is about to be left for another; False keeps it (it has said why)."""
        return True

    def why_not(self) -> str:
        """Why Next is disabled, one sentence shown beside it; "" when it may be pressed."""
        return why_not(self.step, self.session.standing())

    def next_text(self) -> str:
        """The words on the primary button; "" hides it (the last step)."""
        return tr("Next")

    def advance(self, done: Callable[[], None]) -> None:
        """Do the work that Next stands for, then call `done`; not calling it keeps the wizard here."""
        done()
