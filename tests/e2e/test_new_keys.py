"""New keys of an account: what its old ones sent is known under them when a person says that they belong together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.model import Account, AccountError, Keys
from gb_desktop.accounts.vault import Vault
from gb_desktop.desk import Desk
from gb_desktop.new_keys import WhoseKeysError
from gb_desktop.runs.ledger import LedgerRun
from gb_desktop.runs.meta import now_iso

SHOP = Account("Shop", "live")
OLD, NEW = Keys("gb_live_old_8d21", "old-secret"), Keys("gb_live_new_5f90", "new-secret")
Answer = bool | None


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with the account Shop, which has sent nothing yet."""
    made = Desk(tmp_path, Vault(MemoryBackend()))
    made.new_keys.add(SHOP, OLD)
    return made


def send(desk: Desk, account: Account = SHOP) -> None:
    """What the ledger keeps of a run of T-1."""
    facts = desk.facts(account)
    run = LedgerRun("one", facts.fingerprint, facts.environment, "cashback", "o", "u", now_iso(), "finished")
    desk.shelf.ledger.record(replace(run, account=facts.name))
    desk.shelf.ledger.remember_idents(facts.fingerprint, "cashback", "one", [("T-1", 2)])


def knows(desk: Desk, account: Account = SHOP) -> bool:
    return bool(desk.shelf.ledger.known(desk.facts(account).fingerprint, "cashback", ["T-1"], but="two"))


def change(desk: Desk, same: Answer) -> None:
    desk.new_keys.change(SHOP, NEW, same)


def exchange(desk: Desk, same: Answer) -> None:
    desk.new_keys.exchange("shop", NEW, same)


def remove_and_add(desk: Desk, same: Answer) -> None:
    if desk.accounts.accounts()[1:]:
        desk.accounts.remove("Shop")
    desk.new_keys.add(replace(SHOP, name="SHOP"), NEW, same)


WAYS = pytest.mark.parametrize("way", [change, exchange, remove_and_add], ids=lambda way: way.__name__)
Way = Callable[[Desk, Answer], None]


@WAYS
def test_that_nothing_is_stored_before_a_person_says_whose_the_new_keys_are(desk: Desk, way: Way) -> None:
    send(desk)
    before = (desk.accounts.accounts(), desk.accounts.keys("Shop"))
    with pytest.raises(WhoseKeysError, match="same Gameball account"):
        way(desk, None)
    if way is remove_and_add:
        assert desk.accounts.accounts()[1:] == ()
    else:
        assert (desk.accounts.accounts(), desk.accounts.keys("Shop")) == before


@WAYS
@pytest.mark.parametrize("same", [True, False])
def test_that_the_answer_decides_whether_what_was_sent_is_known(desk: Desk, way: Way, same: bool) -> None:
    send(desk)
    way(desk, same)
    assert desk.accounts.keys("Shop") == NEW
    assert knows(desk) is same


@WAYS
def test_that_an_account_that_sent_nothing_is_not_asked_about(desk: Desk, way: Way) -> None:
    way(desk, None)
    assert desk.accounts.keys("Shop") == NEW


def test_that_changed_facts_ask_nothing_and_leave_the_keys(desk: Desk) -> None:
    send(desk)
    desk.new_keys.change(replace(SHOP, base_url="https://gateway.example.com", proxy="http://proxy.example.com:8080"))
    assert desk.accounts.get("Shop").base_url == "https://gateway.example.com"
    assert knows(desk)


def test_that_the_same_key_pasted_again_asks_nothing(desk: Desk) -> None:
    send(desk)
    desk.new_keys.change(SHOP, Keys(f" {OLD.api_key}\n", "another-secret"))
    assert desk.accounts.keys("Shop") == Keys(OLD.api_key, "another-secret")
    assert knows(desk)


def test_that_keys_said_to_belong_together_may_be_exchanged_back_unasked(desk: Desk) -> None:
    send(desk)
    change(desk, True)
    desk.new_keys.change(SHOP, OLD)
    assert knows(desk)


def test_that_the_next_exchange_asks_too_although_the_last_keys_sent_nothing(desk: Desk) -> None:
    send(desk)
    change(desk, True)
    newest = Keys("gb_live_newest_11", "newest-secret")
    with pytest.raises(WhoseKeysError):
        desk.new_keys.change(SHOP, newest)
    desk.new_keys.change(SHOP, newest, same=True)
    assert knows(desk)


def test_that_keys_said_to_be_apart_stay_apart_from_later_ones(desk: Desk) -> None:
    send(desk)
    change(desk, False)
    desk.new_keys.change(SHOP, Keys("gb_live_newest_11", "newest-secret"))
    assert not knows(desk)


def test_that_where_the_old_keys_are_lost_those_it_sent_with_are_asked_about(desk: Desk, tmp_path: Path) -> None:
    send(desk)
    forgetful = Desk(tmp_path, Vault(choose=lambda: None))
    with pytest.raises(WhoseKeysError):
        forgetful.new_keys.change(SHOP, NEW)
    forgetful.new_keys.change(SHOP, OLD)
    assert knows(forgetful)
    later = Desk(tmp_path, Vault(choose=lambda: None))
    later.new_keys.change(SHOP, NEW, same=True)
    assert knows(later)


@pytest.mark.parametrize(
    "keys", [Keys("gb_test_new_5f90", "new-secret"), Keys("gb_live new", "new-secret"), Keys(NEW.api_key, "")]
)
def test_that_keys_that_cannot_be_the_accounts_are_never_joined_to_it(desk: Desk, keys: Keys) -> None:
    send(desk)
    kin = desk.shelf.ledger.kin(desk.facts(SHOP).fingerprint)
    for way in (change, exchange):
        with pytest.raises(AccountError):
            desk.new_keys.change(SHOP, keys, True) if way is change else desk.new_keys.exchange("Shop", keys, True)
    assert desk.shelf.ledger.kin(desk.facts(SHOP).fingerprint) == kin
    assert desk.accounts.keys("Shop") == OLD


def test_that_test_and_live_are_never_joined(desk: Desk) -> None:
    send(desk)
    trial = Keys("gb_test_new_5f90", "new-secret")
    with pytest.raises(AccountError, match="stays what it is"):
        desk.new_keys.change(replace(SHOP, environment="test"), NEW, True)
    assert desk.accounts.keys("Shop") == OLD
    desk.accounts.remove("Shop")
    desk.new_keys.add(replace(SHOP, environment="test"), trial, True)
    assert not knows(desk)


def test_that_a_taken_name_is_refused_and_nothing_is_joined(desk: Desk) -> None:
    send(desk)
    for same in (None, True):
        with pytest.raises(AccountError, match="already"):
            desk.new_keys.add(SHOP, NEW, same)
    change(desk, False)
    assert not knows(desk)


def test_that_the_practice_account_keeps_its_keys(tmp_path: Path) -> None:
    with closing(Desk(tmp_path, Vault(MemoryBackend()))) as desk, pytest.raises(AccountError, match="practice account"):
        desk.new_keys.exchange("Practice", Keys("gb_test_new_5f90", "new-secret"), True)
