"""Accounts are plain data; keys never show."""

from __future__ import annotations

import copy
import logging
import pickle

import pytest

from gb_desktop.accounts.model import Account, AccountError, Keys, check_environment, environment_of

KEYS = Keys("gb_live_0123456789abcdef", "s3cret-0123456789")


@pytest.mark.parametrize(
    ("key", "environment"),
    [
        ("gb_test_practice", "test"),
        ("gb_live_1", "live"),
        ("0123456789", "unknown"),
        ("", "unknown"),
        ("GB_TEST_1", "unknown"),
        ("x gb_test_1", "unknown"),
    ],
)
def test_that_the_prefix_of_a_key_tells_its_environment(key: str, environment: str) -> None:
    assert environment_of(key) == environment


def test_that_keys_are_masked_wherever_they_are_shown() -> None:
    record = logging.LogRecord("log", logging.INFO, "file", 1, "%s %r", (KEYS, KEYS), None)
    for shown in (repr(KEYS), str(KEYS), f"{KEYS}", f"{[KEYS]}", record.getMessage(), repr(Keys("abc123", "xyz789"))):
        assert not [part for part in ("0123456789", "s3cret", "abc123", "xyz789") if part in shown]
    assert "gb_live_…" in repr(KEYS)


def test_that_keys_cannot_be_pickled_or_copied_deeply() -> None:
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(KEYS)
    with pytest.raises(TypeError, match="pickled"):
        copy.deepcopy({"keys": KEYS})


@pytest.mark.parametrize(
    ("environment", "key", "word"),
    [
        ("test", "gb_live_1", "live API key"),
        ("test", "0123456789", "counts as live"),
        ("live", "gb_test_1", "test API key"),
    ],
)
def test_that_a_key_of_another_environment_is_refused(environment: str, key: str, word: str) -> None:
    account = Account("Shop", environment)  # type: ignore[arg-type]
    with pytest.raises(AccountError, match=word) as caught:
        check_environment(account, Keys(key, "secret"))
    assert key not in str(caught.value)


@pytest.mark.parametrize(("environment", "key"), [("test", "gb_test_1"), ("live", "gb_live_1"), ("live", "0123456789")])
def test_that_a_key_of_the_same_environment_and_an_unknown_live_one_are_taken(environment: str, key: str) -> None:
    check_environment(Account("Shop", environment), Keys(key, "secret"))  # type: ignore[arg-type]
