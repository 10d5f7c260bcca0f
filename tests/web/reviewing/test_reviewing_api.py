"""Reviewing over HTTP: what was measured is told under opaque ids, and what is corrected is saved under one's name."""

import pytest
from tests.web.conftest import Person

from littermate.model.trial import Trial
from littermate.study import Study


def test_a_trace_is_told_on_the_trial_clock(ada: Person, given: Study, swim: Trial) -> None:
    said = ada.get(f"/api/trials/{swim.id}/trace").json()
    assert (said["trial"], said["t0_s"], said["window_s"], said["thresholds"]) == (swim.id, 0, [2, 12], [0.05, 0.08])
    assert len(said["t_s"]) == len(said["activity"]) > 100
    assert all(one is None or one >= 0 for one in said["activity"])
    detected = given.database.bouts(swim.id)
    assert [(one["start_s"], one["stop_s"]) for one in said["detected"]] == [(b.start_s, b.stop_s) for b in detected]
    assert said["corrected"] == []


def test_a_track_is_told_with_its_floor_and_map(ada: Person, field: Trial) -> None:
    said = ada.get(f"/api/trials/{field.id}/track").json()
    assert len(said["t_s"]) == len(said["x_px"]) == len(said["y_px"]) == len(said["state"])
    assert all((x is None) == (state == 2) for x, state in zip(said["x_px"], said["state"], strict=True))
    assert len(said["outlines"]) == 11 and (said["side_cm"], said["grid"]) == (48, 6)
    assert sum(map(sum, said["time_map_s"])) == pytest.approx(12, abs=0.5)


def test_a_trace_is_no_track_and_a_stranger_is_none(ada: Person, swim: Trial, field: Trial) -> None:
    assert ada.get(f"/api/trials/{swim.id}/track").status_code == 409
    assert ada.get(f"/api/trials/{field.id}/trace").status_code == 409
    for address in (
        "/api/trials/NOBODY/trace",
        "/api/trials/NOBODY/track",
        "/review/NOBODY",
        "/api/blots/000000000000",
    ):
        assert ada.get(address).status_code == 404
    assert ada.post("/api/trials/NOBODY/review", {}).status_code == 404
    assert ada.post("/api/blots/000000000000/places", {"places": [{"lane": 1, "box_px": None}]}).status_code == 404


def test_bouts_are_corrected_through_the_same_presses(ada: Person, given: Study, swim: Trial) -> None:
    clip = ada.post(f"/api/trials/{swim.id}/review", {}).json()["clip"]
    assert ada.post(f"/api/trials/{swim.id}/review", {}).json()["clip"] == clip
    known = ada.get(f"/api/clips/{clip}").json()
    number = known["presses"]
    for *_, undone in known["states"]:
        number += 1
        ada.press(clip, number, 2.0, action="undo", undoes=undone).raise_for_status()
    ada.press(clip, number + 1, 9.0, "immobile").raise_for_status()
    assert ada.press(clip, number + 2, 9.0, action="done").json()["done"]
    (corrected,) = ada.get(f"/api/trials/{swim.id}/trace").json()["corrected"]
    assert (corrected["by"], corrected["counts"], len(corrected["bouts"])) == ("ada", True, 1)
    row = next(one for one in given.reviewed_trials() if one.trial == swim.id)
    assert row.corrected_by == "ada" and row.value == pytest.approx(3, abs=0.07)
    assert "Corrected by ada" in ada.get(f"/review/{swim.id}").text
    assert ada.post(f"/api/trials/{swim.id}/automatic", {}).json() == {"outcomes": 1}
    assert ada.post(f"/api/trials/{swim.id}/automatic", {}).status_code == 409


def test_a_field_is_not_corrected_by_keys(ada: Person, field: Trial) -> None:
    refused = ada.post(f"/api/trials/{field.id}/review", {})
    assert refused.status_code == 409
    assert "Correct the bouts" not in ada.get(f"/review/{field.id}").text


