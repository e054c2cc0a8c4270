"""What the check step asks of a draft in one go. Blocking calls, for a worker; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.model import CheckSummary, FixOffer, Say

if TYPE_CHECKING:
    from gb_desktop.desk import Desk
    from gb_desktop.runs.draft import Draft


@dataclass(frozen=True, slots=True)
class View:
    """What the grid shows: a filter's word, a problem group for `problem`, a text to find."""

    which: str = "all"
    code: str = ""
    field: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A check, and what the page shows beside it."""

    summary: CheckSummary
    undo: str | None
    redo: str | None
    shown: int  # rows in the view
    mapping: Mapping | None  # as it stands now: a fix may have changed it


@dataclass(frozen=True, slots=True)
class Found:
    """A row to go to. `everything` says that the view had to be widened to hold it."""

    row: int
    position: int
    everything: bool
    shown: int


def checked(draft: Draft, desk: Desk, work: Callable[[], CheckSummary], view: View) -> Checked:
    """Do something that checks rows, then show them under the view that was chosen."""
    summary = work()
    undo, redo = draft.history()
    shown = draft.show(view.which, view.code, view.field, view.text)
    with closing(desk.reader(draft.run)) as reader:
        mapping = reader.mapping()
    return Checked(summary, undo, redo, shown, mapping)


def show_group(draft: Draft, view: View) -> tuple[View, int, tuple[FixOffer, ...]]:
    """The rows of a problem group, and its fixes."""
    shown = draft.show(view.which, view.code, view.field, view.text)
    return view, shown, draft.fixes(view.code, view.field)


def find_problem(draft: Draft, after: int, backwards: bool) -> Found | None:
    """The next problem's row and where it stands in the view; the view is widened when it isn't in it."""
    row = draft.next_problem(after, backwards)
    if row is None:
        return None
    position = draft.position_of(row)
    if position is not None:
        return Found(row, position, everything=False, shown=0)
    shown = draft.show("all")
    position = draft.position_of(row)
    return None if position is None else Found(row, position, everything=True, shown=shown)


def replaced(draft: Draft, column: int | None, find: str, replacement: str, report: Say) -> CheckSummary:
    """Replace a text for good."""
    done = draft.replace(column, find, replacement, False, report)
    if isinstance(done, FixOffer):
        raise TypeError("an offer came where a change was asked for")
    return done


def rows_at(desk: Desk, run: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """The row numbers at these positions (first, last) of the shown view."""
    with closing(desk.reader(run)) as reader:
        return [row for first, last in spans for row in reader.row_numbers(first, last - first + 1)]
