"""One request and its answer, as plain data between the sockets and the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from gb_desktop.practice import exact


class Cut(Enum):
    """How much of the answer arrives before the connection is closed."""

    NOT = "all of it"
    HALF = "half of it"
    WHOLE = "nothing"


@dataclass(frozen=True, slots=True)
class Request:
    """A request, read whole. `headers` have lower-case names; `path` is without the query."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `pieces`, when given, is sent in place of `body`, piece by piece."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Iterator[str] | None = None
    cut: Cut = Cut.NOT
    wait: float = 0.0  # seconds before it is sent


def json_reply(value: Any, status: int = 200) -> Reply:
    """An answer of plain values and Decimals."""
    return text_reply(exact.write(value), status)


def text_reply(text: str, status: int = 200) -> Reply:
    """An answer of ready JSON text."""
    return Reply(status, text.encode("utf-8"))
