"""The accounts file survives damage, newer versions, full disks and other processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.book import AccountBook
from gb_desktop.accounts.entries import Entry, read_entries, written
from gb_desktop.accounts.files import write_private
from gb_desktop.accounts.model import Account, AccountError, Keys
from gb_desktop.accounts.vault import Vault

GOOD = written([Entry(Account("Shop", "live"), "0123456789abcdef")])


def _changed(**changes: Any) -> bytes:
    data = json.loads(GOOD)
    data["accounts"][0] |= changes
    return json.dumps(data).encode()


DAMAGED = [
    b"",
    b"{",
    b"\xff\xfe\x00",
    b"[]",
    b"null",
    b'{"version": 1}',
    b'{"version": "1", "accounts": []}',
    b'{"version": 1, "accounts": [1]}',
    GOOD[: len(GOOD) // 2],
    _changed(environment="practice"),
    _changed(environment=None),
    _changed(name=7),
    _changed(name="Practice"),
    _changed(base_url="http://api.gameball.co"),
    _changed(merge=3),
    _changed(keys="../../etc"),
    written([Entry(Account("Shop", "live"), "0" * 16), Entry(Account("SHOP", "test"), "1" * 16)]),
]


@pytest.mark.parametrize("content", DAMAGED)
def test_that_a_damaged_list_is_set_aside_with_a_sentence_and_never_overwritten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "accounts.json").write_bytes(content)
    book = AccountBook(tmp_path, Vault(MemoryBackend()))
    assert [account.name for account in book.accounts()] == ["Practice"]
    aside = tmp_path / "accounts.damaged-1.json"
    assert aside.read_bytes() == content
    assert str(aside) in book.notice
    book.add(Account("New", "live"), Keys("gb_live_1", "secret"))
    assert aside.read_bytes() == content


def test_that_a_second_damaged_list_does_not_replace_the_first(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        (tmp_path / "accounts.json").write_bytes(content)
        AccountBook(tmp_path, Vault(MemoryBackend())).accounts()
    assert (tmp_path / "accounts.damaged-1.json").read_bytes() == b"first"
    assert (tmp_path / "accounts.damaged-2.json").read_bytes() == b"second"


def test_that_asking_for_an_account_of_a_damaged_list_says_what_happened(tmp_path: Path) -> None:
    (tmp_path / "accounts.json").write_bytes(b"{")
    with pytest.raises(AccountError, match="was damaged"):
        AccountBook(tmp_path, Vault(MemoryBackend())).get("Shop")


def test_that_a_list_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    content = b'{"version": 2, "accounts": {}}'
    (tmp_path / "accounts.json").write_bytes(content)
    with pytest.raises(AccountError, match="newer version"):
        AccountBook(tmp_path, Vault(MemoryBackend())).add(Account("New", "live"), Keys("gb_live_1", "secret"))
    assert (tmp_path / "accounts.json").read_bytes() == content


def test_that_entries_are_read_back_without_loss() -> None:
    account = Account(
        "متجر", "test", "https://x.example", "v4.1", frozenset({"email", "mobile"}), "money", "b", "http://p:1"
    )
    entries = [Entry(account, "0123456789abcdef")]
    assert read_entries(written(entries)) == entries


def test_that_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "accounts.json"
    target.mkdir()  # a rename onto a folder fails on every system, also for root
    with pytest.raises(AccountError, match=r"accounts\.json"):
        write_private(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["accounts.json"]


def test_that_a_folder_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    book = AccountBook(tmp_path / "nowhere", Vault(MemoryBackend()))
    with pytest.raises(AccountError, match="can't be used") as caught:
        book.accounts()
    assert caught.value.reason == "disk"


def test_that_processes_adding_accounts_at_once_lose_none(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from gb_desktop.accounts.backends import MemoryBackend\n"
        "from gb_desktop.accounts import Account, AccountBook, Keys, Vault\n"
        "book = AccountBook(Path(sys.argv[1]), Vault(MemoryBackend()))\n"
        "for n in range(10): book.add(Account(f'{sys.argv[2]} {n}', 'live'), Keys('gb_live_1', 'secret'))\n"
    )
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name], env=environ) for name in ("left", "right")
    ]
    assert [process.wait(30) for process in running] == [0, 0]
    assert len(AccountBook(tmp_path, Vault(MemoryBackend())).accounts()) == 21
