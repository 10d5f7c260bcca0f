"""A walker: asks everything an app answers, as one person, and looks into every answer for what is secret from them.

It knows the routes from the app itself, fills their parameters with real ids (one's own, others', of other kinds), with
ids and links that it finds on the way, and with junk, and sends bodies made from what the route declares.
"""

from __future__ import annotations

import html
import inspect
import itertools
import re
import types
import typing
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

import httpx
from fastapi import FastAPI
from fastapi.params import Form
from fastapi.routing import APIRoute
from pydantic import BaseModel
from tests.web.asgi import BASE, Caller
from tests.web.marked import Secrets

from littermate.web.session import RoleNeeded

LAST = ("/study/lock", "/study/unblind", "/study/report", "/people/close", "/sign-out", "/sign-in")
"""Writes after which the others would all be refused."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TELLING = ("last-modified", "etag", "date", "content-disposition", "server", "age", "expires")
STATIC = "/static/"
_LINK = re.compile(r"""(?:href|src|action|hx-get|data-[a-z-]+)="([^"]+)"|"(/[^"\\ ]+)\"""")
_ID = re.compile(r"\b(?:[C-Y3-9]{5,8}|[0-9a-f]{8,64})\b")
_MOST_FILLED, _MOST_RIGHT, _MOST_WRITTEN = (16, 4), 8, 5
_MOST_FOUND, _MOST_LINKS, _MOST_ALIKE = 5, 200, 2
_HEAD_OF_FILM = 4096
_TEXTS_OF_PICTURES = (b"tEXt", b"iTXt", b"zTXt", b"tIME", b"eXIf")


def routes_of(app: FastAPI) -> list[APIRoute]:
    """Return every route of an app that a function answers, those of its routers with them."""
    return [route for route in _routes(app.routes) if isinstance(route, APIRoute)]


def _routes(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is None:
            yield route
        else:
            yield from _routes(router.routes)


def roles_of(route: APIRoute) -> list[str]:
    """Return the roles that a route asks for: one, or none where it is open."""
    return [one.call.role for one in route.dependant.dependencies if isinstance(one.call, RoleNeeded)]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What a route takes: names in its path and query, fields of a form, or a JSON model."""

    path: tuple[str, ...] = ()
    query: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None


def inputs_of(route: APIRoute) -> Inputs:
    """Read from a route's function what it takes."""
    path = tuple(re.findall(r"{(\w+)(?::\w+)?}", route.path))
    query, form, json = {}, {}, None
    for name, kind in typing.get_type_hints(route.endpoint, include_extras=True).items():
        plain, *notes = get_args(kind) if get_origin(kind) is typing.Annotated else (kind,)
        if any(isinstance(one, Form) for one in notes):
            form[name] = plain
        elif inspect.isclass(plain) and issubclass(plain, BaseModel) and name != "return":
            json = plain
        elif plain in (str, int, float, bool) and name not in (*path, "return"):
            query[name] = plain
    return Inputs(path=path, query=query, form=form, json=json)


def sample(kind: Any, words: Iterator[str]) -> Any:
    """Make a value of a type, its texts from `words`."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is typing.Annotated:
        return sample(args[0], words)
    if origin is Literal:
        return args[0]
    if origin in (types.UnionType, typing.Union):
        return sample(args[0], words)
    if origin is tuple:
        return [sample(one, words) for one in (args[:1] * 2 if args[-1] is ... else args)]
    if origin is list:
        return [sample(args[0], words)]
    if inspect.isclass(kind) and issubclass(kind, BaseModel):
        return {name: sample(one.annotation, words) for name, one in kind.model_fields.items()}
    return {bool: True, int: 1, float: 2.0}.get(kind) or next(words)


@dataclass(frozen=True, kw_only=True)
class Leak:
    """Something secret in an answer: which request, where in it, and what."""

    asked: str
    where: str
    what: str


@dataclass
class Walk:
    """One person's walk; `answers` are all requests with their answers, `leaks` what was found in them.

    `pool` are values for any parameter, `hints` a value that is right for one of that name. `costs` are how many
    questions each request put to the database, where somebody collects them in `queries`.
    """

    app: FastAPI
    caller: Caller
    secrets: Secrets
    pool: Sequence[str]
    hints: Mapping[str, str] = field(default_factory=dict)
    answers: list[tuple[str, httpx.Response]] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    costs: dict[str, int] = field(default_factory=dict)

    def read(self) -> None:
        """Follow every link, then ask every route for everything, with every method but those that write."""
        self._crawl(["/", "/sign-in", "/api/openapi.json", "/nothing/here", "/static/nothing.js"])
        for route in routes_of(self.app):
            for address in self._tried(route):
                if self.ask("GET", address).headers.get("accept-ranges"):
                    self.ask("GET", address, headers={"range": "bytes=0-1,5-90"})
            for method in ("HEAD", "OPTIONS"):
                self.ask(method, next(iter(self._addresses(route))))

    def write(self) -> None:
        """Send every route that is written to what it declares, and less; then look at every page again.

        Routes that are only read are written to once, and all routes are tried with the methods that they do not have.
        """
        routes = routes_of(self.app)
        for route in routes:
            if route.path not in LAST:
                self._write(route)
        self.app.state.jobs._pool.submit(int).result(timeout=120)
        self._crawl(["/", "/study", "/calibration", "/agreement"])
        for route in sorted((one for one in routes if one.path in LAST), key=lambda one: LAST.index(one.path)):
            self._write(route)

    def _write(self, route: APIRoute) -> None:
        for address in itertools.islice(self._tried(route), _MOST_WRITTEN if "POST" in route.methods else 1):
            for body in self._bodies(route) if "POST" in route.methods else ({},):
                self.ask("POST", address, **body)
        for method in METHODS[3:6]:
            self.ask(method, next(iter(self._addresses(route))), json={})

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        """Ask one thing, and look into the answer."""
        self.queries.clear()
        answer = self.caller.request(method, address, **more)
        asked = f"{method} {address} {more or ''}".strip()
        self.answers.append((asked, answer))
        self.costs.setdefault(asked, len(self.queries))
        sent = [*_parts_of(address), *self._sent(more)]
        leaks = leaks_in(answer, self.secrets, sent)
        self.leaks += [Leak(asked=asked, where=where, what=what) for where, what in leaks]
        self._take(answer)
        return answer

    def _crawl(self, start: Iterable[str]) -> None:
        """Follow links; of addresses that differ in their query alone, a few."""
        waiting, seen, alike = list(start), set[str](), Counter[str]()
        while waiting and len(seen) < _MOST_LINKS:
            address = waiting.pop(0)
            path = address.partition("?")[0]
            if address in seen or path == "/sign-out" or alike[path] == _MOST_ALIKE:
                continue
            seen.add(address)
            alike[path] += 1
            answer = self.ask("GET", address)
            waiting += links_in(answer)

    def _take(self, answer: httpx.Response) -> None:
        """Keep the ids that an answer holds, to ask for them."""
        kind = answer.headers.get("content-type", "")
        if kind.startswith(("text/html", "application/json")) and len(self.found) < _MOST_FOUND:
            new = [one for one in _ID.findall(answer.text) if one not in (*self.pool, *self.found)]
            self.found += dict.fromkeys(new[: _MOST_FOUND - len(self.found)])

    def _tried(self, route: APIRoute) -> Iterator[str]:
        """Yield a route's addresses; of one that is not open to this person in any case, a few."""
        addresses = self._addresses(route)
        yield from itertools.islice(addresses, _MOST_ALIKE)
        answer = self.answers[-1][1]
        refused = answer.status_code in (401, 403) or answer.headers.get("location") == "/sign-in"
        if not (refused and roles_of(route)):
            yield from addresses

    def _addresses(self, route: APIRoute) -> Iterator[str]:
        inputs, values = inputs_of(route), [*self.pool, *self.found]
        names = [*inputs.path, *inputs.query]
        fills = itertools.product(values, repeat=len(names)) if names else [()]
        right = ([self.hints.get(name, value) for name in names] for value in values[:_MOST_RIGHT])
        some = _spread(fills, len(values) ** len(names), _MOST_FILLED[len(names) > 1])
        for fill in dict.fromkeys(map(tuple, itertools.chain(right if len(names) > 1 else (), some))):
            given = dict(zip(names, fill, strict=True))
            address = route.path
            for name in inputs.path:
                address = re.sub(rf"{{{name}(:\w+)?}}", quote(given[name], safe=""), address)
            query = {name: given[name] for name in inputs.query}
            yield f"{address}?{urlencode(query)}" if query else address

    def _bodies(self, route: APIRoute) -> Iterator[dict[str, Any]]:
        inputs, words = inputs_of(route), itertools.cycle([*self.pool[:8], *self.found[:4]])
        if self.hints.keys() & inputs.form.keys():
            yield {"data": {name: self.hints.get(name) or sample(kind, words) for name, kind in inputs.form.items()}}
        yield {}
        yield {"content": b"{", "headers": {"content-type": "application/json"}}
        for _ in range(2):
            if inputs.form:
                yield {"data": {name: sample(kind, words) for name, kind in inputs.form.items()}}
            if inputs.json is not None:
                yield {"json": sample(inputs.json, words)}

    def _sent(self, more: Mapping[str, Any]) -> list[str]:
        return [str(one) for body in ("data", "json") for one in _leaves(more.get(body, ()))]


def _parts_of(address: str) -> list[str]:
    """Return what an address asks for: the parts of its path and the values of its query."""
    parts = urlsplit(address)
    return [*map(unquote, parts.path.split("/")[2:]), *(value for _, value in parse_qsl(parts.query))]


def _spread(fills: Iterable[tuple[str, ...]], count: int, most: int) -> Iterator[tuple[str, ...]]:
    """Yield all, or some that are spread evenly where they are very many."""
    step = max(1, count // most)
    step += step % 2 == 0 and step > 1
    yield from itertools.islice(fills, 0, None, step)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def links_in(answer: httpx.Response) -> list[str]:
    """Return the addresses on this server that an answer names."""
    found = [answer.headers["location"]] if "location" in answer.headers else []
    if answer.headers.get("content-type", "").startswith(("text/html", "application/json")):
        found += [html.unescape(one or other) for one, other in _LINK.findall(answer.text)]
    inside = [urljoin(str(answer.request.url), one) for one in found if one.startswith(("/", "?", "."))]
    parts = [urlsplit(one) for one in inside if one.startswith(BASE)]
    return [f"{one.path}?{one.query}" if one.query else one.path for one in parts]


def leaks_in(answer: httpx.Response, secrets: Secrets, sent: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield what is secret in an answer, with where it is; what was asked with may come back."""
    static = answer.request.url.path.startswith(STATIC)
    for name in TELLING:
        if name in answer.headers and not static:
            yield "header", f"{name}: {answer.headers[name]}"
    head = "\n".join(f"{name.decode('latin-1')}: {value.decode('latin-1')}" for name, value in answer.headers.raw)
    for where, text in (("header", head), ("body", answer.content.decode("latin-1"))):
        for form in _forms(text, is_film=answer.headers.get("content-type", "").startswith("video/")):
            yield from ((where, word) for word in _words_in(form, secrets, sent))
    before = answer.content.partition(b"mdat")[0][:_HEAD_OF_FILM]
    if answer.headers.get("content-type", "").startswith("video/"):
        yield from (("film", repr(one)) for one in secrets.raw if one in before)
    if answer.content.startswith(b"\x89PNG"):
        yield from (("picture", repr(one)) for one in _TEXTS_OF_PICTURES if one in answer.content)


def _forms(text: str, *, is_film: bool) -> Iterator[str]:
    """Yield a text as it is, and as other programs would read it."""
    yield text
    if not is_film:
        yield from {html.unescape(text), unquote(text), text.replace("\0", "")} - {text}


def _words_in(text: str, secrets: Secrets, sent: Iterable[str]) -> Iterator[str]:
    for one in sorted(sent, key=len, reverse=True):
        if len(one) > 3:
            text = text.replace(one, "").replace(html.escape(one), "").replace(quote(one), "")
    low = text.lower()
    yield from (word for word in secrets.words if word in low)
    found = set(_ID.findall(text))
    yield from (one for one in secrets.ids if one in found)
