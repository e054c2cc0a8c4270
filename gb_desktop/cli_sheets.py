"""What check and submit share: a sheet read, mapped, checked, and changed again as the options say."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from gb_desktop.catalog import batch_type
from gb_desktop.checking.model import Problem
from gb_desktop.cli_mapping import mapping_from, reading_options
from gb_desktop.cli_show import ProgressPrinter, say
from gb_desktop.desk import Desk
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.draft import Draft
from gb_desktop.runs.model import AccountFacts, CheckSummary, Loaded, RunError
from gb_desktop.runs.told import skipped_words
from gb_desktop.text import tr
from gb_desktop.workbook.marker import SOME_RUN

_OPTIONS = {
    "decimal-undecided": "--decimal",
    "date-order-undecided": "--date-order",
    "years-undecided": "--year-pivot",
}


def _ask_about_results(desk: Desk, options: argparse.Namespace, run: str) -> None:
    """A results workbook: its rows were sent already, so sending it whole has to be meant."""
    here = any(facts.run == run for facts in desk.runs())
    question = tr(
        "{name} holds the results of run {run}: continue that run (resume {run}), or take only the rows that failed "
        "(--failed-rows)?",
        name=options.file.name,
        run=run,
    )
    if run == SOME_RUN:
        question = tr(
            "{name} holds the results of a run: take only the rows that failed (--failed-rows)?", name=options.file.name
        )
    elif not here:
        question = tr(
            "{name} holds the results of run {run}, which is not on this computer: take only the rows that failed "
            "(--failed-rows)?",
            name=options.file.name,
            run=run,
        )
    if options.command == "submit" and not options.again:
        raise RunError(question, "again")
    say(question)


def checked_sheet(
    desk: Desk, draft: Draft, options: argparse.Namespace, account: AccountFacts
) -> tuple[Loaded, Mapping, CheckSummary]:
    """Read, map and check; RunError(reason="options") when the options or the file can't be used."""
    progress = ProgressPrinter()
    draft.set_type(options.type)
    reading = reading_options(options)
    found = draft.look(options.file, reading)
    if found.run and not options.failed_rows:
        _ask_about_results(desk, options, found.run)
    load = draft.load_failed if options.failed_rows else draft.load
    loaded = load(reading, progress.step)
    for sentence in skipped_words(loaded):
        say(sentence)
    mapping = mapping_from(options, draft.suggest(), loaded.columns)
    problems = [problem for problem in draft.view_mapping(mapping).problems if problem.severity == "error"]
    if problems:
        raise RunError(_mapping_sentence(options.type, problems), "options")
    checked = draft.check(mapping, account, progress.step)
    if mapping.changes:
        checked = _replayed(draft, checked, progress, wanted=options.replay)
    return loaded, mapping, checked


def _replayed(draft: Draft, checked: CheckSummary, progress: ProgressPrinter, *, wanted: bool) -> CheckSummary:
    """The check after the changes saved with the mapping were made again, or a line saying what they would do."""
    offer = draft.replay_offer(progress.step)
    lines = [line for line in offer.lines if line.count]
    if not lines:
        return checked
    if wanted:
        checked = draft.replay(progress.step)
        say(draft.history()[0] or "")
    else:
        say(tr("Changes saved with the mapping are made again with --replay:"))
    for line in lines:
        say(f"  {line.count:,} × {line.sentence}")
    return checked


def _mapping_sentence(key: str, problems: Sequence[Problem]) -> str:
    """What is wrong with the mapping in one sentence, with the option that mends it."""
    missing = [problem.field for problem in problems if problem.code == "required-unmapped"]
    if not missing:
        return problems[0].message
    fields = (batch_type(key).field(path) for path in missing)
    titles = ", ".join(field.title for field in fields if field is not None)
    sentence = "No column was matched to {titles}: say which with --map {path}=COLUMN."
    return tr(sentence, titles=titles, path=missing[0])


def blocking(checked: CheckSummary) -> str:
    """What must be chosen before any row can be sent, with the option that says it; "" when nothing must."""
    found = next((problem for problem in checked.sheet_problems if problem.severity == "error"), None)
    if found is None:
        return ""
    option = _OPTIONS.get(found.code)
    return tr("{question} Say it with {option}.", question=found.message, option=option) if option else found.message
