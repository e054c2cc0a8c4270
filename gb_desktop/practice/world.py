"""What a practice account holds: customers, their points and holds, transactions and orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from gb_desktop.practice.refusals import ItemFailed
from gb_desktop.practice.seed import Seed

_NO_HOLDS: Mapping[str, Decimal] = MappingProxyType({})
FIRST_TRANSACTION = 70_000_001
EARNED, SPENT, ADDED, TAKEN, REWARDED = (
    "PaymentReward",
    "Redemption",
    "ManualAccumulation",
    "ManualDeduction",
    "CampaignReward",
)


@lru_cache(maxsize=256)
def moment(at: float) -> str:
    """A time (seconds since 1970) as Gameball writes it, to the millisecond."""
    whole, thousandths = divmod(round(at * 1000), 1000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{thousandths:03d}Z"


@dataclass(slots=True)
class Customer:
    """One customer's points. `holds` are put aside: part of the balance, but not to be spent otherwise."""

    balance: Decimal
    holds: Mapping[str, Decimal]

    @property
    def available(self) -> Decimal:
        """The points that can be spent."""
        return self.balance - sum(self.holds.values())


@dataclass(frozen=True, slots=True)
class Transaction:
    """One move of points. `points` and `amount` (its money) are never negative; `kind` says the direction."""

    number: int
    customer: str
    kind: str
    points: Decimal
    amount: Decimal
    before: Decimal
    after: Decimal
    time: str
    ident: str | None
    reason: str

    def to_json(self) -> dict[str, Any]:
        """An entry of the transactions list."""
        return {
            "customerId": self.customer,
            "transactionId": self.ident,
            "gameballTransactionId": self.number,
            "type": self.kind,
            "direction": "-" if self.kind in (SPENT, TAKEN) else "+",
            "points": self.points,
            "amount": self.amount,
            "transactionTime": self.time,
            "status": "Completed",
            "reason": self.reason,
            "pointsBalanceBefore": self.before,
            "pointsBalanceAfter": self.after,
        }


class World:
    """An account's state. It changes only through the methods below, so that replaying a journal repeats it."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self.transactions: list[Transaction] = []
        self.orders: dict[str, list[int]] = {}  # order ID -> positions in `transactions`
        self._customers: dict[str, Customer] = {}
        self._by_customer: dict[str, list[int]] = {}  # positions in `transactions`, oldest first
        self._idents: set[str] = set()
        self._times: set[str] = set()  # times used by anybody, and times with the customer who used them

    def customer(self, name: str) -> Customer | None:
        """A customer known so far, or None."""
        found = self._customers.get(name)
        start = None if found else self.seed.starts_with(name)
        if start is not None:
            found = self._customers[name] = Customer(start.balance, start.holds)
        return found

    def known(self, name: str) -> Customer:
        """A customer who must exist: ItemFailed 7000 otherwise."""
        found = self.customer(name)
        if found is None:
            raise ItemFailed(7000)
        return found

    def create(self, name: str) -> Customer:
        """A customer, made with no points when unknown."""
        return self.customer(name) or self._customers.setdefault(name, Customer(Decimal(0), _NO_HOLDS))

    def require_new(self, ident: str, time: str, name: str, within: str) -> None:
        """ItemFailed 9004 for a transaction ID used before, 9003 for a time used `within` customer or account."""
        if ident in self._idents:
            raise ItemFailed(9004)
        if (within == "customer" and f"{time} {name}" in self._times) or (within == "account" and time in self._times):
            raise ItemFailed(9003)

    def remember(self, ident: str, time: str, name: str) -> None:
        """Take a transaction ID and its time as used."""
        self._idents.add(ident)
        self._times.update((time, f"{time} {name}"))

    def spend_hold(self, name: str, reference: str) -> Decimal:
        """The points of a hold, which is used up; ItemFailed 9006 when this customer has none such."""
        customer = self.customer(name)
        if customer is None or reference not in customer.holds:
            raise ItemFailed(9006)
        held = customer.holds[reference]
        customer.holds = {other: points for other, points in customer.holds.items() if other != reference}
        return held

    def move(
        self,
        name: str,
        kind: str,
        points: Decimal,
        *,
        time: str,
        amount: Decimal | None = None,
        ident: str | None = None,
        reason: str = "",
    ) -> Transaction:
        """Add points to a customer, or take them by `kind`, as one transaction."""
        customer = self.create(name)
        before = customer.balance
        customer.balance = before - points if kind in (SPENT, TAKEN) else before + points
        position = len(self.transactions)
        made = Transaction(
            number=FIRST_TRANSACTION + position,
            customer=name,
            kind=kind,
            points=points,
            amount=points * self.seed.point_value if amount is None else amount,
            before=before,
            after=customer.balance,
            time=time,
            ident=ident,
            reason=reason,
        )
        self.transactions.append(made)
        self._by_customer.setdefault(name, []).append(position)
        return made

    def listed(self, name: str | None) -> list[Transaction]:
        """A customer's transactions (everybody's for None), newest first."""
        if name is None:
            return self.transactions[::-1]
        return [self.transactions[position] for position in reversed(self._by_customer.get(name, ()))]
