"""What people type and paste about an account, made clean; or one sentence that says what to mend."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

from gb_desktop.accounts.model import ENVIRON_NAME, PRACTICE_NAME, VERSIONS, Account, AccountError, Keys
from gb_desktop.text import tr

LONGEST_NAME = 60
LONGEST_KEY = 1280  # Windows keeps at most 2,560 bytes of UTF-16 for one entry
MERGE_CHOICES = frozenset({"email", "mobile"})
RESERVED_NAMES = frozenset({PRACTICE_NAME.casefold(), ENVIRON_NAME})

_QUOTES = "\"'`´“”„‘’‚«»‹›"
_UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf"}


def tidy_account(account: Account) -> Account:
    """The same account with its texts tidied. AccountError when something in it can't be used."""
    if account.environment not in ("test", "live"):
        raise AccountError(tr("An account is for test or for live data: choose one of the two."))
    if account.version not in VERSIONS:
        raise AccountError(
            tr("The API version “{version}” is not known: choose v4.0 or v4.1.", version=account.version)
        )
    if not account.merge <= MERGE_CHOICES:
        raise AccountError(tr("Customers can be merged by email, by mobile, or both; nothing else."))
    if account.unit not in ("", "points", "money"):
        raise AccountError(tr("An adjustment's amount is in points or in money: choose one of the two."))
    if account.dialect not in ("", "a", "b"):
        raise AccountError(tr("The status dialect “{dialect}” is not known.", dialect=account.dialect))
    return replace(
        account,
        name=tidy_name(account.name),
        base_url=tidy_url(account.base_url),
        proxy=tidy_proxy(account.proxy),
    )


def tidy_name(text: str) -> str:
    """An account's name: 1 to 60 visible characters, none of the names that the app itself uses."""
    name = " ".join(_trimmed(text, _unseen).split())
    if not name:
        raise AccountError(tr("Give the account a name."))
    if len(name) > LONGEST_NAME:
        raise AccountError(tr("The account's name is longer than {most} characters: shorten it.", most=LONGEST_NAME))
    if any(_unseen(char) and char != " " for char in name):
        raise AccountError(tr("The account's name holds invisible characters: type it again."))
    if name.casefold() in RESERVED_NAMES:
        raise AccountError(tr("“{name}” is a name of GB Desktop's own: choose another.", name=name), "taken")
    return name


def tidy_keys(api_key: str, secret_key: str) -> Keys:
    """Both keys without what copying leaves around them. AccountError, never showing the key, when one can't be one."""
    return Keys(
        _tidy_key(
            api_key,
            tr("The API key is empty: paste it from Gameball's dashboard."),
            tr("The API key holds a space or a character that keys never have: copy it again, alone."),
        ),
        _tidy_key(
            secret_key,
            tr("The secret key is empty: paste it from Gameball's dashboard."),
            tr("The secret key holds a space or a character that keys never have: copy it again, alone."),
        ),
    )


def tidy_url(text: str) -> str:
    """The base URL without a slash at its end. https only, but for this computer's own addresses."""
    url = _trimmed(text, _around).rstrip("/")
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https"):
        raise AccountError(
            tr("“{url}” is not an address of a server: it starts with https:// and a host name.", url=_shown(url))
        )
    if "@" in parts.netloc:
        raise AccountError(tr("An address can't hold a user name or password: leave them out."))
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise AccountError(tr("Keys are only sent over https: change “{url}” to start with https://.", url=url))
    if parts.query or parts.fragment or "api" in parts.path.split("/"):
        raise AccountError(
            tr("Leave out what follows the host name in “{url}”: GB Desktop adds the path itself.", url=_shown(url))
        )
    return url


def tidy_proxy(text: str) -> str:
    """The proxy as `http://host:port`, or "" for none. It can't hold a password: accounts are kept in a plain file."""
    url = _trimmed(text, _around)
    if not url:
        return ""
    parts = _split(url if "://" in url else "http://" + url)
    if parts is None or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query or parts.fragment:
        raise AccountError(
            tr("“{proxy}” is not a proxy's address: it looks like http://proxy.example.com:8080.", proxy=_shown(url))
        )
    if "@" in parts.netloc:
        raise AccountError(tr("A proxy's address can't hold a user name or password: leave them out."))
    return f"{parts.scheme}://{parts.netloc}"


def is_loopback(host: str) -> bool:
    """True for this computer's own addresses: localhost, 127.x.x.x, ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _tidy_key(text: str, empty: str, odd: str) -> str:
    key = _trimmed(text, _around)
    if not key:
        raise AccountError(empty)
    if not all("!" <= char <= "~" for char in key):
        raise AccountError(odd)
    if len(key) > LONGEST_KEY:
        raise AccountError(tr("A key has at most {most} characters: copy the key alone.", most=LONGEST_KEY))
    return key


def _split(url: str) -> SplitResult | None:
    """The URL's parts, or None where it is none: odd characters, no host, or a port that is no port."""
    if not all("!" <= char <= "~" and char != "\\" for char in url):
        return None
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def _shown(url: str) -> str:
    """The URL for a sentence, without a password that someone may have put into it."""
    return url.rpartition("@")[2][:80]


def _unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN


def _around(char: str) -> bool:
    return _unseen(char) or char in _QUOTES


def _trimmed(text: str, drop: Callable[[str], bool]) -> str:
    start, end = 0, len(text)
    while start < end and drop(text[start]):
        start += 1
    while end > start and drop(text[end - 1]):
        end -= 1
    return text[start:end]
