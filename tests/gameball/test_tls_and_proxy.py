"""Certificates and proxies: what fails on the way to Gameball was not sent, and says what to look at."""

from __future__ import annotations

import os
import socket
import ssl
from pathlib import Path

import pytest

from gb_desktop.gameball.model import Reaction, Verdict
from tests.gameball import fault_server as faulty
from tests.gameball.certificates import Certificates, make_certificates
from tests.gameball.conftest import API_KEY, HASTY, PATIENT, SECRET_KEY, ClientMaker
from tests.gameball.fault_server import Behaviour, FaultServer, RefusedPort, answer, replies

BODY = b'{"body": ["1"]}'


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"), ("localhost", "gameball.test"))


@pytest.fixture
def tls(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    return context


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system trusts our authority: OpenSSL's own way to say so."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))


@pytest.mark.usefixtures("trusted")
def test_that_a_certificate_the_system_trusts_is_trusted(tls: ssl.SSLContext, client_for: ClientMaker) -> None:
    with FaultServer(answer(200, {"jobId": 1}), tls=tls) as server:
        client = client_for(server.url)
        assert client.create_job("orders", BODY).verdict is Verdict.ACCEPTED
        assert client.transactions("c").facts.status == 200
    assert server.requests[0].headers["apikey"] == API_KEY


def test_that_an_untrusted_certificate_gets_no_byte_of_the_request(
    tls: ssl.SSLContext, client_for: ClientMaker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = make_certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(other.authority))
    # The ways the environment could weaken requests must not matter.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    with FaultServer(answer(200, {"jobId": 1}), tls=tls) as server:
        result = client_for(server.url).create_job("orders", BODY)
    assert (result.verdict, result.reaction) == (Verdict.NOT_SENT, Reaction.SETUP)
    assert (result.facts.sent, result.facts.failure) == (False, "tls")
    assert "certificate" in result.message
    assert server.requests == []


@pytest.mark.usefixtures("trusted")
def test_that_a_certificate_for_another_name_is_refused(client_for: ClientMaker, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificates(tmp_path, ("elsewhere.test",)).server)
    with FaultServer(answer(200, {"jobId": 1}), tls=context) as server:
        result = client_for(server.url).create_job("orders", BODY)
    assert (result.verdict, result.facts.failure, server.requests) == (Verdict.NOT_SENT, "tls", [])


def garbage(conversation: faulty.Conversation) -> None:
    conversation.sock.recv(1)
    conversation.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def hang_in_the_handshake(conversation: faulty.Conversation) -> None:
    conversation.until_gone()


HANDSHAKES: dict[str, tuple[Behaviour, Reaction, str]] = {
    "closed": (faulty.close_at_once, Reaction.NETWORK, "connect"),
    "reset": (faulty.reset_at_once, Reaction.NETWORK, "connect"),
    "no TLS at all": (garbage, Reaction.SETUP, "tls"),
    "silent": (hang_in_the_handshake, Reaction.NETWORK, "timeout"),
}


@pytest.mark.parametrize("name", HANDSHAKES)
def test_that_a_handshake_that_fails_was_never_sent(name: str, client_for: ClientMaker) -> None:
    behaviour, reaction, failure = HANDSHAKES[name]
    with FaultServer(behaviour) as server:
        url = server.url.replace("http:", "https:")
        result = client_for(url, timeouts=HASTY if failure == "timeout" else PATIENT).create_job("orders", BODY)
    assert (result.verdict, result.reaction, result.facts.failure) == (Verdict.NOT_SENT, reaction, failure)
    assert not result.facts.sent


# A proxy. The target is a name that only the proxy could resolve: loopback addresses never go through one.


def tunnel_to(port: int) -> Behaviour:
    def behave(conversation: faulty.Conversation) -> None:
        faulty.tunnel(conversation, port)

    return behave


@pytest.mark.usefixtures("trusted")
def test_that_requests_go_through_the_proxy_and_keys_only_through_the_tunnel(
    tls: ssl.SSLContext, client_for: ClientMaker
) -> None:
    with FaultServer(answer(200, {"jobId": 1}), tls=tls) as server, FaultServer(tunnel_to(server.port)) as proxy:
        client = client_for("https://gameball.test", proxy=proxy.url.replace("//", "//user:pass-word@"))
        result = client.create_job("orders", BODY)
    assert result.verdict is Verdict.ACCEPTED
    assert server.requests[0].headers["secretkey"] == SECRET_KEY
    (connect,) = proxy.requests
    assert (connect.method, connect.path) == ("CONNECT", "gameball.test:443")
    assert connect.headers["proxy-authorization"].startswith("Basic ")
    assert API_KEY not in str(connect)
    assert SECRET_KEY not in str(connect)
    assert "proxy-authorization" not in server.requests[0].headers


def refuse_tunnel(status: int) -> Behaviour:
    def behave(conversation: faulty.Conversation) -> None:
        conversation.read_head()
        conversation.send(faulty.http_bytes(status, b"<html>"))

    return behave


PROXIES: dict[str, tuple[Behaviour, Reaction, str]] = {
    "asks for a password": (refuse_tunnel(407), Reaction.SETUP, "proxy"),
    "forbids": (refuse_tunnel(403), Reaction.SETUP, "proxy"),
    "cannot reach the target": (refuse_tunnel(502), Reaction.NETWORK, "connect"),
    "closes": (faulty.close_at_once, Reaction.NETWORK, "connect"),
    "resets": (faulty.reset_at_once, Reaction.NETWORK, "connect"),
    "is silent": (hang_in_the_handshake, Reaction.NETWORK, "timeout"),
}


@pytest.mark.parametrize("name", PROXIES)
def test_that_what_a_proxy_refuses_was_never_sent(name: str, client_for: ClientMaker) -> None:
    behaviour, reaction, failure = PROXIES[name]
    with FaultServer(behaviour) as proxy:
        client = client_for(
            "https://gameball.test",
            proxy=f"127.0.0.1:{proxy.port}",
            timeouts=HASTY if failure == "timeout" else PATIENT,
        )
        result = client.create_job("orders", BODY)
    assert (result.verdict, result.reaction, result.facts.failure) == (Verdict.NOT_SENT, reaction, failure)
    assert not result.facts.sent
    assert "127.0.0.1" in result.message
    assert "gameball.test" in result.message


def test_that_an_unreachable_proxy_is_a_missing_network(client_for: ClientMaker) -> None:
    with RefusedPort() as refused:
        result = client_for("https://gameball.test", proxy=refused.url).create_job("orders", BODY)
    assert (result.verdict, result.reaction, result.facts.failure) == (Verdict.NOT_SENT, Reaction.NETWORK, "refused")
    assert "Check both." in result.message


def test_that_loopback_never_goes_through_a_proxy_nor_by_the_environment(
    client_for: ClientMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RefusedPort() as refused, FaultServer(replies(lambda _: (200, {"jobId": 1}))) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, refused.url)
        assert client_for(server.url, proxy=refused.url).create_job("orders", BODY).verdict is Verdict.ACCEPTED


@pytest.mark.usefixtures("trusted")
def test_that_a_tls_fault_after_the_request_was_read_is_unsure(tls: ssl.SSLContext, client_for: ClientMaker) -> None:
    def break_the_stream(conversation: faulty.Conversation) -> None:
        conversation.read()
        with socket.socket(fileno=os.dup(conversation.sock.fileno())) as plain:
            plain.sendall(b"this is no TLS record" * 10)

    with FaultServer(break_the_stream, tls=tls) as server:
        result = client_for(server.url).create_job("orders", BODY)
    assert len(server.requests) == 1
    assert (result.verdict, result.reaction, result.facts.sent) == (Verdict.UNSURE, Reaction.NONE, True)


def test_that_a_name_that_is_not_found_is_a_missing_network(
    client_for: ClientMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    result = client_for("https://gameball.test").create_job("orders", BODY)
    assert (result.verdict, result.reaction, result.facts.failure) == (Verdict.NOT_SENT, Reaction.NETWORK, "dns")
    assert "gameball.test" in result.message
