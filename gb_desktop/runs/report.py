"""The results workbook and the annotated copy, written from the run file row by row in flat memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from gb_desktop.checking.model import Severity
from gb_desktop.runs import grids
from gb_desktop.runs.edits import SENT_BEFORE
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import Loaded, Outcome, Progress, RunError, Say
from gb_desktop.runs.returned import exact_json, read_exact
from gb_desktop.runs.store import FLAGS
from gb_desktop.runs.wire import from_wire
from gb_desktop.text import tr
from gb_desktop.workbook.annotated import CellNote, write_annotated
from gb_desktop.workbook.cells import decode_row
from gb_desktop.workbook.model import Row, Value
from gb_desktop.workbook.results import ResultsWriter

EVERY = 5_000
MOST_RETURNED = 24  # columns of what Gameball returned
SHOWN_ALREADY = frozenset({"message", "error", "code"})
WRONG, EXCLUDED = 1, 2  # states of a row

ROWS = """
SELECT rows.cells, checked.state, checked.reason, checked.item, outcomes.outcome, outcomes.message,
       outcomes.evidence, outcomes.job, outcomes.returned, rows.row
FROM rows LEFT JOIN checked ON checked.row = rows.row LEFT JOIN outcomes ON outcomes.item = checked.item
ORDER BY rows.position
"""


def write_results(db: sqlite3.Connection, out: Path, say: Say) -> Path:
    """Every row of the sheet with its outcome; the path written. Never fewer rows than the sheet has."""
    meta = Meta(db)
    kept = meta.get("loaded")
    if kept is None:
        raise RunError(tr("This run has no sheet yet."), "state")
    require_other_file(Path(meta.facts().file), out)
    loaded: Loaded = from_wire(Loaded, kept)
    names = _returned_names(db)
    in_flight = _in_flight(db)
    with ResultsWriter(out, loaded.columns, names, run=str(meta.get("run"))) as writer:
        for count, line in enumerate(db.execute(ROWS)):
            _add(db, writer, line, names, in_flight)
            if count % EVERY == 0:
                say(Progress("writing", count, loaded.rows))
        writer.finish(_facts(meta))
    return out


def require_other_file(source: Path, out: Path) -> None:
    """Refuse to write over the workbook that the rows came from: a copy doesn't hold all that it held."""
    if source.is_file() and out.exists() and out.samefile(source):
        sentence = tr("{name} is the workbook that the rows came from: choose another name.", name=out.name)
        raise RunError(sentence, "options")


def _add(
    db: sqlite3.Connection, writer: ResultsWriter, line: tuple[Any, ...], names: Sequence[str], in_flight: set[int]
) -> None:
    cells, state, reason, item, outcome, message, evidence, job, returned, row = line
    if outcome is None:
        outcome, message = _without(state, reason, item in in_flight)
    group = ""
    if outcome == Outcome.EXCLUDED and state == WRONG:
        group = tr("Left out: the row has an error.")
        message = message or tr("Left out: {errors}", errors=_errors(db, row))
    found = _flat(returned) if returned else {}
    writer.add(
        decode_row(cells), outcome, message or "", evidence or "", job or "", [found.get(name) for name in names],
        reason=group,
    )  # fmt: skip


def _errors(db: sqlite3.Connection, row: int) -> str:
    """What is wrong with a row, as the check says it."""
    problems = grids.row_problems(db, row)
    return " ".join(problem.message for problem in problems if problem.severity is Severity.ERROR)


def _without(state: int | None, reason: str | None, in_flight: bool) -> tuple[str, str]:
    """Outcome and message of a row that Gameball has not judged."""
    if in_flight:
        return Outcome.UNKNOWN.value, tr("Sent; its result was not read yet. Continue the run to learn it.")
    if state == 0:
        return Outcome.NOT_SENT.value, ""
    return Outcome.EXCLUDED.value, _why_excluded(reason) if state == EXCLUDED else ""


def _why_excluded(reason: str | None) -> str:
    if reason and reason.startswith(SENT_BEFORE):
        return tr("Left out: its ID was sent before, in run {run}.", run=reason.removeprefix(SENT_BEFORE))
    sentences = {
        "hidden": tr("Left out: the row is hidden in the sheet."),
        "total": tr("Left out: the row is a total."),
        "left out": tr("Left out by you."),
    }
    return sentences.get(reason or "", reason or "")


def _in_flight(db: sqlite3.Connection) -> set[int]:
    found = db.execute(
        "SELECT item FROM chunks JOIN chunk_items USING (chunk) WHERE (state IN ('sending', 'accepted', 'unsure') "
        "OR (state = 'planned' AND repeated = 1)) AND item NOT IN (SELECT item FROM outcomes)"
    )
    return {item for (item,) in found}


def _returned_names(db: sqlite3.Connection) -> list[str]:
    """The names of what Gameball returned, first seen first; customerId is the user's own already."""
    names: dict[str, None] = {}
    for (returned,) in db.execute("SELECT returned FROM outcomes WHERE returned IS NOT NULL ORDER BY item"):
        for name in _flat(returned):
            names.setdefault(name, None)
        if len(names) > MOST_RETURNED:
            break
    return [name for name in names if name.lower() not in SHOWN_ALREADY][:MOST_RETURNED]


def _flat(returned: str) -> dict[str, Value | Decimal]:
    """What Gameball returned, as cells: numbers exact, anything nested as its JSON."""
    found: dict[str, Value | Decimal] = {}
    for name, value in read_exact(returned).items():
        nested = isinstance(value, dict | list)
        found[name] = exact_json(value) if nested else value
    return found


def _facts(meta: Meta) -> list[tuple[str, str]]:
    facts = meta.facts()
    return [
        (tr("Run"), facts.run),
        (tr("File"), facts.file),
        (tr("Sheet"), facts.sheet),
        (tr("Batch type"), facts.type),
        (tr("Account"), facts.account),
        (tr("Environment"), facts.environment),
        (tr("State"), facts.state.value),
    ]


def write_annotated_copy(db: sqlite3.Connection, out: Path, say: Say) -> Path:
    """The sheet with its problems marked; the path written."""
    meta = Meta(db)
    require_other_file(Path(meta.facts().file), out)
    loaded: Loaded = from_wire(Loaded, meta.get("loaded"))
    write_annotated(out, loaded.sheet, loaded.columns, _noted_rows(db, say, loaded.rows))
    return out


def _noted_rows(db: sqlite3.Connection, say: Say, total: int) -> Iterator[tuple[Row, list[CellNote]]]:
    for count, (row, cells, flag) in enumerate(db.execute("SELECT row, cells, flag FROM rows ORDER BY position")):
        notes = [CellNote(p.column, p.severity.value, p.message) for p in grids.row_problems(db, row)]
        yield Row(row, decode_row(cells), FLAGS[flag]), notes
        if count % EVERY == 0:
            say(Progress("writing", count, total))
