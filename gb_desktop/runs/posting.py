"""Sending chunks: choose the next one, write the intent down, POST it, and move it on by the answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from gb_desktop.catalog import LookUp, Resend
from gb_desktop.gameball.model import Answer, Reaction, Verdict
from gb_desktop.runs.events import (
    ChunkAccepted,
    ChunkNotSent,
    ChunkRejected,
    ChunkSending,
    ChunkUnsure,
    Event,
    Note,
    Waiting,
)
from gb_desktop.runs.journal import Chunk
from gb_desktop.runs.known import known_sentence, samples_of
from gb_desktop.runs.model import ChunkState
from gb_desktop.runs.state import REQUESTS_AT_ONCE, STOPPING, OpenJob, Sending
from gb_desktop.runs.verdicts import all_with, cut_at, named_place, refused_outcome, unknown, waiting
from gb_desktop.text import tr

MOST_REPEATS = 5  # tries of a chunk whose outcome stays unsure, for types that may go again
MOST_HALVINGS = 20  # extra requests a run to find the rows that Gameball refuses
MOST_BUSY = 3
LOOK_AHEAD = 32
MOST_WAITING = 4  # chunks looked at in vain before the next job's end is waited for


class Poster:
    """Everything between a planned chunk and its job."""

    def __init__(self, sending: Sending) -> None:
        self._s = sending
        self._journal = sending.journal
        self._queue: deque[Chunk] = deque()
        self._read_to = 0
        self._in_front: set[int] = set()  # chunks that were queued out of turn
        self._not_before: dict[int, float] = {}
        self._blocked: dict[int, int] = {}  # chunk -> the journal's settlings when it was found to have to wait
        self._busy: dict[int, int] = {}

    # Choosing

    def send_some(self) -> Iterator[Event]:
        """Send as many chunks as may go now."""
        while self._has_room():
            chunk = self._next()
            if chunk is None:
                return
            yield from self._send(chunk)

    def add(self, number: int, wait: float = 0.0) -> None:
        """Queue a follow-up chunk before the others: rows of later layers may be waiting for it."""
        if wait:
            self._not_before[number] = self._s.clock.monotonic() + wait
        self._put_in_front(number)

    def _put_in_front(self, number: int) -> None:
        self._in_front.add(number)  # or it would be queued a second time when its number is read
        self._queue.appendleft(self._journal.chunk(number))

    def left(self) -> bool:
        """Whether planned chunks are left at all."""
        return bool(self._queue) or bool(self._journal.planned_after(self._read_to, 1))

    def may_go_on(self) -> bool:
        """Whether a planned chunk can be sent, now or when its time comes, without another row being settled first."""
        if not all(self._waits_for_rows(chunk) for chunk in self._queue):
            return True
        return bool(self._journal.planned_after(self._read_to, 1))

    def _is_shut_out(self, chunk: Chunk) -> bool:
        only = self._s.only
        return only is not None and [item.item for item in self._journal.items(chunk.chunk)] != [only]

    def _waits_for_rows(self, chunk: Chunk) -> bool:
        return self._blocked.get(chunk.chunk) == self._journal.settlings

    def moments(self) -> Iterator[float]:
        """When (monotonic) chunks may go that wait for time alone."""
        return (self._not_before[c.chunk] for c in self._queue if c.chunk in self._not_before)

    def _has_room(self) -> bool:
        s = self._s
        if not s.may_send or s.requests >= REQUESTS_AT_ONCE or s.clock.monotonic() < s.quiet_until:
            return False
        allowed = s.window.size if s.proven else 1
        return len(s.open_jobs) + len(s.posting) < allowed

    def _next(self) -> Chunk | None:
        """The next chunk that may go. Looks further ahead only when nothing is under way that could free one."""
        found = self._first_free()
        while found is None and not self._s.open_jobs and not self._s.posting and self._fill(LOOK_AHEAD):
            found = self._first_free()
        return found

    def _first_free(self) -> Chunk | None:
        self._fill(LOOK_AHEAD - len(self._queue))
        now = self._s.clock.monotonic()
        waiting = 0
        for chunk in list(self._queue):
            if waiting == MOST_WAITING:
                return None
            if self._waits_for_rows(chunk) or self._not_before.get(chunk.chunk, 0.0) > now or self._is_shut_out(chunk):
                continue
            ready = self._without_held(chunk)
            if ready is None:
                waiting += 1
                continue
            self._queue.remove(chunk)
            self._not_before.pop(chunk.chunk, None)
            return ready
        return None

    def _fill(self, count: int) -> bool:
        more = self._journal.planned_after(self._read_to, count) if count > 0 else []
        self._read_to = more[-1].chunk if more else self._read_to
        self._queue.extend(chunk for chunk in more if chunk.chunk not in self._in_front)
        return bool(more)

    def _without_held(self, chunk: Chunk) -> Chunk | None:
        """The chunk, without items that wait for an earlier row of unknown outcome; None when it has to wait itself."""
        held, on_the_way = self._journal.held_back(chunk.chunk)
        if on_the_way:
            self._blocked[chunk.chunk] = self._journal.settlings
            return None
        if not held:
            return chunk
        left = self._journal.hold_back(chunk, waiting(chunk, held), self._s.clock.now_ms())
        if left.items:
            return left
        self._queue.remove(chunk)
        return None

    # Sending

    def _send(self, chunk: Chunk) -> Iterator[Event]:
        s = self._s
        if not self._has_its_idents(chunk):
            return
        body = self._journal.body(chunk.chunk)
        attempt = self._journal.start(chunk, s.clock.now_ms(), body)
        sent = self._journal.chunk(chunk.chunk)
        s.posting[chunk.chunk] = sent
        s.ask(
            lambda: s.client.create_job(s.batch_type.endpoint, body, wait=s.control.wait_to_send),
            lambda answer: self._answered(sent, attempt, answer),
        )
        yield ChunkSending(chunk.chunk, chunk.items)

    def _has_its_idents(self, chunk: Chunk) -> bool:
        """Write its IDs into the ledger. False: another run sent some of them, and a person has to be asked first."""
        s = self._s
        if s.batch_type.reads_only or s.batch_type.ident is None:
            return True
        idents = self._journal.idents(chunk.chunk)
        asked = chunk.repeated or bool(self._journal.meta.get("again"))
        known = s.ledger.remember_idents(s.account.fingerprint, s.batch_type.key, s.run, idents, asked)
        if known:
            self._put_in_front(chunk.chunk)
            found = {item: (ident, known[ident]) for ident, item in idents if ident in known}
            s.stop_for("again", known_sentence(len(found), samples_of(found)))
        return not known

    def _answered(self, chunk: Chunk, attempt: int, answer: Answer) -> Iterator[Event]:
        s = self._s
        s.posting.pop(chunk.chunk, None)
        s.saved(lambda: self._record(chunk, attempt, answer))
        if answer.facts.status is not None:
            s.online()
        if answer.verdict is Verdict.ACCEPTED and answer.job is not None:
            yield from self._accepted(chunk, answer.job)
        elif answer.verdict is Verdict.NOT_SENT:
            yield from self._not_sent(chunk, answer)
        elif answer.verdict is Verdict.REJECTED:
            yield from self._rejected(chunk, answer)
        else:
            yield from self.unsure(chunk, answer.message)
        if answer.reaction in STOPPING:
            s.stop_for(STOPPING[answer.reaction], answer.message)

    def _record(self, chunk: Chunk, attempt: int, answer: Answer) -> None:
        now, facts = self._s.clock.now_ms(), answer.facts
        with self._journal.commit():
            self._journal.end_attempt(attempt, now, facts.sent, facts.status, answer.verdict.value, answer.message)
            if answer.verdict is Verdict.ACCEPTED and answer.job is not None:
                self._journal.accepted(chunk, answer.job, now)

    def _accepted(self, chunk: Chunk, job: str) -> Iterator[Event]:
        now = self._s.clock.monotonic()
        accepted = self._journal.chunk(chunk.chunk)
        self._s.open_jobs[chunk.chunk] = OpenJob(accepted, job, now, now + self._s.polls.first(chunk.items))
        yield ChunkAccepted(chunk.chunk, job)

    def _not_sent(self, chunk: Chunk, answer: Answer) -> Iterator[Event]:
        s = self._s
        if answer.code == 2001 and self._busy_too_often(chunk):
            items = self._journal.items(chunk.chunk)
            outcome = refused_outcome(s.batch_type, chunk)
            settled = all_with(items, outcome, answer.message, "refused", answer.code)
            self._journal.finish(chunk, ChunkState.REJECTED, settled, s.clock.now_ms(), answer.message)
            yield ChunkRejected(chunk.chunk, answer.message)
            return
        self._journal.not_sent(chunk, answer.message)
        self._put_in_front(chunk.chunk)
        yield ChunkNotSent(chunk.chunk, answer.message)
        if answer.reaction is Reaction.NETWORK:
            yield Waiting(answer.message, s.offline(answer.message))
        elif answer.reaction is Reaction.RETRY:
            s.window.trouble()
            wait = self._pause_before(chunk, answer)
            yield Waiting(answer.message, wait)

    def _pause_before(self, chunk: Chunk, answer: Answer) -> float:
        s = self._s
        wait = answer.facts.pause or answer.facts.retry_after or s.retry_base * (1 if answer.code != 2001 else 2)
        until = s.clock.monotonic() + wait
        if answer.code == 2001:
            self._not_before[chunk.chunk] = until
        else:
            s.quiet_until = max(s.quiet_until, until)
        return wait

    def _busy_too_often(self, chunk: Chunk) -> bool:
        self._busy[chunk.chunk] = self._busy.get(chunk.chunk, 0) + 1
        return self._busy[chunk.chunk] > MOST_BUSY

    def _rejected(self, chunk: Chunk, answer: Answer) -> Iterator[Event]:
        """Refused for its content: cut it until the culprit stands alone, within a bound of extra requests."""
        items = self._journal.items(chunk.chunk)
        now = self._s.clock.now_ms()
        spent = int(self._journal.meta.get("halvings", 0))
        if len(items) > 1 and spent + 2 <= MOST_HALVINGS:
            with self._journal.commit():
                self._journal.meta.set("halvings", spent + 2)
                parts = [
                    self._journal.add_chunk("half", chunk, part, chunk.repeated, chunk.generation)
                    for part in cut_at(named_place(answer.message, len(items)), items)
                ]
                self._journal.finish(chunk, ChunkState.REJECTED, (), now, answer.message)
            for number in reversed(parts):
                self.add(number)
        else:
            outcome = refused_outcome(self._s.batch_type, chunk)
            settled = all_with(items, outcome, answer.message, "refused", answer.code)
            self._journal.finish(chunk, ChunkState.REJECTED, settled, now, answer.message)
        yield ChunkRejected(chunk.chunk, answer.message)

    # Unsure

    def unsure(self, chunk: Chunk, sentence: str) -> Iterator[Event]:
        """sending or accepted -> unsure, and on from there as the batch type's re-send class allows."""
        s = self._s
        s.window.trouble()
        heals = s.batch_type.resend is not Resend.ONCE and chunk.tries < MOST_REPEATS
        if heals:
            with self._journal.commit():
                self._journal.unsure(chunk, sentence)
                self._journal.again(self._journal.chunk(chunk.chunk))
            self._not_before[chunk.chunk] = s.clock.monotonic() + s.retry_base * 2 ** min(chunk.tries - 1, 5)
            self._put_in_front(chunk.chunk)
        else:
            self._journal.unsure(chunk, sentence, unknown(self._journal.items(chunk.chunk), sentence))
        yield ChunkUnsure(chunk.chunk, sentence)
        yield Note(_about_unsure(heals, s.batch_type.look_up), {"chunk": str(chunk.chunk), "reason": sentence})


def _about_unsure(heals: bool, look_up: LookUp) -> str:
    if heals:
        return tr("An answer was lost. The same rows go again with the same IDs, which Gameball takes only once.")
    if look_up is LookUp.NONE:
        return tr("An answer was lost. Sending these rows again could reward twice, so a person has to decide.")
    return tr("An answer was lost. These rows are not sent again; they are looked up at Gameball at the end.")
