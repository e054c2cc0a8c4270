"""The sockets of the practice service: HTTP/1.1 on loopback, one thread a connection."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from gb_desktop.practice.api import Api
from gb_desktop.practice.exchange import Cut, Reply, Request
from gb_desktop.practice.refusals import Refusal
from gb_desktop.practice.settings import PracticeSettings

log = logging.getLogger(__name__)
_LONGEST_SKIP = 64 * 1024 * 1024  # bytes
_LOOK_UP = 0.02  # seconds between two looks at whether to stop


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that stopping ends them all and leaves no thread behind."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128
    # On Windows this would let two services share a port.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, port: int, api: Api, largest_body: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.api = api
        self.largest_body = largest_body
        self.stopping = Event()
        self._open: set[socket.socket] = set()
        self._lock = Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End all connections, whatever they wait for."""
        self.stopping.set()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        if isinstance(sys.exc_info()[1], OSError):
            # Clients go away in the middle of things: that is what they are tested for.
            log.debug("A connection of the practice service broke.")
        else:
            log.exception("The practice service could not answer a request.")


class _Handler(BaseHTTPRequestHandler):
    """Reads requests, asks the Api, sends its answers as they are, spoilt ones included."""

    protocol_version = "HTTP/1.1"
    server_version = "Practice"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        self._exchange()

    def do_POST(self) -> None:
        self._exchange()

    def do_PUT(self) -> None:
        self._exchange()

    def do_PATCH(self) -> None:
        self._exchange()

    def do_DELETE(self) -> None:
        self._exchange()

    def log_message(self, *_: Any, **__: Any) -> None:
        """Requests are counted, not logged: they may hold keys and customers."""

    def _exchange(self) -> None:
        try:
            request = self._request()
        except Refusal as refusal:
            self.close_connection = True
            reply = self.server.api.refuse(refusal)
        else:
            reply = self.server.api.answer(request)
        if reply.wait:
            self.server.stopping.wait(reply.wait)
        self._send(reply)

    def _request(self) -> Request:
        """The request, read whole. Refusal when its length isn't told or too long, ConnectionError when it is cut."""
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, parts.path, parts.query, headers, self._body(headers))

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if "transfer-encoding" in headers:
            # Read to its end first: closing with bytes unread would reset the connection and take the answer with it.
            self._skip_chunks()
            raise Refusal(3016, "The request must tell its Content-Length.", status=411)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()):
            raise Refusal(3016, "The Content-Length is no number.", status=400)
        if int(length) > self.server.largest_body:
            self._skip(int(length))
            raise Refusal(3011, "The request is too large.", status=413)
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionError("The request was cut off.")
        return body

    def _skip_chunks(self) -> None:
        while size := _chunk_size(self.rfile.readline(100)):
            self._skip(size + len(b"\r\n"))
        self.rfile.readline(100)

    def _skip(self, length: int) -> None:
        left = min(length, _LONGEST_SKIP)
        while left > 0:
            piece = self.rfile.read(min(left, 65536))
            if not piece:
                return
            left -= len(piece)

    def _send(self, reply: Reply) -> None:
        if reply.cut is Cut.WHOLE:
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        if reply.pieces is None:
            self._send_body(reply)
        else:
            self._send_pieces(reply.pieces)

    def _send_body(self, reply: Reply) -> None:
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.cut is Cut.HALF:
            self.close_connection = True
            self.wfile.write(reply.body[: len(reply.body) // 2])
        else:
            self.wfile.write(reply.body)

    def _send_pieces(self, pieces: Iterator[str]) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            data = piece.encode("utf-8")
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.write(b"0\r\n\r\n")


def _chunk_size(line: bytes) -> int:
    """The bytes that a chunk's first line announces; 0 at the end and for what is no such line."""
    try:
        return int(line.partition(b";")[0], 16)
    except ValueError:
        return 0


class PracticeServer:
    """The practice service, in this process. It listens from `start` to `stop`, once each."""

    def __init__(self, settings: PracticeSettings) -> None:
        self._settings = settings
        self._server: _Server | None = None
        self._api: Api | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """The base URL, such as http://127.0.0.1:43521; known once started."""
        if self._server is None:
            raise RuntimeError("The practice server is not started.")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Take up the state file and listen.

        InUseError or OSError when the file or the port is taken, ValueError when the file can't be used.
        """
        api = Api(self._settings)
        try:
            self._server = _Server(self._settings.port, api, self._settings.largest_body)
        except OSError:
            api.close()
            raise
        self._api = api
        self._thread = Thread(target=self._server.serve_forever, args=(_LOOK_UP,), name="practice")
        self._thread.start()

    def stop(self) -> None:
        """End all connections, wait for the threads, close the state file."""
        if self._server is None or self._api is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()
        self._api.close()
        self._server, self._thread = None, None

    def __enter__(self) -> PracticeServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
