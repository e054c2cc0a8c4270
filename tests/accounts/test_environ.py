"""`--account env` takes everything from the environment and names what is wrong with it."""

from __future__ import annotations

import pytest

from gb_desktop.accounts.environ import from_environment
from gb_desktop.accounts.model import Account, AccountError, Keys

GOOD = {"GB_DESKTOP_API_KEY": "gb_test_1", "GB_DESKTOP_SECRET_KEY": "secret"}


def test_that_two_keys_are_enough() -> None:
    assert from_environment(GOOD) == (Account("env", "test"), Keys("gb_test_1", "secret"))


def test_that_every_variable_is_used() -> None:
    account, keys = from_environment(
        {
            "GB_DESKTOP_API_KEY": " 'gb_live_1' ",
            "GB_DESKTOP_SECRET_KEY": "secret\n",
            "GB_DESKTOP_BASE_URL": "http://127.0.0.1:8765/",
            "GB_DESKTOP_API_VERSION": "v4.1",
            "GB_DESKTOP_ADJUST_UNIT": "Points",
        }
    )
    assert account == Account("env", "live", base_url="http://127.0.0.1:8765", version="v4.1", unit="points")
    assert keys == Keys("gb_live_1", "secret")


def test_that_a_key_that_does_not_say_its_environment_counts_as_live() -> None:
    assert from_environment(GOOD | {"GB_DESKTOP_API_KEY": "0123456789"})[0].environment == "live"


def test_that_empty_variables_mean_the_defaults() -> None:
    empty = {"GB_DESKTOP_BASE_URL": "", "GB_DESKTOP_API_VERSION": "", "GB_DESKTOP_ADJUST_UNIT": ""}
    assert from_environment(GOOD | empty)[0] == Account("env", "test")


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("value", [None, "", "  "])
def test_that_a_missing_key_is_named(name: str, value: str | None) -> None:
    environ = {key: kept for key, kept in GOOD.items() if key != name}
    if value is not None:
        environ[name] = value
    with pytest.raises(AccountError, match=name):
        from_environment(environ)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GB_DESKTOP_BASE_URL", "http://api.gameball.co"),
        ("GB_DESKTOP_BASE_URL", "gameball"),
        ("GB_DESKTOP_API_VERSION", "v4"),
        ("GB_DESKTOP_ADJUST_UNIT", "stars"),
    ],
)
def test_that_a_variable_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(AccountError, match=name):
        from_environment(GOOD | {name: value})


def test_that_no_sentence_holds_a_key() -> None:
    with pytest.raises(AccountError) as caught:
        from_environment(GOOD | {"GB_DESKTOP_SECRET_KEY": "hunter2 hunter2"})
    assert "hunter2" not in str(caught.value)
