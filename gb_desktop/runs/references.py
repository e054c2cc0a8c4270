"""The app's own reference of an adjustment: it makes a lost one findable in Gameball's transactions list."""

from __future__ import annotations

import hashlib

from gb_desktop.catalog import LookUp, batch_type
from gb_desktop.mapping.model import Mapping
from gb_desktop.runs.meta import Meta

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def reference(run: str, item: int) -> str:
    """`gb:` + run + row, at most 16 characters for a million rows, e.g. `gb:4k2m9qxa-1f3`."""
    token = int.from_bytes(hashlib.blake2b(run.encode(), digest_size=5).digest(), "big")
    return f"gb:{_base36(token)[-8:]}-{_base36(item)}"


def awaits_reference(meta: Meta) -> bool:
    """Whether the items of a draft are given their references when it is planned."""
    kind = batch_type(meta.get("type"))
    wanted = kind.look_up is LookUp.REFERENCE and Mapping.from_json(meta.get("mapping")).settings.reference
    return wanted and not meta.get("referenced")


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits
