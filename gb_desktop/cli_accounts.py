"""The `accounts` command. Keys come from the terminal or standard input, never as arguments."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from gb_desktop.accounts.model import GAMEBALL_URL, Account, AccountError, Keys
from gb_desktop.cli_runs import named_account
from gb_desktop.cli_show import say
from gb_desktop.desk import Desk
from gb_desktop.new_keys import WhoseKeysError
from gb_desktop.text import tr


def run_accounts(desk: Desk, options: argparse.Namespace) -> int:
    """Dispatch `accounts WHAT`."""
    return {"list": _list, "add": _add, "keys": _keys, "remove": _remove, "test": _test}[options.what](desk, options)


def _list(desk: Desk, options: argparse.Namespace) -> int:  # noqa: ARG001 - all commands look alike
    for account in desk.accounts.accounts():
        print(f"{account.name}\t{account.environment}\t{account.base_url or tr('on this computer')}\t{account.version}")
    say(desk.vault.describe())
    return 0


def _add(desk: Desk, options: argparse.Namespace) -> int:
    account = Account(
        name=options.name,
        environment=options.environment,
        base_url=options.url or GAMEBALL_URL,
        version=options.api_version,
        merge=frozenset(options.merge),
        unit=options.unit,
    )
    with _naming_answers():
        kept = desk.new_keys.add(account, _ask_keys(), options.same_account)
    if not kept.lasting:
        desk.accounts.remove(options.name)
        say(
            tr(
                "No keyring was found on this computer, so the keys could not be kept and {name} was not added: "
                "give the keys in the environment and use --account env.",
                name=options.name,
            )
        )
        return 3
    print(kept.sentence)
    return 0


def _keys(desk: Desk, options: argparse.Namespace) -> int:
    with _naming_answers():
        kept = desk.new_keys.exchange(options.name, _ask_keys(), options.same_account)
    print(kept.sentence)
    return 0


@contextmanager
def _naming_answers() -> Iterator[None]:
    """Where a person must say first whose the keys are, name the options that say it."""
    try:
        yield
    except WhoseKeysError as error:
        hint = tr(
            "Add --same-account, so that what was sent before is recognised, or --other-account, which keeps them "
            "apart; an account of another name is better then. If you are not sure: --same-account.",
        )
        raise AccountError(f"{error} {hint}", error.reason) from error


def _ask_keys() -> Keys:
    if sys.stdin.isatty():
        return Keys(getpass.getpass(tr("API key: ")), getpass.getpass(tr("Secret key: ")))
    lines = [sys.stdin.readline().strip(), sys.stdin.readline().strip()]
    if not all(lines):
        raise AccountError(tr("Give the API key on the first line of standard input and the secret key on the second."))
    return Keys(lines[0], lines[1])


def _remove(desk: Desk, options: argparse.Namespace) -> int:
    sentence = desk.accounts.remove(options.name)
    print(sentence or tr("The account {name} and its keys are gone from this computer.", name=options.name))
    return 0


def _test(desk: Desk, options: argparse.Namespace) -> int:
    print(desk.test_connection(named_account(desk, options.name)))
    return 0
