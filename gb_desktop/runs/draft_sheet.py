"""A draft's commands about its sheet and its columns: look, load, suggest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gb_desktop.catalog import batch_type
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs import columns_step
from gb_desktop.runs.corrected import Before, take_over
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.model import Loaded, MappingView, Progress, RunError, Suggested
from gb_desktop.runs.wire import from_wire, to_wire
from gb_desktop.text import tr
from gb_desktop.workbook.clipboard import paste as paste_cells
from gb_desktop.workbook.marker import is_copy
from gb_desktop.workbook.model import Look, ReadOptions
from gb_desktop.workbook.private_copy import private_copy
from gb_desktop.workbook.reader import look as look_at
from gb_desktop.workbook.reader import read


class SheetCommands:
    """From a chosen file to staged rows and a mapping."""

    def __init__(self, drafted: Drafted) -> None:
        self._d = drafted

    def set_type(self, key: str) -> None:
        """Choose the batch type. Another one than before makes the mapping and the last check void."""
        meta = self._d.store.meta
        batch_type(key)
        if meta.get("type") not in (None, "", key):
            meta.update(mapping=None, summary=None, review=None)
        meta.set("type", key)

    def remember_step(self, step: str) -> None:
        self._d.store.meta.set("step", step)

    def look(self, file: Path, options: ReadOptions) -> Look:
        """The first look at a file, from a private copy that is made once for each state of the file."""
        meta = self._d.store.meta
        copied = private_copy(file, self._d.copies)
        found = look_at(copied.path, options)
        meta.update(
            file=str(file.absolute()), copy=str(copied.path), sha256=copied.sha256, size=copied.size,
            options=to_wire(_without_password(options)), look=to_wire(found),
        )  # fmt: skip
        return found

    def paste(self, text: str) -> Look:
        """Cells copied in a spreadsheet become a sheet."""
        pasted = paste_cells(text, self._d.copies)
        found = look_at(pasted, ReadOptions())
        self._d.store.meta.update(
            file=tr("Pasted cells"), copy=str(pasted), options=to_wire(ReadOptions()), look=to_wire(found)
        )
        return found

    def load(self, options: ReadOptions) -> Loaded:
        """Read the whole sheet into the run file."""
        copy = self._d.store.meta.get("copy")
        if copy is None:
            raise RunError(tr("Choose a workbook first."), "options")
        estimate = self._estimate(options)
        self._d.say(Progress("reading", 0, estimate))
        reading = read(Path(copy), options, lambda row: self._d.say(Progress("reading", row, max(row, estimate))))
        rows = self._d.store.stage(reading.rows)
        loaded = Loaded(reading.sheet, reading.header_row, reading.columns, rows, reading.skipped)
        self._d.store.meta.update(
            loaded=to_wire(loaded), sheet=loaded.sheet, options=to_wire(_without_password(options)),
            rows_choice=options.rows, summary=None, review=None, shown=None,
        )  # fmt: skip
        if not rows:
            raise RunError(tr("The sheet {sheet} has a header but no rows below it.", sheet=loaded.sheet), "empty")
        return loaded

    def _estimate(self, options: ReadOptions) -> int:
        kept = self._d.store.meta.get("look")
        if not kept:
            return 0
        facts: Look = from_wire(Look, kept)
        return next((s.rows for s in facts.sheets if s.name == (options.sheet or facts.sheet) and s.rows), 0) or 0

    def choose_rows(self, rows: str) -> None:
        """Whether hidden rows are sent: visible or all."""
        self._d.store.meta.update(rows_choice=rows, summary=None, review=None)

    def reload(self, file: Path) -> Loaded:
        """Load a corrected copy of the sheet; mapping, settings and what was left out stay."""
        copied = private_copy(file, self._d.copies)
        if is_copy(copied.path):
            return take_over(self._d, copied.path)
        before = Before.of(self._d.store)
        options: ReadOptions = from_wire(ReadOptions, self._d.store.meta.get("options") or {})
        rows_choice = self._d.store.meta.get("rows_choice")
        self.look(file, options)
        loaded = replace(self.load(options), changes=before.compared(self._d.store))
        self._d.store.meta.update(loaded=to_wire(loaded), rows_choice=rows_choice)
        return loaded

    def suggest(self) -> Suggested:
        """What the app makes of the columns; the last saved mapping for the same headers is applied by itself."""
        return columns_step.suggested(self._d.store, self._d.type, self._d.columns, self._d.mappings)

    def view_mapping(self, mapping: Mapping) -> MappingView:
        """Samples, evidence and problems of a mapping, from the first rows of the sheet."""
        self._d.store.meta.set("mapping", mapping.to_json())
        return columns_step.viewed(self._d.store, self._d.type, self._d.columns, mapping, self._d.context())


def _without_password(options: ReadOptions) -> ReadOptions:
    return ReadOptions(options.sheet, options.header_row, options.rows, options.encoding, options.delimiter)
