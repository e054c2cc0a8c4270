"""The left side of the check step: the problems, above them last time's changes, below them this time's to be kept."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.check_work import Checked
from gb_desktop.ui.steps.keep_changes import KeepChanges
from gb_desktop.ui.steps.replay_card import ReplayCard


class CheckAgain(QWidget):
    """`said` carries a sentence about what was done, and one more."""

    replay_wanted = Signal()
    said = Signal(str, str)

    def __init__(self, session: Session, groups: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._replaying = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.SMALL)
        self.replay = ReplayCard(session, self)
        self.replay.wanted.connect(self._replay)
        self.keep = KeepChanges(session, self)
        self.keep.kept.connect(self._kept)
        column.addWidget(self.replay)
        column.addWidget(groups, 1)
        column.addWidget(self.keep)

    def forget(self) -> None:
        """Another draft is worked on."""
        self._replaying = False
        self.replay.forget()
        self.keep.hide()

    def failed(self) -> None:
        """A check failed: what was to be made again was not, and is offered after the next one."""
        self._replaying = False
        self.replay.forget()

    def show_check(self, found: Checked) -> None:
        """After every check: say what was made again, and look at what can be."""
        if self._replaying and found.undo:
            self.said.emit(found.undo, tr("Undo takes all of it back."))
        self._replaying = False
        self.keep.consider()
        self.replay.consider()  # the last, for it gives way to whatever is asked after it

    @Slot()
    def _replay(self) -> None:
        self._replaying = True
        self.replay_wanted.emit()

    @Slot(str)
    def _kept(self, sentence: str) -> None:
        self.said.emit(sentence, "")
