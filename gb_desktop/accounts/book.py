"""The accounts of this computer: their facts in a small file, their keys in the vault."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from gb_desktop.accounts.entries import Entry, NewerListError, read_entries, written
from gb_desktop.accounts.files import disk_errors, locked, write_private
from gb_desktop.accounts.model import (
    PRACTICE_KEYS,
    PRACTICE_NAME,
    Account,
    AccountError,
    DialectName,
    Keys,
    Unit,
    check_environment,
)
from gb_desktop.accounts.tidy import tidy_account, tidy_keys
from gb_desktop.accounts.vault import Kept, Outcome, Vault
from gb_desktop.text import tr

FILE = "accounts.json"
SECRETS = ("API key", "secret key")


class AccountBook:
    """Accounts by name (upper and lower case are one), shared by every process that uses the folder.

    Nothing is cached but the practice account: each call reads the file. Calls that touch keys may wait for the
    keyring (see Vault); the others take a moment of disk. All raise AccountError with one sentence.
    """

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._path = folder / FILE
        self._guard = folder / "accounts.lock"
        self._vault = vault
        self._practice = Account(PRACTICE_NAME, "practice", base_url="")
        self.notice = ""  # one sentence when a damaged list was set aside since this book was opened

    def practice_at(self, base_url: str) -> Account:
        """The practice account, at the address where the practice service listens now."""
        self._practice = replace(self._practice, base_url=base_url)
        return self._practice

    def accounts(self) -> tuple[Account, ...]:
        """The practice account first, then the others in the order of their names."""
        with self._entries() as entries:
            found = sorted((entry.account for entry in entries), key=lambda account: account.name.casefold())
        return (self._practice, *found)

    def get(self, name: str) -> Account:
        """The account of that name, in any case."""
        if _same(name, PRACTICE_NAME):
            return self._practice
        return self._entry(name).account

    def add(self, account: Account, keys: Keys) -> Kept:
        """Add an account and keep its keys; says where they are kept."""
        account = tidy_account(account)
        keys = _tidied(account, keys)
        with self._entries() as entries:
            _refuse_taken(entries, account.name)
        entry = Entry(account, _new_id())
        kept = self._store(entry, keys)
        try:
            with self._entries(save=True) as entries:
                _refuse_taken(entries, account.name)
                entries.append(entry)
        except AccountError:
            self._forget(entry)
            raise
        return kept

    def update(self, account: Account) -> Account:
        """Change an account's facts, not its keys; the account as stored. Its environment can't change."""
        if _same(account.name, PRACTICE_NAME):
            self._practice = replace(account, name=PRACTICE_NAME, environment="practice")
            return self._practice
        account = tidy_account(account)
        with self._entries(save=True) as entries:
            index = _index(entries, account.name)
            before = entries[index].account
            if before.environment != account.environment:
                raise AccountError(
                    tr(
                        "“{name}” stays what it is, test or live: add another account for the other.",
                        name=before.name,
                    )
                )
            if (before.base_url, before.version) != (account.base_url, account.version):
                account = replace(account, dialect="")
            entries[index] = replace(entries[index], account=replace(account, name=before.name))
            return entries[index].account

    def set_keys(self, name: str, keys: Keys, *, only_lasting: bool = False) -> Kept:
        """Exchange an account's keys. The old pair stays in use until the new one is stored whole.

        only_lasting: AccountError(reason="unavailable") rather than keys that are gone when this process ends.
        """
        if _same(name, PRACTICE_NAME):
            raise AccountError(tr("The practice account's keys are its own and can't be changed."))
        old = self._entry(name)
        new = replace(old, key_id=_new_id())
        kept = self._store(new, _tidied(old.account, keys))
        try:
            if only_lasting and not kept.lasting:
                raise AccountError(
                    tr(
                        "No keyring kept the new keys of “{name}”, so it goes on with the old ones.",
                        name=old.account.name,
                    ),
                    "unavailable",
                )
            with self._entries(save=True) as entries:
                index = _index(entries, name)
                entries[index] = replace(entries[index], key_id=new.key_id)
        except AccountError:
            self._forget(new)
            raise
        self._forget(old)
        return kept

    def keys(self, name: str) -> Keys:
        """The account's keys; AccountError with reason absent, locked or unavailable when they can't be had."""
        if _same(name, PRACTICE_NAME):
            return PRACTICE_KEYS
        entry = self._entry(name)
        found = []
        for secret in SECRETS:
            answer = self._vault.get(_place(entry, secret), entry.account.name)
            if answer.outcome is Outcome.ABSENT:
                raise AccountError(
                    tr(
                        "The keys of “{name}” are not stored on this computer: enter them again under Accounts.",
                        name=entry.account.name,
                    ),
                    Outcome.ABSENT.value,
                )
            if answer.outcome is not Outcome.FOUND:
                raise AccountError(
                    tr(
                        "The keys of “{name}” can't be read. {why}",
                        name=entry.account.name,
                        why=answer.sentence,
                    ),
                    answer.outcome.value,
                )
            found.append(answer.secret)
        return _tidied(entry.account, Keys(found[0], found[1]))

    def remove(self, name: str) -> str:
        """Remove the account and its keys. "" or one sentence when the keyring kept the keys."""
        if _same(name, PRACTICE_NAME):
            raise AccountError(tr("The practice account can't be removed."))
        with self._entries(save=True) as entries:
            entry = entries.pop(_index(entries, name))
        if self._forget(entry):
            return ""
        return tr(
            "“{name}” is removed, but its keys could not be deleted: delete the entries named “GB Desktop {id}” "
            "in your keyring.",
            name=entry.account.name,
            id=entry.key_id,
        )

    def remember_dialect(self, name: str, dialect: DialectName) -> None:
        """Store how the account's jobs are watched. An account that isn't in the book is left alone."""
        self._remember(name, lambda account: replace(account, dialect=dialect))

    def remember_unit(self, name: str, unit: Unit) -> None:
        """Store what a person said an adjustment's amount means. An account that isn't in the book is left alone."""
        self._remember(name, lambda account: replace(account, unit=unit))

    def _remember(self, name: str, change: Callable[[Account], Account]) -> None:
        if _same(name, PRACTICE_NAME):
            self._practice = change(self._practice)
            return
        with self._entries(save=True) as entries:
            for index, entry in enumerate(entries):
                if _same(entry.account.name, name):
                    entries[index] = replace(entry, account=change(entry.account))

    def _entry(self, name: str) -> Entry:
        with self._entries() as entries:
            return entries[_index(entries, name, self.notice)]

    def _store(self, entry: Entry, keys: Keys) -> Kept:
        kept = [
            self._vault.put(_place(entry, secret), entry.account.name, value)
            for secret, value in zip(SECRETS, (keys.api_key, keys.secret_key), strict=True)
        ]
        return next((one for one in kept if not one.lasting), kept[0])

    def _forget(self, entry: Entry) -> bool:
        answers = [self._vault.remove(_place(entry, secret), entry.account.name) for secret in SECRETS]
        return all(answer.outcome is Outcome.ABSENT for answer in answers)

    @contextmanager
    def _entries(self, save: bool = False) -> Iterator[list[Entry]]:
        """The list as the file holds it, for as long as nobody else may touch it; written back when `save`."""
        with locked(self._guard):
            entries = self._read()
            yield entries
            if save:
                write_private(self._path, written(entries))

    def _read(self) -> list[Entry]:
        with disk_errors(self._path):
            if not self._path.exists():
                return []
            content = self._path.read_bytes()
        try:
            return read_entries(content)
        except NewerListError:
            raise AccountError(
                tr("The list of accounts was saved by a newer version of GB Desktop: update the app to use it."),
                "newer",
            ) from None
        except ValueError:
            self._set_aside()
            return []

    def _set_aside(self) -> None:
        number = 1
        while (aside := self._path.with_name(f"accounts.damaged-{number}.json")).exists():
            number += 1
        with disk_errors(self._path):
            self._path.rename(aside)
        self.notice = tr(
            "The list of accounts was damaged. It was set aside as {path}: add your accounts again, or mend that file "
            "and put it back as accounts.json.",
            path=aside,
        )


def _tidied(account: Account, keys: Keys) -> Keys:
    tidied = tidy_keys(keys.api_key, keys.secret_key)
    check_environment(account, tidied)
    return tidied


def _new_id() -> str:
    """A name for a pair of keys that was never used before: neither a rotation nor a namesake meets old keys."""
    return secrets.token_hex(8)


def _place(entry: Entry, secret: str) -> str:
    """The keyring entry of one secret. One each: Windows moves secrets about when two share an entry."""
    return f"GB Desktop {entry.key_id} {entry.account.environment} {secret}"


def _same(name: str, other: str) -> bool:
    return name.strip().casefold() == other.casefold()


def _index(entries: list[Entry], name: str, notice: str = "") -> int:
    for index, entry in enumerate(entries):
        if _same(name, entry.account.name):
            return index
    if notice:
        raise AccountError(notice, "unknown")
    raise AccountError(tr("There is no account called “{name}”: add it under Accounts.", name=name.strip()), "unknown")


def _refuse_taken(entries: list[Entry], name: str) -> None:
    if any(_same(name, entry.account.name) for entry in entries):
        raise AccountError(tr("There is an account called “{name}” already: choose another name.", name=name), "taken")
