"""Sessions: cookies that cannot be made or kept by anybody else, and writes that come from the app's own pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import Response
from itsdangerous import URLSafeTimedSerializer
from tests.web.asgi import BASE, Caller, Served, served
from tests.web.marked import LINK, PASSWORD, SECRET, copy_of, settings_of
from tests.web.walker import roles_of, routes_of

from littermate.model.account import Account
from littermate.study import Study
from littermate.web import session as sessions
from littermate.web.safety import LARGEST_BODY, POLICY, SIGN_IN, TOKEN_HEADER
from littermate.web.session import begin_session
from littermate.web.settings import ServeSettings

STRANGE = {"origin": "https://elsewhere.example"}


@pytest.fixture(scope="module")
def shared(people_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An app for all tests that change nothing."""
    study = copy_of(people_template, tmp_path_factory.mktemp("shared") / "ketamine-magnesium")
    with served(settings_of(study)) as one:
        yield one


@pytest.fixture
def app(people: Study) -> Iterator[Served]:
    """An app of one's own."""
    with served(settings_of(people)) as one:
        yield one


def settings_in(one: Served) -> ServeSettings:
    settings: ServeSettings = one.app.state.settings
    return settings


def signed_in(caller: Caller) -> bool:
    answer = caller.get("/study")
    assert answer.status_code in (200, 303)
    assert answer.status_code == 200 or answer.headers["location"] == SIGN_IN
    return answer.status_code == 200


def cookie_of(caller: Caller) -> tuple[str, str]:
    ((name, value),) = caller.http.cookies.items()
    return name, value


def with_cookie(one: Served, name: str, value: str) -> Caller:
    caller = one.caller()
    caller.http.cookies.set(name, value, domain="127.0.0.1")
    return caller


# Cookies ----------------------------------------------------------------------------------------------------------


def test_a_cookie_is_of_this_site_alone_and_no_script_reads_it(shared: Served) -> None:
    answer = shared.caller().post("/sign-in", data={"name": "bo", "password": PASSWORD})
    words = answer.headers["set-cookie"].lower().split("; ")
    assert {"httponly", "samesite=lax", "path=/"} <= set(words)
    assert "secure" not in words
    assert not any(word.startswith("domain") for word in words)


def test_over_tls_a_cookie_is_sent_over_tls_only(people: Study) -> None:
    with served(settings_of(people, secure=True)) as one:
        answer = one.caller().post("/sign-in", data={"name": "bo", "password": PASSWORD})
    assert "; secure" in answer.headers["set-cookie"].lower()
    assert answer.headers["set-cookie"].startswith("__Host-")


def test_two_studies_on_one_computer_do_not_take_each_others_cookies(people: Study) -> None:
    mine = settings_of(people)
    assert mine.cookie != replace(mine, secret="of another study").cookie


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "x",
        "bo",
        "." * 200,
        "Ä".encode().decode("latin-1"),
        "9" * 9000,
        URLSafeTimedSerializer("another secret", salt="littermate session").dumps(["ada", "t", "", True]),
        URLSafeTimedSerializer(SECRET, salt="another salt").dumps(["ada", "t", "", True]),
    ],
)
def test_a_forged_cookie_is_none(shared: Served, forged: str) -> None:
    caller = shared.caller()
    cookie = f"{settings_in(shared).cookie}={forged}".encode("latin-1")
    assert caller.get("/study", headers={b"cookie": cookie}).headers["location"] == SIGN_IN


@pytest.mark.parametrize("content", [["ada"], {"name": "ada"}, 7, None, ["ada", "t", "", True, "more"]])
def test_a_signed_cookie_of_another_shape_is_none(shared: Served, content: object) -> None:
    settings = settings_in(shared)
    made = URLSafeTimedSerializer(settings.secret, salt="littermate session").dumps(content)
    assert not signed_in(with_cookie(shared, settings.cookie, made))


