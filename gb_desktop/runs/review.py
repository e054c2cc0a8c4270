"""The figures of the Review step: totals, extremes, a histogram, unusual rows, earlier runs of the same data."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from heapq import nlargest
from typing import Any

from gb_desktop.catalog import BatchType, Effect
from gb_desktop.mapping.model import Mapping, SourceKind
from gb_desktop.runs.contents import content_hashes
from gb_desktop.runs.edits import Edits
from gb_desktop.runs.events import Counts
from gb_desktop.runs.known import known_items, samples_of
from gb_desktop.runs.ledger import Ledger, LedgerRun
from gb_desktop.runs.model import AccountFacts, BigRow, EarlierRun, Review, RunState, SendSettings
from gb_desktop.runs.plan import layered, plan
from gb_desktop.runs.store import RunStore
from gb_desktop.text import amount_words, items_words, rows_words, tr

BINS = 12
UNUSUAL = 50  # times the median
RECENT_DAYS = 31
REQUESTS_A_SECOND = 12.0
USUAL_JOB_SECONDS = 5.0


def review_of(
    store: RunStore, batch_type: BatchType, account: AccountFacts, settings: SendSettings, ledger: Ledger
) -> Review:
    """Everything step 5 shows. Amounts are exact; nothing is rounded."""
    db = store.connection
    rows, items, customers = db.execute(
        "SELECT coalesce(sum(rows), 0), count(*), count(DISTINCT customer) FROM items"
    ).fetchone()
    mapping, run = store.meta.get("mapping"), store.meta.get("run")
    requests = count_requests(db, batch_type, account, settings)
    figures: dict[str, Any] = _figures(db, batch_type) if batch_type.amount else {}
    return Review(
        rows=rows,
        items=items,
        customers=customers,
        requests=requests,
        seconds=round(requests * 2.2 / REQUESTS_A_SECOND + USUAL_JOB_SECONDS, 1) if requests else 0.0,
        earlier=earlier_runs(store, batch_type, account, ledger),
        differences=_differences(ledger, account, batch_type, run, items, str(figures.get("total", ""))),
        **known_facts(store, batch_type, account, ledger),
        prefix=_prefix(Mapping.from_json(mapping), batch_type) if mapping else "",
        **figures,
    )


def count_requests(db: sqlite3.Connection, batch_type: BatchType, account: AccountFacts, settings: SendSettings) -> int:
    """How many requests the plan will have."""
    layers, _ = layered(db.execute("SELECT item, customer FROM items ORDER BY item"))
    return sum(1 for _ in plan(layers, settings.chunk_size, settings.first, needs_unit(batch_type, account)))


def needs_unit(batch_type: BatchType, account: AccountFacts) -> bool:
    """Whether the very first adjustment has to go alone, because nobody knows the unit of its amount yet."""
    return batch_type.key == "balance-adjustment" and not account.unit and account.environment != "practice"


def _figures(db: sqlite3.Connection, batch_type: BatchType) -> dict[str, Any]:
    """Exact totals and extremes. Points are never added to amounts: what each is worth is Gameball's to say."""
    amounts = db.execute("SELECT amount, item, customer FROM items WHERE amount IS NOT NULL ORDER BY item").fetchall()
    points = _points(db, batch_type.points) if batch_type.points else []
    figures = _spread(amounts or points) if amounts or points else {}
    if amounts:
        additions = sum((Decimal(amount) for amount, _, _ in amounts if amount[0] != "-"), Decimal(0))
        deductions = sum((Decimal(amount) for amount, _, _ in amounts if amount[0] == "-"), Decimal(0))
        figures["total"] = _shortest(additions + deductions)
        if batch_type.effect is Effect.MOVES:
            figures["additions"], figures["deductions"] = _shortest(additions), _shortest(deductions)
    if points:
        figures["points"] = str(sum(int(number) for number, _, _ in points))
    return figures


def _points(db: sqlite3.Connection, path: str) -> list[tuple[str, int, str | None]]:
    """(points, item, customer) of the items that give points instead of an amount."""
    return db.execute(
        "SELECT CAST(json_extract(body, ?1) AS TEXT), item, customer FROM items "
        "WHERE amount IS NULL AND json_extract(body, ?1) IS NOT NULL ORDER BY item",
        (f"$.{path}",),
    ).fetchall()


