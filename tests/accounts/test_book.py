"""The accounts of this computer: facts in a file, keys in the vault, and never the other way round."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.book import AccountBook
from gb_desktop.accounts.model import Account, AccountError, Keys
from gb_desktop.accounts.vault import Vault
from tests.accounts.stores import ForgetfulBackend, PickyBackend

LIVE = Account("Shop", "live", merge=frozenset({"email"}), proxy="http://proxy.example.com:8080")
LIVE_KEYS = Keys("gb_live_0123456789", "live-secret-0123456789")
TEST = Account("Shop test", "test", base_url="https://gateway.example.com", version="v4.1", unit="points")
TEST_KEYS = Keys("gb_test_0123456789", "test-secret-0123456789")


@pytest.fixture
def backend() -> PickyBackend:
    return PickyBackend()


@pytest.fixture
def book(tmp_path: Path, backend: PickyBackend) -> AccountBook:
    return AccountBook(tmp_path, Vault(backend))


def test_that_the_practice_account_is_always_there_and_first(book: AccountBook) -> None:
    book.add(replace(LIVE, name="A shop"), LIVE_KEYS)
    names = [account.name for account in book.accounts()]
    assert names == ["Practice", "A shop"]
    assert book.get("practice").environment == "practice"


def test_that_the_practice_account_needs_no_keyring(tmp_path: Path) -> None:
    book = AccountBook(tmp_path, Vault(ForgetfulBackend()))
    keys = book.keys("Practice")
    assert (keys.api_key, keys.secret_key) == ("gb_test_practice", "practice-secret")
    assert list(tmp_path.iterdir()) == []


def test_that_the_practice_accounts_address_is_the_running_services(book: AccountBook) -> None:
    book.practice_at("http://127.0.0.1:8765")
    book.remember_dialect("Practice", "b")
    found = book.get("Practice")
    assert (found.base_url, found.dialect) == ("http://127.0.0.1:8765", "b")
    assert book.accounts()[0] == found


def test_that_the_practice_account_cannot_be_removed_rekeyed_or_added(book: AccountBook) -> None:
    for action in (
        lambda: book.remove("PRACTICE"),
        lambda: book.set_keys("practice", TEST_KEYS),
        lambda: book.add(replace(TEST, name="Practice"), TEST_KEYS),
    ):
        with pytest.raises(AccountError):
            action()


def test_that_accounts_and_keys_are_there_for_the_next_session(tmp_path: Path, backend: PickyBackend) -> None:
    book = AccountBook(tmp_path, Vault(backend))
    assert book.add(LIVE, LIVE_KEYS).lasting
    assert book.add(TEST, TEST_KEYS).lasting
    later = AccountBook(tmp_path, Vault(backend))
    assert later.accounts()[1:] == (LIVE, TEST)
    assert later.keys("shop") == LIVE_KEYS
    assert later.keys(" SHOP TEST ") == TEST_KEYS


def test_that_no_file_holds_a_key_and_only_the_owner_may_read(tmp_path: Path, book: AccountBook) -> None:
    book.add(LIVE, LIVE_KEYS)
    book.set_keys("Shop", Keys("gb_live_rotated", "rotated-secret"))
    for path in tmp_path.iterdir():
        content = path.read_text()
        assert not [word for word in ("0123456789", "rotated", "gb_live_") if word in content]
        if sys.platform != "win32":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_that_names_are_unique_ignoring_case(book: AccountBook, backend: PickyBackend) -> None:
    book.add(LIVE, LIVE_KEYS)
    before = backend.entries()
    with pytest.raises(AccountError, match="already") as caught:
        book.add(replace(LIVE, name="SHOP"), LIVE_KEYS)
    assert caught.value.reason == "taken"
    assert backend.entries() == before


def test_that_a_key_of_the_wrong_environment_is_stored_nowhere(book: AccountBook, backend: PickyBackend) -> None:
    with pytest.raises(AccountError, match="live API key"):
        book.add(TEST, LIVE_KEYS)
    with pytest.raises(AccountError, match="test API key"):
        book.add(LIVE, TEST_KEYS)
    assert backend.entries() == set()
    assert len(book.accounts()) == 1


def test_that_changed_facts_are_kept_and_the_keys_with_them(book: AccountBook) -> None:
    book.add(LIVE, LIVE_KEYS)
    book.update(replace(LIVE, name="SHOP", merge=frozenset({"mobile"}), unit="money", proxy=""))
    assert book.get("Shop") == replace(LIVE, merge=frozenset({"mobile"}), unit="money", proxy="")
    assert book.keys("Shop") == LIVE_KEYS


def test_that_a_live_account_never_becomes_a_test_account(book: AccountBook) -> None:
    book.add(LIVE, LIVE_KEYS)
    with pytest.raises(AccountError, match="stays what it is"):
        book.update(replace(LIVE, environment="test"))
    assert book.get("Shop") == LIVE


def test_that_the_dialect_is_learnt_anew_at_another_address(book: AccountBook) -> None:
    book.add(LIVE, LIVE_KEYS)
    book.remember_dialect("shop", "a")
    assert book.get("Shop").dialect == "a"
    assert book.update(replace(book.get("Shop"), proxy="")).dialect == "a"
    assert book.update(replace(book.get("Shop"), base_url="https://gateway.example.com")).dialect == ""


def test_that_a_confirmed_unit_is_remembered(tmp_path: Path, book: AccountBook, backend: PickyBackend) -> None:
    book.add(LIVE, LIVE_KEYS)
    book.remember_unit("Shop", "points")
    assert AccountBook(tmp_path, Vault(backend)).get("Shop").unit == "points"


def test_that_remembering_for_an_account_outside_the_book_changes_nothing(book: AccountBook) -> None:
    book.add(LIVE, LIVE_KEYS)
    book.remember_dialect("env", "a")
    book.remember_unit("env", "money")
    assert book.accounts()[1:] == (LIVE,)


def test_that_new_keys_replace_the_old_ones_and_nothing_old_stays(book: AccountBook, backend: PickyBackend) -> None:
    book.add(LIVE, LIVE_KEYS)
    old = backend.entries()
    new = Keys("gb_live_new", "new-secret")
    book.set_keys("shop", new)
    assert book.keys("Shop") == new
    assert len(backend.entries()) == 2
    assert not backend.entries() & old


def test_that_old_keys_stay_where_the_keyring_keeps_no_new_ones_and_only_lasting_ones_are_wanted(
    book: AccountBook, backend: PickyBackend
) -> None:
    book.add(LIVE, LIVE_KEYS)
    backend.refused.add("secret key")
    with pytest.raises(AccountError, match="goes on with the old ones") as caught:
        book.set_keys("shop", Keys("gb_live_new", "new-secret"), only_lasting=True)
    assert caught.value.reason == "unavailable"
    assert book.keys("Shop") == LIVE_KEYS
    assert "gb_live_new" not in backend.stored()


def test_that_new_keys_of_an_account_removed_meanwhile_are_not_left_behind(
    tmp_path: Path, book: AccountBook, backend: PickyBackend
) -> None:
    book.add(LIVE, LIVE_KEYS)
    backend.on_next_store = lambda: AccountBook(tmp_path, Vault(MemoryBackend())).remove("Shop")
    with pytest.raises(AccountError, match="no account called"):
        book.set_keys("Shop", Keys("gb_live_new", "new-secret"))
    assert "gb_live_new" not in backend.stored()


def test_that_an_account_added_elsewhere_meanwhile_keeps_its_keys(
    tmp_path: Path, book: AccountBook, backend: PickyBackend
) -> None:
    backend.on_next_store = lambda: AccountBook(tmp_path, Vault(backend)).add(LIVE, LIVE_KEYS)
    with pytest.raises(AccountError, match="already"):
        book.add(LIVE, Keys("gb_live_new", "new-secret"))
    assert book.keys("Shop") == LIVE_KEYS
    assert "gb_live_new" not in backend.stored()


def test_that_a_keyring_that_takes_only_one_of_two_keys_leaves_a_pair_for_this_session(
    tmp_path: Path, backend: PickyBackend
) -> None:
    backend.refused = {"secret key"}
    book = AccountBook(tmp_path, Vault(backend))
    kept = book.add(LIVE, LIVE_KEYS)
    assert not kept.lasting
    assert "memory" in kept.sentence
    assert book.keys("Shop") == LIVE_KEYS


def test_that_keys_kept_in_memory_are_asked_for_again_in_the_next_session(tmp_path: Path) -> None:
    first = AccountBook(tmp_path, Vault(choose=lambda: None))
    assert not first.add(LIVE, LIVE_KEYS).lasting
    assert first.keys("Shop") == LIVE_KEYS
    with pytest.raises(AccountError) as caught:
        AccountBook(tmp_path, Vault(choose=lambda: None)).keys("Shop")
    assert caught.value.reason == "unavailable"
    with pytest.raises(AccountError, match="enter them again") as caught:
        AccountBook(tmp_path, Vault(MemoryBackend())).keys("Shop")
    assert caught.value.reason == "absent"


def test_that_a_removed_account_leaves_neither_facts_nor_keys(book: AccountBook, backend: PickyBackend) -> None:
    book.add(LIVE, LIVE_KEYS)
    assert book.remove("SHOP") == ""
    assert backend.entries() == set()
    with pytest.raises(AccountError, match="no account called “Shop”") as caught:
        book.get("Shop")
    assert caught.value.reason == "unknown"


def test_that_removing_an_account_whose_keys_were_only_in_memory_speaks_of_no_keyring(tmp_path: Path) -> None:
    book = AccountBook(tmp_path, Vault(choose=lambda: None))
    book.add(LIVE, LIVE_KEYS)
    assert book.remove("Shop") == ""


def test_that_keys_the_keyring_would_not_delete_are_told_of(book: AccountBook, backend: PickyBackend) -> None:
    book.add(LIVE, LIVE_KEYS)
    backend.refused = {"API key"}
    sentence = book.remove("Shop")
    assert "could not be deleted" in sentence
    assert all("GB Desktop" in entry and entry.split()[2] in sentence for entry, _ in backend.entries())


def test_that_a_namesake_never_meets_the_keys_of_a_removed_account(book: AccountBook, backend: PickyBackend) -> None:
    book.add(LIVE, LIVE_KEYS)
    backend.refused = {"API key", "secret key"}
    book.remove("Shop")
    backend.refused = set()
    book.add(LIVE, Keys("gb_live_other", "other-secret"))
    assert book.keys("Shop").api_key == "gb_live_other"


def test_that_a_key_exchanged_in_the_keyring_for_one_of_another_environment_is_refused(
    book: AccountBook, backend: PickyBackend
) -> None:
    book.add(TEST, TEST_KEYS)
    entry = next(entry for entry, _ in backend.entries() if entry.endswith("API key"))
    backend.set_password(entry, TEST.name, "gb_live_0123456789")
    with pytest.raises(AccountError, match="live API key"):
        book.keys("Shop test")
