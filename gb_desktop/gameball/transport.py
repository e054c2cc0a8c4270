"""Our own connections below requests: they record whether a byte of a request left, and keep its time limits."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import truststore
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

SLICE = 0.1  # seconds between two looks at the stop flag while waiting for an answer
PIECE = 65_536  # bytes written at once: a slow line must show progress with each


@dataclass(slots=True)
class Exchange:
    """One request and its answer, as the connection sees them. Times are seconds by `clock`."""

    clock: Callable[[], float]
    deadline: float  # the moment by which all of it is over
    connect: float  # the longest silence while connecting
    idle: float  # the longest silence afterwards
    stopped: Callable[[], bool] = lambda: False
    keep_when_sent: bool = False  # a stop no longer counts once a byte left: the answer must be known
    on_first_byte: Callable[[], None] | None = None
    sent: bool = False
    ended_by: str = ""  # "stopped" or "deadline", when we ended it
    fault: Exception | None = field(default=None, repr=False)  # what on_first_byte raised

    def first_byte(self) -> None:
        """To be called before the request's first byte is written."""
        if self.sent:
            return
        self.check()
        if self.on_first_byte:
            self._tell(self.on_first_byte)
        self.sent = True

    def check(self) -> None:
        """Raise TimeoutError when the exchange must end now."""
        if self.stopped() and not (self.sent and self.keep_when_sent):
            self.ended_by = "stopped"
        elif self.clock() >= self.deadline:
            self.ended_by = "deadline"
        if self.ended_by:
            raise TimeoutError(self.ended_by)

    def left(self, silence: float) -> float:
        """How long the next step may take: `silence` at most, and never beyond the deadline."""
        return max(0.001, min(silence, self.deadline - self.clock()))

    def _tell(self, listener: Callable[[], None]) -> None:
        try:
            listener()
        except Exception as fault:
            # urllib3 would take an OSError of the caller's for the network's; the client raises this one instead.
            self.fault = fault
            raise


_current: ContextVar[Exchange] = ContextVar("gameball_exchange")


@contextmanager
def on_the_wire(exchange: Exchange) -> Iterator[Exchange]:
    """Every connection used by this thread inside the block reports to `exchange`."""
    token = _current.set(exchange)
    try:
        yield exchange
    finally:
        _current.reset(token)


class _TimedReader(io.RawIOBase):
    """Reads a socket in short waits, so that neither a slow drip nor a silent server outlives its time."""

    def __init__(self, sock: socket.socket, owner: io.BufferedIOBase, exchange: Exchange, silence: float) -> None:
        super().__init__()
        self._sock = sock
        self._owner = owner  # http.client's own file; closing it lets go of the socket
        self._exchange = exchange
        self._silence = silence

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        give_up = self._exchange.clock() + self._silence
        while True:
            self._exchange.check()
            self._sock.settimeout(self._exchange.left(SLICE))
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                if self._exchange.clock() >= give_up:
                    raise

    def close(self) -> None:
        if not self.closed:
            self._owner.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    """An answer read through a _TimedReader: of the server, or of the proxy while connecting."""

    def __init__(self, sock: Any, debuglevel: int = 0, method: str | None = None, url: str | None = None) -> None:
        super().__init__(sock, debuglevel, method, url)
        exchange = _current.get()
        silence = exchange.idle if exchange.sent else exchange.connect
        self.fp = io.BufferedReader(_TimedReader(sock, self.fp, exchange, silence))


class _Recording(http.client.HTTPConnection):
    """What both kinds of connection add: the first byte of the request is a recorded fact."""

    response_class = _TimedResponse
    _connecting = False

    def connect(self) -> None:
        _current.get().check()
        self._connecting = True
        try:
            super().connect()
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        """Write `data`; the first call after connecting is the request's first byte."""
        if self._connecting:  # the CONNECT to a proxy: nothing of the request itself
            super().send(data)
            return
        if self.sock is None:  # http.client would connect only inside its send, after we had said "sent"
            self.connect()
        exchange = _current.get()
        exchange.first_byte()
        for piece in _pieces(data):
            exchange.check()
            self.sock.settimeout(exchange.left(exchange.idle))
            super().send(piece)


def _pieces(data: Any) -> Iterator[Any]:
    view = memoryview(data)
    for start in range(0, len(view), PIECE):
        yield view[start : start + PIECE]


class _PlainConnection(_Recording, HTTPConnection):
    pass


class _TlsConnection(_Recording, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _PlainPool, "https": _TlsPool}


class Adapter(HTTPAdapter):
    """Our connections, the system's certificates, no retries. One per thread, as its session."""

    def __init__(self) -> None:
        # A context of its own: truststore holds its lock during a handshake, and a slow one must not stop the others.
        self._tls = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._tls)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs, ssl_context=self._tls)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002
        """Always verify, and only by the system's store: requests would add the certificates it was frozen with."""
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = None
        conn.ca_cert_dir = None


class Keys(AuthBase):
    """The two key headers. They are nowhere else: not in the session's headers, not in a repr."""

    def __init__(self, api_key: str, secret_key: str) -> None:
        self._headers = {"apikey": api_key, "secretkey": secret_key}

    def __repr__(self) -> str:
        return "Keys(•••)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers.update({name: key for name, key in self._headers.items() if key})
        return request
