"""The shelf: every run file of this computer, and what stands beside them."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from gb_desktop.runs import schema
from gb_desktop.runs.ledger import Ledger
from gb_desktop.runs.locks import FileLock, StopRequest, is_locked
from gb_desktop.runs.meta import Meta, now_iso
from gb_desktop.runs.model import RunError, RunFacts, RunState
from gb_desktop.runs.tally import Tally
from gb_desktop.text import tr

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Shelf:
    """The folder of runs: `runs/<id>.gbrun`, `runs/ledger.sqlite`, locks and private copies of workbooks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "runs"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.mappings = folder / "mappings"
        self._ledger: Ledger | None = None

    @property
    def ledger(self) -> Ledger:
        if self._ledger is None:
            self._ledger = Ledger(self.folder / "ledger.sqlite")
        return self._ledger

    def path(self, run: str) -> Path:
        """The run's file. RunError when `run` is no run's name."""
        if not run or any(letter not in LETTERS + "0123456789-il" for letter in run):
            raise RunError(tr("There is no run {run} on this computer.", run=run), "missing")
        return self.folder / f"{run}.gbrun"

    def copies(self, run: str) -> Path:
        """Where private copies of the run's workbook are kept while it is a draft."""
        return self.folder / f"{run}.files"

    def drop_copies(self, run: str) -> None:
        """Delete the run's private copies of workbooks; pasted cells, which are nowhere else, stay."""
        for copy in self.copies(run).glob("*"):
            if copy.is_file():
                copy.unlink(missing_ok=True)

    def create(self) -> str:
        """A new, empty draft; its name."""
        now = dt.datetime.now().astimezone()
        run = now.strftime("%Y%m%d-%H%M%S-") + "".join(secrets.choice(LETTERS) for _ in range(4))
        with closing(schema.create(self.path(run))) as db:
            Meta(db).update(run=run, created=now_iso(), state=RunState.DRAFT.value)
        return run

    def runs(self) -> list[RunFacts]:
        """Every run, newest first. A file that can't be read is listed as needing attention, never left out."""
        found = [self._facts(path) for path in self.folder.glob("*.gbrun")]
        return sorted(found, key=lambda facts: (facts.created, facts.run), reverse=True)

    def facts(self, run: str) -> RunFacts:
        """One run's facts, its counts as of now. A run that says `sending` while nobody sends it was interrupted."""
        with closing(schema.open_to_read(self.path(run))) as db:
            return live_facts(db, is_locked(self.sender_lock(run)))

    def _facts(self, path: Path) -> RunFacts:
        try:
            return self.facts(path.stem)
        except (RunError, sqlite3.Error) as error:
            return _unreadable(path, str(error))
        except (ValueError, TypeError, AttributeError) as error:  # values that no version of ours writes there
            return _unreadable(path, schema.damaged(path, error))

    def delete(self, run: str) -> None:
        """Delete a run's local data. RunError while it is being sent or edited."""
        with FileLock(self.sender_lock(run)), FileLock(self.writer_lock(run)):
            for ending in (".gbrun", ".gbrun-wal", ".gbrun-shm"):
                (self.folder / f"{run}{ending}").unlink(missing_ok=True)
            shutil.rmtree(self.copies(run), ignore_errors=True)
        for lock in (self.sender_lock(run), self.writer_lock(run)):
            lock.unlink(missing_ok=True)

    def sender_lock(self, run: str) -> Path:
        return self.folder / "locks" / f"{run}.sender"

    def writer_lock(self, run: str) -> Path:
        return self.folder / "locks" / f"{run}.writer"

    def account_lock(self, fingerprint: str) -> Path:
        return self.folder / "locks" / f"account-{fingerprint}"

    def account_locks(self, fingerprint: str) -> list[Path]:
        """The locks that a sender of an account takes: of all its keys, those before and after an exchange too."""
        return [self.account_lock(kin) for kin in self.ledger.kin(fingerprint)]

    def account_pace(self, fingerprint: str) -> Path:
        """Where the times of an account's last requests are kept."""
        return self.account_lock(self.ledger.family(fingerprint)).with_suffix(".pace")

    def stop_request(self, run: str) -> StopRequest:
        return StopRequest(self.folder / "locks" / f"{run}.stop")


def live_facts(db: sqlite3.Connection, being_sent: bool) -> RunFacts:
    """A run's facts from its file, counted anew where the stored counts may be old."""
    facts = Meta(db).facts()
    if facts.state in (RunState.DRAFT, RunState.READY):
        return facts
    state = facts.state
    if state is RunState.SENDING and not being_sent:
        state = RunState.INTERRUPTED
    if facts.state is RunState.SENDING:
        counts = Tally.read(db).counts(at_rest=not being_sent)
        values = {name: getattr(facts, name) for name in RunFacts.__dataclass_fields__}
        return RunFacts(**{**values, "state": state, "counts": counts})
    return facts


def _unreadable(path: Path, sentence: str) -> RunFacts:
    return RunFacts(path.stem, RunState.NEEDS_ATTENTION, "", "", sentence=sentence)
