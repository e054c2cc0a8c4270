"""What people paste is tidied; what can't be used is refused with a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gb_desktop.accounts.model import Account, AccountError
from gb_desktop.accounts.tidy import tidy_account, tidy_keys, tidy_name, tidy_proxy, tidy_url


@pytest.mark.parametrize(
    "pasted",
    [
        "gb_test_1",
        "  gb_test_1\n",
        '"gb_test_1"',
        "“gb_test_1”",
        "\ufeffgb_test_1\u200b",
        "\u202agb_test_1\u202c",
        "\u00a0'gb_test_1'\t",
    ],
)
def test_that_what_copying_leaves_around_a_key_is_taken_off(pasted: str) -> None:
    keys = tidy_keys(pasted, pasted)
    assert (keys.api_key, keys.secret_key) == ("gb_test_1", "gb_test_1")


@pytest.mark.parametrize("pasted", ["gb_test 1", "gb_test_é", "gb_test_\u200b1", "gb\ntest", "gb_test_١"])
def test_that_a_key_with_odd_characters_inside_is_refused_without_showing_it(pasted: str) -> None:
    for pair in ((pasted, "good"), ("good", pasted)):
        with pytest.raises(AccountError, match="copy it again") as caught:
            tidy_keys(*pair)
        assert pasted not in str(caught.value)


@pytest.mark.parametrize("pasted", ["", "  ", '""', "\u200b"])
def test_that_an_empty_key_is_named(pasted: str) -> None:
    with pytest.raises(AccountError, match="The API key is empty"):
        tidy_keys(pasted, "good")
    with pytest.raises(AccountError, match="The secret key is empty"):
        tidy_keys("good", pasted)


def test_that_a_whole_page_pasted_as_a_key_is_refused() -> None:
    with pytest.raises(AccountError, match="at most 1,280 characters"):
        tidy_keys("k" * 1281, "good")


@given(st.text(max_size=40))
def test_that_tidied_keys_are_always_printable_and_stay_as_they_are(text: str) -> None:
    try:
        key = tidy_keys(text, "good").api_key
    except AccountError:
        return
    assert key.isascii()
    assert key.isprintable()
    assert " " not in key
    assert tidy_keys(key, "good").api_key == key


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://api.gameball.co", "https://api.gameball.co"),
        (" https://api.gameball.co/ ", "https://api.gameball.co"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://gateway.example.com/gameball", "https://gateway.example.com/gameball"),
    ],
)
def test_that_https_and_this_computers_own_addresses_are_taken(typed: str, url: str) -> None:
    assert tidy_url(typed) == url


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "not an address"),
        ("api.gameball.co", "not an address"),
        ("ftp://api.gameball.co", "not an address"),
        ("https://", "not an address"),
        ("https://api.gameball.co:port", "not an address"),
        ("https://api.gameball.co:70000", "not an address"),
        ("https://api gameball.co", "not an address"),
        ("https://api.gameball.co\\@evil.example", "not an address"),
        ("https://аpi.gameball.co", "not an address"),  # the first letter is Cyrillic
        ("http://api.gameball.co", "https"),
        ("http://127.0.0.1.evil.example", "https"),
        ("http://localhost.evil.example", "https"),
        ("https://me:hunter2@api.gameball.co", "password"),
        ("https://127.0.0.1@evil.example", "password"),
        ("https://api.gameball.co/api/v4.0/integrations", "Leave out"),
        ("https://api.gameball.co?key=1", "Leave out"),
        ("https://api.gameball.co#top", "Leave out"),
    ],
)
def test_that_an_address_where_keys_must_not_go_is_refused(typed: str, word: str) -> None:
    with pytest.raises(AccountError, match=word) as caught:
        tidy_url(typed)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "proxy"),
    [("", ""), ("proxy.example.com:8080", "http://proxy.example.com:8080"), (" https://p:1/ ", "https://p:1")],
)
def test_that_a_proxy_is_an_address_or_nothing(typed: str, proxy: str) -> None:
    assert tidy_proxy(typed) == proxy


@pytest.mark.parametrize("typed", ["socks5://p:1", "http://", "http://p:1/path", "http://me:hunter2@p:1"])
def test_that_a_proxy_with_more_than_an_address_is_refused(typed: str) -> None:
    with pytest.raises(AccountError) as caught:
        tidy_proxy(typed)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(("typed", "name"), [(" Shop ", "Shop"), ("My\u00a0 shop", "My shop"), ("متجر", "متجر")])
def test_that_a_name_loses_the_space_around_it(typed: str, name: str) -> None:
    assert tidy_name(typed) == name


@pytest.mark.parametrize("typed", ["", " \u200b", "x" * 61, "a\u202eb", "practice", "PRACTICE", "Env"])
def test_that_a_name_nobody_can_tell_apart_or_of_the_apps_own_is_refused(typed: str) -> None:
    with pytest.raises(AccountError):
        tidy_name(typed)


@pytest.mark.parametrize(
    "change",
    [
        {"environment": "practice"},
        {"environment": "Live"},
        {"version": "v4"},
        {"merge": frozenset({"name"})},
        {"unit": "stars"},
        {"dialect": "c"},
        {"base_url": "http://api.gameball.co"},
        {"proxy": "://"},
    ],
)
def test_that_a_fact_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(AccountError):
        tidy_account(replace(Account("Shop", "live"), **change))  # type: ignore[arg-type]
