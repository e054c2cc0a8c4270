"""Values that the app makes: transaction IDs from a row's own content, and a time for rows that have none."""

from __future__ import annotations

import datetime as dt
import re

from gb_desktop.mapping.zones import wire_of_ms

HASH_BYTES = 10


def proposed_prefix(batch_type_key: str, now: dt.datetime) -> str:
    """The prefix offered for generated IDs, such as `cashback-202603`."""
    return f"{batch_type_key}-{now:%Y%m}"


def is_proposed(batch_type_key: str, prefix: str) -> bool:
    """Whether a prefix is one that was proposed, in whatever month, and not a person's own."""
    return re.fullmatch(rf"{re.escape(batch_type_key)}-[0-9]{{6}}", prefix) is not None


def generated_id(prefix: str, content: bytes, occurrence: int) -> str:
    """prefix-hash-occurrence: the same row always gets the same ID, whatever happens to other rows.

    content is the digest of the row's mapped values (at least 10 bytes); occurrence counts rows alike from 1.
    """
    letters = content[:HASH_BYTES].hex()
    return f"{prefix}-{letters}-{occurrence}" if prefix else f"{letters}-{occurrence}"


def generated_time(now_ms: int, row: int) -> str:
    """The moment of the check, one millisecond earlier for each row down: no two are equal, none is in the future."""
    return wire_of_ms(now_ms - row)
