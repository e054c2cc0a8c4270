"""Where requests may go: https only (plain http to this computer itself), and a key that can be a header."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, quote, urlsplit

from gb_desktop.gameball.model import Connection
from gb_desktop.text import tr

VERSIONS = ("v4.0", "v4.1")


def check(connection: Connection) -> None:
    """Raise ValueError, with one sentence for people, for a connection that must not be used.

    The sentence never repeats a key, a password or the address's credentials.
    """
    _check_base(connection.base_url)
    if connection.version not in VERSIONS:
        raise ValueError(tr("The API version must be v4.0 or v4.1. Choose one in the account's settings."))
    if not connection.api_key:
        raise ValueError(tr("The API key is missing. Enter it in the account's settings."))
    for key in (connection.api_key, connection.secret_key):
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise ValueError(tr("A key holds characters that no key has. Copy it again from Gameball."))
    if connection.proxy:
        _check_proxy(connection.proxy)


def is_loopback(url: str) -> bool:
    """Whether `url` stays on this computer, by its name alone."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def integrations_url(connection: Connection, path: str) -> str:
    """The address of `path` (already quoted) below the account's integrations."""
    return f"{connection.base_url.rstrip('/')}/api/{connection.version}/integrations/{path}"


def segment(text: str) -> str:
    """`text` as one path segment. Raises ValueError for what a path would swallow."""
    if text.strip(".") == "":
        raise ValueError("a path segment of dots, or none at all, names another address")
    return quote(text, safe="")


def proxy_url(connection: Connection) -> str:
    """The proxy to use for this connection, with its scheme, or an empty string: loopback never goes through one."""
    proxy = connection.proxy
    if not proxy or is_loopback(connection.base_url):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def proxy_password(connection: Connection) -> str:
    """The password inside the proxy address, an empty string without one."""
    return urlsplit(proxy_url(connection)).password or ""


def _check_base(url: str) -> None:
    parts = _split(url)
    if parts is None:
        raise ValueError(tr("The Gameball address is not a web address. It should look like https://api.gameball.co."))
    if parts.username is not None or parts.password is not None:
        raise ValueError(tr("The Gameball address must not hold a user name or password. Remove the part before @."))
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ValueError(tr("The Gameball address must end before any ? or #. Remove that part."))
    if parts.scheme != "https" and not is_loopback(url):
        raise ValueError(tr("The Gameball address must start with https://, so that the keys travel encrypted."))


def _check_proxy(proxy: str) -> None:
    parts = _split(proxy if "://" in proxy else f"http://{proxy}")
    if parts is None or parts.scheme != "http" or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(tr("The proxy must look like http://name:port. Correct it in the settings."))


def _split(url: str) -> SplitResult | None:
    """The parts of an http(s) URL with a host and a sane port, or None."""
    try:
        parts = urlsplit(url)
        usable = parts.port is None or parts.port > 0
    except ValueError:
        return None
    if not usable or parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return None if any(mark.isspace() or not mark.isprintable() for mark in url) else parts
