"""Serving: the port and the people it needs are there before anybody is told an address."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.web.marked import PASSWORD

from littermate.errors import FileError, StageError, StoreError, UsageError
from littermate.study import Study
from littermate.web import serving as of_serving
from littermate.web.serving import Listening, Serving, prepare_serving, run_server

ANYWHERE = Listening(host="0.0.0.0", port=0)


@contextmanager
def prepared(study: Study, listening: Listening) -> Iterator[Serving]:
    serving = prepare_serving(study.folder.root, listening, who="ada")
    with serving.socket:
        yield serving


@contextmanager
def run(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run `run_server` in a thread, until the block ends."""
    made: list[uvicorn.Server] = []
    original = uvicorn.Server.__init__

    def kept(server: uvicorn.Server, config: uvicorn.Config) -> None:
        original(server, config)
        made.append(server)

    monkeypatch.setattr(uvicorn.Server, "__init__", kept)
    thread = threading.Thread(target=run_server, args=(serving,))
    thread.start()
    while not (made and made[0].started) and thread.is_alive():
        time.sleep(0.01)
    try:
        yield
    finally:
        made[0].should_exit = True
        thread.join()


# Who may be served to ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_is_local(host: str) -> None:
    assert Listening(host=host).local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "lab.example", "localhost.lab.example", ""])
def test_everything_else_is_not(host: str) -> None:
    assert not Listening(host=host).local


def test_beyond_this_computer_a_custodian_needs_a_password(small_study: Study) -> None:
    """A scorer's account is not enough, nor one that was closed."""
    small_study.add_account("bo", role="scorer", password=PASSWORD)
    with pytest.raises(StageError, match="littermate user add NAME --role custodian"):
        prepare_serving(small_study.folder.root, ANYWHERE, who="ada")
    small_study.add_account("ada", role="custodian", password=PASSWORD)
    with prepared(small_study, ANYWHERE) as serving:
        assert serving.settings.entry_token == ""
        assert serving.settings.local_name == ""
        assert "token" not in serving.link
        assert "unencrypted" in serving.warning


def test_at_this_computer_a_link_is_enough(small_study: Study) -> None:
    with prepared(small_study, Listening(port=0)) as serving, prepared(small_study, Listening(port=0)) as other:
        assert serving.link.startswith("http://127.0.0.1:")
        assert len(serving.settings.entry_token) >= 32
        assert serving.link.endswith(f"/enter?token={serving.settings.entry_token}")
        assert serving.settings.entry_token != other.settings.entry_token
        assert serving.settings.secret == other.settings.secret, "sessions outlive a start"
        assert serving.warning == ""
        assert str(small_study.folder.root) not in serving.link


def test_the_secret_is_outside_the_study(small_study: Study) -> None:
    with prepared(small_study, Listening(port=0)) as serving:
        secret = serving.settings.secret.encode()
    assert not [path for path in small_study.folder.root.rglob("*") if path.is_file() and secret in path.read_bytes()]


def test_the_names_it_is_called_by(people: Study) -> None:
    with prepared(people, Listening(host="0.0.0.0", port=0, names=("Lab-PC.example",))) as serving:
        assert {"localhost", "127.0.0.1", "::1", "lab-pc.example", socket.gethostname().lower()} <= set(
            serving.settings.hosts
        )
        assert "0.0.0.0" not in serving.settings.hosts
        assert serving.link.startswith("http://Lab-PC.example:")
    with prepared(people, ANYWHERE) as serving:
        assert "0.0.0.0" not in serving.link


def test_a_folder_that_is_no_study(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"study\.toml"):
        prepare_serving(tmp_path, Listening(port=0), who="ada")


# The port ---------------------------------------------------------------------------------------------------------


def test_a_port_that_is_taken(small_study: Study) -> None:
    with prepared(small_study, Listening(port=0)) as first:
        port = first.socket.getsockname()[1]
        with pytest.raises(UsageError, match=rf"(?s)port {port} .*--port"):
            prepare_serving(small_study.folder.root, Listening(port=port), who="ada")


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid", "x" * 300, "..", "1.2.3.4.5"])
def test_an_address_that_is_not_ours(people: Study, host: str) -> None:
    with pytest.raises(UsageError, match="--host"):
        prepare_serving(people.folder.root, Listening(host=host, port=0), who="ada")


def test_whoever_comes_early_waits(small_study: Study) -> None:
    """The browser may be quicker than the server: the socket listens before the link is told."""
    with prepared(small_study, Listening(port=0)) as serving:
        socket.create_connection(serving.socket.getsockname(), timeout=5).close()


# TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_pair(tmp_path_factory.mktemp("tls"))


