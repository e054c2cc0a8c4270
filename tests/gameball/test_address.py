"""Where requests may go."""

from __future__ import annotations

import time

import pytest

from gb_desktop.gameball.client import Client
from gb_desktop.gameball.limiter import Limiter
from gb_desktop.gameball.model import Connection

KEY = "gb_live_0123456789"


def make(url: str = "https://api.gameball.co", version: str = "v4.0", key: str = KEY, proxy: str = "") -> None:
    Client(Connection(url, version, key, "secret-of-mine", proxy), Limiter(time.monotonic)).close()


@pytest.mark.parametrize(
    "url",
    [
        "https://api.gameball.co",
        "https://api.gameball.co/",
        "https://api.gameball.co:8443/behind/a/path",
        "http://localhost:8080",
        "http://127.0.0.1:1",
        "http://127.9.9.9",
        "http://[::1]:80",
    ],
)
def test_that_https_and_loopback_are_taken(url: str) -> None:
    make(url)


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://api.gameball.co", "https"),
        ("http://127.0.0.1.evil.test", "https"),
        ("http://localhost.evil.test", "https"),
        ("http://0.0.0.0", "https"),
        ("https://user:hunter2@api.gameball.co", "user name"),
        ("https://user@api.gameball.co", "user name"),
        ("https://api.gameball.co?x=1", "?"),
        ("https://api.gameball.co/#x", "#"),
        ("https://api.gameball.co/?", "?"),
        ("https://", "web address"),
        ("https://api.gameball.co:port", "web address"),
        ("https://api.gameball.co:0", "web address"),
        ("https://api game ball", "web address"),
        ("https://[::1", "web address"),
        ("ftp://api.gameball.co", "web address"),
        ("api.gameball.co", "web address"),
        ("", "web address"),
    ],
)
def test_that_any_other_address_is_refused_with_a_sentence(url: str, word: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as refused:
        make(url)
    assert word in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("proxy", ["socks5://p:1", "https://p:1", "http://", "http://p:x", "http://p/path", "p q"])
def test_that_only_a_plain_http_proxy_is_taken(proxy: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        make(proxy=proxy)


@pytest.mark.parametrize("proxy", ["", "p:3128", "http://p:3128", "http://user:word@p:3128/"])
def test_that_a_proxy_may_have_a_password_and_leave_out_its_scheme(proxy: str) -> None:
    make(proxy=proxy)


@pytest.mark.parametrize("key", ["", "with space", "with\nnewline", "schlüssel", "tab\t"])
def test_that_a_key_that_can_be_no_header_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ValueError, match="key") as refused:
        make(key=key)
    assert not key or key not in str(refused.value)


def test_that_only_documented_versions_are_taken() -> None:
    make(version="v4.1")
    with pytest.raises(ValueError, match=r"v4\.1"):
        make(version="v4")
