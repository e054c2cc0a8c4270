"""The unit of an adjustment's amount: what a first row did to a customer's balance, in words for a person to judge."""

from __future__ import annotations

from gb_desktop.gameball.client import Discovery
from gb_desktop.runs.journal import Item
from gb_desktop.text import tr


def balance_sentence(found: Discovery | None) -> str:
    """A customer's balance as Gameball gave it: `1,200 Points (worth 120 EGP)`."""
    if found is None:
        return tr("not known")
    for entry in found.entries:
        if entry.ok:
            known = {key.lower(): value for key, value in entry.returned.items()}
            points, worth = known.get("pointsbalance"), known.get("pointsvalue")
            if points is not None:
                name, currency = known.get("pointsname") or tr("points"), known.get("currency") or ""
                return tr(
                    "{points} {name} (worth {worth} {currency})",
                    points=points,
                    name=name,
                    worth=worth,
                    currency=currency,
                )
    return tr("not known ({reason})", reason=found.answer.message or tr("Gameball gave no balance"))


def unit_question(item: Item, before: str, after: str) -> str:
    """What the first adjustment did, as a question."""
    return tr(
        "The first adjustment alone: {amount} for customer {customer}. Balance before: {before}; after: {after}. "
        "Was that {amount} points or {amount} of money?",
        amount=item.amount or "?", customer=item.customer or "?", before=before, after=after,
    )  # fmt: skip


def not_applied(item: Item) -> str:
    """Why the first adjustment says nothing about the unit."""
    return tr(
        "The first adjustment alone, {amount} for customer {customer}, was not certainly applied, so it doesn't show "
        "whether amounts are points or money.",
        amount=item.amount or "?", customer=item.customer or "?",
    )  # fmt: skip