def test_a_changed_cookie_is_none(shared: Served) -> None:
    name, value = cookie_of(shared.caller().be("bo"))
    for at in (0, len(value) // 2, len(value) - 2):
        other = "A" if value[at] != "A" else "B"
        assert not signed_in(with_cookie(shared, name, value[:at] + other + value[at + 1 :]))


def test_an_old_cookie_is_none(shared: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = shared.caller().be("bo")
    monkeypatch.setattr(sessions, "_LONGEST_S", -1)
    assert not signed_in(caller)


def test_the_cookie_of_another_study_is_none(shared: Served) -> None:
    """The same name and password there: the secret is another."""
    theirs = replace(settings_in(shared), secret="of another study")
    value = made_cookie(theirs, shared.app.state.study.account("ada"))
    assert not signed_in(with_cookie(shared, settings_in(shared).cookie, value))


def made_cookie(settings: ServeSettings, account: Account | None, name: str = "ada") -> str:
    response = Response()
    begin_session(response, settings, name, account=account)
    return response.headers["set-cookie"].partition("=")[2].partition(";")[0]


def test_the_session_of_the_link_is_worth_nothing_beyond_this_computer(people: Study) -> None:
    """Its cookie is signed with the same secret when the study is served to the lab later."""
    local = settings_of(people)
    lab = replace(local, entry_token="", local_name="", hosts=("127.0.0.1", "lab"))
    with served(lab) as one:
        assert not signed_in(with_cookie(one, lab.cookie, made_cookie(local, None)))
        assert signed_in(with_cookie(one, lab.cookie, made_cookie(lab, people.account("ada"))))
    with served(replace(local, local_name="eve")) as one:
        assert not signed_in(with_cookie(one, local.cookie, made_cookie(local, None)))


# How a session ends -----------------------------------------------------------------------------------------------


def test_a_new_password_ends_sessions_and_lets_in_again(app: Served, people: Study) -> None:
    caller = app.caller().be("bo")
    people.set_password("bo", "another battery")
    assert not signed_in(caller)
    caller.token = ""  # the sign-in form has none
    assert signed_in(caller.sign_in("bo", "another battery"))


def test_a_closed_account_ends_sessions(app: Served, people: Study) -> None:
    caller = app.caller().be("bo")
    people.close_account("bo")
    assert not signed_in(caller)
    assert caller.post("/sign-in", data={"name": "bo", "password": PASSWORD}).status_code == 403


def test_another_role_counts_at_once(app: Served, people: Study) -> None:
    caller = app.caller().be("bo")
    assert caller.get("/score").status_code == 200
    with people.database.writing("ada", "add account", {}) as write:
        write.account(replace(people.account("bo"), role="viewer"))
    assert caller.get("/score").status_code == 403


def test_signing_out_ends_the_session_and_every_copy_of_it(app: Served) -> None:
    caller = app.caller().be("bo")
    name, value = cookie_of(caller)
    answer = caller.post("/sign-out")
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert not signed_in(caller)
    assert not signed_in(with_cookie(app, name, value))
    assert signed_in(app.caller().be("bo")), "another session of the same person goes on"


def test_signing_in_begins_a_session_of_its_own(app: Served) -> None:
    """A session that somebody put into the browser beforehand is not the one that is signed in."""
    planted = app.caller().sign_in("vi")
    name, value = cookie_of(planted)
    victim = with_cookie(app, name, value)
    victim.sign_in("ada")
    assert cookie_of(victim)[1] != value
    assert victim.token != planted.token
    assert planted.get("/people").status_code == 403
    assert app.caller().sign_in("ada").token != victim.token


# The one-time link ------------------------------------------------------------------------------------------------


def test_the_link_works_once(app: Served) -> None:
    assert app.caller().enter().get("/people").status_code == 200
    assert app.caller().get(f"/enter?token={LINK}").status_code == 403


def test_a_wrong_token_does_not_open_and_does_not_use_the_link_up(app: Served) -> None:
    caller = app.caller()
    for token in ("", "x", LINK[:-1], LINK + "x", LINK.upper(), "é", "%00"):
        assert caller.get("/enter", params={"token": token}).status_code == 403
    assert caller.get("/enter").status_code == 403
    assert not caller.http.cookies
    caller.enter()


def test_without_a_link_there_is_no_way_in_by_one(people: Study) -> None:
    with served(settings_of(people, entry_token="", local_name="")) as one:
        for address in ("/enter", "/enter?token=", f"/enter?token={LINK}"):
            assert one.caller().get(address).status_code == 403


# Writes come from this app's pages ---------------------------------------------------------------------------------


def writes_of(one: Served) -> list[str]:
    return [route.path for route in routes_of(one.app) if route.methods - {"GET", "HEAD"} and route.path != SIGN_IN]


def filled(path: str) -> str:
    return path.replace("{", "").replace("}", "")


def test_every_write_asks_for_the_token_and_the_origin(app: Served, people: Study) -> None:
    """Nothing is changed by a write without the token, with a wrong or another session's one, or from elsewhere."""
    ada, token_of_bo = app.caller().be("ada"), app.caller().be("bo").token
    right, before = ada.token, people.database.head()
    foreign = ("https://elsewhere.example", "null", "http://127.0.0.1:9", "http://localhost:8765", "http://[", "")
    tries = [
        {},
        {TOKEN_HEADER: ""},
        {TOKEN_HEADER: "x"},
        {TOKEN_HEADER: token_of_bo},
        {TOKEN_HEADER: right[:-1]},
        *({TOKEN_HEADER: right, "origin": origin} for origin in foreign),
        {TOKEN_HEADER: right, "sec-fetch-site": "cross-site"},
        {TOKEN_HEADER: right, "sec-fetch-site": "same-site"},
    ]
    ada.token = ""
    paths = writes_of(app)
    assert "/study/lock" in paths
    for path in paths:
        for headers in tries:
            answer = ada.post(filled(path), headers=headers, data={"name": "bo"})
            assert answer.status_code == 403, (path, headers, answer.text)
    assert people.database.head() == before
    assert signed_in(ada), "and nobody was signed out"


def test_a_write_with_token_and_origin_is_done(app: Served, people: Study) -> None:
    ada = app.caller().be("ada")
    headers = {"origin": BASE, "sec-fetch-site": "same-origin"}
    assert ada.post("/people/close", data={"name": "bo"}, headers=headers).status_code == 200
    assert not people.account("bo").active


def test_nothing_but_entering_is_open(shared: Served) -> None:
    """Every other route declares the one role that it needs."""
    declared = {route.path: roles_of(route) for route in routes_of(shared.app)}
    assert {path for path, roles in declared.items() if not roles} == {"/enter", SIGN_IN, "/sign-out"}
    assert all(len(roles) == 1 for roles in declared.values() if roles)


def test_no_route_writes_when_it_is_read(shared: Served) -> None:
    assert all(len(route.methods - {"HEAD"}) == 1 for route in routes_of(shared.app))


# Every request and every answer ------------------------------------------------------------------------------------

ADDRESSES = [
    "/",
    "/sign-in",
    "/study",
    "/enter?token=x",
    "/nothing",
    "/api/nothing",
    "/api/clips/x",
    "/static/littermate.css",
    "/static/nothing.css",
    "/static/",
    "/api/openapi.json",
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "TRACE", "NONSENSE"])
def test_every_answer_has_the_headers_of_safety(shared: Served, method: str) -> None:
    for address in ADDRESSES:
        require_headers(shared.caller().request(method, address))


def require_headers(answer: object) -> None:
    expected = {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert answer.headers["cache-control"] in ("no-store", "no-cache")
    assert "access-control-allow-origin" not in answer.headers
    assert answer.status_code < 500


def test_a_fault_of_the_program_has_them_too_and_tells_nothing(people: Study) -> None:
    with served(settings_of(people)) as one:

        @one.app.get("/api/broken")
        def broken() -> None:
            raise ZeroDivisionError("in /home/ada/secret.mp4")

        for address, headers in (("/api/broken", {}), ("/api/broken", {"accept": "text/html"})):
            answer = one.caller().get(address, headers=headers)
            assert answer.status_code == 500
            assert answer.headers["content-security-policy"] == POLICY
            assert "secret" not in answer.text
            assert "Traceback" not in answer.text


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["base-uri"] == "'none'"
    assert {source for rule in rules.values() for source in rule.split()} <= {"'none'", "'self'", "data:"}
    assert "data:" not in rules["script-src"] + rules["style-src"]


@pytest.mark.parametrize(
    "host",
    ["elsewhere.example", "elsewhere.example:8765", "", "127.0.0.1.elsewhere.example", "[", "[::1", "@", "\xe9", "a b"],
)
def test_a_foreign_name_of_this_computer_is_refused(shared: Served, host: str) -> None:
    """A name whose owner lets it point here (DNS rebinding) is not one that the study is served under."""
    for method, address in (("GET", "/sign-in"), ("GET", "/static/theme.js"), ("POST", "/sign-in")):
        answer = shared.caller().request(method, address, headers={b"host": host.encode("latin-1")})
        assert answer.status_code == 421
        assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8765", "localhost."])
def test_its_own_names_are_not(shared: Served, host: str) -> None:
    assert shared.caller().get("/sign-in", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("name", ["host", "origin", "content-length", "content-type", TOKEN_HEADER])
def test_a_header_that_comes_twice_is_refused(shared: Served, name: str) -> None:
    caller = shared.caller().be("ada")
    twice = [("host", "127.0.0.1:8765")] if name != "host" else []
    answer = caller.post("/people/close", headers=[*twice, (name, "127.0.0.1:8765"), (name, "x")], data={"name": "bo"})
    assert answer.status_code == 400


# Bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sign-in", "/people/add", "/api/clips/x/presses"])
def test_a_large_body_is_refused(shared: Served, path: str) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    ada = shared.caller().be("ada")
    assert ada.post(path, content=b"n" * (LARGEST_BODY + 1), headers=form).status_code == 413
    assert ada.post(path, content=b"n" * LARGEST_BODY, headers=form).status_code in (404, 422)


async def _parts() -> object:
    yield b"name=bo"
    yield b"&password=" + PASSWORD.encode()


def test_a_body_that_does_not_say_how_long_it_is_is_refused(shared: Served) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = shared.caller().post("/sign-in", content=_parts(), headers=form)
    assert answer.request.headers["transfer-encoding"] == "chunked"
    assert answer.status_code == 413
    both = {**form, "content-length": "5", "transfer-encoding": "chunked"}
    assert shared.caller().post("/sign-in", content=b"name=", headers=both).status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "²", "0x10", " ", "1" * 5000, "+5", "5, 5"])
def test_a_length_that_is_none_is_refused(shared: Served, length: str) -> None:
    headers = {b"content-length": length.encode("latin-1"), b"content-type": b"application/json"}
    answer = shared.caller().post("/sign-in", content=b"", headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "video/mp4", ""])
