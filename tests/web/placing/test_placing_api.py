"""Placing over HTTP: what is proposed, drawn, saved and refused; no answer says where a file is or which it is."""

import json
import time

import numpy as np
import pytest
from tests.web.conftest import Live, Person

from littermate.model.arena import Arena
from littermate.model.trial import Trial

CORNERS = ((70.5, 26.0), (254.0, 30.5), (258.0, 223.5), (56.5, 218.0))
CROSSED = ((254.0, 30.5), (70.5, 26.0), (258.0, 223.5), (56.5, 218.0))


def at(points: object) -> str:
    return "&".join(f"at={one}" for one in np.ravel(np.array(points)))


def outlines(person: Person, trial: Trial, points: object) -> dict:
    return person.get(f"/api/trials/{trial.id}/outlines?{at(points)}").json()


def edit_scene(live: Live, trial: Trial, **said: object) -> None:
    (path,) = (live.study.folder.root / "cache").glob(f"{trial.sha256}.scene*.json")
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | said), encoding="utf-8")


def test_a_scene_is_read_when_it_is_asked_for(ada: Person, live: Live, swim: Trial) -> None:
    address = f"/api/trials/{swim.id}/scene"
    assert ada.get(f"{address}.png").status_code == 409
    first = ada.get(address).json()
    assert first["state"] in ("waiting", "running")
    assert (first["width"], first["height"]) == (320, 240)
    assert first["placement"] == {
        "t0_s": 0.0,
        "t0_set": False,
        "arena_px": None,
        "corners_px": None,
        "scored": "not scored",
    }
    while (scene := ada.get(address).json())["state"] != "ready":
        assert scene["state"] != "failed"
        time.sleep(0.05)
    assert len(scene["proposed_boxes_px"]) == 1
    assert scene["t0_reason"] and scene["reason"]
    picture = ada.get(f"{address}.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content == live.study.scene_of(swim).picture.read_bytes()


@pytest.mark.parametrize("end", ["scene", "preparation"])
def test_a_recording_that_cannot_be_read_is_said_to_be(ada: Person, live: Live, swim: Trial, end: str) -> None:
    (live.study.folder.root / swim.recording).write_bytes(b"no video")
    states = [ada.get(f"/api/trials/{swim.id}/{end}").json()["state"]]
    while states[-1] in ("waiting", "running"):
        time.sleep(0.05)
        states.append(ada.get(f"/api/trials/{swim.id}/{end}").json()["state"])
    assert states[-1] == "failed"
    assert ada.get(f"/api/trials/{swim.id}/{end}").json()["state"] in ("waiting", "running")


def test_the_lines_are_those_of_the_analysis(ada: Person, live: Live, field: Trial) -> None:
    wall, *grid = outlines(ada, field, CORNERS)["outlines"]
    assert [tuple(point) for point in wall["points_px"]] == list(CORNERS)
    arena = Arena(corners_px=CORNERS, width_cm=48, height_cm=48)
    for k, line in enumerate(grid[:5], 1):
        ends = arena.to_px(np.array([[8.0 * k, 0.0], [8.0 * k, 48.0]]))
        np.testing.assert_allclose(line["points_px"], ends, atol=0.01)
    assert len(grid) == 10


def test_what_cannot_be_analysed_is_said_while_it_is_drawn(ada: Person, field: Trial, swim: Trial) -> None:
    assert "upper left, upper right" in outlines(ada, field, CROSSED)["refused"]
    assert "four corners" in outlines(ada, field, (10, 10, 50, 50))["refused"]
    assert "a box" in outlines(ada, swim, CORNERS)["refused"]
    assert outlines(ada, swim, (10, 20, 50, 60))["outlines"][0]["points_px"][0] == [9.5, 19.5]
    assert ada.get(f"/api/trials/{field.id}/outlines?{at([1, 2, 3, 4, 5])}").status_code == 422
    assert ada.get(f"/api/trials/{field.id}/outlines?{at(['nan'] * 8)}").status_code == 422


def test_a_placement_is_saved_under_the_persons_name(ada: Person, live: Live, field: Trial) -> None:
    address = f"/api/trials/{field.id}/placement"
    assert ada.post(address, {"t0_s": 0.4}).json()["t0_set"] is True
    placed = ada.post(address, {"corners_px": CORNERS}).json()
    assert placed["corners_px"] == [list(point) for point in CORNERS]
    assert placed["t0_s"] == 0.4
    assert live.study.trial(field.id).corners_px == CORNERS
    entries = live.study.database.entries("place")
    assert [(entry.who, '"set":["start"]' in entry.arguments) for entry in entries] == [("ada", True), ("ada", False)]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 400),
        ({"t0_s": -1}, 422),
        ({"t0_s": 500}, 422),
        ({"corners_px": CROSSED}, 422),
        ({"corners_px": CORNERS[:3]}, 422),
        ({"arena_px": [0, 0, 50, 50]}, 422),
        ({"corners_px": [[-20, 0], [100, 0], [100, 100], [0, 100]]}, 422),
        ({"code": "A"}, 422),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    ada: Person, live: Live, field: Trial, said: dict[str, object], status: int
) -> None:
    answer = ada.post(f"/api/trials/{field.id}/placement", said)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"expected", "found", "do"}
    assert live.study.trial(field.id) == field


