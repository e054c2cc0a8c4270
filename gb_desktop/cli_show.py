"""What the command line prints: summaries, lists and progress. Results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gb_desktop.mapping.model import Mapping, Source, SourceKind
from gb_desktop.runs.events import (
    ChunkAccepted,
    ChunkUnsure,
    Event,
    Finishing,
    InLine,
    JobFinished,
    Note,
    RunFinished,
    RunPaused,
    RunStarted,
    Waiting,
)
from gb_desktop.runs.model import CheckSummary, Loaded, ProblemGroup, Progress, Review, RunFacts, RunState
from gb_desktop.runs.reader import RunReader
from gb_desktop.runs.saying import finishing_words, unseen_words
from gb_desktop.text import rows_words, tr, without_isolation
from gb_desktop.workbook.cells import address

OUTCOMES = ("succeeded", "failed", "already_applied", "unknown", "not_sent", "excluded")
SETUP_REASONS = frozenset({"keys", "account", "setup", "unit"})


def say(sentence: str) -> None:
    """A line for people."""
    print(without_isolation(sentence), file=sys.stderr, flush=True)


def _tell(line: str) -> None:
    """A line of the result in words."""
    print(without_isolation(line))


def summary(reader: RunReader, report: Path | None) -> dict[str, Any]:
    """A run as `submit` and `resume` print it. The six outcomes add up to the rows."""
    facts, counts = reader.facts(), reader.counts()
    state = facts.state
    if state in (RunState.DRAFT, RunState.READY):
        state = RunState.NEEDS_ATTENTION if state is RunState.DRAFT else RunState.PAUSED
    elif state is RunState.SENDING:
        state = RunState.INTERRUPTED
    return {
        "run": facts.run,
        "state": state.value,
        "stopped": facts.stopped,
        "type": facts.type,
        "rows": counts.rows,
        **{name: getattr(counts, name) for name in OUTCOMES},
        "chunks": reader.chunk_count(),
        "jobs": reader.jobs(),
        "report": str(report) if report else None,
        "seconds": facts.seconds,
    }


def exit_code(reader: RunReader) -> int:
    """The exit code of a run as it stands: the first that fits of 3, 5, 4, 1, 0."""
    facts, counts = reader.facts(), reader.counts()
    if facts.state is RunState.PAUSED and reader.meta("reason") in SETUP_REASONS:
        return 3
    if facts.state not in (RunState.FINISHED, RunState.NEEDS_ATTENTION):
        return 5
    if counts.unknown:
        return 4
    if counts.not_sent:  # held back by rows that were unknown, and free to go now: `resume` sends them
        return 5
    return 1 if counts.failed else 0


def print_json(value: object) -> None:
    """One JSON value on standard output, its letters escaped where the output can't hold them as they are."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value)
    print(text)


def print_summary(reader: RunReader, report: Path | None, as_json: bool) -> None:
    """The summary as one JSON object, or in words."""
    found = summary(reader, report)
    if as_json:
        print_json(found)
        return
    _tell(tr("Run {run}: {state}", run=found["run"], state=found["state"].replace("_", " ")))
    names = zip(OUTCOMES, (name.replace("_", " ") for name in OUTCOMES), strict=True)
    _tell(tr("{rows}: ", rows=rows_words(found["rows"])) + ", ".join(f"{found[key]:,} {name}" for key, name in names))
    for group in reader.failures()[:10]:
        _tell(f"  {group.count:,} {group.outcome.value}: {group.message}")
    sentence = reader.facts().sentence
    if sentence:
        _tell(sentence)
    unseen = reader.unseen()
    if unseen is not None:
        _tell(unseen_words(*unseen))
    if report:
        _tell(tr("Results workbook: {path}", path=report))


def print_runs(runs: list[RunFacts], as_json: bool) -> None:
    """Every run, newest first."""
    if as_json:
        print_json([_run(facts) for facts in runs])
        return
    for facts in runs:
        c = facts.counts
        done = tr("{done} of {rows}", done=c.succeeded + c.already_applied, rows=rows_words(c.rows))
        where = facts.sentence if facts.unreadable else facts.file
        _tell(f"{facts.run}  {facts.state.value:<16} {facts.type:<18} {facts.account:<14} {done}  {where}")


def _run(facts: RunFacts) -> dict[str, Any]:
    return {
        "run": facts.run,
        "state": facts.state.value,
        "type": facts.type,
        "account": facts.account,
        "file": facts.file,
        "created": facts.created,
        "rows": facts.counts.rows,
        **{name: getattr(facts.counts, name) for name in OUTCOMES},
    }


