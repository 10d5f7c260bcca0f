"""A caller in this process: requests go straight to the app, with cookies and a person's token, without a socket."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI, Response
from tests.web.marked import LINK, PASSWORD

from littermate.web.app import create_app
from littermate.web.safety import TOKEN_HEADER
from littermate.web.session import begin_session
from littermate.web.settings import ServeSettings

BASE = "http://127.0.0.1:8765"
Answer = TypeVar("Answer")


class Caller:
    """One browser: what it is answered, the cookies it got, the token it read from a page."""

    def __init__(self, served: Served, base: str = BASE, address: str = "127.0.0.1") -> None:
        self._served = served
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(served.app, client=(address, 50_000)), base_url=base
        )
        self.token = ""

    def request(self, method: str, address: str, **more: Any) -> httpx.Response:
        """Ask; writes carry the token, and no redirect is followed."""
        headers = httpx.Headers(more.pop("headers", None))
        if method not in ("GET", "HEAD", "OPTIONS") and self.token:
            headers.setdefault(TOKEN_HEADER, self.token)
        return self._served.run(self.http.request(method, address, headers=headers, **more))

    def get(self, address: str, **more: Any) -> httpx.Response:
        """Ask for a page."""
        return self.request("GET", address, **more)

    def post(self, address: str, **more: Any) -> httpx.Response:
        """Write something."""
        return self.request("POST", address, **more)

    def sign_in(self, name: str, password: str = PASSWORD) -> Caller:
        """Sign in with a password, and read the token."""
        answer = self.post("/sign-in", data={"name": name, "password": password}, headers={"origin": BASE})
        assert answer.status_code == 303, answer.text
        return self.read_token()

    def be(self, name: str) -> Caller:
        """Have a person's session without the work of a password, and read the token."""
        state, response = self._served.app.state, Response()
        begin_session(response, state.settings, name, account=state.study.account(name))
        value = response.headers["set-cookie"].partition("=")[2].partition(";")[0]
        self.http.cookies.set(state.settings.cookie, value, domain="127.0.0.1")
        return self.read_token()

    def enter(self) -> Caller:
        """Enter by the one-time link, and read the token."""
        assert self.get(f"/enter?token={LINK}").status_code == 303
        return self.read_token()

    def read_token(self) -> Caller:
        """Read the session's token from a page."""
        page = self.get(self.get("/").headers["location"])
        (self.token,) = re.findall(r'name="littermate-token" content="([^"]+)"', page.text)
        return self


class Served:
    """An app that runs, and the loop it runs in: of a thread of its own, as a browser's may run in this one."""

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        self.app, self._portal = app, portal
        self._callers: list[Caller] = []

    def run(self, coroutine: Awaitable[Answer]) -> Answer:
        """Wait for something that is done in the loop."""

        async def awaited() -> Answer:
            return await coroutine

        return self._portal.call(awaited)

    def caller(self, base: str = BASE, address: str = "127.0.0.1") -> Caller:
        """Return a browser without a past."""
        self._callers.append(Caller(self, base, address))
        return self._callers[-1]

    async def close(self) -> None:
        """Close every browser."""
        for caller in self._callers:
            await caller.http.aclose()


@contextmanager
def served(settings: ServeSettings) -> Iterator[Served]:
    """Run a study's app until the block ends."""
    app = create_app(settings)
    with running(app) as one:
        yield one
    app.state.study.database._engine.dispose()


@contextmanager
def running(app: FastAPI) -> Iterator[Served]:
    """Run an app until the block ends."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(app.router.lifespan_context(app)):
        one = Served(app, portal)
        try:
            yield one
        finally:
            portal.call(one.close)
