"""Keys appear nowhere but in their two headers."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from gb_desktop.gameball.model import Connection
from gb_desktop.gameball.redact import MASK, Redactor, install
from gb_desktop.gameball.transport import Keys
from tests.gameball.conftest import API_KEY, SECRET_KEY, ClientMaker
from tests.gameball.fault_server import FaultServer, answer, http_bytes, raw_answer

ODD = 'k/"y+\\ =&key'


class Log:
    """A logger with one redacting handler, and what it printed."""

    def __init__(self, *secrets: str) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
        install(self.handler, secrets)
        self.logger = logging.getLogger("tests.redact")
        self.logger.setLevel(logging.DEBUG)
        self.logger.propagate = False
        self.logger.addHandler(self.handler)

    @property
    def printed(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log(API_KEY, SECRET_KEY)
    yield made
    made.logger.removeHandler(made.handler)


def test_that_every_spelling_of_a_secret_is_replaced() -> None:
    redactor = Redactor([ODD])
    for spelling in (ODD, quote(ODD, safe=""), 'k\\/\\"y+\\\\ =&key'):
        assert redactor.text(f"<{spelling}>") == f"<{MASK}>"


def test_that_a_secret_inside_another_leaves_no_rest() -> None:
    assert Redactor(["abcdef", "abcdefghij"]).text("abcdefghij abcdef") == f"{MASK} {MASK}"


def test_that_short_values_are_no_secrets() -> None:
    assert Redactor(["", "a", "test"]).text("a test") == "a test"


def test_that_strings_deep_in_a_value_and_keys_of_objects_are_replaced() -> None:
    value = {"a": [f"x{API_KEY}", 5, None, {API_KEY: True}]}
    assert Redactor([API_KEY]).value(value) == {"a": [f"x{MASK}", 5, None, {MASK: True}]}


@pytest.mark.parametrize("secret", [ODD, "plain-secret"])
def test_that_a_text_which_is_not_touched_holds_no_secret(secret: str) -> None:
    redactor = Redactor([secret])
    harmless = json.dumps({"said": "nothing of it"})
    assert not redactor.touches(harmless)
    spelt = "".join(f"\\u{ord(mark):04x}" for mark in secret)
    for text in (json.dumps({"said": f"key={secret}"}), f'{{"said": "{spelt}"}}'):
        assert redactor.touches(text)
        assert redactor.value(json.loads(text)) != json.loads(text)


def test_that_messages_arguments_and_extra_fields_are_redacted(log: Log) -> None:
    log.handler.setFormatter(logging.Formatter("%(message)s %(where)s"))
    log.logger.info("sent with %s and %r", API_KEY, {"secretkey": SECRET_KEY}, extra={"where": f"?key={API_KEY}"})
    assert API_KEY not in log.printed
    assert SECRET_KEY not in log.printed
    assert log.printed.count(MASK) == 3


def test_that_tracebacks_and_stacks_are_redacted(log: Log) -> None:
    try:
        raise RuntimeError(f"refused {SECRET_KEY}")
    except RuntimeError:
        log.logger.exception("failed", stack_info=True)
    assert "RuntimeError" in log.printed
    assert SECRET_KEY not in log.printed


def test_that_a_broken_logging_call_leaks_nothing_and_breaks_nothing(log: Log) -> None:
    log.logger.info(f"{API_KEY} %d %d", "x")
    assert "unusable" in log.printed
    assert API_KEY not in log.printed


def test_that_records_of_loggers_below_are_redacted_too(log: Log) -> None:
    logging.getLogger("tests.redact.below").warning("key %s", API_KEY)
    assert API_KEY not in log.printed
    assert MASK in log.printed


def test_that_no_repr_shows_a_key() -> None:
    connection = Connection("https://api.gameball.co", "v4.0", API_KEY, SECRET_KEY)
    for shown in (repr(connection), repr(Keys(API_KEY, SECRET_KEY)), repr(Redactor([API_KEY]))):
        assert API_KEY not in shown
        assert SECRET_KEY not in shown


ECHOES = {
    "a body": answer(400, {"code": 1000, "message": f"key {API_KEY} is bad", "got": {SECRET_KEY: [API_KEY]}}),
    "a text": answer(500, f"<html>{API_KEY} {quote(SECRET_KEY)}".encode()),
    "a redirect": answer(302, b"", {"Location": f"https://x.test/?apikey={API_KEY}"}),
    "a header": raw_answer(f"HTTP/1.1 200 OK\r\n{API_KEY}\r\n\r\n".encode()),
    "a status line": raw_answer(f"{SECRET_KEY}\r\n\r\n".encode()),
    "a success": raw_answer(http_bytes(200, f'{{"jobId": 1, "echo": "{API_KEY}"}}'.encode())),
}


@pytest.mark.parametrize("name", ECHOES)
def test_that_an_answer_that_echoes_keys_is_scrubbed(name: str, client_for: ClientMaker, log: Log) -> None:
    root = logging.getLogger()
    root.addHandler(log.handler)
    try:
        with FaultServer(ECHOES[name]) as server:
            client = client_for(server.url)
            told = [client.create_job("orders", b"{}"), client.job_status("1"), client.transactions("c")]
            told.append(client)
    finally:
        root.removeHandler(log.handler)
    for shown in (repr(told), log.printed, repr(vars(client))):
        assert API_KEY not in shown
        assert SECRET_KEY not in shown