def check_result(loaded: Loaded, mapping: Mapping, checked: CheckSummary, review: Review) -> dict[str, Any]:
    """What `check --json` prints."""
    counts = checked.counts
    sheet_wide: list[dict[str, Any]] = [
        {"code": p.code, "severity": p.severity.value, "field": p.field, "count": 1, "message": p.message, "cells": []}
        for p in checked.sheet_problems
    ]
    totals = {"customers": review.customers, "items": review.items, "requests": review.requests}
    for name in ("total", "points", "additions", "deductions", "largest", "smallest"):
        if getattr(review, name):
            totals[name] = getattr(review, name)
    return {
        "rows": counts.rows,
        "valid": counts.ready,
        "invalid": counts.errors,
        "excluded": counts.excluded,
        "hidden": counts.hidden,
        "mapping": {path: _source(source) for path, source in mapping.sources.items()},
        "columns": [column.header for column in loaded.columns],
        "problems": sheet_wide + [_group(loaded.sheet, group) for group in checked.groups],
        "totals": totals,
    }


def _group(sheet: str, group: ProblemGroup) -> dict[str, Any]:
    cells = [address(sheet, group.column or 0, row) for row in group.rows]
    return {
        "code": group.code,
        "severity": group.severity.value,
        "field": group.field,
        "count": group.count,
        "message": group.message,
        "cells": cells,
    }


def _source(source: Source) -> str:
    if source.kind is SourceKind.CONSTANT:
        return f"constant: {source.text}"
    if source.kind is SourceKind.GENERATED:
        return f"generated: {source.text}".rstrip(": ")
    if source.kind is SourceKind.COLUMN:
        return source.columns[0]
    return f"{source.kind.value}: {source.text!r} {', '.join(source.columns)}"


def print_check(found: dict[str, Any]) -> None:
    """`check` in words."""
    _tell(
        tr(
            "{rows}: {valid} ready, {invalid} with errors, {excluded} left out.",
            rows=rows_words(found["rows"]),
            **{key: found[key] for key in ("valid", "invalid", "excluded")},
        )
    )
    for problem in found["problems"]:
        where = f" ({', '.join(problem['cells'][:3])}{'…' if problem['count'] > 3 else ''})" if problem["cells"] else ""
        _tell(f"  {problem['severity']}: {problem['count']:,} × {problem['message']}{where}")


class ProgressPrinter:
    """Progress on stderr: a bar on a terminal, a line every so often elsewhere."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._terminal = sys.stderr.isatty()
        self._what = ""

    def step(self, progress: Progress) -> None:
        """A long step of a draft."""
        if self._what != progress.what:
            self._what = progress.what
            if not self._terminal:
                say(f"{progress.what}…")
        if self._terminal:
            sys.stderr.write(f"\r{progress.what} {progress.done:,} ")
            sys.stderr.flush()

    def event(self, event: Event) -> None:
        """Something the engine said."""
        if isinstance(event, RunStarted):
            self._start(event)
        elif isinstance(event, JobFinished):
            self._move(event)
        elif isinstance(event, Note | InLine | RunPaused):
            self._line(event.sentence)
        elif isinstance(event, Waiting):
            again = tr("Trying again in {seconds} s.", seconds=max(1, round(event.seconds)))
            self._line(f"{event.sentence} {again}")
        elif isinstance(event, Finishing):
            self._line(tr("Nothing new is sent: {finishing}.", finishing=finishing_words(event)))
        elif isinstance(event, ChunkUnsure):
            self._line(tr("Chunk {chunk}: {sentence}", chunk=event.chunk, sentence=event.sentence))
        elif isinstance(event, ChunkAccepted) and not self._terminal:
            self._line(tr("Chunk {chunk} is job {job}.", chunk=event.chunk, job=event.job))
        if isinstance(event, RunFinished | RunPaused) and self._bar is not None:
            self._bar.close()

    def _start(self, event: RunStarted) -> None:
        rows = event.counts.rows - event.counts.excluded
        sentence = "Rows to send: {rows}. Still to go: {left}, requests planned: {chunks}."
        say(tr(sentence, rows=rows, left=event.counts.not_sent, chunks=event.chunks))
        if self._terminal:
            self._bar = tqdm(total=rows, unit=" rows", file=sys.stderr, initial=rows - event.counts.not_sent)

    def _move(self, event: JobFinished) -> None:
        c = event.counts
        done = c.rows - c.excluded - c.not_sent
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
        else:
            self._line(
                tr(
                    "Job {job} {word}: {done} of {rows} rows done, {failed} failed.",
                    job=event.job,
                    word=event.word,
                    done=done,
                    rows=c.rows - c.excluded,
                    failed=c.failed,
                )
            )

    def _line(self, sentence: str) -> None:
        if self._bar is not None:
            self._bar.write(sentence, file=sys.stderr)
        else:
            say(sentence)
