"""`accounts keys` and `accounts add` with a real keyring: whose the new keys are is said by an option."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gb_desktop.practice import KeyPair, PracticeServer
from gb_desktop.practice.settings import Fault
from tests.e2e.cli_keyring import keyring, needs_keyring
from tests.e2e.cli_kit import TEST_KEYS, Desktop, GameballFactory, Ran, adds_up, applied
from tests.e2e.cli_sheets import CAIRO, cashback_rows, write_sheet

pytestmark = needs_keyring
NEW = KeyPair("gb_test_e2e_new_77aa", "gb_secret_e2e_new", account=TEST_KEYS.account)
BOTH = ("--same-account", "--other-account")
EVENTS = [("Customer ID", "Event Name"), *((f"C-{n}", "visit") for n in range(1, 4))]


@pytest.fixture
def office(desktop: Desktop) -> Iterator[Desktop]:
    """A desktop with a keyring."""
    with keyring(desktop.folder / "keyring") as found:
        yield replace(desktop, env=found)


def typed(keys: KeyPair) -> str:
    return f"{keys.api_key}\n{keys.secret_key}\n"


def add(office: Desktop, service: PracticeServer, keys: KeyPair, *options: str) -> Ran:
    at = ("--environment", "test", "--url", service.url)
    return office.run("accounts", "add", "shop", *at, *options, stdin=typed(keys))


def change(office: Desktop, keys: KeyPair, *options: str) -> Ran:
    return office.run("accounts", "keys", "shop", *options, stdin=typed(keys))


def submit(office: Desktop, file: Path) -> Ran:
    return office.run("submit", file, "--type", "cashback", "--account", "shop", "--json", *CAIRO)


def refused(ran: Ran) -> None:
    assert (ran.code, ran.out) == (3, ""), ran.err
    assert all(option in ran.sentence for option in BOTH), ran.sentence
    assert "same Gameball account" in ran.sentence


def test_that_new_keys_know_what_the_old_ones_sent_when_an_option_says_so(
    office: Desktop, gameball: GameballFactory
) -> None:
    service = gameball(keys=(TEST_KEYS, NEW))
    file = write_sheet(office.folder / "march.xlsx", cashback_rows(5))
    assert add(office, service, TEST_KEYS).code == 0
    adds_up(submit(office, file).json, rows=5, succeeded=5)

    refused(change(office, NEW))
    changed = change(office, NEW, "--same-account")
    assert (changed.code, changed.err) == (0, ""), changed.err
    assert "Keys are stored in" in changed.out
    again = submit(office, file)
    assert (again.code, again.out) == (2, ""), again.err
    assert "--again" in again.sentence
    assert len(applied(service, "cashback")) == 5


def test_that_keys_of_another_account_are_kept_apart_when_an_option_says_so(
    office: Desktop, gameball: GameballFactory
) -> None:
    service = gameball(keys=(TEST_KEYS, replace(NEW, account="another")))
    file = write_sheet(office.folder / "march.xlsx", cashback_rows(5))
    assert add(office, service, TEST_KEYS).code == 0
    assert change(office, TEST_KEYS).code == 0, "the same keys again: nothing to ask"
    adds_up(submit(office, file).json, rows=5, succeeded=5)
    assert office.run("accounts", "remove", "shop").code == 0
    refused(add(office, service, NEW))
    assert "shop" not in office.run("accounts", "list").out
    assert add(office, service, NEW, "--other-account").code == 0
    adds_up(submit(office, file).json, rows=5, succeeded=5)


def test_that_a_begun_run_asks_once_more_before_it_goes_on_with_the_new_keys(
    office: Desktop, gameball: GameballFactory
) -> None:
    """Who was not sure joined them: what only asks there would send the rest of a run to another account here."""
    service = gameball(keys=(TEST_KEYS, NEW), faults=(Fault("cut-after", on="POST batch/events"),))
    file = write_sheet(office.folder / "events.xlsx", EVENTS)
    assert add(office, service, TEST_KEYS).code == 0
    run = office.run("submit", file, "--type", "events", "--account", "shop", "--json").json["run"]
    assert change(office, NEW, "--same-account").code == 0
    asked = office.run("resume", run, "--json")
    assert (asked.code, asked.out) == (3, ""), asked.err
    assert "--new-keys" in asked.sentence
    adds_up(office.run("resume", run, "--new-keys", "--json").json, rows=3, unknown=3, state="needs_attention")


def test_that_both_answers_at_once_and_unknown_accounts_are_refused(office: Desktop) -> None:
    both = change(office, NEW, *BOTH)
    assert both.code == 2
    assert "--same-account" in both.err
    nobody = change(office, NEW)
    assert (nobody.code, nobody.out) == (3, "")
    assert "no account called" in nobody.sentence
