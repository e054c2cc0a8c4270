"""What is told about a sheet that was read: what the reader left out or noticed, a sentence each."""

from __future__ import annotations

from gb_desktop.runs.model import Loaded
from gb_desktop.text import tr

MOST_NAMED = 10  # hidden columns that a sentence names


def skipped_words(loaded: Loaded) -> tuple[str, ...]:
    """What the reader left out or noticed."""
    skipped = loaded.skipped
    counted = (
        (skipped.blank_rows, tr("Blank rows left out: {count}.", count=skipped.blank_rows)),
        (skipped.total_rows, tr("Rows of totals left out: {count}.", count=skipped.total_rows)),
        (skipped.merged_cells, tr("Cells filled down from merged ones: {count}.", count=skipped.merged_cells)),
    )
    hidden = _hidden_columns(loaded)
    return (*(sentence for count, sentence in counted if count), *([hidden] if hidden else []), *skipped.notes)


def _hidden_columns(loaded: Loaded) -> str:
    names = [column.header for column in loaded.columns if column.hidden]
    more = len(names) - MOST_NAMED
    if more > 0:
        shown = ", ".join(names[:MOST_NAMED])
        return tr("Hidden columns, matched like the others: {names} and {more} more.", names=shown, more=more)
    return tr("Hidden columns, matched like the others: {names}.", names=", ".join(names)) if names else ""
