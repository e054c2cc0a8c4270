"""Closing the window: ask while rows are being sent, stop everything, wait for the threads, never freeze."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from gb_desktop.text import tr
from gb_desktop.ui.dialogs import Question, ask_to_close
from gb_desktop.ui.session import Session

LOOK_MS = 40
PATIENCE = 75.0  # seconds: a request's own time limit, and a little


class Closing(QObject):
    """The shutdown coordinator: stop, ask, wait. Threads are never killed."""

    ended = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._question: Question | None = None
        self._window: QMainWindow | None = None
        self._began = 0.0
        self._tasks_asked = False
        self.over = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def under_way(self) -> bool:
        return self._timer.isActive()

    def ask(self, window: QMainWindow) -> None:
        """Close the window now, or ask first when rows are being sent."""
        if self.under_way or self._question is not None:
            return
        self._window = window
        lines = [_line(sending.account.name, sending.begun) for sending in self._session.sendings.active()]
        if not lines:
            self.begin()
            return
        self._question = ask_to_close(window, lines, self.begin)
        self._question.finished.connect(self._answered)

    def leave(self, window: QMainWindow) -> None:
        """Close the window without asking: nobody may be there to answer, or the computer won't wait for it."""
        if self._question is not None:
            self._question.reject()
        if not (self.under_way or self.over):
            self._window = window
            self.begin()

    @Slot()
    def _answered(self) -> None:
        self._question = None

    def begin(self) -> None:
        """Stop sending, then everything else."""
        self._session.sendings.let_go()
        self._began = monotonic()
        if self._window is not None and self._session.sendings.active():
            self._window.setEnabled(False)
            self._window.setWindowTitle(tr("GB Desktop is closing: waiting for the last answers…"))
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        patient = monotonic() - self._began < PATIENCE
        if self._session.sendings.active() and patient:
            return
        if not self._tasks_asked:
            self._tasks_asked = True
            self._session.begin_close()
            if self._window is not None:
                self._window.hide()  # nothing is left that a person could wait for
            return
        if self._session.closed() or not patient:
            self._timer.stop()
            self.over = True
            self.ended.emit()


def _line(account: str, begun: bool) -> str:
    if begun:
        return tr("• A run is being sent to {account}.", account=account)
    return tr("• A run waits in line for {account}; nothing of it was sent.", account=account)
