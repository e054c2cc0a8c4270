"""A key's fingerprint tells the key again, on this computer only, and never gives it away."""

from __future__ import annotations

import stat
import sys
import threading
from pathlib import Path

import pytest

from gb_desktop.accounts.fingerprint import fingerprint, load_salt
from gb_desktop.accounts.model import AccountError

SALT = bytes(range(32))


def test_that_the_same_key_has_the_same_fingerprint_and_another_key_another() -> None:
    assert fingerprint(SALT, "gb_live_1") == fingerprint(SALT, "gb_live_1")
    assert fingerprint(SALT, "gb_live_1") != fingerprint(SALT, "gb_live_2")


def test_that_a_fingerprint_is_32_hex_digits_that_never_change_between_versions() -> None:
    assert fingerprint(SALT, "gb_live_1") == "9b4b1499bcb1adb3e2bd72a895828cf1"


def test_that_another_computers_salt_gives_another_fingerprint() -> None:
    assert fingerprint(SALT, "gb_live_1") != fingerprint(SALT[::-1], "gb_live_1")


def test_that_the_salt_is_made_once_and_private(tmp_path: Path) -> None:
    salt = load_salt(tmp_path)
    assert len(salt) == 32
    assert load_salt(tmp_path) == salt
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "fingerprint.salt").stat().st_mode) == 0o600


def test_that_two_folders_have_two_salts(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    assert load_salt(folders[0]) != load_salt(folders[1])


def test_that_everybody_who_asks_at_once_gets_the_same_salt(tmp_path: Path) -> None:
    found: list[bytes] = []
    askers = [threading.Thread(target=lambda: found.append(load_salt(tmp_path))) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_that_a_damaged_salt_is_said_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fingerprint.salt"
    path.write_bytes(content)
    with pytest.raises(AccountError, match="damaged"):
        load_salt(tmp_path)
    assert path.read_bytes() == content
