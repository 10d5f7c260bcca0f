"""Safety: what holds for every request before any page sees it, and for every answer after.

- The host it was called by must be one the app is served under (no rebinding of a foreign name to this computer).
- Bodies are small, say how long they are, and are of forms or JSON; no file can be sent.
- A write must come from a page of this app: its `Origin`, where there is one, is the app itself, and it carries the
  session's token in the header ``X-Littermate-Token``. Signing in needs the origin alone: its form has no token, and
  the cookie of a session that has ended must not stand in the way of a new one.
- Answers may load nothing from elsewhere, be framed by nobody, stay in no cache, and say of no file when it was made.
  A page that needs another policy for what it loads (the report) brings its own.
"""

from __future__ import annotations

import hmac
import re
from urllib.parse import SplitResult, urlsplit

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from littermate.web.faults import last_resort
from littermate.web.session import read_session
from littermate.web.settings import ServeSettings

__all__ = ["LARGEST_BODY", "POLICY", "SIGN_IN", "TOKEN_HEADER", "Guard"]

TOKEN_HEADER = "X-Littermate-Token"
LARGEST_BODY = 64 * 1024
SIGN_IN = "/sign-in"
_READS = ("GET", "HEAD", "OPTIONS")
_KINDS = ("application/json", "application/x-www-form-urlencoded")
_ONCE = ("host", "origin", "content-length", "content-type", TOKEN_HEADER)
_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self';"
    " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with "no-referrer" a browser says of the sign-in form that its origin is "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_OF_FILES = ("Last-Modified", "ETag")
_UNCHANGING = "/static/"


class Guard:
    """Stands between the server and the app: refuses what breaks a rule of the module, adds headers to every answer.

    Parameters
    ----------
    app
        What is guarded.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, answer = Request(scope, receive), _Answer(scope["path"], send)
        try:
            await (_refusal(request) or self._app)(scope, receive, answer.send)
        except Exception as fault:  # the app's last handler
            if answer.begun:
                raise
            await last_resort(request, fault)(scope, receive, answer.send)


class _Answer:
    """An answer on its way out, to which the headers are added."""

    def __init__(self, path: str, send: Send) -> None:
        self._unchanging, self._send = path.startswith(_UNCHANGING), send
        self.begun = False

    async def send(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] == "http.response.start":
            self.begun = True
            self._add_headers(MutableHeaders(scope=message))
        await self._send(message)

    def _add_headers(self, headers: MutableHeaders) -> None:
        headers.setdefault("Content-Security-Policy", POLICY)
        for name, value in _HEADERS.items():
            headers[name] = value
        headers["Cache-Control"] = "no-cache" if self._unchanging else "no-store"
        for name in () if self._unchanging else _OF_FILES:
            del headers[name]


def _refusal(request: Request) -> Response | None:
    settings: ServeSettings = request.app.state.settings
    if any(len(request.headers.getlist(name)) > 1 for name in _ONCE):
        return _no(400, "each header once")
    if (_split(f"//{request.headers.get('host', '')}").hostname or "").rstrip(".") not in settings.hosts:
        return _no(421, "this name is not one the study is served under")
    return None if request.method in _READS else _write_refusal(request, settings)


def _write_refusal(request: Request, settings: ServeSettings) -> Response | None:
    length = request.headers.get("content-length", "")
    if "transfer-encoding" in request.headers or not _LENGTH.fullmatch(length) or int(length) > LARGEST_BODY:
        return _no(413, f"a body of at most {LARGEST_BODY} bytes, with its length")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if int(length) and kind not in _KINDS:
        return _no(415, f"a body of {' or '.join(_KINDS)}")
    if not _own_origin(request):
        return _no(403, "a request from a page of this study")
    session = read_session(settings, request.cookies.get(settings.cookie))
    if session is None or request.url.path == SIGN_IN:
        return None
    if not hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), session.token.encode()):
        return _no(403, "the session's token; reload the page")
    return None


def _own_origin(request: Request) -> bool:
    """Whether a write comes from this app; a request that says nothing of its origin comes from no browser's page."""
    origin = request.headers.get("origin")
    own = origin is None or _split(origin).netloc == request.headers.get("host", "")
    return own and request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")


def _split(address: str) -> SplitResult:
    """Take an address apart; one that cannot be meant has no parts."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _no(status: int, expected: str) -> Response:
    return JSONResponse({"error": {"expected": expected, "found": "something else", "do": "try again"}}, status)
