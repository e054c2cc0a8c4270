"""The engine: sends a planned run and watches it to its end. A plain class; whoever drives it steps a generator."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import chain
from queue import Empty

from gb_desktop.gameball.client import Discovery
from gb_desktop.runs.control import Control
from gb_desktop.runs.ending import End, keep_end, paused_words
from gb_desktop.runs.events import Counts, Event, Finishing, InLine, Note, RunFinished, RunPaused, RunStarted, Waiting
from gb_desktop.runs.looking_up import LookUps
from gb_desktop.runs.model import ChunkState, RunState
from gb_desktop.runs.posting import Poster
from gb_desktop.runs.state import GLANCE, STOPPING, Halt, Sending, disk_sentence
from gb_desktop.runs.unit import FirstAdjustment
from gb_desktop.runs.watching import Watcher
from gb_desktop.text import tr


class Engine:
    """One sending of one run. `run()` ends after RunPaused or RunFinished; `close()` frees locks, file and pool."""

    def __init__(
        self,
        sending: Sending,
        *,
        stop_requested: Callable[[], bool | None] = lambda: None,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        self._s = sending
        self._journal = sending.journal
        self._poster = Poster(sending)
        self._watcher = Watcher(sending, self._poster)
        self._stop_requested = stop_requested
        self._on_close = on_close
        self._gone = False
        self._finishing: Finishing | None = None
        self._began = sending.clock.monotonic()
        self._look_ups = LookUps(sending)
        self._unit = FirstAdjustment(sending, self._inquire)
        self._last = sending.journal.tally.counts()
        sending.heed = self._heed_stop_request
        sending.control.on_change(lambda: sending.inbox.put(None))

    @property
    def control(self) -> Control:
        return self._s.control

    def counts(self) -> Counts:
        """The latest counts; from any thread."""
        return self._last

    def run(self) -> Iterator[Event]:
        """Send, watch and judge until nothing is left, or until something stops the run. Yields events."""
        try:
            yield from self._guarded(self._steps())
        finally:
            self.close()

    def look_up_only(self, once: bool = False) -> Iterator[Event]:
        """Send nothing; look the unknown rows up and end. once: ask a single time instead of waiting for them."""
        self._s.only_asks = True
        self.control.pause()
        try:
            yield from self._guarded(self._look_up_steps(once))
        finally:
            self.close()

    def close(self) -> None:
        """Give everything back. Requests under way end by themselves; their answers are found at the next start."""
        if self._gone:
            return
        self._gone = True
        self.control.close()
        self._s.pool.shutdown(wait=False, cancel_futures=True)
        if not self._s.requests:
            self._s.client.close()
        self._on_close()

    def _guarded(self, steps: Iterator[Event]) -> Iterator[Event]:
        """The steps; when the run file can't be written, nothing more is sent and the run says so."""
        try:
            yield from self._logged(steps)
        except sqlite3.Error as error:
            yield self._disk_failed(error)

    def _disk_failed(self, error: sqlite3.Error) -> Event:
        """Keep the answers of requests under way if that can be done, and end. What isn't written is found unsure."""
        s = self._s
        s.free_reserve()
        s.stop_for("disk", disk_sentence(error))
        try:
            while s.posting:
                for _ in self._take(GLANCE):
                    pass
            return self._end()
        except sqlite3.Error:
            halt = s.halt or Halt("disk", disk_sentence(error))
            return RunPaused(halt.reason, halt.sentence, self._last)

    def _steps(self) -> Iterator[Event]:
        yield from self._s.turn(self._s)
        if not self._has_its_turn():
            yield self._end()
            return
        self._began = self._s.clock.monotonic()
        self._journal.meta.update(state=RunState.SENDING.value, sentence="", stopped=False)
        yield from self._recover()
        yield RunStarted(self._journal.tally.counts(), self._journal.count(ChunkState.PLANNED))
        yield from self._learn_dialect()
        yield from self._unit.before()
        while True:
            yield from self._until_idle()
            yield from self._look_up()
            if not (self._s.may_send and self._journal.replan_held(self._s.settings.chunk_size)):
                break
        yield self._end()

    def _has_its_turn(self) -> bool:
        """Whether requests may be made. While a person is asked about rows sent before, jobs are read all the same."""
        halt = self._s.halt
        jobs = halt is not None and halt.reason == "again" and self._journal.count(ChunkState.ACCEPTED) > 0
        return not self.control.ending and (halt is None or jobs)

    def _until_idle(self) -> Iterator[Event]:
        while True:
            yield from self._ask_and_send()
            if self._idle():
                return
            yield from self._take(self._until_next())

    def _look_up_steps(self, once: bool) -> Iterator[Event]:
        self._journal.meta.set("unheard", self._s.batch_type.can_be_looked_up)  # until they were asked about
        yield from self._s.turn(self._s)
        if not self._has_its_turn():
            yield self._end()
            return
        yield from self._recover()
        yield from self._until_idle()
        if self._look_ups.wanted():
            yield from self._look_ups.run(once)
        else:
            self._journal.meta.set("unheard", False)
        self._journal.replan_held(self._s.settings.chunk_size)
        yield self._end()

    def _logged(self, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Note | RunPaused | Waiting | InLine):
                self._journal.meta.log(event.sentence)
            self._last = self._journal.tally.counts()
            yield event

    # Before the first request

    def _recover(self) -> Iterator[Event]:
        """What a killed process left: `sending` becomes unsure, `accepted` is asked about, held rows are planned."""
        for chunk in self._journal.chunks(ChunkState.SENDING):
            yield from self._poster.unsure(chunk, tr("The app was closed before Gameball's answer came."))
        for chunk in self._journal.chunks(ChunkState.ACCEPTED):
            self._watcher.pick_up(chunk)
        self._journal.replan_held(self._s.settings.chunk_size)
        self._s.proven = self._journal.count(ChunkState.FINISHED) > 0

    def _learn_dialect(self) -> Iterator[Event]:
        """Which dialect, before the first job that changes data."""
        s = self._s
        if s.client.dialect is not None or s.batch_type.reads_only or not self._poster.left():
            return
        customer = self._journal.first_customer() or "gb-desktop-connection-check"
        while s.may_send:
            found = self._inquire(customer)
            if found is None or found.dialect is not None or not s.may_send:
                return
            message = found.answer.message or (found.status.message if found.status else "")
            reaction = found.status.reaction if found.status else found.answer.reaction
            if reaction in STOPPING:
                s.stop_for(STOPPING[reaction], message)
                return
            wait = s.offline(message)
            yield Waiting(message, wait)
            if s.halt is None:
                s.rest(wait, lambda: not s.may_send)

    def _inquire(self, customer: str) -> Discovery | None:
        """A one-item balance inquiry; None when the run is to end before its answer came."""
        return self._s.fetch(lambda: self._s.client.discover_dialect(customer, self.control.wait_to_send))

    # The loop

    def _ask_and_send(self) -> Iterator[Event]:
        self._heed_stop_request()
        if self.control.stopped and self.control.also_jobs:
            self._watcher.stop_jobs()
        self._watcher.ask_some()
        yield from self._unit.after()
        if self._s.may_send and self._poster.left() and self._s.brake.pulls(self._journal.tally.counts()):
            self._pull_brake()
        yield from self._poster.send_some()
        yield from self._tell_finishing()

    def _tell_finishing(self) -> Iterator[Event]:
        """Say at once that a pause or stop was heard, and what is still let finish."""
        s = self._s
        under_way = (s.posting or s.open_jobs) and not s.may_send
        now = Finishing(len(s.posting), len(s.open_jobs)) if under_way else None
        if now is not None and now != self._finishing:
            yield now
        self._finishing = now

    def _pull_brake(self) -> None:
        share = f"{self._s.brake.share:.0%}"
        self._s.stop_for("breaker", tr("More than {share} of the rows failed, so sending was paused.", share=share))

    def _idle(self) -> bool:
        """Whether nothing is under way and nothing can be begun."""
        s = self._s
        if s.requests or not s.inbox.empty():
            return False
        if s.open_jobs and not s.deaf and not self.control.closed:
            return False
        return not (s.may_send and self._poster.may_go_on())

    def _until_next(self) -> float:
        """Seconds until something has to be looked at again. What is due already waits for an answer under way."""
        s = self._s
        now = s.clock.monotonic()
        moments = chain(self._watcher.moments(), self._poster.moments(), [s.quiet_until])
        return min([GLANCE, *(moment - now for moment in moments if moment > now)])

    def _take(self, seconds: float) -> Iterator[Event]:
        """Wait for something to happen, and let it."""
        try:
            message = self._s.inbox.get(timeout=seconds)
        except Empty:
            return
        while True:
            if message is not None:
                yield from message() or ()
            if self._s.inbox.empty():
                return
            message = self._s.inbox.get_nowait()

    def _heed_stop_request(self) -> None:
        also_jobs = self._stop_requested()
        if also_jobs is not None:
            self.control.stop(also_jobs)

    # The end

    def _look_up(self) -> Iterator[Event]:
        if self._s.halt is None and not self.control.ending and self._look_ups.wanted():
            yield from self._look_ups.run()

    def _end(self) -> Event:
        s = self._s
        counts = self._journal.tally.counts(at_rest=True)
        under_way = self._journal.count(ChunkState.ACCEPTED) + self._journal.count(ChunkState.SENDING)
        waiting = self._poster.left() or under_way > 0
        if s.halt is not None or (waiting and (self.control.stopped or self.control.paused or self.control.closed)):
            reason, sentence = paused_words(s, counts)
            self._keep(RunState.INTERRUPTED if reason == "network" else RunState.PAUSED, counts, sentence, reason)
            return RunPaused(reason, sentence, counts)
        state = RunState.NEEDS_ATTENTION if counts.unknown or counts.not_sent else RunState.FINISHED
        self._keep(state, counts, "")
        return RunFinished(state.value, counts, s.clock.monotonic() - self._began)

    def _keep(self, state: RunState, counts: Counts, sentence: str, reason: str = "") -> None:
        keep_end(self._s, End(state, counts, sentence, reason, self._s.clock.monotonic() - self._began))
