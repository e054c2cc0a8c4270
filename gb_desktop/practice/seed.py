"""The customers a practice account begins with, and what its points are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from gb_desktop.practice import exact
from gb_desktop.text import tr


@dataclass(frozen=True, slots=True)
class SeedCustomer:
    """A customer at the beginning. `holds` are points put aside, by reference; they are part of the balance."""

    balance: Decimal
    holds: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seed:
    """An account at the beginning. Money is in `currency`; numbers are exact.

    As a file it is a JSON object of these names; `customers` is a list of
    `{"customerId": "C-1", "balance": 500, "holds": {"HOLD-1": 100}}`, and every name may be left out.
    """

    customers: Mapping[str, SeedCustomer] = field(default_factory=dict)
    accept_unknown: bool = False  # customers nobody listed exist too, with `balance` points, ...
    accept_prefix: str = ""  # ... when their ID starts with this ...
    refuse_words: tuple[str, ...] = ()  # ... and holds none of these words, in any case
    balance: Decimal = Decimal(1000)
    currency: str = "EGP"
    points_name: str = "points"
    point_value: Decimal = Decimal("0.10")  # what one point is worth
    earn_rate: Decimal = Decimal(1)  # points for one unit of money spent
    event_points: Decimal = Decimal(5)  # points for one event

    def starts_with(self, customer: str) -> SeedCustomer | None:
        """What `customer` has at the beginning, or None when the account doesn't know them."""
        found = self.customers.get(customer)
        if found is None and self._accepts(customer):
            return SeedCustomer(self.balance)
        return found

    def _accepts(self, customer: str) -> bool:
        folded = customer.casefold()
        refused = any(word in folded for word in self.refuse_words)
        return self.accept_unknown and customer.startswith(self.accept_prefix) and not refused

    def to_json(self) -> dict[str, Any]:
        """The JSON object of the seed file; `exact.write` keeps its numbers."""
        listed = [
            {"customerId": name, "balance": one.balance, "holds": dict(one.holds)}
            for name, one in self.customers.items()
        ]
        return {
            "customers": listed,
            "accept_unknown": self.accept_unknown,
            "accept_prefix": self.accept_prefix,
            "refuse_words": list(self.refuse_words),
            "balance": self.balance,
            "currency": self.currency,
            "points_name": self.points_name,
            "point_value": self.point_value,
            "earn_rate": self.earn_rate,
            "event_points": self.event_points,
        }

    @classmethod
    def from_json(cls, data: Any) -> Seed:
        """The seed of `to_json`. ValueError with one sentence when something in it is not understood."""
        if not isinstance(data, dict):
            raise ValueError(tr("A seed must be a JSON object."))
        read: dict[str, Any] = {}
        for name, value in data.items():
            if name not in _READERS:
                raise ValueError(tr("The seed's setting {name} is not known.", name=name))
            try:
                read[name] = _READERS[name](value)
            except (TypeError, KeyError, InvalidOperation, AttributeError):
                raise ValueError(tr("The seed's setting {name} is not understood.", name=name)) from None
        seed = cls(**read)
        if seed.point_value <= 0:
            raise ValueError(tr("The seed's setting {name} must be above zero.", name="point_value"))
        return seed

    @classmethod
    def from_file(cls, path: Path) -> Seed:
        """The seed in a JSON file. ValueError with one sentence when it can't be used."""
        try:
            return cls.from_json(exact.read(path.read_text(encoding="utf-8")))
        except OSError as error:
            why = error.strerror or str(error)
            raise ValueError(tr("The seed file {path} can't be read: {why}.", path=path, why=why)) from error
        except ValueError as error:
            raise ValueError(tr("The seed file {path} can't be used. {why}", path=path, why=error)) from error


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise TypeError(value)
    number = Decimal(value)
    if not number.is_finite():
        raise TypeError(value)
    return number


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(_text(word).casefold() for word in value)


def _customers(value: Any) -> dict[str, SeedCustomer]:
    found = {}
    for one in value:
        holds = {_text(name): _number(points) for name, points in one.get("holds", {}).items()}
        found[_text(one["customerId"])] = SeedCustomer(_number(one.get("balance", 0)), holds)
    return found


_READERS = {
    "customers": _customers,
    "accept_unknown": _flag,
    "accept_prefix": _text,
    "refuse_words": _words,
    "balance": _number,
    "currency": _text,
    "points_name": _text,
    "point_value": _number,
    "earn_rate": _number,
    "event_points": _number,
}


# The sample workbooks name no customer beyond C-10999.
_DEFAULT_COUNT = 999


def _default_customers() -> dict[str, SeedCustomer]:
    made = {f"C-{10000 + number}": SeedCustomer(Decimal(500 + 50 * number)) for number in range(1, _DEFAULT_COUNT + 1)}
    made["C-10001"] = SeedCustomer(Decimal(550), {"HOLD-1": Decimal(100)})
    made["C-10002"] = SeedCustomer(Decimal(600), {"HOLD-2": Decimal(250)})
    return made


# A person practises with a sheet of their own, so any customer exists; an ID that says otherwise shows what happens
# to customers Gameball doesn't know.
REFUSED = ("unknown", "nobody", "no-such", "missing")
DEFAULT_SEED = Seed(customers=_default_customers(), accept_unknown=True, refuse_words=REFUSED)
