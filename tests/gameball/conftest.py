"""Clients for the room's tests, closed when the test ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from gb_desktop.gameball.client import Client
from gb_desktop.gameball.limiter import Limiter
from gb_desktop.gameball.model import Connection
from gb_desktop.gameball.wire import Timeouts

API_KEY = "gb_test_0123456789abcdef"
SECRET_KEY = "s3cret-fedcba9876543210"
PATIENT = Timeouts(connect=10.0, read_create=10.0, read=10.0, total_create=20.0, total=20.0)
HASTY = Timeouts(connect=0.3, read_create=0.3, read=0.3, total_create=0.6, total=0.6)  # for tests of time-outs

ClientMaker = Callable[..., Client]


@pytest.fixture
def client_for() -> Iterator[ClientMaker]:
    """`client_for(url, proxy="", **client_arguments)`."""
    with ExitStack() as stack:

        def make(url: str, proxy: str = "", **more: Any) -> Client:
            connection = Connection(url, "v4.0", API_KEY, SECRET_KEY, proxy)
            more = {"limiter": Limiter(time.monotonic), "timeouts": PATIENT, **more}
            return stack.enter_context(Client(connection, more.pop("limiter"), **more))

        yield make
