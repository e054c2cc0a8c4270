"""Networks that misbehave between the command line and the practice service."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_KEPT = ("apikey", "secretkey", "content-type")


def free_port() -> int:
    """A port of loopback where nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class _Detour(BaseHTTPRequestHandler):
    """Hands every request on, but turns those away whose path ends so, or keeps them for ever."""

    target = ""
    turned = ""
    arrived: Event
    released: Event | None = None

    def do_GET(self) -> None:
        self._hand_on(None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.endswith(self.turned):
            self._hand_on(body)
            return
        self.arrived.set()
        if self.released:
            self.released.wait()
            self.close_connection = True
        else:
            self.send_response(307)
            self.send_header("Location", f"https://login.example.com{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _hand_on(self, body: bytes | None) -> None:
        headers = {name: value for name, value in self.headers.items() if name.lower() in _KEPT}
        asked = urllib.request.Request(self.target + self.path, body, headers)  # noqa: S310 - loopback
        try:
            with _OPENER.open(asked, timeout=20) as answer:
                self._answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                self._answer(error.code, error.read())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@contextmanager
def detour(target: str, turned: str) -> Iterator[str]:
    """The URL of a network that redirects POSTs whose path ends with `turned`, as a hotel's or office's may."""
    with _serving({"target": target, "turned": turned, "arrived": Event()}) as url:
        yield url


@contextmanager
def black_hole(target: str, swallowed: str) -> Iterator[tuple[str, Event]]:
    """A network that swallows POSTs whose path ends so: the URL, and an event that tells of the first."""
    arrived, released = Event(), Event()
    with _serving({"target": target, "turned": swallowed, "arrived": arrived, "released": released}) as url:
        try:
            yield url, arrived
        finally:
            released.set()


@contextmanager
def _serving(settings: dict[str, object]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Detour", (_Detour,), settings))
    thread = Thread(target=server.serve_forever, args=(0.02,), name="detour")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
