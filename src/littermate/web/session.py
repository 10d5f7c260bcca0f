"""Session: who is at the browser, as a signed cookie says, and what their role lets them ask for.

The cookie holds a name, a token for writes, and a stamp of the password it was made under: a new password or a closed
account ends it. Signing out ends it, too, for a copy of the cookie as well, as long as this server runs. The role is
read from the study at every request. A session begun by the one-time link is the custodian's of this computer and needs
no account.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import deque
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from littermate.model.account import ROLES, Account
from littermate.study import Study
from littermate.web.settings import ServeSettings

__all__ = [
    "AsCustodian",
    "AsScorer",
    "AsViewer",
    "Ended",
    "RoleNeeded",
    "Visit",
    "begin_session",
    "end_session",
    "find_visit",
    "read_session",
]

_LONGEST_S = 14 * 24 * 3600
_ENDED_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a cookie says."""

    name: str
    token: str
    stamp: str
    local: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visit:
    """A person at a page: their name and role, the token of their writes, and the study as theirs to act on."""

    name: str
    role: str
    token: str
    study: Study

    def may(self, role: str) -> bool:
        """Whether this person may do what `role` may."""
        return ROLES.index(self.role) <= ROLES.index(role)


def begin_session(response: Response, settings: ServeSettings, name: str, *, account: Account | None) -> None:
    """Give the browser a new session; without an account, that of the custodian at this computer."""
    fields = [name, secrets.token_urlsafe(18), "" if account is None else _stamp(account), account is None]
    response.set_cookie(
        settings.cookie,
        _serializer(settings).dumps(fields),
        max_age=_LONGEST_S,
        httponly=True,
        secure=settings.secure,
        samesite="lax",
        path="/",
    )


class Ended:
    """Tokens of the sessions that were signed out; the oldest of very many are forgotten."""

    def __init__(self) -> None:
        self._tokens: deque[str] = deque(maxlen=_ENDED_KEPT)

    def add(self, token: str) -> None:
        """Remember that a session has ended."""
        self._tokens.append(token)

    def __contains__(self, token: str) -> bool:
        return token in self._tokens


def end_session(request: Request, response: Response) -> None:
    """Take the session from the browser, and from whoever has a copy of its cookie."""
    settings: ServeSettings = request.app.state.settings
    session = read_session(settings, request.cookies.get(settings.cookie))
    if session is not None:
        request.app.state.ended.add(session.token)
    response.delete_cookie(settings.cookie, httponly=True, secure=settings.secure, samesite="lax", path="/")


def read_session(settings: ServeSettings, cookie: str | None) -> Session | None:
    """Return what a cookie says, or nothing where it is not ours, or too old."""
    try:
        name, token, stamp, local = _serializer(settings).loads(cookie or "", max_age=_LONGEST_S)
    except (BadSignature, ValueError, TypeError):
        return None
    return Session(name=name, token=token, stamp=stamp, local=local)


def _serializer(settings: ServeSettings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret, salt="littermate session")


def _stamp(account: Account) -> str:
    return hashlib.sha256(account.password_hash.encode()).hexdigest()[:16]


def find_visit(request: Request) -> Visit | None:
    """Return who is at the page, or nothing where nobody signed in."""
    settings: ServeSettings = request.app.state.settings
    session = read_session(settings, request.cookies.get(settings.cookie))
    if session is None or session.token in request.app.state.ended:
        return None
    study: Study = request.app.state.study.acting_as(session.name)
    if session.local:
        known = bool(settings.entry_token) and session.name == settings.local_name
        return Visit(name=session.name, role="custodian", token=session.token, study=study) if known else None
    account = study.account(session.name)
    if account is None or not account.active or _stamp(account) != session.stamp:
        return None
    return Visit(name=session.name, role=account.role, token=session.token, study=study)


@dataclass(frozen=True, slots=True)
class RoleNeeded:
    """What a route asks of who calls it: to be signed in, in this role or one that may do more."""

    role: str

    def __call__(self, request: Request) -> Visit:
        """Return who calls, or refuse."""
        found = find_visit(request)
        if found is None:
            raise HTTPException(401, "sign in first")
        if not found.may(self.role):
            raise HTTPException(403, f"this is for a {self.role}")
        return found


AsCustodian = Annotated[Visit, Depends(RoleNeeded("custodian"))]
AsScorer = Annotated[Visit, Depends(RoleNeeded("scorer"))]
AsViewer = Annotated[Visit, Depends(RoleNeeded("viewer"))]
