"""What became of each item of a finished job. Source: the API page, "Judging a finished job"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeVar

from gb_desktop.gameball.model import Entry, JobState, JobStatus
from gb_desktop.gameball.results import COMPLETED_WORDS, plain_word
from gb_desktop.text import items_words, tr

Key = TypeVar("Key")
Value = TypeVar("Value")


class Result(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    LISTED = "listed"  # an entry of the result lists
    COUNTS = "counts"  # every item of the job had the same fate
    NONE = ""  # of an unknown item


class SentItem(NamedTuple):
    """One item as it was sent. `ident` is its transactionId or orderId."""

    item: int
    customer: str | None
    ident: str | None


class ItemResult(NamedTuple):
    item: int
    result: Result
    evidence: Evidence = Evidence.NONE
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One result per item, in the order sent, and sentences about what did not add up."""

    items: tuple[ItemResult, ...]
    notes: tuple[str, ...] = ()


def judge(sent: Sequence[SentItem], status: JobStatus, plain: bool) -> Judgement:
    """The fate of every sent item of a finished job; whatever is not proved is UNKNOWN.

    `plain`: the items are bare IDs (order transactions), and a failed one comes back in a field named customerId.
    Raises ValueError for an unfinished job: its lists and counts are provisional.
    """
    if status.state is not JobState.FINISHED:
        raise ValueError("only a finished job can be judged")
    matched = _Matching(sent, plain)
    matched.match([*(status.successes or ()), *(status.failures or ())])
    fate = _common_fate(len(sent), status)
    items = tuple(matched.result_of(item) for item in sent)
    if fate is not None:
        items = tuple(_with_fate(item, fate) for item in items)
    return Judgement(items, tuple(_notes(items, matched.strangers, status, len(sent))))


def _common_fate(count: int, status: JobStatus) -> Result | None:
    """The fate all items share by number alone, or None. A contradiction between lists and counts proves nothing."""
    if not count or status.total not in (None, count):
        return None
    good, bad = _number(status.successes, status.succeeded), _number(status.failures, status.failed)
    none_good, none_bad = not good and not status.succeeded, not bad and not status.failed
    if plain_word(status.word) in COMPLETED_WORDS and good == count and none_bad:
        return Result.SUCCEEDED
    return Result.FAILED if bad == count and none_good else None


def _number(entries: Sequence[Entry] | None, count: int | None) -> int | None:
    return count if entries is None else len(entries)


def _with_fate(result: ItemResult, fate: Result) -> ItemResult:
    """The common fate for an item that no entry could be matched to. It never overrules an entry."""
    if result.result is not Result.UNKNOWN:
        return result
    return result._replace(result=fate, evidence=Evidence.COUNTS)


@dataclass(slots=True)
class _Matching:
    """Which entries belong to which items: by echoed ident first, by customer for what is left."""

    sent: Sequence[SentItem]
    plain: bool
    results: dict[int, ItemResult] = field(default_factory=dict)
    strangers: list[Entry] = field(default_factory=list)

    def result_of(self, item: SentItem) -> ItemResult:
        return self.results.get(item.item) or ItemResult(item.item, Result.UNKNOWN)

    def match(self, entries: Sequence[Entry]) -> None:
        """Give every item what the entries say of it."""
        found = None if self.plain else _one_each(self.sent, entries)
        if found is None:
            self._match_in_groups(entries)
        else:
            self.results = found

    def _match_in_groups(self, entries: Sequence[Entry]) -> None:
        by_ident = _grouped((item.ident, item) for item in self.sent)
        by_customer = _grouped((item.customer, item) for item in self.sent)
        echoes = [(self._ident_of(entry, by_ident), entry) for entry in entries]
        for ident, group in _grouped(echoes).items():
            self._settle(by_ident[ident], group)
        rest = [entry for ident, entry in echoes if ident is None]
        for customer, group in _grouped((entry.customer, entry) for entry in rest).items():
            self._settle_customer(by_customer.get(customer, []), group)
        self.strangers += [entry for entry in rest if entry.customer not in by_customer]

    def _ident_of(self, entry: Entry, known: Mapping[str, list[SentItem]]) -> str | None:
        """The ident of ours that the entry echoes; an ident of somebody else's is no echo."""
        if entry.ident in known:
            return entry.ident
        return entry.customer if self.plain and entry.customer in known else None

    def _settle_customer(self, items: list[SentItem], entries: list[Entry]) -> None:
        open_items = [item for item in items if item.item not in self.results]
        if open_items:
            self._settle(open_items, entries)
        elif items and any(self.results[item.item].result is not _kind(entry) for item in items for entry in entries):
            self._doubt(items)

    def _settle(self, items: list[SentItem], entries: list[Entry]) -> None:
        """Give the items their entries' result when these agree in kind, and for several items in number too."""
        several = len(items) > 1 or len(entries) > 1
        if several and ((len(items) > 1 and len(items) != len(entries)) or len({entry.ok for entry in entries}) > 1):
            self._doubt(items)
            return
        for item, entry in zip(items, entries, strict=False):
            self.results[item.item] = ItemResult(item.item, _kind(entry), Evidence.LISTED, entry)

    def _doubt(self, items: list[SentItem]) -> None:
        for item in items:
            self.results[item.item] = ItemResult(item.item, Result.UNKNOWN)


def _one_each(sent: Sequence[SentItem], entries: Sequence[Entry]) -> dict[int, ItemResult] | None:
    """The results where no customer is twice among the items nor the entries, no ident is echoed and no entry is a
    stranger's: what nearly every job says, and what matching in groups would come to. None for anything else."""
    by_customer = {item.customer: item.item for item in sent}
    told = {entry.customer: entry for entry in entries}
    usual = len(by_customer) == len(sent) and len(told) == len(entries) and None not in told
    if not usual or not told.keys() <= by_customer.keys() or any(entry.ident is not None for entry in entries):
        return None
    return {
        item: ItemResult(item, _kind(entry), Evidence.LISTED, entry)
        for item, entry in ((by_customer[customer], entry) for customer, entry in told.items())
    }


def _grouped(pairs: Iterable[tuple[Key | None, Value]]) -> dict[Key, list[Value]]:
    groups: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        if key is not None:
            groups[key].append(value)
    return dict(groups)


def _kind(entry: Entry) -> Result:
    return Result.SUCCEEDED if entry.ok else Result.FAILED


def _notes(items: Sequence[ItemResult], strangers: Sequence[Entry], status: JobStatus, count: int) -> Iterable[str]:
    unknown = sum(1 for item in items if item.result is Result.UNKNOWN)
    if unknown:
        yield tr(
            "Gameball's answer does not say what became of {unknown} of {items}.",
            unknown=unknown,
            items=items_words(count),
        )
    if strangers:
        one = tr("1 entry of Gameball's answer belongs to no item of this chunk.")
        many = tr("{number} entries of Gameball's answer belong to no item of this chunk.", number=len(strangers))
        yield one if len(strangers) == 1 else many
    if status.total not in (None, count):
        sent = items_words(count)
        yield tr("Gameball counted {total} in this job, which was sent with {items}.", total=status.total, items=sent)
