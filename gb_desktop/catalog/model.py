"""What a batch type is: fields, kinds, rules, endpoint and re-send class, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds. The value parser and most rules follow from it."""

    ID = "id"  # text that identifies: a customer, a transaction, a product; never a number on the wire
    TEXT = "text"
    EMAIL = "email"
    MOBILE = "mobile"
    NUMBER = "number"  # Decimal
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATETIME = "datetime"  # sent as UTC ISO 8601 with milliseconds and Z
    DATE = "date"  # sent as YYYY-MM-DD, never through a zone
    CHOICE = "choice"  # one of a closed list
    LIST = "list"  # several texts in one cell, split on a delimiter
    ANY = "any"  # a free key's value: text, number or boolean as the cell holds it


class Effect(StrEnum):
    """What a batch does to points, in the words of the cards."""

    READS = "only reads"
    UPDATES = "updates customers"
    ADDS = "adds points"
    SPENDS = "spends points"
    MOVES = "moves points"
    REWARDS = "may award rewards"


class Resend(StrEnum):
    """What sending the same item again does."""

    HARMLESS = "harmless"  # nothing more than the first time
    KEYED = "keyed"  # refused item by item: the ID is known already
    ONCE = "once"  # it happens twice


class LookUp(StrEnum):
    """How a lost answer can be looked up."""

    NOT_NEEDED = "not needed"
    ORDERS = "order transactions by order ID"
    TRANSACTION_ID = "transactions list by our transaction ID"
    REFERENCE = "transactions list by our reference in the reason"
    NONE = "a person decides"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing Gameball wants. `path` is the name people and the command line use; `wire` is where it goes.

    `minimum`/`maximum` are inclusive. `examples` are the two rows of the template, as a person would type them.
    """

    path: str
    title: str
    kind: Kind
    meaning: str
    required: bool = False
    wire: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    nonzero: bool = False
    past: bool = False  # a time after now is refused (Gameball 9007)
    choices: tuple[str, ...] = ()
    choice_words: tuple[tuple[str, str], ...] = ()  # (word people write, choice)
    extended: bool = False  # documented for the single call only, or rarely needed
    line: bool = False  # belongs to a line item: several rows of one order may differ in it
    generated: bool = False  # the app can make the values
    examples: tuple[str, str] = ("", "")

    @property
    def keys(self) -> tuple[str, ...]:
        """The wire path as keys, e.g. ("customerAttributes", "firstName")."""
        return self.wire or tuple(self.path.split("."))


@dataclass(frozen=True, slots=True)
class FreeKeys:
    """A family of fields that the user names: `custom.<key>` and the like."""

    prefix: str  # "custom." : a path that starts so is one of the family
    wire: tuple[str, ...]  # where the keys go: ("customerAttributes", "custom")
    title: str
    kind: Kind = Kind.ANY
    line: bool = False


@dataclass(frozen=True, slots=True)
class BatchType:
    """One of the eight things the app can send. Source: the batch API's page, "Creating a job" and "Fields"."""

    key: str
    title: str
    endpoint: str
    sentence: str
    effect: Effect
    resend: Resend
    look_up: LookUp
    needs: str  # what the sheet must hold, in words for the card
    fields: tuple[Field, ...]
    free: tuple[FreeKeys, ...] = ()
    exactly_one: tuple[tuple[str, ...], ...] = ()  # of each group exactly one field has a value in a row
    customer: str | None = "customerId"  # path of the field that names the customer
    ident: str | None = None  # path of the field that makes an item unique (transactionId, orderId)
    time: str | None = None  # path of the field that Gameball wants unique and in the past
    amount: str | None = None  # path of the field that Review adds up
    points: str | None = None  # path of the whole points that may stand instead of the amount; added up by themselves
    plain: bool = False  # an item is a plain string, not an object
    joins_rows: bool = False  # several rows with one ident make one item

    @property
    def reads_only(self) -> bool:
        """True when sending changes nothing at Gameball."""
        return self.effect is Effect.READS

    @property
    def can_be_looked_up(self) -> bool:
        """Whether Gameball can be asked about rows whose answer was lost."""
        return self.look_up not in (LookUp.NONE, LookUp.NOT_NEEDED)

    def field(self, path: str) -> Field | None:
        """The field at `path`, free keys included, or None. `lineItems[].sku` is `lineItems.sku`."""
        wanted = path.replace("[]", "")
        for candidate in self.fields:
            if candidate.path == wanted:
                return candidate
        for family in self.free:
            key = wanted[len(family.prefix) :]
            if wanted.startswith(family.prefix) and key:
                return Field(
                    path=wanted,
                    title=key,
                    kind=family.kind,
                    meaning=family.title,
                    wire=(*family.wire, key),
                    line=family.line,
                )
        return None

    @property
    def required(self) -> tuple[Field, ...]:
        """The fields without which no row can be sent."""
        return tuple(field for field in self.fields if field.required)
