"""One HTTP exchange with Gameball, told as facts. Knows nothing of jobs, and never raises for what a server did."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy

import requests

from gb_desktop import __version__
from gb_desktop.gameball import address, faults
from gb_desktop.gameball.model import Connection, Facts
from gb_desktop.gameball.redact import Redactor
from gb_desktop.gameball.retry_after import parse_retry_after
from gb_desktop.gameball.strict_json import UnreadableError, parse
from gb_desktop.gameball.transport import Adapter, Exchange, Keys, on_the_wire

LARGEST_ANSWER = 64 * 1024 * 1024  # bytes; a thousand rich entries are below one megabyte
LONGEST_TEXT = 2000
_READ_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `connect` and the reads are silences; the totals bound a whole exchange, however it drips."""

    connect: float = 10.0
    read_create: float = 300.0
    read: float = 30.0
    total_create: float = 600.0
    total: float = 90.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `creates` marks the one kind that must not be repeated: it gets a connection of its own."""

    method: str
    path: str  # below the account's integrations, quoted
    body: bytes | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    creates: bool = False
    on_first_byte: Callable[[], None] | None = None


class Wire:
    """Sends requests over one requests session per thread and kind. Thread-safe.

    Raises ValueError, with a sentence for people, for a connection that must not be used.
    """

    def __init__(
        self,
        connection: Connection,
        timeouts: Timeouts,
        stopped: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        address.check(connection)
        self._connection = connection
        self._timeouts = timeouts
        self._stopped = stopped
        self._clock = clock
        self._proxy = address.proxy_url(connection)
        self._auth = Keys(connection.api_key, connection.secret_key)
        self._redactor = Redactor((connection.api_key, connection.secret_key, address.proxy_password(connection)))
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._sessions: list[requests.Session] = []

    def exchange(self, request: Request) -> Facts:
        """Send the request once and read its answer. Raises only what `on_first_byte` raised."""
        started = self._clock()
        exchange = self._new_exchange(request, started)
        session = self._session("creates" if request.creates else "asks")
        try:
            with on_the_wire(exchange):
                facts = self._perform(session, request, exchange)
        finally:
            if request.creates:  # an idle connection may be dying just when the next request uses it
                session.close()
        if exchange.fault:
            raise exchange.fault
        return replace(facts, seconds=self._clock() - started)

    def move(self, base_url: str) -> None:
        """Send what comes next to `base_url`: the same service, listening elsewhere. ValueError as for a new one."""
        if base_url != self._connection.base_url:
            moved = replace(self._connection, base_url=base_url)
            address.check(moved)
            self._connection = moved

    def close(self) -> None:
        """Close every thread's connections. Not while exchanges are under way."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
            self._mine = threading.local()
        for session in sessions:
            session.close()

    def _new_exchange(self, request: Request, started: float) -> Exchange:
        limits = self._timeouts
        return Exchange(
            clock=self._clock,
            deadline=started + (limits.total_create if request.creates else limits.total),
            connect=limits.connect,
            idle=limits.read_create if request.creates else limits.read,
            stopped=self._stopped,
            keep_when_sent=request.creates,
            on_first_byte=request.on_first_byte,
        )

    def _session(self, kind: str) -> requests.Session:
        found: requests.Session | None = getattr(self._mine, kind, None)
        if found is None:
            found = _new_session()
            setattr(self._mine, kind, found)
            with self._lock:
                self._sessions.append(found)
        return found

    def _perform(self, session: requests.Session, request: Request, exchange: Exchange) -> Facts:
        response: requests.Response | None = None
        try:
            response = self._send(session, request, exchange)
            raw = _read(response)
        except faults.FAULTS as fault:
            word = faults.failure_word(fault, exchange, answering=response is not None)
            return self._failed(word, response, exchange)
        finally:
            if response is not None:
                response.close()
        return self._answered(response, raw)

    def _send(self, session: requests.Session, request: Request, exchange: Exchange) -> requests.Response:
        return session.request(
            request.method,
            address.integrations_url(self._connection, request.path),
            params=dict(request.params),
            data=request.body,
            headers={"Connection": "close"} if request.creates else {},
            auth=self._auth,
            timeout=(exchange.connect, exchange.idle),
            allow_redirects=False,
            stream=True,
            proxies={"https": self._proxy} if self._proxy else {},
        )

    def _failed(self, word: str, response: requests.Response | None, exchange: Exchange) -> Facts:
        detail = faults.sentence(word, self._connection.base_url, self._proxy)
        if response is None:
            return Facts(sent=exchange.sent, failure=word, detail=detail)
        return replace(self._head(response), failure=word, detail=detail)

    def _answered(self, response: requests.Response, raw: bytes) -> Facts:
        text = raw.decode("utf-8", "replace")
        head = replace(self._head(response), text=self._redactor.text(text)[:LONGEST_TEXT])
        if not raw.strip():
            return head
        try:
            body = parse(raw)
            return replace(head, body=self._redactor.value(body) if self._redactor.touches(text) else body)
        except UnreadableError:
            detail = faults.sentence("unreadable", self._connection.base_url, self._proxy)
            return replace(head, failure="unreadable", detail=detail)

    def _head(self, response: requests.Response) -> Facts:
        return Facts(
            sent=True,
            status=response.status_code,
            retry_after=parse_retry_after(response.headers.get("Retry-After"), datetime.now(UTC)),
            location=self._redactor.text(response.headers.get("Location", ""))[:LONGEST_TEXT],
        )


class _Session(requests.Session):
    """A session that never looks where a redirect leads: requests would read its whole body to prepare for it."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


def _new_session() -> requests.Session:
    session = _Session()
    session.trust_env = False  # no .netrc, no proxy and no certificates from the environment
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers.clear()
    session.headers.update(
        {
            "User-Agent": f"gb-desktop/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
        }
    )
    adapter = Adapter()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _read(response: requests.Response) -> bytes:
    """The whole body. Raises ContentDecodingError for one beyond LARGEST_ANSWER."""
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_content(_READ_AT_ONCE):
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise requests.exceptions.ContentDecodingError("the answer is too large")
        pieces.append(piece)
    return b"".join(pieces)