def _shortest(amount: Decimal) -> str:
    """Without zeros at the end of the decimal part, as the single amounts are written."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _spread(found: list[tuple[str, int, str | None]]) -> dict[str, Any]:
    """Extremes and spread; the order of a million amounts is found by their nearest floats, which is quicker."""
    sizes = [float(amount) for amount, _, _ in found]
    order = sorted(range(len(sizes)), key=sizes.__getitem__)
    median = Decimal(found[order[len(order) // 2]][0])
    biggest = [found[place] for place in nlargest(20, range(len(sizes)), key=lambda place: abs(sizes[place]))]
    return {
        "largest": found[order[-1]][0],
        "smallest": found[order[0]][0],
        "median": str(median),
        "histogram": _histogram(sizes, sizes[order[0]], sizes[order[-1]]),
        "biggest": tuple(BigRow(item, customer or "", amount) for amount, item, customer in biggest[:10]),
        "unusual": tuple(_unusual(biggest, abs(median))),
    }


def _unusual(biggest: list[tuple[str, int, str | None]], median: Decimal) -> list[BigRow]:
    if not median:
        return []
    far = ((abs(Decimal(amount)) / median, amount, item, customer) for amount, item, customer in biggest)
    return [
        BigRow(item, customer or "", amount, tr("{times} times the median", times=int(times)))
        for times, amount, item, customer in far
        if times >= UNUSUAL
    ]


def _histogram(sizes: list[float], low: float, high: float) -> tuple[tuple[str, str, int], ...]:
    if low == high:
        return ((f"{low:.2f}", f"{high:.2f}", len(sizes)),)
    width = (high - low) / BINS
    counts = Counter(min(BINS - 1, int((size - low) / width)) for size in sizes)
    edges = [f"{low + width * number:.2f}" for number in range(BINS + 1)]
    return tuple((edges[n], edges[n + 1], counts[n]) for n in range(BINS))


def earlier_runs(
    store: RunStore, batch_type: BatchType, account: AccountFacts, ledger: Ledger
) -> tuple[EarlierRun, ...]:
    """Runs of the same key with the same items that make sending again a question, as the ledger knows them now."""
    if batch_type.reads_only:
        return ()
    hashes = content_hashes(store.connection)
    run = store.meta.get("run")
    found = ledger.like(account.fingerprint, batch_type.key, hashes.unordered)
    return told_again(found, hashes.ordered, run)


def told_again(same: Iterable[LedgerRun], ordered: str, but: str) -> tuple[EarlierRun, ...]:
    """Of runs with the same items, those that make sending again a question; the run `but` is left aside."""
    return tuple(_told(one, ordered) for one in same if one.run != but and _matters(one))


def _matters(one: LedgerRun) -> bool:
    sent = dt.datetime.fromisoformat(one.sent_at)
    recent = dt.datetime.now(dt.UTC) - sent < dt.timedelta(days=RECENT_DAYS)
    return recent or one.unknown > 0 or one.state != RunState.FINISHED.value


def _told(one: LedgerRun, ordered: str) -> EarlierRun:
    same = one.ordered == ordered
    return EarlierRun(one.run, RunState(one.state), one.sent_at, same, _earlier_sentence(one, same))


def _earlier_sentence(one: LedgerRun, same: bool) -> str:
    when = one.sent_at.replace("T", " ").removesuffix("Z")
    if one.state not in (RunState.FINISHED.value, RunState.NEEDS_ATTENTION.value):
        return tr(
            "Run {run} of {when} UTC holds the same {rows} and is not finished: continue that one.",
            run=one.run,
            when=when,
            rows=rows_words(one.items),
        )
    if one.items == 1:
        return tr("The same row was sent on {when} UTC in run {run}.", when=when, run=one.run)
    if same:
        return tr(
            "The same {items} rows were sent on {when} UTC in run {run}.", items=one.items, when=when, run=one.run
        )
    return tr(
        "The same {items} rows, in another order, were sent on {when} UTC in run {run}.",
        items=one.items,
        when=when,
        run=one.run,
    )


def _differences(
    ledger: Ledger, account: AccountFacts, batch_type: BatchType, run: str, items: int, total: str
) -> tuple[str, ...]:
    last = ledger.last_of(account.fingerprint, batch_type.key, run)
    if last is None:
        return ()
    before = items_words(last.items)
    said = [tr("The last such run had {before}, this one has {now}.", before=before, now=items)]
    if last.total and total:
        said.append(
            tr("Its total was {before}, this one's is {now}.", before=amount_words(last.total), now=amount_words(total))
        )
    return tuple(said)


def known_facts(store: RunStore, batch_type: BatchType, account: AccountFacts, ledger: Ledger) -> dict[str, Any]:
    """What the review says about rows whose IDs were sent before, as the ledger knows them now."""
    known = known_items(store.connection, batch_type, account, ledger, store.meta.get("run"))
    rows = sum(count for item, count in store.connection.execute("SELECT item, rows FROM items") if item in known)
    return {"known_ids": rows, "known": samples_of(known), "left_known": len(Edits(store).known_rows())}


def _prefix(mapping: Mapping, batch_type: BatchType) -> str:
    source = mapping.sources.get(batch_type.ident or "")
    return source.text if source is not None and source.kind is SourceKind.GENERATED else ""


def counts_before_sending(rows: int, sendable: int) -> Counts:
    """The counts of a planned run: nothing is sent yet."""
    return Counts(rows=rows, not_sent=sendable, excluded=rows - sendable)
