"""A stored draft, read back whole so that the wizard can stand where it was left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.model import CheckSummary, Loaded, Review, RunError, RunFacts, RunState
from gb_desktop.runs.wire import from_wire
from gb_desktop.text import tr
from gb_desktop.ui.flow import Step
from gb_desktop.workbook.model import Look, ReadOptions

if TYPE_CHECKING:
    from gb_desktop.desk import Desk
    from gb_desktop.runs.draft import Draft
    from gb_desktop.ui.session import Session


@dataclass(frozen=True, slots=True)
class Reopened:
    """What a draft's run file holds."""

    draft: Draft
    facts: RunFacts
    options: ReadOptions
    look: Look | None
    loaded: Loaded | None
    mapping: Mapping | None
    summary: CheckSummary | None
    review: Review | None
    failed_only: bool  # the failed rows of a results workbook were taken
    retry_of: str = ""  # the run whose failed rows it holds

    @property
    def step(self) -> Step:
        """The step it was left at, never further than what is stored supports."""
        stored = Step(self.facts.step) if self.facts.step in set(Step) else Step.TYPE
        if not self.facts.type:
            return Step.TYPE
        if self.loaded is None:
            return min(stored, Step.WORKBOOK, key=list(Step).index)
        if self.mapping is None:
            return min(stored, Step.COLUMNS, key=list(Step).index)
        return min(stored, Step.REVIEW, key=list(Step).index)

    def fill(self, session: Session) -> None:
        """Put everything into the session, whose draft this is by now."""
        session.batch_type = self.facts.type
        session.file = Path(self.facts.file) if self.facts.file else None
        session.options = self.options
        session.look = self.look
        session.loaded = self.loaded
        # A later step is only reached when it was said which rows of a results workbook are meant.
        session.results_answered = self.failed_only or self.step not in (Step.TYPE, Step.WORKBOOK)
        session.retry_of = self.retry_of
        session.mapping = self.mapping
        session.summary = self.summary
        session.review = self.review
        # Review is only reached when nothing is wrong or when the rows with errors are left out.
        session.leave_out_errors = self.step is Step.REVIEW


def reopen(desk: Desk, run: str) -> Reopened:
    """Open a draft and read what it holds. Blocks; RunError when the run is no draft any more."""
    reader = desk.reader(run)
    try:
        facts = reader.facts()
        if facts.state not in (RunState.DRAFT, RunState.READY):
            raise RunError(tr("This run was sent already: open it under Runs."), "state")
        options = from_wire(ReadOptions, reader.meta("options") or {})
        stored = (reader.look(), reader.loaded(), reader.mapping(), reader.summary(), reader.review())
        options = replace(options, rows=reader.meta("rows_choice"))
        failed_only, retry_of = bool(reader.meta("failed_only")), str(reader.meta("retry_of") or "")
    finally:
        reader.close()
    return Reopened(desk.open_draft(run), facts, options, *stored, failed_only, retry_of)
