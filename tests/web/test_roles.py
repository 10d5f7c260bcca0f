"""Roles: what each may do is declared by every route, and whoever is less is refused before anything is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute
from tests.web.asgi import Caller, Served, served
from tests.web.marked import ROLES, copy_of, settings_of
from tests.web.walker import inputs_of, roles_of, routes_of, sample

from littermate.model.account import ROLES as ALL
from littermate.study import Study

PERSON = {role: name for name, role in ROLES.items()}


@pytest.fixture(scope="module")
def app(marked_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Study]]:
    study = copy_of(marked_template, tmp_path_factory.mktemp("roles") / "study")
    with served(settings_of(study)) as one:
        yield one, study


def ask(caller: Caller, route: APIRoute, word: str) -> httpx.Response:
    """Ask a route with a body that it could take, so that nothing but the role is in the way."""
    inputs = inputs_of(route)
    address = route.path
    for name in inputs.path:
        address = address.replace(f"{{{name}}}", word).replace(f"{{{name}:path}}", word)
    words = iter([word] * 100)
    body = {"data": {name: sample(kind, words) for name, kind in inputs.form.items()}} if inputs.form else {}
    if inputs.json is not None:
        body = {"json": sample(inputs.json, words)}
    params = dict.fromkeys(inputs.query, word)
    return caller.request(min(route.methods - {"HEAD"}), address, params=params, **body)


@pytest.mark.parametrize("role", ALL)
def test_whoever_may_less_is_refused(app: tuple[Served, Study], role: str) -> None:
    one, study = app
    caller, before = one.caller().be(PERSON[role]), study.database.head()
    clip = study.clips(scorer="ada")[0].id
    refused = {}
    for route in routes_of(one.app):
        for needed in roles_of(route):
            if ALL.index(role) > ALL.index(needed):
                answer = ask(caller, route, clip)
                refused[route.path] = (answer.status_code, f"this is for a {needed}" in answer.text)
    assert set(refused.values()) <= {(403, True)}, refused
    assert bool(refused) == (role != "custodian")
    assert study.database.head() == before


def test_nobody_is_refused_everywhere(app: tuple[Served, Study]) -> None:
    """A page sends on to signing in, a script is told 401."""
    one, study = app
    caller, before = one.caller(), study.database.head()
    for route in routes_of(one.app):
        if roles_of(route):
            answer = ask(caller, route, study.clips(scorer="bo")[0].id)
            is_page = "GET" in route.methods and not route.path.startswith("/api/")
            expected = (303, "/sign-in") if is_page else (401, None)
            assert (answer.status_code, answer.headers.get("location")) == expected, route.path
    assert study.database.head() == before


def test_roles_contain_each_other(app: tuple[Served, Study]) -> None:
    """What a viewer may see, a scorer and a custodian may, too."""
    one, _ = app
    for role in ALL:
        caller = one.caller().be(PERSON[role])
        for route in routes_of(one.app):
            if "GET" in route.methods and not inputs_of(route).path:
                for needed in roles_of(route):
                    if ALL.index(role) <= ALL.index(needed):
                        assert ask(caller, route, "x").status_code != 403, (role, route.path)


def test_a_clip_is_its_scorers_alone(app: tuple[Served, Study]) -> None:
    """Somebody else's clip is as unknown as one that is not there, in the same words."""
    one, study = app
    theirs = next(clip.id for clip in study.clips(scorer="cy"))
    paths = [route for route in routes_of(one.app) if "clip_id" in inputs_of(route).path]
    assert len(paths) >= 5
    for name in ("bo", "ada"):
        caller = one.caller().be(name)
        for route in paths:
            answers = [ask(caller, route, clip) for clip in (theirs, "CCCCCCC")]
            alike = {(it.status_code, it.content.replace(theirs.encode(), b"CCCCCCC")) for it in answers}
            assert len(alike) == 1, route.path
            assert answers[0].status_code in (404, 422)