def test_an_arena_is_copied(ada: Person, live: Live, field: Trial, other_field: Trial) -> None:
    ada.post(f"/api/trials/{field.id}/placement", {"corners_px": CORNERS})
    similar = ada.get(f"/api/trials/{field.id}/similar").json()
    assert (similar["waiting"], similar["failed"], similar["of"]) == (0, 0, 1)
    (one,) = similar["trials"]
    assert (one["trial"], one["right_px"], one["warnings"]) == (other_field.id, 0, [])
    copied = ada.post(f"/api/trials/{field.id}/copies", {"to": [other_field.id]})
    assert copied.json() == {"placed": [other_field.id]}
    assert live.study.trial(other_field.id).corners_px == CORNERS
    assert live.study.trial(other_field.id).t0_s == other_field.t0_s
    assert ada.post(f"/api/trials/{field.id}/copies", {"to": ["none"]}).status_code == 400


def test_a_camera_that_moved_is_warned_of(ada: Person, live: Live, field: Trial, other_field: Trial) -> None:
    move = {"start_s": 3.0, "stop_s": 5.5, "shift_px": [4.0, -3.0]}
    edit_scene(live, other_field, camera_moves=[move])
    scene = ada.get(f"/api/trials/{other_field.id}/scene").json()
    assert scene["camera_moves"] == [{"start_s": 3.0, "stop_s": 5.5, "right_px": 4.0, "down_px": -3.0}]
    (one,) = ada.get(f"/api/trials/{field.id}/similar").json()["trials"]
    assert one["warnings"] == ["the camera moved during this recording"]


def test_what_is_drawn_over_a_result_is_what_it_was_made_with(ada: Person, live: Live, field: Trial) -> None:
    address = f"/api/trials/{field.id}"
    assert ada.get(f"{address}/analysed").json()["scored"] is False
    ada.post(f"{address}/placement", {"corners_px": CORNERS, "t0_s": 0.5})
    drawn = outlines(ada, field, CORNERS)["outlines"]
    live.study.score("open field", workers=1)
    made = ada.get(f"{address}/analysed").json()
    assert (made["scored"], made["kept"], made["newer"], made["t0_s"]) == (True, True, False, 0.5)
    assert made["outlines"] == drawn
    points = sum(len(path) - 1 for path in made["paths_px"] + made["bridged_px"])
    assert points > 100
    moved = ada.post(f"{address}/placement", {"corners_px": ((71.5, 26.0), *CORNERS[1:])}).json()
    assert moved["scored"] == "stale"
    made = ada.get(f"{address}/analysed").json()
    assert (made["newer"], made["outlines"]) == (True, drawn)


def test_the_pages_are_the_custodians(ada: Person, bo: Person, field: Trial) -> None:
    assert ada.get("/place").status_code == 200
    assert ada.get(f"/place/{field.id}").status_code == 200
    assert bo.get("/place").status_code == 403
    for end in ("scene", "scene.png", "media", "frames", "preparation", "analysed", "similar"):
        assert bo.get(f"/api/trials/{field.id}/{end}").status_code == 403
        assert ada.get(f"/api/trials/none/{end}").status_code == 404
    assert bo.post(f"/api/trials/{field.id}/placement", {"t0_s": 1.0}).status_code == 403
    assert ada.get("/place/none").status_code == 404


def test_no_answer_says_where_a_file_is_or_which_it_is(ada: Person, live: Live, field: Trial, swim: Trial) -> None:
    study = live.study
    ada.post(f"/api/trials/{field.id}/placement", {"corners_px": CORNERS})
    study.score("open field", workers=1)
    ends = ("scene", "preparation", "analysed", "similar", f"outlines?{at(CORNERS)}", f"outlines?{at(CROSSED)}")
    pages = [ada.get(f"/api/trials/{field.id}/{end}") for end in ends]
    pages += [ada.get(one) for one in ("/place", f"/place/{field.id}", f"/place/{swim.id}")]
    pages += [ada.post(f"/api/trials/{field.id}/placement", {"t0_s": 500})]
    pages += [ada.get(f"/api/trials/{field.id}/{end}") for end in ("scene.png", "media", "frames")]
    hidden = [str(study.folder.root), "recordings/", ".mp4", ".parquet"]
    hidden += [one.sha256 for one in study.trials] + [tag.animal for tag in study.tags]
    for answer in pages:
        told = (
            answer.text if "text" in answer.headers["content-type"] or "json" in answer.headers["content-type"] else ""
        )
        told += json.dumps(dict(answer.headers))
        assert not [one for one in hidden if one in told], answer.url


def test_nothing_is_placed_after_the_lock(ada: Person, live: Live, field: Trial) -> None:
    live.study.score("open field", workers=1)
    live.study.lock()
    assert ada.post(f"/api/trials/{field.id}/placement", {"t0_s": 0.5}).status_code == 409
    assert "cannot be placed now" in ada.get("/place").text
    assert "data-open" not in ada.get(f"/place/{field.id}").text
