"""A key's fingerprint: tells the same API key again without keeping it."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from gb_desktop.accounts.files import disk_errors, locked, write_private
from gb_desktop.accounts.model import AccountError
from gb_desktop.text import tr

SALT_FILE = "fingerprint.salt"
SALT_BYTES = 32


def fingerprint(salt: bytes, api_key: str) -> str:
    """32 hex digits of keyed BLAKE2b. API keys are long and random, so no slow hash is needed beside the salt."""
    return hashlib.blake2b(api_key.encode(), digest_size=16, key=salt, person=b"gb-desktop-key").hexdigest()


def load_salt(folder: Path) -> bytes:
    """This computer's 32 random bytes, made once (mode 0600) and never replaced.

    A new salt would make every earlier run look like another account's, and with it "this was sent before" would be
    lost: so a damaged file is an AccountError, never a reason to make another.
    """
    path = folder / SALT_FILE
    with locked(folder / "accounts.lock"), disk_errors(path):
        if not path.exists():
            write_private(path, secrets.token_bytes(SALT_BYTES))
        salt = path.read_bytes()
    if len(salt) != SALT_BYTES:
        raise AccountError(
            tr(
                "The file {path} is damaged, so GB Desktop can't tell what was sent before: restore it from a backup; "
                "delete it only if you accept that earlier runs are no longer recognised.",
                path=path,
            ),
            "disk",
        )
    return salt
