"""A study with clips given to two scorers, served: to a client in this process, over a socket, and to a real browser.

Ada is the custodian at this computer (she enters by the one-time link) and scores; Bo scores with a password.
"""

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser import launched
from tests.web.marked import marked, marked_template, people, people_template  # noqa: F401  fixtures

from littermate.study import QueuePlan, Study, open_study
from littermate.web.app import create_app
from littermate.web.serving import Listening, prepare_serving

PASSPHRASE = "correct horse"
PASSWORD = "battery staple"
ASSAY = "forced swim"
PLAN = QueuePlan(practice=1, repeats=0.2)


@pytest.fixture(scope="session")
def given_template(filmed_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study whose forced swim is given to Ada and to Bo; copied by whoever wants to change it."""
    folder = tmp_path_factory.mktemp("given") / "ketamine-magnesium"
    shutil.copytree(filmed_template, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITTERMATE_CONFIG", str(tmp_path_factory.mktemp("config")))
        study = open_study(folder, who="ada", passphrase=PASSPHRASE)
        study.add_recordings("recordings/forced-swim/", assay=ASSAY)
        study.add_account("bo", role="scorer", password=PASSWORD)
        for number, scorer in enumerate(("ada", "bo")):
            study.give_clips(scorer, assay=ASSAY, plan=PLAN, seed=number)
    return folder


@pytest.fixture
def given(given_template: Path, tmp_path: Path) -> Study:
    """A study of one's own with clips to score, as Ada opens it."""
    folder = tmp_path / "ketamine-magnesium"
    shutil.copytree(given_template, folder)
    return open_study(folder, who="ada", passphrase=PASSPHRASE)


@dataclass(frozen=True, kw_only=True)
class Live:
    """A server that runs: its address, the link by which Ada enters, and the study as it is on disk."""

    address: str
    link: str
    study: Study


@contextmanager
def serving(study: Study, *, port: int = 0) -> Iterator[Live]:
    """Serve a study from a thread of this process until the block ends."""
    prepared = prepare_serving(study.folder.root, Listening(port=port), who="ada")
    config = uvicorn.Config(create_app(prepared.settings), log_level="error", server_header=False, date_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [prepared.socket]})
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield Live(address=prepared.link.partition("/enter")[0], link=prepared.link, study=study)
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def live(given: Study) -> Iterator[Live]:
    with serving(given) as running:
        yield running


class Person:
    """Somebody at the server over HTTP, signed in, with the session's token on every write."""

    def __init__(self, address: str, enter: Callable[[httpx.Client], httpx.Response]) -> None:
        self.client = httpx.Client(base_url=address, follow_redirects=True, timeout=30)
        page = enter(self.client)
        page.raise_for_status()
        (token,) = re.findall(r'name="littermate-token" content="([^"]+)"', page.text)
        self.client.headers["X-Littermate-Token"] = token

    def get(self, address: str) -> httpx.Response:
        return self.client.get(address)

    def post(self, address: str, body: dict[str, object]) -> httpx.Response:
        return self.client.post(address, json=body)

    def press(self, clip: str, number: int, t_s: float, behaviour: str = "", **more: object) -> httpx.Response:
        said = {"number": number, "action": "state", "t_s": t_s, "behaviour": behaviour} | more
        return self.post(f"/api/clips/{clip}/presses", said)


@pytest.fixture
def ada(live: Live) -> Iterator[Person]:
    person = Person(live.address, lambda client: client.get(live.link))
    with closing(person.client):
        yield person


@pytest.fixture
def bo(live: Live) -> Iterator[Person]:
    person = Person(live.address, lambda client: client.post("/sign-in", data={"name": "bo", "password": PASSWORD}))
    with closing(person.client):
        yield person


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without a past, 1280 x 800."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, live: Live) -> Iterator[Page]:
    """A page signed in as Ada; what its scripts could not do fails the test that opened it."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(live.link)
    yield page
    assert faults == []
