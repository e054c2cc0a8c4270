"""What one item of each batch type does to the account, and what its result entry says.

Source: the batch API's page, "Fields" and "Result entries". The page leaves open whether cashback creates an unknown
customer: here it doesn't (7000), as for redemptions and adjustments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from gb_desktop.practice.refusals import ItemFailed
from gb_desktop.practice.settings import Behaviour
from gb_desktop.practice.world import ADDED, EARNED, REWARDED, SPENT, TAKEN, Customer, World, moment

REPEATED_ORDER = "Order already exists."
UNKNOWN_ORDER = "Order not found."

Entry = dict[str, Any]
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and when an item is carried out."""

    world: World
    at: float  # seconds since 1970
    behaviour: Behaviour

    def echo(self, item: Item, name: str) -> Entry:
        """The item's own ID for its result entry, where results carry it."""
        return {name: item[name]} if self.behaviour.echo else {}


def apply(kind: str, item: Any, here: Circumstances) -> Entry:
    """Carry an item of batch type `kind` out and give its result entry; ItemFailed leaves all as it was."""
    return _EFFECTS[kind](item, here)


def _customers(item: Item, here: Circumstances) -> Entry:
    here.world.create(item["customerId"])
    return {"customerId": item["customerId"], "message": "Success"}


def _order(item: Item, here: Circumstances) -> Entry:
    name, order = item["customerId"], item["orderId"]
    if order in here.world.orders:
        raise ItemFailed(None, REPEATED_ORDER)
    _require_past(item["orderDate"], here.at)
    spent = _spend_held(item, here.world)
    here.world.create(name)
    here.world.orders[order] = [*spent, _earn(item, here.world, Decimal(item["totalPaid"]), "orderDate", "orderId")]
    return {"customerId": name, "message": "Success", **here.echo(item, "orderId")}


def _spend_held(item: Item, world: World) -> list[int]:
    """Use up the hold that an order names, if it names one: the transaction's position."""
    reference = item.get("redemption", {}).get("pointsHoldReference")
    if reference is None:
        return []
    held = world.spend_hold(item["customerId"], reference)
    world.move(item["customerId"], SPENT, held, time=item["orderDate"], ident=item["orderId"])
    return [len(world.transactions) - 1]


def _earn(item: Item, world: World, paid: Decimal, time: str, ident: str) -> int:
    """Award the points of money spent: the transaction's position."""
    points = (paid * world.seed.earn_rate).to_integral_value(ROUND_FLOOR)
    world.move(item["customerId"], EARNED, points, time=item[time], amount=paid, ident=item[ident])
    return len(world.transactions) - 1


def _order_transactions(item: Any, here: Circumstances) -> Entry:
    if item not in here.world.orders:
        raise ItemFailed(None, UNKNOWN_ORDER)
    found = [here.world.transactions[position].to_json() for position in here.world.orders[item]]
    return {"orderId": item, "transactions": found, "count": len(found)}


def _inquiry(item: Item, here: Circumstances) -> Entry:
    customer, seed = here.world.known(item["customerId"]), here.world.seed
    return {
        "customerId": item["customerId"],
        "pointsBalance": customer.available,
        "pointsValue": customer.available * seed.point_value,
        "currency": seed.currency,
        "pointsName": seed.points_name,
    }


def _adjustment(item: Item, here: Circumstances) -> Entry:
    customer = here.world.known(item["customerId"])
    amount = Decimal(item["amount"])
    in_money = here.behaviour.unit == "money"
    points = amount / here.world.seed.point_value if in_money else amount
    if points < 0:
        _require_points(customer, -points)
    here.world.move(
        item["customerId"],
        ADDED if points > 0 else TAKEN,
        abs(points),
        time=moment(here.at),
        amount=abs(amount) if in_money else None,
        reason=item.get("reason", ""),
    )
    return {"customerId": item["customerId"], "message": "Success"}


def _cashback(item: Item, here: Circumstances) -> Entry:
    _require_new(item, here)
    position = _earn(item, here.world, Decimal(item["amount"]), "transactionTime", "transactionId")
    here.world.remember(item["transactionId"], item["transactionTime"], item["customerId"])
    made = here.world.transactions[position]
    return {
        "customerId": item["customerId"],
        "amount": item["amount"],
        "points": made.points,
        "gameballTransactionId": made.number,
        **here.echo(item, "transactionId"),
    }


def _redeem(item: Item, here: Circumstances) -> Entry:
    customer = _require_new(item, here)
    made = here.world.move(
        item["customerId"],
        SPENT,
        _points_to_redeem(item, here.world, customer),
        time=item["transactionTime"],
        amount=Decimal(item["amount"]) if "amount" in item else None,
        ident=item["transactionId"],
    )
    here.world.remember(item["transactionId"], item["transactionTime"], item["customerId"])
    return {
        "customerId": item["customerId"],
        "gameballTransactionId": made.number,
        "redeemedPoints": made.points,
        **here.echo(item, "transactionId"),
    }


def _points_to_redeem(item: Item, world: World, customer: Customer) -> Decimal:
    if "holdReference" in item:
        return world.spend_hold(item["customerId"], item["holdReference"])
    if "points" in item:
        points = Decimal(item["points"])
    else:
        points = (Decimal(item["amount"]) / world.seed.point_value).to_integral_value(ROUND_CEILING)
    _require_points(customer, points)
    return points


def _event(item: Item, here: Circumstances) -> Entry:
    world = here.world
    world.create(item["customerId"])
    for name in item["events"]:
        world.move(item["customerId"], REWARDED, world.seed.event_points, time=moment(here.at), reason=name)
    return {"customerId": item["customerId"], "message": "Success"}


def _require_new(item: Item, here: Circumstances) -> Customer:
    """The item's customer, once the transaction's ID and time are found to be new and not in the future."""
    customer = here.world.known(item["customerId"])
    _require_past(item["transactionTime"], here.at)
    here.world.require_new(
        item["transactionId"], item["transactionTime"], item["customerId"], here.behaviour.timestamps
    )
    return customer


def _require_past(time: str, at: float) -> None:
    # Both are written in the one format that is allowed, whose order as text is their order in time.
    if time > moment(at):
        raise ItemFailed(9007)


def _require_points(customer: Customer, points: Decimal) -> None:
    if customer.available < points:
        raise ItemFailed(9008)


_EFFECTS: Mapping[str, Callable[[Any, Circumstances], Entry]] = {
    "customers": _customers,
    "orders": _order,
    "order-transactions": _order_transactions,
    "balance-inquiry": _inquiry,
    "balance-adjustment": _adjustment,
    "cashback": _cashback,
    "redeem": _redeem,
    "events": _event,
}
