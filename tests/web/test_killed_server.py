"""A server that is killed at any moment loses nothing that it acknowledged, and its journal stays whole."""

import multiprocessing
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
import pytest
from tests.web.conftest import ASSAY, PASSWORD, Person

from littermate.study import Study, open_study
from littermate.web.serving import Listening, prepare_serving, run_server

KILLS = 20
FPS = 15
LONGEST_LIFE_S = 0.4
PATIENCE_S = 60.0

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")


def serve(folder: str, port: int) -> None:
    run_server(prepare_serving(folder, Listening(port=port), who="custodian"))


class Hammer(threading.Thread):
    """A scorer who presses as fast as the server acknowledges, and sends again what it did not."""

    def __init__(self, person: Person, clip: str) -> None:
        super().__init__()
        self.person, self.clip = person, clip
        self.acknowledged: list[dict[str, object]] = []
        self.refused: list[str] = []
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set() and not self.refused:
            self._say(self._next())

    def _next(self) -> dict[str, object]:
        number = len(self.acknowledged) + 1
        said = {"number": number, "t_s": 2 + number % 150 / FPS, "speed": 1.0, "latch": True}
        if number % 7 == 0:
            return said | {"action": "undo", "undoes": number - 1, "behaviour": ""}
        return said | {"action": "state", "undoes": None, "behaviour": ("immobile", "swimming")[number % 2]}

    def _say(self, press: dict[str, object]) -> None:
        try:
            answer = self.person.post(f"/api/clips/{self.clip}/presses", press)
        except httpx.TransportError:
            time.sleep(0.02)
            return
        if answer.status_code == 200 and answer.json()["presses"] == press["number"]:
            self.acknowledged.append(press)
        else:
            self.refused.append(f"{answer.status_code} {answer.text}")


@contextmanager
def hammering(hammers: list[Hammer]) -> Iterator[None]:
    for one in hammers:
        one.start()
    try:
        yield
    finally:
        for one in hammers:
            one.stop.set()
        for one in hammers:
            one.join()
            one.person.client.close()


def started(study: Study, port: int) -> BaseProcess:
    """Start the server from a process that has loaded it already, and begins nothing else."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["littermate.web.serving", "playwright.sync_api", "httpx", "pytest"])
    process = context.Process(target=serve, args=(str(study.folder.root), port))
    process.start()
    return process


def wait_for(hammers: list[Hammer], more: int) -> None:
    """Wait until every scorer has had some more presses acknowledged."""
    wanted = [len(one.acknowledged) + more for one in hammers]
    end = time.monotonic() + PATIENCE_S
    while any(len(one.acknowledged) < count for one, count in zip(hammers, wanted, strict=True)):
        assert not any(one.refused for one in hammers), [one.refused for one in hammers]
        assert time.monotonic() < end, "the server acknowledges nothing"
        time.sleep(0.005)


def signed_in(port: int, name: str) -> Person:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return Person(
                f"http://127.0.0.1:{port}",
                lambda client: client.post("/sign-in", data={"name": name, "password": PASSWORD}),
            )
        except httpx.TransportError:
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def kill(process: BaseProcess) -> None:
    process.kill()
    process.join()
    process.close()


def test_twenty_kills_lose_nothing_that_was_acknowledged(given: Study) -> None:
    given.add_account("ada", role="scorer", password=PASSWORD)
    port = free_port()
    process = started(given, port)
    hammers = [Hammer(signed_in(port, name), given.clips(scorer=name, assay=ASSAY)[0].id) for name in ("ada", "bo")]
    with hammering(hammers):
        for _ in range(KILLS):
            wait_for(hammers, more=1)
            time.sleep(random.uniform(0, LONGEST_LIFE_S))
            kill(process)
            process = started(given, port)
        wait_for(hammers, more=1)
    kill(process)
    study = open_study(Path(given.folder.root))
    study.verify()
    for one in hammers:
        assert one.refused == []
        kept = study.key_presses(one.clip)
        assert len(one.acknowledged) > KILLS
        saved = [as_sent(asdict(press)) for press in kept[: len(one.acknowledged)]]
        assert saved == [as_sent(press) for press in one.acknowledged]
        assert len(kept) - len(one.acknowledged) <= 1
    presses = sum(len(study.key_presses(one.clip)) for one in hammers)
    assert len(study.database.entries("press key")) == presses


def as_sent(press: dict[str, object]) -> dict[str, object]:
    """A press with the number of its frame for its time."""
    kept = {name: press[name] for name in ("number", "action", "undoes", "behaviour", "speed", "latch")}
    return kept | {"frame": round(float(str(press["t_s"])) * FPS, 3)}
