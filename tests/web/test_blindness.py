"""No way to a group, a file, a cage card or a date: every answer of the app to everyone is looked into."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import av
import httpx
import numpy as np
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from scipy.stats import spearmanr
from sqlalchemy import event
from tests.web.asgi import Served, running, served
from tests.web.marked import (
    FIELD,
    FILE_BYTES,
    SWIM,
    copy_of,
    pairs_of_showings,
    secrets_from,
    settings_of,
    with_other_groups,
)
from tests.web.walker import Walk, inputs_of, routes_of

from littermate.planning.queue import QueuePlan, make_clips
from littermate.study import Study
from littermate.web.app import create_app
from littermate.web.session import AsScorer

WHO = ["bo", "cy", "vi", "", "ada"]
FOLLOWED = ("/api/clips/{clip_id}/preparation",)
"""What is asked of the clip after a clip, too: the last one has none."""
Answers = list[tuple[str, httpx.Response]]
_MASKED = re.compile(r"(?i)(littermate-token\" content=\"|set-cookie: )[^\"\n]*")


def values_of(study: Study, who: str) -> list[str]:
    """Ids to ask with: one's own, others', of every kind, and junk; what is a secret here is one that was sent."""
    mine = [clip.id for clip in study.clips(scorer=who)][:3]
    others = [clip.id for clip in study.clips() if clip.scorer != who][:1]
    trials = [next(one.id for one in study.trials if one.assay == assay) for assay in (SWIM, FIELD)]
    tag, image = study.tags[0], study.database.blot_images()[0]
    return [
        *mine,
        *others,
        SWIM,
        *trials,
        "BDNF",
        image.sha256,
        tag.code,
        tag.animal,
        study.trials[0].sha256,
        "..",
        "1",
    ]


def hints_of(study: Study) -> dict[str, str]:
    """Values that are right for parameters of these names."""
    image, behaviour = study.blot_names()[0].id, study.behaviours(SWIM)[0].name
    words = {"assay": SWIM, "first": "ada", "second": "cy", "scorer": "ada", "behaviour": behaviour, "image": image}
    return words | {"trial_id": next(one.id for one in study.trials if one.assay == SWIM)}


def walk_of(one: Served, study: Study, who: str) -> Walk:
    caller = one.caller().be(who) if who else one.caller()
    pool, hints = values_of(study, who), hints_of(study)
    return Walk(app=one.app, caller=caller, secrets=secrets_from(study, who), pool=pool, hints=hints)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What everyone was told of one study: the walk of each, and which of its answers are to reading."""

    study: Study
    walks: dict[str, Walk]
    read: dict[str, Answers]


