"""A draft's commands about its sheet and its columns: look, load, suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gb_desktop.catalog import batch_type
from gb_desktop.mapping.matching import suitability
from gb_desktop.mapping.model import Mapping
from gb_desktop.mapping.words import ColumnWords
from gb_desktop.runs import columns_step, copies
from gb_desktop.runs.corrected import Before, take_over
from gb_desktop.runs.draft_anew import AnewCommands
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.limits import LIMITED
from gb_desktop.runs.model import AHEAD, Loaded, MappingView, Progress, RunError, Suggested
from gb_desktop.runs.recipes import Recipes
from gb_desktop.runs.same_rows import taken_as_step
from gb_desktop.runs.wire import from_wire, to_wire
from gb_desktop.text import tr
from gb_desktop.workbook.marker import is_copy
from gb_desktop.workbook.model import Column, Look, ReadOptions, Row, WorkbookError
from gb_desktop.workbook.private_copy import private_copy
from gb_desktop.workbook.reader import Reading, read
from gb_desktop.workbook.reader import look as look_at


class SheetCommands:
    """From a chosen file to staged rows and a mapping."""

    def __init__(self, drafted: Drafted) -> None:
        self._d = drafted

    def set_type(self, key: str) -> None:
        """Choose the batch type. Another one than before makes the mapping and the last check void."""
        meta = self._d.store.meta
        batch_type(key)
        if meta.get("type") not in (None, "", key):
            meta.set("mapping", None)
            self._d.store.forget_check()
            Recipes(self._d.store).forget()
        meta.set("type", key)

    def remember_step(self, step: str) -> None:
        self._d.store.meta.set("step", step)

    def look(self, file: Path, options: ReadOptions) -> Look:
        """The first look at a file, from a private copy that is made once for each state of the file."""
        meta = self._d.store.meta
        if (pasted := copies.pasted_before(self._d, file)) is not None:
            return self._look_at_pasted(pasted, options)
        copied = copies.take_copy(self._d, file)
        self._d.say(Progress("opening", 0))
        try:
            found = look_at(copied.path, options, self._suits)
        except WorkbookError:
            copies.drop_copy(copied.path)
            raise
        self._d.store.unplan()
        meta.update(
            file=str(file.absolute()), copy=str(copied.path), sha256=copied.sha256, size=copied.size,
            options=to_wire(_without_password(options)), look=to_wire(found),
        )  # fmt: skip
        return found

    def _suits(self, columns: Sequence[Column], rows: Sequence[Row]) -> float:
        """How well a sheet serves the batch type; all the same while none is chosen."""
        if not self._d.store.meta.get("type"):
            return 0.0
        return suitability(self._d.type, columns, [row.values for row in rows])

    def paste(self, text: str) -> Look:
        """Cells copied in a spreadsheet become a sheet."""
        options = ReadOptions(encoding="utf-8-sig", delimiter="\t")  # as they were written, whatever the cells hold
        return self._look_at_pasted(copies.take_pasted(self._d, text), options)

    def _look_at_pasted(self, pasted: Path, options: ReadOptions) -> Look:
        found = look_at(pasted, options, self._suits)
        self._d.store.unplan()
        self._d.store.meta.update(
            file=str(copies.pasted_name()), copy=str(pasted), sha256="", options=to_wire(options), look=to_wire(found)
        )
        return found

    def load(self, options: ReadOptions, ahead: bool = False) -> Loaded:
        """Read the whole sheet into the run file.

        ahead: this process may be lost by it. That is said beforehand, as a progress of its own. Only where its memory
        is limited: elsewhere it might take all there is before.
        """
        reading = self._reading(options, ahead and LIMITED)
        with self._d.store.transaction():
            rows = self._d.store.stage(reading.rows)
            Recipes(self._d.store).forget()
            loaded = Loaded(reading.sheet, reading.header_row, reading.columns, rows, reading.skipped)
            self._d.store.meta.update(
                loaded=to_wire(loaded), sheet=loaded.sheet, options=to_wire(_without_password(options)),
                rows_choice=options.rows, summary=None, review=None, shown=None, mapping_of=None, retry_of=None,
                failed_only=None,
            )  # fmt: skip
        if not rows:
            raise RunError(tr("The sheet {sheet} has a header but no rows below it.", sheet=loaded.sheet), "empty")
        return loaded

    def _reading(self, options: ReadOptions, ahead: bool = False) -> Reading:
        copy = copies.current_copy(self._d)
        estimate = self._estimate(options)
        self._d.say(Progress("reading", 0, estimate))
        return read(
            copy,
            self._of_the_sheet_looked_at(options),
            lambda row: self._d.say(Progress("reading", row, max(row, estimate))),
            (lambda: self._d.say(Progress(AHEAD, 0, estimate))) if ahead else None,
        )

    def _of_the_sheet_looked_at(self, options: ReadOptions) -> ReadOptions:
        """The options with the sheet that was suggested, where none was chosen."""
        kept = self._d.store.meta.get("look")
        if options.sheet is not None or not kept:
            return options
        seen: Look = from_wire(Look, kept)
        return replace(options, sheet=seen.sheet)

    def _estimate(self, options: ReadOptions) -> int:
        kept = self._d.store.meta.get("look")
        if not kept:
            return 0
        facts: Look = from_wire(Look, kept)
        return next((s.rows for s in facts.sheets if s.name == (options.sheet or facts.sheet) and s.rows), 0) or 0

    def choose_rows(self, rows: str) -> None:
        """Whether hidden rows are sent: visible or all."""
        self._d.store.meta.set("rows_choice", rows)
        self._d.store.forget_check()

    def reload(self, file: Path) -> Loaded:
        """Load a corrected copy of the sheet; mapping, settings and what was left out stay.

        What is different in the same rows can be undone; where rows were added or taken away all is read anew.
        """
        copied = private_copy(file, self._d.copies)
        if is_copy(copied.path):
            return take_over(self._d, copied.path)
        with self._d.store.transaction():  # whatever goes wrong, the sheet and what was left out stay as they were
            return self._load_corrected(file)

    def _load_corrected(self, file: Path) -> Loaded:
        meta = self._d.store.meta
        options: ReadOptions = from_wire(ReadOptions, meta.get("options") or {})
        rows_choice, done = meta.get("rows_choice"), Recipes(self._d.store).made()
        found = self._look_at_corrected(file, options)
        options = replace(options, sheet=found.sheet)
        again = found.run and meta.get("failed_only")
        if not again and (same := taken_as_step(self._d, self._reading(options))) is not None:
            meta.set("options", to_wire(_without_password(options)))
            return same
        before = Before.of(self._d.store)
        read_anew = AnewCommands(self._d).load_failed(options) if again else self.load(options)
        Recipes(self._d.store).carry(done)
        loaded = replace(read_anew, changes=before.compared(self._d.store))
        meta.update(loaded=to_wire(loaded), rows_choice=rows_choice)
        return loaded

    def _look_at_corrected(self, file: Path, options: ReadOptions) -> Look:
        """The sheet of the same name, or the suggested one: a CSV file's only sheet is called as the file is."""
        try:
            return self.look(file, options)
        except WorkbookError as error:
            if error.reason != "sheet":
                raise
            return self.look(file, replace(options, sheet=None))

    def suggest(self) -> Suggested:
        """What the app makes of the columns; a mapping saved or used before is applied by itself where it fits."""
        folders = self._d.mappings, self._d.ledger.parent
        return columns_step.suggested(self._d.store, self._d.type, self._d.columns, *folders)

    def view_mapping(self, mapping: Mapping) -> MappingView:
        """Samples, evidence and problems of a mapping, from the first rows of the sheet."""
        self._d.use_mapping(mapping)
        return columns_step.viewed(self._d.store, self._d.type, self._d.columns, mapping, self._d.context())

    def column_words(self, mapping: Mapping) -> dict[str, ColumnWords]:
        """The different words of every row, for the fields of few values."""
        return columns_step.words(self._d.store, self._d.type, self._d.columns, mapping, self._d.context())


def _without_password(options: ReadOptions) -> ReadOptions:
    return ReadOptions(options.sheet, options.header_row, options.rows, options.encoding, options.delimiter)
