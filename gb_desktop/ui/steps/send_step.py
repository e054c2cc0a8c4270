"""Step 6: the run on its way, and what came of it. Also the screen of any earlier run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gb_desktop.catalog import BatchType, batch_type
from gb_desktop.runs.events import Waiting
from gb_desktop.runs.model import ChunkLine, RunState
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.engine_thread import Ended, News
from gb_desktop.ui.flow import Step
from gb_desktop.ui.sendings import Sending
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.page import WorkPage
from gb_desktop.ui.steps.send_controls import SendControls
from gb_desktop.ui.steps.send_desk import RunDesk
from gb_desktop.ui.steps.send_details import SendDetails
from gb_desktop.ui.steps.send_head import SendHead
from gb_desktop.ui.steps.send_notice import notify_of_end
from gb_desktop.ui.steps.send_progress import ProgressPart
from gb_desktop.ui.steps.send_results import Decisions, ResultActions, no_reversal_words
from gb_desktop.ui.steps.send_words import end_sentence, shares_of
from gb_desktop.ui.steps.send_work import Stored, stored
from gb_desktop.ui.widgets import BusyBar, ScrollPage, Text, Tone, isolated

if TYPE_CHECKING:
    from gb_desktop.runs.reader import RunReader


class SendPage(WorkPage):
    """Shows one run: while it is sent from this window by its news, at rest by what its file says."""

    step = Step.SEND

    def __init__(self, session: Session, run: str = "", parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._given = run
        self._run = ""
        self._sending: Sending | None = None
        self._reader: RunReader | None = None
        self._kind: BatchType | None = None
        self.meaning = tr("What was sent and answered is stored in this run. Nothing is sent twice.")
        self._build()
        session.sendings.changed.connect(self._line_moved)

    def _build(self) -> None:
        self.head = SendHead(self)
        self.column.addWidget(self.head)
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(tokens.MEDIUM)
        self.outcome = Text("", "body", self)
        self.progress = ProgressPart()
        self.controls = SendControls()
        self.results = ResultActions()
        self.busy = BusyBar("results", cancellable=False)
        self.decisions = Decisions()
        self.no_reversal = Text("", "muted")
        self.details = SendDetails()
        self.details.setMinimumHeight(220)
        for widget in (self.outcome, self.progress, self.controls, self.results, self.busy, self.decisions):
            body.addWidget(widget)
        body.addWidget(self.no_reversal)
        body.addWidget(self.details, 1)
        self.column.addWidget(ScrollPage(inner, "send_scroll", self), 1)
        self.desk = RunDesk(self.session, self.busy, self)
        for widget in (self.outcome, self.controls, self.results):
            widget.hide()
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)
        self._connect()

    def _connect(self) -> None:
        self.controls.pause_wanted.connect(self._pause)
        self.controls.resume_wanted.connect(self._resume)
        self.controls.stop_wanted.connect(self._stop)
        self.results.go_on_wanted.connect(self.desk.go_on)
        self.results.save_wanted.connect(self.desk.save)
        self.results.retry_wanted.connect(self.desk.retry)
        self.results.change_wanted.connect(self.desk.change)
        self.decisions.resolve_wanted.connect(self.desk.resolve)
        self.decisions.unit_wanted.connect(self.desk.decide_unit)
        self.decisions.again_wanted.connect(self.desk.send_all_the_same)
        self.desk.begun.connect(self._begun)
        self.desk.deciding.connect(self._deciding)
        self.desk.decided.connect(self._refresh)
        self.desk.saved.connect(self._saved)
        self.desk.keys_changed.connect(self._offer_new_keys)
        self.desk.failed.connect(self.say_error)

    def next_text(self) -> str:
        return ""

    def why_not(self) -> str:
        return ""

    # ------------------------------------------------------------------ which run

    def enter(self) -> None:
        run = self._given or self.session.run
        if run != self._run:
            self._run = self.desk.run = run
            self._kind = None
            self._detach()
            self._close_reader()
            self.progress.begin()
            self.details.setCurrentIndex(0)
            self.details.open_chunks(self._chunk_page, 0)
        self.banner.clear()
        self._attach()
        self._refresh()

    def _attach(self) -> None:
        """Follow the run's sending from this window, when there is one under way."""
        sending = self.session.sendings.get(self._run)
        if sending is None or not sending.running or sending is self._sending:
            return
        self._detach()
        self._sending = sending
        sending.news.connect(self._news)
        sending.ended.connect(self._ended)
        self.progress.begin()
        self.controls.show_running()
        self._second.start()

    def _detach(self) -> None:
        if self._sending is not None:
            self._sending.news.disconnect(self._news)
            self._sending.ended.disconnect(self._ended)
            self._sending = None
        self._second.stop()

    @Slot()
    def _line_moved(self) -> None:
        if self._run:
            self._attach()
            self._show_line()

    def _show_line(self) -> None:
        ahead = self.session.sendings.ahead_of(self._run)
        if ahead:
            self.controls.show_line(ahead)
        elif self._sending is not None and self._sending.engine is None:
            self.controls.show_running()

    # ------------------------------------------------------------------ what the file says

    @Slot()
    def _refresh(self) -> None:
        desk, run = self.session.desk, self._run
        if run:
            self.session.desk_tasks.run(
                lambda: (stored(desk, run), self._reader or desk.reader(run)), self._show, self.say_error, owner=self
            )

    def _show(self, found: tuple[Stored, RunReader]) -> None:
        state, reader = found
        if state.facts.run and state.facts.run != self._run:
            reader.close()
            return
        self._reader = reader
        facts, active = state.facts, self._sending is not None
        self._kind = batch_type(facts.type) if facts.type else None
        self.desk.file = facts.file
        shares = shares_of(facts.counts)
        self.progress.show_counts(shares, active)
        self.details.show_stored(state)
        self._show_state(state, active)
        if not active:
            self.progress.end(facts.seconds)
        if self._kind is not None:
            self.decisions.show_run(state, shares, self._kind)
            self.no_reversal.setText(no_reversal_words(self._kind))
        self.decisions.setVisible(self.decisions.isVisibleTo(self) and not active)
        self.no_reversal.setVisible(bool(self.no_reversal.text()) and facts.state is RunState.FINISHED)
        self._show_line()

    def _show_state(self, state: Stored, active: bool) -> None:
        facts, shares = state.facts, shares_of(state.facts.counts)
        self.controls.setVisible(active)
        self.results.setVisible(not active)
        self.outcome.setVisible(not active)
        if active:
            self.head.show_sending(facts)
        else:
            title, sentence = end_sentence(facts, shares)
            self.head.show_rest(facts, title)
            self.outcome.setText(sentence)
            self.outcome.setVisible(bool(sentence))
            self.results.show_run(state, shares)
            self.details.setCurrentIndex(1 if state.failures else 0)

    def _chunk_page(self, first: int, count: int) -> Sequence[ChunkLine]:
        return self._reader.chunks(first, count) if self._reader is not None else ()

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    # ------------------------------------------------------------------ under way

    @Slot(object)
    def _news(self, news: News) -> None:
        self.controls.show_under_way(news.counts.in_flight)
        self.controls.heed(news.events)
        waiting = [event for event in news.events if isinstance(event, Waiting)]
        if waiting:
            self.progress.wait_line.wait(waiting[-1])
        elif news.chunks:
            self.progress.wait_line.go_on()
        self.progress.show_progress(shares_of(news.counts), time.monotonic(), self._moves())
        if self._reader is not None:
            self.details.chunks_changed(news.chunks, self._chunk_page)

    @Slot()
    def _tick(self) -> None:
        self.progress.tick(time.monotonic(), self._moves())

    def _moves(self) -> bool:
        """Whether new rows go out: not while the run waits, in line or for the network, nor while it is paused."""
        return self.controls.lets_send and not self.progress.wait_line.waits

    @Slot(object)
    def _ended(self, ended: Ended) -> None:
        self._detach()
        self.progress.wait_line.stop()
        self._refresh()
        self.session.runs_changed.emit()
        if ended.error is not None:
            self.say_error(ended.error)
            if getattr(ended.error, "reason", "") == "keys":
                self.desk.compare_keys()
        elif ended.event is not None:
            notify_of_end(self)

    @Slot()
    def _pause(self) -> None:
        if self._sending is not None:
            self._sending.pause()

    @Slot()
    def _resume(self) -> None:
        if self._sending is not None:
            self._sending.resume()

    @Slot(bool)
    def _stop(self, also_jobs: bool) -> None:
        sending = self._sending
        if sending is not None and not sending.begun:
            self._detach()
            self.session.sendings.leave_line(self._run)
            self._refresh()
        elif sending is not None:
            sending.stop(also_jobs)

    # ------------------------------------------------------------------ at rest

    @Slot()
    def _begun(self) -> None:
        self.banner.clear()
        self._attach()
        self._refresh()

    @Slot(bool)
    def _deciding(self, under_way: bool) -> None:
        for part in (self.decisions, self.results):
            part.setEnabled(not under_way)

    @Slot()
    def _offer_new_keys(self) -> None:
        words = tr("These are new keys of the same account: go on")
        self.banner.set_action(words, "rotated_keys", self.desk.go_on_with_new_keys)

    @Slot(object)
    def _saved(self, path: Path) -> None:
        title = tr("The results workbook was saved as {file}.", file=isolated(str(path)))
        self.banner.say(Tone.SUCCESS, title, tr("It holds every row of the sheet with its outcome."), closable=True)
