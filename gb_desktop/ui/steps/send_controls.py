"""Pause, go on, stop: with what each does to the rows that are under way."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.runs.events import Event, Finishing, InLine, RunStarted
from gb_desktop.runs.saying import finishing_words
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.dialogs import Question
from gb_desktop.ui.widgets import SecondaryButton, Text, named


class StopQuestion(Question):
    """Stop for good? With the choice to stop the jobs at Gameball too, which `answered` is told."""

    def __init__(self, parent: QWidget, answered: Callable[[bool], None]) -> None:
        super().__init__(
            parent,
            "stopping",
            tr("Stop sending?"),
            (
                tr(
                    "No more rows are sent. Requests that Gameball accepted are watched to their end and their results "
                    "are stored."
                ),
                tr("The rest stays in this run as not sent; you can go on with it later."),
            ),
            tr("Stop sending"),
            tr("Keep sending"),
            self._answer,
            danger=True,
        )
        self._answered = answered
        self.also_jobs = named(QCheckBox(self), "stop_jobs")
        self.also_jobs.setText(tr("Also stop the jobs at Gameball"))
        note = Text(tr("Rows in these jobs may stay unknown: Gameball doesn't say which it had done."), "caption", self)
        column = self.layout()
        if isinstance(column, QBoxLayout):
            column.insertWidget(column.count() - 2, self.also_jobs)
            column.insertWidget(column.count() - 2, note)

    def _answer(self) -> None:
        self._answered(self.also_jobs.isChecked())


class SendControls(QWidget):
    """Shown while a run is being sent from this window."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal(bool)  # also the jobs

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.TINY)
        row = QHBoxLayout()
        row.setSpacing(tokens.SMALL)
        self.pause = SecondaryButton(tr("Pause"), "pause", "pause", self)
        self.resume = SecondaryButton(tr("Go on"), "resume", "play", self)
        self.stop = SecondaryButton(tr("Stop…"), "stop", "stop", self)
        for button in (self.pause, self.resume, self.stop):
            row.addWidget(button)
        self.state = named(Text("", "strong", self), "send_state")
        row.addWidget(self.state, 1)
        column.addLayout(row)
        self.words = Text("", "muted", self)
        column.addWidget(self.words)
        self.pause.clicked.connect(self._pause)
        self.resume.clicked.connect(self._resume)
        self.stop.clicked.connect(self._stop)
        self._under_way: int | None = None  # rows; None before the first news
        self.show_running()

    @property
    def lets_send(self) -> bool:
        """Whether new rows may go out: the run is not in line, paused or stopping."""
        return not self.pause.isHidden() and self.pause.isEnabled()

    def show_under_way(self, rows: int) -> None:
        """How many rows are in requests and jobs: a pause is complete when there are none."""
        self._under_way = rows
        if self.resume.isVisibleTo(self) and rows == 0:
            self.state.setText(self._pause_words())

    def heed(self, events: Iterable[Event]) -> None:
        """What the engine said about the line and about what is let finish."""
        for event in events:
            if isinstance(event, InLine):
                self.show_line_elsewhere(event.sentence)
            elif isinstance(event, RunStarted):
                self.show_started()
            elif isinstance(event, Finishing):
                self.show_finishing(event)

    def show_finishing(self, now: Finishing) -> None:
        """What is still let finish after a pause or stop."""
        words = finishing_words(now)
        if self.resume.isVisibleTo(self):
            self.state.setText(tr("Pausing: {finishing}…", finishing=words))
        elif not self.stop.isEnabled():
            self.state.setText(tr("Stopping: {finishing}…", finishing=words))

    def _pause_words(self) -> str:
        return tr("Paused.") if self._under_way == 0 else tr("Pausing: waiting for what is under way…")

    def show_running(self) -> None:
        self._under_way = None
        self._show(paused=False, stopping=False, state="")

    def show_started(self) -> None:
        """The run's turn has come; what was pressed meanwhile stands."""
        if not self.pause.isVisibleTo(self) and not self.resume.isVisibleTo(self) and self.stop.isEnabled():
            self.show_running()

    def show_line(self, ahead: int) -> None:
        """The run waits for others of the same account."""
        if ahead == 1:
            state = tr("Waiting in line: another run of this account is being sent.")
        else:
            state = tr("Waiting in line: {count} runs of this account come first.", count=ahead)
        self._show(paused=False, stopping=False, state=state)
        self.pause.hide()

    def show_line_elsewhere(self, sentence: str) -> None:
        """The run waits for one that another window or command sends."""
        self._show(paused=False, stopping=False, state=tr("Waiting in line."))
        self.words.setText(sentence)
        self.pause.hide()

    def _show(self, paused: bool, stopping: bool, state: str) -> None:
        shown, hidden = (self.resume, self.pause) if paused else (self.pause, self.resume)
        pressed = hidden.hasFocus()
        shown.show()
        if pressed:
            shown.setFocus()  # else it would jump to Stop
        hidden.hide()
        for button in (self.pause, self.resume, self.stop):
            button.setEnabled(not stopping)
        self.state.setText(state)
        if paused:
            self.words.setText(
                tr("Nothing new is sent. What Gameball accepted is still watched, and its results stored.")
            )
        elif stopping:
            self.words.setText(tr("What Gameball accepted is watched to its end; this can take a while."))
        else:
            self.words.setText(
                tr("Pause sends nothing new until you go on. Stop ends the run. Neither takes back what was accepted.")
            )

    @Slot()
    def _pause(self) -> None:
        self._show(paused=True, stopping=False, state=self._pause_words())
        self.pause_wanted.emit()

    @Slot()
    def _resume(self) -> None:
        self.show_running()
        self.resume_wanted.emit()

    @Slot()
    def _stop(self) -> None:
        self.question = StopQuestion(self.window(), self._stop_answered)
        self.question.open()

    def _stop_answered(self, also_jobs: bool) -> None:
        self._show(paused=False, stopping=True, state=tr("Stopping: waiting for what is under way…"))
        self.stop_wanted.emit(also_jobs)
