"""A job's status and result lists, read tolerantly from either dialect. Source: the API page, "Watching a job"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from gb_desktop.gameball.entries import Reading, as_text, entry_of, fold, reading_of, turned
from gb_desktop.gameball.model import Dialect, Entry, Facts, JobState, JobStatus

FINISHED_WORDS = frozenset({"completed", "finished", "failed", "stopped", "cancelled", "canceled"})
COMPLETED_WORDS = frozenset({"completed", "finished"})

Entries = tuple[Entry, ...]


def plain_word(word: str) -> str:
    """A status word as the tables above hold it: without case, spaces, hyphens and underscores."""
    return "".join(mark for mark in word.lower() if mark.isalnum())


def read_status(body: Any, dialect: Dialect, facts: Facts | None = None) -> JobStatus | None:
    """The job in a 200 answer's body, or None when the body holds no status word.

    Key names are compared without case. Any word that is not a finished one is unfinished, and shown as it is.
    """
    root = fold(body) if isinstance(body, dict) else {}
    word = root.get("status")
    if not isinstance(word, str) or not word.strip():
        return None
    total, succeeded, failed = _counts(root)
    successes, failures = _lists(root, failed)
    return JobStatus(
        state=JobState.FINISHED if plain_word(word) in FINISHED_WORDS else JobState.UNFINISHED,
        word=word.strip(),
        total=total,
        succeeded=succeeded,
        failed=failed,
        successes=successes,
        failures=failures,
        dialect=dialect,
        facts=facts,
        message=as_text(root.get("message")) or "",
    )


def count_of(value: Any) -> int | None:
    """A count from a whole number or its digits; None for anything else, negative numbers too."""
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value() and value < 10**15:
        value = int(value)
    text = as_text(value) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _counts(root: Mapping[str, Any]) -> tuple[int | None, int | None, int | None]:
    """(total, succeeded, failed), each None when the answer doesn't tell."""
    total = _first_count(root, "totalcount", "totalitems")
    failed = _first_count(root, "errorcount", "faileditems")
    if "finishedcount" in root:
        return total, count_of(root["finishedcount"]), failed
    # Dialect B has no count of successes: it counts every item it is done with as processed, the failed ones among
    # them. If it counted those apart, the difference would be too small and prove nothing, which is the safe side.
    processed = _first_count(root, "processeditems")
    if processed is None or failed is None or processed < failed:
        return total, None, failed
    return total, processed - failed, failed


def _first_count(root: Mapping[str, Any], *names: str) -> int | None:
    return next((count for name in names if (count := count_of(root.get(name))) is not None), None)


def _lists(root: Mapping[str, Any], failed: int | None) -> tuple[Entries | None, Entries | None]:
    """(successes, failures). An entry that may be either stands in both, so that nobody takes it for a proof."""
    response = root.get("response")
    inner = fold(response) if isinstance(response, dict) else {"results": response}
    good, bad = _entries(inner, root, "successful", ok=True), _entries(inner, root, "failed", ok=False)
    errors, mixed = _entries(inner, root, "errors", ok=False), _entries(inner, root, "results", ok=True)
    bad = _joined(bad, errors)
    doubtful = [entry for entry in good or () if reading_of(entry) is Reading.BAD]
    if mixed is not None:
        sure, refused, doubts = _sorted_out(mixed, bad or (), failed, told_apart=errors is not None)
        good, bad = _joined(good, sure), _joined(bad, refused or None)
        doubtful += doubts
    return good, _joined(bad, tuple(turned(entry, ok=False) for entry in doubtful) or None)


def _entries(inner: Mapping[str, Any], root: Mapping[str, Any], name: str, *, ok: bool) -> Entries | None:
    values = inner.get(name) if isinstance(inner.get(name), list) else root.get(name)
    return tuple(entry_of(value, ok=ok) for value in values) if isinstance(values, list) else None


def _joined(first: Entries | None, second: Entries | None) -> Entries | None:
    if first is None or second is None:
        return second if first is None else first
    return first + second


def _sorted_out(
    mixed: Entries, bad: Entries, failed: int | None, *, told_apart: bool
) -> tuple[Entries, Entries, list[Entry]]:
    """(possible successes, failures not listed elsewhere, the doubtful ones among the successes) of `results`.

    A bare message is doubtful unless the failures are known to be elsewhere: their count says so, or, where there is
    no count, they have a list of their own (`told_apart`).
    """
    refused = _not_listed_in(bad, (turned(entry, ok=False) for entry in mixed if reading_of(entry) is Reading.BAD))
    rest = tuple(entry for entry in mixed if reading_of(entry) is not Reading.BAD)
    complete = told_apart if failed is None else failed == len(bad) + len(refused)
    doubts = [] if complete else [entry for entry in rest if reading_of(entry) is Reading.EITHER]
    return rest, refused, doubts


def _not_listed_in(listed: Entries, entries: Iterable[Entry]) -> Entries:
    """The entries without those that `listed` holds for the same customer and ident."""
    known = Counter((entry.customer, entry.ident) for entry in listed)
    fresh = []
    for entry in entries:
        key = (entry.customer, entry.ident)
        if known[key] > 0:
            known[key] -= 1
        else:
            fresh.append(entry)
    return tuple(fresh)
