"""One run under every kind of trouble: what Hypothesis drives, and what must hold after each of its steps."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from gb_desktop.catalog import Resend, batch_type
from gb_desktop.runs import schema
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.events import Event, RunFinished, RunPaused
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import RunState, SendSettings
from gb_desktop.runs.resolving import mark_sent, send_again
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.tally import Tally
from tests.runs.model_server import ModelClient, ModelServer
from tests.runs.rig import engine_of, outcomes, planned_run
from tests.runs.stepping import Inbox, JumpingClock, Killed, MortalJournal, Pool

FAST_DISK = Path("/dev/shm")  # noqa: S108 - thousands of small files that are forced to disk
ANSWERED = {"succeeded", "failed"}
MOST_STEPS = 3_000


class Trouble:
    """A run, the server's truth, and an engine that may die and be opened again."""

    def __init__(self, key: str, customers: Sequence[str], size: int, first: int) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=FAST_DISK if FAST_DISK.is_dir() else None))
        self.shelf = Shelf(self.folder)
        self.kind = batch_type(key)
        if key == "balance-inquiry":  # one inquiry a customer: checking joins the others to it
            customers = list(dict.fromkeys(customers))
        self.settings = SendSettings(chunk_size=size, first=first, look_up_seconds=0.5, wait_network=1.0)
        self.run = planned_run(self.shelf, key, customers, settings=self.settings, excluded=1)
        self.server = ModelServer(self.kind)
        self.keys = self._read_keys()
        self.clock = JumpingClock()
        self.pool = Pool()
        self.engine: Engine | None = None
        self.journal: MortalJournal | None = None
        self.events: Iterator[Event] = iter(())
        self.said: set[int] = set()  # items that a person marked as sent
        self.allowed: Counter[int] = Counter()  # how often a person said of an item: send again
        self.last: Event | None = None

    def _read_keys(self) -> dict[int, str]:
        with closing(schema.open_to_read(self.shelf.path(self.run))) as db:
            return {item: json.dumps(json.loads(body)) for item, body in db.execute("SELECT item, body FROM items")}

    def open(self) -> None:
        """A new engine, unless one runs."""
        if self.engine is None:
            self.pool = Pool()
            self.journal = None
            self.engine = engine_of(
                self.shelf, self.run, ModelClient(self.server), settings=self.settings, clock=self.clock,
                pool=self.pool, inbox=Inbox(self.pool, self.clock), journal=self._journal,
            )  # fmt: skip
            self.events = self.engine.run()

    def _journal(self, db: object) -> MortalJournal:
        self.journal = MortalJournal(db)  # type: ignore[arg-type]
        return self.journal

    def step(self, steps: int) -> None:
        """Let the engine go on for some events, until it ends or dies."""
        try:
            for _ in range(steps):
                self.last = next(self.events)
        except StopIteration:
            self.engine = None
        except Killed:
            self.die()

    def die(self) -> None:
        """The process is gone; requests that were under way reach Gameball, and nobody hears the answers."""
        if self.engine is not None:
            self.engine.close()
            self.engine = None
            while self.pool.pending:
                self.pool.work()

    def decide(self, how: str) -> None:
        """A person decides about the unknown rows of a run at rest."""
        if self.engine is not None:
            return
        before = outcomes(self.shelf, self.run)
        if how == "sent":
            mark_sent(self.shelf, self.run)
            after = outcomes(self.shelf, self.run)
            self.said |= {item for item in after if after[item] != before.get(item)}
        else:
            send_again(self.shelf, self.run)
            self._permit()

    def _permit(self) -> None:
        with closing(schema.open_to_read(self.shelf.path(self.run))) as db:
            found = db.execute(
                "SELECT item FROM chunk_items JOIN chunks USING (chunk) WHERE kind = 'person' AND state = 'planned'"
            )
            for (item,) in found:
                self.server.permitted.add(self.keys[item])
                self.allowed[item] += 1

    def end(self) -> None:
        """Calm weather: the run comes to its end by itself."""
        self.server.posts.clear()
        self.server.jobs_to_come.clear()
        self.server.polls.clear()
        self.server.make_late()
        if self.journal is not None:
            self.journal.dies_in = None
        for _ in range(4):
            self.open()
            self.step(MOST_STEPS)
            assert self.engine is None, "the run does not come to its end"
            if isinstance(self.last, RunFinished):
                return
        raise AssertionError(f"the run is still {self.last}")

    def close(self) -> None:
        self.die()
        shutil.rmtree(self.folder)

    # What must hold

    def check(self) -> None:
        """Nothing twice, nothing lost, nothing said without proof."""
        assert not self.server.wrongs, self.server.wrongs
        with closing(schema.open_to_read(self.shelf.path(self.run))) as db:
            counted = Tally.read(db)
            counted.counts(at_rest=True)
            if self.engine is not None and self.journal is not None:
                assert self.journal.tally.counts() == counted.counts(), "the running tally differs from the file"
            sent = {item for (item,) in db.execute("SELECT DISTINCT item FROM chunk_items JOIN attempts USING (chunk)")}
            if Meta(db).state() is RunState.READY:  # a person may change it
                assert not sent, "a run that was begun may be changed"
                assert not +self.server.applied, "a run that may be changed was applied"
        self._check_outcomes(sent)

    def _check_outcomes(self, sent: set[int]) -> None:
        for item, outcome in outcomes(self.shelf, self.run).items():
            times = self.server.applied[self.keys[item]]
            if self.kind.resend is not Resend.HARMLESS:
                allowed = self.allowed[item] if self.kind.resend is Resend.ONCE else 0
                assert times <= 1 + allowed, f"row {item} was applied {times} times"
            if outcome == "succeeded":
                assert times, f"row {item} is said to have succeeded and was not applied"
            if outcome == "failed" and self.kind.resend is not Resend.HARMLESS:
                assert not times, f"row {item} is said to have failed and was applied"
            if outcome == "already applied" and item not in self.said:
                assert times, f"row {item} is said to be applied already and was not"
            if outcome == "not sent":
                assert not times, f"row {item} is said not to have been sent and was applied"
            if outcome in ANSWERED:
                assert item in sent

    def check_end(self) -> None:
        """Every row has an outcome, and the run says whether a person is needed."""
        found = outcomes(self.shelf, self.run)
        facts = self.shelf.facts(self.run)
        assert set(found) == set(self.keys)
        open_rows = [item for item, outcome in found.items() if outcome in ("unknown", "not sent")]
        assert (facts.state is RunState.NEEDS_ATTENTION) == bool(open_rows)
        assert not isinstance(self.last, RunPaused)
