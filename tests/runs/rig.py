"""Planned runs made directly, without a workbook: what every test of the engine starts from."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from gb_desktop.catalog import batch_type
from gb_desktop.checking.model import ItemDraft, RowResult, RowState
from gb_desktop.mapping.model import Mapping, Settings
from gb_desktop.runs import schema
from gb_desktop.runs.clock import Clock, SystemClock
from gb_desktop.runs.control import Control
from gb_desktop.runs.engine import Engine
from gb_desktop.runs.freeze import freeze
from gb_desktop.runs.journal import Journal
from gb_desktop.runs.model import AccountFacts, SendSettings
from gb_desktop.runs.pace import FailureBrake, JobWindow, PollClock
from gb_desktop.runs.repeats import KEYS
from gb_desktop.runs.review import review_of
from gb_desktop.runs.shelf import Shelf
from gb_desktop.runs.state import Sending
from gb_desktop.runs.store import RunStore
from gb_desktop.workbook.model import Row

FIRST_ROW = 2
PRACTICE = AccountFacts("Practice", "practice", "http://127.0.0.1:1", "v4.0", "f" * 16, unit="points", dialect="a")
TYPES = (
    "customers",
    "orders",
    "order-transactions",
    "balance-inquiry",
    "balance-adjustment",
    "cashback",
    "redeem",
    "events",
)


def body_of(key: str, number: int, customer: str) -> Any:
    """A request element that the practice service takes, as JSON values."""
    time = f"2026-03-{1 + number // 86400:02d}T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}.000Z"
    match key:
        case "customers":
            return {"customerId": customer, "email": f"a{number}@example.com"}
        case "orders":
            return {"customerId": customer, "orderId": f"O-{number}", "orderDate": time, "totalPaid": 100}
        case "order-transactions":
            return f"O-{number}"
        case "balance-inquiry":
            return {"customerId": customer}
        case "balance-adjustment":
            return {"customerId": customer, "amount": 5, "reason": "Gift"}
        case "events":
            return {"customerId": customer, "events": {"visit": {"number": number}}}
    money = {"amount": 10} if key == "cashback" else {"points": 10}
    return {"customerId": customer, "transactionId": f"T-{number}", "transactionTime": time, **money}


def draft_of(key: str, number: int, customer: str) -> ItemDraft:
    """The checked item of one row."""
    value = body_of(key, number, customer)
    text = json.dumps(value, separators=(",", ":"))
    known: dict[str, Any] = value if isinstance(value, dict) else {"orderId": value}
    ident = known.get("transactionId") or known.get("orderId")
    amount = known.get("amount") or known.get("totalPaid")
    return ItemDraft(
        item=number,
        customer=None if key == "order-transactions" else customer,
        ident=ident,
        time=known.get("transactionTime"),
        amount=None if amount is None else str(amount),
        content=hashlib.blake2b(text.encode(), digest_size=16).digest(),
        body=text,
    )


def planned_run(
    shelf: Shelf,
    key: str,
    customers: Sequence[str],
    *,
    settings: SendSettings | None = None,
    account: AccountFacts = PRACTICE,
    excluded: int = 0,
    reference: bool = True,
    again: bool = False,
) -> str:
    """A run that is ready to be sent: one row a customer given, in order, then `excluded` rows left out; its name."""
    settings = settings or SendSettings()
    run = shelf.create()
    with closing(RunStore.open(shelf.path(run))) as store:
        rows = len(customers) + excluded
        store.stage(
            Row(FIRST_ROW + place, [customers[place] if place < len(customers) else ""]) for place in range(rows)
        )
        mapping = Mapping(key, settings=Settings(reference=reference))
        store.meta.update(type=key, mapping=mapping.to_json(), merge=[])
        store.begin_check(KEYS)
        store.add_results(_results(key, customers, excluded))
        store.finish_check()
        review = review_of(store, batch_type(key), account, settings, shelf.ledger)
        freeze(store, batch_type(key), account, settings, review, again, lambda _: None)
    return run


def _results(key: str, customers: Sequence[str], excluded: int) -> list[RowResult]:
    ready = [
        RowResult(number, RowState.READY, draft_of(key, number, customer))
        for number, customer in enumerate(customers, FIRST_ROW)
    ]
    first = FIRST_ROW + len(customers)
    return ready + [RowResult(row, RowState.EXCLUDED, reason="left out") for row in range(first, first + excluded)]


def sending_of(
    shelf: Shelf,
    run: str,
    client: Any,
    db: sqlite3.Connection,
    *,
    settings: SendSettings | None = None,
    account: AccountFacts = PRACTICE,
    clock: Clock | None = None,
    journal: Callable[[sqlite3.Connection], Journal] = Journal,
    retry_base: float = 0.01,
    **parts: Any,
) -> Sending:
    """What an engine works with, over a real run file; waits are short."""
    settings = settings or SendSettings(look_up_seconds=0.2, wait_network=0.3)
    kept = journal(db)
    return Sending(
        run=run,
        batch_type=batch_type(kept.meta.get("type")),
        account=account,
        settings=settings,
        journal=kept,
        ledger=shelf.ledger,
        client=client,
        control=parts.pop("control", None) or Control(),
        clock=clock or SystemClock(),
        window=JobWindow(settings.open_jobs),
        polls=PollClock(first=0.01, fastest=0.01),
        brake=FailureBrake(settings.failure_share, kept.tally.counts()),
        retry_base=retry_base,
        **parts,
    )


def engine_of(shelf: Shelf, run: str, client: Any, **more: Any) -> Engine:
    """An engine over a run; closing it closes the run file."""
    stop_requested = more.pop("stop_requested", lambda: None)
    db = schema.open_to_write(shelf.path(run))
    sending = sending_of(shelf, run, client, db, **more)
    return Engine(sending, stop_requested=stop_requested, on_close=db.close)


def outcomes(shelf: Shelf, run: str) -> dict[int, str]:
    """Outcome by item; items without one are missing."""
    with closing(schema.open_to_read(shelf.path(run))) as db:
        return dict(db.execute("SELECT item, outcome FROM outcomes").fetchall())


def evidence(shelf: Shelf, run: str) -> dict[int, tuple[str, str]]:
    """(evidence, message) by item."""
    with closing(schema.open_to_read(shelf.path(run))) as db:
        return {item: (why, said) for item, why, said in db.execute("SELECT item, evidence, message FROM outcomes")}


def shelf_in(folder: Path) -> Shelf:
    return Shelf(folder / "data")


def live(**changes: Any) -> AccountFacts:
    """A live account, its unit not known."""
    return replace(PRACTICE, **{"name": "Shop", "environment": "live", "unit": "", **changes})
