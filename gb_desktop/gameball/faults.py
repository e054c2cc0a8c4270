"""Which of a few plain words a network fault comes down to. Never decides whether a request was sent."""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from gb_desktop.gameball.address import is_loopback
from gb_desktop.gameball.transport import Exchange
from gb_desktop.text import tr

FAULTS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,  # a header or a status line that can't be read
)
"""Everything requests and the layers below raise for what the network or a server did."""

_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
_TIMEOUTS = (TimeoutError, urllib3.exceptions.TimeoutError, requests.Timeout)
_CUT = (http.client.IncompleteRead, urllib3.exceptions.ProtocolError, requests.exceptions.ChunkedEncodingError)
_RESETS = (ConnectionError, http.client.RemoteDisconnected, ssl.SSLEOFError, ssl.SSLZeroReturnError)
_UNREADABLE = (http.client.HTTPException, urllib3.exceptions.DecodeError, requests.exceptions.ContentDecodingError)


def failure_word(fault: BaseException, exchange: Exchange, *, answering: bool) -> str:
    """connect, refused, dns, tls, proxy, timeout, reset, cut, unreadable or stopped.

    `answering`: a status line had come.
    """
    if exchange.ended_by:
        return "stopped" if exchange.ended_by == "stopped" else "timeout"
    chain = tuple(_chain(fault))
    return _before_sending(chain) if not exchange.sent else _after_sending(chain, answering=answering)


def sentence(word: str, url: str, proxy: str) -> str:
    """One sentence for people about the fault, naming what they can look at."""
    host = urlsplit(url).hostname or url
    if proxy and word in ("connect", "refused", "dns", "timeout", "proxy"):
        return _proxy_sentence(word, host, urlsplit(proxy).hostname or "")
    match word:
        case "dns":
            return tr("The name {host} was not found. Check the internet connection.", host=host)
        case "connect":
            return tr("No connection to {host}. Check the internet connection.", host=host)
        case "refused":
            return _nothing_listens(url, host)
        case "tls":
            return tr(
                "The connection to {host} is not trusted: its certificate could not be verified. "
                "Ask your network's administrator.",
                host=host,
            )
        case "timeout":
            return tr("{host} did not answer in time.", host=host)
        case "reset":
            return tr("{host} closed the connection without an answer.", host=host)
        case "cut":
            return tr("The answer of {host} was cut off.", host=host)
        case "stopped":
            return tr("The request was stopped.")
        case _:
            return tr("The answer of {host} could not be read.", host=host)


def _nothing_listens(url: str, host: str) -> str:
    port = str(_port(url))  # as text: a port has no thousands separator
    if is_loopback(url):
        return tr("Nothing answers on this computer at port {port}: the program there is not running.", port=port)
    return tr(
        "Nothing answers at {host}, port {port}. Check the Gameball address and the network.", host=host, port=port
    )


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def _proxy_sentence(word: str, host: str, proxy: str) -> str:
    if word == "proxy":
        return tr("The proxy {proxy} refused to connect to {host}. Check the proxy's settings.", proxy=proxy, host=host)
    return tr("{host} could not be reached through the proxy {proxy}. Check both.", host=host, proxy=proxy)


def _before_sending(chain: tuple[BaseException, ...]) -> str:
    refusal = next((found for fault in chain if (found := _TUNNEL.search(str(fault)))), None)
    if refusal:  # a proxy that fails itself may work again in a minute; one that refuses will not
        return "connect" if refusal.group(1).startswith("5") else "proxy"
    if _any(chain, urllib3.exceptions.NameResolutionError):
        return "dns"
    if _any(chain, ssl.SSLCertVerificationError):
        return "tls"
    if _any(chain, ConnectionRefusedError):
        return "refused"
    if _any(chain, *_RESETS):  # before ssl.SSLError: a handshake that broke off is the network's doing
        return "connect"
    if _any(chain, *_TIMEOUTS) and not _any(chain, urllib3.exceptions.NewConnectionError):
        return "timeout"
    return "tls" if _any(chain, ssl.SSLError) else "connect"


def _after_sending(chain: tuple[BaseException, ...], *, answering: bool) -> str:
    if _any(chain, *_TIMEOUTS):
        return "timeout"
    if answering:
        return "cut" if _any(chain, *_CUT, *_RESETS) else "unreadable"
    garbled = _any(chain, *_UNREADABLE) and not _any(chain, *_RESETS)
    return "unreadable" if garbled else "reset"


def _any(chain: tuple[BaseException, ...], *kinds: type[BaseException]) -> bool:
    return any(isinstance(fault, kinds) for fault in chain)


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """The fault and everything it wraps: libraries keep the cause in arguments, `reason` or `__cause__`.

    Not `__context__`: it may be a fault that our caller was handling, which has nothing to do with this one.
    """
    waiting: list[object] = [fault]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [*found.args, getattr(found, "reason", None), found.__cause__]
