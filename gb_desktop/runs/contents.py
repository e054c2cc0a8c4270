"""Hashes of what a run sends, to recognise the same sheet when it comes again."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hashes:
    """ordered: the items in the sheet's order. unordered: the same for any order. Hex."""

    ordered: str
    unordered: str


def content_hashes(db: sqlite3.Connection) -> Hashes:
    """Hashes over every item's content, generated IDs and times left aside."""
    ordered = hashlib.sha256()
    total = 0
    for (content,) in db.execute("SELECT content FROM items ORDER BY item"):
        ordered.update(content)
        # A sum and not an exclusive or: two equal rows must not cancel each other out.
        total = (total + int.from_bytes(hashlib.sha256(content).digest(), "big")) % 2**256
    return Hashes(ordered.hexdigest(), f"{total:064x}")
