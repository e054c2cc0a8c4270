"""A draft inside the worker process: the commands that read, map, check, edit and plan a run."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gb_desktop.catalog import BatchType, batch_type
from gb_desktop.checking.check import check as check_rows
from gb_desktop.checking.model import CheckContext
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs import columns_step, grids
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.events import Counts
from gb_desktop.runs.freeze import freeze
from gb_desktop.runs.grids import Shown
from gb_desktop.runs.ledger import Ledger
from gb_desktop.runs.model import (
    AccountFacts,
    CheckSummary,
    FixOffer,
    Loaded,
    MappingView,
    Progress,
    Review,
    RunError,
    SendSettings,
    Suggested,
)
from gb_desktop.runs.report import write_annotated_copy, write_results
from gb_desktop.runs.review import review_of
from gb_desktop.runs.schema import open_to_read
from gb_desktop.runs.store import RunStore
from gb_desktop.runs.wire import from_wire, to_wire
from gb_desktop.text import tr
from gb_desktop.workbook.model import Column, Look, ReadOptions
from gb_desktop.workbook.private_copy import private_copy
from gb_desktop.workbook.reader import look as look_at
from gb_desktop.workbook.reader import read

SAMPLE_ROWS = 2_000
EVERY = 5_000

Say = Callable[[Progress], None]


class Drafting:
    """One draft and its run file. `command(name)` gives the method that a call of the pipe names."""

    COMMANDS = (
        *("open", "set_type", "remember_step", "look", "paste", "load", "reload", "suggest", "view_mapping", "check"),
        *("edit", "exclude", "exclude_group", "fixes", "apply_fix", "replace_dry", "replace", "undo", "redo"),
        *(
            "history",
            "show",
            "next_problem",
            "position_of",
            "write_annotated",
            "review",
            "prepare",
            "report",
            "keep_counts",
        ),
    )

    def __init__(self, say: Say) -> None:
        self._say = say
        self._store_or_none: RunStore | None = None
        self._copies = Path()
        self._ledger = Path()
        self._mappings = Path()

    def command(self, name: str) -> Callable[..., Any]:
        if name not in self.COMMANDS:
            raise RunError(tr("The reading process does not know {name}.", name=name), "crashed")
        return getattr(self, name)  # type: ignore[no-any-return]

    def close(self) -> None:
        if self._store_or_none is not None:
            self._store_or_none.close()
            self._store_or_none = None

    @property
    def _store(self) -> RunStore:
        if self._store_or_none is None:
            raise RunError(tr("No run is open."), "state")
        return self._store_or_none

    @property
    def _type(self) -> BatchType:
        key = self._store.meta.get("type", "")
        if not key:
            raise RunError(tr("Choose the batch type first."), "options")
        return batch_type(key)

    @property
    def _columns(self) -> tuple[Column, ...]:
        return self._loaded().columns

    def _loaded(self) -> Loaded:
        kept = self._store.meta.get("loaded")
        if kept is None:
            raise RunError(tr("Load a workbook first."), "options")
        return from_wire(Loaded, kept)  # type: ignore[no-any-return]

    # The draft itself

    def open(self, path: Path, copies: Path, ledger: Path, mappings: Path, reading: bool) -> None:
        """Open the run file; the first call of every worker. reading: beside the engine, which writes."""
        self.close()
        self._store_or_none = RunStore(open_to_read(path)) if reading else RunStore.open(path)
        self._copies, self._ledger, self._mappings = copies, ledger, mappings

    def set_type(self, key: str) -> None:
        """Choose the batch type. Another one than before makes the mapping and the last check void."""
        meta = self._store.meta
        batch_type(key)
        if meta.get("type") not in (None, "", key):
            meta.update(mapping=None, summary=None, review=None)
        meta.set("type", key)

    def remember_step(self, step: str) -> None:
        self._store.meta.set("step", step)

    # Workbook

    def look(self, file: Path, options: ReadOptions) -> Look:
        """The first look at a file, from a private copy that is made once for each state of the file."""
        meta = self._store.meta
        copied = private_copy(file, self._copies)
        found = look_at(copied.path, options)
        meta.update(
            file=str(file), copy=str(copied.path), sha256=copied.sha256, size=copied.size,
            options=to_wire(_without_password(options)), look=to_wire(found),
        )  # fmt: skip
        return found

    def paste(self, text: str) -> Look:
        """Cells copied in a spreadsheet become a sheet."""
        self._copies.mkdir(parents=True, exist_ok=True)
        pasted = self._copies / "pasted.tsv"
        pasted.write_text(text)
        found = look_at(pasted, ReadOptions())
        self._store.meta.update(
            file=tr("Pasted cells"), copy=str(pasted), options=to_wire(ReadOptions()), look=to_wire(found)
        )
        return found

    def load(self, options: ReadOptions) -> Loaded:
        """Read the whole sheet into the run file."""
        copy = self._store.meta.get("copy")
        if copy is None:
            raise RunError(tr("Choose a workbook first."), "options")
        estimate = self._estimate(options)
        self._say(Progress("reading", 0, estimate))
        reading = read(Path(copy), options, lambda row: self._say(Progress("reading", row, max(row, estimate))))
        rows = self._store.stage(reading.rows)
        loaded = Loaded(reading.sheet, reading.header_row, reading.columns, rows, reading.skipped)
        self._store.meta.update(
            loaded=to_wire(loaded), sheet=loaded.sheet, options=to_wire(_without_password(options)),
            rows_choice=options.rows, summary=None, review=None, shown=None,
        )  # fmt: skip
        if not rows:
            raise RunError(tr("The sheet {sheet} has a header but no rows below it.", sheet=loaded.sheet), "empty")
        return loaded

    def _estimate(self, options: ReadOptions) -> int:
        kept = self._store.meta.get("look")
        if not kept:
            return 0
        facts: Look = from_wire(Look, kept)
        return next((s.rows for s in facts.sheets if s.name == (options.sheet or facts.sheet) and s.rows), 0) or 0

    def reload(self, file: Path) -> Loaded:
        """Load a corrected copy of the sheet; mapping and settings stay."""
        options: ReadOptions = from_wire(ReadOptions, self._store.meta.get("options") or {})
        self.look(file, options)
        return self.load(options)

    # Columns

    def suggest(self) -> Suggested:
        """What the app makes of the columns; the last saved mapping for the same headers is applied by itself."""
        return columns_step.suggested(self._store, self._type, self._columns, self._mappings)

    def view_mapping(self, mapping: Mapping) -> MappingView:
        """Samples, evidence and problems of a mapping, from the first rows of the sheet."""
        self._store.meta.set("mapping", mapping.to_json())
        return columns_step.viewed(self._store, self._type, self._columns, mapping, self._context())

    # Check

    def check(self, mapping: Mapping, account: AccountFacts) -> CheckSummary:
        """Check every row; the run file holds the exact items and the problems afterwards."""
        self._store.meta.update(mapping=mapping.to_json(), merge=sorted(account.merge))
        return self._check()

    def _check(self) -> CheckSummary:
        meta, total = self._store.meta, self._loaded().rows
        mapping = Mapping.from_json(meta.get("mapping"))
        outcome = check_rows(
            self._store, self._type, self._columns, mapping, self._context(),
            lambda done, of: self._say(Progress("checking", done, of or total)),
        )  # fmt: skip
        db = self._store.connection
        changes = (*outcome.changes, *outcome.facts, *Edits(self._store).sentences())
        summary = CheckSummary(grids.counts(db), grids.groups(db), changes, grids.sheet_problems(db))
        meta.update(summary=to_wire(summary), review=None, referenced=False, evidence=to_wire(outcome.evidence))
        return summary

    def _context(self) -> CheckContext:
        meta = self._store.meta
        return CheckContext(
            sheet=self._loaded().sheet,
            now_ms=time.time_ns() // 1_000_000,
            merge=frozenset(meta.get("merge", [])),
            rows=meta.get("rows_choice"),
        )

    # Editing

    def edit(self, row: int, column: int, text: str) -> CheckSummary:
        """Set one cell to what was typed."""
        name = next((c.header for c in self._columns if c.index == column), "")
        sentence = tr("{column} in row {row} was changed.", column=name, row=str(row))
        Edits(self._store).change_cells([(row, column, text if text else None)], sentence)
        return self._check()

    def exclude(self, rows: Sequence[int], excluded: bool) -> CheckSummary:
        """Leave rows out, or take them in again."""
        sentence = _left_out_sentence(len(rows), excluded)
        Edits(self._store).leave_out(rows, excluded, sentence)
        return self._check()

    def exclude_group(self, code: str, field: str, excluded: bool) -> CheckSummary:
        """Leave every row with one problem out."""
        found = self._store.connection.execute(
            "SELECT DISTINCT row FROM problems WHERE code = ? AND field = ? AND row > 0", (code, field)
        )
        return self.exclude([row for (row,) in found], excluded)

    def fixes(self, code: str, field: str) -> tuple[FixOffer, ...]:
        """What could be done about a problem group at once."""
        return ()

    def apply_fix(self, code: str, field: str, key: str) -> CheckSummary:
        """Do one of the offered fixes."""
        return self._check()

    def _mapping(self) -> Mapping:
        return Mapping.from_json(self._store.meta.get("mapping"))

    def replace_dry(self, column: int | None, find: str, replacement: str) -> FixOffer:
        """What find and replace would change."""
        changes = list(self._replacements(column, find, replacement))
        shown = tuple((str(before), after) for _, _, before, after in changes[:3])
        sentence = tr("Replace {find} in {count} cells", find=find, count=len(changes))
        return FixOffer("replace", sentence, len(changes), shown)

    def replace(self, column: int | None, find: str, replacement: str) -> CheckSummary:
        """Replace a text in one column, or in all."""
        changes = [(row, c, after) for row, c, _, after in self._replacements(column, find, replacement)]
        sentence = tr("{find} was replaced in {count} cells.", find=find, count=len(changes))
        Edits(self._store).change_cells(changes, sentence)
        return self._check()

    def _replacements(self, column: int | None, find: str, replacement: str) -> list[tuple[int, int, str, str]]:
        found = []
        for row in self._store.staged_rows():
            for index, value in enumerate(row.values):
                if find and (column is None or index == column) and isinstance(value, str) and find in value:
                    found.append((row.row, index, value, value.replace(find, replacement)))
        return found

    def undo(self) -> CheckSummary:
        Edits(self._store).undo()
        return self._check()

    def redo(self) -> CheckSummary:
        Edits(self._store).redo()
        return self._check()

    def history(self) -> tuple[str | None, str | None]:
        """What undo and redo would do."""
        return Edits(self._store).history()

    # The grid

    def show(self, which: str, code: str, field: str, text: str) -> int:
        return Shown(self._store).show(which, code, field, text)

    def next_problem(self, after_row: int, backwards: bool) -> tuple[int, ...]:
        """The row number, or nothing."""
        return _one_or_none(Shown(self._store).next_problem(after_row, backwards))

    def position_of(self, row: int) -> tuple[int, ...]:
        """The position from 0, or nothing."""
        return _one_or_none(Shown(self._store).position_of(row))

    # Review, plan, write

    def review(self, account: AccountFacts, settings: SendSettings) -> Review:
        """The figures of step 5."""
        found = review_of(self._store, self._type, account, settings, Ledger(self._ledger))
        self._store.meta.set("review", to_wire(found))
        return found

    def prepare(self, account: AccountFacts, settings: SendSettings, again: bool) -> Review:
        """Freeze the items and plan the chunks: the run is ready to be sent."""
        found = self.review(account, settings)
        freeze(self._store, self._type, account, settings, found, again, self._say)
        shutil.rmtree(self._copies, ignore_errors=True)
        return found

    def keep_counts(self, skip_invalid: bool) -> None:
        """Store the checked rows as the run's counts; nothing was sent."""
        found = grids.counts(self._store.connection)
        not_sent = found.ready + (0 if skip_invalid else found.errors)
        counts = Counts(rows=found.rows, not_sent=not_sent, excluded=found.rows - not_sent)
        self._store.meta.set("counts", to_wire(counts))

    def write_annotated(self, out: Path) -> Path:
        """The sheet with its problems marked."""
        return write_annotated_copy(self._store.connection, out, self._say)

    def report(self, out: Path) -> Path:
        """The results workbook."""
        return write_results(self._store.connection, out, self._say)


def _without_password(options: ReadOptions) -> ReadOptions:
    return ReadOptions(options.sheet, options.header_row, options.rows, options.encoding, options.delimiter)


def _left_out_sentence(count: int, excluded: bool) -> str:
    if excluded:
        return tr("{count} rows were left out.", count=count)
    return tr("{count} rows were taken in again.", count=count)


def _one_or_none(found: int | None) -> tuple[int, ...]:
    return () if found is None else (found,)
