"""The transactions list, read tolerantly: what a look-up can prove. Source: the API page, "Re-send rules"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gb_desktop.gameball.entries import as_text, fold
from gb_desktop.gameball.model import Facts, Reaction, Transaction


@dataclass(frozen=True, slots=True)
class TransactionPage:
    """One page of a customer's transactions, or the reason there is none.

    `transactions` is None when the answer was unusable; `next` is the `start_after` of the page behind, None on the
    last one.
    """

    facts: Facts
    transactions: tuple[Transaction, ...] | None = None
    next: str | None = None
    reaction: Reaction = Reaction.NONE
    message: str = ""


def read_page(body: Any, limit: int, asked_after: str | None) -> tuple[tuple[Transaction, ...], str | None] | None:
    """(transactions, next) from a 200 answer's body, or None when the body holds no list of objects.

    The list has a page behind when it says `hasMore`, or, where it doesn't tell, when this one is full. A page that
    would lead back to itself is the last.
    """
    root = fold(body) if isinstance(body, dict) else {}
    entries = root.get("transactions")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return None
    more = root["hasmore"] if isinstance(root.get("hasmore"), bool) else len(entries) >= limit
    last = as_text(fold(entries[-1]).get("gameballtransactionid")) if entries and more else None
    return tuple(_transaction(entry) for entry in entries), None if last == asked_after else last


def _transaction(entry: Mapping[str, Any]) -> Transaction:
    keys = fold(entry)
    return Transaction(
        customer=as_text(keys.get("customerid")) or "",
        transaction_id=as_text(keys.get("transactionid")),
        kind=as_text(keys.get("type")) or "",
        points=as_text(keys.get("points")),
        amount=as_text(keys.get("amount")),
        time=as_text(keys.get("transactiontime")),
        reason=as_text(keys.get("reason")) or "",
        returned=entry,
    )