def test_no_other_kind_of_body_is_read(shared: Served, kind: str) -> None:
    """Text and multipart are what a foreign page can send without asking; no file can be sent at all."""
    ada = shared.caller().be("ada")
    assert ada.post("/people/close", content=b"name=bo", headers={"content-type": kind}).status_code == 415


# Files of the program ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/static/../templates/base.html",
        "/static/%2e%2e/templates/base.html",
        "/static/..%2ftemplates/base.html",
        "/static/%2e%2e%2f%2e%2e%2fversion.py",
        "/static/..%5ctemplates%5cbase.html",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/%00",
        "/static/" + "a" * 5000,
        "/static/vendor",
    ],
)
def test_nothing_outside_the_static_folder_is_served(shared: Served, path: str) -> None:
    caller = shared.caller()
    answer = caller.request("GET", BASE + path, extensions={"raw_path": path.encode()})
    assert answer.status_code in (303, 404, 405), answer.text
    assert "root:" not in answer.text
    assert "__version__" not in answer.text


def test_everything_a_page_needs_is_served_by_the_app() -> None:
    """No page and no script names an address elsewhere; only the vendored library has some in its words."""
    web = Path(sessions.__file__).parent
    for file in (*web.glob("templates/*.html"), *web.glob("static/*")):
        if file.is_file():
            text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "://" not in text, file
            assert not any(f'{attribute}="//' in text for attribute in ("src", "href")), file


def test_no_page_has_a_script_or_a_style_of_its_own() -> None:
    """The policy would not let it run."""
    for file in (Path(sessions.__file__).parent / "templates").glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert " style=" not in text, file
        assert "<style" not in text, file
        assert "javascript:" not in text, file
        assert not any(f" on{event}=" in text for event in ("click", "load", "error", "submit", "change", "input")), (
            file
        )
        assert text.count("<script") == text.count("<script src=") + text.count('<script type="module" src='), file


def test_a_report_is_shown_by_its_own_policy_and_cut_off_from_the_app(people: Study) -> None:
    from littermate.web.routes import study_page

    policy = study_page._REPORT_POLICY
    assert policy.startswith("sandbox allow-scripts;")
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
