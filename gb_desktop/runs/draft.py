"""A run being prepared, as its owner sees it: every method asks the draft's worker process and waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from gb_desktop.mapping.changes import Change
from gb_desktop.mapping.model import Mapping
from gb_desktop.mapping.words import ColumnWords
from gb_desktop.runs.link import WorkerLink
from gb_desktop.runs.locks import FileLock
from gb_desktop.runs.model import (
    AHEAD,
    AccountFacts,
    CheckSummary,
    ColumnFacts,
    FixOffer,
    Loaded,
    MappingView,
    Progress,
    Review,
    RunError,
    Say,
    SendSettings,
    Suggested,
    silent,
)
from gb_desktop.runs.replayed import ReplayOffer
from gb_desktop.runs.shelf import Shelf
from gb_desktop.text import tr
from gb_desktop.workbook.model import Look, ReadOptions

Result = TypeVar("Result")


class Draft:
    """One draft. Methods block: call them from a worker thread. `cancel` may be called from any thread."""

    def __init__(self, shelf: Shelf, run: str, *, reading: bool = False) -> None:
        self.run = run
        self._shelf = shelf
        self._reading = reading  # only reads the run file (results): no lock, and the engine may be writing
        self._lock = FileLock(shelf.writer_lock(run))
        if not reading and not self._lock.acquire():
            raise RunError(tr("The run {run} is open in another window or command.", run=run), "locked")
        self._link = WorkerLink(self._open)

    def _open(self, link: WorkerLink) -> None:
        shelf = self._shelf
        if not (self._reading or self._lock.held):
            raise RunError(tr("The run {run} was closed: open it again to change it.", run=self.run), "state")
        link.exchange(
            "open",
            {
                "path": shelf.path(self.run),
                "copies": shelf.copies(self.run),
                "ledger": shelf.folder / "ledger.sqlite",
                "mappings": shelf.mappings,
                "reading": self._reading,
            },
        )

    def cancel(self) -> None:
        """Kill the worker: the call under way raises RunError(reason="cancelled") at once."""
        self._link.cancel()

    def give_way(self) -> None:
        """Let a `replay_offer` that is under way, or about to be, end soon; nothing else is disturbed."""
        self._link.give_way()

    def close(self) -> None:
        """End the worker and let the run file go."""
        self._link.close()
        self._lock.release()

    def set_type(self, key: str) -> None:
        """Choose the batch type."""
        self._link.call("set_type", type(None), {"key": key})

    def remember_step(self, step: str) -> None:
        """Where the wizard is, to open there again."""
        self._link.call("remember_step", type(None), {"step": step})

    def look(self, file: Path, options: ReadOptions, progress: Say = silent) -> Look:
        """The first look at a file: sheets, header, the first 100 rows."""
        return self._read("look", Look, {"file": file, "options": options}, progress)

    def paste(self, text: str) -> Look:
        """Cells copied in a spreadsheet become a sheet."""
        return self._read("paste", Look, {"text": text})

    def load(self, options: ReadOptions, progress: Say = silent) -> Loaded:
        """Read the whole sheet into the run file."""
        ahead = False

        def heard(one: Progress) -> None:
            nonlocal ahead
            ahead = one.what == AHEAD  # until there are rows: what was parsed ahead is safe then
            if not ahead:
                progress(one)

        try:
            return self._link.call("load", Loaded, {"options": options, "ahead": True}, heard)
        except RunError as error:
            if ahead:
                self._link.renew()  # what it does ahead can't be stopped
            if not ahead or error.reason != "crashed":
                self._drop_copies(error)
                raise
        return self._read("load", Loaded, {"options": options}, progress, goes_on=True)

    def load_failed(self, options: ReadOptions, progress: Say = silent) -> Loaded:
        """Of a results workbook that was looked at: only the rows that failed, with the run's mapping."""
        return self._read("load_failed", Loaded, {"options": options}, progress)

    def choose_rows(self, rows: str) -> None:
        """Answer whether hidden rows are sent: "visible" or "all". The last check no longer stands."""
        self._link.call("choose_rows", type(None), {"rows": rows})

    def reload(self, file: Path) -> Loaded:
        """Load a corrected copy; mapping and settings stay."""
        return self._read("reload", Loaded, {"file": file})

    def suggest(self) -> Suggested:
        """What the app makes of the columns."""
        return self._link.call("suggest", Suggested, {})

    def view_mapping(self, mapping: Mapping) -> MappingView:
        """Samples, evidence and problems of a mapping."""
        return self._link.call("view_mapping", MappingView, {"mapping": mapping})

    def column_words(self, mapping: Mapping) -> dict[str, ColumnWords]:
        """The different words of every row, by field path, for the mapped fields of few values."""
        return self._link.call("column_words", dict[str, ColumnWords], {"mapping": mapping})

    def check(
        self, mapping: Mapping, account: AccountFacts, progress: Say = silent, *, again: bool = True
    ) -> CheckSummary:
        """Check every row. Not `again`: only if rows, mapping or the account's rules changed since the last."""
        arguments = {"mapping": mapping, "account": account, "again": again}
        return self._link.call("check", CheckSummary, arguments, progress)

    def edit(self, row: int, column: int, text: str) -> CheckSummary:
        """Change one cell (row number of the sheet, column from 0) and check again."""
        return self._summary("edit", {"row": row, "column": column, "text": text})

    def exclude(self, rows: Sequence[int], excluded: bool, progress: Say = silent) -> CheckSummary:
        """Leave rows out, or take them in again."""
        return self._summary("exclude", {"rows": list(rows), "excluded": excluded}, progress)

    def leave_out_known(self, account: AccountFacts, leave_out: bool) -> CheckSummary:
        """Leave the rows out whose IDs were sent with this account before, or take them in again."""
        return self._summary("leave_out_known", {"account": account, "leave_out": leave_out})

    def exclude_group(self, code: str, field: str, excluded: bool, progress: Say = silent) -> CheckSummary:
        """Leave every row of a problem group out."""
        return self._summary("exclude_group", {"code": code, "field": field, "excluded": excluded}, progress)

    def fixes(self, code: str, field: str) -> tuple[FixOffer, ...]:
        """Bulk fixes for a problem group."""
        arguments = {"code": code, "field": field}
        return self._link.call("fixes", tuple[FixOffer, ...], arguments)

    def apply_fix(self, code: str, field: str, key: str, progress: Say = silent) -> CheckSummary:
        """Do one of the offered fixes. Once there is progress the cells are changed, and checked again."""
        return self._summary("apply_fix", {"code": code, "field": field, "key": key}, progress)

    def replace(
        self, column: int | None, find: str, replacement: str, dry_run: bool, progress: Say = silent
    ) -> FixOffer | CheckSummary:
        """Find and replace in one column or all; dry_run says what it would change."""
        arguments: dict[str, object] = {"column": column, "find": find, "replacement": replacement}
        if dry_run:
            return self._link.call("replace_dry", FixOffer, arguments)
        return self._summary("replace", arguments, progress)

    def changes(self) -> tuple[Change, ...]:
        """What was done to many cells at once since the sheet was loaded, to be saved with the mapping."""
        return self._link.call("changes", tuple[Change, ...], {})

    def keep_changes(self, name: str) -> Mapping:
        """The run's mapping under `name` with these changes in it, to be saved."""
        return self._link.call("keep_changes", Mapping, {"name": name})

    def replay_offer(self, progress: Say = silent) -> ReplayOffer:
        """The changes saved with the mapping, each with what it would do to this sheet. Call it after a check.

        RunError(reason="gave-way") after `give_way`.
        """
        return self._link.call("replay_offer", ReplayOffer, {}, progress, gives_way=True)

    def replay(self, progress: Say = silent) -> CheckSummary:
        """Make them again, as one step that `undo` takes back."""
        return self._link.call("replay", CheckSummary, {}, progress)

    def decline_replay(self) -> None:
        """They are not wanted on this sheet, and not offered again."""
        self._link.call("decline_replay", type(None), {})

    def undo(self, progress: Say = silent) -> CheckSummary:
        return self._summary("undo", {}, progress)

    def redo(self, progress: Say = silent) -> CheckSummary:
        return self._summary("redo", {}, progress)

    def history(self) -> tuple[str | None, str | None]:
        """What undo and redo would do, a sentence each or None."""
        return self._link.call("history", tuple[str | None, str | None], {})

    def show(self, which: str, code: str = "", field: str = "", text: str = "") -> int:
        """Filter the grid: all, errors, warnings, changed, excluded, problem, value. How many rows are shown.

        For `value` code is the column and field a ValueCount's cell.
        """
        arguments = {"which": which, "code": code, "field": field, "text": text}
        return self._link.call("show", int, arguments)

    def column_facts(self, column: int) -> ColumnFacts:
        """What a column (from 0) holds: values with counts, lengths, the smallest and the largest."""
        return self._link.call("column_facts", ColumnFacts, {"column": column})

    def next_problem(self, after_row: int, backwards: bool = False) -> int | None:
        """Row number of the next problem, round the end once."""
        arguments: dict[str, object] = {"after_row": after_row, "backwards": backwards}
        return self._row("next_problem", arguments)

    def position_of(self, row: int) -> int | None:
        """Where a row stands in the shown view, from 0."""
        return self._row("position_of", {"row": row})

    def write_annotated(self, out: Path, progress: Say = silent) -> Path:
        """Write the sheet with its problems marked."""
        return self._link.call("write_annotated", Path, {"out": out}, progress)

    def write_results(self, out: Path, progress: Say = silent) -> Path:
        """Write the results workbook."""
        return self._link.call("report", Path, {"out": out}, progress)

    def review(self, account: AccountFacts, settings: SendSettings) -> Review:
        """The figures of the Review step."""
        return self._link.call("review", Review, {"account": account, "settings": settings})

    def prepare(
        self, account: AccountFacts, settings: SendSettings, progress: Say = silent, *, again: bool = False
    ) -> Review:
        """Freeze and plan: the run is ready. RunError(reason="again" or "known") when it was sent before."""
        arguments = {"account": account, "settings": settings, "again": again}
        return self._link.call("prepare", Review, arguments, progress)

    def keep_counts(self, skip_invalid: bool) -> None:
        """Store the checked rows as counts: rows with errors are not sent, or excluded when they are left out."""
        self._link.call("keep_counts", type(None), {"skip_invalid": skip_invalid})

    def _read(
        self,
        name: str,
        hint: type[Result],
        arguments: dict[str, object],
        progress: Say = silent,
        *,
        goes_on: bool = False,
    ) -> Result:
        """A call that reads a workbook. One that is cancelled or crashes leaves no private copy behind."""
        try:
            return self._link.call(name, hint, arguments, progress, goes_on=goes_on)
        except RunError as error:
            self._drop_copies(error)
            raise

    def _drop_copies(self, error: RunError) -> None:
        if error.reason in ("cancelled", "crashed"):
            self._shelf.drop_copies(self.run)

    def _summary(self, name: str, arguments: dict[str, object], progress: Say = silent) -> CheckSummary:
        return self._link.call(name, CheckSummary, arguments, progress)

    def _row(self, name: str, arguments: dict[str, object]) -> int | None:
        found = self._link.call(name, tuple[int, ...], arguments)
        return found[0] if found else None
