"""What an account is, and its two keys, which never show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from gb_desktop.text import tr

Environment = Literal["practice", "test", "live"]
Unit = Literal["", "points", "money"]
DialectName = Literal["", "a", "b"]

GAMEBALL_URL = "https://api.gameball.co"
VERSIONS = ("v4.0", "v4.1")
PRACTICE_NAME = "Practice"
ENVIRON_NAME = "env"

_TEST_PREFIX, _LIVE_PREFIX = "gb_test_", "gb_live_"


class AccountError(Exception):
    """Something about an account, its keys or their keyring; `str()` is one plain sentence and never holds a key.

    `reason` is a stable word: invalid, unknown, taken, absent, locked, unavailable, disk, newer.
    """

    def __init__(self, sentence: str, reason: str = "invalid") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Account:
    """Where rows are sent and how its answers are read. The keys live elsewhere.

    `merge` holds "email" and "mobile" where the account merges channels by them; `unit` is "" until a person has said
    what an adjustment's amount means; `dialect` is "" until it was learnt.
    """

    name: str
    environment: Environment
    base_url: str = GAMEBALL_URL
    version: str = "v4.0"
    merge: frozenset[str] = frozenset()
    unit: Unit = ""
    dialect: DialectName = ""
    proxy: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """An account's API key and secret key. Masked when shown; can't be pickled or copied into a file by accident."""

    api_key: str
    secret_key: str

    def __repr__(self) -> str:
        return f"Keys(api_key={_masked(self.api_key)!r}, secret_key='…')"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("Keys can't be pickled")


PRACTICE_KEYS = Keys("gb_test_practice", "practice-secret")


def environment_of(api_key: str) -> Literal["test", "live", "unknown"]:
    """What the key's prefix says. "unknown" must be treated as live (batch API, "Hosts, versions, authentication")."""
    if api_key.startswith(_TEST_PREFIX):
        return "test"
    return "live" if api_key.startswith(_LIVE_PREFIX) else "unknown"


def check_environment(account: Account, keys: Keys) -> None:
    """AccountError when the API key belongs to another environment than the account says."""
    found = environment_of(keys.api_key)
    if account.environment == "test" and found == "live":
        raise AccountError(
            tr(
                "This is a live API key, but the account “{name}” is for test data: "
                "paste the test key, or add a live account for this one.",
                name=account.name,
            )
        )
    if account.environment == "test" and found == "unknown":
        raise AccountError(
            tr(
                "This API key doesn't say whether it is a test or a live key, so it counts as live: "
                "choose the live environment for “{name}”.",
                name=account.name,
            )
        )
    if account.environment == "live" and found == "test":
        raise AccountError(
            tr(
                "This is a test API key, but the account “{name}” is for live data: "
                "paste the live key, or add a test account for this one.",
                name=account.name,
            )
        )


def _masked(key: str) -> str:
    for prefix in (_TEST_PREFIX, _LIVE_PREFIX):
        if key.startswith(prefix):
            return prefix + "…"
    return "…"
