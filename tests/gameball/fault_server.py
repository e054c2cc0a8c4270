"""A real server on loopback that answers by script, or fails at an exact point of the conversation.

Every accepted connection takes the next behaviour of the script; the last one repeats. Reusable by other rooms' tests.
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

BACKSTOP = 20.0  # seconds after which a forgotten conversation ends by itself


@dataclass(frozen=True)
class Received:
    """One request as it came in. Header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Conversation:
    """One accepted connection, for a behaviour to use."""

    sock: socket.socket
    server: FaultServer
    _buffer: bytes = field(default=b"", repr=False)

    def read_head(self) -> tuple[str, str, dict[str, str]] | None:
        """Request line and headers, or None when the client went away."""
        while b"\r\n\r\n" not in self._buffer:
            if not (more := self.sock.recv(65_536)):
                return None
            self._buffer += more
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:])}
        return method, path, headers

    def read(self) -> Received | None:
        """The whole next request, recorded in the server's list; None when the client went away."""
        if (head := self.read_head()) is None:
            return None
        return self.read_body(*head)

    def read_body(self, method: str, path: str, headers: Mapping[str, str]) -> Received | None:
        """The rest of a request whose head was read, recorded in the server's list."""
        length = int(headers.get("content-length", "0"))
        while len(self._buffer) < length:
            if not (more := self.sock.recv(65_536)):
                return None
            self._buffer += more
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        received = Received(method, path, headers, body)
        self.server.record(received)
        return received

    def send(self, raw: bytes) -> None:
        self.sock.sendall(raw)

    def reset(self) -> None:
        """Close so that the client gets a TCP reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def until_gone(self) -> None:
        """Wait until the client closes, or the server stops."""
        try:
            while self.sock.recv(65_536):
                pass
        except OSError:
            pass


Behaviour = Callable[[Conversation], None]


class FaultServer:
    """`with FaultServer(answer(200, {"jobId": 1})) as server:` listens on `server.url` until the block ends."""

    def __init__(self, *script: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self._script = script
        self._tls = tls
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.requests: list[Received] = []
        self.connections = 0
        self.stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        with socket.socket() as knock:  # wakes the accept call
            knock.settimeout(BACKSTOP)
            knock.connect_ex(("127.0.0.1", self.port))
        with self._lock:
            for sock in self._open:
                _shut(sock)
        for thread in list(self._threads):
            thread.join(BACKSTOP)
        self._listener.close()

    def record(self, received: Received) -> None:
        with self._lock:
            self.requests.append(received)

    def _start(self, target: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self.stopping.is_set():
                sock.close()
                return
            sock.settimeout(BACKSTOP)
            with self._lock:
                behaviour = self._script[min(self.connections, len(self._script) - 1)]
                self.connections += 1
                self._open.append(sock)
            self._start(self._converse, sock, behaviour)

    def _converse(self, sock: socket.socket, behaviour: Behaviour) -> None:
        plain = sock
        try:
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
                with self._lock:
                    self._open.append(sock)
            behaviour(Conversation(sock, self))
        except OSError:  # the client left first, or the server is stopping: both are part of the game
            pass
        finally:
            with self._lock:
                self._open = [kept for kept in self._open if kept not in (sock, plain)]
            sock.close()
            plain.close()


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def http_bytes(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A complete HTTP/1.1 answer."""
    lines = [f"HTTP/1.1 {status} Status", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def as_bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


# Behaviours -----------------------------------------------------------------------------------------------------------


def answer(status: int, body: Any = b"", headers: Mapping[str, str] | None = None) -> Behaviour:
    """Read one whole request, answer it, close. `body` is bytes, or a value sent as JSON."""
    return raw_answer(http_bytes(status, as_bytes(body), {"Connection": "close", **(headers or {})}))


def raw_answer(raw: bytes) -> Behaviour:
    """Read one whole request, send exactly these bytes, close."""

    def behave(conversation: Conversation) -> None:
        if conversation.read():
            conversation.send(raw)

    return behave


def replies(reply: Callable[[Received], tuple[int, Any]]) -> Behaviour:
    """Serve requests on a kept connection; `reply` gives (status, JSON value or bytes) for each."""

    def behave(conversation: Conversation) -> None:
        while received := conversation.read():
            status, body = reply(received)
            conversation.send(http_bytes(status, as_bytes(body), {"Content-Type": "application/json"}))
            if received.headers.get("connection") == "close":
                return

    return behave


def close_at_once(conversation: Conversation) -> None:
    """Accept and close without reading."""


def reset_at_once(conversation: Conversation) -> None:
    conversation.reset()


def reset_before_the_body(conversation: Conversation) -> None:
    conversation.read_head()
    conversation.reset()


def reset_after_reading(conversation: Conversation) -> None:
    conversation.read()
    conversation.reset()


def close_after_reading(conversation: Conversation) -> None:
    conversation.read()


def silence(conversation: Conversation) -> None:
    """Read everything and never answer."""
    conversation.read()
    conversation.until_gone()


def drip(raw: bytes, pause: float) -> Behaviour:
    """Read the request, then send one byte of `raw` every `pause` seconds, over and over."""

    def behave(conversation: Conversation) -> None:
        conversation.read()
        position = 0
        while not conversation.server.stopping.wait(pause):
            conversation.send(raw[position % len(raw) :][:1])
            position += 1

    return behave


def endless_body(head: bytes = b"200 OK") -> Behaviour:
    """Answer with this status (and header lines) and a body that never ends."""

    def behave(conversation: Conversation) -> None:
        conversation.read()
        conversation.send(b"HTTP/1.1 " + head + b"\r\nConnection: close\r\n\r\n[")
        while not conversation.server.stopping.is_set():
            conversation.send(b"1," * 500_000)

    return behave


def tunnel(conversation: Conversation, port: int) -> None:
    """An HTTP proxy: take a CONNECT, connect to `port` on loopback whatever it says, and pass bytes both ways."""
    head = conversation.read_head()
    if head is None:
        return
    conversation.server.record(Received(head[0], head[1], head[2], b""))
    with socket.create_connection(("127.0.0.1", port), timeout=BACKSTOP) as onward:
        conversation.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = threading.Thread(target=_pump, args=(onward, conversation.sock), daemon=True)
        back.start()
        _pump(conversation.sock, onward)
        back.join(BACKSTOP)


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65_536):
            target.sendall(piece)
    except OSError:
        pass
    finally:
        _shut(target)


class RefusedPort:
    """A loopback port that refuses every connection for as long as the block lasts."""

    def __enter__(self) -> Self:
        self._sock = socket.socket()
        self._sock.bind(("127.0.0.1", 0))  # bound, never listening
        self.url = f"http://127.0.0.1:{self._sock.getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()
