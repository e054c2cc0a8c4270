"""The storage that checking asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from typing import Protocol

from gb_desktop.checking.checked import Checked, CheckFacts, Part
from gb_desktop.checking.model import Problem, StagedBatch, StagedRow


class CheckStore(Protocol):
    """What checking needs of the run file; `runs/store.py` implements it. One writer, one thread."""

    def staged_rows(self) -> Iterator[StagedRow]:
        """All rows in sheet order."""

    def staged_batches(self) -> Iterator[StagedBatch]:
        """All rows in sheet order, a few thousand at a time."""

    def checked_batches(
        self, check: Callable[[StagedBatch], Checked], alone: CheckFacts | None
    ) -> Generator[Checked, None, None]:
        """All rows checked, in sheet order, a few thousand at a time; to be closed.

        alone: what the rows are checked by when each stands alone, so that other processes may help; else None.
        """

    def begin_check(self, asked: Collection[str]) -> None:
        """Forget every problem, item and row state of the last check. asked: what the repeats are asked about."""

    def add_parts(self, parts: Sequence[Part]) -> None:
        """Store results in sheet order (a few thousand a call)."""

    def repeated(self, what: str) -> Iterator[tuple[str, list[int]]]:
        """Values held by several items, with the item numbers in order.

        what: ident, ident-folded, time, content, customer.
        """

    def count_repeated(self, what: str) -> tuple[int, int]:
        """How many values several items hold, and how many items that are."""

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Add problems found across rows; a row with an error stops being ready and its item is dropped."""

    def keep_lines(self, lines: Iterable[tuple[str, int, str]]) -> None:
        """Set readings of rows that join others aside: (key, row, JSON of the reading, "" of a row left out)."""

    def lines(self) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        """The set-aside readings by key, in order of the first row that isn't left out, rows in order."""

    def finish_check(self) -> None:
        """Commit; counts and groups are up to date after this."""
