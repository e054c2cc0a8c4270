"""The app's own reference of an adjustment: it makes a lost one findable in Gameball's transactions list."""

from __future__ import annotations

import hashlib

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def reference(run: str, item: int) -> str:
    """`gb:` + run + row, at most 16 characters for a million rows, e.g. `gb:4k2m9qxa-1f3`."""
    token = int.from_bytes(hashlib.blake2b(run.encode(), digest_size=5).digest(), "big")
    return f"gb:{_base36(token)[-8:]}-{_base36(item)}"


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits
