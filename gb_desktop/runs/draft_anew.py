"""A draft's command about a results workbook of ours: take its failed rows, with the mapping that they were sent by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gb_desktop.mapping.applying import apply_saved
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs import schema
from gb_desktop.runs.copies import current_copy
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import Loaded, Outcome, Progress, RunError, RunFacts, RunState
from gb_desktop.runs.recipes import Recipes
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.wire import from_wire, to_wire
from gb_desktop.text import rows_words, tr
from gb_desktop.workbook.marker import OUTCOME_COLUMNS, outcome_column
from gb_desktop.workbook.model import Column, Look, ReadOptions, Row, RowFlag, Skipped, Value
from gb_desktop.workbook.reader import read

AT_REST = (RunState.FINISHED, RunState.NEEDS_ATTENTION)


@dataclass
class _Taken:
    """What became of the workbook's rows while they were read."""

    failed: int = 0
    not_sent: int = 0
    others: int = 0
    hidden: int = 0


class AnewCommands:
    """From a results workbook to a draft of the rows in it that failed."""

    def __init__(self, drafted: Drafted) -> None:
        self._d = drafted

    def load_failed(self, options: ReadOptions) -> Loaded:
        """Stage the rows whose outcome is failed, as they stand in the workbook now, without our columns.

        Rows that were not sent stay with their run, which sends them when it goes on. RunError when the workbook holds
        no results, or when the run isn't at rest or has gone on since they were written.
        """
        seen: Look = from_wire(Look, self._d.store.meta.get("look"))
        if not seen.run:
            raise RunError(tr("This workbook holds no results of a run, so it has no failed rows to take."), "options")
        facts = self._run(seen.run)
        reading = read(current_copy(self._d), replace(options, sheet=options.sheet or seen.sheet))
        outcome, columns = _own_columns(reading.columns)
        taken = _Taken()
        with self._d.store.transaction():
            rows = self._d.store.stage(_failed(reading.rows, outcome, taken, self._d))
            Recipes(self._d.store).forget()
            if facts is not None:
                _require_up_to_date(facts, taken)
            if not rows:
                raise RunError(tr("No row of this workbook failed, so there is nothing to try again."), "empty")
            notes = _notes(taken, facts)
            loaded = Loaded(reading.sheet, reading.header_row, columns, rows, Skipped(0, taken.hidden, 0, 0, notes))
            self._keep(loaded, options, facts)
        return loaded

    def _run(self, run: str) -> RunFacts | None:
        """The run's facts, None when it isn't on this computer. RunError when its rows may not be taken, or when
        nobody can say so because its file can't be read."""
        shelf = Shelf(self._d.ledger.parent.parent)
        try:
            facts = shelf.facts(run)
        except RunError as error:
            if error.reason != "missing":
                raise
            return None
        if facts.type != self._d.type.key:
            sentence = tr("These are results of another batch type ({type}): choose that one first.", type=facts.type)
            raise RunError(sentence, "options")
        if facts.state not in AT_REST:
            sentence = tr("The run {run} is not finished: continue it, then take the rows that failed.", run=run)
            raise RunError(sentence, "state")
        return facts

    def _keep(self, loaded: Loaded, options: ReadOptions, facts: RunFacts | None) -> None:
        meta = self._d.store.meta
        meta.update(
            loaded=to_wire(loaded), sheet=loaded.sheet, rows_choice=options.rows, summary=None, review=None, shown=None,
            failed_only=True, mapping_of=None,
        )  # fmt: skip
        if facts is None:
            return
        with_run = schema.open_to_read(Shelf(self._d.ledger.parent.parent).path(facts.run))
        try:
            kept, merge, account = (Meta(with_run).get(key) for key in ("mapping", "merge", "account"))
        finally:
            with_run.close()
        if kept:
            applied = apply_saved(Mapping.from_json(kept), loaded.columns)
            meta.update(mapping=applied.mapping.to_json(), mapping_notes=list(applied.notes))
            meta.update(mapping_of=facts.run, merge=merge)
        if meta.get("retry_of") != facts.run:  # else they come again, corrected, for the account chosen since
            meta.update(retry_of=facts.run, account=account)
        meta.log(tr("Made of the {rows} of run {run} that failed.", rows=rows_words(loaded.rows), run=facts.run))


def _own_columns(columns: Sequence[Column]) -> tuple[int, tuple[Column, ...]]:
    """The place of our column Outcome, and the user's own columns before it."""
    place = outcome_column(columns)
    if place is None:
        names = ", ".join(OUTCOME_COLUMNS)
        sentence = tr("The columns {names} are missing, which say what became of each row.", names=names)
        raise RunError(sentence, "options")
    return place, tuple(columns[:place])


def _failed(rows: Iterator[Row], outcome: int, taken: _Taken, drafted: Drafted) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count % 5_000 == 0:
            drafted.say(Progress("reading", count, 0))
        word = row.values[outcome]
        wanted = word == Outcome.FAILED
        taken.failed += wanted
        taken.not_sent += word == Outcome.NOT_SENT
        taken.others += not wanted
        if wanted:
            hidden = row.flag is RowFlag.HIDDEN
            taken.hidden += hidden
            yield Row(row.number, _own(row.values, outcome), RowFlag.HIDDEN if hidden else RowFlag.DATA)


def _own(values: Sequence[Value], outcome: int) -> list[Value]:
    return list(values[:outcome])


def _require_up_to_date(facts: RunFacts, taken: _Taken) -> None:
    """Rows that were sent since the workbook was written must not be taken for failed ones."""
    if taken.failed > facts.counts.failed:
        sentence = tr(
            "The run {run} went on after this workbook was written: save its results again and take the failed rows "
            "from there.",
            run=facts.run,
        )
        raise RunError(sentence, "state")


def _notes(taken: _Taken, facts: RunFacts | None) -> tuple[str, ...]:
    notes = []
    if taken.others:
        notes.append(tr("Rows that did not fail are not taken from the results workbook: {count}.", count=taken.others))
    if facts is None:
        notes.append(tr("The run itself is not on this computer, so its mapping could not be taken along."))
    if taken.not_sent:
        notes.append(
            tr("Rows that were not sent stay with their run, which sends them when you continue it: {count}.",
               count=taken.not_sent)
        )  # fmt: skip
    return tuple(notes)
