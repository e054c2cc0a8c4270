"""Accounts, and their keys in the OS keyring. Imports no other room."""

from gb_desktop.accounts.book import AccountBook
from gb_desktop.accounts.environ import from_environment
from gb_desktop.accounts.fingerprint import fingerprint, load_salt
from gb_desktop.accounts.model import (
    ENVIRON_NAME,
    GAMEBALL_URL,
    PRACTICE_KEYS,
    PRACTICE_NAME,
    VERSIONS,
    Account,
    AccountError,
    Keys,
    environment_of,
)
from gb_desktop.accounts.tidy import tidy_account, tidy_keys
from gb_desktop.accounts.vault import Kept, Outcome, Vault

__all__ = [
    "ENVIRON_NAME",
    "GAMEBALL_URL",
    "PRACTICE_KEYS",
    "PRACTICE_NAME",
    "VERSIONS",
    "Account",
    "AccountBook",
    "AccountError",
    "Kept",
    "Keys",
    "Outcome",
    "Vault",
    "environment_of",
    "fingerprint",
    "from_environment",
    "load_salt",
    "tidy_account",
    "tidy_keys",
]
