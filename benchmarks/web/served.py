"""Served: a study with one 6-minute recording, its server in a process of its own, and scorers who reach it by HTTP.

The study is the founding protocol with one forced swim recording of 640 x 480 at 30 frames a second; every scorer is
given a clip of that trial. The server is `littermate serve` on loopback, as a user starts it, with all that it does at
every request; the database is SQLite on this disk, and a press is acknowledged after its fsync.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path[:0] = [str(Path(__file__).parents[1] / "video")]

import clips  # noqa: E402

ASSAY = "forced swim"
HERE = "custodian"
PASSWORD = "measured, not guarded"
WINDOW_S = (120.0, 360.0)
CLIP_S = 60.0
_WAIT_S = 60.0


def recording(cache: Path) -> Path:
    """Return the recording: 6 minutes, 640 x 480, H.264."""
    return clips.repeated(clips.swim_clip(cache, width=640, height=480, duration_s=CLIP_S), times=6, duration_s=CLIP_S)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A study that was made once; each measurement has a copy of its own, in which nothing is prepared."""

    folder: Path
    names: tuple[str, ...]

    @property
    def clip(self) -> str:
        """The clip of the custodian, who enters by the link."""
        from littermate.study import open_study

        return open_study(self.folder / "study").clips(scorer=HERE)[0].id

    @contextmanager
    def served(self) -> Iterator[Server]:
        with tempfile.TemporaryDirectory(dir=self.folder.parent) as copy, _own_config(self.folder / "config"):
            shutil.copytree(self.folder / "study", Path(copy) / "study")
            with serving(Path(copy) / "study") as server:
                yield server


def study_for(cache: Path, *, scorers: int) -> Made:
    """Return a study in which every scorer, and the custodian at this computer, has a clip of the recording."""
    made = Made(folder=cache / f"study-{scorers}", names=tuple(f"scorer {number + 1}" for number in range(scorers)))
    if not made.folder.exists():
        with tempfile.TemporaryDirectory(dir=cache) as part, _own_config(Path(part) / "config"):
            _make_study(Path(part) / "study", recording(cache), made.names)
            shutil.copytree(part, made.folder)
    return made


def _make_study(folder: Path, video: Path, names: Sequence[str]) -> None:
    from littermate.study import QueuePlan, create_study, open_study

    create_study(folder)
    study = open_study(folder, who=HERE, passphrase=PASSWORD)
    study.allocate(seed=1)
    place = folder / "recordings" / "forced-swim" / f"{study.tags[0].code}.mp4"
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(video, place)
    study.add_recordings(place, assay=ASSAY)
    for name in names:
        study.add_account(name, role="scorer", password=PASSWORD)
    for name in (HERE, *names):
        study.give_clips(name, assay=ASSAY, plan=QueuePlan(practice=0, repeats=0))


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that runs: its port, and the link by which the person at this computer enters."""

    port: int
    link: str


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Serve a study in a process of its own."""
    port = _free_port()
    code = (
        "import sys; from littermate.web.serving import *; s = prepare_serving(sys.argv[1],"
        f" Listening(port=int(sys.argv[2])), who={HERE!r}); run_server(s, on_ready=lambda: print(s.link, flush=True))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(folder), str(port)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    link = process.stdout.readline().strip()
    _wait_for(port)
    try:
        yield Server(port=port, link=link)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + _WAIT_S
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server does not answer")


class Scorer:
    """A person at the server, over one connection that stays open, as a browser keeps it."""

    def __init__(self, port: int, name: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers: dict[str, str] = {}
        self._sign_in(name)
        self.clip = self._first_clip()
        self._number = 0

    def press(self) -> float:
        """Press a key; returns the seconds until it was acknowledged."""
        self._number += 1
        said = {
            "number": self._number,
            "action": "state",
            "t_s": WINDOW_S[0] + self._number * 0.2,
            "behaviour": ("immobile", "swimming")[self._number % 2],
        }
        body = json.dumps(said).encode()
        begun = time.perf_counter()
        status, answer = self._ask("POST", f"/api/clips/{self.clip}/presses", body, "application/json")
        took = time.perf_counter() - begun
        if status != 200:
            raise SystemExit(f"status {status}: {answer.decode()}")
        return took

    def _sign_in(self, name: str) -> None:
        form = urlencode({"name": name, "password": PASSWORD}).encode()
        self._connection.request("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = self._connection.getresponse()
        answer.read()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        self._headers = {"Cookie": cookie}
        _, page = self._ask("GET", "/score")
        self._headers["X-Littermate-Token"] = re.findall(rb'littermate-token" content="([^"]+)"', page)[0].decode()

    def _first_clip(self) -> str:
        _, page = self._ask("GET", "/score")
        return re.findall(rb'href="/score/([^"]+)"', page)[0].decode()

    def _ask(self, method: str, address: str, body: bytes | None = None, kind: str = "") -> tuple[int, bytes]:
        headers: dict[str, Any] = self._headers | ({"Content-Type": kind} if kind else {})
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()


@contextmanager
def _own_config(folder: Path) -> Iterator[None]:
    """Keep passphrases and session secrets of the measurement away from the user's own."""
    before = os.environ.get("LITTERMATE_CONFIG")
    os.environ["LITTERMATE_CONFIG"] = str(folder)
    try:
        yield
    finally:
        del os.environ["LITTERMATE_CONFIG"]
        if before is not None:
            os.environ["LITTERMATE_CONFIG"] = before
