"""How fast rows are checked: `python -m tests.bench.checking [rows]`. Prints rows a second; judges nothing."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence

from gb_desktop.catalog import batch_type
from gb_desktop.checking.check import BATCH, check
from gb_desktop.checking.checked import Checked, CheckFacts, Part, ReadyRows
from gb_desktop.checking.model import CheckContext, Problem, StagedBatch, StagedRow
from gb_desktop.mapping.model import Mapping, Settings, Source
from gb_desktop.workbook.model import Column, Value

START = dt.datetime.fromisoformat("2025-01-01 08:00:00")
HEADERS = ("Customer ID", "Transaction ID", "Date", "Amount", "E-mail", "Mobile", "Branch", "Note")
FIELDS = ("customerId", "transactionId", "transactionTime", "amount", "email", "mobile")


class _Sink:
    """A store that only counts: the figure is of checking alone."""

    def __init__(self, rows: int, texts: bool) -> None:
        self._rows = rows
        self._texts = texts
        self.items = 0
        self.problems = 0

    def staged_rows(self) -> Iterator[StagedRow]:
        return (row for batch in self.staged_batches() for row in batch.rows())

    def staged_batches(self) -> Iterator[StagedBatch]:
        make = _text_row if self._texts else _row
        for first in range(2, self._rows + 2, BATCH):
            numbers = range(first, min(first + BATCH, self._rows + 2))
            yield StagedBatch(numbers, list(zip(*map(make, numbers), strict=True)), {})

    def begin_check(self, asked: Collection[str]) -> None:
        self.items = self.problems = 0

    def checked_batches(
        self, check: Callable[[StagedBatch], Checked], alone: CheckFacts | None
    ) -> Generator[Checked, None, None]:
        yield from map(check, self.staged_batches())

    def add_parts(self, parts: Sequence[Part]) -> None:
        for result in (one for part in parts for one in (part.results() if isinstance(part, ReadyRows) else part)):
            self.items += result.item is not None
            self.problems += len(result.problems)

    def count_repeated(self, what: str) -> tuple[int, int]:
        return 0, 0

    def repeated(self, what: str) -> Iterator[tuple[str, list[int]]]:
        return iter(())

    def add_problems(self, problems: Iterable[Problem]) -> None:
        self.problems += sum(1 for _ in problems)

    def keep_lines(self, lines: Iterable[tuple[str, int, str]]) -> None:
        raise NotImplementedError

    def lines(self) -> Iterator[tuple[str, list[tuple[int, str]]]]:
        return iter(())

    def finish_check(self) -> None:
        pass


def _row(n: int) -> list[Value]:
    moment = START + dt.timedelta(seconds=30 * n)
    customer = float(10_000 + n % 50_000)
    return [customer, f"TRX-{n:08}", moment, n % 997 + 0.25, f"m{n}@example.com", f"+20100{n:07}", "Cairo", None]


def _text_row(n: int) -> list[Value]:
    moment = START + dt.timedelta(seconds=30 * n)
    return [
        str(10_000 + n % 50_000),
        f"TRX-{n:08}",
        f"{moment:%d/%m/%Y %H:%M:%S}",
        f"{n % 997}.25",
        f"m{n}@example.com",
        f"0100{n:07}",
        "Cairo",
        "",
    ]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    columns = [Column(i, chr(65 + i), header, header) for i, header in enumerate(HEADERS)]
    sources = {path: Source.column(header) for path, header in zip(FIELDS, HEADERS, strict=False)}
    made = {**sources, "transactionId": Source.generated("cashback-202601")}
    settings = Settings(timezone="Africa/Cairo", country="EG")
    context = CheckContext(sheet="Cashback", now_ms=int(dt.datetime(2026, 6, 1, tzinfo=dt.UTC).timestamp() * 1000))
    cases = (("cells as Excel types them", sources, False), ("generated IDs", made, False), ("texts", sources, True))
    for name, chosen, texts in cases:
        sink = _Sink(rows, texts)
        spent = time.process_time()
        for _ in sink.staged_batches():
            pass
        making = time.process_time() - spent
        spent = time.process_time()
        check(sink, batch_type("cashback"), columns, Mapping("cashback", chosen, settings), context)
        took = time.process_time() - spent - making
        print(
            f"{name}: {rows / took:,.0f} rows/s, {took / rows * 1_048_575:.1f} s for 1,048,575 rows "
            f"({sink.items:,} items, {sink.problems:,} problems; making the rows took {making:.1f} s, not counted)"
        )


if __name__ == "__main__":
    main()
