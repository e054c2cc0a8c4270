"""A proxy on loopback in front of the practice service that spoils chosen exchanges at an exact point."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from tests.gameball.fault_server import Conversation, FaultServer, Received, as_bytes, http_bytes

Spoil = Callable[[Conversation, Callable[[], tuple[int, bytes]]], None]
PROXY_PAGE = b"<html><body>502 Bad Gateway</body></html>"


class FaultProxy(FaultServer):
    """`spoil` treats the nth create-job request for `endpoint`; `reshape` the answers about the first job.

    Everything else passes through as it is.
    """

    def __init__(
        self,
        upstream: str,
        endpoint: str,
        spoil: Spoil | None = None,
        reshape: Callable[[Any], tuple[int, Any]] | None = None,
        nth: int = 1,
    ) -> None:
        super().__init__(self._pass_on)
        self._upstream = urlsplit(upstream).netloc
        self._endpoint = endpoint
        self._spoil = spoil
        self._reshape = reshape
        self._nth = nth
        self._posts = 0
        self._counting = threading.Lock()
        self.jobs: list[str] = []

    def _pass_on(self, conversation: Conversation) -> None:
        while (head := conversation.read_head()) is not None:
            method, path, headers = head
            creates = method == "POST" and path.endswith(f"/batch/{self._endpoint}")
            spoil = self._spoil if creates and self._is_next() else None
            if spoil is reset_before_body:
                conversation.reset()
                return
            received = conversation.read_body(method, path, headers)
            if received is None:
                return
            if spoil is not None:
                spoil(conversation, partial(self._forward, received))
                return
            conversation.send(self._answer(received, creates))
            if headers.get("connection") == "close":
                return

    def _answer(self, received: Received, creates: bool) -> bytes:
        status, body = self._forward(received)
        if creates and status == 200:
            self.jobs.append(str(json.loads(body)["jobId"]))
        if received.method == "GET" and self._is_the_job(received.path) and self._reshape is not None:
            status, shaped = self._reshape(json.loads(body))
            body = as_bytes(shaped)
        return http_bytes(status, body, {"Content-Type": "application/json"})

    def _is_next(self) -> bool:
        with self._counting:
            self._posts += 1
            return self._posts == self._nth

    def _is_the_job(self, path: str) -> bool:
        return bool(self.jobs) and self.jobs[0] in path.split("/")

    def _forward(self, received: Received) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._upstream, timeout=20)
        try:
            names = ("apikey", "secretkey", "content-type")
            headers = {name: received.headers[name] for name in names if name in received.headers}
            connection.request(received.method, received.path, received.body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


# What can happen to a create-job request. "after": the practice service carried it out.


def reset_before_body(conversation: Conversation, _: Callable[[], tuple[int, bytes]]) -> None:
    """The one fault that does not even read the request."""
    conversation.reset()


def reset_after(conversation: Conversation, carry_out: Callable[[], tuple[int, bytes]]) -> None:
    carry_out()
    conversation.reset()


def closed_after(conversation: Conversation, carry_out: Callable[[], tuple[int, bytes]]) -> None:
    carry_out()


def half_answer(conversation: Conversation, carry_out: Callable[[], tuple[int, bytes]]) -> None:
    raw = http_bytes(*carry_out())
    conversation.send(raw[: len(raw) - 6])


def drip(conversation: Conversation, carry_out: Callable[[], tuple[int, bytes]]) -> None:
    for byte in http_bytes(*carry_out()):
        conversation.send(bytes([byte]))
        conversation.server.stopping.wait(0.001)


def endless_drip(conversation: Conversation, carry_out: Callable[[], tuple[int, bytes]]) -> None:
    """An answer that never stays silent and never ends."""
    status, body = carry_out()
    length = b"Content-Length: %d"
    conversation.send(http_bytes(status, body).replace(length % len(body), length % 1_000_000))
    while not conversation.server.stopping.wait(0.02):
        conversation.send(b" ")


def answers(status: int, body: Any, after: bool, headers: dict[str, str] | None = None) -> Spoil:
    """Answer so; `after` the request was carried out, or without carrying it out."""

    def spoil(conversation: Conversation, carry_out: Callable[[], tuple[int, bytes]]) -> None:
        if after:
            carry_out()
        conversation.send(http_bytes(status, as_bytes(body), {"Connection": "close", **(headers or {})}))

    return spoil
