"""Serving: from a study folder and an address to a server that runs.

On loopback the person who starts the server enters as the custodian, by a link that works once. On any other address
there is no such link: people sign in with passwords, and without a custodian who has one nothing is served.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from littermate.errors import FileError, StageError, UsageError
from littermate.files import require_file
from littermate.study import Study, open_study
from littermate.web.app import create_app
from littermate.web.settings import LOOPBACK, ServeSettings

__all__ = ["Listening", "Serving", "prepare_serving", "run_server"]

_WAITING = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where the server listens: address and port, further names it is called by, TLS certificate and key."""

    host: str = "127.0.0.1"
    port: int = 8765
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None

    @property
    def local(self) -> bool:
        """Whether only this computer can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Serving:
    """A server about to run: its settings and socket, and what the person who started it is told."""

    settings: ServeSettings
    listening: Listening
    socket: socket.socket
    title: str
    words: str
    link: str
    warning: str = ""


def prepare_serving(folder: str | Path, listening: Listening, *, who: str) -> Serving:
    """Check that the study can be served there, and take the port.

    Raises
    ------
    StageError
        If it is to be served beyond this computer, and no custodian has a password.
    UsageError
        If the address or the port cannot be had, or certificate and key are not both given.
    """
    study = open_study(folder, who=who)
    if (listening.certificate is None) != (listening.key is None):
        raise UsageError(expected="--certificate and --key", found="one of them", do="give both, or none")
    if listening.certificate is not None and listening.key is not None:
        _require_pair(listening.certificate, listening.key)
    if not listening.local:
        _require_custodian(study)
    taken = _listen(listening)
    port, secure = taken.getsockname()[1], listening.certificate is not None
    token = secrets.token_urlsafe(24) if listening.local else ""
    settings = ServeSettings(
        folder=study.folder.root,
        secret=study.session_secret(),
        entry_token=token,
        local_name=who if listening.local else "",
        hosts=_hosts(listening),
        secure=secure,
    )
    address = f"{'https' if secure else 'http'}://{_called(listening)}:{port}"
    return Serving(
        settings=settings,
        listening=listening,
        socket=taken,
        title=study.protocol.title,
        words=f"for {who}, the custodian at this computer; the link works once:" if token else "people sign in at:",
        link=f"{address}/enter?token={token}" if token else address,
        warning=""
        if listening.local or secure
        else ("passwords and pictures cross the network unencrypted: give --certificate and --key"),
    )


def _require_custodian(study: Study) -> None:
    if not any(one.active and one.role == "custodian" and one.password_hash for one in study.accounts):
        raise StageError(
            expected="a custodian with a password, to serve beyond this computer",
            found="none",
            do="add one first: littermate user add NAME --role custodian",
        )


def _require_pair(certificate: Path, key: Path) -> None:
    """Refuse files that are no certificate and its key, before anybody is told an address."""
    for file in (certificate, key):
        require_file(file, FileError)
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (ssl.SSLError, ValueError) as fault:
        raise FileError(
            expected="a certificate and its own private key without a password, both as PEM",
            found=str(fault),
            do="make them anew, or give the files that belong together",
            where=f"{certificate}, {key}",
        ) from fault


def _called(listening: Listening) -> str:
    """Return the name or address that people are told."""
    own = _own_addresses()[0] if _any(listening.host) else listening.host
    name = next(iter(listening.names), own)
    return f"[{name}]" if ":" in name else name


def _hosts(listening: Listening) -> tuple[str, ...]:
    """Return all that this server may be called by, as browsers write it: in lower case, addresses without a zone."""
    own = _own_addresses() if _any(listening.host) else (listening.host,)
    return tuple(dict.fromkeys(name.lower().partition("%")[0] for name in (*LOOPBACK, *listening.names, *own)))


def _listen(listening: Listening) -> socket.socket:
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once (TCP_NODELAY); without it each would wait 40 ms.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # elsewhere this would let two programs have one port
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((listening.host, listening.port))
        taken.listen(_WAITING)
    except (OSError, UnicodeError) as fault:
        taken.close()
        raise UsageError(
            expected=f"the port {listening.port} of {listening.host} to be free",
            found=getattr(fault, "strerror", None) or str(fault),
            do="stop the other program, or give another --port (0 for any) or --host",
        ) from fault
    return taken


def _any(host: str) -> bool:
    return host in ("0.0.0.0", "::")


def _own_addresses() -> tuple[str, ...]:
    """Return this computer's name and addresses, by which it can be called."""
    name = socket.gethostname()
    try:
        found = socket.getaddrinfo(name, None)
    except OSError:
        found = []
    return tuple(dict.fromkeys([name, *(str(one[4][0]) for one in found)]))


def run_server(serving: Serving, *, on_ready: Callable[[], object] | None = None) -> None:
    """Serve until ctrl-C."""
    listening = serving.listening
    config = uvicorn.Config(
        create_app(serving.settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.key,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=75,
    )
    if on_ready is not None:
        on_ready()
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[serving.socket])
