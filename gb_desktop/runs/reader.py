"""A run file read beside its writer: what the screens show. Grid pages are key-range reads of well under 1 ms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gb_desktop.checking.model import Problem, RowState
from gb_desktop.mapping.items import with_reference
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs import grids, schema
from gb_desktop.runs.clock import SystemClock
from gb_desktop.runs.events import Counts
from gb_desktop.runs.locks import is_locked
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import (
    CheckSummary,
    ChunkLine,
    ChunkState,
    FailureGroup,
    GridRow,
    Loaded,
    LogLine,
    Outcome,
    Review,
    RunFacts,
    RunState,
)
from gb_desktop.runs.references import awaits_reference, reference
from gb_desktop.runs.shelf import live_facts
from gb_desktop.runs.store import FLAGS, STATES
from gb_desktop.runs.tally import Tally
from gb_desktop.runs.wire import from_wire
from gb_desktop.workbook.cells import decode_row
from gb_desktop.workbook.model import Column, Look


class RunReader:
    """Read-only; open and close it as needed. Not to be shared between threads at the same moment."""

    def __init__(self, path: Path, sender_lock: Path) -> None:
        self._db = schema.open_to_read(path)
        self._meta = Meta(self._db)
        self._sender_lock = sender_lock

    def close(self) -> None:
        self._db.close()

    # The run and what was stored last

    def facts(self) -> RunFacts:
        return live_facts(self._db, is_locked(self._sender_lock))

    def meta(self, key: str, default: Any = None) -> Any:
        """A stored fact of the run by name."""
        return self._meta.get(key, default)

    def columns(self) -> tuple[Column, ...]:
        loaded = self.loaded()
        return loaded.columns if loaded else ()

    def mapping(self) -> Mapping | None:
        kept = self._meta.get("mapping")
        return Mapping.from_json(kept) if kept else None

    def look(self) -> Look | None:
        return self._kept("look", Look)  # type: ignore[no-any-return]

    def loaded(self) -> Loaded | None:
        return self._kept("loaded", Loaded)  # type: ignore[no-any-return]

    def summary(self) -> CheckSummary | None:
        """The last check's; None when rows changed after it."""
        if self._meta.get("stale"):
            return None
        return self._kept("summary", CheckSummary)  # type: ignore[no-any-return]

    def review(self) -> Review | None:
        return self._kept("review", Review)  # type: ignore[no-any-return]

    def _kept(self, key: str, hint: Any) -> Any:
        kept = self._meta.get(key)
        return None if kept is None else from_wire(hint, kept)

    # The grid

    def shown(self) -> int:
        """Rows in the shown view."""
        return grids.shown_count(self._db)

    def grid(self, first: int, count: int) -> list[GridRow]:
        """Rows at positions `first` to `first + count - 1` of the shown view, from 0."""
        source = "shown JOIN rows USING (row)" if grids.is_filtered(self._db) else "rows"
        position = "shown.position" if grids.is_filtered(self._db) else "rows.position"
        found = self._db.execute(
            f"SELECT rows.row, rows.cells, rows.flag, checked.state, checked.reason, checked.item "
            f"FROM {source} LEFT JOIN checked ON checked.row = rows.row "
            f"WHERE {position} BETWEEN ? AND ? ORDER BY {position}",
            (first + 1, first + count),
        ).fetchall()
        if not found:
            return []
        rows = [row for row, *_ in found]
        problems = grids.rows_problems(self._db, rows)
        edited = self._edited(rows)
        outcomes = self._outcomes([line[5] for line in found if line[5] is not None])
        return [
            self._grid_row(
                line, problems.get(line[0], ()), edited.get(line[0], frozenset()), outcomes.get(line[5], (None, ""))
            )
            for line in found
        ]

    def row_numbers(self, first: int, count: int) -> list[int]:
        """The sheet's row numbers at positions of the shown view, from 0."""
        table = "shown" if grids.is_filtered(self._db) else "rows"
        query = f"SELECT row FROM {table} WHERE position BETWEEN ? AND ? ORDER BY position"
        return [row for (row,) in self._db.execute(query, (first + 1, first + count))]

    def _grid_row(
        self,
        line: tuple[Any, ...],
        problems: tuple[Problem, ...],
        edited: frozenset[int],
        judged: tuple[Outcome | None, str],
    ) -> GridRow:
        row, cells, flag, state, reason, _ = line
        outcome, message = judged
        return GridRow(
            row=row,
            values=tuple(decode_row(cells)),
            flag=FLAGS[flag],
            state=STATES[state] if state is not None else RowState.READY,
            reason=reason or "",
            marks=grids.worst(problems),
            messages=tuple(problem.message for problem in problems),
            edited=edited,
            outcome=outcome,
            outcome_message=message,
        )

    def _edited(self, rows: list[int]) -> dict[int, frozenset[int]]:
        found = self._db.execute(
            "SELECT edits.row, edits.col FROM edits JOIN steps USING (step) "
            "WHERE steps.undone = 0 AND edits.col >= 0 AND edits.row BETWEEN ? AND ?",
            (min(rows), max(rows)),
        )
        edited: dict[int, set[int]] = {}
        for row, column in found:
            edited.setdefault(row, set()).add(column)
        return {row: frozenset(columns) for row, columns in edited.items()}

    def _outcomes(self, items: list[int]) -> dict[int, tuple[Outcome | None, str]]:
        marks = ",".join("?" * len(items))
        found = self._db.execute(f"SELECT item, outcome, message FROM outcomes WHERE item IN ({marks})", items)
        return {item: (Outcome(outcome), message) for item, outcome, message in found}

    def item_json(self, row: int) -> str:
        """The exact JSON of a row's item; "" for a row that is not sent."""
        found = self._db.execute(
            "SELECT item, body FROM checked JOIN items USING (item) WHERE checked.row = ?", (row,)
        ).fetchone()
        if found is None:
            return ""
        item, body = found
        coming = awaits_reference(self._meta)
        return with_reference(body, reference(self._meta.get("run"), item)) if coming else str(body)

    # Sending and results

    def counts(self) -> Counts:
        """Rows by outcome as of now."""
        facts = self.facts()
        if facts.state is RunState.READY or (facts.state is RunState.DRAFT and facts.counts.rows):
            return facts.counts
        return Tally.read(self._db).counts(at_rest=not is_locked(self._sender_lock))

    def jobs(self) -> list[str]:
        """Gameball's job IDs of this run, in the order of their chunks."""
        return [job for (job,) in self._db.execute("SELECT job FROM chunks WHERE job IS NOT NULL ORDER BY chunk")]

    def chunk_count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def chunks(self, first: int, count: int) -> list[ChunkLine]:
        """Chunks `first` to `first + count - 1`, from 0, as the chunk table shows them."""
        found = self._db.execute(
            "SELECT chunk, state, coalesce(job, ''), items, rows, tries, sent_at, finished_at, sentence FROM chunks "
            "WHERE chunk BETWEEN ? AND ? ORDER BY chunk",
            (first + 1, first + count),
        ).fetchall()
        return [self._chunk_line(*line) for line in found]

    def _chunk_line(
        self,
        chunk: int,
        state: str,
        job: str,
        items: int,
        rows: int,
        tries: int,
        sent: int | None,
        ended: int | None,
        sentence: str,
    ) -> ChunkLine:
        by_outcome = dict(
            self._db.execute(
                "SELECT outcome, sum(items.rows) FROM chunk_items JOIN items USING (item) JOIN outcomes USING (item) "
                "WHERE chunk = ? GROUP BY outcome",
                (chunk,),
            ).fetchall()
        )
        return ChunkLine(
            chunk=chunk,
            state=ChunkState(state),
            job=job,
            items=items,
            rows=rows,
            succeeded=by_outcome.get("succeeded", 0) + by_outcome.get("already applied", 0),
            failed=by_outcome.get("failed", 0),
            unknown=by_outcome.get("unknown", 0),
            tries=tries,
            seconds=(ended - sent) / 1000 if sent and ended else 0.0,
            sentence=sentence,
        )

    def failures(self) -> list[FailureGroup]:
        """Rows that did not succeed, by reason, the most frequent first."""
        found = self._db.execute(
            "SELECT outcome, message, sum(items.rows) AS n FROM outcomes JOIN items USING (item) "
            "WHERE outcome <> 'succeeded' GROUP BY outcome, message ORDER BY n DESC, message LIMIT 200"
        )
        return [FailureGroup(Outcome(outcome), message, count) for outcome, message, count in found]

    def unseen(self) -> tuple[int, bool] | None:
        """Of rows with an unknown outcome: minutes since they were sent without having been seen, and whether they were
        looked up (then: until the last look-up). None without such rows."""
        found = self._db.execute(
            "SELECT max(sent_at) FROM outcomes JOIN chunk_items USING (item) JOIN chunks USING (chunk) "
            "WHERE outcome = 'unknown'"
        ).fetchone()[0]
        if found is None:
            return None
        looked_up = int(self._meta.get("looked_up_ms") or 0)
        seen_at = looked_up if looked_up >= found else SystemClock().now_ms()
        return max(0, seen_at - found) // 60_000, looked_up >= found

    def log(self, last: int = 200) -> list[LogLine]:
        """The last lines of the run's log, oldest first."""
        found = self._db.execute("SELECT at, sentence FROM log ORDER BY line DESC LIMIT ?", (last,)).fetchall()
        return [LogLine(at, sentence) for at, sentence in reversed(found)]
