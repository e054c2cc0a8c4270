"""The eight batch types as data. Imports no other room."""

from gb_desktop.catalog.customers import CUSTOMERS
from gb_desktop.catalog.model import BatchType, Effect, Field, FreeKeys, Kind, LookUp, Resend
from gb_desktop.catalog.orders import ORDER_TRANSACTIONS, ORDERS
from gb_desktop.catalog.points import BALANCE_ADJUSTMENT, BALANCE_INQUIRY, CASHBACK, EVENTS, REDEEM

BATCH_TYPES: tuple[BatchType, ...] = (
    CASHBACK,
    BALANCE_ADJUSTMENT,
    REDEEM,
    ORDERS,
    CUSTOMERS,
    EVENTS,
    BALANCE_INQUIRY,
    ORDER_TRANSACTIONS,
)


def batch_type(key: str) -> BatchType:
    """The batch type called `key` on the command line and in run files; KeyError when there is none."""
    for candidate in BATCH_TYPES:
        if candidate.key == key:
            return candidate
    raise KeyError(key)


__all__ = [
    "BATCH_TYPES",
    "BatchType",
    "Effect",
    "Field",
    "FreeKeys",
    "Kind",
    "LookUp",
    "Resend",
    "batch_type",
]