def test_boxes_are_placed_together_and_taken_back(ada: Person, given: Study, band: str) -> None:
    before = ada.get(f"/api/blots/{band}").json()
    left, top, width, height = before["lanes"][1]["automatic_px"]
    box = [left, top + 6, width, height - 6]
    after = ada.post(f"/api/blots/{band}/places", {"places": [{"lane": 2, "box_px": box}]}).json()
    assert (after["lanes"][1]["placed_px"], after["lanes"][1]["placed_by"]) == (box, "ada")
    rows = after["ratios"][0]["lanes"]
    assert [row["lane"] for row in rows if row["before"] != row["after"]] == [2]
    assert [row["before"] for row in rows] == [row["before"] for row in before["ratios"][0]["lanes"]]
    assert ada.post(f"/api/blots/{band}/places", {"places": [{"lane": 2, "box_px": None}]}).json() == before
    assert [entry.what for entry in given.database.entries()[-2:]] == ["place bands", "place bands"]


@pytest.mark.parametrize(
    ("places", "status"),
    [
        ([], 422),
        ([{"lane": 2, "box_px": [0, 0, 9999, 5]}], 422),
        ([{"lane": 2, "box_px": [1, 2, 3]}], 422),
        ([{"lane": 2, "box_px": [1, 2, 3, 0]}], 422),
        ([{"lane": 2, "box_px": None}, {"lane": 2, "box_px": None}], 422),
        ([{"lane": 99, "box_px": None}], 400),
        ([{"lane": 2, "box_px": None, "path": "x"}], 422),
    ],
)
def test_what_cannot_be_meant_is_refused(
    ada: Person, given: Study, band: str, places: list[dict[str, object]], status: int
) -> None:
    entries = len(given.database.entries())
    refused = ada.post(f"/api/blots/{band}/places", {"places": places})
    assert refused.status_code == status
    assert set(refused.json()["error"]) >= {"expected", "found", "do"}
    assert len(given.database.entries()) == entries


def test_the_picture_is_pixels_and_nothing_else(ada: Person, band: str) -> None:
    picture = ada.get(f"/api/blots/{band}/picture.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG") and b"tEXt" not in picture.content and b"tIME" not in picture.content


def test_no_file_is_named_anywhere(
    ada: Person, given: Study, swim: Trial, field: Trial, band: str, raw_names: set[str]
) -> None:
    pages = ("/review", f"/review/{swim.id}", f"/review/{field.id}", f"/review/blots/{band}")
    answers = (f"/api/trials/{swim.id}/trace", f"/api/trials/{field.id}/track", f"/api/blots/{band}")
    hashes = {trial.sha256[:12] for trial in given.trials} | {one.sha256[:12] for one in given.database.blot_images()}
    for address in (*pages, *answers):
        text = ada.get(address).text
        assert [name for name in (*raw_names, *hashes) if name in text] == []


def test_a_scorer_sees_none_of_it(ada: Person, bo: Person, swim: Trial, field: Trial, band: str) -> None:
    for address in (
        "/review",
        f"/review/{swim.id}",
        f"/review/blots/{band}",
        f"/api/trials/{swim.id}/trace",
        f"/api/trials/{field.id}/track",
        f"/api/blots/{band}",
        f"/api/blots/{band}/picture.png",
    ):
        assert bo.get(address).status_code == 403
    for address in (f"/api/trials/{swim.id}/review", f"/api/trials/{swim.id}/automatic"):
        assert bo.post(address, {}).status_code == 403
    assert bo.post(f"/api/blots/{band}/places", {"places": [{"lane": 2, "box_px": None}]}).status_code == 403


def test_a_locked_study_is_looked_at_only(ada: Person, given: Study, swim: Trial, band: str) -> None:
    given.lock()
    assert "Nothing can be corrected now" in ada.get("/review").text
    assert 'data-do="correct"' not in ada.get(f"/review/{swim.id}").text
    assert ada.get(f"/api/blots/{band}").status_code == 200
    assert ada.post(f"/api/trials/{swim.id}/review", {}).status_code == 409
    assert ada.post(f"/api/blots/{band}/places", {"places": [{"lane": 2, "box_px": None}]}).status_code == 409