@pytest.fixture(scope="module")
def told(marked_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Everyone reads everything, and then writes everything."""
    study = copy_of(marked_template, tmp_path_factory.mktemp("told") / "pavlova-quokkasalt")
    with served(settings_of(study)) as one, counted_queries(one.app) as queries:
        walks = {who: replace(walk_of(one, study, who), queries=queries) for who in WHO}
        make_ready(one, study)
        for walk in walks.values():
            walk.read()
        read = {who: walk.answers.copy() for who, walk in walks.items()}
        for walk in walks.values():
            walk.write()
    return Told(study=study, walks=walks, read=read)


def make_ready(one: Served, study: Study) -> None:
    """Let the app make what is made on first demand, so that no answer depends on how far that is."""
    ada = one.caller().be("ada")
    for trial, part in itertools.product(study.trials, ("scene", "preparation", "outlines")):
        ada.get(f"/api/trials/{trial.id}/{part}")
    ada.get(f"/calibration?assay={SWIM}&scorer=ada")
    one.app.state.jobs._pool.submit(int).result(timeout=120)


@pytest.mark.parametrize("who", WHO)
def test_no_answer_tells_a_secret(told: Told, who: str) -> None:
    assert told.walks[who].leaks == []


@pytest.mark.parametrize("who", WHO)
def test_no_answer_is_a_fault_of_the_program(told: Told, who: str) -> None:
    answers = told.walks[who].answers
    assert [asked for asked, answer in answers if answer.status_code >= 500 and answer.status_code != 503] == []


def test_the_walk_comes_everywhere_but_not_past_the_key(told: Told) -> None:
    fine = {
        asked.split()[1].partition("?")[0] for asked, answer in told.read["ada"] if answer.status_code in (200, 303)
    }
    clip = told.study.clips(scorer="ada")[0].id
    assert {"/study", "/score", "/people", f"/score/{clip}", f"/api/clips/{clip}/media"} <= fine
    assert told.study.stage == "locked", "Ada could lock, but not unblind without the passphrase"


@pytest.fixture(scope="module")
def elsewhere(told: Told, marked_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Walk]:
    """Everyone asks again whatever had an answer, of the same study with the animals' groups exchanged."""
    study = copy_of(marked_template, tmp_path_factory.mktemp("elsewhere") / "pavlova-quokkasalt")
    with_other_groups(study)
    with served(settings_of(study)) as one, counted_queries(one.app) as queries:
        walks = {who: replace(walk_of(one, study, who), queries=queries) for who in WHO}
        make_ready(one, study)
        for who, walk in walks.items():
            for asked in dict.fromkeys(asked for asked, answer in told.read[who] if answer.status_code in (200, 303)):
                if re.fullmatch(r"GET \S+", asked):
                    walk.ask("GET", asked.removeprefix("GET "))
    return walks


@pytest.mark.parametrize("who", WHO)
def test_other_groups_give_the_same_answers(told: Told, elsewhere: dict[str, Walk], who: str) -> None:
    """With the animals' groups exchanged, all that anyone can read is the same, byte for byte and query for query."""
    first = {asked: plain(answer) for asked, answer in reversed(told.read[who])}
    second = {asked: plain(answer) for asked, answer in elsewhere[who].answers}
    assert len(second) > 5
    assert [asked for asked, answer in second.items() if answer != first[asked]] == []
    costs = told.walks[who].costs
    assert {asked: cost for asked, cost in elsewhere[who].costs.items() if cost != costs[asked]} == {}


def plain(answer: httpx.Response) -> tuple[int, str, bytes]:
    """Return an answer without what is drawn anew for every session."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items())
    body = answer.content
    if answer.headers.get("content-type", "").startswith("text/html"):
        body = _MASKED.sub(r"\1", answer.text).encode()
    boundary = answer.headers.get("content-type", "").partition("boundary=")[2]
    if boundary:
        headers, body = headers.replace(boundary, ""), body.replace(boundary.encode(), b"")
    return answer.status_code, _MASKED.sub(r"\1", headers), body


@contextmanager
def counted_queries(app: FastAPI) -> Iterator[list[str]]:
    """Collect what the database is asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = app.state.study.database._engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


# Hidden repeats and order -----------------------------------------------------------------------------------------


def test_a_repeat_looks_like_a_first_showing(marked: Study) -> None:
    """Whatever can be asked of a clip is answered alike, but for its code and its number in the queue."""
    with served(settings_of(marked)) as one, counted_queries(one.app) as queries:
        bo, pairs = one.caller().be("bo"), list(pairs_of_showings(marked, "bo"))
        paths = [route.path for route in routes_of(one.app) if inputs_of(route).path == ("clip_id",)]
        assert pairs
        assert "/api/clips/{clip_id}/media" in paths
        for pair, path in itertools.product(pairs, paths):
            shown = []
            for clip in pair:
                queries.clear()
                answer = named_alike(bo.get(path.format(clip_id=clip.id)), clip.id)
                shown.append((answer, [] if path in FOLLOWED else queries.copy()))
            assert shown[0] == shown[1]
            assert b"repeat" not in shown[1][0][2].lower()


def named_alike(answer: httpx.Response, clip: str) -> tuple[int, str, bytes]:
    status, headers, body = plain(answer)
    return status, headers, body.replace(clip.encode(), b"CLIP")


def test_the_order_of_clips_follows_nothing(marked: Study) -> None:
    """Over many queues, a trial's place among the animals, in intake or in the folder does not say when it is shown."""
    trials = [trial for trial in marked.trials if trial.assay == SWIM]
    animals = [tag.code for tag in marked.tags]
    orders = {
        "animals.csv": [animals.index(trial.code) for trial in trials],
        "intake": list(range(len(trials))),
        "file names": list(np.argsort(np.argsort([trial.recording for trial in trials]))),
        "ids": list(np.argsort(np.argsort([trial.id for trial in trials]))),
    }
    met: dict[str, list[float]] = {name: [] for name in orders}
    for seed in range(150):
        clips = make_clips(
            [one.id for one in trials], QueuePlan(practice=0, repeats=0), scorer="x", assay=SWIM, seed=seed
        )
        places = [next(clip.position for clip in clips if clip.trial == trial.id) for trial in trials]
        for name, order in orders.items():
            met[name].append(spearmanr(order, places).statistic)
    assert {name: abs(float(np.mean(found))) < 0.25 for name, found in met.items()} == dict.fromkeys(orders, True)


@pytest.mark.parametrize("who", ["bo", "cy", "vi", ""])
def test_no_list_shows_more_of_a_queue_than_its_next_clip(told: Told, who: str) -> None:
    """Nothing that a scorer or a viewer reads lists clips, so their order can say nothing."""
    known = {clip.id for clip in told.study.clips()}
    for asked, text in texts_in(told.read[who]):
        assert len(known.intersection(re.findall(r"\w+", text))) <= 1, asked


@pytest.mark.parametrize("who", ["bo", "cy", "vi", ""])
def test_no_list_of_trials_is_in_the_order_in_which_they_came(told: Told, who: str) -> None:
    """Files may be sorted by group, so lists are by what was measured, and by opaque ids where that is the same."""
    trials = [trial.id for trial in told.study.trials if trial.assay == SWIM]
    lists = {}
    for asked, text in texts_in(told.read[who]):
        shown = list(dict.fromkeys(one for one in re.findall(r"\w+", text) if one in trials))
        if len(shown) > 3:
            lists[asked] = shown
    assert bool(lists) == (who in ("cy", "vi")), "agreement lists trials, and nothing else does"
    assert [asked for asked, shown in lists.items() if shown in (trials, trials[::-1]) and shown != sorted(shown)] == []
    alike = next((shown for asked, shown in lists.items() if "first=ada&second=cy" in asked), sorted(trials))
    assert alike == sorted(trials), "Ada and Cy scored every trial alike"


def texts_in(answers: Answers) -> Iterator[tuple[str, str]]:
    for asked, answer in answers:
        if answer.headers.get("content-type", "").startswith(("text/html", "application/json")):
            yield asked, answer.text


# Films and pictures -----------------------------------------------------------------------------------------------


def test_a_film_says_nothing_of_its_source(marked: Study, tmp_path: Path) -> None:
    clip = marked.clips(scorer="bo")[0]
    with av.open(str(marked.folder.root / marked.trial_of(clip).recording)) as source:
        assert {"title", "comment", "creation_time"} <= set(source.metadata), "the recording itself has marks"
    with served(settings_of(marked)) as one:
        answer = one.caller().be("bo").get(f"/api/clips/{clip.id}/media")
    (tmp_path / "sent.mp4").write_bytes(answer.content)
    with av.open(str(tmp_path / "sent.mp4")) as sent:
        assert not set(sent.metadata) - {"major_brand", "minor_version", "compatible_brands"}
        assert [stream.type for stream in sent.streams] == ["video"]
        assert not set(sent.streams[0].metadata) - {"handler_name", "vendor_id", "language"}
    assert b"x264" not in answer.content, "the encoder's remarks"


# The walker itself ------------------------------------------------------------------------------------------------


def toy_routes(study: Study) -> dict[str, object]:
    """Routes that leak, each in another way."""
    film = study.folder.root / study.trials[0].recording
    picture = b"\x89PNG\r\n\x1a\n" + b"....tEXtSoftware"
    return {
        "in a page": Response("<p>&#90;irconium</p>", media_type="text/html"),
        "in JSON": JSONResponse({"where": "recordings/a.mp4"}),
        "in a header": Response(headers={"X-From": "DOVECOT-3"}),
        "in an address": RedirectResponse("/score?of=dovecot%2d3"),
        "in two bytes a letter": Response("quokkasalt".encode("utf-16-le")),
        "a film as it is": FileResponse(film, media_type="video/mp4"),
        "a film's date": Response(b"mvhd" + FILE_BYTES[0], media_type="video/mp4"),
        "a picture's text": Response(picture, media_type="image/png"),
        "a trial's id": JSONResponse({"id": study.trials[0].id}),
        "somebody else's clip": JSONResponse({"id": study.clips(scorer="cy")[0].id}),
        "a hash": Response(study.trials[0].sha256),
        "a file's time": Response(headers={"Last-Modified": "Thu, 07 Mar 2019 13:50:05 GMT"}, media_type="text/plain"),
    }


def test_the_walker_finds_every_kind_of_leak(marked: Study) -> None:
    leaks = toy_routes(marked)
    app = FastAPI()
    for number, answer in enumerate(leaks.values()):
        app.get(f"/{number}")(lambda answer=answer: answer)
    with running(app) as one:
        walk = Walk(app=app, caller=one.caller(), secrets=secrets_from(marked, "bo"), pool=["1"])
        for number in range(len(leaks)):
            walk.ask("GET", f"/{number}")
    found = {name for number, name in enumerate(leaks) if any(leak.asked == f"GET /{number}" for leak in walk.leaks)}
    assert found == set(leaks)


def test_the_walker_finds_a_leak_behind_a_form_and_an_id(marked: Study) -> None:
    """A leak in the app itself: behind sign-in, a real id, and a body; and one in an error."""
    app = create_app(settings_of(marked))

    @app.get("/toy/{clip_id}")
    def toy(visit: AsScorer, clip_id: str) -> dict[str, str]:
        return {"code": visit.study.trial_of(visit.study.own_clip(clip_id)).code}

    @app.post("/toy/{clip_id}/written")
    def written(request: Request, visit: AsScorer, clip_id: str, sent: dict[str, str]) -> dict[str, str]:
        return {"from": visit.study.trial_of(visit.study.own_clip(clip_id)).recording}

    with running(app) as one:
        walk = walk_of(one, marked, "bo")
        walk.read()
        assert {leak.asked.split("/")[1] for leak in walk.leaks} == {"toy"}
        walk.leaks.clear()
        walk.ask("POST", f"/toy/{marked.clips(scorer='bo')[0].id}/written", json={})
    assert walk.leaks
