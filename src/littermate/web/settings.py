"""Settings: how the web app is served, decided once by `littermate serve`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["LOOPBACK", "ServeSettings"]

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """How a study is served.

    Parameters
    ----------
    folder
        The study folder.
    secret
        Signs sessions. Kept from one start to the next, so that a scorer's page goes on where it was.
    entry_token
        Of the one-time link by which the person at this computer enters as the custodian; empty where people sign in
        with passwords only.
    local_name
        That person's name.
    hosts
        Names and addresses by which the app may be called, in lower case.
    secure
        Whether it is served over TLS; cookies are then sent over TLS only.
    """

    folder: Path
    secret: str
    entry_token: str = ""
    local_name: str = ""
    hosts: tuple[str, ...] = LOOPBACK
    secure: bool = False

    @property
    def cookie(self) -> str:
        """Name of the session's cookie, the study's own: browsers share cookies between all ports of one name."""
        mark = hashlib.sha256(f"cookie of {self.secret}".encode()).hexdigest()[:8]
        return f"{'__Host-' if self.secure else ''}littermate-{mark}"
