"""Run under its own D-Bus session with a real GNOME keyring, unlocked; prints what happened as JSON.

python secret_service_script.py FOLDER
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path

import secretstorage

from gb_desktop.accounts import Account, AccountBook, AccountError, Keys, Vault


def main() -> None:
    folder, seen = Path(sys.argv[1]), {}
    account, keys = Account("Shop", "live"), Keys("gb_live_0123456789", "live-secret")
    vault = Vault(limit=20)
    book = AccountBook(folder, vault)
    seen["described"] = vault.describe()
    seen["kept"] = book.add(account, keys).lasting
    seen["found"] = AccountBook(folder, Vault(limit=20)).keys("Shop") == keys
    rotated = Keys("gb_live_rotated", "rotated-secret")
    book.set_keys("Shop", rotated)
    seen["rotated"] = AccountBook(folder, Vault(limit=20)).keys("Shop") == rotated
    seen["labels"] = labels()
    lock()
    seen["locked"] = refusal(AccountBook(folder, Vault(limit=3)))
    print(json.dumps(seen))


def labels() -> list[str]:
    with closing(secretstorage.dbus_init()) as bus:
        return sorted(item.get_label() for item in secretstorage.get_default_collection(bus).get_all_items())


def lock() -> None:
    with closing(secretstorage.dbus_init()) as bus:
        secretstorage.get_default_collection(bus).lock()


def refusal(book: AccountBook) -> str:
    try:
        book.keys("Shop")
    except AccountError as error:
        return error.reason
    return ""


if __name__ == "__main__":
    main()
