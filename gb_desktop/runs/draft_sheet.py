"""A draft's commands about its sheet and its columns: look, load, suggest."""

from __future__ import annotations

from pathlib import Path

from gb_desktop.catalog import batch_type
from gb_desktop.mapping.model import Mapping
from gb_desktop.mapping.words import ColumnWords
from gb_desktop.runs import columns_step
from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.model import Loaded, MappingView, Progress, RunError, Suggested
from gb_desktop.runs.recipes import Recipes
from gb_desktop.runs.wire import from_wire, to_wire
from gb_desktop.text import tr
from gb_desktop.workbook.clipboard import paste as paste_cells
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
            Recipes(self._d.store).forget()
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
        Recipes(self._d.store).forget()
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
        """Load a corrected copy of the sheet; mapping and settings stay."""
        options: ReadOptions = from_wire(ReadOptions, self._d.store.meta.get("options") or {})
        self.look(file, options)
        done = Recipes(self._d.store).made()
        loaded = self.load(options)
        Recipes(self._d.store).carry(done)
        return loaded

    def suggest(self) -> Suggested:
        """What the app makes of the columns; the last saved mapping for the same headers is applied by itself."""
        return columns_step.suggested(self._d.store, self._d.type, self._d.columns, self._d.mappings)

    def view_mapping(self, mapping: Mapping) -> MappingView:
        """Samples, evidence and problems of a mapping, from the first rows of the sheet."""
        self._d.store.meta.set("mapping", mapping.to_json())
        return columns_step.viewed(self._d.store, self._d.type, self._d.columns, mapping, self._d.context())

    def column_words(self, mapping: Mapping) -> dict[str, ColumnWords]:
        """The different words of every row, for the fields of few values."""
        return columns_step.words(self._d.store, self._d.type, self._d.columns, mapping, self._d.context())


def _without_password(options: ReadOptions) -> ReadOptions:
    return ReadOptions(options.sheet, options.header_row, options.rows, options.encoding, options.delimiter)
