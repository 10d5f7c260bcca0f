"""The app's own description of its API, tried out: whatever is sent, no answer is a fault, and each is as described.

schemathesis reads the description as any client would, and makes requests that fit it and requests that do not; they
are sent as the custodian and as a scorer, with real ids of clips and trials and with nonsense.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web.asgi import BASE, Caller, Served, served
from tests.web.marked import copy_of, settings_of
from tests.web.walker import routes_of

from littermate.web.faults import PROBLEMS

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WHO = ["ada", "bo"]


@pytest.fixture(scope="module")
def app(marked_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    study = copy_of(marked_template, tmp_path_factory.mktemp("fuzz") / "study")
    with served(settings_of(study)) as one:
        yield one


def operations_of(one: Served) -> Iterator[APIOperation]:
    for found in schemathesis.openapi.from_dict(without_tuples(one.app.openapi())).get_all_operations():
        yield found.ok()


def without_tuples(description: Any) -> Any:
    """Describe tuples as arrays of any of their parts: schemathesis 4 stumbles over `prefixItems` within `anyOf`."""
    if isinstance(description, list):
        return [without_tuples(one) for one in description]
    if not isinstance(description, dict):
        return description
    parts = {name: without_tuples(one) for name, one in description.items() if name != "prefixItems"}
    return (
        parts | {"items": {"anyOf": without_tuples(description["prefixItems"])}}
        if "prefixItems" in description
        else parts
    )


@pytest.mark.parametrize("who", WHO)
def test_no_request_breaks_the_api(app: Served, who: str) -> None:
    study, caller = app.app.state.study, app.caller().be(who)
    ids = st.sampled_from([clip.id for clip in study.clips(scorer=who)] + [trial.id for trial in study.trials])
    statuses: set[int] = set()
    for operation in operations_of(app):
        statuses |= try_out(operation, ids, caller)
    assert {200, 404, 422} <= statuses, "requests of every kind were made"


def try_out(operation: APIOperation, ids: st.SearchStrategy[str], caller: Caller) -> set[int]:
    """Send requests of one operation; return the statuses of the answers."""
    statuses: set[int] = set()
    real = st.fixed_dictionaries({one.name: ids for one in operation.path_parameters})
    cases = st.one_of(*map(operation.as_strategy, GenerationMode))

    @BOUNDED
    @given(case=cases, known=st.none() | real)
    def try_one(case: Case, known: dict[str, str] | None) -> None:
        case.path_parameters = known or case.path_parameters
        statuses.add(send(case, caller))

    try_one()
    return statuses


def send(case: Case, caller: Caller) -> int:
    """Send a request as it is made, with a person's session, and check the answer."""
    wanted = case.as_transport_kwargs(base_url=BASE)
    fields = {name: wanted.get(name) for name in ("method", "url", "headers", "params", "json", "data", "files")}
    made = requests.Request(**fields).prepare()
    headers = {name: value for name, value in made.headers.items() if name.lower() not in ("content-length", "cookie")}
    body = made.body.encode() if isinstance(made.body, str) else made.body
    answer = caller.request(made.method, made.url, headers=headers, content=body)
    case.validate_response(answer, checks=CHECKS)
    return answer.status_code


def test_every_script_route_is_described_with_what_may_go_wrong(app: Served) -> None:
    """So that the fuzzer tries it, and whoever writes a script knows."""
    paths = app.app.openapi()["paths"]
    assert set(paths) == {route.path for route in routes_of(app.app) if route.path.startswith("/api/")}
    for path, methods in paths.items():
        for description in methods.values():
            assert {str(status) for status in PROBLEMS} <= set(description["responses"]), path
            problem = description["responses"]["404"]["content"]["application/json"]["schema"]
            assert problem == {"$ref": "#/components/schemas/Problem"}


NONSENSE = {
    "no JSON": b"{",
    "nothing": b"",
    "another shape": b"[]",
    "a name that is no text": b'{"number": 1, "action": "done", "t_s": 1, "\\ud800": 1}',
    "a text that is none": b'{"number": 1, "action": "state", "t_s": 1, "behaviour": "\\udfff"}',
    "bytes that are no text": b'{"number": "\xff\xfe"}',
    "very deep": b"[" * 30_000,
    "a very long number": b'{"number": ' + b"9" * 5_000 + b"}",
    "no number": b'{"number": 1, "action": "done", "t_s": NaN}',
    "endless": b'{"number": 1, "action": "done", "t_s": 1e999}',
    "another count": b'{"number": 1, "action": "undo", "t_s": 1, "undoes": ' + b"9" * 100 + b"}",
    "a very long word": b'{"number": 1, "action": "' + b"x" * 60_000 + b'", "t_s": 1}',
    "an order mark": b"\xef\xbb\xbf{}",
    "zeros": b"\0" * 100,
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_in_a_body_is_refused_in_words(app: Served, name: str) -> None:
    study, caller = app.app.state.study, app.caller().be("ada")
    before, json = study.database.head(), {"content-type": "application/json"}
    for path in (f"/api/clips/{study.clips(scorer='ada')[0].id}/presses", "/people/close"):
        answer = caller.post(path, content=NONSENSE[name], headers=json)
        assert 400 <= answer.status_code < 500, answer.text
        assert set(answer.json()["error"]) == {"expected", "found", "do"}
        assert len(answer.content) < 2_000
    assert study.database.head() == before
