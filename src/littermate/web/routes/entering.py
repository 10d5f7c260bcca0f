"""Entering: the one-time link of the person at this computer, signing in with a password, signing out.

Whoever has not signed in sees nothing of the study but a name that says nothing (`Study.neutral_name`): a title often
names the drug, and so would the name of its folder.
"""

from __future__ import annotations

import hmac
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from littermate.web.rendering import render
from littermate.web.session import begin_session, end_session

__all__ = ["Tries", "router"]

router = APIRouter()

_TRIES, _WAIT_S = 5, 60.0
_LONGEST_NAME, _LONGEST_PASSWORD = 200, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """The study's neutral name, and why the last try failed; empty before the first."""

    name: str
    refused: str = ""


class Tries:
    """Counts wrong passwords by name and address; after five, that pair has to wait until a minute after the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[tuple[str, str], deque[float]] = {}

    def too_many(self, who: tuple[str, str]) -> bool:
        """Whether this pair has to wait."""
        since = time.monotonic() - _WAIT_S
        with self._lock:
            self._failed = {known: times for known, times in self._failed.items() if times[-1] > since}
            return sum(at > since for at in self._failed.get(who, ())) >= _TRIES

    def failed(self, who: tuple[str, str]) -> None:
        """Count one."""
        with self._lock:
            self._failed.setdefault(who, deque(maxlen=_TRIES)).append(time.monotonic())


@router.get("/enter", include_in_schema=False)
def enter(request: Request, token: str = "") -> Response:
    """Begin the custodian's session at this computer; the link works once."""
    state = request.app.state
    good = bool(state.settings.entry_token) and hmac.compare_digest(token.encode(), state.settings.entry_token.encode())
    if not (good and state.entry.acquire(blocking=False)):
        raise HTTPException(403, "the link that littermate serve printed, which works once")
    response = RedirectResponse("/", 303)
    begin_session(response, state.settings, state.settings.local_name, account=None)
    return response


@router.get("/sign-in", include_in_schema=False)
def sign_in_page(request: Request) -> Response:
    """Show the form."""
    return render(request, "sign_in.html", page=SignInPage(name=request.app.state.study.neutral_name))


@router.post("/sign-in", include_in_schema=False)
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=_LONGEST_NAME)],
    password: Annotated[str, Form(max_length=_LONGEST_PASSWORD)],
) -> Response:
    """Begin a session, if the password is that person's."""
    state, address = request.app.state, request.client.host if request.client else ""
    if state.tries.too_many((name, address)):
        return _refused(request, 429, "Five wrong passwords for that name. Wait a minute.")
    account = state.study.sign_in(name, password)
    if account is None:
        state.tries.failed((name, address))
        return _refused(request, 403, "That name and password do not belong together.")
    response = RedirectResponse("/", 303)
    begin_session(response, state.settings, account.name, account=account)
    return response


def _refused(request: Request, status: int, words: str) -> Response:
    page = SignInPage(name=request.app.state.study.neutral_name, refused=words)
    return render(request, "sign_in.html", status=status, page=page)


@router.post("/sign-out", include_in_schema=False)
def sign_out(request: Request) -> Response:
    """End the session."""
    response = Response(status_code=204, headers={"HX-Redirect": "/sign-in"})
    end_session(request, response)
    return response
