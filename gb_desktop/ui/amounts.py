"""Exact amounts for people: every digit that is held, with thousands separators. Knows no Qt."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def amount_words(amount: str) -> str:
    """`1234567.50` as `1,234,567.50`; nothing is rounded, and what is no number stays as it is."""
    try:
        return f"{Decimal(amount):,f}" if amount else ""
    except InvalidOperation:
        return amount
