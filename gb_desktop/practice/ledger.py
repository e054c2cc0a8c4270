"""The list of everything that was carried out, in order, small enough for a million items."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping

from gb_desktop.practice import exact
from gb_desktop.practice.jobs import Job
from gb_desktop.practice.world import moment

_SLICE = 500


class Ledger:
    """Applied items as (job, position, time) triples; the items' texts stay in their jobs. Only ever grows."""

    def __init__(self) -> None:
        self._jobs = array("q")
        self._positions = array("q")
        self._times = array("d")

    def __len__(self) -> int:
        return len(self._times)

    def add(self, job: int, position: int, at: float) -> None:
        """Note that an item was applied. The time goes last: `len` counts only whole triples."""
        self._jobs.append(job)
        self._positions.append(position)
        self._times.append(at)

    def page(self, jobs: Mapping[int, Job], after: int, limit: int | None) -> Iterator[str]:
        """A page, as of this call, as JSON text in pieces: entries `after` (a count) on, at most `limit` of them.

        `{"total": n, "next": count or null, "entries": [{"time", "account", "job", "endpoint", "position", "item"}]}`;
        `next` is the `after` of the following page, `position` counts from 0, `item` has the digits as received.
        """
        return self._pieces(jobs, len(self), after, limit)

    def _pieces(self, jobs: Mapping[int, Job], total: int, after: int, limit: int | None) -> Iterator[str]:
        end = total if limit is None else min(total, after + limit)
        yield f'{{"total":{total},"next":{end if end < total else "null"},"entries":['
        for start in range(after, end, _SLICE):
            stop = min(end, start + _SLICE)
            yield ("," if start > after else "") + ",".join(self._entry(jobs, number) for number in range(start, stop))
        yield "]}"

    def _entry(self, jobs: Mapping[int, Job], number: int) -> str:
        job, position = jobs[self._jobs[number]], self._positions[number]
        facts = exact.write(
            {
                "time": moment(self._times[number]),
                "account": job.account,
                "job": str(job.number),
                "endpoint": job.batch_type.endpoint,
                "position": position,
            }
        )
        return f'{facts[:-1]},"item":{job.items[position]}}}'
