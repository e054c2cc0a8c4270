"""The engine: sends a planned run and watches it to its end. A plain class; whoever drives it steps a generator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty

from gb_desktop.gameball.client import Discovery
from gb_desktop.runs.balances import balance_sentence, unit_question
from gb_desktop.runs.control import Control
from gb_desktop.runs.events import Counts, Event, Note, RunFinished, RunPaused, RunStarted, Waiting
from gb_desktop.runs.journal import Chunk
from gb_desktop.runs.looking_up import LookUps
from gb_desktop.runs.meta import now_iso
from gb_desktop.runs.model import ChunkState, Outcome, RunState
from gb_desktop.runs.posting import STOPPING, Poster
from gb_desktop.runs.state import Sending
from gb_desktop.runs.watching import Watcher
from gb_desktop.text import tr

STOP_REQUEST_EVERY = 0.2  # seconds between looks for a stop request of another process


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
        self._began = sending.clock.monotonic()
        self._unit: Chunk | None = None
        self._balance_before = ""
        self._last = sending.journal.tally.counts()
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
            yield from self._logged(self._steps())
        finally:
            self.close()

    def look_up_only(self) -> Iterator[Event]:
        """Send nothing; look the unknown rows up and end."""
        try:
            yield from self._logged(LookUps(self._s).run())
            yield self._end()
        finally:
            self.close()

    def close(self) -> None:
        """Give everything back. Requests under way end by themselves; their answers are found at the next start."""
        self.control.close()
        self._s.pool.shutdown(wait=False, cancel_futures=True)
        self._on_close()

    def _steps(self) -> Iterator[Event]:
        self._journal.meta.update(state=RunState.SENDING.value, sentence="", stopped=False)
        yield from self._recover()
        yield RunStarted(self._journal.tally.counts(), self._journal.count(ChunkState.PLANNED))
        yield from self._learn_dialect()
        yield from self._measure_unit()
        while True:
            yield from self._ask_and_send()
            if self._idle():
                break
            yield from self._take(self._until_next())
        yield from self._look_up()
        yield self._end()

    def _logged(self, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Note | RunPaused | Waiting):
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
        self._journal.replan_held()
        self._s.proven = self._journal.count(ChunkState.FINISHED) > 0

    def _learn_dialect(self) -> Iterator[Event]:
        """Which dialect, before the first job that changes data."""
        s = self._s
        if s.client.dialect is not None or s.batch_type.reads_only or not self._poster.left():
            return
        customer = self._journal.first_customer() or "gb-desktop-connection-check"
        while s.may_send:
            found = self._inquire(customer)
            if found.dialect is not None or not s.may_send:
                return
            message = found.answer.message or (found.status.message if found.status else "")
            reaction = found.status.reaction if found.status else found.answer.reaction
            if reaction in STOPPING:
                s.stop_for(STOPPING[reaction], message)
                return
            wait = s.offline(message)
            yield Waiting(message, wait)
            self.control.wait_to_send(wait if s.halt is None else 0.0)

    def _inquire(self, customer: str) -> Discovery:
        return self._s.client.discover_dialect(customer, self.control.wait_to_send)

    def _measure_unit(self) -> Iterator[Event]:
        """The balance before the first adjustment ever made on an account, when its unit is not known."""
        planned = self._journal.planned_after(0, 1)
        if not planned or planned[0].kind != "unit" or not self._s.may_send:
            return
        self._unit = planned[0]
        customer = self._journal.items(self._unit.chunk)[0].customer or ""
        self._balance_before = balance_sentence(self._inquire(customer))
        yield Note(tr("Balance of {customer} before: {balance}.", customer=customer, balance=self._balance_before))

    def _unit_seen(self) -> Iterator[Event]:
        """The first adjustment has its result: show what it did, and on a live account wait for a person."""
        unit = self._unit
        if unit is None or unit.chunk in self._s.open_jobs or unit.chunk in self._s.posting:
            return
        if self._journal.chunk(unit.chunk).state is ChunkState.PLANNED:
            return
        self._unit = None
        item = self._journal.items(unit.chunk)[0]
        sentence = unit_question(item, self._balance_before, balance_sentence(self._inquire(item.customer or "")))
        self._journal.meta.set("unit_question", sentence)
        yield Note(sentence)
        if self._s.account.environment == "live":
            self._s.stop_for("unit", sentence)

    # The loop

    def _ask_and_send(self) -> Iterator[Event]:
        self._heed_stop_request()
        if self.control.stopped and self.control.also_jobs:
            self._watcher.stop_jobs()
        self._watcher.ask_some()
        yield from self._unit_seen()
        if self._s.may_send and self._s.brake.pulls(self._journal.tally.counts()):
            self._pull_brake()
        yield from self._poster.send_some()

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
        return not (s.may_send and self._poster.left())

    def _until_next(self) -> float:
        s = self._s
        now = s.clock.monotonic()
        moments = [self._watcher.due(), self._poster.due() if s.may_send else None]
        waits = [moment - now for moment in moments if moment is not None]
        if s.quiet_until > now:
            waits = [max(wait, s.quiet_until - now) for wait in waits] or [s.quiet_until - now]
        return max(0.0, min([*waits, STOP_REQUEST_EVERY]))

    def _take(self, seconds: float) -> Iterator[Event]:
        """Wait for something to happen, and let it."""
        try:
            message = self._s.inbox.get(timeout=seconds) if seconds else self._s.inbox.get_nowait()
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
        look_ups = LookUps(self._s)
        if self._s.halt is None and look_ups.wanted():
            yield from look_ups.run()

    def _end(self) -> Event:
        s = self._s
        counts = self._journal.tally.counts(at_rest=True)
        waiting = self._poster.left() or bool(s.open_jobs)
        if s.halt is not None or (waiting and (self.control.stopped or self.control.paused or self.control.closed)):
            return self._paused(counts)
        unresolved = counts.unknown or self._journal.outcome_items(Outcome.NOT_SENT, 1)
        state = RunState.NEEDS_ATTENTION if unresolved else RunState.FINISHED
        self._keep(state, counts, "")
        return RunFinished(state.value, counts, s.clock.monotonic() - self._began)

    def _paused(self, counts: Counts) -> RunPaused:
        s = self._s
        if s.halt is not None:
            reason, sentence = s.halt.reason, s.halt.sentence
        elif self.control.stopped:
            reason, sentence = "stop", tr("Sending was stopped. {count} rows were not sent.", count=counts.not_sent)
        else:
            reason, sentence = "user", tr("Sending is paused. {count} rows are waiting.", count=counts.not_sent)
        state = RunState.INTERRUPTED if reason == "network" else RunState.PAUSED
        self._keep(state, counts, sentence, reason)
        return RunPaused(reason, sentence, counts)

    def _keep(self, state: RunState, counts: Counts, sentence: str, reason: str = "") -> None:
        meta = self._journal.meta
        seconds = float(meta.get("seconds", 0.0)) + self._s.clock.monotonic() - self._began
        numbers = {name: getattr(counts, name) for name in Counts.__dataclass_fields__}
        with self._journal.commit():
            meta.update(
                state=state.value,
                counts=numbers,
                sentence=sentence,
                reason=reason,
                stopped=self.control.stopped,
                seconds=round(seconds, 1),
                finished=now_iso(),
            )
        self._s.ledger.update(self._s.run, state.value, counts.unknown)
