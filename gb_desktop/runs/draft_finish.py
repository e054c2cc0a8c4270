"""A draft's last commands: review, plan, and the workbooks written from it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from gb_desktop.runs import grids
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.events import Counts
from gb_desktop.runs.freeze import freeze
from gb_desktop.runs.ledger import Ledger
from gb_desktop.runs.model import AccountFacts, Review, RunError, SendSettings
from gb_desktop.runs.report import write_annotated_copy, write_results
from gb_desktop.runs.review import earlier_runs, known_facts, review_of
from gb_desktop.runs.wire import from_wire, to_wire
from gb_desktop.text import tr


class FinishCommands:
    """From checked rows to a planned run, and to workbooks."""

    def __init__(self, drafted: Drafted) -> None:
        self._d = drafted

    def review(self, account: AccountFacts, settings: SendSettings) -> Review:
        """The figures of step 5. A change of the rows forgets them; the same question again is answered at once."""
        meta = self._d.store.meta
        if self._d.standing() is None:
            raise RunError(tr("The rows changed since they were checked: check them again."), "state")
        self._require_same_needs(account)
        asked = [account.fingerprint, account.unit, account.environment, settings.chunk_size, settings.first]
        kept = meta.get("review")
        if kept is not None and meta.get("review_for") == asked:
            known: Review = from_wire(Review, kept)
            return self._with_earlier(known, account)
        found = review_of(self._d.store, self._d.type, account, settings, Ledger(self._d.ledger))
        meta.update(review=to_wire(found), review_for=asked)
        return found

    def _require_same_needs(self, account: AccountFacts) -> None:
        """Refuse rows that were checked for an account which merges customers by other fields than this one."""
        paths = {field.path for field in self._d.type.fields}
        if paths & account.merge != paths & set(self._d.store.meta.get("merge") or []):
            raise RunError(
                tr("The account merges customers by other fields than the one that the rows were checked for: "
                   "check them again."),
                "state",
            )  # fmt: skip

    def _with_earlier(self, review: Review, account: AccountFacts) -> Review:
        """The figures, with what was sent before as the ledger knows it now: another run may have sent it meanwhile."""
        ledger, store, kind = Ledger(self._d.ledger), self._d.store, self._d.type
        earlier = earlier_runs(store, kind, account, ledger)
        return replace(review, earlier=earlier, **known_facts(store, kind, account, ledger))

    def prepare(self, account: AccountFacts, settings: SendSettings, again: bool) -> Review:
        """Freeze the items and plan the chunks: the run is ready to be sent."""
        found = self.review(account, settings)
        freeze(self._d.store, self._d.type, account, settings, found, again, self._d.say)
        shutil.rmtree(self._d.copies, ignore_errors=True)
        return found

    def keep_counts(self, skip_invalid: bool) -> None:
        """Store the checked rows as the run's counts; nothing was sent."""
        found = grids.counts(self._d.store.connection)
        not_sent = found.ready + (0 if skip_invalid else found.errors)
        counts = Counts(rows=found.rows, not_sent=not_sent, excluded=found.rows - not_sent)
        self._d.store.meta.set("counts", to_wire(counts))

    def write_annotated(self, out: Path) -> Path:
        """The sheet with its problems marked."""
        return write_annotated_copy(self._d.store.connection, out, self._d.say)

    def report(self, out: Path) -> Path:
        """The results workbook."""
        return write_results(self._d.store.connection, out, self._d.say)
