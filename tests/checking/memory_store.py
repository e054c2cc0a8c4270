"""A check store in memory: what checking needs of a run file, as plainly as the protocol says it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from string import ascii_lowercase, ascii_uppercase

from gb_desktop.checking.checked import Checked, CheckFacts, Part, ReadyRows
from gb_desktop.checking.model import ItemDraft, Problem, RowResult, RowState, Severity, StagedBatch, StagedRow

BATCH = 100
_FOLDED = str.maketrans(ascii_uppercase, ascii_lowercase)  # as a run file folds them


class MemoryStore:
    """Implements `CheckStore`. Rows go in at the start; states, items and problems can be looked at afterwards."""

    def __init__(self, rows: Sequence[StagedRow], batch: int = BATCH) -> None:
        self.rows = list(rows)
        self._batch = batch
        self.passes = 0
        self.finished = False
        self._forget()

    def _forget(self) -> None:
        self.results: dict[int, RowResult] = {}
        self.items: dict[int, ItemDraft] = {}
        self.problems: list[Problem] = []
        self.states: dict[int, RowState] = {}
        self._kept: dict[str, list[tuple[int, str]]] = {}

    def staged_rows(self) -> Iterator[StagedRow]:
        return (row for batch in self.staged_batches() for row in batch.rows())

    def staged_batches(self) -> Iterator[StagedBatch]:
        self.passes += 1
        for start in range(0, len(self.rows), self._batch):
            yield StagedBatch.of(self.rows[start : start + self._batch])

    def begin_check(self, asked: Collection[str]) -> None:
        self.asked = frozenset(asked)
        self.finished = False
        self._forget()

    def checked_batches(
        self, check: Callable[[StagedBatch], Checked], alone: CheckFacts | None
    ) -> Generator[Checked, None, None]:
        yield from map(check, self.staged_batches())

    def add_parts(self, parts: Sequence[Part]) -> None:
        for result in (one for part in parts for one in (part.results() if isinstance(part, ReadyRows) else part)):
            assert result.row not in self.results, f"row {result.row} was given a second result"
            self.results[result.row] = result
            self.states[result.row] = result.state
            self.problems += result.problems
            if result.item is not None:
                assert result.state is RowState.READY
                self.items[result.item.item] = result.item

    def count_repeated(self, what: str) -> tuple[int, int]:
        found = [numbers for _, numbers in self.repeated(what)]
        return len(found), sum(map(len, found))

    def repeated(self, what: str) -> Iterator[tuple[str, list[int]]]:
        assert what in self.asked or (what == "ident" and "ident-folded" in self.asked)
        groups: dict[str, list[int]] = {}
        for number, item in sorted(self.items.items()):
            value = {
                "ident": item.ident,
                "ident-folded": item.ident.translate(_FOLDED) if item.ident else None,
                "time": item.time,
                "content": item.content.hex(),
                "customer": item.customer,
            }[what]
            if value is not None:
                groups.setdefault(value, []).append(number)
        return ((value, numbers) for value, numbers in groups.items() if len(numbers) > 1)

    def add_problems(self, problems: Iterable[Problem]) -> None:
        for one in problems:
            self.problems.append(one)
            if one.severity is Severity.ERROR and one.row:
                self.states[one.row] = RowState.ERROR
                self.items.pop(one.row, None)

    def keep_lines(self, lines: Iterable[tuple[str, int, str]]) -> None:
        for key, row, text in lines:
            self._kept.setdefault(key, []).append((row, text))

    def lines(self) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        yield from self._kept.items()
        self._kept = {}

    def finish_check(self) -> None:
        self.finished = True

    def codes(self, row: int) -> set[str]:
        """The codes of one row's problems."""
        return {one.code for one in self.problems if one.row == row}
