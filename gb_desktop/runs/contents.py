"""Hashes of what a run sends, to recognise the same sheet when it comes again."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Hashes:
    """ordered: the items in the sheet's order. unordered: the same for any order. Hex."""

    ordered: str
    unordered: str


def content_hashes(db: sqlite3.Connection) -> Hashes:
    """Hashes over every item's content digest; generated IDs and times are no part of it."""
    ordered = hashlib.sha256()
    total = 0
    found = db.execute("SELECT content FROM items ORDER BY item")
    while batch := found.fetchmany(BATCH):
        digests = [content for (content,) in batch]
        ordered.update(b"".join(digests))
        # A sum and not an exclusive or: two equal rows must not cancel each other out.
        total += sum(int.from_bytes(digest, "big") for digest in digests)
    return Hashes(ordered.hexdigest(), f"{total % 2**256:064x}")
