"""Watching accepted chunks: polls, timed by how long such jobs take, and judging a finished job at once."""

from __future__ import annotations

from collections.abc import Iterator

from gb_desktop.gameball.judge import SentItem, judge
from gb_desktop.gameball.model import JobState, JobStatus, Reaction
from gb_desktop.gameball.results import plain_word
from gb_desktop.runs.events import Event, JobFinished, JobProgress, Note, Waiting
from gb_desktop.runs.journal import Chunk
from gb_desktop.runs.model import ChunkState
from gb_desktop.runs.posting import Poster
from gb_desktop.runs.state import REQUESTS_AT_ONCE, STOPPING, OpenJob, Sending
from gb_desktop.runs.verdicts import decide
from gb_desktop.text import tr

MOST_MISSING = 3
LONGEST_JOB_MS = 24 * 60 * 60 * 1000
STRANGE_MS = 30 * 60 * 1000  # a job with an unknown status word is watched so long
UNFINISHED_WORDS = frozenset({"queued", "pending", "running", "processing", "inprogress"})


class Watcher:
    """Everything between a job and the outcomes of its rows."""

    def __init__(self, sending: Sending, poster: Poster) -> None:
        self._s = sending
        self._journal = sending.journal
        self._poster = poster

    def pick_up(self, chunk: Chunk) -> None:
        """Watch a job again that was accepted before this sending began."""
        now = self._s.clock.monotonic()
        self._s.open_jobs[chunk.chunk] = OpenJob(chunk, chunk.job or "", now, now, resumed=True)

    def ask_some(self) -> None:
        """Ask about the jobs whose time has come, those longest due first."""
        s = self._s
        now = s.clock.monotonic()
        if now < s.quiet_until:
            return
        due = [job for job in s.open_jobs.values() if not job.asking and job.next_poll <= now]
        for job in sorted(due, key=lambda job: job.next_poll):
            if s.requests >= REQUESTS_AT_ONCE:
                return
            self._ask(job)

    def moments(self) -> Iterator[float]:
        """When (monotonic) the open jobs are to be asked about."""
        return (job.next_poll for job in self._s.open_jobs.values() if not job.asking)

    def stop_jobs(self) -> None:
        """Ask Gameball to stop the open jobs, each once. Their lists are read afterwards like any finished job's."""
        for job in self._s.open_jobs.values():
            if not job.stop_asked and not job.asking and self._s.requests < REQUESTS_AT_ONCE:
                self._ask(job, then_stop=True)

    def _stop(self, job: OpenJob) -> None:
        job.stop_asked = job.asking = True
        wait = self._s.control.wait
        self._s.ask(lambda: self._s.client.stop_job(job.job, wait), lambda told: self._stopped(job, told))

    def _stopped(self, job: OpenJob, status: JobStatus) -> Iterator[Event]:
        job.asking = False
        job.next_poll = self._s.clock.monotonic()
        if status.state is JobState.UNREACHED:
            yield Note(tr("Job {job} could not be stopped: {reason}", job=job.job, reason=status.message))
        else:
            yield Note(tr("Gameball was asked to stop job {job}. Rows in it may stay unknown.", job=job.job))

    def _ask(self, job: OpenJob, then_stop: bool = False) -> None:
        job.asking = True
        job.asked += 1
        job.asked_at = self._s.clock.monotonic()
        wait = self._s.control.wait
        told = self._told_before_stop if then_stop else self._told
        self._s.ask(lambda: self._s.client.job_status(job.job, wait), lambda status: told(job, status))

    def _told_before_stop(self, job: OpenJob, status: JobStatus) -> Iterator[Event]:
        """Keep what the lists say already: a stopped job may show nothing any more. It proves nothing by itself."""
        if status.state is not JobState.UNFINISHED:
            job.stop_asked = status.state is JobState.UNREACHED  # a stop would not reach Gameball either
            yield from self._told(job, status)
            return
        items = {item.customer: item.item for item in self._journal.items(job.chunk.chunk)}
        entries = [*(status.successes or ()), *(status.failures or ())]
        seen = {items[e.customer]: e.ok for e in entries if e.customer in items}
        self._journal.meta.set(f"seen:{job.job}", [item for item, ok in seen.items() if ok])
        self._stop(job)

    def _told(self, job: OpenJob, status: JobStatus) -> Iterator[Event]:
        s = self._s
        now = s.clock.monotonic()
        job.asking = False
        job.next_poll = now + s.polls.next(job.asked, now - job.since, job.chunk.items)
        if status.state is JobState.UNREACHED:
            yield from self._unreached(job, status)
            return
        s.online()
        if status.state is JobState.MISSING:
            yield from self._missing(job)
            return
        job.missing = 0
        if status.state is JobState.FINISHED:
            yield from self._finished(job, status)
            return
        if not job.resumed:
            job.open_at = job.asked_at - job.since
            s.window.unfinished(job.open_at, job.chunk.items)
        done = (status.succeeded or 0) + (status.failed or 0)
        yield JobProgress(job.chunk.chunk, job.job, status.word, done)
        age = s.clock.now_ms() - (job.chunk.accepted_at or 0)
        job.overdue += age > LONGEST_JOB_MS
        if job.overdue >= MOST_MISSING:  # asked several times: the computer may have slept through its end
            yield from self._lost(job, tr("Gameball did not finish this job within 24 hours."))
        elif plain_word(status.word) not in UNFINISHED_WORDS and (age > STRANGE_MS or done >= job.chunk.items):
            yield self._set_aside(job, status.word)

    def _set_aside(self, job: OpenJob, word: str) -> Event:
        """Watch a job no longer whose status word nobody knows; it stays accepted and is asked about at a resume."""
        del self._s.open_jobs[job.chunk.chunk]
        sentence = tr(
            "Gameball calls job {job} {word}, which this app does not know, so nobody can tell whether it has ended. "
            "Its rows stay unknown until the run is resumed and Gameball says more.",
            job=job.job, word=word,
        )  # fmt: skip
        return Note(sentence)

    def _unreached(self, job: OpenJob, status: JobStatus) -> Iterator[Event]:
        s = self._s
        if status.reaction in STOPPING:
            s.stop_for(STOPPING[status.reaction], status.message)
            s.deaf = True
            return
        if status.reaction is Reaction.NETWORK:
            wait = s.offline(status.message)
        else:
            facts = status.facts
            wait = (facts and (facts.pause or facts.retry_after)) or s.retry_base
            s.quiet_until = max(s.quiet_until, s.clock.monotonic() + wait)
            s.window.trouble()
        job.next_poll = max(job.next_poll, s.clock.monotonic() + wait)
        yield Waiting(status.message, wait)

    def _missing(self, job: OpenJob) -> Iterator[Event]:
        job.missing += 1
        job.next_poll = self._s.clock.monotonic() + self._s.retry_base * job.missing
        if job.missing >= MOST_MISSING:
            yield from self._lost(job, tr("Gameball does not know job {job} any more.", job=job.job))

    def _lost(self, job: OpenJob, sentence: str) -> Iterator[Event]:
        del self._s.open_jobs[job.chunk.chunk]
        self._journal.keep_job(job.job, job.chunk.chunk, "lost", self._s.clock.now_ms(), (None, None, None))
        yield from self._poster.unsure(job.chunk, sentence)

    def _finished(self, job: OpenJob, status: JobStatus) -> Iterator[Event]:
        s = self._s
        if not job.resumed:
            s.window.finished(job.asked_at - job.since, job.open_at, job.chunk.items)
            s.polls.finished(job.asked_at - job.since, job.open_at, job.chunk.items)
        notes = self._store(job, status)
        del s.open_jobs[job.chunk.chunk]
        s.proven = True
        for sentence in notes:
            yield Note(sentence, {"job": job.job})
        yield JobFinished(job.chunk.chunk, job.job, status.word, self._journal.tally.counts())

    def _store(self, job: OpenJob, status: JobStatus) -> tuple[str, ...]:
        """Judge, and write the outcomes and what goes again in one transaction."""
        s, chunk = self._s, job.chunk
        items = self._journal.items(chunk.chunk)
        sent = [SentItem(item.item, item.customer, item.ident) for item in items]
        judgement = judge(sent, status, s.batch_type.plain)
        decision = decide(s.batch_type, chunk, items, judgement.items)
        decision.mark_seen(self._journal.meta.get(f"seen:{job.job}", []))
        follow_ups: list[int] = []
        with self._journal.commit():
            counts = (status.total, status.succeeded, status.failed)
            self._journal.keep_job(job.job, chunk.chunk, status.word, s.clock.now_ms(), counts)
            self._journal.finish(chunk, ChunkState.FINISHED, decision.settled, s.clock.now_ms())
            for kind, again, repeated in decision.next_chunks(chunk.repeated):
                follow_ups.append(self._journal.add_chunk(kind, chunk, again, repeated, chunk.generation + 1))
        if decision.stop is not None:
            s.stop_for(*decision.stop)
        for number in follow_ups:
            self._poster.add(number, s.retry_base * 2**chunk.generation)
        return judgement.notes