def write_pair(folder: Path) -> tuple[Path, Path]:
    """Write a certificate that is signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return certificate, private


def test_certificate_and_key_come_together(small_study: Study, pair: tuple[Path, Path], tmp_path: Path) -> None:
    certificate, key = pair
    other = write_pair(tmp_path)[1]
    for half in ({"certificate": certificate}, {"key": key}):
        with pytest.raises(UsageError, match="give both"):
            prepare_serving(small_study.folder.root, Listening(port=0, **half), who="ada")
    for one, two in ((certificate, tmp_path / "none.pem"), (certificate, other), (key, certificate)):
        with pytest.raises(FileError):
            prepare_serving(small_study.folder.root, Listening(port=0, certificate=one, key=two), who="ada")


def test_over_tls_the_cookie_is_secure(
    small_study: Study, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = pair
    trusted = ssl.create_default_context(cafile=certificate)
    with (
        prepared(small_study, Listening(port=0, certificate=certificate, key=key)) as serving,
        run(serving, monkeypatch),
        httpx.Client(verify=trusted, timeout=30) as client,
    ):
        assert serving.link.startswith("https://127.0.0.1:")
        answer = client.get(serving.link)
        assert answer.status_code == 303
        assert "; secure" in answer.headers["set-cookie"].lower()
        page = client.get(str(answer.url.join("/study")))
        assert page.status_code == 200
        assert "server" not in page.headers
        assert "date" not in page.headers


# Over a socket -----------------------------------------------------------------------------------------------------


def test_what_a_server_is_told_over_the_wire(small_study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that no library would send: two lengths, both kinds of length, no host, halves of requests."""
    with prepared(small_study, Listening(port=0)) as serving, run(serving, monkeypatch):
        address = serving.socket.getsockname()
        host = b"Host: 127.0.0.1\r\n"
        post = b"POST /sign-in HTTP/1.1\r\n" + host + b"Content-Type: application/x-www-form-urlencoded\r\n"
        chunked = b"Transfer-Encoding: chunked\r\n"
        tries = {
            b"GET /sign-in HTTP/1.1\r\n" + host + b"\r\n": b"200",
            b"GET /sign-in HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n": b"421",
            b"GET /sign-in HTTP/1.1\r\n\r\n": b"4",
            b"GET /sign-in HTTP/1.1\r\n" + host + b"Host: elsewhere.example\r\n\r\n": b"4",
            b"GET http://elsewhere.example/sign-in HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n": b"4",
            post + chunked + b"\r\n5\r\nname=\r\n0\r\n\r\n": b"4",
            post + chunked + b"Content-Length: 5\r\n\r\n5\r\nname=\r\n0\r\n\r\n": b"4",
            post + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nname=": b"4",
            post + b"Content-Length: -5\r\n\r\nname=": b"4",
            post + b"Content-Length: 99999999\r\n\r\nname=": b"413",
            b"GET /static/../../version.py HTTP/1.1\r\n" + host + b"\r\n": b"404",
            b"GET /static/%2e%2e/templates/base.html HTTP/1.1\r\n" + host + b"\r\n": b"404",
            b"GET /score/" + b"x" * 70_000 + b" HTTP/1.1\r\n" + host + b"\r\n": b"",
            b"GET /score/\xff\xfe HTTP/1.1\r\n" + host + b"\r\n": b"",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n": b"4",
        }
        for sent, expected in tries.items():
            status = ask_raw(address, sent)
            assert status.startswith(expected), (sent[:80], status)
            assert not status.startswith(b"5")
        assert ask_raw(address, next(iter(tries))) == b"200", "and the server goes on"


def ask_raw(address: tuple[str, int], sent: bytes) -> bytes:
    """Send bytes, and return the status of what comes back; nothing where the line is closed."""
    with socket.create_connection(address, timeout=10) as line:
        line.sendall(sent)
        try:
            return line.recv(4096).partition(b" ")[2][:3]
        except ConnectionError:
            return b""


def test_two_servers_of_one_study_write_at_the_same_time(people: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        prepared(people, Listening(port=0)) as first,
        prepared(people, Listening(port=0)) as second,
        run(first, monkeypatch),
    ):
        monkeypatch.undo()
        with run(second, monkeypatch):
            for number, serving in enumerate((first, second)):
                with httpx.Client(timeout=30) as client:
                    client.get(serving.link)
                    page = client.get(serving.link.partition("/enter")[0] + "/people").text
                    token = page.partition('littermate-token" content="')[2].partition('"')[0]
                    headers = {"X-Littermate-Token": token}
                    form = {"name": f"new {number}", "role": "viewer", "password": PASSWORD}
                    added = client.post(f"{page_of(serving)}/people/add", data=form, headers=headers)
                    assert added.status_code == 200
    assert {"new 0", "new 1"} <= {one.name for one in people.accounts}
    people.verify()


def page_of(serving: Serving) -> str:
    return serving.link.partition("/enter")[0]


def test_own_addresses_can_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_knows(*_: object) -> None:
        raise OSError("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nobody_knows)
    assert of_serving._own_addresses() == (socket.gethostname(),)
