"""The accounts file: versioned JSON that never holds a key."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from gb_desktop.accounts.model import Account, AccountError
from gb_desktop.accounts.tidy import tidy_account

VERSION = 1

_KEY_ID = re.compile(r"[0-9a-f]{16}")


class NewerListError(Exception):
    """The file was written by a later version of the app: it must not be touched."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the file: an account, and the name under which the vault keeps its present keys."""

    account: Account
    key_id: str


def written(entries: list[Entry]) -> bytes:
    """The file's content."""
    data = {"version": VERSION, "accounts": [_plain(entry) for entry in entries]}
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def read_entries(content: bytes) -> list[Entry]:
    """The entries of `written`. ValueError when the content is damaged, NewerListError when this app is too old."""
    data = json.loads(content)
    try:
        if data["version"] > VERSION:
            raise NewerListError
        entries = [_entry(item) for item in data["accounts"]]
    except (KeyError, TypeError, AttributeError, AccountError) as error:
        raise ValueError("not a list of accounts") from error
    if len({entry.account.name.casefold() for entry in entries}) != len(entries):
        raise ValueError("two accounts of one name")
    return entries


def _plain(entry: Entry) -> dict[str, Any]:
    account = entry.account
    return {
        "name": account.name,
        "environment": account.environment,
        "base_url": account.base_url,
        "version": account.version,
        "merge": sorted(account.merge),
        "unit": account.unit,
        "dialect": account.dialect,
        "proxy": account.proxy,
        "keys": entry.key_id,
    }


def _entry(item: dict[str, Any]) -> Entry:
    if not _KEY_ID.fullmatch(item["keys"]):
        raise ValueError("not a name of keys")
    account = Account(
        name=item["name"],
        environment=item["environment"],
        base_url=item["base_url"],
        version=item["version"],
        merge=frozenset(item["merge"]),
        unit=item["unit"],
        dialect=item["dialect"],
        proxy=item["proxy"],
    )
    return Entry(tidy_account(account), item["keys"])
