"""New keys under the name of an account that has sent something: whether they belong to the same Gameball account."""

from __future__ import annotations

from pathlib import Path

from gb_desktop.accounts.book import AccountBook
from gb_desktop.accounts.fingerprint import fingerprint, load_salt
from gb_desktop.accounts.model import Account, AccountError, Keys, check_environment
from gb_desktop.accounts.tidy import tidy_account, tidy_keys
from gb_desktop.accounts.vault import Kept
from gb_desktop.runs.ledger import Ledger
from gb_desktop.text import tr


class WhoseKeysError(AccountError):
    """Rows were sent with other keys of the account: a person says first whether these are the same account's."""

    def __init__(self, name: str) -> None:
        super().__init__(
            tr("Rows were sent with other keys of “{name}”. Are these keys of the same Gameball account?", name=name),
            "whose",
        )
        self.name = name


class NewKeys:
    """Stores accounts with keys, and makes known under new keys what the account's old ones sent.

    same: what a person answered, None while nobody was asked. True is safe where nobody can be sure: not to recognise
    what was sent pays twice, to recognise too much only asks a person.
    """

    def __init__(self, folder: Path, book: AccountBook, ledger: Ledger) -> None:
        self._folder = folder
        self._book = book
        self._ledger = ledger

    def add(self, account: Account, keys: Keys, same: bool | None = None) -> Kept:
        """Add an account. WhoseKeysError when one of its name sent something with other keys and was removed since."""
        account = tidy_account(account)
        keys = _tidied(account, keys)
        if not self._is_known(account.name):  # else the book refuses it, and nothing may come of it
            self._join(self._apart(account, keys, same))
        return self._book.add(account, keys)

    def change(self, account: Account, keys: Keys | None = None, same: bool | None = None) -> Kept | None:
        """Change an account's facts and, where given, its keys. WhoseKeysError before anything is changed."""
        if keys is None:
            self._book.update(account)
            return None
        stored = self._book.get(account.name)
        keys = _tidied(stored, keys)
        apart = self._apart(stored, keys, same)
        self._book.update(account)
        self._join(apart)
        return self._book.set_keys(account.name, keys)

    def exchange(self, name: str, keys: Keys, same: bool | None = None) -> Kept:
        """Change the keys alone, where a keyring keeps them; else AccountError, and the old ones stay."""
        account = self._book.get(name)
        keys = _tidied(account, keys)
        self._join(self._apart(account, keys, same))
        return self._book.set_keys(account.name, keys, only_lasting=True)

    def _apart(self, account: Account, keys: Keys, same: bool | None) -> list[str]:
        """The fingerprints to be joined: the account's and that of its new keys. Empty when they are not to be."""
        if account.environment == "practice":
            return []  # its keys are its own: the book refuses others
        salt = load_salt(self._folder)
        before, now = self._sent_with(account, salt), fingerprint(salt, keys.api_key)
        if not self._ledger.has_sent(before, account.environment) or now in self._ledger.kin(before):
            return []
        if same is None:
            raise WhoseKeysError(account.name)
        return [before, now] if same else []

    def _join(self, apart: list[str]) -> None:
        """Before the keys are stored: a crash in between must not part what was said to belong together."""
        if apart:
            self._ledger.follow_keys(*apart)

    def _sent_with(self, account: Account, salt: bytes) -> str:
        """The fingerprint of the account's keys; where they can't be read, of those it sent with last."""
        try:
            return fingerprint(salt, self._book.keys(account.name).api_key)
        except AccountError:
            return self._ledger.last_keys(account.name, account.environment)

    def _is_known(self, name: str) -> bool:
        try:
            self._book.get(name)
        except AccountError:
            return False
        return True


def _tidied(account: Account, keys: Keys) -> Keys:
    tidied = tidy_keys(keys.api_key, keys.secret_key)
    check_environment(account, tidied)
    return tidied
