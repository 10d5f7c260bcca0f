"""Signing in: a name and its password open, nothing else does, and what is answered does not tell which was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.web.asgi import BASE, Served, served
from tests.web.conftest import Live
from tests.web.marked import PASSWORD, copy_of, settings_of

from littermate.study import Study
from littermate.study import people as passwords
from littermate.web.routes import entering

NAMES = ["bo", "Zoë Ångström-Łukasiewicz", "李四", "O'Neil <b>&amp;\"", "a" * 60]


@pytest.fixture(scope="module")
def app(people_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    study = copy_of(people_template, tmp_path_factory.mktemp("names") / "ketamine-magnesium")
    for name in NAMES[1:]:
        study.add_account(name, role="scorer", password=PASSWORD)
    with served(settings_of(study)) as one:
        yield one


@pytest.fixture(autouse=True)
def nothing_tried_yet(app: Served) -> None:
    app.app.state.tries = entering.Tries()


def try_one(one: Served, name: str, password: str, **more: object) -> int:
    return one.caller().post("/sign-in", data={"name": name, "password": password}, **more).status_code


@pytest.mark.parametrize("name", NAMES)
def test_any_name_signs_in_and_is_shown_as_it_is(app: Served, name: str) -> None:
    page = app.caller().sign_in(name).get("/score")
    assert page.status_code == 200
    assert "<b>" not in page.text.partition('class="who"')[2]


@pytest.mark.parametrize(
    "password", ["", "battery", PASSWORD + " ", PASSWORD.upper(), "x" * 1000, "\0", "'; --", "é" * 80]
)
def test_another_password_does_not(app: Served, password: str) -> None:
    assert try_one(app, "bo", password) in (403, 422)


@pytest.mark.parametrize("name", ["", "Bo", "bo ", "nobody", "\0bo", "bo\0", "a" * 201, "%00", "' or 1=1 --", "\ud7ff"])
def test_another_name_does_not(app: Served, name: str) -> None:
    assert try_one(app, name, PASSWORD) in (403, 422)


def test_no_form_or_half_of_one_is_refused_in_words(app: Served) -> None:
    for form in ({}, {"name": "bo"}, {"password": PASSWORD}, {"name": ["bo", "ada"]}):
        answer = app.caller().post("/sign-in", data=form)
        assert answer.status_code == 422
        assert set(answer.json()["error"]) == {"expected", "found", "do"}


def test_an_unknown_name_costs_a_look_at_a_password_too(app: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time of the answer would tell who is in the study; closed and empty accounts cost the same."""
    looked: list[str] = []
    hasher = passwords._hasher()

    class Counting:
        def verify(self, known: str, password: str) -> bool:
            looked.append(known)
            return hasher.verify(known, password)

        hash = staticmethod(hasher.hash)

    monkeypatch.setattr(passwords, "_hasher", lambda: Counting())
    study = app.app.state.study
    study.add_account("gone", role="viewer", password=PASSWORD)
    study.close_account("gone")
    answers = set()
    for name in ("bo", "nobody", "gone"):
        answer = app.caller().post("/sign-in", data={"name": name, "password": "wrong password"})
        answers.add((answer.status_code, answer.text))
    assert len(looked) == 3
    assert all(known.startswith("$argon2id$") for known in looked)
    assert len(answers) == 1
    assert try_one(app, "gone", PASSWORD) == 403


def test_after_five_wrong_passwords_a_name_waits(app: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(entering.time, "monotonic", lambda: clock[0])
    assert [try_one(app, "bo", "wrong password") for _ in range(5)] == [403] * 5
    assert try_one(app, "bo", PASSWORD) == 429
    assert try_one(app, NAMES[1], PASSWORD) == 303, "others do not wait"
    elsewhere = app.caller(address="10.0.0.9")
    assert elsewhere.post("/sign-in", data={"name": "bo", "password": PASSWORD}).status_code == 303
    clock[0] += 61
    assert try_one(app, "bo", PASSWORD) == 303


def test_wrong_tries_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tries a million names does not fill the memory."""
    clock, tries = [0.0], entering.Tries()
    monkeypatch.setattr(entering.time, "monotonic", lambda: clock[0])
    for number in range(50):
        tries.failed((f"name {number}", ""))
    clock[0] = 61.0
    assert not tries.too_many(("name 1", ""))
    assert len(tries._failed) == 0


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:9", "http://["])
def test_no_foreign_page_signs_anybody_in(app: Served, origin: str) -> None:
    """Else a page elsewhere could let somebody work under another's name."""
    assert try_one(app, "bo", PASSWORD, headers={"origin": origin}) == 403
    assert try_one(app, "bo", PASSWORD, headers={"origin": BASE}) == 303


def test_the_sign_in_page_names_nothing(app: Served) -> None:
    page, study = app.caller().get("/sign-in").text, app.app.state.study
    assert study.neutral_name in page
    for word in ("etamine", "agnesium", study.database.study_id, *NAMES[1:]):
        assert word not in page


def test_what_was_sent_comes_back_harmless(app: Served) -> None:
    for word in ('"><script>alert(1)</script>', "{{ 7 * 7 }}", "a" * 100):
        page = app.caller().post("/sign-in", data={"name": word, "password": word}).text
        assert word not in page
        assert "49" not in page


def test_a_password_is_long_enough_or_refused(people: Study) -> None:
    before = people.database.head()
    with served(settings_of(people)) as one:
        ada = one.caller().enter()
        for password in ("", "short", "123456789"):
            answer = ada.post("/people/add", data={"name": "cy", "role": "viewer", "password": password})
            assert answer.status_code in (400, 422)
        for name in ("", " ", "program", "a" * 61, "a\u202eb", "a\nb", "\0"):
            answer = ada.post("/people/add", data={"name": name, "role": "viewer", "password": PASSWORD})
            assert answer.status_code in (400, 422), name
    assert people.database.head() == before


def test_the_form_signs_in_and_out_in_a_browser(context: BrowserContext, live: Live) -> None:
    """A browser says where a form comes from as the page's policy lets it: under too strict a one it is refused."""
    page = context.new_page()
    page.goto(f"{live.address}/study")
    page.get_by_label("Name").fill("bo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{live.address}/score")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{live.address}/sign-in")
    page.goto(f"{live.address}/score")
    expect(page).to_have_url(f"{live.address}/sign-in")
