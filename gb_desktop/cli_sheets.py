"""What check and submit share: a sheet read, mapped and checked as the options say."""

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
    mapping = mapping_from(options, draft.suggest().mapping, loaded.columns)
    problems = [problem for problem in draft.view_mapping(mapping).problems if problem.severity == "error"]
    if problems:
        raise RunError(_mapping_sentence(options.type, problems), "options")
    return loaded, mapping, draft.check(mapping, account, progress.step)


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
    return next((p.message for p in checked.sheet_problems if p.severity == "error"), "")
